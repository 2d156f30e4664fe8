//! Uses of tokens from where they do not work.

use crate::{
    model::timestamp::Timestamp,
    server::{
        actor::Actor,
        error::chain,
        state::AppState,
        store::{StoreError, ValidToken},
    },
};

/// Writes a refused use to the audit trail, beside the request: the response is the same as to an unknown token, and comes as
/// soon.
pub(super) fn record(state: &AppState, token: &ValidToken, actor: Actor, now: Timestamp) {
    let (store, client, id) = (state.store.clone(), token.client.id, token.id);
    tokio::spawn(async move {
        let recorded: Result<(), StoreError> = store.record_refusal(client, id, actor, now).await;
        if let Err(error) = recorded {
            tracing::warn!(cause = %chain(&error), token = id.0, "a refused use of a token could not be written down");
        }
    });
}
