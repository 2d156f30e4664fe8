//! The reference part of the documentation.

use leptos::prelude::*;

use super::headings::{Heading, Subheading};
use crate::ui::components::code_block::CodeBlock;

/// What the tables show. `http::api` makes it from the OpenAPI document, so that both say the same.
#[derive(Clone, Debug)]
pub struct ApiReference {
    /// The endpoints that need a token.
    pub endpoints: Vec<Endpoint>,
    /// All errors, in the order of their status.
    pub errors: Vec<ErrorMeaning>,
}

/// An endpoint for `GET`.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// For links to its section.
    pub id: String,
    /// Its path.
    pub path: String,
    /// What it responds with, in a few words.
    pub summary: String,
    /// What a limited token must be allowed to read.
    pub scope: Option<&'static str>,
    /// Its response body in short, like `{"data":{…}}`; empty if it is not JSON.
    pub body: &'static str,
    /// Its query parameters.
    pub parameters: Vec<Field>,
    /// The fields of its `data`.
    pub fields: Vec<Field>,
}

/// A field of a resource, or a query parameter.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in JSON.
    pub name: String,
    /// Its JSON type, like `string or null`.
    pub kind: String,
    /// What it holds.
    pub meaning: String,
}

/// An error.
#[derive(Clone, Debug)]
pub struct ErrorMeaning {
    /// The HTTP status.
    pub status: u16,
    /// A sentence that explains it.
    pub meaning: String,
}

/// Endpoints, errors, limits and the expression for secret scanners.
#[component]
pub fn Reference(base_url: String, token_limit: u32, api: ApiReference) -> impl IntoView {
    view! {
        <Heading id="reference" />
        <p>
            "The base address is " <code>{format!("{base_url}/api/v1")}</code>
            ". Answers are JSON in UTF-8; lists come as CSV as well, with " <code>"Accept: text/csv"</code>
            ". Browsers may call from any origin, without cookies. An answer with an " <code>"ETag"</code>
            " may be kept; no other is to be cached."
        </p>
        <p>
            "The same for programs, as an OpenAPI 3.1 document: "
            <a href="/api/openapi.json">
                <code>"openapi.json"</code>
            </a> "."
        </p>
        {api.endpoints.into_iter().map(endpoint_view).collect_view()}
        <Subheading id="errors">"Errors"</Subheading>
        <p>
            "Every error is JSON with a " <code>"message"</code>
            ". Every 401 carries " <code>"WWW-Authenticate"</code> "."
        </p>
        <dl class="errors">
            {api
                .errors
                .into_iter()
                .map(|ErrorMeaning { status, meaning }| {
                    view! {
                        <div>
                            <dt>
                                <code>{status}</code>
                            </dt>
                            <dd>{meaning}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
        <Subheading id="limits">"Limits"</Subheading>
        <p>
            {format!("Requests are counted for each token: up to {token_limit} a minute. ")}
            "Every answer to a valid one says what is left of that, in the headers " <code>"RateLimit"</code>
            " and " <code>"RateLimit-Policy"</code>
            ". Beyond it the answer is 429, with the seconds to wait in " <code>"Retry-After"</code>
            "."
        </p>
        <Subheading id="scanners">"Secret scanners"</Subheading>
        <p>
            "Tokens are recognised by this regular expression. The last six characters are the CRC32 of all before them, in base62, so a scanner can tell a token from text that resembles one."
        </p>
        <CodeBlock label="regular expression">
            <code translate="no">{r"\bot_live_[0-9A-Za-z]{38}\b"}</code>
        </CodeBlock>
    }
}

/// The section of an endpoint, with the tables of its parameters and fields.
fn endpoint_view(endpoint: Endpoint) -> impl IntoView {
    let Endpoint {
        id,
        path,
        summary,
        scope,
        body,
        parameters,
        fields,
    } = endpoint;
    let scope = scope.map(|scope| format!(" For tokens that may read {scope}."));
    let parameters = (!parameters.is_empty()).then(|| {
        let label = format!("Parameters of {path}");
        view! {
            <p>"Query parameters, each of which may be left out:"</p>
            <FieldTable label head="Parameter" fields=parameters />
        }
    });
    let label = format!("Fields of {path}");
    view! {
        <Subheading id>
            <code>{format!("GET {path}")}</code>
        </Subheading>
        <p>{summary} "." {scope}</p>
        {parameters}
        {(!body.is_empty())
            .then(|| {
                view! {
                    <p>"The answer is " <code>{body}</code> " with"</p>
                    <FieldTable label head="Field" fields />
                }
            })}
    }
}

#[component]
fn FieldTable(label: String, head: &'static str, fields: Vec<Field>) -> impl IntoView {
    let rows = fields.into_iter().map(
        |Field {
             name,
             kind,
             meaning,
         }| {
            view! {
                <tr>
                    <th scope="row">
                        <code>{name}</code>
                    </th>
                    <td>{kind}</td>
                    <td>{meaning}</td>
                </tr>
            }
        },
    );
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{head}</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Meaning"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
