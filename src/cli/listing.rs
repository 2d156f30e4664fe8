//! Lists that are printed while they are read, some rows at a time: however long one is, no question holds up others.

use std::io::{self, Write};

use serde::Serialize;

use super::CommandError;

/// A list on its way to standard output: a JSON array, or a line for each row.
pub struct Listing<W> {
    output: W,
    is_json: bool,
    is_empty: bool,
}

impl Listing<io::Stdout> {
    /// A list with nothing in it yet.
    pub fn new(is_json: bool) -> Self {
        Self::to(io::stdout(), is_json)
    }
}

impl<W: Write> Listing<W> {
    fn to(output: W, is_json: bool) -> Self {
        Self {
            output,
            is_json,
            is_empty: true,
        }
    }

    /// Prints one more row, which is `line` as text.
    pub fn add<T: Serialize>(
        &mut self,
        row: &T,
        line: impl FnOnce(&T) -> String,
    ) -> Result<(), CommandError> {
        self.write(row, line).map_err(not_written)
    }

    /// Prints what comes after the last row.
    pub fn end(mut self) -> Result<(), CommandError> {
        let end = match (self.is_json, self.is_empty) {
            (false, _) => "",
            (true, true) => "[]\n",
            (true, false) => "\n]\n",
        };
        let written = self.output.write_all(end.as_bytes());
        written
            .and_then(|()| self.output.flush())
            .map_err(not_written)
    }

    fn write<T: Serialize>(&mut self, row: &T, line: impl FnOnce(&T) -> String) -> io::Result<()> {
        if !self.is_json {
            return writeln!(self.output, "{}", line(row));
        }
        let begin = if self.is_empty { "[" } else { "," };
        self.is_empty = false;
        let row = serde_json::to_string_pretty(row)?.replace('\n', "\n  ");
        write!(self.output, "{begin}\n  {row}")
    }
}

fn not_written(error: io::Error) -> CommandError {
    CommandError::Io("the list could not be written", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Row {
        id: i64,
        names: Vec<&'static str>,
    }

    #[test]
    fn rows_one_by_one_make_the_text_that_all_at_once_do() {
        for count in 0..4 {
            let row = |id| Row {
                id,
                names: vec!["line\nfeed", "é"],
            };
            let rows: Vec<Row> = (0..count).map(row).collect();
            let mut text = Vec::new();
            let mut listing = Listing::to(&mut text, true);
            for row in &rows {
                listing.add(row, |_| String::new()).unwrap();
            }
            listing.end().unwrap();
            let at_once = serde_json::to_string_pretty(&rows).unwrap() + "\n";
            assert_eq!(String::from_utf8(text).unwrap(), at_once);
        }
    }
}
