//! `opentill token …`

use clap::Subcommand;
use serde::Serialize;

use super::{
    error::CommandError,
    listing::Listing,
    print,
    stop::{self, Stage},
};
use crate::{
    model::{
        client::Email,
        scopes::Scopes,
        timestamp::Timestamp,
        token::{TokenId, TokenSummary},
    },
    server::{state::AppState, store::Revocation, tokens},
};

#[derive(Subcommand)]
pub enum TokenCommand {
    /// List a client's active tokens
    List {
        /// The client's email
        #[arg(long)]
        client: Email,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token; it stops working at once, also on a running server
    Revoke {
        /// The token's number, as `token list` shows it
        id: i64,
    },
}

/// A token in the JSON that `--json` prints.
#[derive(Serialize)]
struct Listed {
    id: i64,
    name: String,
    hint: String,
    created_at: String,
    last_used_at: Option<String>,
    scopes: Scopes,
}

impl From<TokenSummary> for Listed {
    fn from(token: TokenSummary) -> Self {
        Self {
            id: token.id.0,
            hint: token.hint(),
            name: token.name.to_string(),
            created_at: token.created_at.rfc3339(),
            last_used_at: token.last_used_at.map(Timestamp::rfc3339),
            scopes: token.scopes,
        }
    }
}

/// Executes the command.
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
            stop::set_stage(Stage::During);
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
        "{}\t{}\t{}\t{}\t{last_used}\t{}",
        token.id, token.hint, token.name, token.created_at, token.scopes
    )
}
