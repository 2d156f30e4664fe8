//! The lines of a file, one at a time and none longer than is allowed, so that memory is bounded whatever the file is.

use std::io::{self, BufRead};

/// The most bytes of a line: a document of 5 MiB in base64, and what is around it.
const MAX_LINE: usize = 8 * 1024 * 1024;

/// Reads lines, and numbers them from 1.
pub struct Lines<R> {
    input: R,
    number: u64,
    line: Vec<u8>,
}

/// A line as it was read.
pub enum Line<'a> {
    Text(&'a str),
    TooLong,
    NotUtf8,
}

impl<R: BufRead> Lines<R> {
    pub fn new(input: R) -> Self {
        Self {
            input,
            number: 0,
            line: Vec::new(),
        }
    }

    /// The next line that is not blank, and its number.
    pub fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        loop {
            self.line.clear();
            self.number += 1;
            let (is_end, is_too_long) = self.read_line()?;
            let bytes = self.line.strip_prefix(b"\xef\xbb\xbf".as_slice());
            let bytes = bytes.filter(|_| self.number == 1).unwrap_or(&self.line);
            let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
            if is_end && self.line.is_empty() {
                return Ok(None);
            }
            if is_too_long {
                return Ok(Some((self.number, Line::TooLong)));
            }
            if !is_blank {
                let start = self.line.len() - bytes.len();
                let text = str::from_utf8(&self.line[start..]);
                return Ok(Some((self.number, text.map_or(Line::NotUtf8, Line::Text))));
            }
            if is_end {
                return Ok(None);
            }
        }
    }

    /// Reads to the end of the line, and keeps no more than is allowed. Whether the file ends there, and whether the line is
    /// longer.
    fn read_line(&mut self) -> io::Result<(bool, bool)> {
        let mut is_too_long = false;
        loop {
            let some = self.input.fill_buf()?;
            if some.is_empty() {
                return Ok((true, is_too_long));
            }
            let end = some.iter().position(|byte| *byte == b'\n');
            let part = &some[..end.unwrap_or(some.len())];
            if self.line.len() + part.len() > MAX_LINE {
                is_too_long = true;
                self.line.truncate(1);
            } else if !is_too_long {
                self.line.extend_from_slice(part);
            }
            let read = part.len() + usize::from(end.is_some());
            self.input.consume(read);
            if end.is_some() {
                return Ok((false, is_too_long));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_bounded() {
        let mut file = b"\xef\xbb\xbf{}\r\n\n \n".to_vec();
        file.extend(vec![b'x'; 2 * MAX_LINE]);
        file.extend(b"\n\xff\nlast");
        let mut lines = Lines::new(io::BufReader::new(file.as_slice()));
        let mut read = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            read.push(match line {
                Line::Text(text) => format!("{number} {}", text.trim()),
                Line::TooLong => format!("{number} too long"),
                Line::NotUtf8 => format!("{number} not UTF-8"),
            });
        }
        assert_eq!(read, ["1 {}", "4 too long", "5 not UTF-8", "6 last"]);
        assert!(lines.line.capacity() <= 2 * MAX_LINE);
    }
}
