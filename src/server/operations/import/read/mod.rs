//! What a line says: a client, a thing of a client, or the PDF of an invoice.

mod client;
mod document;
mod domain;
mod invoice;
mod order;
mod service;
mod thing;

use std::path::Path;

pub use self::{client::ReadClient, document::ReadDocument, thing::Thing};
use super::{
    fields::{Fields, Refusal},
    strict::Strict,
};
use crate::model::{invoice::InvoiceType, mirror::Kind};

/// What a line says.
pub enum Read {
    Client(Box<ReadClient>),
    Thing(Box<Thing>),
    Document(Box<ReadDocument>),
}

/// A line that is refused, and why.
pub struct RefusedLine {
    /// The word of its kind; `line` if it does not say that.
    pub kind: &'static str,
    pub reason: Refusal,
}

impl RefusedLine {
    /// One whose kind is not known.
    pub fn unread(reason: impl Into<Refusal>) -> Self {
        let (kind, reason) = ("line", reason.into());
        Self { kind, reason }
    }
}

/// Reads a line. Files of documents are named from `folder`.
///
/// # Errors
/// Why it is refused.
pub fn read(line: &str, folder: &Path) -> Result<Read, RefusedLine> {
    let Strict(value) =
        serde_json::from_str(line).map_err(|error| RefusedLine::unread(syntax(&error)))?;
    let mut fields = Fields::new(value).map_err(RefusedLine::unread)?;
    let word = fields.text("type").map_err(RefusedLine::unread)?;
    let (kind, read) = match word.as_str() {
        "client" => {
            let read = client::read(&mut fields).map(|client| Read::Client(Box::new(client)));
            ("client", read)
        }
        "document" => {
            let read = document::read(&mut fields, folder);
            (
                "document",
                read.map(|document| Read::Document(Box::new(document))),
            )
        }
        "service" => thing(&mut fields, Kind::Service, service::read),
        "domain" => thing(&mut fields, Kind::Domain, domain::read),
        "order" => thing(&mut fields, Kind::Order, order::read),
        "invoice" => thing(&mut fields, Kind::Invoice, |fields, thing| {
            invoice::read(fields, thing, InvoiceType::Invoice)
        }),
        "credit_note" => thing(&mut fields, Kind::Invoice, |fields, thing| {
            invoice::read(fields, thing, InvoiceType::CreditNote)
        }),
        _ => {
            return Err(RefusedLine::unread(
                "type: is not one of client, service, domain, invoice, credit_note, order, \
                        document",
            ));
        }
    };
    let read = read.and_then(|read| fields.finish().map(|()| read));
    read.map_err(|reason| RefusedLine { kind, reason })
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
) -> (&'static str, Result<Read, Refusal>) {
    let read = read_thing(fields, kind, read).map(|thing| Read::Thing(Box::new(thing)));
    (kind.as_str(), read)
}

fn read_thing(
    fields: &mut Fields,
    kind: Kind,
    read: impl FnOnce(&mut Fields, &mut Thing) -> Result<(), Refusal>,
) -> Result<Thing, Refusal> {
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
    Ok(thing)
}
