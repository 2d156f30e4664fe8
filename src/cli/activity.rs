//! `opentill activity …`

use super::{ActivityCommand, CommandError, print, print_json};
use crate::{
    domain::activity::Activity,
    server::{activity, state::AppState},
};

/// Does what was asked.
pub async fn execute(state: &AppState, command: ActivityCommand) -> Result<(), CommandError> {
    let ActivityCommand::List { client, json } = command;
    let activities = activity::list_of(state, &client).await?;
    if json {
        return print_json(&activities);
    }
    print::list(activities.iter().map(line))
}

fn line(activity: &Activity) -> String {
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
