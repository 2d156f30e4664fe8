//! The button that tests a new token.

use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestCredentials, RequestInit, Response};

use crate::ui::components::live::Live;

/// The state of the test.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Untested,
    Pending,
    /// The server has accepted the token of the client with this name.
    Works {
        name: String,
    },
    Refused {
        status: u16,
        message: String,
    },
    NoResponse,
}

impl State {
    fn sentence(&self) -> String {
        match self {
            Self::Untested | Self::Pending => String::new(),
            Self::Works { name } => format!("It works. Authenticated as {name}."),
            Self::Refused { status: 401, .. } => {
                "This token was rejected (401). It may have been revoked.".to_owned()
            }
            Self::Refused { status, message } => {
                format!("The server responded with {status}: {message}")
            }
            Self::NoResponse => "No response. Check your connection and try again.".to_owned(),
        }
    }
}

/// A button that calls `GET /api/v1/me` with the token, and the result.
#[component]
pub fn TestToken<S, W>(
    /// The token in full, as long as it is shown.
    secret: S,
    /// Called once the server has accepted it; by then it may no longer be shown.
    on_works: W,
) -> impl IntoView
where
    S: Fn() -> Option<String> + Copy + 'static,
    W: Fn() + Copy + 'static,
{
    let state = RwSignal::new(State::Untested);
    let is_pending = move || state.with(|state| *state == State::Pending);
    let on_click = move |_| {
        if untrack(is_pending) {
            return;
        }
        let Some(secret) = secret() else { return };
        state.set(State::Pending);
        spawn_local(async move {
            let result = call(&secret).await.unwrap_or(State::NoResponse);
            if matches!(result, State::Works { .. }) {
                on_works();
            }
            state.set(result);
        });
    };
    let works = move || state.with(|state| matches!(state, State::Works { .. }));
    let has_failed =
        move || state.with(|state| matches!(state, State::Refused { .. } | State::NoResponse));
    view! {
        <div class="test-token">
            <button
                type="button"
                class="button"
                aria-disabled=move || is_pending().then_some("true")
                on:click=on_click
            >
                <Live text=move || if is_pending() { "Testing…" } else { "Test this token" } />
            </button>
            <p class="outcome" class:works=works class:failed=has_failed role="status">
                <Live text=move || state.with(State::sentence) />
            </p>
        </div>
    }
}

/// The part of a success that is shown.
#[derive(Deserialize)]
struct Me {
    data: Client,
}

#[derive(Deserialize)]
struct Client {
    name: String,
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// Calls the API as an integration does: with the token alone, without the session's cookie.
async fn call(secret: &str) -> Result<State, JsValue> {
    let headers = Headers::new()?;
    headers.set("Authorization", &format!("Bearer {secret}"))?;
    headers.set("Accept", "application/json")?;
    let options = RequestInit::new();
    options.set_headers(&headers);
    options.set_credentials(RequestCredentials::Omit);
    options.set_cache(RequestCache::NoStore);
    let response = JsFuture::from(window().fetch_with_str_and_init("/api/v1/me", &options)).await?;
    let response: Response = response.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    let body = body.as_string().unwrap_or_default();
    if let (true, Ok(me)) = (response.ok(), serde_json::from_str::<Me>(&body)) {
        return Ok(State::Works { name: me.data.name });
    }
    let message = serde_json::from_str(&body).map_or_else(
        |_| "unexpected response".to_owned(),
        |refusal: Refusal| refusal.message,
    );
    Ok(State::Refused {
        status: response.status(),
        message,
    })
}
