//! `opentill token …`

use clap::Subcommand;
use serde::Serialize;

use super::{
    error::{CommandError, or_missing},
    listing::{Listing, or_none},
    print,
    stop::{self, Stage},
};
use crate::{
    model::{
        client::Email,
        number::counted,
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
        #[arg(long, visible_alias = "email")]
        client: Email,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token, or all tokens of a client; they stop working immediately, also on a running server
    Revoke {
        /// The token's ID, as `token list` shows it
        #[arg(value_parser = id, required_unless_present = "all", conflicts_with = "all")]
        id: Option<TokenId>,
        /// Revoke all active tokens of the client
        #[arg(long, requires = "client")]
        all: bool,
        /// Email of the client, with --all
        #[arg(long, visible_alias = "email", requires = "all")]
        client: Option<Email>,
    },
}

fn id(typed: &str) -> Result<TokenId, &'static str> {
    let id = typed.parse().map(TokenId);
    id.map_err(|_| "expected the number that `opentill token list` shows")
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
    expires_at: Option<String>,
    allowed_addresses: Vec<String>,
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
            expires_at: token.limits.expires_at.map(Timestamp::rfc3339),
            allowed_addresses: token.limits.allowed.iter().map(str::to_owned).collect(),
        }
    }
}

/// Executes the command.
pub async fn execute(state: &AppState, command: TokenCommand) -> Result<(), CommandError> {
    match command {
        TokenCommand::List { client, json } => {
            let headings = [
                "id",
                "token",
                "name",
                "created",
                "last used",
                "can read",
                "expires",
                "only from",
            ];
            let mut listing = Listing::new("active tokens", json, &headings);
            for token in tokens::list_of(state, &client).await? {
                listing.add(&Listed::from(token), cells)?;
            }
            listing.end()
        }
        TokenCommand::Revoke { id, client, .. } => {
            stop::set_stage(Stage::During);
            print::done(&match (id, client) {
                (Some(id), _) => revoke(state, id).await?,
                (None, Some(client)) => revoke_all(state, &client).await?,
                (None, None) => return Err(CommandError::Refused("nothing to revoke".to_owned())),
            });
            Ok(())
        }
    }
}

async fn revoke(state: &AppState, id: TokenId) -> Result<String, CommandError> {
    let revoked = tokens::revoke_any(state, id).await;
    Ok(
        match or_missing(revoked, || format!("no token with the ID {id}"))? {
            Revocation::Revoked(token) => format!("Token “{}” was revoked.", token.name),
            Revocation::AlreadyRevoked(token) => {
                format!(
                    "Token “{}” was already revoked. Nothing changed.",
                    token.name
                )
            }
        },
    )
}

async fn revoke_all(state: &AppState, client: &Email) -> Result<String, CommandError> {
    let revoked = tokens::revoke_all_of(state, client).await?;
    if revoked.is_empty() {
        return Ok(format!("{client} has no active tokens. Nothing changed."));
    }
    let names = revoked
        .iter()
        .map(|token| format!("\n{}\t{}", token.id, token.name));
    let count = u64::try_from(revoked.len()).unwrap_or(u64::MAX);
    Ok(format!(
        "{} of {client} revoked:{}",
        counted(count, "token"),
        names.collect::<String>()
    ))
}

fn cells(token: &Listed) -> Vec<String> {
    let allowed = token.allowed_addresses.join(" ");
    let allowed = Some(allowed).filter(|all| !all.is_empty());
    vec![
        token.id.to_string(),
        token.hint.clone(),
        token.name.clone(),
        token.created_at.clone(),
        or_none(token.last_used_at.as_ref()),
        token.scopes.to_string(),
        or_none(token.expires_at.as_ref()),
        or_none(allowed),
    ]
}
