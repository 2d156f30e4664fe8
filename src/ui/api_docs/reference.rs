//! The reference part of the documentation.

use leptos::prelude::*;

use super::{
    headings::{Heading, Subheading},
    scanners::Scanners,
};
use crate::{model::number::grouped, ui::components::code_block::CodeBlock};

/// What the tables show. `http::api` makes it from the OpenAPI document, so that both say the same.
#[derive(Clone, Debug)]
pub struct ApiReference {
    /// The endpoints that need a token.
    pub endpoints: Vec<Endpoint>,
    /// All errors, in the order of their status.
    pub errors: Vec<ErrorMeaning>,
}

/// A path with one of its methods.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// For links to its section.
    pub id: String,
    /// Its method, like `GET`.
    pub method: &'static str,
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
    /// A response body.
    pub sample: String,
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
    /// A response body.
    pub sample: String,
}

/// Endpoints, errors, limits, and what clients may rely on.
#[component]
pub fn Reference(base_url: String, token_limit: u32, api: ApiReference) -> AnyView {
    view! {
        <Heading id="reference" />
        <p>
            "Base URL: " <code>{format!("{base_url}/api/v1")}</code>
            ". Requests and responses are UTF-8 JSON; lists also come as CSV, with " <code>"Accept: text/csv"</code>
            ". CORS is open to all origins, without credentials. You may keep a response that has an " <code>"ETag"</code>
            " and revalidate it with " <code>"If-None-Match"</code> "; don't cache any other."
        </p>
        <p>
            "Machine-readable: OpenAPI 3.1, "
            <a href="/api/openapi.json">
                <code>"openapi.json"</code>
            </a> "."
        </p>
        <Endpoints endpoints=api.endpoints.clone() />
        {api.endpoints.into_iter().map(endpoint_view).collect_view()}
        <Errors errors=api.errors />
        <Limits token_limit />
        <Scanners />
    }
    .into_any()
}

/// What there is, with links to the sections.
#[component]
fn Endpoints(endpoints: Vec<Endpoint>) -> AnyView {
    let rows = endpoints.into_iter().map(|endpoint| {
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("#{}", endpoint.id)>
                        <code>{endpoint.method} " " {endpoint.path}</code>
                    </a>
                </th>
                <td>{endpoint.summary}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Endpoints">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Endpoint"</th>
                        <th scope="col">"Response"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Errors(errors: Vec<ErrorMeaning>) -> AnyView {
    let errors = errors.into_iter().map(|error| {
        let ErrorMeaning {
            status,
            meaning,
            sample,
        } = error;
        view! {
            <div>
                <dt>
                    <code>{status}</code>
                </dt>
                <dd>
                    <p>{meaning}</p>
                    <CodeBlock label=format!("{status} response")>
                        <code translate="no">{sample}</code>
                    </CodeBlock>
                </dd>
            </div>
        }
    });
    view! {
        <Subheading id="errors">"Errors"</Subheading>
        <p>
            "Every error is JSON with a " <code>"message"</code>
            ". Every 401 has the header " <code>"WWW-Authenticate"</code> "."
        </p>
        <dl class="errors">{errors.collect_view()}</dl>
    }
    .into_any()
}

#[component]
fn Limits(token_limit: u32) -> AnyView {
    view! {
        <Subheading id="limits">"Rate limit"</Subheading>
        <p>
            {format!("Each token can make up to {} requests a minute. ", grouped(token_limit.into()))}
            "Every authenticated response reports what's left in the headers " <code>"RateLimit"</code>
            " and " <code>"RateLimit-Policy"</code>
            ". Requests over the limit get 429, with the seconds to wait in " <code>"Retry-After"</code>
            "."
        </p>
        <Subheading id="retries">"Retries"</Subheading>
        <p>
            "All requests are reads, except the one with which a token revokes itself, and repeating any of them is safe. Retry after a 429 or 503, no sooner than "
            <code>"Retry-After"</code>
            " says, and after a 500 or a broken connection: a few times, each time waiting twice as long. Don't retry any other 4xx; the same request gets the same answer."
        </p>
        <Subheading id="compression">"Compression"</Subheading>
        <p>
            "A response may be compressed if the request allows it with " <code>"Accept-Encoding"</code>
            ". Most HTTP libraries do this by themselves; for curl, add " <code>"--compressed"</code> "."
        </p>
        <Subheading id="changes">"Changes within v1"</Subheading>
        <p>
            "Within v1, we may add endpoints, optional parameters, response headers, fields in responses, and values where this page lists some, such as a new status. Ignore what you don't know, and don't rely on the order of fields or on the text of a "
            <code>"message"</code>
            ". We don't remove or rename an endpoint or field, and don't change the type or meaning of one: that would be v2."
        </p>
    }
    .into_any()
}

/// The section of an endpoint, with the tables of its parameters and fields.
fn endpoint_view(endpoint: Endpoint) -> impl IntoView {
    let Endpoint {
        id,
        method,
        path,
        summary,
        scope,
        body,
        parameters,
        fields,
        sample,
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
    let of_sample = format!("response of {path}");
    view! {
        <Subheading id>
            <span class="method">{method}</span>
            " "
            <code>{path}</code>
        </Subheading>
        <p>{summary} "." {scope}</p>
        {parameters}
        {(!body.is_empty())
            .then(|| {
                view! {
                    <p>"The response is " <code>{body}</code> ":"</p>
                    <CodeBlock label=of_sample>
                        <code translate="no">{sample}</code>
                    </CodeBlock>
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
