//! `opentill import`

use std::{
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal, Write},
    path::{Path, PathBuf},
};

use clap::{ArgAction, Args};

use super::{
    error::CommandError,
    print,
    stop::{self, Stage},
};
use crate::{
    model::{mirror::Kind, number::counted},
    server::{
        clock::Clock,
        config::Config,
        operations::{Counts, ImportOptions, Refused, Report, import},
        store::Store,
    },
};

/// Lines between two notes of how many were read.
const NOTE_EVERY: u64 = 10_000;
/// Bytes that are read from the file at once.
const BUFFER: usize = 256 * 1024;

/// How a file is imported.
#[derive(Args)]
pub struct Import {
    /// The file in JSON Lines; `-` is standard input
    file: PathBuf,
    /// The system that the file comes from, where there are several
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = source)]
    source: String,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Delete of these kinds what is not in the file: service, domain, invoice, order, with commas between them
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = kind, action = ArgAction::Append)]
    complete: Vec<Kind>,
    /// Delete even more than a fifth of a kind
    #[arg(long, requires = "complete")]
    force: bool,
}

/// A source: up to 50 letters, digits, dots, hyphens and underscores.
pub fn source(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let is_source = (1..=50).contains(&text.len()) && text.bytes().all(is_allowed);
    is_source
        .then(|| text.to_owned())
        .ok_or_else(|| "use up to 50 letters, digits, dots, hyphens or underscores".to_owned())
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::from_word(word).ok_or_else(|| "use service, domain, invoice or order".to_owned())
}

/// Imports a file, and prints what was done by kind.
pub async fn execute(config: &Config, arguments: Import) -> Result<(), CommandError> {
    // Held open, so that no restore replaces the file meanwhile.
    let store = Store::open_existing(&config.database_url, config.connections).await?;
    store.migrate().await?;
    let options = ImportOptions {
        source: arguments.source,
        complete: arguments.complete,
        force: arguments.force,
        dry_run: arguments.dry_run,
    };
    let failed = |error| CommandError::Io("the file cannot be opened", error);
    let file: Box<dyn BufRead + Send> = if arguments.file == Path::new("-") {
        Box::new(BufReader::with_capacity(BUFFER, io::stdin()))
    } else {
        let file = File::open(&arguments.file).map_err(failed)?;
        Box::new(BufReader::with_capacity(BUFFER, file))
    };
    let folder = arguments.file.parent().unwrap_or(Path::new(""));
    let is_terminal = io::stderr().is_terminal();
    let progress = |line: u64| {
        if is_terminal && line.is_multiple_of(NOTE_EVERY) {
            let _ = write!(io::stderr(), "\r{} read …", counted(line, "line"));
        }
    };
    stop::set_stage(Stage::During);
    let clock = Clock::default();
    let (url, folder) = (&config.database_url, folder.to_owned());
    let report = import(url, file, &folder, &options, &clock, progress).await?;
    if is_terminal {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    list(&report.warnings, report.warned, "warning: ");
    list(&report.refused, report.refusals, "");
    if report.refusals > 0 {
        print::line(&refused_by_kind(&report));
        let refused = counted(report.refusals, "refusal");
        return Err(CommandError::Refused(format!(
            "{refused}: nothing was changed"
        )));
    }
    print::done(&summary(&report, options.dry_run));
    store.close().await;
    Ok(())
}

/// Prints the first lines that something is wrong with, and how many more there are.
fn list(lines: &[Refused], total: u64, mark: &str) {
    for Refused { line, reason } in lines {
        match line {
            Some(line) => print::note(&format!("{mark}line {line}: {reason}")),
            None => print::note(&format!("{mark}{reason}")),
        }
    }
    let more = total.saturating_sub(lines.len() as u64);
    if more > 0 {
        print::note(&format!("{mark}and {more} more"));
    }
}

/// How many were refused, by kind.
fn refused_by_kind(report: &Report) -> String {
    let counts = report.counts.iter();
    let refused = counts.filter(|(_, counts)| counts.refused > 0);
    let lines: Vec<_> = refused
        .map(|(kind, counts)| format!("{kind}\trefused {}", counts.refused))
        .collect();
    lines.join("\n")
}

fn summary(report: &Report, is_dry_run: bool) -> String {
    let mut lines = Vec::new();
    for (kind, counts) in &report.counts {
        let Counts {
            created,
            updated,
            unchanged,
            deleted,
            refused,
        } = counts;
        lines.push(format!(
            "{kind}\tcreated {created}\tupdated {updated}\tunchanged {unchanged}\tdeleted {deleted}\trefused {refused}"
        ));
    }
    let end = match (is_dry_run, report.at) {
        (true, _) => "Nothing was changed: this was a dry run.",
        (false, Some(_)) => "Imported.",
        (false, None) => "Nothing was changed: all of it was there.",
    };
    lines.push(end.to_owned());
    lines.join("\n")
}
