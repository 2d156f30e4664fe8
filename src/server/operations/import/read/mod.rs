//! What a line says: a client, a thing of a client, or the PDF of an invoice.

mod client;
mod document;
mod domain;
mod invoice;
mod order;
mod service;

use std::{collections::BTreeMap, path::Path};

use serde_json::Value as Json;

pub use self::{client::ReadClient, document::ReadDocument};
use super::{
    fields::{Fields, Refusal},
    strict::Strict,
};
use crate::model::{
    date::Date,
    invoice::InvoiceType,
    mirror::{Kind, Mirrored},
    money::Currency,
    timestamp::Timestamp,
};

/// What a line says.
pub enum Read {
    Client(Box<ReadClient>),
    Thing(Box<Thing>),
    Document(Box<ReadDocument>),
}

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

/// Reads a line. Files of documents are named from `folder`.
///
/// # Errors
/// Why it is refused.
pub fn read(line: &str, folder: &Path) -> Result<Read, Refusal> {
    let Strict(value) = serde_json::from_str(line).map_err(|error| syntax(&error))?;
    let mut fields = Fields::new(value)?;
    let word = fields.text("type")?;
    let read = match word.as_str() {
        "client" => Read::Client(Box::new(client::read(&mut fields)?)),
        "document" => Read::Document(Box::new(document::read(&mut fields, folder)?)),
        "service" => thing(&mut fields, Kind::Service, service::read)?,
        "domain" => thing(&mut fields, Kind::Domain, domain::read)?,
        "order" => thing(&mut fields, Kind::Order, order::read)?,
        "invoice" => thing(&mut fields, Kind::Invoice, |fields, thing| {
            invoice::read(fields, thing, InvoiceType::Invoice)
        })?,
        "credit_note" => thing(&mut fields, Kind::Invoice, |fields, thing| {
            invoice::read(fields, thing, InvoiceType::CreditNote)
        })?,
        _ => {
            return Err(
                "type: is not one of client, service, domain, invoice, credit_note, order, \
                        document"
                    .to_owned(),
            );
        }
    };
    fields.finish()?;
    Ok(read)
}

/// Where the JSON is wrong, without quoting it.
fn syntax(error: &serde_json::Error) -> Refusal {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    format!("is not JSON: {reason}, at byte {}", error.column())
}

fn thing(
    fields: &mut Fields,
    kind: Kind,
    read: impl FnOnce(&mut Fields, &mut Thing) -> Result<(), Refusal>,
) -> Result<Read, Refusal> {
    let mut thing = Thing {
        kind: Some(kind),
        external_id: fields.id("external_id")?,
        client: fields.id("client")?,
        deleted: fields.flag("deleted")?,
        data: "{}".to_owned(),
        ..Thing::default()
    };
    if !thing.deleted {
        thing.created_at = fields.maybe_time("created_at")?;
        read(fields, &mut thing)?;
    }
    Ok(Read::Thing(Box::new(thing)))
}

impl Thing {
    /// Stores a field that names another thing by its external id.
    fn refer(&mut self, fields: &mut Fields, name: &str, kind: Kind) -> Result<(), Refusal> {
        let path = fields.path(name);
        if let Some(external_id) = fields.maybe_id(name)? {
            self.references.insert(path, (kind, external_id));
        }
        Ok(())
    }

    /// The texts by which it is found, and the first of them to sort it by.
    fn find_by(&mut self, texts: &[Option<&str>]) {
        let texts = texts.iter().copied().map(Option::unwrap_or_default);
        let texts: Vec<String> = texts.map(str::to_lowercase).collect();
        self.title.clone_from(&texts[0]);
        self.search = texts.join("\n");
    }

    fn priced(&mut self, amount: i64, currency: Currency) {
        self.amount = amount;
        self.currency_code = currency.code();
    }

    /// Stores the JSON as it is served, without what columns say, what is derived, and what is null.
    fn store(&mut self, value: &impl Mirrored) -> Result<(), Refusal> {
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
