//! Makes every refusal a page.

use axum::{
    Extension,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use leptos::view;

use super::{
    cookie, identify, portal::FormRoute, render::Renderer, request_log::RequestId, rpc, said,
};
use crate::{
    model::error::AppError,
    server::{session::Visitor, state::AppState},
    ui::{form::Unsent, problem::ProblemPage, profile::Done},
};

/// Renders the page of a refusal. Redirects visitors who have to log in to the login page, and from there back.
pub async fn render(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    Extension(request_id): Extension<RequestId>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let is_rpc = rpc::is_rpc(request.uri());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let cookie = cookie::read(request.headers(), &state.config.public_url).map(ToOwned::to_owned);
    let actor = identify::actor(&request);
    let response = next.run(request).await;
    let Some(error) = error_of(&response) else {
        return response;
    };
    if error == AppError::CrossSite {
        tracing::warn!(request = %request_id, "refused: nothing shows that a page of ours sent it");
    }
    if is_rpc {
        return rpc::refuse(&error);
    }
    let route = route.as_ref().map_or("", MatchedPath::as_str);
    let path = target.split('?').next().unwrap_or_default();
    let form = FormRoute::find(route);
    let section = form.map(|form| form.section(path));
    if error == AppError::Unauthenticated {
        // Only a GET can be repeated after logging in.
        if method == Method::GET {
            return Redirect::to(&login_address(&target)).into_response();
        }
        let login = login_address(section.as_deref().unwrap_or("/"));
        // A changed password ends the session, so the second of two identical requests comes without one.
        if form == Some(FormRoute::Password) && cookie.is_some() {
            return said::then_log_in(Done::PasswordUnclear, &login, &state.config.public_url);
        }
        return Redirect::to(&login).into_response();
    }
    let visitor = match response.extensions().get::<Visitor>() {
        Some(visitor) => visitor.clone(),
        // Refused before the `identify` layer.
        None => identify::visitor(&state, cookie.as_deref(), actor).await,
    };
    let can_retry = method == Method::GET && error.status() == 503;
    let reload = section.filter(|_| matches!(error, AppError::OtherClient { .. }));
    let request_id = request_id.to_string();
    let unsent = response.extensions().get::<Unsent>().cloned();
    // What has a password in it has to be typed again.
    let reload = reload.or_else(|| {
        let is_lost = method == Method::POST && error == AppError::Unavailable && unsent.is_none();
        form.filter(|_| is_lost).map(|form| form.section(path))
    });
    let view =
        move |frame| view! { <ProblemPage frame error can_retry reload unsent request_id /> };
    let mut page = renderer.page(&visitor, response.status(), view).await;
    for name in [header::ALLOW, header::REFERRER_POLICY, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, HeaderValue::clone(value));
        }
    }
    page
}

/// The error of a response that is not a page yet: our own, or what the framework's bare status stands for.
fn error_of(response: &Response) -> Option<AppError> {
    let content_type = response
        .headers()
        .get(header::CONTENT_TYPE)
        .map(HeaderValue::as_bytes);
    let is_done = content_type.is_some_and(|kind| {
        kind.starts_with(b"text/html") || kind.starts_with(b"application/json")
    });
    if let Some(error) = response.extensions().get::<AppError>() {
        return Some(error.clone());
    }
    match response.status() {
        _ if is_done => None,
        StatusCode::FORBIDDEN => Some(AppError::CrossSite),
        StatusCode::NOT_FOUND => Some(AppError::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(AppError::MethodNotAllowed),
        status if status.is_client_error() => Some(AppError::BadRequest),
        status if status.is_server_error() => Some(AppError::Internal),
        _ => None,
    }
}

/// The path of the login page that leads on to `next`.
fn login_address(next: &str) -> String {
    const LOGIN: &str = "/login?";
    let mut query = form_urlencoded::Serializer::for_suffix(LOGIN.to_owned(), LOGIN.len());
    if next != "/" {
        query.append_pair("next", next);
    }
    query.finish().trim_end_matches('?').to_owned()
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, routing::get};
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;
    use crate::http::refusal::panicked;

    async fn panics() -> &'static str {
        panic!("SELECT secret FROM src/http/problem_page.rs")
    }

    #[tokio::test]
    async fn what_a_handler_panics_with_stays_inside() {
        let app = Router::new()
            .route("/", get(panics))
            .layer(CatchPanicLayer::custom(panicked));
        let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        // A page is made of this, as of any other fault of ours.
        assert_eq!(error_of(&response), Some(AppError::Internal));
        assert_eq!(
            axum::body::HttpBody::size_hint(response.body()).exact(),
            Some(0)
        );
    }
}
