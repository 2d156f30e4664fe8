//! How to store a new token and how to use it.

use leptos::prelude::*;

use crate::ui::{
    components::{
        code_block::{Code, CodeBlock},
        snippets::{Sample, Snippets},
    },
    preferences::Language,
    samples,
};

const LEGEND: &str = "Use it in";
const NAME: &str = "use-in";
/// The tab of the `.env` file, which contains the token. The other samples read it from the environment.
const ENV: &str = "env";

fn samples(base_url: &str, secret: &str) -> Vec<Sample> {
    let env = Sample {
        value: ENV,
        title: ".env",
        label: ".env",
        code: samples::env_line(secret),
    };
    let languages = [
        Language::Curl,
        Language::JavaScript,
        Language::Php,
        Language::Python,
    ];
    let languages = languages.map(|language| samples::sample(language, base_url));
    [env].into_iter().chain(languages).collect()
}

/// In the dialog, where `boot.js` chooses the language that was chosen last.
#[component]
pub fn DialogSnippets(
    /// The portal's URL.
    base_url: String,
    /// The token in full.
    secret: String,
    /// Called once the line with the token is in the clipboard.
    on_copied: Callback<()>,
) -> impl IntoView {
    let block = move |sample: Sample| {
        let on_copied = (sample.value == ENV).then_some(on_copied);
        view! {
            <Code label=sample.label on_copied>
                <code translate="no">{sample.code}</code>
            </Code>
        }
    };
    let samples = samples(&base_url, &secret);
    view! { <Snippets legend=LEGEND name=NAME samples chosen=ENV block /> }
}

/// On the page that shows a token without WebAssembly.
#[component]
pub fn PageSnippets(
    /// The portal's URL.
    base_url: String,
    /// The token in full.
    secret: String,
    /// The language that was chosen last, if any.
    chosen: Option<Language>,
) -> impl IntoView {
    let block = |sample: Sample| {
        view! {
            <CodeBlock label=sample.label>
                <code translate="no">{sample.code}</code>
            </CodeBlock>
        }
    };
    let samples = samples(&base_url, &secret);
    let chosen = chosen.map_or(ENV, Language::as_str);
    view! { <Snippets legend=LEGEND name=NAME samples chosen block /> }
}
