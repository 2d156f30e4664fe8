//! Revoked tokens.

use leptos::prelude::*;

use crate::{
    model::{timestamp::Timestamp, token::RevokedToken},
    ui::components::time::Moment,
};

/// A list of recently revoked tokens; nothing if there are none.
#[component]
pub fn RecentlyRevoked(revoked: Vec<RevokedToken>, more: usize, now: Timestamp) -> impl IntoView {
    (!revoked.is_empty()).then(|| {
        let rows = revoked.iter().map(|revoked| {
            view! {
                <li>
                    <bdi>{revoked.token.name.to_string()}</bdi>
                    <code>{revoked.token.hint()}</code>
                    <span class="quiet">"Revoked " <Moment moment=revoked.revoked_at now /></span>
                </li>
            }
        });
        view! {
            <details class="revoked">
                <summary>{format!("Recently revoked ({})", revoked.len() + more)}</summary>
                <ul>{rows.collect_view()}</ul>
                {(more > 0)
                    .then(|| view! { <p class="more">{format!("… and {more} more, in all activity.")}</p> })}
            </details>
        }
    })
}
