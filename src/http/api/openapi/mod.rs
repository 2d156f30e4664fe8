//! `/api/openapi.json`: the API, described for programs (OpenAPI 3.1).

mod answers;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use utoipa::{
    OpenApi,
    openapi::{
        Components, Info, PathItem, Ref, RefOr, Server,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{error::Body, me};

const DESCRIPTION: &str = "Read your own data. Create a token in the section API Tokens of your \
    Profile page and send it in the `Authorization` header of every request. An address that is not \
    here answers `NotFound` (below /api/v1, without a valid token, `Unauthenticated`), a method that \
    is not here `MethodNotAllowed`. No answer is to be cached.";

/// What each route says of itself; [`Document::new`] adds what they have in common.
#[derive(OpenApi)]
#[openapi(paths(me::show, show), components(schemas(Body)))]
struct Routes;

/// The description of one installation, ready to be sent.
#[derive(Clone)]
pub struct Document(Bytes);

impl Document {
    /// Describes the API of the portal that people reach at `base_url`.
    ///
    /// # Panics
    /// Never: the document holds nothing that JSON could not.
    pub fn new(base_url: &str) -> Self {
        let mut document = Routes::openapi();
        document.info = Info::new("Opentill API", "1");
        document.info.description = Some(DESCRIPTION.to_owned());
        document.servers = Some(vec![Server::new(base_url)]);
        let components = document.components.get_or_insert_with(Components::new);
        components.add_security_scheme("token", token());
        components.responses = answers::refusals();
        for path in document.paths.paths.values_mut() {
            complete(path);
        }
        let json = document.to_json().expect("a document of plain values");
        Self(json.into())
    }
}

/// `GET /api/openapi.json`: this description.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "openapi",
    summary = "This description",
    responses((status = 200, description = "An OpenAPI document.", body = Object)),
)]
pub async fn show(
    State(Document(json)): State<Document>,
) -> ([(HeaderName, HeaderValue); 1], Bytes) {
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind)], json)
}

fn token() -> SecurityScheme {
    let description =
        "A token from the Profile page, `ot_live_…`. It is valid until it is revoked.";
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("ot_live_[0-9A-Za-z]{38}")
        .description(Some(description))
        .build();
    SecurityScheme::Http(scheme)
}

/// Adds what a route does not say of itself: its refusals, the headers of every answer, and HEAD,
/// which answers as GET does, less the body (RFC 9110, 9.3.2).
fn complete(path: &mut PathItem) {
    let Some(get) = &mut path.get else { return };
    // There are too few routes for groups, and the macro makes one of each file.
    get.tags = None;
    let is_secured = get.security.is_some();
    let answers = &mut get.responses.responses;
    for answer in answers.values_mut() {
        if let RefOr::T(answer) = answer {
            answers::add_common_headers(answer);
            if is_secured {
                answers::add_limit(answer, true);
            }
        }
    }
    for (status, name) in answers::refusals_of(is_secured) {
        let answer = Ref::from_response_name(name).into();
        answers.insert(status.to_string(), answer);
    }
    path.head = Some(head_of(get));
}

fn head_of(get: &Operation) -> Operation {
    let mut head = get.clone();
    head.summary = Some("The same without its body".to_owned());
    head.description = None;
    head.operation_id = get.operation_id.as_ref().map(|id| format!("head_{id}"));
    head
}
