//! The pages: each loads its data, then renders.

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get},
};
use rand::distr::{Alphanumeric, SampleString};

use super::{cookie, portal::next::Next, refusal::Refusal, render::Renderer, said::Said};
use crate::{
    model::{client::ClientStatus, error::AppError, token::TokenId},
    server::{
        activity, clients,
        error::Failure,
        overview,
        session::{SessionClient, Visitor},
        state::AppState,
        store::TrailPart,
        tokens,
    },
    ui::{
        dashboard::Dashboard,
        login::LoginForm,
        profile::{
            Profile,
            activity::Trail,
            details::DetailsForm,
            tokens::{
                TokenForm, all_page::AllTokens, revoke_all_page::RevokeAllQuestion,
                revoke_page::RevokeQuestion, token_page::TokenDetails,
            },
        },
    },
};

type Page = Result<Response, Refusal>;

/// Tokens on a page that lists all of them.
const LISTED: u32 = 100;

/// Every address that is read, not sent to, and what is shown there.
pub fn pages() -> [(&'static str, MethodRouter<AppState>); 9] {
    [
        ("/", get(dashboard)),
        ("/login", get(login)),
        ("/profile", get(profile)),
        ("/profile/tokens/all", get(all_tokens)),
        ("/profile/tokens/revoke-all", get(revoke_all)),
        ("/profile/tokens/{id}", get(token)),
        ("/profile/tokens/{id}/revoke", get(revoke)),
        ("/activity", get(activity_page)),
        ("/docs/api", get(api_docs)),
    ]
}

async fn dashboard(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
) -> Page {
    let data = Dashboard {
        client: who.client().clone(),
        tokens: tokens::count(&state, &who).await?,
        last_call: tokens::last_call(&state, &who).await?,
        now: state.clock.now(),
    };
    Ok(renderer
        .page("/", &Visitor::Client(who), StatusCode::OK, data)
        .await)
}

async fn login(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Page {
    let next = Next::parse(&query_value(query.as_deref(), "next"));
    match visitor {
        Visitor::Client(_) => Ok(Redirect::to(next.as_str()).into_response()),
        Visitor::Unknown(error) => Err(error.into()),
        Visitor::Anonymous => {
            let public_url = &state.config.public_url;
            let said = Said::read(&headers, None, public_url);
            // The browser still has the cookie of a session that is over.
            let was_signed_out = cookie::read(&headers, public_url).is_some();
            let notice = said.done.map(|done| done.sentence().to_owned());
            let form = LoginForm {
                next: next.to_field(),
                notice: notice
                    .or_else(|| was_signed_out.then(|| AppError::Unauthenticated.to_string())),
                ..LoginForm::default()
            };
            let page = renderer
                .page("/login", &visitor, StatusCode::OK, form)
                .await;
            Ok(said.once(page))
        }
    }
}

async fn profile(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    headers: HeaderMap,
) -> Page {
    let mut data = profile_data(&state, &who).await?;
    let said = Said::read(&headers, Some(&who), &state.config.public_url);
    data.done = said.done;
    let page = renderer
        .page("/profile", &Visitor::Client(who), StatusCode::OK, data)
        .await;
    Ok(said.once(page))
}

/// What the Profile page shows when nothing has gone wrong on it.
pub async fn profile_data(state: &AppState, who: &SessionClient) -> Result<Profile, Failure> {
    let overview = overview::get(state, who).await?;
    let in_all = overview.in_all;
    Ok(Profile {
        client: who.client().clone(),
        details_form: DetailsForm::of(who.client(), clients::version(&who.client().clone().into())),
        activity: overview.activity,
        more_sessions: in_all.sessions.saturating_sub(overview.sessions.len()),
        sessions: overview.sessions,
        this_session: who.session(),
        more_tokens: in_all.tokens.saturating_sub(overview.tokens.len()),
        tokens: overview.tokens,
        more_revoked: in_all.revoked.saturating_sub(overview.revoked.len()),
        revoked: overview.revoked,
        token_limit: state.config.max_tokens,
        token_form: TokenForm {
            name: String::new(),
            // Nobody else may hit upon it, but it is no secret: the system need not be asked for each letter.
            idempotency_key: Alphanumeric.sample_string(&mut rand::rng(), 22),
            error: None,
        },
        password_error: None,
        done: None,
        now: state.clock.now(),
    })
}

async fn revoke(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    Path(id): Path<String>,
) -> Page {
    let id = TokenId(id.parse().map_err(|_| AppError::NotFound)?);
    let token = tokens::get(&state, &who, id).await?;
    let data = RevokeQuestion {
        token,
        now: state.clock.now(),
    };
    let path = format!("/profile/tokens/{id}/revoke");
    Ok(renderer
        .page(&path, &Visitor::Client(who), StatusCode::OK, data)
        .await)
}

async fn revoke_all(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
) -> Page {
    let overview = overview::get(&state, &who).await?;
    let data = RevokeAllQuestion {
        more: overview.in_all.tokens.saturating_sub(overview.tokens.len()),
        tokens: overview.tokens,
        now: state.clock.now(),
    };
    let path = "/profile/tokens/revoke-all";
    Ok(renderer
        .page(path, &Visitor::Client(who), StatusCode::OK, data)
        .await)
}

async fn token(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Page {
    let id = TokenId(id.parse().map_err(|_| AppError::NotFound)?);
    let mut data = token_data(&state, &who, id).await?;
    let said = Said::read(&headers, Some(&who), &state.config.public_url);
    data.done = said.done;
    let path = format!("/profile/tokens/{id}");
    let page = renderer
        .page(&path, &Visitor::Client(who), StatusCode::OK, data)
        .await;
    Ok(said.once(page))
}

/// What a token's own page shows when nothing has gone wrong on it.
pub async fn token_data(
    state: &AppState,
    who: &SessionClient,
    id: TokenId,
) -> Result<TokenDetails, Failure> {
    let token = tokens::get(state, who, id).await?;
    Ok(TokenDetails {
        typed: token.name.to_string(),
        old_name: token.name.to_string(),
        token,
        usage: tokens::usage(state, who, id).await?,
        can_rename: who.client().status == ClientStatus::Active,
        error: None,
        done: None,
        now: state.clock.now(),
    })
}

async fn all_tokens(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    RawQuery(query): RawQuery,
) -> Page {
    let before = number_in(query.as_deref(), "before").map(TokenId);
    let mut tokens = tokens::list(&state, &who, before, LISTED + 1).await?;
    let has_more = tokens.len() > LISTED as usize;
    tokens.truncate(LISTED as usize);
    let data = AllTokens {
        tokens,
        has_more,
        is_first: before.is_none(),
        now: state.clock.now(),
    };
    let path = "/profile/tokens/all";
    Ok(renderer
        .page(path, &Visitor::Client(who), StatusCode::OK, data)
        .await)
}

async fn activity_page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    RawQuery(query): RawQuery,
) -> Page {
    let part = TrailPart {
        before: number_in(query.as_deref(), "before"),
        event: query_value(query.as_deref(), "event").parse().ok(),
    };
    let (lines, has_more) = activity::page(&state, &who, part).await?;
    let data = Trail {
        lines,
        event: part.event,
        is_first: part.before.is_none(),
        has_more,
        now: state.clock.now(),
    };
    Ok(renderer
        .page("/activity", &Visitor::Client(who), StatusCode::OK, data)
        .await)
}

async fn api_docs(Extension(renderer): Extension<Renderer>, visitor: Visitor) -> Response {
    renderer
        .page("/docs/api", &visitor, StatusCode::OK, ())
        .await
}

/// A number in an address; none if it is not one, as if it were not there.
fn number_in(query: Option<&str>, name: &str) -> Option<i64> {
    query_value(query, name).parse().ok()
}

fn query_value(query: Option<&str>, name: &str) -> String {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
