//! `opentill client …`

mod add;
mod edit;
mod fields;
mod invite;
mod show;

use clap::Subcommand;

use self::{add::Add, edit::Edit};
use super::{
    error::CommandError,
    print,
    stop::{self, Stage},
    terminal::new_password,
};
use crate::{
    model::client::{ClientStatus, Email},
    server::{clients, state::AppState},
};

#[derive(Subcommand)]
pub enum ClientCommand {
    /// Add a client and print its ID
    Add(Box<Add>),
    /// List clients
    List {
        /// Only those with this status: active, suspended or closed
        #[arg(long)]
        status: Option<ClientStatus>,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Show a client's details, and how many sessions and tokens there are
    Show {
        /// The client's email
        #[arg(long, visible_alias = "client")]
        email: Email,
        /// Print a JSON object
        #[arg(long)]
        json: bool,
    },
    /// Change a client's details or login email; an empty value removes what is there
    Edit(Box<Edit>),
    /// Invite a client who has no password to choose one: by mail, or where that is not set with a link that is printed
    Invite {
        /// The client's email
        #[arg(long, visible_alias = "client")]
        email: Email,
    },
    /// Set a password, read from standard input, and end the client's sessions
    SetPassword {
        /// The client's email
        #[arg(long, visible_alias = "client")]
        email: Email,
        /// Accepted for consistency with `client add`: the password is always read from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set what a client may do
    SetStatus {
        /// The client's email
        #[arg(long, visible_alias = "client")]
        email: Email,
        /// active; suspended: log in, read and revoke only; closed: nothing, and sessions end
        #[arg(long)]
        status: ClientStatus,
    },
}

/// Executes the command.
pub async fn execute(state: &AppState, command: ClientCommand) -> Result<(), CommandError> {
    match command {
        ClientCommand::Add(client) => add::execute(state, *client).await,
        ClientCommand::List { status, json } => show::list(state, status, json).await,
        ClientCommand::Show { email, json } => show::show(state, &email, json).await,
        ClientCommand::Edit(edit) => edit::execute(state, *edit).await,
        ClientCommand::Invite { email } => invite::execute(state, &email).await,
        ClientCommand::SetPassword { email, .. } => {
            clients::by_email(state, &email).await?;
            let password = new_password()?;
            stop::set_stage(Stage::During);
            clients::set_password(state, &email, &password).await?;
            print::done(&format!(
                "The password of {email} was set and its sessions were ended."
            ));
            Ok(())
        }
        ClientCommand::SetStatus { email, status } => {
            stop::set_stage(Stage::During);
            let status_word = status.as_str();
            print::done(&if clients::set_status(state, &email, status).await? {
                format!("{email} is now {status_word}.")
            } else {
                format!("{email} is already {status_word}. Nothing changed.")
            });
            Ok(())
        }
    }
}
