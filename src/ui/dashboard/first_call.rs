//! The steps to the first call of the API.

use leptos::prelude::*;

use crate::ui::{components::code_block::CodeBlock, preferences::Language, samples};

/// The steps, with those marked that are done. Shown until the API was called.
#[component]
pub fn FirstCall(has_token: bool, base_url: String) -> AnyView {
    let (label, curl) = samples::of(Language::Curl, &base_url);
    let progress = if has_token { "1 of 3 done" } else { "3 steps" };
    view! {
        <section class="card first-call" aria-labelledby="first-call-heading">
            <div class="card-head">
                <h2 id="first-call-heading">"Make your first API call"</h2>
                <p class="quiet">{progress}</p>
            </div>
            <ol class="steps">
                <Step done=has_token>
                    <p>"Create an API token and copy it. You'll only see it once."</p>
                    {(!has_token)
                        .then(|| {
                            view! {
                                <a class="button primary" href="/profile#api-tokens">
                                    "Create a token"
                                </a>
                            }
                        })}
                </Step>
                <Step done=false>
                    <p>"Store it in an environment variable named " <code>"OPENTILL_TOKEN"</code> "."</p>
                    <CodeBlock label="environment variable">
                        <code translate="no">{samples::ENVIRONMENT}</code>
                    </CodeBlock>
                </Step>
                <Step done=false>
                    <p>
                        "Call " <code>"GET /api/v1/me"</code> ". "
                        <a href="/docs/api#using">"See other languages"</a>
                    </p>
                    <CodeBlock label>
                        <code translate="no">{curl}</code>
                    </CodeBlock>
                </Step>
            </ol>
        </section>
    }
    .into_any()
}

#[component]
fn Step(done: bool, children: Children) -> AnyView {
    view! {
        <li class:done=done>
            <div class="step">{children()}</div>
            {done.then(|| view! { <strong class="tick">"Done"</strong> })}
        </li>
    }
    .into_any()
}
