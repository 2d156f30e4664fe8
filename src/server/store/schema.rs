//! The schema, and bringing it up to date.

use std::future::Future;

use sqlx::{
    PgConnection, SqliteConnection,
    migrate::{AppliedMigration, Migrate, Migrator},
};

use super::{IfMissing, StoreError};

/// A step that brought the schema further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number; the schema has the number of the last one.
    pub version: i64,
    /// What it is about.
    pub description: String,
}

/// Whose a database is, and how far its schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// As this program wants it.
    UpToDate,
    /// Steps are missing, or are not as they were.
    Behind,
    /// A later version of this program made this step.
    Newer(i64),
    /// There is nothing in it.
    Empty,
    /// Another program's.
    Foreign,
}

/// A connection that says what else is in a database.
pub(super) trait Contents: Migrate {
    /// Whether there are tables besides the one of the steps.
    fn has_tables(&mut self) -> impl Future<Output = Result<bool, sqlx::Error>> + Send;

    /// Whether there is a table of steps, whosoever.
    fn has_steps(&mut self) -> impl Future<Output = Result<bool, sqlx::Error>> + Send;
}

impl Contents for SqliteConnection {
    async fn has_tables(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema \
                   WHERE name <> '_sqlx_migrations' AND substr(name, 1, 7) <> 'sqlite_')";
        sqlx::query_scalar(sql).fetch_one(self).await
    }

    async fn has_steps(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')";
        sqlx::query_scalar(sql).fetch_one(self).await
    }
}

impl Contents for PgConnection {
    /// In the schema that ours would be made in; what an extension brought along is nobody's.
    async fn has_tables(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
                   AND c.relname <> '_sqlx_migrations' AND NOT EXISTS (SELECT 1 FROM pg_depend d \
                       WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))";
        sqlx::query_scalar(sql).fetch_one(self).await
    }

    async fn has_steps(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
        sqlx::query_scalar(sql).fetch_one(self).await
    }
}

/// Finds out how far a schema is; needs only to read.
pub(super) async fn standing<C: Contents>(
    connection: &mut C,
    migrator: &Migrator,
) -> Result<Standing, StoreError> {
    // In this order: if others make ours meanwhile, their first step is seen with the tables that it made.
    let has_tables = connection.has_tables().await?;
    let applied = applied(connection, migrator).await?;
    if applied.is_empty() {
        return Ok(if has_tables {
            Standing::Foreign
        } else {
            Standing::Empty
        });
    }
    let is_applied = |version, checksum: &[u8]| {
        applied
            .iter()
            .any(|a| a.version == version && *a.checksum == *checksum)
    };
    let mut steps = migrator
        .iter()
        .map(|step| is_applied(step.version, &step.checksum));
    // Other programs number their steps, too.
    if !steps.next().unwrap_or_default() {
        return Ok(Standing::Foreign);
    }
    if let Some(newer) = applied.iter().find(|a| !migrator.version_exists(a.version)) {
        return Ok(Standing::Newer(newer.version));
    }
    Ok(if steps.all(|is_applied| is_applied) {
        Standing::UpToDate
    } else {
        Standing::Behind
    })
}

/// Refuses a database that is not to be changed, as it is another program's or was to be there already.
pub(super) fn refuse_foreign(standing: Standing, if_missing: IfMissing) -> Result<(), StoreError> {
    match standing {
        Standing::Foreign => Err(StoreError::Foreign),
        Standing::Empty if if_missing == IfMissing::Refuse => Err(StoreError::Empty),
        _ => Ok(()),
    }
}

/// Whether there is nothing to do.
///
/// # Errors
/// It is not for this program to do.
pub(super) async fn is_up_to_date<C: Contents>(
    connection: &mut C,
    migrator: &Migrator,
) -> Result<bool, StoreError> {
    match standing(connection, migrator).await? {
        Standing::UpToDate => Ok(true),
        Standing::Behind | Standing::Empty => Ok(false),
        Standing::Newer(version) => Err(StoreError::NewerSchema(version)),
        Standing::Foreign => Err(StoreError::Foreign),
    }
}

/// Applies the steps that are missing, and says which.
///
/// Whoever serves may lack the right to change the schema, or even to make the table of steps; so it
/// is looked first. Nodes that start together take turns: on PostgreSQL sqlx holds an advisory lock meanwhile, on SQLite
/// whoever calls this has the writer's.
pub(super) async fn bring_up_to_date<C: Contents>(
    connection: &mut C,
    migrator: &Migrator,
) -> Result<Vec<Applied>, StoreError> {
    if is_up_to_date(connection, migrator).await? {
        return Ok(Vec::new());
    }
    let before = applied(connection, migrator).await?;
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

/// The steps that were applied.
async fn applied<C: Contents>(
    connection: &mut C,
    migrator: &Migrator,
) -> Result<Vec<AppliedMigration>, StoreError> {
    if !connection.has_steps().await? {
        return Ok(Vec::new());
    }
    let listed = connection.list_applied_migrations(&migrator.table_name);
    listed.await.map_err(StoreError::of_migration)
}
