//! Rows of the audit trail.

use super::row;
use crate::{
    model::{
        activity::{Activity, TokenMention},
        address::Address,
        scopes::Scopes,
        timestamp::Timestamp,
        token::TokenId,
    },
    server::store::StoreError,
};

/// The columns of an [`ActivityRow`]. They are listed because a later version may add some while this one serves.
pub const ACTIVITY_COLUMNS: &str = "id, at, event, who, token_id, token_name, token_last_four, \
     token_scopes, token_expires_at, address, user_agent, request_id";

row! {
    record pub struct ActivityRow {
        id: i64,
        at: i64,
        event: String,
        who: String,
        token_id: Option<i64>,
        token_name: Option<String>,
        token_last_four: Option<String>,
        token_scopes: Option<String>,
        token_expires_at: Option<i64>,
        address: Option<String>,
        user_agent: String,
        request_id: Option<String>,
    }
}

impl ActivityRow {
    pub fn into_activity(self) -> Result<Activity, StoreError> {
        let bad_row = || StoreError::BadRow {
            table: "activity",
            id: self.id,
        };
        let token = match (self.token_id, self.token_name, self.token_last_four) {
            (Some(id), Some(name), Some(last_four)) => Some(TokenMention {
                id: TokenId(id),
                name,
                last_four,
                scopes: Scopes::from_column(self.token_scopes.as_deref()).map_err(|_| bad_row())?,
                expires_at: self.token_expires_at.map(Timestamp::from_unix),
            }),
            _ => None,
        };
        let address = self.address.map(|address| address.parse::<Address>());
        Ok(Activity {
            id: self.id,
            at: Timestamp::from_unix(self.at),
            event: self.event.parse().map_err(|()| bad_row())?,
            who: self.who.parse().map_err(|()| bad_row())?,
            token,
            address: address.transpose().map_err(|_| bad_row())?,
            user_agent: self.user_agent,
            request_id: self.request_id,
        })
    }
}
