//! `opentill check`

use std::env;

use clap::Args;

use super::{error::CommandError, help, listing::Listing};
use crate::{
    model::number::counted,
    server::{
        config::Config,
        operations::{Finding, Level, check},
        settings,
    },
};

/// How the outcome is printed.
#[derive(Args)]
pub struct Check {
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

/// Prints a line for each check.
///
/// # Errors
/// A check has found an error.
pub async fn execute(arguments: Check, is_demo: bool) -> Result<(), CommandError> {
    let mut listing = Listing::new("checks", arguments.json, &["", "check", "found"]);
    let mut errors = 0;
    let mut add = |finding: &Finding| {
        errors += usize::from(finding.level == Level::Error);
        listing.add(finding, |finding| {
            vec![
                finding.level.as_str().to_owned(),
                finding.check.to_owned(),
                finding.found.clone(),
            ]
        })
    };
    let (config, findings) = settings(is_demo);
    for finding in &findings {
        add(finding)?;
    }
    if let Some(config) = config {
        for finding in &check(&config, help::MANUAL).await {
            add(finding)?;
        }
    }
    listing.end()?;
    match errors {
        0 => Ok(()),
        errors => Err(CommandError::Refused(format!(
            "check: {} found",
            counted(errors as u64, "error")
        ))),
    }
}

/// The settings, if they are valid, and what is to be said of them.
fn settings(is_demo: bool) -> (Option<Config>, Vec<Finding>) {
    const CHECK: &str = "settings";
    let read = || {
        let unknown = settings::look_through(env::vars_os().map(|(name, _)| name))?;
        let mut config = Config::from_env()?;
        config.brand.read_files()?;
        Ok((unknown, config))
    };
    match read() {
        Ok((unknown, config)) => {
            let finding = match unknown {
                Some(unknown) => Finding::warning(CHECK, unknown),
                None => Finding::ok(CHECK, "all of them are valid"),
            };
            let config = if is_demo {
                config.on_demo_database()
            } else {
                config
            };
            (Some(config), vec![finding])
        }
        Err(error) => {
            let error: settings::ConfigError = error;
            (None, vec![Finding::error(CHECK, error.to_string())])
        }
    }
}
