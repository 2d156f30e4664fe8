//! The public API documentation.

mod headings;
mod lists;
pub mod reference;
mod scanners;

use leptos::prelude::*;

use self::{
    headings::{Heading, SECTIONS},
    lists::Lists,
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
    let language = frame.preferences.language.unwrap_or_default();
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
                        "Read your account data from your own code with a token and one header."
                    </p>
                    <Start base_url=base_url.clone() is_signed_in />
                    <Generating />
                    <Using base_url=base_url.clone() chosen=language />
                    <Lists base_url=base_url.clone() chosen=language />
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
fn Start(base_url: String, is_signed_in: bool) -> AnyView {
    let link = if is_signed_in {
        ("/profile#api-tokens", "Create a token")
    } else {
        (
            "/login?next=%2Fprofile%23api-tokens",
            "Log in to create a token",
        )
    };
    view! {
        <Heading id="start" />
        <p>
            <a href=link.0>{link.1}</a>
            ", copy it, and run this in a terminal with your token in the first line. The response is your account."
        </p>
        <CodeBlock label="first call">
            <code translate="no">{samples::start(&base_url)}</code>
        </CodeBlock>
    }
    .into_any()
}

#[component]
fn Generating() -> AnyView {
    view! {
        <Heading id="generating" />
        <ol>
            <li>"Log in as the client whose data you want to read."</li>
            <li>
                "Click your name or avatar in the top right, then " <strong>"Profile"</strong>
                "; or click " <strong>"API tokens"</strong> " in the navigation."
            </li>
            <li>"Go to the section " <strong>"API Tokens"</strong> "."</li>
            <li>
                "Give the token a name that says what it is for, such as "
                <em>"My Integration"</em> " or " <em>"Billing Dashboard"</em> "."
            </li>
            <li>
                "A token reads all of your data, unless you choose less under "
                <strong>"Limit what it can read"</strong> ". Under " <strong>"Limits"</strong>
                " you can choose a day on which it expires, and the IP addresses from which it works."
            </li>
            <li>
                "Click " <strong>"Create Token"</strong> " and copy the token right away."
            </li>
        </ol>
        <p class="callout warn">
            <strong>"The token is shown in full only when it is created."</strong>
            " After you close it or leave the page you can't see it again; we store only a hash. Save it in a secrets manager or an environment variable."
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
            ", which you set first:"
        </p>
        <CodeBlock label="environment variable">
            <code translate="no">{samples::ENVIRONMENT}</code>
        </CodeBlock>
        <Snippets
            legend="Show samples in"
            name="sample"
            samples
            chosen=chosen.as_str()
            block
        />
        <p class="callout warn">
            <strong>"Never put a token in browser code."</strong>
            " Everyone who opens the page can read it. The JavaScript sample is for Node.js, on your server."
        </p>
    }
    .into_any()
}

#[component]
fn Invalid() -> AnyView {
    view! {
        <Heading id="invalid" />
        <p>"If the token is missing, malformed, revoked or expired, or used from an IP address that it isn't allowed from, the API returns:"</p>
        <CodeBlock label="response">
            <code translate="no">{samples::UNAUTHORIZED}</code>
        </CodeBlock>
        <p>
            "If a token was sent, but isn't valid, the header is "
            <code>{format!("WWW-Authenticate: {}", samples::INVALID_TOKEN)}</code>
            ". What to check:"
        </p>
        <ul>
            <li>
                "The header is present and spelled correctly: " <code>"Authorization"</code> ", then "
                <code>"Bearer"</code> ", one space, the token."
            </li>
            <li>
                "The token is complete: it starts with " <code>"ot_live_"</code>
                " and has 46 characters."
            </li>
            <li>"It hasn't been revoked and hasn't expired: your Profile lists the active tokens."</li>
            <li>
                "If it is limited to IP addresses: your program's is one of them. The page Activity names those that were refused."
            </li>
            <li>
                "Nothing in between strips the header. Apache with CGI or PHP-FPM needs "
                <code>"CGIPassAuth On"</code>
                "; many HTTP libraries drop the header when they follow a redirect to another host."
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
            " next to the token. It stops working immediately; requests with it get the 401 above."
        </p>
        <p>
            "A program that has done its work can revoke its own token, with "
            <code>"DELETE /api/v1/token"</code>
            ". A token can change nothing else."
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
                <strong>"Keep tokens in environment variables."</strong>
                " Code gets shared and copied, and so do the secrets in it."
            </li>
            <li>
                <strong>"Never log a full token."</strong>
                " Logs leak. The last four characters identify the token."
            </li>
            <li>
                <strong>"Revoke tokens you no longer use."</strong>
                " The list shows when each was last used; a revoked token can't be stolen."
            </li>
        </ul>
        <p class="callout">
            <strong>"Think a token has leaked?"</strong>
            " Revoke it immediately and create a new one. A token works until you revoke it, unless you chose a day on which it expires."
        </p>
    }
    .into_any()
}
