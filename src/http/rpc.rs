//! What server functions need around them to be good citizens of HTTP.

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    form::MAX_BODY,
    status::{retry_after, status},
};
use crate::{model::error::AppError, server::session::Visitor};

/// The prefix of all server functions.
const PREFIX: &str = "/rpc/";

/// For how many more seconds the session that asked lives without being used. All tabs count down from the last one.
const SESSION_LEFT: HeaderName = HeaderName::from_static("session-left");

/// Whether an address is a server function's.
pub fn is_rpc(uri: &Uri) -> bool {
    uri.path().starts_with(PREFIX)
}

/// Gives every answer below `/rpc` the status of its error and a JSON body.
///
/// The framework answers any error with 500; and to a caller who accepts HTML it answers with a
/// redirect to wherever the caller says they came from, errors in the address. Our forms have
/// plain routes of their own, so no such caller is expected here.
pub async fn translate(visitor: Visitor, request: Request, next: Next) -> Response {
    if !is_rpc(request.uri()) {
        return next.run(request).await;
    }
    let mut response = translated(request, next).await;
    let is_own_page = response.extensions().get::<OtherPage>().is_none();
    if let Visitor::Client(who) = visitor
        && is_own_page
    {
        response
            .headers_mut()
            .insert(SESSION_LEFT, who.idle_left().into());
    }
    response
}

async fn translated(mut request: Request, next: Next) -> Response {
    request
        .headers_mut()
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let response = next.run(request).await;
    if response.extensions().get::<AppError>().is_some() {
        return response;
    }
    match response.status() {
        StatusCode::OK => response,
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = response.headers().get(header::ALLOW).cloned();
            let mut answer = refuse(&AppError::MethodNotAllowed);
            if let Some(allow) = allow {
                answer.headers_mut().insert(header::ALLOW, allow);
            }
            answer
        }
        _ => {
            let error = error_in(response.into_body()).await;
            let mut answer = refuse(&error);
            if matches!(error, AppError::OtherClient { .. }) {
                answer.extensions_mut().insert(OtherPage);
            }
            answer
        }
    }
}

/// Goes with the answer to another client's page: how long this session lives is nothing to that page.
#[derive(Clone)]
struct OtherPage;

/// The error that a server function returned.
async fn error_in(body: Body) -> AppError {
    let error = match to_bytes(body, MAX_BODY).await {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or(AppError::Internal),
        Err(_) => AppError::Internal,
    };
    // What the browser calls unreachable is, seen from here, a body that could not be read.
    if error == AppError::Unreachable {
        AppError::BadRequest
    } else {
        error
    }
}

/// There is no such server function.
pub async fn unknown() -> Response {
    refuse(&AppError::NotFound)
}

/// An error in the form in which the browser's side reads it.
pub fn refuse(error: &AppError) -> Response {
    (status(error), retry_after(error), Json(error)).into_response()
}
