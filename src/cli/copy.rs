//! `opentill copy`

use super::{
    checks::sqlite_only,
    error::CommandError,
    print,
    stop::{self, Stage},
};
use crate::server::{config::Config, database_url, operations, postgres_url, settings};

const SETTING: &str = "OPENTILL_COPY_TO";
const ARGUMENT: &str = "--to";

/// Copies the database to another one and prints the number of rows of each table.
pub async fn execute(config: &Config, to: Option<String>) -> Result<(), CommandError> {
    sqlite_only(config, "pg_dump")?;
    let to = destination(to, settings::environment().text(SETTING)?)?;
    stop::set_stage(Stage::During);
    let copied = operations::copy(&config.database_url, &to).await?;
    let tables = copied.iter();
    let mut lines: Vec<_> = tables
        .map(|table| format!("{}\t{}", table.table, table.rows))
        .collect();
    lines.push(
        "Copied, and every row compared. Set DATABASE_URL to the destination before anything is \
         served again: the source is as it was, and does not learn what is revoked from now on."
            .to_owned(),
    );
    print::done(&lines.join("\n"));
    Ok(())
}

/// URL of the destination. Everybody on the machine can read arguments, so one with a password is refused there.
fn destination(argument: Option<String>, setting: Option<String>) -> Result<String, CommandError> {
    let (name, url) = match (argument, setting) {
        (Some(url), None) => (ARGUMENT, url),
        (None, Some(url)) => (SETTING, url),
        (Some(_), Some(_)) => {
            return refuse(SETTING, "is set, and --to names a destination, too");
        }
        (None, None) => return refuse(ARGUMENT, "name a destination, or set OPENTILL_COPY_TO"),
    };
    if !database_url::is_server(&url) {
        return refuse(name, "expected postgres://USER@HOST/DATABASE");
    }
    if let Err(reason) = database_url::check(&url) {
        return refuse(name, &reason);
    }
    if name == ARGUMENT && postgres_url::has_password(&url) {
        return refuse(
            name,
            "others can read a password there; set OPENTILL_COPY_TO or PGPASSWORD, or use ~/.pgpass",
        );
    }
    Ok(url)
}

fn refuse(name: &str, reason: &str) -> Result<String, CommandError> {
    Err(CommandError::Refused(format!("{name}: {reason}")))
}
