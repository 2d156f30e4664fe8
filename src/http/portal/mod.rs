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
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};

use super::{
    form::Form,
    refusal::{Refusal, retry_after, status},
    render::Renderer,
};
use crate::{
    domain::{error::AppError, token::TokenId},
    server::{
        session::{SessionClient, Visitor},
        state::AppState,
    },
};

/// Every address that forms are sent to, and what is done there. The tests read it too: what is
/// listed here is attacked in every way they know.
pub fn forms() -> [(&'static str, MethodRouter<AppState>); 11] {
    [
        ("/login", post(session::log_in)),
        ("/logout", post(session::log_out)),
        ("/theme", post(theme::choose)),
        ("/profile/details", post(details::change)),
        ("/profile/password", post(password::change)),
        ("/profile/sessions/end", post(sessions::end)),
        ("/profile/sessions/end-others", post(sessions::end_others)),
        ("/profile/tokens", post(tokens::create)),
        ("/profile/tokens/revoke-all", post(tokens::revoke_all)),
        ("/profile/tokens/{id}/rename", post(tokens::rename)),
        ("/profile/tokens/{id}/revoke", post(tokens::revoke)),
    ]
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
