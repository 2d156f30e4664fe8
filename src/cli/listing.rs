//! Lists that are printed while they are read, some rows at a time, so that no statement delays others for long.

use std::io::{self, BufWriter, ErrorKind, Write};

use serde::Serialize;

use super::error::CommandError;

/// A list on its way to standard output: a JSON array, or a line for each row.
///
/// If standard output is closed, as `head` does, nothing more is printed, and that is no error.
pub struct Listing<W> {
    output: W,
    is_json: bool,
    is_empty: bool,
    is_closed: bool,
}

impl Listing<BufWriter<io::Stdout>> {
    /// An empty list.
    pub fn new(is_json: bool) -> Self {
        Self::to(BufWriter::new(io::stdout()), is_json)
    }
}

impl<W: Write> Listing<W> {
    fn to(output: W, is_json: bool) -> Self {
        Self {
            output,
            is_json,
            is_empty: true,
            is_closed: false,
        }
    }

    /// Whether standard output was closed.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Prints a row: as JSON, or as `line` formats it.
    pub fn add<T: Serialize>(
        &mut self,
        row: &T,
        line: impl FnOnce(&T) -> String,
    ) -> Result<(), CommandError> {
        if self.is_closed {
            return Ok(());
        }
        let written = self.write(row, line);
        self.check(written)
    }

    /// Prints the end of the list and flushes.
    pub fn end(mut self) -> Result<(), CommandError> {
        if self.is_closed {
            return Ok(());
        }
        let end = match (self.is_json, self.is_empty) {
            (false, _) => "",
            (true, true) => "[]\n",
            (true, false) => "\n]\n",
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
