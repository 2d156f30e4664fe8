//! `opentill session …`

use clap::Subcommand;
use serde::Serialize;

use super::{
    error::{CommandError, or_missing},
    listing::Listing,
    print,
    stop::{self, Stage},
};
use crate::{
    model::{
        client::Email,
        number::counted,
        session::{SessionId, SessionSummary},
    },
    server::{session, state::AppState},
};

#[derive(Subcommand)]
pub enum SessionCommand {
    /// List a client's sessions: the browsers that are logged in
    List {
        /// The client's email
        #[arg(long, visible_alias = "email")]
        client: Email,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// End a session, or all sessions of a client: each is logged out at its next request
    End {
        /// The session's ID, as `session list` shows it
        #[arg(value_parser = id, required_unless_present = "client", conflicts_with = "client")]
        id: Option<SessionId>,
        /// Email of the client whose sessions all end
        #[arg(long, visible_alias = "email")]
        client: Option<Email>,
    },
}

fn id(typed: &str) -> Result<SessionId, &'static str> {
    let id = typed.parse().map(SessionId);
    id.map_err(|_| "expected the number that `opentill session list` shows")
}

/// A session in the JSON that `--json` prints.
#[derive(Serialize)]
struct Listed {
    id: i64,
    device: String,
    created_at: String,
    last_seen_at: String,
}

impl From<SessionSummary> for Listed {
    fn from(session: SessionSummary) -> Self {
        Self {
            id: session.id.0,
            device: session.device(),
            created_at: session.created_at.rfc3339(),
            last_seen_at: session.last_seen_at.rfc3339(),
        }
    }
}

/// Executes the command.
pub async fn execute(state: &AppState, command: SessionCommand) -> Result<(), CommandError> {
    match command {
        SessionCommand::List { client, json } => {
            let headings = ["id", "logged in", "last active", "device"];
            let mut listing = Listing::new("sessions", json, &headings);
            for session in session::list_of(state, &client).await? {
                listing.add(&Listed::from(session), |session| {
                    vec![
                        session.id.to_string(),
                        session.created_at.clone(),
                        session.last_seen_at.clone(),
                        session.device.clone(),
                    ]
                })?;
            }
            listing.end()
        }
        SessionCommand::End { id, client } => {
            stop::set_stage(Stage::During);
            print::done(&match (id, client) {
                (Some(id), _) => {
                    let ended = session::end_any(state, id).await;
                    or_missing(ended, || format!("no session with the ID {}", id.0))?;
                    format!("Session {} was ended.", id.0)
                }
                (None, Some(client)) => match session::end_all(state, &client).await? {
                    0 => format!("{client} has no sessions. Nothing changed."),
                    ended => format!("{} of {client} ended.", counted(ended, "session")),
                },
                (None, None) => return Err(CommandError::Refused("nothing to end".to_owned())),
            });
            Ok(())
        }
    }
}
