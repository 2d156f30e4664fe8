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
fn lines(is_colored: bool, log: impl FnOnce()) -> Vec<String> {
    let written = Arc::new(Written::default());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_writer(Arc::clone(&written))
        .event_format(Text { is_colored })
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
fn a_terminal_sees_the_level_in_color() {
    let written = lines(true, || tracing::warn!(target: "x", "careful"));
    assert_eq!(written, ["\x1b[33m WARN\x1b[0m x: careful"]);
}
