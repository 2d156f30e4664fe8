//! `/api/openapi.json`: the API, described for programs (OpenAPI 3.1).

pub mod headers;
pub mod operations;
mod reference;
mod responses;
mod samples;
mod schemas;
pub mod security;

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode, response::Response};
use bytes::Bytes;
use utoipa::{
    OpenApi,
    openapi::{
        self, Components, Info, PathItem, Ref, RefOr, Server,
        info::{License, LicenseBuilder},
        path::Operation,
        tag::{Tag, TagBuilder},
    },
};

use self::{
    operations::{operations, operations_mut},
    responses::refusals,
    security::{TOKEN, is_secured},
};
use super::{error::Body, json};
use crate::ui::api_docs::reference::ApiReference;

const DESCRIPTION: &str = "Read your own data; the one thing that a token can change is to revoke itself. Create a token in the section API Tokens of your \
    Profile page and send it in the `Authorization` header of every request. An address that is not \
    here answers `NotFound` (below /api/v1, without a valid token, `Unauthenticated`), a method that \
    is not here `MethodNotAllowed`. Amounts of money are whole numbers of the smallest unit of the \
    `currency_code` beside them, dates are days of the calendar, times are UTC. Answers with an `ETag` \
    may be kept and asked for again with `If-None-Match`; no other is to be cached.\n\n\
    Within v1 nothing is removed and nothing changes its meaning. Answers may get further fields and headers, \
    `status` may get further values, and there may be further parameters and addresses: ignore what you do not know.";

/// The groups of operations, by which generators name the classes of a client.
const TAGS: [(&str, &str); 6] = [
    ("Account", "The client whose token it is."),
    ("Services", "What you have bought and use."),
    ("Domains", "Domain names that are registered for you."),
    ("Invoices", "Invoices and credit notes."),
    ("Orders", "What you have ordered."),
    ("Description", "The API itself."),
];

/// The schemas that belong to no endpoint.
#[derive(OpenApi)]
#[openapi(components(schemas(Body)))]
struct Common;

/// The OpenAPI document of one installation.
pub struct Document(openapi::OpenApi);

impl Document {
    /// Describes the API of the portal at `base_url` by the descriptions of its endpoints.
    pub fn new(base_url: &str, endpoints: impl IntoIterator<Item = openapi::OpenApi>) -> Self {
        let mut document = Common::openapi();
        for endpoint in endpoints {
            document.merge(endpoint);
        }
        document.info = Info::new("Opentill API", "1");
        document.info.description = Some(DESCRIPTION.to_owned());
        document.info.license = Some(license());
        document.tags = Some(TAGS.map(tag).into());
        document.servers = Some(vec![Server::new(base_url)]);
        let paths = &mut document.paths.paths;
        let responses: BTreeMap<_, _> = refusals()
            .into_iter()
            .filter(|refusal| {
                let mut operations = paths.values().flat_map(operations);
                refusal.is_of_no_operation() || operations.any(|(_, one)| refusal.is_of(one))
            })
            .map(|refusal| (refusal.name.to_owned(), refusal.response().into()))
            .collect();
        for path in paths.values_mut() {
            complete(path);
        }
        let components = document.components.get_or_insert_with(Components::new);
        components.add_security_scheme(TOKEN, security::token());
        components.responses = responses;
        for schema in components.schemas.values_mut() {
            schemas::refer_plainly(schema);
        }
        components.schemas.insert(
            "Unauthenticated".to_owned(),
            responses::unauthenticated().into(),
        );
        Self(document)
    }

    /// The document as it is sent.
    ///
    /// # Panics
    /// Never: the document holds nothing that JSON cannot.
    pub fn to_json(&self) -> Bytes {
        let json = self.0.to_json().expect("a document of plain values");
        json.into()
    }

    /// The tables of the documentation page.
    pub fn reference(&self) -> ApiReference {
        reference::of(&self.0)
    }
}

/// `GET /api/openapi.json`: this description.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "openapi",
    tag = "Description",
    summary = "This description",
    description = "An OpenAPI 3.1 document of everything that can be called here. It needs no token.",
    responses((status = 200, description = "An OpenAPI document.", body = Object)),
)]
pub async fn show(State(json): State<Bytes>) -> Response {
    json::response(StatusCode::OK, json)
}

/// That of this program, which the description is a part of.
fn license() -> License {
    const LICENSE: &str = env!("CARGO_PKG_LICENSE");
    LicenseBuilder::new()
        .name(LICENSE)
        .identifier(Some(LICENSE))
        .build()
}

fn tag((name, description): (&str, &str)) -> Tag {
    TagBuilder::new()
        .name(name)
        .description(Some(description))
        .build()
}

/// Adds what an endpoint's annotations do not say, and HEAD, which responds as GET does without the body (RFC 9110, 9.3.2).
fn complete(path: &mut PathItem) {
    operations_mut(path).for_each(complete_operation);
    path.head = path.get.as_ref().map(head_of);
}

/// Adds the errors of an operation, and the headers of every response.
fn complete_operation(operation: &mut Operation) {
    let is_secured = is_secured(operation);
    let refusals = refusals().into_iter();
    let refusals: Vec<_> = refusals
        .filter(|refusal| refusal.is_of(operation))
        .collect();
    let responses = &mut operation.responses.responses;
    for response in responses.values_mut() {
        if let RefOr::T(response) = response {
            headers::add_common_headers(response);
            if is_secured {
                headers::add_limit(response, true);
            }
        }
    }
    for refusal in refusals {
        let response = Ref::from_response_name(refusal.name).into();
        responses.insert(refusal.status().to_string(), response);
    }
    // An empty list says that no token is needed; without a list, that nobody thought of it.
    operation.security.get_or_insert_default();
}

/// The operation of `HEAD`. None of its responses has a body, so none is a reference to one that has.
fn head_of(get: &Operation) -> Operation {
    let mut head = get.clone();
    head.summary = get
        .summary
        .as_ref()
        .map(|summary| format!("{summary}: the headers alone"));
    head.description = Some("The headers that GET has, without a body.".to_owned());
    for response in head.responses.responses.values_mut() {
        if let RefOr::Ref(of) = response {
            let mut refusals = refusals().into_iter();
            let refusal = refusals.find(|refusal| of.ref_location.ends_with(refusal.name));
            *response = refusal.expect("a response of ours").response().into();
        }
        if let RefOr::T(response) = response {
            response.content.clear();
        }
    }
    head.operation_id = get.operation_id.as_ref().map(|id| format!("head_{id}"));
    head
}
