//! `opentill activity …`

use clap::Subcommand;

use super::{
    error::CommandError,
    listing::{Listing, or_none},
};
use crate::{
    model::{activity::Activity, client::Email, timestamp::Timestamp},
    server::{activity, clients, state::AppState, store::MAX_ROWS},
};

const HEADINGS: [&str; 7] = [
    "time",
    "event",
    "by",
    "IP address",
    "token",
    "token name",
    "id",
];

#[derive(Subcommand)]
pub enum ActivityCommand {
    /// List the last 1,000 events, newest first
    List {
        /// The client's email
        #[arg(long, visible_alias = "email")]
        client: Email,
        /// Only events before the one with this ID
        #[arg(long, value_name = "ID")]
        before: Option<i64>,
        /// All events since a time like 2026-01-15T10:30:00Z
        #[arg(long, value_name = "TIME", value_parser = moment)]
        since: Option<Timestamp>,
        /// Only events before a time; without `--since` and `--all` the last 1,000 of them
        #[arg(long, value_name = "TIME", value_parser = moment)]
        until: Option<Timestamp>,
        /// All events
        #[arg(long)]
        all: bool,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
}

/// Parses the value of `--since` and `--until`.
fn moment(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse_rfc3339(text).ok_or("expected a time like 2026-01-15T10:30:00Z")
}

/// Executes the command.
pub async fn execute(state: &AppState, command: ActivityCommand) -> Result<(), CommandError> {
    let ActivityCommand::List {
        client,
        json,
        mut before,
        since,
        until,
        all,
    } = command;
    let client = clients::by_email(state, &client).await?.id;
    let is_new = |line: &Activity| since.is_none_or(|since| line.at >= since);
    let is_old = |line: &Activity| until.is_none_or(|until| line.at < until);
    let mut left = if all || since.is_some() {
        usize::MAX
    } else {
        MAX_ROWS as usize
    };
    let mut listing = Listing::new("events", json, &HEADINGS);
    loop {
        let lines = activity::list_of(state, client, before).await?;
        let wanted = lines.iter().filter(|line| is_new(line) && is_old(line));
        for line in wanted.take(left) {
            listing.add(line, cells)?;
            left -= 1;
        }
        before = lines.last().map(|line| line.id);
        let is_end = listing.is_closed() || left == 0 || lines.len() < MAX_ROWS as usize;
        if is_end || !lines.iter().any(is_new) {
            return listing.end();
        }
    }
}

fn cells(activity: &Activity) -> Vec<String> {
    let token = activity.token.as_ref();
    vec![
        activity.at.rfc3339(),
        activity.event.as_str().to_owned(),
        activity.who.as_str().to_owned(),
        or_none(activity.address),
        or_none(token.map(|token| token.id)),
        or_none(token.map(|token| &token.name)),
        activity.id.to_string(),
    ]
}
