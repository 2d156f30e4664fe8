//! The session behind a cookie.

use std::sync::LazyLock;

use const_format::formatcp;

use crate::server::store::{
    batches::{RowLookup, for_all},
    postgres::ONLY_ON_PRIMARY,
    rows::{CLIENT_COLUMNS, ClientRow, row},
};

/// Selects the session with the hash `$1`.
pub const SESSION: &str = formatcp!(
    "SELECT s.id AS session_id, s.created_at AS session_created_at, s.last_seen_at, \
     (SELECT count(*) FROM imports) AS imports, {CLIENT_COLUMNS} \
     FROM sessions s JOIN clients c ON c.id = s.client_id WHERE s.id_hash = $1 \
     AND c.status <> 'closed'"
);

row! {
    pub struct FoundSessionRow {
        session_id: i64,
        session_created_at: i64,
        last_seen_at: i64,
        imports: i64,
        #[sqlx(flatten)]
        client: ClientRow,
    }
}

impl RowLookup for FoundSessionRow {
    const ONE: &'static str = formatcp!("{SESSION}{ONLY_ON_PRIMARY}");

    fn all() -> &'static str {
        static ALL: LazyLock<String> = LazyLock::new(|| for_all(SESSION, 1, ONLY_ON_PRIMARY));
        &ALL
    }
}
