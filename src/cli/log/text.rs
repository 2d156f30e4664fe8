//! One event, one line.

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
/// `tracing_subscriber` takes several times as long. And whatever is in an event, it stays one line, and changes
/// nothing at the terminal that shows it.
pub struct Text {
    /// Whether the level has a colour, for a terminal.
    pub is_coloured: bool,
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
        let (level, colour) = match *event.metadata().level() {
            Level::ERROR => ("ERROR", 31),
            Level::WARN => (" WARN", 33),
            Level::INFO => (" INFO", 32),
            Level::DEBUG => ("DEBUG", 34),
            Level::TRACE => ("TRACE", 35),
        };
        if self.is_coloured {
            write!(text, " \x1b[{colour}m{level}\x1b[0m ")?;
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
    /// The last second that there was a line in, and how it is written.
    static SECOND: RefCell<(u64, String)> = RefCell::default();
}

/// `2026-01-15T10:30:00.000000Z`. A clock before 1970 shows as the beginning of 1970.
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

/// Writes fields as they come: `name=value`, and the message without its name.
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
        // A value that cannot be written leaves the rest of the line to the others.
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

/// What leaves no doubt, even without quotes, where it ends.
fn is_word(value: &str) -> bool {
    let is_of_a_word = |byte| matches!(byte, b'!'..=b'~') & !matches!(byte, b'"' | b'\\' | b'=');
    // Always to the end, and with `&`: that lets the compiler look at many bytes at a time.
    let is_word = value
        .bytes()
        .fold(true, |so_far, byte| so_far & is_of_a_word(byte));
    is_word && !value.is_empty()
}

/// Writes control characters as `Debug` does.
struct OneLine<'a>(&'a mut String);

impl Write for OneLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Among other characters that are not ASCII there may be control characters, too.
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
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use tracing::subscriber::with_default;

    use super::*;

    #[derive(Default)]
    struct Written(Mutex<Vec<u8>>);

    impl io::Write for &Written {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(text);
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The lines of these events, without their times.
    fn lines(is_coloured: bool, log: impl FnOnce()) -> Vec<String> {
        let written = Arc::new(Written::default());
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_writer(Arc::clone(&written))
            .event_format(Text { is_coloured })
            .finish();
        with_default(subscriber, log);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let without_time = |line: &str| {
            let (time, rest) = line.split_once("Z ").unwrap();
            assert_eq!(time.len(), "2026-01-15T10:30:00.000000".len(), "{line}");
            assert!(
                Timestamp::parse_rfc3339(&format!("{time}Z")).is_some(),
                "{line}"
            );
            rest.to_owned()
        };
        text.lines().map(without_time).collect()
    }

    #[test]
    fn an_event_is_a_line_with_its_level_its_message_and_its_fields() {
        let written = lines(false, || {
            tracing::info!(target: "opentill::request", id = %"a1", route = "/api", status = 200_u16, micros = 7_u128);
            tracing::warn!(target: "x", limit = 3, is_over = true, nothing = None::<u8>, "too many");
            tracing::error!(target: "x", "{} of {}", 1, 2);
            tracing::debug!(target: "x", one = "a/b", two = "a b", pair = "a=b", none = "");
            tracing::trace!(target: "x", list = ?[1, 2]);
        });
        assert_eq!(
            written,
            [
                " INFO opentill::request: id=a1 route=/api status=200 micros=7",
                " WARN x: too many limit=3 is_over=true",
                "ERROR x: 1 of 2",
                r#"DEBUG x: one=a/b two="a b" pair="a=b" none="""#,
                "TRACE x: list=[1, 2]",
            ]
        );
    }

    #[test]
    fn whatever_is_in_an_event_it_stays_one_line_and_speaks_to_no_terminal() {
        let evil = "a\n2026 INFO x: b\r\x1b[2J\u{9b}1m\u{7f}\0 \"é\\";
        let written = lines(false, || {
            tracing::info!(target: "x", text = evil, shown = %evil, "{evil}");
        });
        let [line] = &written[..] else {
            panic!("{written:?}");
        };
        assert!(!line.contains(char::is_control), "{line:?}");
        let shown = r#"a\n2026 INFO x: b\r\u{1b}[2J\u{9b}1m\u{7f}\0 "é\"#;
        assert_eq!(
            *line,
            format!(" INFO x: {shown} text={evil:?} shown={shown}")
        );
    }

    #[test]
    fn a_terminal_sees_the_level_in_colour() {
        let written = lines(true, || tracing::warn!(target: "x", "careful"));
        assert_eq!(written, ["\x1b[33m WARN\x1b[0m x: careful"]);
    }
}
