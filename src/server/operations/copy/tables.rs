//! The tables, in an order in which every row comes after those it refers to.

use self::Kind::{Bytes, Number, Text};
use crate::model::mirror;

/// A table with all its columns.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
    /// How many of them, from the first, are the primary key.
    pub key: usize,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Text,
    Bytes,
}

impl Table {
    /// Whether the database assigns ids to the rows.
    pub fn has_id(&self) -> bool {
        self.columns[0].0 == "id"
    }

    /// How many rows are in memory at once. A document may have 5 MiB.
    pub fn batch(&self) -> u64 {
        if self.name == "documents" { 4 } else { 500 }
    }

    /// The names of the columns, separated by commas.
    pub fn names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }
}

/// The columns of a table of the mirror, which all have one shape.
const MIRROR: &[(&str, Kind)] = &[
    ("id", Number),
    ("client_id", Number),
    ("source", Text),
    ("external_id", Text),
    ("status", Text),
    ("currency_code", Text),
    ("title", Text),
    ("amount", Number),
    ("owed", Number),
    ("issued_on", Text),
    ("due_on", Text),
    ("expires_on", Text),
    ("search", Text),
    ("data", Text),
    ("refs", Text),
    ("document", Text),
    ("created_at", Number),
    ("updated_at", Number),
    ("deleted", Number),
];

const fn mirror(kind: mirror::Kind) -> Table {
    Table {
        name: kind.plural(),
        columns: MIRROR,
        key: 1,
    }
}

pub const TABLES: [Table; 14] = [
    Table {
        name: "clients",
        columns: &[
            ("id", Number),
            ("email", Text),
            ("email_key", Text),
            ("name", Text),
            ("company", Text),
            ("phone", Text),
            ("address1", Text),
            ("address2", Text),
            ("city", Text),
            ("state", Text),
            ("postcode", Text),
            ("currency_code", Text),
            ("status", Text),
            ("password_hash", Text),
            ("created_at", Number),
            ("revision", Number),
            ("source", Text),
            ("external_id", Text),
            ("imported_hash", Text),
            ("country", Text),
        ],
        key: 1,
    },
    Table {
        name: "sessions",
        columns: &[
            ("id", Number),
            ("id_hash", Bytes),
            ("client_id", Number),
            ("user_agent", Text),
            ("created_at", Number),
            ("last_seen_at", Number),
            ("address", Text),
        ],
        key: 1,
    },
    Table {
        name: "tokens",
        columns: &[
            ("id", Number),
            ("client_id", Number),
            ("name", Text),
            ("name_key", Text),
            ("hash", Bytes),
            ("last_four", Text),
            ("idempotency_key", Text),
            ("created_at", Number),
            ("last_used_at", Number),
            ("revoked_at", Number),
            ("scopes", Text),
            ("expires_at", Number),
            ("allowed_addresses", Text),
        ],
        key: 1,
    },
    Table {
        name: "mails",
        columns: &[
            ("id", Number),
            ("client_id", Number),
            ("kind", Text),
            ("recipient", Text),
            ("about", Text),
            ("who", Text),
            ("address", Text),
            ("user_agent", Text),
            ("at", Number),
            ("message_id", Text),
            ("due_at", Number),
            ("tries", Number),
            ("error", Text),
        ],
        key: 1,
    },
    Table {
        name: "links",
        columns: &[
            ("id", Number),
            ("client_id", Number),
            ("kind", Text),
            ("hash", Bytes),
            ("expires_at", Number),
        ],
        key: 1,
    },
    Table {
        name: "activity",
        columns: &[
            ("id", Number),
            ("client_id", Number),
            ("at", Number),
            ("event", Text),
            ("who", Text),
            ("token_id", Number),
            ("token_name", Text),
            ("token_last_four", Text),
            ("address", Text),
            ("user_agent", Text),
            ("request_id", Text),
            ("token_scopes", Text),
            ("token_expires_at", Number),
        ],
        key: 1,
    },
    Table {
        name: "token_addresses",
        columns: &[
            ("token_id", Number),
            ("address", Text),
            ("user_agent", Text),
            ("first_used_at", Number),
            ("last_used_at", Number),
        ],
        key: 2,
    },
    Table {
        name: "token_days",
        columns: &[
            ("token_id", Number),
            ("day", Number),
            ("calls", Number),
            ("refused", Number),
        ],
        key: 2,
    },
    mirror(mirror::Kind::Service),
    mirror(mirror::Kind::Domain),
    mirror(mirror::Kind::Invoice),
    mirror(mirror::Kind::Order),
    Table {
        name: "documents",
        columns: &[
            ("invoice_id", Number),
            ("client_id", Number),
            ("body", Bytes),
        ],
        key: 1,
    },
    Table {
        name: "imports",
        columns: &[("singleton", Number), ("at", Number)],
        key: 1,
    },
];

/// The names of all tables, separated by commas.
pub fn names() -> String {
    TABLES.map(|table| table.name).join(", ")
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, SqliteConnection};

    use super::*;
    use crate::server::store::schema;

    /// A table or a column that is missing here would not be copied.
    #[tokio::test]
    async fn every_table_is_here_with_every_column() {
        let mut database = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        schema::SQLITE.run(&mut database).await.unwrap();
        let there: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT t.name, c.name, c.type, c.pk FROM sqlite_schema t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> '_sqlx_migrations' \
             ORDER BY t.name, c.cid",
        )
        .fetch_all(&mut database)
        .await
        .unwrap();
        let mut here = Vec::new();
        for table in &TABLES {
            for (at, (column, kind)) in table.columns.iter().enumerate() {
                let kind = match kind {
                    Number => "INTEGER",
                    Text => "TEXT",
                    Bytes => "BLOB",
                };
                let key = if at < table.key { at + 1 } else { 0 };
                here.push((
                    table.name.to_owned(),
                    (*column).to_owned(),
                    kind.to_owned(),
                    i64::try_from(key).unwrap(),
                ));
            }
        }
        here.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(here, there);
    }
}
