//! A whole list as CSV (RFC 4180), in parts: the memory that it takes does not depend on its length.

use std::io;

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures::stream;
use serde_json::Value;

use super::row::Row;
use crate::{
    http::api::format::Format,
    model::mirror::Listing,
    server::{
        error::Failure,
        mirror::{self, Reader},
        state::AppState,
    },
};

/// Rows that are in memory at once.
const ROWS: u32 = 500;

/// The list as it is at `revision`, from its first row to its last. The listing's limit and offset do not count.
///
/// # Errors
/// The database is unavailable. If that happens later, or an import changes the list or the reader's right ends meanwhile, the
/// response breaks off, so that nobody takes a part for the whole.
pub async fn read<T: Row, R: Reader + Send + 'static>(
    state: &AppState,
    reader: R,
    revision: i64,
    listing: Listing,
) -> Result<Response, Failure> {
    let listing = Listing {
        limit: ROWS,
        offset: 0,
        ..listing
    };
    let (first, total) = mirror::list::<T>(state, &reader, &listing).await?;
    let mut text = header_row(T::COLUMNS);
    add_rows(&mut text, &first);
    let rest = Rest {
        state: state.clone(),
        reader,
        revision,
        listing,
        total,
    };
    let head = stream::iter([Ok(Bytes::from(text))]);
    let rest = stream::try_unfold(rest, next::<T, R>);
    let mut response = Response::new(Body::from_stream(stream::StreamExt::chain(head, rest)));
    let content_type = HeaderValue::from_static(Format::Csv.content_type());
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    Ok(response)
}

/// What is still to be read.
struct Rest<R> {
    state: AppState,
    reader: R,
    revision: i64,
    listing: Listing,
    total: u64,
}

async fn next<T: Row, R: Reader>(mut rest: Rest<R>) -> io::Result<Option<(Bytes, Rest<R>)>> {
    rest.listing.offset += u64::from(ROWS);
    if rest.listing.offset >= rest.total {
        return Ok(None);
    }
    let broken = |failure: Failure| io::Error::other(failure.report().to_string());
    let listed = mirror::list::<T>(&rest.state, &rest.reader, &rest.listing).await;
    let (rows, _) = listed.map_err(broken)?;
    let revision = mirror::revision(&rest.state, &rest.reader).await;
    if revision.map_err(broken)? != Some(rest.revision) {
        return Err(io::Error::other(
            "the list or the right to read it has changed",
        ));
    }
    let mut text = String::new();
    add_rows(&mut text, &rows);
    Ok(Some((text.into(), rest)))
}

fn header_row(columns: &[&str]) -> String {
    columns.join(",") + "\r\n"
}

fn add_rows<T: Row>(text: &mut String, rows: &[T]) {
    for row in rows {
        let row = serde_json::to_value(row).unwrap_or_default();
        let cells: Vec<_> = T::COLUMNS
            .iter()
            .map(|column| cell(&row[*column]))
            .collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
}

/// A cell: numbers, `true` and `false` as they are, texts in quotation marks, nothing for null.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => format!("\"{}\"", harmless(text).replace('"', "\"\"")),
        value => value.to_string(),
    }
}

/// A text that spreadsheets would run as a formula gets an apostrophe before it, which they do not show
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_quoted_and_never_a_formula_and_numbers_stay() {
        for (value, expected) in [
            (json!(null), ""),
            (json!(-1200), "-1200"),
            (json!(9_223_372_036_854_775_807_i64), "9223372036854775807"),
            (json!(true), "true"),
            (json!("Web Pro"), "\"Web Pro\""),
            (json!("a \"b\", c\r\nd"), "\"a \"\"b\"\", c\r\nd\""),
            (json!("=1+1"), "\"'=1+1\""),
            (json!("+1"), "\"'+1\""),
            (json!("-1"), "\"'-1\""),
            (json!("@A1"), "\"'@A1\""),
            (json!("\t=1"), "\"'\t=1\""),
            (json!("\r=1"), "\"'\r=1\""),
            (json!("1=1"), "\"1=1\""),
            (json!(""), "\"\""),
        ] {
            assert_eq!(cell(&value), expected, "{value}");
        }
    }
}
