//! Trying a token at once, so that nobody wonders later whether it was ever good.

use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestCredentials, RequestInit, Response};

use crate::ui::components::live::Live;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Works { name: String },
    Refused { status: u16, message: String },
    NoAnswer,
}

impl Outcome {
    fn sentence(&self) -> String {
        match self {
            Self::Works { name } => format!("Works. Signed in as {name}."),
            Self::Refused { status, message } => {
                format!("The server answered {status}: {message}")
            }
            Self::NoAnswer => "No answer came. Check the connection and try again.".to_owned(),
        }
    }
}

/// A button that calls `GET /api/v1/me` with the token, and what the server said.
#[component]
pub fn TestToken<S, W>(
    /// The token in full, as long as it is on show.
    secret: S,
    /// Called once the server has taken it; the token may be off the screen by then.
    on_works: W,
) -> impl IntoView
where
    S: Fn() -> Option<String> + Copy + 'static,
    W: Fn() + Copy + 'static,
{
    let outcome = RwSignal::new(None::<Outcome>);
    let is_pending = RwSignal::new(false);
    let on_click = move |_| {
        if is_pending.get_untracked() {
            return;
        }
        let Some(secret) = secret() else { return };
        is_pending.set(true);
        outcome.set(None);
        spawn_local(async move {
            let came = call(&secret).await.unwrap_or(Outcome::NoAnswer);
            is_pending.set(false);
            if matches!(came, Outcome::Works { .. }) {
                on_works();
            }
            outcome.set(Some(came));
        });
    };
    let works = move || outcome.with(|o| matches!(o, Some(Outcome::Works { .. })));
    let failed = move || outcome.with(Option::is_some) && !works();
    view! {
        <div class="test-token">
            <button
                type="button"
                class="button"
                aria-disabled=move || is_pending.get().then_some("true")
                on:click=on_click
            >
                <Live text=move || if is_pending.get() { "Testing…" } else { "Test this token" } />
            </button>
            <p class="outcome" class:works=works class:failed=failed role="status">
                <Live text=move || outcome.with(|o| o.as_ref().map(Outcome::sentence)).unwrap_or_default() />
            </p>
        </div>
    }
}

/// The part of the answer that is shown.
#[derive(Deserialize)]
struct Me {
    data: Named,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// Calls as an integration would: by the token alone, without the session's cookie.
async fn call(secret: &str) -> Result<Outcome, JsValue> {
    let headers = Headers::new()?;
    headers.set("Authorization", &format!("Bearer {secret}"))?;
    headers.set("Accept", "application/json")?;
    let options = RequestInit::new();
    options.set_headers(&headers);
    options.set_credentials(RequestCredentials::Omit);
    options.set_cache(RequestCache::NoStore);
    let answer = JsFuture::from(window().fetch_with_str_and_init("/api/v1/me", &options)).await?;
    let answer: Response = answer.dyn_into()?;
    let body = JsFuture::from(answer.text()?).await?;
    let body = body.as_string().unwrap_or_default();
    if let (true, Ok(me)) = (answer.ok(), serde_json::from_str::<Me>(&body)) {
        return Ok(Outcome::Works { name: me.data.name });
    }
    let message = serde_json::from_str(&body).map_or_else(
        |_| "that is not an answer of ours.".to_owned(),
        |refusal: Refusal| refusal.message,
    );
    Ok(Outcome::Refused {
        status: answer.status(),
        message,
    })
}
