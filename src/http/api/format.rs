//! In which format a program wants a list (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, header};

/// A format of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON, page by page.
    Json,
    /// CSV, the whole list.
    Csv,
}

impl Format {
    /// CSV if `Accept` prefers it to JSON, and JSON for everybody else.
    pub fn wanted(headers: &HeaderMap) -> Self {
        let lists = headers.get_all(header::ACCEPT).into_iter();
        let ranges = lists
            .filter_map(|list| list.to_str().ok())
            .flat_map(|list| list.split(','));
        let (mut csv, mut json) = (0.0_f32, 0.0_f32);
        for range in ranges {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
            let quality: f32 = quality.unwrap_or(1.0);
            match name.as_str() {
                "text/csv" => csv = csv.max(quality),
                "application/json" | "application/*" | "*/*" => json = json.max(quality),
                _ => {}
            }
        }
        if csv > json { Self::Csv } else { Self::Json }
    }

    /// Its media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn who_prefers_csv_gets_it_and_everybody_else_json() {
        let wanted = |accept: &'static str| {
            let accept = (header::ACCEPT, HeaderValue::from_static(accept));
            Format::wanted(&HeaderMap::from_iter([accept]))
        };
        for csv in [
            "text/csv",
            "TEXT/CSV",
            "text/csv; charset=utf-8",
            "text/csv, */*;q=0.1",
            "application/json;q=0.5, text/csv;q=0.9",
        ] {
            assert_eq!(wanted(csv), Format::Csv, "{csv}");
        }
        for json in [
            "",
            "*/*",
            "text/html",
            "application/json, text/csv",
            "text/csv;q=0",
            "text/csv;q=x;q=0.2, */*",
            "text/csvx",
        ] {
            assert_eq!(wanted(json), Format::Json, "{json}");
        }
        assert_eq!(Format::wanted(&HeaderMap::new()), Format::Json);
    }
}
