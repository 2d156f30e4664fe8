//! What the operator's checks ask of the database.

use sqlx::Connection;

use super::{
    Store, StoreError,
    db::Db,
    rows::values,
    schema::{self, Standing},
    sqlite,
};
use crate::model::timestamp::Timestamp;

/// Which database answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseVersion {
    /// Its name and version.
    pub name: String,
    /// The main version of PostgreSQL.
    pub major: Option<i64>,
}

impl Store {
    /// The version of the database.
    pub async fn version(&self) -> Result<DatabaseVersion, StoreError> {
        let sql = match &self.db {
            Db::Sqlite { .. } => "SELECT sqlite_version(), 0",
            Db::Postgres(_) => {
                "SELECT current_setting('server_version'), \
                 CAST(current_setting('server_version_num') AS BIGINT) / 10000"
            }
        };
        let row: Option<(String, i64)> = self.read_one(sql, Vec::new()).await?;
        let (version, major) = row.ok_or(sqlx::Error::RowNotFound)?;
        Ok(match &self.db {
            Db::Sqlite { .. } => DatabaseVersion {
                name: format!("SQLite {version}"),
                major: None,
            },
            Db::Postgres(_) => DatabaseVersion {
                name: format!("PostgreSQL {version}"),
                major: Some(major),
            },
        })
    }

    /// The state of the schema. Changes nothing.
    pub async fn standing(&self) -> Result<Standing, StoreError> {
        match &self.db {
            Db::Sqlite { writer, .. } => sqlite::standing(writer.files().database()).await,
            Db::Postgres(pool) => {
                let mut connection = pool.connect().await?;
                let standing = schema::standing(&mut connection, &schema::POSTGRES).await?;
                connection.close().await?;
                Ok(standing)
            }
        }
    }

    /// The clock of PostgreSQL. SQLite has that of this machine.
    pub async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        let Db::Postgres(_) = &self.db else {
            return Ok(None);
        };
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)";
        let row: Option<(i64,)> = self.read_one(sql, Vec::new()).await?;
        Ok(row.map(|(at,)| Timestamp::from_unix(at)))
    }

    /// When the newest row of the activity was written.
    pub async fn newest_activity(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT at FROM activity ORDER BY id DESC LIMIT 1";
        let row: Option<(i64,)> = self.read_one(sql, Vec::new()).await?;
        Ok(row.map(|(at,)| Timestamp::from_unix(at)))
    }

    /// For PostgreSQL: whether this role owns the activity, or may act as its owner.
    pub async fn owns_activity(&self) -> Result<bool, StoreError> {
        let sql = "SELECT CAST(CASE WHEN pg_has_role(relowner, 'USAGE') THEN 1 ELSE 0 END AS BIGINT) \
            FROM pg_class WHERE oid = to_regclass('activity')";
        let row: Option<(i64,)> = self.read_one(sql, Vec::new()).await?;
        Ok(row == Some((1,)))
    }

    /// For PostgreSQL: whether this role has a privilege on a table.
    pub async fn may(&self, table: &str, privilege: &str) -> Result<bool, StoreError> {
        let sql = "SELECT CAST(CASE WHEN has_table_privilege(to_regclass($1), $2) THEN 1 ELSE 0 END AS BIGINT)";
        let row: Option<(i64,)> = self.read_one(sql, values![table, privilege]).await?;
        Ok(row == Some((1,)))
    }
}
