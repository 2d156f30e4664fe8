//! The tables of temporary data into which the lines of a file are read, before anything of the database is changed.

use super::{
    read::{ReadClient, ReadDocument, Thing},
    target::{Table, Target},
};
use crate::server::store::{
    StoreError,
    rows::{Value, values},
};

pub const CLIENTS: Table = Table {
    name: "staged_clients",
    columns: &[
        ("line", "INTEGER PRIMARY KEY"),
        ("external_id", "TEXT"),
        ("email", "TEXT"),
        ("email_key", "TEXT"),
        ("name", "TEXT"),
        ("company", "TEXT"),
        ("phone", "TEXT"),
        ("address1", "TEXT"),
        ("address2", "TEXT"),
        ("city", "TEXT"),
        ("state", "TEXT"),
        ("postcode", "TEXT"),
        ("country", "TEXT"),
        ("currency_code", "TEXT"),
        ("status", "TEXT"),
        ("password_hash", "TEXT"),
        ("imported_hash", "TEXT"),
        ("created_at", "BIGINT"),
    ],
    // The client's id, and what is done.
    later: &[("id", "BIGINT"), ("action", "TEXT")],
};

pub const THINGS: Table = Table {
    name: "staged",
    columns: &[
        ("line", "INTEGER PRIMARY KEY"),
        ("kind", "TEXT"),
        ("external_id", "TEXT"),
        ("client", "TEXT"),
        ("deleted", "BIGINT"),
        ("status", "TEXT"),
        ("currency_code", "TEXT"),
        ("title", "TEXT"),
        ("amount", "BIGINT"),
        ("owed", "BIGINT"),
        ("issued_on", "TEXT"),
        ("due_on", "TEXT"),
        ("expires_on", "TEXT"),
        ("search", "TEXT"),
        ("data", "TEXT"),
        ("refs", "TEXT"),
        ("created_at", "BIGINT"),
    ],
    later: &[],
};

/// What the things refer to.
pub const REFERENCES: Table = Table {
    name: "staged_refs",
    columns: &[
        ("line", "BIGINT"),
        ("path", "TEXT"),
        ("kind", "TEXT"),
        ("external_id", "TEXT"),
    ],
    later: &[],
};

pub const DOCUMENTS: Table = Table {
    name: "staged_documents",
    columns: &[
        ("line", "INTEGER PRIMARY KEY"),
        ("invoice", "TEXT"),
        ("document", "TEXT"),
        ("body", "BYTEA"),
    ],
    // Whether it is another one than there is.
    later: &[("changed", "BIGINT")],
};

/// What is done with each thing, but for those that stay as they are. Without a line: it is not in the file.
pub const PLANNED: Table = Table {
    name: "planned",
    columns: &[
        ("line", "BIGINT"),
        ("kind", "TEXT"),
        ("client_id", "BIGINT"),
        ("old_client_id", "BIGINT"),
        ("id", "BIGINT"),
        ("action", "TEXT"),
    ],
    later: &[],
};

/// Rows in memory at once.
const BATCH: usize = 500;
/// Bytes of texts and documents in memory at once, approximately.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Rows that are not inserted yet.
#[derive(Default)]
pub struct Stage {
    clients: Vec<Vec<Value>>,
    things: Vec<Vec<Value>>,
    references: Vec<Vec<Value>>,
    documents: Vec<Vec<Value>>,
    bytes: usize,
}

impl Stage {
    pub async fn create(target: &mut Target) -> Result<Self, StoreError> {
        for table in [&CLIENTS, &THINGS, &REFERENCES, &DOCUMENTS, &PLANNED] {
            target.create(table).await?;
        }
        Ok(Self::default())
    }

    pub fn client(&mut self, line: i64, client: &ReadClient) {
        self.clients.push(values![
            line,
            client.external_id.as_str(),
            client.email.as_str(),
            client.email.key(),
            client.name.as_str(),
            client.company.as_deref(),
            client.phone.as_deref(),
            client.address1.as_str(),
            client.address2.as_deref(),
            client.city.as_str(),
            client.state.as_str(),
            client.postcode.as_str(),
            client.country.as_deref(),
            client.currency_code.map(|currency| currency.code()),
            client.status.map(|status| status.as_str()),
            client.password_hash.as_deref(),
            client.imported_hash(),
            client.created_at.map(|time| time.unix()),
        ]);
    }

    pub fn thing(&mut self, line: i64, thing: Thing) {
        let kind = thing.kind.map_or("", |kind| kind.as_str());
        for (path, (of, external_id)) in &thing.references {
            let row = values![line, path.as_str(), of.as_str(), external_id.as_str()];
            self.references.push(row);
        }
        let refs = (!thing.references.is_empty())
            .then(|| serde_json::to_string(&thing.references).unwrap_or_default());
        self.bytes += thing.data.len() + thing.search.len();
        let date = |date: Option<crate::model::date::Date>| date.map(|date| date.to_string());
        self.things.push(values![
            line,
            kind,
            thing.external_id,
            thing.client,
            i64::from(thing.deleted),
            thing.status,
            thing.currency_code,
            thing.title,
            thing.amount,
            thing.owed,
            date(thing.issued_on),
            date(thing.due_on),
            date(thing.expires_on),
            thing.search,
            thing.data,
            refs,
            thing.created_at.map(|time| time.unix()),
        ]);
    }

    pub fn document(&mut self, line: i64, document: ReadDocument) {
        let about = document.about();
        let body = document.body.unwrap_or_default();
        self.bytes += body.len();
        let mut row = values![line, document.invoice, about];
        row.push(Value::Bytes(body));
        self.documents.push(row);
    }

    /// Inserts the rows, if there are many.
    pub async fn flush_if_full(&mut self, target: &mut Target) -> Result<(), StoreError> {
        let rows = self.clients.len() + self.things.len() + self.documents.len();
        if rows < BATCH && self.references.len() < 4 * BATCH && self.bytes < BATCH_BYTES {
            return Ok(());
        }
        self.flush(target).await
    }

    /// Inserts the rows.
    pub async fn flush(&mut self, target: &mut Target) -> Result<(), StoreError> {
        for (table, rows) in [
            (&CLIENTS, &mut self.clients),
            (&THINGS, &mut self.things),
            (&REFERENCES, &mut self.references),
            (&DOCUMENTS, &mut self.documents),
        ] {
            target.insert(table, rows).await?;
            rows.clear();
        }
        self.bytes = 0;
        Ok(())
    }
}

/// Makes the rows fast to find, after all of them were inserted.
pub async fn index(target: &mut Target) -> Result<(), StoreError> {
    for sql in [
        "CREATE INDEX staged_by_id ON staged (kind, external_id)",
        "CREATE INDEX staged_clients_by_id ON staged_clients (external_id)",
        "CREATE INDEX staged_clients_by_email ON staged_clients (email_key)",
        "CREATE INDEX staged_documents_by_invoice ON staged_documents (invoice)",
        "CREATE INDEX staged_refs_by_line ON staged_refs (line)",
    ] {
        target.execute(sql, Vec::new()).await?;
    }
    target
        .analyze(&[&CLIENTS, &THINGS, &REFERENCES, &DOCUMENTS])
        .await
}
