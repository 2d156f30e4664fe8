//! The public API documentation.

mod headings;
pub mod reference;

use leptos::prelude::*;

use self::{
    headings::{Heading, SECTIONS},
    reference::Reference,
};
use super::{
    components::{
        code_block::CodeBlock,
        snippets::{Sample, Snippets},
    },
    frame::Frame,
    layout::Page,
    preferences::Language,
    samples,
};

/// From the first token to the reference. The samples hold the base URL of this installation.
#[component]
pub fn ApiDocsPage(frame: Frame) -> AnyView {
    let base_url = frame.site.base_url.clone();
    let token_limit = frame.site.token_limit;
    let api = frame.site.api.clone();
    let is_signed_in = frame.viewer.account().is_some();
    let language = frame.preferences.language;
    view! {
        <Page frame title="API docs" here="/docs/api">
            <div class="docs with-contents">
                <nav class="contents" aria-label="On this page">
                    <ul>
                        {SECTIONS
                            .map(|(id, title)| {
                                view! {
                                    <li>
                                        <a href=format!("#{id}")>{title}</a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </nav>
                <article>
                    <h1>"API docs"</h1>
                    <p class="lead">
                        "Read your own data from your own programs: a token, one header, JSON."
                    </p>
                    <Generating is_signed_in />
                    <Using base_url=base_url.clone() chosen=language />
                    <Invalid />
                    <Revoking />
                    <BestPractices />
                    <Reference base_url token_limit api />
                </article>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn Generating(is_signed_in: bool) -> AnyView {
    view! {
        <Heading id="generating" />
        <ol>
            <li>"Log in as the client whose data you want to read."</li>
            <li>"Click your name or avatar at the top right, then " <strong>"Profile"</strong> "."</li>
            <li>"Go to the section " <strong>"API Tokens"</strong> "."</li>
            <li>
                "Give the token a name that says what it is for, like "
                <em>"My Integration"</em> " or " <em>"Billing Dashboard"</em> "."
            </li>
            <li>
                "Click " <strong>"Create Token"</strong> " and copy the token at once."
            </li>
        </ol>
        {is_signed_in
            .then(|| {
                view! {
                    <p>
                        <a class="button" href="/profile#api-tokens">
                            "Create a token"
                        </a>
                    </p>
                }
            })}
        <p class="callout warn">
            <strong>"The token is shown in full only when it is created."</strong>
            " Once you dismiss it or leave the page it is gone; we keep only a hash. Put it into a secrets manager or an environment variable."
        </p>
    }
    .into_any()
}

#[component]
fn Using(base_url: String, chosen: Language) -> AnyView {
    let samples = Language::ALL
        .map(|language| samples::sample(language, &base_url))
        .into();
    let block = |sample: Sample| {
        view! {
            <CodeBlock label=sample.label>
                <code translate="no">{sample.code}</code>
            </CodeBlock>
        }
    };
    view! {
        <Heading id="using" />
        <p>
            "Send the token in the " <code>"Authorization"</code> " header of every request: "
            <code>"Authorization: Bearer {your-token}"</code>
            ". The samples read it from the environment variable " <code>"OPENTILL_TOKEN"</code>
            ", which you set once:"
        </p>
        <CodeBlock label="environment variable">
            <code translate="no">{samples::ENVIRONMENT}</code>
        </CodeBlock>
        <Snippets
            legend="Show samples in"
            name="sample"
            preference=Language::COOKIE
            samples
            chosen=chosen.as_str()
            block
        />
        <p class="quiet">
            "The JavaScript runs in Node as it stands; in a browser, put the token into a variable of that name."
        </p>
    }
    .into_any()
}

#[component]
fn Invalid() -> AnyView {
    view! {
        <Heading id="invalid" />
        <p>"A missing, malformed or revoked token is answered with"</p>
        <CodeBlock label="answer">
            <code translate="no">{samples::UNAUTHORIZED}</code>
        </CodeBlock>
        <p>"What to check:"</p>
        <ul>
            <li>
                "The header is there and spelled right: " <code>"Authorization"</code> ", then "
                <code>"Bearer"</code> ", one space, the token."
            </li>
            <li>
                "The token is complete: it starts with " <code>"ot_live_"</code>
                " and has 46 characters."
            </li>
            <li>"It has not been revoked: your Profile lists the active ones."</li>
            <li>
                "Nothing on the way removes the header. Apache with CGI or PHP-FPM wants "
                <code>"CGIPassAuth On"</code>
                "; some proxies drop it when they follow a redirect to another host."
            </li>
        </ul>
    }
    .into_any()
}

#[component]
fn Revoking() -> AnyView {
    view! {
        <Heading id="revoking" />
        <p>
            "Log in, go to Profile → API Tokens, and click " <strong>"Revoke"</strong>
            " next to the token. It stops working at once: every further request with it is answered with the 401 above."
        </p>
    }
    .into_any()
}

#[component]
fn BestPractices() -> AnyView {
    view! {
        <Heading id="best-practices" />
        <ul>
            <li>
                <strong>"One token per integration."</strong>
                " You can then revoke one without breaking the others."
            </li>
            <li>
                <strong>"Tokens live in environment variables."</strong>
                " Source code is shared, copied and kept for ever; secrets in it are, too."
            </li>
            <li>
                <strong>"Never log a full token."</strong>
                " Logs leak. The last four characters are enough to tell which it was."
            </li>
            <li>
                <strong>"Revoke what is no longer used."</strong>
                " The list shows when each token was last used; what is gone cannot be stolen."
            </li>
        </ul>
        <p class="callout">
            <strong>"Suspect that somebody else has it?"</strong>
            " Revoke it immediately and create another. Tokens do not expire: one stays valid until it is revoked."
        </p>
    }
    .into_any()
}
