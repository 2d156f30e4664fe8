//! The list of active tokens.

use leptos::{either::Either, ev::SubmitEvent, prelude::*};

use super::shared::{Shared, row_button};
use crate::{
    model::token::TokenSummary,
    ui::components::{live::Live, slip::Slip, time::Moment},
};

/// A table; on narrow screens its rows are cards. The roles keep it a table there.
#[component]
pub fn TokenList(shared: Shared) -> impl IntoView {
    let is_empty = move || shared.active() == 0;
    view! {
        <div class="empty" hidden=move || !is_empty()>
            <Slip />
            <p>
                <strong>"You have no API tokens yet."</strong>
            </p>
            <p class="quiet">
                "A token is a password for one integration. "
                <a href="#token-name">"Name your first one"</a> "."
            </p>
        </div>
        <div class="tokens" hidden=is_empty>
            <p class="count">
                <Live text=move || format!("{} of {}", shared.active(), shared.limit) />
            </p>
            <table role="table">
                <caption>"Active API tokens"</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">
                            "Name"
                        </th>
                        <th role="columnheader" scope="col">
                            "Token"
                        </th>
                        <th role="columnheader" scope="col">
                            "Created"
                        </th>
                        <th role="columnheader" scope="col">
                            "Last used"
                        </th>
                        <th role="columnheader" scope="col">
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For
                        each=move || shared.tokens.get()
                        key=|token| (token.id, token.last_four.clone(), token.last_used_at)
                        children=move |token| view! { <Row shared token /> }
                    />
                </tbody>
            </table>
            {(shared.more > 0)
                .then(|| {
                    view! {
                        <p class="more">
                            "These are the newest. "
                            <a href="/profile/tokens/all">"All API tokens"</a>
                        </p>
                    }
                })}
            <p class="revoke-all" hidden=move || { shared.active() < 2 }>
                <a href="/profile/tokens/revoke-all">"Revoke all tokens"</a>
            </p>
        </div>
    }
}

#[component]
fn Row(shared: Shared, token: TokenSummary) -> impl IntoView {
    let id = token.id;
    let now = shared.now;
    let is_stale = token.is_stale(now);
    let action = format!("/profile/tokens/{id}/revoke");
    let asked = token.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        shared.revoking.set(Some(asked.clone()));
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="token-name">
                <a href=format!("/profile/tokens/{id}")>
                    <bdi translate="no">{token.name.to_string()}</bdi>
                </a>
                <span class="tag" hidden=move || shared.newest.get() != Some(id)>
                    "New"
                </span>
            </th>
            <td role="cell" data-label="Token">
                <code aria-hidden="true">{token.hint()}</code>
                <span class="visually-hidden">{format!("ends in {}", token.last_four)}</span>
            </td>
            <td role="cell" data-label="Created">
                <Moment moment=token.created_at now />
            </td>
            <td role="cell" data-label="Last used">
                {match token.last_used_at {
                    Some(moment) => Either::Left(view! { <Moment moment now /> }),
                    None => Either::Right(view! { <span class="quiet">"Never used"</span> }),
                }}
                {is_stale
                    .then(|| view! { <span class="tag warn stale">"Not used for 3 months"</span> })}
            </td>
            <td role="cell" class="actions">
                <form method="get" action=action on:submit=on_submit>
                    <button
                        type="submit"
                        id=row_button(id)
                        class="button small danger"
                        aria-label=format!("Revoke {}", token.name)
                    >
                        "Revoke"
                    </button>
                </form>
            </td>
        </tr>
    }
}
