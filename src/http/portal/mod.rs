//! The portal: its pages and what their forms do, one file per noun.
//!
//! A handler loads the data of a page and passes it to the page's component as props. Forms are
//! plain posts, for browsers without WebAssembly or before it has loaded.

mod activity;
mod api_docs;
mod dashboard;
mod details;
mod forgot_password;
mod form_route;
mod login;
mod mirror;
pub mod next;
mod overview;
mod own_page;
mod password;
mod profile;
mod request_url;
mod sessions;
mod set_password;
mod shown_again;
mod theme;
mod tokens;

use axum::{
    RequestExt, Router,
    extract::{FromRequest, Request},
    http::Uri,
    middleware::from_fn,
    response::{Redirect, Response},
    routing::{MethodRouter, get, post},
};

pub use self::form_route::FormRoute;
use self::request_url::PathId;
use super::{form::Form, refusal::Refusal, render::Renderer};
use crate::{
    model::{
        domain::Domain,
        error::AppError,
        invoice::{Invoice, InvoiceDetails},
        order::{Order, OrderDetails},
        service::{Service, ServiceDetails},
    },
    server::{session::SessionClient, state::AppState},
};

/// The paths and handlers of all pages.
pub fn pages() -> [(&'static str, MethodRouter<AppState>); 11] {
    [
        ("/", get(dashboard::page)),
        ("/login", get(login::page)),
        ("/forgot-password", get(forgot_password::page)),
        ("/set-password/{secret}", get(set_password::page)),
        ("/profile", get(profile::page)),
        ("/profile/tokens/all", get(tokens::all::page)),
        ("/profile/tokens/revoke-all", get(tokens::revoke::all_page)),
        ("/profile/tokens/{id}", get(tokens::token::page)),
        ("/profile/tokens/{id}/revoke", get(tokens::revoke::page)),
        ("/activity", get(activity::page)),
        ("/docs/api", get(api_docs::page)),
    ]
}

/// Words of the navigation that people type, and the pages that they mean.
const ALIASES: [(&str, &str); 2] = [("/dashboard", "/"), ("/tokens", "/profile#api-tokens")];

/// The same of what is imported: they are not there while nothing is.
pub fn imported_pages() -> [(&'static str, MethodRouter<AppState>); 13] {
    [
        ("/services", get(mirror::list::<Service>)),
        ("/services.csv", get(mirror::csv::<Service>)),
        ("/services/{id}", get(mirror::details::<ServiceDetails>)),
        ("/domains", get(mirror::list::<Domain>)),
        ("/domains.csv", get(mirror::csv::<Domain>)),
        ("/domains/{id}", get(mirror::details::<Domain>)),
        ("/invoices", get(mirror::list::<Invoice>)),
        ("/invoices.csv", get(mirror::csv::<Invoice>)),
        ("/invoices/{id}", get(mirror::details::<InvoiceDetails>)),
        ("/invoices/{id}/document", get(mirror::document)),
        ("/orders", get(mirror::list::<Order>)),
        ("/orders.csv", get(mirror::csv::<Order>)),
        ("/orders/{id}", get(mirror::details::<OrderDetails>)),
    ]
}

fn handler(form: FormRoute) -> MethodRouter<AppState> {
    match form {
        FormRoute::LogIn => post(login::log_in),
        FormRoute::ForgotPassword => post(forgot_password::ask),
        FormRoute::SetPassword => post(set_password::set),
        FormRoute::LogOut => post(login::log_out),
        FormRoute::Theme => post(theme::choose),
        FormRoute::Details => post(details::change),
        FormRoute::Password => post(password::change),
        FormRoute::EndSession => post(sessions::end),
        FormRoute::EndOtherSessions => post(sessions::end_others),
        FormRoute::CreateToken => post(tokens::create::create),
        FormRoute::RenameToken => post(tokens::token::rename),
        FormRoute::RevokeToken => post(tokens::revoke::revoke),
        FormRoute::RevokeAllTokens => post(tokens::revoke::revoke_all),
    }
}

/// All pages and forms.
pub fn routes() -> Router<AppState> {
    let pages = pages();
    let forms = FormRoute::ALL.map(|form| {
        let handler = handler(form).layer(from_fn(own_page::require));
        let is_page = pages.iter().any(|(path, _)| *path == form.path());
        let handler = if is_page {
            handler
        } else {
            handler.merge(way_back(form))
        };
        (form.path(), handler)
    });
    let aliases = ALIASES.map(|(typed, page)| (typed, get(async move || Redirect::to(page))));
    pages
        .into_iter()
        .chain(aliases)
        .chain(imported_pages())
        .chain(forms)
        .fold(Router::new(), |router, (path, handler)| {
            router.route(path, handler)
        })
}

/// Redirects to the section of a form whose path has no page: after an error the browser stays at
/// that path, and the user may reload it.
fn way_back(form: FormRoute) -> MethodRouter<AppState> {
    get(move |_: SessionClient, uri: Uri| async move { Redirect::to(&form.section(uri.path())) })
}

/// The page of the form that was sent to `route`, with what was typed and the error. The error alone
/// for forms without input.
pub async fn again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    route: &str,
    mut request: Request,
    error: AppError,
) -> Result<Response, Refusal> {
    let id = request.extract_parts::<PathId<_>>().await;
    let form = Form::from_request(request, &()).await?;
    match FormRoute::find(route) {
        Some(FormRoute::Details) => details::again(state, renderer, who, &form, error).await,
        Some(FormRoute::Password) => password::again(state, renderer, who, error).await,
        Some(FormRoute::CreateToken) => {
            tokens::create::again(state, renderer, who, &form, error).await
        }
        Some(FormRoute::RenameToken) => {
            let PathId(id) = id?;
            tokens::token::again(state, renderer, who, id, &form, error).await
        }
        _ => Err(error.into()),
    }
}
