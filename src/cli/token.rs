//! `opentill token …`

use serde::Serialize;

use super::{
    CommandError, TokenCommand,
    listing::Listing,
    print,
    signals::{self, Stage},
};
use crate::{
    model::{
        timestamp::Timestamp,
        token::{TokenId, TokenSummary},
    },
    server::{state::AppState, store::Revocation, tokens},
};

/// A token as scripts read it.
#[derive(Serialize)]
struct Listed {
    id: i64,
    name: String,
    hint: String,
    created_at: String,
    last_used_at: Option<String>,
}

impl From<TokenSummary> for Listed {
    fn from(token: TokenSummary) -> Self {
        Self {
            id: token.id.0,
            hint: token.hint(),
            name: token.name.to_string(),
            created_at: token.created_at.rfc3339(),
            last_used_at: token.last_used_at.map(Timestamp::rfc3339),
        }
    }
}

/// Does what was asked.
pub async fn execute(state: &AppState, command: TokenCommand) -> Result<(), CommandError> {
    match command {
        TokenCommand::List { client, json } => {
            let mut listing = Listing::new(json);
            for token in tokens::list_of(state, &client).await? {
                listing.add(&Listed::from(token), line)?;
            }
            listing.end()
        }
        TokenCommand::Revoke { id } => {
            signals::at(Stage::During);
            print::done(&match tokens::revoke_any(state, TokenId(id)).await? {
                Revocation::Revoked(token) => format!("{} was revoked.", token.name),
                Revocation::AlreadyRevoked(token) => {
                    format!("{} had been revoked before.", token.name)
                }
            });
            Ok(())
        }
    }
}

fn line(token: &Listed) -> String {
    let last_used = token.last_used_at.as_deref().unwrap_or("never used");
    format!(
        "{}\t{}\t{}\t{}\t{last_used}",
        token.id, token.hint, token.name, token.created_at
    )
}
