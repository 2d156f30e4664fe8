//! Plain form posts: what the portal can do without WebAssembly, or before it has loaded.

mod details;
pub mod next;
mod password;
mod session;
mod sessions;
mod theme;
mod tokens;

use axum::{
    RequestExt,
    extract::{FromRequest, Path, Request},
    http::Uri,
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};
use http_body_util::BodyExt;

use super::{
    form::Form,
    refusal::{Refusal, retry_after, status},
    render::Renderer,
};
use crate::{
    model::{client::ClientId, error::AppError, token::TokenId},
    server::{
        session::{SessionClient, Visitor},
        state::AppState,
    },
};

/// Where passwords are changed.
pub const PASSWORD: &str = "/profile/password";
/// As a section: the page whose address is that of the form without its last part.
const PARENT: &str = "..";

/// An address that forms are sent to.
pub struct FormRoute {
    /// The address.
    pub path: &'static str,
    /// Where such forms stand.
    pub section: &'static str,
    handler: MethodRouter<AppState>,
}

impl FormRoute {
    /// What is done there.
    pub fn handler(self) -> MethodRouter<AppState> {
        self.handler.layer(from_fn(from_own_page))
    }

    /// The same, where there is no page of this address: the browser stays at it after a refusal,
    /// and someone may come back to it.
    pub fn handler_with_way_back(self) -> MethodRouter<AppState> {
        let section = self.section;
        let back = move |_: SessionClient, uri: Uri| async move {
            Redirect::to(&section_at(section, uri.path()))
        };
        self.handler().merge(get(back))
    }
}

/// Every address that forms are sent to, and what is done there. The tests read it too: what is
/// listed here is attacked in every way they know.
pub fn forms() -> [FormRoute; 11] {
    const TOKENS: &str = "/profile#api-tokens";
    const SESSIONS: &str = "/profile#sessions";
    [
        ("/login", "/login", post(session::log_in)),
        ("/logout", "/", post(session::log_out)),
        ("/theme", "/", post(theme::choose)),
        (
            "/profile/details",
            "/profile#details",
            post(details::change),
        ),
        (PASSWORD, "/profile#password", post(password::change)),
        ("/profile/sessions/end", SESSIONS, post(sessions::end)),
        (
            "/profile/sessions/end-others",
            SESSIONS,
            post(sessions::end_others),
        ),
        ("/profile/tokens", TOKENS, post(tokens::create)),
        (
            "/profile/tokens/revoke-all",
            TOKENS,
            post(tokens::revoke_all),
        ),
        ("/profile/tokens/{id}/rename", PARENT, post(tokens::rename)),
        ("/profile/tokens/{id}/revoke", TOKENS, post(tokens::revoke)),
    ]
    .map(|(path, section, handler)| FormRoute {
        path,
        section,
        handler,
    })
}

/// Where forms stand that are sent to `path`, which the router has as `route`.
pub fn section(route: &str, path: &str) -> Option<String> {
    let form = forms().into_iter().find(|form| form.path == route)?;
    Some(section_at(form.section, path))
}

fn section_at(section: &str, path: &str) -> String {
    let parent = path.rsplit_once('/').map(|(parent, _)| parent);
    let is_parent = section == PARENT;
    parent.filter(|_| is_parent).unwrap_or(section).to_owned()
}

/// Refuses what a page of another client sends, before anything is done about it.
async fn from_own_page(
    visitor: Visitor,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| AppError::BadRequest)?;
    let body = body.to_bytes();
    if let Visitor::Client(who) = visitor {
        who.check_page(page_of(&Form::parse(&body)?)?)?;
    }
    Ok(next.run(Request::from_parts(parts, body.into())).await)
}

/// Whose page a form comes from, if it says so.
pub fn page_of(form: &Form) -> Result<Option<ClientId>, AppError> {
    match form.get(ClientId::FIELD) {
        "" => Ok(None),
        number => match number.parse() {
            Ok(number) => Ok(Some(ClientId(number))),
            Err(_) => Err(AppError::BadRequest),
        },
    }
}

/// The page that the form sent to `route` stands on, with what was typed and why nothing was done. Where nothing is
/// typed the error stands alone.
pub async fn again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    route: &str,
    mut request: Request,
    error: AppError,
) -> Result<Response, Refusal> {
    let id = request.extract_parts::<Path<String>>().await;
    let form = Form::from_request(request, &()).await?;
    match route {
        "/profile/details" => details::again(state, renderer, who, &form, error).await,
        "/profile/password" => password::again(state, renderer, who, error).await,
        "/profile/tokens" => tokens::create_again(state, renderer, who, &form, error).await,
        "/profile/tokens/{id}/rename" => {
            let id = id.ok().and_then(|Path(id)| id.parse().ok());
            let id = TokenId(id.ok_or(AppError::NotFound)?);
            tokens::rename_again(state, renderer, who, id, &form, error).await
        }
        _ => Err(error.into()),
    }
}

/// A page again, with the status of what went wrong on it.
async fn shown_again<D: Clone + Send + Sync + 'static>(
    renderer: &Renderer,
    path: &str,
    who: SessionClient,
    error: &AppError,
    data: D,
) -> Response {
    let visitor = Visitor::Client(who);
    let page = renderer.page(path, &visitor, status(error), data).await;
    (retry_after(error), page).into_response()
}
