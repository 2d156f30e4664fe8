//! The format of a line of the log.

use std::{
    cell::RefCell,
    fmt::{self, Debug, Write},
    time::{SystemTime, UNIX_EPOCH},
};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use crate::model::{
    number::{digit, push_number},
    timestamp::Timestamp,
};

/// Lines for people: `2026-01-15T10:30:00.000000Z  INFO opentill::request: id=… status=200`.
///
/// There is one for each request, so it is written without `fmt` where that is possible: the format of
/// `tracing_subscriber` takes several times as long. Control characters are escaped, so that an event is always one line and
/// sends no command to a terminal.
pub struct Text {
    /// Whether the level is colored, for a terminal.
    pub is_colored: bool,
}

impl<S, N> FormatEvent<S, N> for Text
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut text = String::with_capacity(256);
        push_time(&mut text, SystemTime::now());
        let (level, color) = match *event.metadata().level() {
            Level::ERROR => ("ERROR", 31),
            Level::WARN => (" WARN", 33),
            Level::INFO => (" INFO", 32),
            Level::DEBUG => ("DEBUG", 34),
            Level::TRACE => ("TRACE", 35),
        };
        if self.is_colored {
            write!(text, " \x1b[{color}m{level}\x1b[0m ")?;
        } else {
            text.push(' ');
            text.push_str(level);
            text.push(' ');
        }
        text.push_str(event.metadata().target());
        text.push(':');
        event.record(&mut Fields(&mut text));
        text.push('\n');
        line.write_str(&text)
    }
}

thread_local! {
    /// The second of the last line, and its text.
    static SECOND: RefCell<(u64, String)> = RefCell::default();
}

/// Appends `2026-01-15T10:30:00.000000Z`. A time before 1970 is written as the beginning of 1970.
fn push_time(text: &mut String, now: SystemTime) {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    SECOND.with_borrow_mut(|(second, written)| {
        if *second != now.as_secs() || written.is_empty() {
            *second = now.as_secs();
            let moment = Timestamp::from_unix(i64::try_from(*second).unwrap_or(i64::MAX));
            *written = moment.rfc3339().replace('Z', ".");
        }
        text.push_str(written);
    });
    for unit in [100_000, 10_000, 1_000, 100, 10, 1] {
        text.push(digit(u64::from(now.subsec_micros() / unit)));
    }
    text.push('Z');
}

/// Appends fields in their order: `name=value`, and the message without its name.
struct Fields<'a>(&'a mut String);

impl Fields<'_> {
    fn name(&mut self, field: &Field) {
        self.0.push(' ');
        if field.name() != "message" {
            self.0.push_str(field.name());
            self.0.push('=');
        }
    }

    fn write(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        self.name(field);
        // An error in a value's own `Display` cuts that value short and nothing else.
        let _ = OneLine(self.0).write_fmt(value);
    }
}

impl Visit for Fields<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.name(field);
        push_number(self.0, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.write(field, format_args!("{value}"));
        } else if is_word(value) {
            self.name(field);
            self.0.push_str(value);
        } else {
            self.write(field, format_args!("{value:?}"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write(field, format_args!("{value:?}"));
    }
}

/// Whether the end of the value is clear without quotes.
fn is_word(value: &str) -> bool {
    let is_of_a_word = |byte| matches!(byte, b'!'..=b'~') & !matches!(byte, b'"' | b'\\' | b'=');
    // Without a short circuit, so that the compiler vectorizes it.
    let is_word = value
        .bytes()
        .fold(true, |so_far, byte| so_far & is_of_a_word(byte));
    is_word && !value.is_empty()
}

/// Escapes control characters as `Debug` does.
struct OneLine<'a>(&'a mut String);

impl Write for OneLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // There are control characters beyond ASCII, too.
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            self.0.push_str(text);
            return Ok(());
        }
        for char in text.chars() {
            if char.is_control() {
                self.0.extend(char.escape_debug());
            } else {
                self.0.push(char);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
