//! The schema, and bringing it up to date.

use sqlx::migrate::{AppliedMigration, Migrate, Migrator};

use super::StoreError;

/// A step that brought the schema further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number; the schema has the number of the last one.
    pub version: i64,
    /// What it is about.
    pub description: String,
}

/// How far a schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// As this program wants it.
    UpToDate,
    /// Steps are missing, or it is none of ours.
    Behind,
    /// A later version of this program made this step.
    Newer(i64),
}

/// Finds out how far a schema is; needs only to read.
pub(super) async fn standing<C: Migrate>(connection: &mut C, migrator: &Migrator) -> Standing {
    let applied = applied(connection, migrator).await;
    if let Some(newer) = applied.iter().find(|a| !migrator.version_exists(a.version)) {
        return Standing::Newer(newer.version);
    }
    let is_applied = |version, checksum: &[u8]| {
        applied
            .iter()
            .any(|a| a.version == version && *a.checksum == *checksum)
    };
    if migrator
        .iter()
        .all(|step| is_applied(step.version, &step.checksum))
    {
        Standing::UpToDate
    } else {
        Standing::Behind
    }
}

/// Applies the steps that are missing, and says which.
///
/// Whoever serves may lack the right to change the schema, or even to make the table of steps; so it
/// is looked first. Nodes that start together take turns: sqlx holds an advisory lock meanwhile.
pub(super) async fn bring_up_to_date<C: Migrate>(
    connection: &mut C,
    migrator: &Migrator,
) -> Result<Vec<Applied>, StoreError> {
    match standing(connection, migrator).await {
        Standing::UpToDate => return Ok(Vec::new()),
        Standing::Newer(version) => return Err(StoreError::NewerSchema(version)),
        Standing::Behind => {}
    }
    let before = applied(connection, migrator).await;
    // `run` is the same for what both kinds of connection have in common.
    migrator
        .run_direct(None, connection, false)
        .await
        .map_err(StoreError::of_migration)?;
    let missing = |version| before.iter().all(|a| a.version != version);
    let steps = migrator.iter().filter(|step| missing(step.version));
    Ok(steps
        .map(|step| Applied {
            version: step.version,
            description: step.description.to_string(),
        })
        .collect())
}

/// The steps that were applied; none if it is not known, and then whoever applies some finds out why.
async fn applied<C: Migrate>(connection: &mut C, migrator: &Migrator) -> Vec<AppliedMigration> {
    let listed = connection.list_applied_migrations(&migrator.table_name);
    listed.await.unwrap_or_default()
}
