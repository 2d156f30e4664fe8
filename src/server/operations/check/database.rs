//! The database: whether it answers, its version, its schema, its clock.

use super::{
    files,
    finding::{Finding, Level, all},
    grants,
};
use crate::{
    model::timestamp::Timestamp,
    server::{
        clock::Clock,
        config::Config,
        database_file, database_url,
        error::chain,
        store::{DatabaseVersion, Standing, Store, StoreError},
    },
};

/// The oldest supported version of PostgreSQL.
const OLDEST_POSTGRES: i64 = 13;
/// Seconds by which clocks may differ.
const MAX_DIFFERENCE: i64 = 5;

/// Everything about the database. What cannot be checked without what failed is left out.
pub async fn check(config: &Config, manual: &str) -> Vec<Finding> {
    const CHECK: &str = "database";
    let store = match Store::open_existing(&config.database_url, config.connections).await {
        Ok(store) => store,
        Err(error) => {
            return vec![Finding::error(
                CHECK,
                format!("DATABASE_URL: {}", chain(&error)),
            )];
        }
    };
    let mut findings = Vec::new();
    if let Err(error) = look(&store, config, manual, &mut findings).await {
        findings.push(Finding::error(
            CHECK,
            format!("DATABASE_URL: {}", chain(&error)),
        ));
    }
    store.close().await;
    findings
}

async fn look(
    store: &Store,
    config: &Config,
    manual: &str,
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let is_file = database_url::is_file(&config.database_url);
    findings.push(version(store.version().await?));
    let schema = schema(store.standing().await?, is_file);
    let is_there = schema.level == Level::Ok;
    findings.push(schema);
    if is_file {
        findings.extend(all(
            "files",
            "the database's files and folder are its owner's alone",
            store.warnings(),
        ));
        if let Ok(path) = database_file::path(&config.database_url) {
            findings.push(files::room(&path));
        }
    }
    if is_there {
        if !is_file {
            findings.push(grants::check(store, manual).await?);
        }
        findings.push(clock(store).await?);
    }
    Ok(())
}

fn version(version: DatabaseVersion) -> Finding {
    const CHECK: &str = "database";
    let DatabaseVersion { name, major } = version;
    match major {
        Some(major) if major < OLDEST_POSTGRES => Finding::error(
            CHECK,
            format!(
                "{name} answers; PostgreSQL {OLDEST_POSTGRES} or later is required: upgrade it"
            ),
        ),
        _ => Finding::ok(CHECK, format!("{name} answers")),
    }
}

fn schema(standing: Standing, is_file: bool) -> Finding {
    const CHECK: &str = "schema";
    match standing {
        Standing::UpToDate => Finding::ok(CHECK, "up to date"),
        Standing::Behind | Standing::Empty if is_file => Finding::warning(
            CHECK,
            "not up to date: the next `opentill serve` or `opentill migrate` changes it",
        ),
        Standing::Behind | Standing::Empty => Finding::warning(
            CHECK,
            "not up to date: run `opentill migrate` as the role that owns the tables",
        ),
        Standing::Newer(version) => Finding::error(
            CHECK,
            format!(
                "has version {version}, which is newer than this program: use a newer opentill"
            ),
        ),
        Standing::Foreign => Finding::error(
            CHECK,
            "this is another program's database: set DATABASE_URL to ours",
        ),
    }
}

/// Compares our clock with that of PostgreSQL, and with the newest row of the activity.
async fn clock(store: &Store) -> Result<Finding, StoreError> {
    const CHECK: &str = "clock";
    let before = Clock::default().now();
    let theirs = store.clock().await?;
    let after = Clock::default().now();
    let newest = store.newest_activity().await?;
    let is_off = |time: &Timestamp| {
        before.seconds_since(*time) > MAX_DIFFERENCE || time.seconds_since(after) > MAX_DIFFERENCE
    };
    if let Some(theirs) = theirs.filter(is_off) {
        let seconds = theirs.seconds_since(after).abs();
        return Ok(Finding::warning(
            CHECK,
            format!(
                "{seconds} s apart from the database's: sessions end too early or too late; set both by NTP"
            ),
        ));
    }
    let is_ahead = |time: &Timestamp| time.seconds_since(after) > MAX_DIFFERENCE;
    if let Some(newest) = newest.filter(is_ahead) {
        let seconds = newest.seconds_since(after);
        return Ok(Finding::warning(
            CHECK,
            format!(
                "{seconds} s behind the newest row of the activity: this clock is late, or was early then; set it by NTP"
            ),
        ));
    }
    Ok(Finding::ok(CHECK, "agrees with the database"))
}
