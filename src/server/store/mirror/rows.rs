//! Rows of the mirror, and how they become values of the model.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;

use crate::{
    model::{
        invoice::Document,
        mirror::{Facts, Kind, Mirrored, StatusCount},
        timestamp::Timestamp,
    },
    server::store::{StoreError, rows::row},
};

row! {
    pub struct MirrorRow {
        status: String,
        id: i64,
        source: String,
        data: String,
        refs: Option<String>,
        document: Option<String>,
        created_at: i64,
        updated_at: i64,
        deleted: i64,
    }
}

row! {
    pub struct StatusCountRow {
        status: String,
        count: i64,
    }
}

impl From<StatusCountRow> for StatusCount {
    fn from(row: StatusCountRow) -> Self {
        Self {
            status: row.status,
            count: u64::try_from(row.count).unwrap_or_default(),
        }
    }
}

/// The fields of a thing that refer to others: their paths, and the kinds and external ids of the others.
pub type References = BTreeMap<String, (Kind, String)>;

/// The ids of things, by their sources, kinds and external ids.
pub type Ids = HashMap<(String, Kind, String), i64>;

/// A row whose references are known.
pub struct ParsedRow {
    row: MirrorRow,
    kind: Kind,
    pub references: References,
}

impl MirrorRow {
    pub fn parse(self, kind: Kind) -> Result<ParsedRow, StoreError> {
        let references = match &self.refs {
            Some(text) => json(text, kind, self.id)?,
            None => References::new(),
        };
        Ok(ParsedRow {
            row: self,
            kind,
            references,
        })
    }
}

impl ParsedRow {
    pub fn source(&self) -> &str {
        &self.row.source
    }

    pub fn complete<T: Mirrored>(self, ids: &Ids) -> Result<T, StoreError> {
        let row = &self.row;
        let mut value: T = json(&row.data, self.kind, row.id)?;
        let document: Option<Document> = match &row.document {
            Some(text) => Some(json(text, self.kind, row.id)?),
            None => None,
        };
        let reference = |path: &str| {
            let (kind, external_id) = self.references.get(path)?;
            ids.get(&(row.source.clone(), *kind, external_id.clone()))
                .copied()
        };
        value.complete(&Facts {
            id: row.id,
            status: &row.status,
            created_at: Timestamp::from_unix(row.created_at),
            updated_at: Timestamp::from_unix(row.updated_at),
            document,
            reference: &reference,
        });
        Ok(value)
    }
}

fn json<T: DeserializeOwned>(text: &str, kind: Kind, id: i64) -> Result<T, StoreError> {
    let table = kind.plural();
    serde_json::from_str(text).map_err(|_| StoreError::BadRow { table, id })
}
