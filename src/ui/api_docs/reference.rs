//! The reference part of the documentation.

use leptos::prelude::*;

use super::{Heading, Subheading};
use crate::ui::components::code_block::CodeBlock;

/// Field, type, meaning: the `data` of `GET /api/v1/me`.
const ME_FIELDS: [(&str, &str, &str); 14] = [
    ("id", "integer", "Client number"),
    ("name", "string", "Your name"),
    ("email", "string", "Where you log in with"),
    ("company", "string or null", "Company"),
    ("phone", "string or null", "Telephone"),
    ("address1", "string", "First line of the address"),
    ("address2", "string or null", "Second line of the address"),
    ("city", "string", "City"),
    ("state", "string", "State or region"),
    ("postcode", "string", "Postal code"),
    ("country", "string", "ISO 3166-1 alpha-2, like US"),
    ("currency_code", "string", "ISO 4217, like USD"),
    ("status", "string", "active or suspended"),
    (
        "created_at",
        "string",
        "Client since; UTC, like 2026-01-15T10:30:00Z",
    ),
];

/// Status and meaning of what the API refuses.
pub const ERRORS: [(&str, &str); 6] = [
    (
        "401",
        "The token is missing, malformed, unknown or revoked.",
    ),
    ("404", "There is no such address below /api."),
    (
        "405",
        "The address does not take this method. The header Allow lists those it takes.",
    ),
    (
        "429",
        "Too many requests. Try again after the seconds in the header Retry-After.",
    ),
    (
        "500",
        "Something went wrong on our side. Quote the X-Request-Id header if you ask us.",
    ),
    (
        "503",
        "Not available for a moment. Try again after the seconds in the header Retry-After.",
    ),
];

/// Endpoints, errors, limits and the expression for secret scanners.
#[component]
pub fn Reference(base_url: String, token_limit: u32) -> impl IntoView {
    view! {
        <Heading id="reference" />
        <p>
            "The base address is " <code>{format!("{base_url}/api/v1")}</code>
            ". Requests and answers are JSON in UTF-8, and no answer is to be cached. Browsers may call from any origin, without cookies."
        </p>
        <p>
            "The same for programs, as an OpenAPI 3.1 document: "
            <a href="/api/openapi.json">
                <code>"openapi.json"</code>
            </a> "."
        </p>
        <Subheading id="me">
            <code>"GET /api/v1/me"</code>
        </Subheading>
        <p>"The client whose token it is, as " <code>r#"{"data":{…}}"#</code> " with"</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Fields of /api/v1/me">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Field"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Meaning"</th>
                    </tr>
                </thead>
                <tbody>
                    {ME_FIELDS
                        .map(|(field, kind, meaning)| {
                            view! {
                                <tr>
                                    <th scope="row">
                                        <code>{field}</code>
                                    </th>
                                    <td>{kind}</td>
                                    <td>{meaning}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        <Subheading id="errors">"Errors"</Subheading>
        <p>
            "Every error is JSON with a " <code>"message"</code>
            ". Every 401 carries " <code>"WWW-Authenticate"</code> "."
        </p>
        <dl class="errors">
            {ERRORS
                .map(|(status, meaning)| {
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
