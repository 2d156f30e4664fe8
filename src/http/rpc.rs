//! Status codes and headers of server functions.

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

/// Seconds until the session ends if it is not used. All tabs count down from the last value.
const SESSION_LEFT: HeaderName = HeaderName::from_static("session-left");

/// Whether a path belongs to server functions.
pub fn is_rpc(uri: &Uri) -> bool {
    uri.path().starts_with(PREFIX)
}

/// Gives every response below `/rpc` the status of its error and a JSON body.
///
/// The framework responds to any error with 500, and to a request that accepts HTML with a redirect to its `Referer`, with
/// the error in the URL. Our forms have their own routes, so no such request is expected here.
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

/// Marks the response to another client's page, which must not be told how long this session lasts.
#[derive(Clone)]
struct OtherPage;

/// The error that a server function returned.
async fn error_in(body: Body) -> AppError {
    let error = match to_bytes(body, MAX_BODY).await {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or(AppError::Internal),
        Err(_) => AppError::Internal,
    };
    // `Unreachable` is the browser's error; here it means that the request body could not be parsed.
    if error == AppError::Unreachable {
        AppError::BadRequest
    } else {
        error
    }
}

/// The response where there is no server function.
pub async fn unknown() -> Response {
    refuse(&AppError::NotFound)
}

/// An error as the browser's side parses it.
pub fn refuse(error: &AppError) -> Response {
    (status(error), retry_after(error), Json(error)).into_response()
}
