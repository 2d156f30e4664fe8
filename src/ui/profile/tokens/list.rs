//! The list of active tokens.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    list_tools::{ListTools, NoMatch},
    listed::{ListedToken, NEVER_USED, UNUSED},
    shared::{Shared, row_button},
};
use crate::{
    model::token::{TokenId, TokenSummary},
    ui::components::{live::Live, slip::Slip, time::LiveMoment},
};

/// A table, whose rows are cards on narrow screens (see `table.css`).
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
                <a href="#token-name">"Create your first token"</a>
                " to connect an integration."
            </p>
        </div>
        <div class="tokens responsive-table" hidden=is_empty>
            <ListTools shared />
            <div class="counted">
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
                            "Can read"
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
                        each=move || shared.rows()
                        key=ListedToken::key
                        children=move |listed| view! { <Row shared listed /> }
                    />
                </tbody>
            </table>
            </div>
            <NoMatch shared />
            {(shared.more.get_untracked() > 0)
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

/// A row, which changes in place: replacing it would take the focus and the selection from it.
#[component]
fn Row(shared: Shared, listed: ListedToken) -> impl IntoView {
    let id = listed.id;
    let token = listed.signal();
    let (hint, last_four) = token.with_untracked(|token| (token.hint(), token.last_four.clone()));
    let scopes = token.with_untracked(|token| token.scopes);
    let now = shared.now.get_untracked();
    let limits = token.with_untracked(|token| token.limits.words(now));
    let name = move || token.with(|token| token.name.to_string());
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="token-name">
                <a href=format!("/profile/tokens/{id}")>
                    <bdi translate="no">
                        <Live text=name />
                    </bdi>
                </a>
                <span class="tag" hidden=move || shared.newest.get() != Some(id)>
                    "New"
                </span>
            </th>
            <td role="cell" data-label="Token">
                <code aria-hidden="true">{hint}</code>
                <span class="visually-hidden">{format!("ends in {last_four}")}</span>
            </td>
            <td role="cell" data-label="Can read">
                {scopes.title()}
                {(!limits.is_empty()).then(|| view! { <span class="quiet">{limits}</span> })}
            </td>
            <td role="cell" data-label="Created">
                <LiveMoment
                    moment=Signal::derive(move || Some(token.with(|token| token.created_at)))
                    now=shared.now
                />
            </td>
            <td role="cell" data-label="Last used">
                <LastUse shared token />
            </td>
            <td role="cell" class="actions">
                <RevokeButton shared id token />
            </td>
        </tr>
    }
}

#[component]
fn LastUse(shared: Shared, token: RwSignal<TokenSummary>) -> impl IntoView {
    let is_unused = move || token.with(|token| token.last_used_at.is_none());
    let is_stale = move || token.with(|token| token.is_stale(shared.now.get()));
    let is_uncopied = move || is_unused() && token.with(|token| shared.kept.is_uncopied(token.id));
    view! {
        <LiveMoment
            moment=Signal::derive(move || token.with(|token| token.last_used_at))
            now=shared.now
        />
        {untrack(is_unused)
            .then(|| {
                view! {
                    <span class="quiet" hidden=move || !is_unused()>
                        <Live text=move || if is_unused() { NEVER_USED } else { "" } />
                    </span>
                    <span class="tag warn" hidden=move || !is_uncopied()>
                        "Not copied"
                    </span>
                }
            })}
        {untrack(is_stale)
            .then(|| {
                view! {
                    <span class="tag warn stale" hidden=move || !is_stale()>
                        {UNUSED}
                    </span>
                }
            })}
    }
}

/// Opens the revoke dialog; without WebAssembly, the page that asks the same.
#[component]
fn RevokeButton(shared: Shared, id: TokenId, token: RwSignal<TokenSummary>) -> impl IntoView {
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        shared.revoking.set(Some(token.get_untracked()));
    };
    view! {
        <form method="get" action=format!("/profile/tokens/{id}/revoke") on:submit=on_submit>
            <button
                type="submit"
                id=row_button(id)
                class="button small danger"
                aria-label=move || token.with(|token| format!("Revoke {}", token.name))
            >
                "Revoke"
            </button>
        </form>
    }
}
