//! A thing of a client, as a line says it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::{
    model::{
        date::Date,
        mirror::{Kind, Mirrored},
        money::Currency,
        timestamp::Timestamp,
    },
    server::operations::import::fields::{Fields, Refusal},
};

/// A thing of a client: the columns of its row, and what it refers to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Thing {
    pub kind: Option<Kind>,
    pub external_id: String,
    pub client: String,
    pub deleted: bool,
    pub status: &'static str,
    pub currency_code: &'static str,
    pub title: String,
    pub amount: i64,
    pub owed: i64,
    pub issued_on: Option<Date>,
    pub due_on: Option<Date>,
    pub expires_on: Option<Date>,
    pub search: String,
    pub data: String,
    pub references: BTreeMap<String, (Kind, String)>,
    pub created_at: Option<Timestamp>,
    /// What does not add up.
    pub warnings: Vec<String>,
}

impl Thing {
    /// Stores a field that names another thing by its external id.
    pub fn refer(&mut self, fields: &mut Fields, name: &str, kind: Kind) -> Result<(), Refusal> {
        let path = fields.path(name);
        if let Some(external_id) = fields.maybe_id(name)? {
            self.references.insert(path, (kind, external_id));
        }
        Ok(())
    }

    /// The texts by which it is found, and the first of them to sort it by.
    pub fn find_by(&mut self, texts: &[Option<&str>]) {
        let texts = texts.iter().copied().map(Option::unwrap_or_default);
        let texts: Vec<String> = texts.map(str::to_lowercase).collect();
        self.title.clone_from(&texts[0]);
        self.search = texts.join("\n");
    }

    pub fn priced(&mut self, amount: i64, currency: Currency) {
        self.amount = amount;
        self.currency_code = currency.code();
    }

    /// Stores the JSON as it is served, without what columns say, what is derived, and what is null.
    pub fn store(&mut self, value: &impl Mirrored) -> Result<(), Refusal> {
        let json = serde_json::to_value(value);
        let mut json = json.map_err(|error| format!("cannot be stored: {error}"))?;
        if let Json::Object(fields) = &mut json {
            for derived in [
                "id",
                "amount_due",
                "has_document",
                "created_at",
                "updated_at",
            ] {
                fields.remove(derived);
            }
        }
        without_nulls(&mut json);
        self.data = json.to_string();
        Ok(())
    }
}

fn without_nulls(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Json::Array(elements) => elements.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
