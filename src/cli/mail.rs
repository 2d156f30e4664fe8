//! `opentill mail …`

use clap::Subcommand;

use super::{
    error::CommandError,
    listing::{Listing, or_none},
};
use crate::server::{mail, state::AppState};

#[derive(Subcommand)]
pub enum MailCommand {
    /// List mails that were not sent yet, and why
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
}

/// Executes the command.
pub async fn execute(state: &AppState, command: MailCommand) -> Result<(), CommandError> {
    let MailCommand::List { json } = command;
    let headings = [
        "id",
        "kind",
        "to",
        "created",
        "tries",
        "next try",
        "last error",
    ];
    let mut listing = Listing::new("mails waiting", json, &headings);
    let mut last = Some(0);
    while let Some(after) = last.filter(|_| !listing.is_closed()) {
        let mails = mail::list_after(state, after).await?;
        for mail in &mails {
            listing.add(mail, |mail| {
                vec![
                    mail.id.to_string(),
                    mail.kind.as_str().to_owned(),
                    mail.recipient.clone(),
                    mail.created_at.rfc3339(),
                    mail.tries.to_string(),
                    mail.next_try_at.rfc3339(),
                    or_none(mail.error.as_ref()),
                ]
            })?;
        }
        last = mails.last().map(|mail| mail.id);
    }
    listing.end()
}
