//! Results of several values: lists, and records of one thing.
//!
//! A list is JSON on request, a table where a person reads it, and otherwise a line for each row, with tabs between the
//! values. Lines and JSON are printed while the list is read, some rows at a time, so that no statement delays others for
//! long.

mod table;

use std::{
    fmt::Write as _,
    io::{self, BufWriter, ErrorKind, IsTerminal, Write},
};

use serde::Serialize;

use self::table::Table;
use super::{error::CommandError, print};
use crate::model::text;

/// What a value that is not there is shown as.
pub const NONE: &str = "-";

/// A value that may not be there.
pub fn or_none(value: Option<impl ToString>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| value.to_string())
}

/// A list on its way to standard output.
///
/// If standard output is closed, as `head` does, nothing more is printed, and that is no error.
pub struct Listing<W> {
    output: W,
    format: Format,
    /// What it lists, for a person who sees an empty list.
    what: &'static str,
    is_empty: bool,
    is_closed: bool,
}

enum Format {
    Json,
    Lines,
    Table(Table),
}

impl Listing<BufWriter<io::Stdout>> {
    /// An empty list of `what` ("clients"), with the headings of its columns.
    pub fn new(what: &'static str, is_json: bool, headings: &[&str]) -> Self {
        let format = if is_json {
            Format::Json
        } else if io::stdout().is_terminal() {
            Format::Table(Table::new(headings))
        } else {
            Format::Lines
        };
        Self::to(BufWriter::new(io::stdout()), what, format)
    }
}

impl<W: Write> Listing<W> {
    fn to(output: W, what: &'static str, format: Format) -> Self {
        Self {
            output,
            format,
            what,
            is_empty: true,
            is_closed: false,
        }
    }

    /// Whether standard output was closed.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Adds a row: as JSON, or with its `cells`.
    pub fn add<T: Serialize>(
        &mut self,
        row: &T,
        cells: impl FnOnce(&T) -> Vec<String>,
    ) -> Result<(), CommandError> {
        if self.is_closed {
            return Ok(());
        }
        let written = self.write(row, cells);
        self.check(written)
    }

    /// Prints the end of the list and flushes.
    pub fn end(mut self) -> Result<(), CommandError> {
        if self.is_closed {
            return Ok(());
        }
        if let (Format::Table(_), true) = (&self.format, self.is_empty) {
            print::note(&format!("There are no {}.", self.what));
            return Ok(());
        }
        let end = match (&self.format, self.is_empty) {
            (Format::Table(table), _) => table.text(),
            (Format::Lines, _) => String::new(),
            (Format::Json, true) => "[]\n".to_owned(),
            (Format::Json, false) => "\n]\n".to_owned(),
        };
        let written = self.output.write_all(end.as_bytes());
        let written = written.and_then(|()| self.output.flush());
        self.check(written)
    }

    fn check(&mut self, written: io::Result<()>) -> Result<(), CommandError> {
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            written => written
                .map_err(|error| CommandError::Io("standard output cannot be written to", error)),
        }
    }

    fn write<T: Serialize>(
        &mut self,
        row: &T,
        cells: impl FnOnce(&T) -> Vec<String>,
    ) -> io::Result<()> {
        let is_first = std::mem::take(&mut self.is_empty);
        let shown = |cells: Vec<String>| cells.iter().map(|cell| shown(cell)).collect::<Vec<_>>();
        match &mut self.format {
            Format::Json => {
                let begin = if is_first { "[" } else { "," };
                let row = json(row)?.replace('\n', "\n  ");
                write!(self.output, "{begin}\n  {row}")
            }
            Format::Lines => writeln!(self.output, "{}", shown(cells(row)).join("\t")),
            Format::Table(table) => {
                table.add(shown(cells(row)));
                Ok(())
            }
        }
    }
}

/// Prints one thing: as JSON, or with a line for each of its values. A terminal shows the values below each other.
pub fn record(
    is_json: bool,
    thing: &impl Serialize,
    values: &[(&str, String)],
) -> Result<(), CommandError> {
    let text = if is_json {
        let text = json(thing);
        text.map_err(|error| CommandError::Io("the result cannot be written as JSON", error))?
    } else if io::stdout().is_terminal() {
        let mut table = Table::new(&[]);
        for (name, value) in values {
            table.add(vec![format!("{name}:"), shown(value)]);
        }
        table.text().trim_end().to_owned()
    } else {
        let lines = values.iter();
        let lines = lines.map(|(name, value)| format!("{name}\t{}", shown(value)));
        lines.collect::<Vec<_>>().join("\n")
    };
    print::done(&text);
    Ok(())
}

/// A value as people and programs may see it: on one line, and not empty.
fn shown(value: &str) -> String {
    if value.is_empty() {
        NONE.to_owned()
    } else {
        text::escaped(value).into_owned()
    }
}

/// JSON in which characters that a terminal would obey, or hide, are escaped; they can only be in strings.
fn json(thing: &impl Serialize) -> io::Result<String> {
    let text = serde_json::to_string_pretty(thing)?;
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || !text::is_invisible(c) {
            escaped.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Row {
        id: i64,
        names: Vec<&'static str>,
    }

    fn listed(format: Format, rows: &[Row]) -> String {
        let mut text = Vec::new();
        let mut listing = Listing::to(&mut text, "rows", format);
        for row in rows {
            let cells = |row: &Row| {
                let names = row.names.iter().map(ToString::to_string);
                [row.id.to_string()].into_iter().chain(names).collect()
            };
            listing.add(row, cells).unwrap();
        }
        listing.end().unwrap();
        String::from_utf8(text).unwrap()
    }

    fn rows(count: i64) -> Vec<Row> {
        let row = |id| Row {
            id,
            names: vec!["line\nfeed", "é"],
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn rows_one_by_one_make_the_json_that_all_at_once_do() {
        for count in 0..4 {
            let rows = rows(count);
            let at_once = serde_json::to_string_pretty(&rows).unwrap() + "\n";
            assert_eq!(listed(Format::Json, &rows), at_once);
        }
    }

    #[test]
    fn a_line_has_a_row_and_no_character_that_a_terminal_obeys() {
        let mut rows = rows(1);
        rows[0].names.extend(["a\tb\u{1b}[31m\u{202e}", ""]);
        let line = "0\tline\\u{a}feed\té\ta\\u{9}b\\u{1b}[31m\\u{202e}\t-\n";
        assert_eq!(listed(Format::Lines, &rows), line);
        let json = listed(Format::Json, &rows);
        assert!(json.contains(r"a\tb\u001b[31m\u202e"), "{json}");
        let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(parsed[0]["names"][2], "a\tb\u{1b}[31m\u{202e}");
    }
}
