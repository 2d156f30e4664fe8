//! The schema, and its migrations.

use std::future::Future;

use sqlx::{
    PgConnection, SqliteConnection,
    migrate::{AppliedMigration, Migrate, Migrator},
};

use super::StoreError;

pub static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// A migration that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number; the last one is the version of the schema.
    pub version: i64,
    /// Its description.
    pub description: String,
}

/// What to do if the database does not exist, or is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    Create,
    Refuse,
}

/// Which program a database belongs to, and the state of its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All migrations were applied.
    UpToDate,
    /// Migrations are missing, or differ from those that were applied.
    Behind,
    /// This migration is of a later version of this program.
    Newer(i64),
    /// It has no tables.
    Empty,
    /// It belongs to another program.
    Foreign,
}

/// A connection that can look for tables.
pub trait Contents: Migrate {
    /// Whether there are tables besides the table of migrations.
    fn has_tables(&mut self) -> impl Future<Output = Result<bool, sqlx::Error>> + Send;

    /// Whether there is a table of migrations, of whatever program.
    fn has_migrations(&mut self) -> impl Future<Output = Result<bool, sqlx::Error>> + Send;
}

impl Contents for SqliteConnection {
    async fn has_tables(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema \
                   WHERE name <> '_sqlx_migrations' AND substr(name, 1, 7) <> 'sqlite_')";
        sqlx::query_scalar(sql).fetch_one(self).await
    }

    async fn has_migrations(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')";
        sqlx::query_scalar(sql).fetch_one(self).await
    }
}

impl Contents for PgConnection {
    /// In the schema in which ours would be created. Tables of an extension do not count.
    async fn has_tables(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
                   AND c.relname <> '_sqlx_migrations' AND NOT EXISTS (SELECT 1 FROM pg_depend d \
                       WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))";
        sqlx::query_scalar(sql).fetch_one(self).await
    }

    async fn has_migrations(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
        sqlx::query_scalar(sql).fetch_one(self).await
    }
}

/// The state of a schema. Only reads.
pub async fn standing<C: Contents>(
    connection: &mut C,
    migrator: &Migrator,
) -> Result<Standing, StoreError> {
    // In this order: if another node creates ours meanwhile, its first migration is seen along with its tables.
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
    let mut ours = migrator
        .iter()
        .map(|migration| is_applied(migration.version, &migration.checksum));
    // Other programs number their migrations, too.
    if !ours.next().unwrap_or_default() {
        return Ok(Standing::Foreign);
    }
    if let Some(newer) = applied.iter().find(|a| !migrator.version_exists(a.version)) {
        return Ok(Standing::Newer(newer.version));
    }
    Ok(if ours.all(|is_applied| is_applied) {
        Standing::UpToDate
    } else {
        Standing::Behind
    })
}

/// Refuses a database of another program, and an empty one where none may be created.
pub fn refuse_foreign(standing: Standing, if_missing: IfMissing) -> Result<(), StoreError> {
    match standing {
        Standing::Foreign => Err(StoreError::Foreign),
        Standing::Empty if if_missing == IfMissing::Refuse => Err(StoreError::Empty),
        _ => Ok(()),
    }
}

/// Whether no migration is missing.
///
/// # Errors
/// The database belongs to another program, or to a later version of this one.
pub async fn is_up_to_date<C: Contents>(
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

/// Applies the missing migrations, and returns them.
///
/// The server's role may lack the right to change the schema, or even to create the table of migrations, so nothing is
/// written where none is missing. Nodes that start together take turns: on PostgreSQL sqlx holds an advisory lock, on
/// SQLite the caller holds the writer's lock.
pub async fn bring_up_to_date<C: Contents>(
    connection: &mut C,
    migrator: &Migrator,
) -> Result<Vec<Applied>, StoreError> {
    if is_up_to_date(connection, migrator).await? {
        return Ok(Vec::new());
    }
    let before = applied(connection, migrator).await?;
    // As `run`, for what both kinds of connection have in common.
    migrator
        .run_direct(None, connection, false)
        .await
        .map_err(StoreError::of_migration)?;
    let missing = |version| before.iter().all(|a| a.version != version);
    let applied = migrator.iter().filter(|step| missing(step.version));
    Ok(applied
        .map(|migration| Applied {
            version: migration.version,
            description: migration.description.to_string(),
        })
        .collect())
}

async fn applied<C: Contents>(
    connection: &mut C,
    migrator: &Migrator,
) -> Result<Vec<AppliedMigration>, StoreError> {
    if !connection.has_migrations().await? {
        return Ok(Vec::new());
    }
    let listed = connection.list_applied_migrations(&migrator.table_name);
    listed.await.map_err(StoreError::of_migration)
}
