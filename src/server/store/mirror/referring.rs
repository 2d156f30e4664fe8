//! Invoices that refer to a thing: references the other way around.

use std::sync::LazyLock;

use super::{
    rows::MirrorRow,
    sql::{COLUMNS, STATUS},
};
use crate::{
    model::{client::ClientId, date::Date, invoice::Invoice, mirror::Kind},
    server::store::{
        MAX_ROWS, Store, StoreError,
        rows::{Value, values},
    },
};

/// `$1` client, `$2` today, `$3` source, `$4` the reference as it is stored, `$5` limit.
static INVOICES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {STATUS} AS status, {COLUMNS} FROM invoices WHERE client_id = $1 AND deleted = 0 \
         AND source = $3 AND replace(refs, $4, '') <> refs ORDER BY issued_on DESC, id DESC LIMIT $5"
    )
});

const fn external_id(kind: Kind) -> &'static str {
    match kind {
        Kind::Service => {
            "SELECT source, external_id FROM services WHERE client_id = $1 AND id = $2"
        }
        Kind::Domain => "SELECT source, external_id FROM domains WHERE client_id = $1 AND id = $2",
        Kind::Invoice => {
            "SELECT source, external_id FROM invoices WHERE client_id = $1 AND id = $2"
        }
        Kind::Order => "SELECT source, external_id FROM orders WHERE client_id = $1 AND id = $2",
    }
}

impl Store {
    /// The last invoices of a client that refer to a thing of theirs, newest first. Their number is what takes time: each of
    /// the client's invoices is looked at.
    pub async fn invoices_for(
        &self,
        client: ClientId,
        today: Date,
        (kind, id): (Kind, i64),
        limit: u32,
    ) -> Result<Vec<Invoice>, StoreError> {
        let thing: Option<(String, String)> = self
            .read_one(external_id(kind), values![client.0, id])
            .await?;
        let Some((source, external_id)) = thing else {
            return Ok(Vec::new());
        };
        let reference = serde_json::json!([kind.as_str(), external_id]).to_string();
        let values: Vec<Value> = values![
            client.0,
            today.to_string(),
            source,
            reference,
            limit.min(MAX_ROWS),
        ];
        let rows: Vec<MirrorRow> = self.read_all(&INVOICES, values).await?;
        self.complete(client, rows).await
    }
}
