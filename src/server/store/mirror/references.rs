//! References from one thing to another, which are stored by external id.
//!
//! So a file of an import may have its lines in any order, and a reference to something that was deleted leads nowhere by
//! itself. Only things of the same client and source are found.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use super::rows::{Ids, ParsedRow};
use crate::{
    model::{client::ClientId, mirror::Kind},
    server::store::{
        MAX_ROWS, Store, StoreError,
        db::Db,
        rows::{row, values},
    },
};

row! {
    struct ExternalIdRow {
        external_id: String,
        id: i64,
    }
}

/// The ids of the things of client `$1` and source `$2` with the external ids in the JSON array `$3`.
fn statement(kind: Kind, db: &Db) -> &'static str {
    static ALL: LazyLock<HashMap<Kind, [String; 2]>> = LazyLock::new(|| {
        let elements = [
            "SELECT value FROM json_each($3)",
            "SELECT jsonb_array_elements_text($3::jsonb)",
        ];
        let text = |kind: Kind| {
            let table = kind.plural();
            elements.map(|elements| {
                format!(
                    "SELECT external_id, id FROM {table} WHERE client_id = $1 AND source = $2 \
                     AND deleted = 0 AND external_id IN ({elements})"
                )
            })
        };
        Kind::ALL
            .into_iter()
            .map(|kind| (kind, text(kind)))
            .collect()
    });
    let of_database = match db {
        Db::Sqlite { .. } => 0,
        Db::Postgres(_) => 1,
    };
    ALL.get(&kind).map_or("", |texts| &texts[of_database])
}

impl Store {
    /// The ids of all things that these rows of a client refer to.
    pub(super) async fn resolve(
        &self,
        client: ClientId,
        rows: &[ParsedRow],
    ) -> Result<Ids, StoreError> {
        let mut wanted = BTreeSet::new();
        for row in rows {
            for (kind, external_id) in row.references.values() {
                wanted.insert((row.source(), *kind, external_id.as_str()));
            }
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        let mut ids = Ids::new();
        for alike in wanted.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1)) {
            for some in alike.chunks(MAX_ROWS as usize) {
                let (source, kind, _) = some[0];
                let external_ids: Vec<&str> = some.iter().map(|one| one.2).collect();
                let external_ids = serde_json::Value::from(external_ids).to_string();
                let values = values![client.0, source, external_ids];
                let found: Vec<ExternalIdRow> =
                    self.read_all(statement(kind, &self.db), values).await?;
                for row in found {
                    ids.insert((source.to_owned(), kind, row.external_id), row.id);
                }
            }
        }
        Ok(ids)
    }
}
