//! Imports what the billing system says, from JSON Lines: see `docs/import/README.md`.
//!
//! A file is read into tables of temporary data ([`stage`]), compared with what there is ([`plan`]), and only what differs
//! is written ([`write`]), in one transaction. Until then other processes write as they like, and one that is killed has
//! changed nothing. Memory does not grow with the file: SQLite and PostgreSQL keep temporary data in files.

mod fields;
mod lines;
mod plan;
mod read;
mod report;
mod stage;
mod strict;
mod write;

pub(super) mod target;

use std::{io::BufRead, path::Path};

pub use self::report::{Counts, ImportError, MAX_LISTED, Refused, Report};
use self::{
    lines::{Line, Lines},
    read::{Read, RefusedLine},
    stage::Stage,
    target::Target,
};
use crate::{
    model::{mirror::Kind, timestamp::Timestamp},
    server::{
        clock::Clock,
        store::{
            StoreError,
            rows::{row, values},
        },
    },
};

/// How a file is imported.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The system that it comes from: external ids are unique within it.
    pub source: String,
    /// Of these kinds, what is not in the file is deleted.
    pub complete: Vec<Kind>,
    /// Even if it is more than a fifth.
    pub force: bool,
    /// Only says what would be done.
    pub dry_run: bool,
}

row! {
    struct CountRow {
        kind: String,
        action: String,
        count: i64,
    }
}

/// Imports a file into the database at `url`, whose schema is up to date. Files of documents are named from `folder`.
/// `progress` is called with the number of each line.
///
/// # Errors
/// See [`ImportError`]; nothing was changed then, except that it may have been with [`StoreError::Unclear`]. Refused lines are
/// no error, but are in the report, and nothing was changed then either.
pub async fn import(
    url: &str,
    file: impl BufRead,
    folder: &Path,
    options: &ImportOptions,
    clock: &Clock,
    mut progress: impl FnMut(u64),
) -> Result<Report, ImportError> {
    let mut target = Target::open(url, "READ COMMITTED").await?;
    if !target.lock().await? {
        return Err(ImportError::Running);
    }
    let mut report = Report::default();
    let mut stage = Stage::create(&mut target).await?;
    let mut lines = Lines::new(file);
    target.begin_staging()?;
    while let Some((number, line)) = lines.next().map_err(ImportError::File)? {
        progress(number);
        read_line(&mut stage, &mut report, number, line, folder);
        // After a refusal nothing will be written: the others are only read.
        if report.refusals == 0 {
            stage.flush_if_full(&mut target).await?;
        } else {
            stage = Stage::default();
        }
    }
    if report.refusals > 0 {
        return Ok(report);
    }
    stage.flush(&mut target).await?;
    stage::index(&mut target).await?;
    let source = options.source.as_str();
    plan::plan(&mut target, source).await?;
    plan::check(&mut target, source, &mut report).await?;
    plan::complete(
        &mut target,
        source,
        &options.complete,
        options.force,
        &mut report,
    )
    .await?;
    count(&mut target, &mut report).await?;
    target.end_staging()?;
    if report.refusals > 0 || !report.is_change() || options.dry_run {
        return Ok(report);
    }
    let now = moment(&mut target, clock).await?;
    target.begin()?;
    write::write(&mut target, source, now).await?;
    target.commit().await?;
    report.at = Some(now);
    Ok(report)
}

fn read_line(stage: &mut Stage, report: &mut Report, number: u64, line: Line<'_>, folder: &Path) {
    let read = match line {
        Line::Text(text) => read::read(text, folder),
        Line::TooLong => Err(RefusedLine::unread("has more than 8 MiB")),
        Line::NotUtf8 => Err(RefusedLine::unread("is not text in UTF-8")),
    };
    let line = i64::try_from(number).unwrap_or(i64::MAX);
    match read {
        Ok(Read::Client(client)) => stage.client(line, &client),
        Ok(Read::Document(document)) => stage.document(line, *document),
        Ok(Read::Thing(mut thing)) => {
            for warning in thing.warnings.drain(..) {
                report.warn(number, warning);
            }
            stage.thing(line, *thing);
        }
        Err(RefusedLine { kind, reason }) => {
            let line = Some(number);
            report.refuse(kind, Refused { line, reason });
        }
    }
}

/// Counts what was planned, by kind.
async fn count(target: &mut Target, report: &mut Report) -> Result<(), StoreError> {
    const IN_FILE: &str =
        "SELECT kind, 'unchanged' AS action, count(*) AS count FROM staged GROUP BY 1";
    const PLANNED: &str = "SELECT kind, CASE WHEN action = 'moved' THEN 'created' ELSE action END AS action, \
        count(*) AS count FROM planned WHERE line IS NOT NULL GROUP BY 1, 2";
    const NOT_IN_FILE: &str = "SELECT kind, 'gone' AS action, count(*) AS count FROM planned \
        WHERE line IS NULL GROUP BY 1";
    const CLIENTS: &str =
        "SELECT 'client' AS kind, action, count(*) AS count FROM staged_clients GROUP BY 2";
    const DOCUMENTS: &str = "SELECT 'document' AS kind, CASE WHEN changed IS NULL THEN 'unchanged' \
        WHEN document IS NULL THEN 'deleted' ELSE 'updated' END AS action, count(*) AS count \
        FROM staged_documents GROUP BY 2";
    for sql in [IN_FILE, PLANNED, NOT_IN_FILE, CLIENTS, DOCUMENTS] {
        for row in target.fetch::<CountRow>(sql, Vec::new()).await? {
            let count = u64::try_from(row.count).unwrap_or_default();
            let counts = report.of(&row.kind);
            match row.action.as_str() {
                "created" => counts.created += count,
                "updated" => counts.updated += count,
                "deleted" | "gone" => counts.deleted += count,
                _ => counts.unchanged += count,
            }
            if sql == PLANNED {
                counts.unchanged = counts.unchanged.saturating_sub(count);
            }
        }
    }
    Ok(())
}

/// The time of this import: later than the one before, so that whoever has read up to that one sees these changes as new.
/// No import has begun since this one took the lock.
async fn moment(target: &mut Target, clock: &Clock) -> Result<Timestamp, StoreError> {
    let sql = "SELECT at FROM imports WHERE singleton = $1";
    let last: Vec<(i64,)> = target.fetch(sql, values![1_i64]).await?;
    let next = last.first().map_or(0, |(at,)| at + 1);
    Ok(clock.now().max(Timestamp::from_unix(next)))
}
