//! The log, on standard error.

mod lines;
mod text;

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use self::{
    lines::{Flush, Lines},
    text::Text,
};
use super::error::CommandError;
use crate::server::settings;

const LOG: &str = "OPENTILL_LOG";
const FORMAT: &str = "OPENTILL_LOG_FORMAT";

/// What a server logs by default.
pub const OF_SERVER: &str = "info,memory_serve=warn";
/// What a command logs by default, so that nothing stands between its results.
pub const OF_COMMANDS: &str = "warn";

/// Starts the log as configured, with the filter `default` if none is. Dropping the returned value writes the last lines.
///
/// # Errors
/// A setting has an invalid value.
pub fn start(default: &str) -> Result<Flush, CommandError> {
    let settings = settings::environment();
    let filter = settings.text(LOG)?;
    let filter = self::filter(filter.as_deref().unwrap_or(default))?;
    let failed = |error| CommandError::Io("the log does not start", error);
    let log_dropped = |lines| tracing::warn!(lines, "whoever reads the log was too slow: left out");
    let (lines, flush) = Lines::start(io::stderr(), log_dropped).map_err(failed)?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(lines);
    match settings.text(FORMAT)?.as_deref() {
        Some("json") => log.json().init(),
        Some("text") | None => {
            let is_colored = io::stderr().is_terminal();
            log.event_format(Text { is_colored }).init();
        }
        Some(_) => {
            return Err(CommandError::Refused(format!(
                "{FORMAT}: expected text or json"
            )));
        }
    }
    Ok(flush)
}

fn filter(text: &str) -> Result<EnvFilter, CommandError> {
    let refuse = || {
        CommandError::Refused(format!(
            "{LOG}: expected a level, like info, or filters, like opentill=debug"
        ))
    };
    // A bare word that is not a level would be taken for the name of a module, and silence all others.
    let is_filter = |part: &str| part.contains(['=', '[']) || part.parse::<LevelFilter>().is_ok();
    // A space would be taken for part of a name.
    let parts: Vec<_> = text.split(',').map(str::trim).collect();
    if !parts
        .iter()
        .all(|part| is_filter(part) && (part.contains('[') || !part.contains(' ')))
    {
        return Err(refuse());
    }
    let filter = EnvFilter::try_new(parts.join(",")).map_err(|_| refuse())?;
    // It logs URLs, which may contain anything that a caller put there by mistake.
    Ok(filter.add_directive(
        "tower_http::csrf=off"
            .parse()
            .expect("the directive is one"),
    ))
}
