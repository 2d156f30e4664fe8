//! `opentill restore`

use std::{
    io::{self, IsTerminal},
    path::Path,
    thread,
    time::Duration,
};

use tokio::sync::oneshot;

use super::{
    checks::{not_a_pipe, sqlite_only},
    error::CommandError,
    print, stop,
};
use crate::{
    model::timestamp::Timestamp,
    server::{
        clock::Clock,
        config::Config,
        operations::{Gap, Restore, Restored, Revoke},
    },
};

/// The values of `--revoke`, and the answers to [`ask`].
const CHOICES: &str = "all, created-before=2026-01-15T10:30:00Z (any time) or none";

/// Parses the value of `--revoke`.
pub fn revoke(typed: &str) -> Result<Revoke, String> {
    match typed.trim() {
        "all" => Ok(Revoke::All),
        "none" => Ok(Revoke::None),
        typed => typed
            .strip_prefix("created-before=")
            .and_then(Timestamp::parse_rfc3339)
            .map(Revoke::CreatedBefore)
            .ok_or_else(|| format!("expected {CHOICES}")),
    }
}

/// Replaces the database by the backup `from`. A signal that arrives before the replacement begins stops the command and
/// leaves nothing behind; after that it runs to its end.
pub async fn execute(
    config: &Config,
    from: &Path,
    revoke: Option<Revoke>,
) -> Result<(), CommandError> {
    sqlite_only(config, "pg_restore")?;
    not_a_pipe(from)?;
    let mut signals = stop::listen(Duration::MAX);
    let (restore, revoke) = tokio::select! {
        ready = prepare(config, from, revoke) => ready?,
        Some(signal) = signals.recv() => {
            return Err(CommandError::Stopped(signal, "nothing was restored"));
        }
    };
    let gap = restore.gap().cloned();
    let restored = restore.finish(revoke, Clock::default().now()).await?;
    print::done(&report(from, &restored, gap.as_ref()).join("\n"));
    Ok(())
}

async fn prepare(
    config: &Config,
    from: &Path,
    revoke: Option<Revoke>,
) -> Result<(Restore, Revoke), CommandError> {
    let restore = Restore::prepare(&config.database_url, from).await?;
    let revoke = match (revoke, restore.gap().cloned()) {
        (Some(revoke), _) => revoke,
        (None, None) => Revoke::None,
        (None, Some(gap)) => {
            // On a thread of its own, so that a signal is handled while standard input blocks.
            let (answer, answered) = oneshot::channel();
            thread::spawn(move || answer.send(ask(&gap)));
            answered.await.unwrap_or_else(|_| Err(unanswered()))?
        }
    };
    Ok((restore, revoke))
}

/// Prompts for what to revoke: only a person can know what was revoked since the backup.
fn ask(gap: &Gap) -> Result<Revoke, CommandError> {
    let danger = format!(
        "tokens revoked since the backup would work again, and which they are is not known: {gap}"
    );
    if !io::stdin().is_terminal() {
        return Err(CommandError::Refused(format!(
            "{danger}; say what to revoke with --revoke {CHOICES}"
        )));
    }
    print::note(&format!("Careful: {danger}."));
    print::note(&format!("Which tokens are to be revoked? Type {CHOICES}."));
    for line in io::stdin().lines() {
        let line = line.map_err(|error| CommandError::Io("the answer could not be read", error))?;
        match self::revoke(&line) {
            Ok(revoke) => return Ok(revoke),
            Err(_) => print::note(&format!("Please answer: {CHOICES}.")),
        }
    }
    Err(unanswered())
}

fn unanswered() -> CommandError {
    CommandError::Refused("without an answer nothing was restored".to_owned())
}

fn report(from: &Path, restored: &Restored, gap: Option<&Gap>) -> Vec<String> {
    let Restored {
        clients,
        tokens,
        carried_over,
        revoked,
        kept,
    } = restored;
    let mut lines = vec![format!(
        "Restored from {}: clients {clients}, active tokens {tokens}",
        from.display()
    )];
    if let Some(since) = carried_over {
        lines.push(format!(
            "Carried over from the database in place: tokens revoked {}, clients closed or suspended {}, passwords changed {}",
            since.revoked, since.statuses, since.passwords
        ));
        lines.push(format!(
            "Made since the backup, and unknown now: active tokens {}, clients {}",
            since.unknown_tokens, since.unknown_clients
        ));
    }
    if let Some(gap) = gap {
        lines.push(format!(
            "Clients and passwords are as they were at the backup, without what was changed since: {gap}"
        ));
    }
    lines.push(format!("Revoked as told: tokens {revoked}"));
    lines.push("All sessions are ended".to_owned());
    if let Some(kept) = kept {
        lines.push(format!(
            "The database that was in place is kept as {}",
            kept.display()
        ));
    }
    lines
}
