//! Revoked tokens.

use leptos::prelude::*;

use crate::{
    model::{timestamp::Timestamp, token::RevokedToken},
    ui::components::time::Moment,
};

/// A list of recently revoked tokens; empty if there are none.
#[component]
pub fn RecentlyRevoked(revoked: Vec<RevokedToken>, more: usize, now: Timestamp) -> impl IntoView {
    let count = revoked.len() + more;
    let has_expired = revoked.iter().any(|one| one.how() != "Revoked");
    let heading = if has_expired {
        "Recently revoked or expired"
    } else {
        "Recently revoked"
    };
    let rows = revoked.into_iter().map(|revoked| {
        let page = format!("/profile/tokens/{}", revoked.token.id);
        view! {
            <li>
                <a href=page>
                    <bdi>{revoked.token.name.to_string()}</bdi>
                </a>
                <code>{revoked.token.hint()}</code>
                <span class="quiet">{revoked.how()} " " <Moment moment=revoked.revoked_at now /></span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div data-live="revoked">
            {(count > 0)
                .then(|| {
                    view! {
                        <details class="revoked">
                            <summary>{format!("{heading} ({count})")}</summary>
                            <ul class="token-rows">{rows}</ul>
                            {(more > 0)
                                .then(|| {
                                    view! {
                                        <p class="more">
                                            {format!("… and {more} more. ")}
                                            <a href="/activity?event=token_revoked">"All revoked tokens"</a>
                                        </p>
                                    }
                                })}
                        </details>
                    }
                })}
        </div>
    }
}
