//! When a token was last used, in the lists of tokens.

use leptos::prelude::*;

use super::listed::NEVER_USED;
use crate::{
    model::{timestamp::Timestamp, token::TokenSummary},
    ui::components::time::Moment,
};

/// `Last used 2 Nov 2026, 3 days ago`, or `Never used`.
#[component]
pub fn LastUsed(token: TokenSummary, now: Timestamp) -> impl IntoView {
    view! {
        <span class="quiet">
            {match token.last_used_at {
                Some(moment) => view! { "Last used " <Moment moment now /> }.into_any(),
                None => NEVER_USED.into_any(),
            }}
        </span>
    }
}
