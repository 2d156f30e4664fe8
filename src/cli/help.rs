//! What follows the options in `--help`: the settings, as the manual describes them, and the exit codes.

use unicode_width::UnicodeWidthStr;

/// The operator's manual.
pub const MANUAL: &str = include_str!("../../docs/operating.md");
const HEADING: &str = "## Configuration";
const INDENT: &str = "          ";
/// Columns of a line.
const WIDTH: usize = 100;

const EXIT_CODES: &str = "Exit codes:
  0         It was done, or there was nothing to do
  1         It was refused, or it failed: one line on standard error says why
  2         The arguments are wrong
  130, 143  It was stopped by SIGINT or SIGTERM";

/// The text.
pub fn after() -> String {
    let settings = settings().map(|(name, default, meaning)| {
        format!("  {name} [default: {default}]\n{}", wrapped(&meaning))
    });
    let settings: String = settings.collect();
    format!("Settings (environment variables):\n{settings}\n{EXIT_CODES}")
}

/// The rows of the manual's table: name, default and meaning, without Markdown.
fn settings() -> impl Iterator<Item = (String, String, String)> {
    let section = MANUAL
        .split_once(HEADING)
        .map_or("", |(_, section)| section);
    let section = section
        .split_once("\n## ")
        .map_or(section, |(section, _)| section);
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| {
        let mut cells = row.trim_matches('|').split(" | ").map(plain);
        Some((cells.next()?, cells.next()?, cells.next()?))
    })
}

/// The text without marks for code, and of a link its text.
fn plain(markdown: &str) -> String {
    let mut text = markdown.replace('`', "");
    while let Some((before, rest)) = text.split_once('[')
        && let Some((link, rest)) = rest.split_once("](")
        && let Some((_, after)) = rest.split_once(')')
    {
        text = format!("{before}{link}{after}");
    }
    text.trim().to_owned()
}

/// Indented lines of at most [`WIDTH`] columns.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut line = INDENT.to_owned();
    for word in text.split_whitespace() {
        if line.width() + 1 + word.width() > WIDTH && line != INDENT {
            lines.push_str(&line);
            lines.push('\n');
            INDENT.clone_into(&mut line);
        }
        if line != INDENT {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::server::settings::NAMES;

    #[test]
    fn every_setting_is_in_the_help() {
        let described: Vec<_> = settings().collect();
        let names: BTreeSet<_> = described.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, NAMES.into());
        for (name, default, meaning) in described {
            assert!(
                !default.is_empty() && meaning.ends_with('.'),
                "{name}: {meaning}"
            );
            assert!(
                !meaning.contains(['`', '|']) && !meaning.contains("]("),
                "{name}: {meaning}"
            );
        }
        assert!(after().lines().all(|line| line.width() <= WIDTH));
    }

    #[test]
    fn links_and_code_are_plain_text() {
        assert_eq!(
            plain(" `x`, see [Several nodes](#nodes) and [y](#z)."),
            "x, see Several nodes and y."
        );
        assert_eq!(plain("like [::1]"), "like [::1]");
    }
}
