//! The choice of until when and from where a new token works.
//!
//! The server alone renders it, so that the browser's side stays small; the island reads its fields, and shows their errors,
//! by their ids.

use leptos::{prelude::*, wasm_bindgen::JsCast};
use web_sys::HtmlInputElement;

use super::AskedToken;
use crate::model::{
    error::AppError,
    field,
    timestamp::{DAY, Timestamp},
};

/// The fields.
pub const FIELDS: [&str; 2] = [field::EXPIRES_ON, field::ALLOWED_ADDRESSES];

fn input(name: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(name)?.dyn_into().ok()
}

/// What was typed into one of them.
pub fn typed(name: &str) -> String {
    input(name).map(|input| input.value()).unwrap_or_default()
}

/// Empties them.
pub fn clear() {
    for input in FIELDS.into_iter().filter_map(input) {
        input.set_value("");
    }
}

/// Shows what is wrong with one of them, or that nothing is.
pub fn show_error(name: &str, error: Option<&str>) {
    let Some(shown) = document().get_element_by_id(&error_id(name)) else {
        return;
    };
    shown.set_text_content(error);
    // Setting attributes of these names does not fail.
    let _ = shown.toggle_attribute_with_force("hidden", error.is_none());
    if let Some(input) = input(name) {
        let _ = input.set_attribute(
            "aria-invalid",
            if error.is_some() { "true" } else { "false" },
        );
    }
}

fn error_id(name: &str) -> String {
    [name, "-error"].concat()
}

/// Both fields, closed unless something is in them.
#[component]
pub fn Limits(
    /// What was typed.
    asked: AskedToken,
    /// Why no token was created.
    error: Option<AppError>,
    /// The address of a proxy that the server does not know, if requests seem to come through one.
    proxy: Option<String>,
    /// When the page was rendered.
    now: Timestamp,
) -> AnyView {
    let is_open = !asked.expires_on.is_empty() || !asked.allowed_addresses.is_empty();
    // The first midnight that is a day away.
    let first = Timestamp::from_unix((now.unix().div_euclid(DAY) + 2).saturating_mul(DAY));
    let first = first.rfc3339()[..10].to_owned();
    let error_of = |name: &str| error.as_ref()?.of_field(name).map(ToOwned::to_owned);
    view! {
        <details class="scopes" open=is_open>
            <summary>"Limits"</summary>
            <LimitField
                name=field::EXPIRES_ON
                label="Expires on"
                kind="date"
                min=first
                value=asked.expires_on
                error=error_of(field::EXPIRES_ON)
                hint="Optional. The token stops working when this day begins, at 00:00 UTC. Without a date it never expires."
            />
            <LimitField
                name=field::ALLOWED_ADDRESSES
                label="Allowed IP addresses"
                kind="text"
                value=asked.allowed_addresses
                error=error_of(field::ALLOWED_ADDRESSES)
                hint="Optional. Up to 20 addresses or networks, such as 203.0.113.7, 2001:db8::/48. From anywhere else the token is refused."
            />
            {proxy
                .map(|address| {
                    view! {
                        <p class="callout warn">
                            {format!(
                                "Your requests seem to come through a proxy that this portal isn't set up for: it sees {address} instead of your IP address. Ask your provider before you allow addresses.",
                            )}
                        </p>
                    }
                })}
            <p class="hint">"This cannot be changed afterwards."</p>
        </details>
    }
    .into_any()
}

/// A field, and what is wrong with it.
#[component]
fn LimitField(
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    #[prop(optional)] min: Option<String>,
    value: String,
    error: Option<String>,
    hint: &'static str,
) -> AnyView {
    let is_wrong = error.is_some();
    let hint_id = format!("{name}-hint");
    let described_by = format!("{} {hint_id}", error_id(name));
    view! {
        <div class="limit">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                min=min
                autocomplete="off"
                spellcheck="false"
                value=value
                aria-describedby=described_by
                aria-invalid=is_wrong.then_some("true")
            />
            <p id=error_id(name) class="field-error" hidden=!is_wrong>
                {error}
            </p>
            <p id=hint_id class="hint">
                {hint}
            </p>
        </div>
    }
    .into_any()
}
