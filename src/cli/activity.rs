//! `opentill activity …`

use clap::Subcommand;

use super::{error::CommandError, listing::Listing};
use crate::{
    model::{activity::Activity, client::Email, timestamp::Timestamp},
    server::{activity, clients, state::AppState, store::MAX_ROWS},
};

#[derive(Subcommand)]
pub enum ActivityCommand {
    /// List the last 1,000 things that happened, newest first
    List {
        /// The client's email
        #[arg(long)]
        client: Email,
        /// Only what came before the line with this number, which `--json` shows as `id`
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
        /// All since a moment like 2026-01-15T10:30:00Z, however much that is
        #[arg(long, value_name = "MOMENT", value_parser = moment)]
        since: Option<Timestamp>,
        /// All of it
        #[arg(long)]
        all: bool,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
}

/// Parses the value of `--since`.
fn moment(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse_rfc3339(text).ok_or("wants a moment like 2026-01-15T10:30:00Z")
}

/// Executes the command.
pub async fn execute(state: &AppState, command: ActivityCommand) -> Result<(), CommandError> {
    let ActivityCommand::List {
        client,
        json,
        mut before,
        since,
        all,
    } = command;
    let client = clients::by_email(state, &client).await?.id;
    let is_wanted = |line: &Activity| since.is_none_or(|since| line.at >= since);
    let mut listing = Listing::new(json);
    loop {
        let lines = activity::list_of(state, client, before).await?;
        for line in lines.iter().filter(|line| is_wanted(line)) {
            listing.add(line, text)?;
        }
        before = lines.last().map(|line| line.id);
        let is_end =
            listing.is_closed() || lines.len() < MAX_ROWS as usize || !lines.iter().any(is_wanted);
        if is_end || !(all || since.is_some()) {
            return listing.end();
        }
    }
}

fn text(activity: &Activity) -> String {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    format!(
        "{}\t{}\t{}\t{}\t{}\t{}",
        activity.at.rfc3339(),
        activity.event.as_str(),
        activity.who.as_str(),
        or_dash(activity.address.map(|address| address.to_string())),
        or_dash(activity.token.as_ref().map(|token| token.id.to_string())),
        or_dash(activity.token.as_ref().map(|token| token.name.clone())),
    )
}
