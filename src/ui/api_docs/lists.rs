//! How to read lists: every page, what has changed, and nothing that is there already.

use leptos::prelude::*;

use super::headings::{Heading, Subheading};
use crate::ui::{
    components::{
        code_block::CodeBlock,
        snippets::{Sample, Snippets},
    },
    preferences::Language,
};

/// The label and the code of a sample in a language, where `{base_url}` stands for the portal's URL. The tests run them
/// unchanged.
type Code = fn(Language) -> (&'static str, &'static str);

fn pages(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Curl => ("pages with curl", include_str!("samples/pages.sh")),
        Language::JavaScript => ("pages with JavaScript", include_str!("samples/pages.mjs")),
        Language::Php => ("pages with PHP", include_str!("samples/pages.php")),
        Language::Python => ("pages with Python", include_str!("samples/pages.py")),
    }
}

fn changes(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Curl => ("changes with curl", include_str!("samples/changes.sh")),
        Language::JavaScript => (
            "changes with JavaScript",
            include_str!("samples/changes.mjs"),
        ),
        Language::Php => ("changes with PHP", include_str!("samples/changes.php")),
        Language::Python => ("changes with Python", include_str!("samples/changes.py")),
    }
}

fn unchanged(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Curl => ("ETag with curl", include_str!("samples/unchanged.sh")),
        Language::JavaScript => (
            "ETag with JavaScript",
            include_str!("samples/unchanged.mjs"),
        ),
        Language::Php => ("ETag with PHP", include_str!("samples/unchanged.php")),
        Language::Python => ("ETag with Python", include_str!("samples/unchanged.py")),
    }
}

/// The section, with a sample of each in every language.
#[component]
pub fn Lists(base_url: String, chosen: Language) -> AnyView {
    view! {
        <Heading id="lists" />
        <p>
            "Services, domains, invoices and orders come in pages of up to 100. Amounts are whole numbers of the currency's smallest unit, by ISO 4217: 1999 is 19.99 USD, 1,999 JPY, and 1.999 KWD. Don't compute with floating-point numbers."
        </p>
        <Subheading id="pages">"Every page"</Subheading>
        <p>
            "The last page is in " <code>"meta.last_page"</code>
            ", and the URL of the next one in the header " <code>"Link"</code> "."
        </p>
        <InLanguages name="pages" code=pages base_url=base_url.clone() chosen />
        <Subheading id="sync">"Only what has changed"</Subheading>
        <p>
            "With " <code>"updated_since"</code>
            " a list is the feed of its changes, oldest first, and what was deleted is in it with "
            <code>"\"deleted\": true"</code> ". Keep the last " <code>"next_cursor"</code>
            " and not the time: the next run goes on from there and misses nothing."
        </p>
        <InLanguages name="sync" code=changes base_url=base_url.clone() chosen />
        <Subheading id="etag">"Nothing that you have already"</Subheading>
        <p>
            "Send the " <code>"ETag"</code> " of your last response as " <code>"If-None-Match"</code>
            ". If nothing has changed, the response is a 304 without a body. It counts toward the rate limit."
        </p>
        <InLanguages name="etag" code=unchanged base_url chosen />
    }
    .into_any()
}

/// A sample, of which one language is shown.
#[component]
fn InLanguages(name: &'static str, code: Code, base_url: String, chosen: Language) -> AnyView {
    let samples = Language::ALL.map(|language| {
        let (label, code) = code(language);
        Sample {
            value: language.as_str(),
            title: language.title(),
            label,
            code: code.trim_end().replace("{base_url}", &base_url),
        }
    });
    let block = |sample: Sample| {
        view! {
            <CodeBlock label=sample.label>
                <code translate="no">{sample.code}</code>
            </CodeBlock>
        }
    };
    view! {
        <Snippets
            legend="Show samples in"
            name
            samples=samples.into()
            chosen=chosen.as_str()
            block
        />
    }
    .into_any()
}
