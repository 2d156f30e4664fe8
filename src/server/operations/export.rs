//! Prints what was imported as the lines of an import: importing them again changes nothing.

use std::{collections::BTreeMap, io::Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value as Json};
use thiserror::Error;

use super::import::target::Target;
use crate::{
    model::{client::Email, mirror::Kind, timestamp::Timestamp},
    server::store::{
        StoreError,
        rows::{Value, row, values},
    },
};

/// Rows in memory at once.
const BATCH: u32 = 500;
/// Documents in memory at once.
const DOCUMENTS: u32 = 4;

/// What is exported.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// The system it came from.
    pub source: String,
    /// Only what this client has.
    pub client: Option<Email>,
    /// Only these kinds of lines, by their words; all, if there is none.
    pub kinds: Vec<String>,
    /// Whether the hashes of passwords are left out.
    pub without_passwords: bool,
}

/// Why an export failed.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The lines cannot be written.
    #[error("the lines cannot be written")]
    Output(#[source] std::io::Error),
    /// The database failed.
    #[error("the database")]
    Database(#[from] StoreError),
}

row! {
    struct ClientRow {
        id: i64,
        external_id: String,
        email: String,
        name: String,
        company: Option<String>,
        phone: Option<String>,
        address1: String,
        address2: Option<String>,
        city: String,
        state: String,
        postcode: String,
        country: Option<String>,
        currency_code: String,
        status: String,
        password_hash: Option<String>,
        created_at: i64,
    }
}

row! {
    struct ThingRow {
        id: i64,
        external_id: String,
        client: String,
        data: String,
        refs: Option<String>,
        created_at: i64,
        deleted: i64,
    }
}

/// Prints the lines, and returns how many.
///
/// # Errors
/// See [`ExportError`].
pub async fn export(
    url: &str,
    options: &ExportOptions,
    mut output: impl Write,
) -> Result<u64, ExportError> {
    let mut target = Target::open(url, "REPEATABLE READ").await?;
    target.begin_staging()?;
    let mut lines = 0;
    let wants =
        |kind: &str| options.kinds.is_empty() || options.kinds.iter().any(|one| one == kind);
    if wants("client") {
        lines += clients(&mut target, options, &mut output).await?;
    }
    for kind in Kind::ALL {
        if wants(kind.as_str()) {
            lines += things(&mut target, options, kind, &mut output).await?;
        }
    }
    if wants("document") {
        lines += documents(&mut target, options, &mut output).await?;
    }
    output.flush().map_err(ExportError::Output)?;
    Ok(lines)
}

/// The values of every statement: source, the email address as it is compared, the last id, how many.
fn values_of(options: &ExportOptions, after: i64, limit: u32) -> Vec<Value> {
    let email = options.client.as_ref().map(Email::key);
    values![options.source.as_str(), email, after, limit]
}

async fn clients(
    target: &mut Target,
    options: &ExportOptions,
    output: &mut impl Write,
) -> Result<u64, ExportError> {
    const SQL: &str = "SELECT id, external_id, email, name, company, phone, address1, address2, city, state, postcode, \
        country, currency_code, status, password_hash, created_at FROM clients WHERE source = $1 \
        AND ($2 IS NULL OR email_key = $2) AND id > $3 ORDER BY id LIMIT $4";
    let (mut lines, mut after) = (0, 0);
    loop {
        let rows: Vec<ClientRow> = target.fetch(SQL, values_of(options, after, BATCH)).await?;
        let Some(last) = rows.last() else {
            return Ok(lines);
        };
        after = last.id;
        for row in rows {
            let password_hash = row.password_hash.filter(|_| !options.without_passwords);
            // `XXX` stands for no currency; it was never imported.
            let currency_code = Some(row.currency_code).filter(|code| code != "XXX");
            let fields = [
                ("type", Some("client".to_owned())),
                ("external_id", Some(row.external_id)),
                ("email", Some(row.email)),
                ("name", Some(row.name)),
                ("company", row.company),
                ("phone", row.phone),
                ("address1", some(row.address1)),
                ("address2", row.address2),
                ("city", some(row.city)),
                ("state", some(row.state)),
                ("postcode", some(row.postcode)),
                ("country", row.country),
                ("currency_code", currency_code),
                ("status", Some(row.status)),
                ("password_hash", password_hash),
                ("created_at", Some(time(row.created_at))),
            ];
            let fields = fields.into_iter();
            let line =
                fields.filter_map(|(name, value)| Some((name.to_owned(), Json::from(value?))));
            print(output, &line.collect())?;
            lines += 1;
        }
    }
}

async fn things(
    target: &mut Target,
    options: &ExportOptions,
    kind: Kind,
    output: &mut impl Write,
) -> Result<u64, ExportError> {
    // What has been given to another client has an id that no file can have.
    let sql = format!(
        "SELECT t.id, t.external_id, c.external_id AS client, t.data, t.refs, t.created_at, t.deleted \
         FROM {} t JOIN clients c ON c.id = t.client_id WHERE t.source = $1 \
         AND ($2 IS NULL OR c.email_key = $2) AND t.id > $3 ORDER BY t.id LIMIT $4",
        kind.plural()
    );
    let (mut lines, mut after) = (0, 0);
    loop {
        let rows: Vec<ThingRow> = target.fetch(&sql, values_of(options, after, BATCH)).await?;
        let Some(last) = rows.last() else {
            return Ok(lines);
        };
        after = last.id;
        for row in rows
            .into_iter()
            .filter(|row| !row.external_id.contains('\u{1f}'))
        {
            let line = line_of(kind, row).map_err(|id| StoreError::BadRow {
                table: kind.plural(),
                id,
            })?;
            print(output, &line)?;
            lines += 1;
        }
    }
}

/// The line of a thing, or the id of a row that has none.
fn line_of(kind: Kind, row: ThingRow) -> Result<Map<String, Json>, i64> {
    let bad_row = |_| row.id;
    let mut data: Json = serde_json::from_str(&row.data).map_err(bad_row)?;
    let references: BTreeMap<String, (Kind, String)> = match &row.refs {
        Some(refs) => serde_json::from_str(refs).map_err(bad_row)?,
        None => BTreeMap::new(),
    };
    for (path, (_, external_id)) in references {
        let (object, name) = path.rsplit_once('.').unwrap_or(("", &path));
        let pointer = format!("/{}", object.replace('.', "/"));
        let object = if object.is_empty() {
            Some(&mut data)
        } else {
            data.pointer_mut(&pointer)
        };
        let object = object.and_then(Json::as_object_mut).ok_or(row.id)?;
        object.insert(name.to_owned(), external_id.into());
    }
    let Json::Object(mut line) = data else {
        return Err(row.id);
    };
    // An order's items count themselves.
    line.remove("items_count");
    // A credit note says so itself.
    line.entry("type").or_insert_with(|| kind.as_str().into());
    line.insert("external_id".to_owned(), row.external_id.into());
    line.insert("client".to_owned(), row.client.into());
    if row.deleted == 0 {
        line.insert("created_at".to_owned(), time(row.created_at).into());
    } else {
        line.insert("deleted".to_owned(), true.into());
    }
    Ok(line)
}

async fn documents(
    target: &mut Target,
    options: &ExportOptions,
    output: &mut impl Write,
) -> Result<u64, ExportError> {
    const SQL: &str = "SELECT d.invoice_id, t.external_id, d.body FROM documents d JOIN invoices t ON t.id = d.invoice_id \
        JOIN clients c ON c.id = t.client_id WHERE t.source = $1 AND ($2 IS NULL OR c.email_key = $2) \
        AND d.invoice_id > $3 ORDER BY d.invoice_id LIMIT $4";
    let (mut lines, mut after) = (0, 0);
    loop {
        let values = values_of(options, after, DOCUMENTS);
        let rows: Vec<(i64, String, Vec<u8>)> = target.fetch(SQL, values).await?;
        let Some(last) = rows.last() else {
            return Ok(lines);
        };
        after = last.0;
        for (_, invoice, body) in rows {
            let fields = [
                ("type", "document".to_owned()),
                ("invoice", invoice),
                ("content_type", "application/pdf".to_owned()),
                ("content", BASE64_STANDARD.encode(&body)),
            ];
            let line = fields.map(|(name, value)| (name.to_owned(), Json::from(value)));
            print(output, &line.into_iter().collect())?;
            lines += 1;
        }
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn time(seconds: i64) -> String {
    Timestamp::from_unix(seconds).rfc3339()
}

fn print(output: &mut impl Write, line: &Map<String, Json>) -> Result<(), ExportError> {
    let written = serde_json::to_writer(&mut *output, line).map_err(std::io::Error::from);
    let written = written.and_then(|()| output.write_all(b"\n"));
    written.map_err(ExportError::Output)
}
