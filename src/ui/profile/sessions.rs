//! The client's sessions.

use leptos::prelude::*;

use crate::{
    model::{
        client::ClientId,
        field,
        session::{SessionId, SessionSummary},
        timestamp::Timestamp,
    },
    ui::{components::time::Moment, form::PostForm},
};

/// The client's sessions, each with a button to end it.
#[component]
pub fn Sessions(
    client: ClientId,
    sessions: Vec<SessionSummary>,
    more: usize,
    this_session: SessionId,
    now: Timestamp,
) -> impl IntoView {
    let has_others = sessions.len() > 1;
    let rows = sessions.into_iter().map(|session| {
        let is_this = session.id == this_session;
        let device = session.device();
        let address = session.address.map(|address| address.to_string());
        let name = if is_this {
            format!("{device} (this device)")
        } else {
            // This tells apart two devices of the same kind.
            let at = address.as_ref().map(|address| format!(" at {address}"));
            let at = at.unwrap_or_default();
            format!("{device}{at}, last active {}", session.last_seen_at.ago(now))
        };
        view! {
            <li>
                <div>
                    <p>
                        <strong>{device}</strong>
                        {is_this.then(|| view! { <span class="tag">"This device"</span> })}
                    </p>
                    <p class="quiet">
                        {address.map(|address| format!("{address} · "))} "Logged in " <Moment moment=session.created_at now /> " · Last active "
                        <Moment moment=session.last_seen_at now />
                    </p>
                </div>
                {if is_this {
                    // Not an end of a session from elsewhere, so the login page does not tell of one.
                    view! {
                        <PostForm client action="/logout">
                            <LogOut name />
                        </PostForm>
                    }
                        .into_any()
                } else {
                    view! {
                        <PostForm client action="/profile/sessions/end">
                            <input type="hidden" name=field::ID value=session.id.0 />
                            <LogOut name />
                        </PostForm>
                    }
                        .into_any()
                }}
            </li>
        }
    });
    view! {
        <ul class="sessions">{rows.collect_view()}</ul>
        {(more > 0).then(|| view! { <p class="quiet">{format!("… and {more} more.")}</p> })}
        {has_others
            .then(|| {
                view! {
                    <PostForm client action="/profile/sessions/end-others">
                        <button type="submit" class="button">
                            "Log out all other sessions"
                        </button>
                    </PostForm>
                }
            })}
    }
}

#[component]
fn LogOut(name: String) -> impl IntoView {
    view! {
        <button type="submit" class="button small" aria-label=format!("Log out {name}")>
            "Log out"
        </button>
    }
}
