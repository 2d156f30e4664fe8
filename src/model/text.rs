//! The rule for text that people see: names, addresses, whatever is shown in a list, on a page or in a terminal.
//!
//! No character may be invisible, look like nothing, or reorder the text around it, so that two texts that look the same
//! are the same. Texts are in Unicode normalization form C.

use std::{borrow::Cow, fmt};

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

const NON_JOINER: char = '\u{200C}';
const JOINER: char = '\u{200D}';

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Over this number of characters.
    TooLong(usize),
    /// An invisible, control, bidirectional, unassigned or private character.
    NotAllowed(char),
    /// Something, but no visible character.
    Invisible,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(max) => write!(f, "Use {max} characters or fewer."),
            Self::NotAllowed(c) => {
                let code = u32::from(*c);
                write!(
                    f,
                    "This contains a character that isn't allowed (U+{code:04X})."
                )
            }
            Self::Invisible => f.write_str("Use at least one visible character."),
        }
    }
}

/// Checks and normalizes what a user typed: one line of at most `max` characters (Unicode scalar values), trimmed. It may
/// be empty.
///
/// # Errors
/// The text breaks the rule.
pub fn parse(typed: &str, max: usize) -> Result<String, TextError> {
    let text = normalized(typed.trim());
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    if let Some(c) = not_allowed(&text) {
        return Err(TextError::NotAllowed(c));
    }
    if !text.is_empty() && !text.chars().any(is_visible) {
        return Err(TextError::Invisible);
    }
    Ok(text.into_owned())
}

/// The text in normalization form C.
pub fn normalized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    text.nfc().collect::<String>().into()
}

/// The first character that breaks the rule.
pub fn not_allowed(text: &str) -> Option<char> {
    in_context(text)
        .find(|&(before, c, after)| !is_allowed(before, c, after))
        .map(|(_, c, _)| c)
}

/// The text with each character that breaks the rule as `\u{202e}`, for text that is older than the rule.
pub fn escaped(text: &str) -> Cow<'_, str> {
    // Most texts are ASCII.
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) || not_allowed(text).is_none() {
        return text.into();
    }
    let mut escaped = String::new();
    for (before, c, after) in in_context(text) {
        if is_allowed(before, c, after) {
            escaped.push(c);
        } else {
            escaped.extend(c.escape_unicode());
        }
    }
    escaped.into()
}

/// Whether a character is invisible by itself, or has no place in a line of text.
pub fn is_invisible(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return c.is_control();
    }
    // By category letters and marks, but nothing is drawn for them (Unicode, `Default_Ignorable_Code_Point`; and the blank
    // of Braille).
    let is_blank = matches!(
        c,
        '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2800}'
            | '\u{3164}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
    );
    // Signs around numbers, which are drawn (`Prepended_Concatenation_Mark`).
    let is_sign = matches!(
        c,
        '\u{0600}'
            ..='\u{0605}'
                | '\u{06DD}'
                | '\u{070F}'
                | '\u{0890}'
                | '\u{0891}'
                | '\u{08E2}'
                | '\u{110BD}'
                | '\u{110CD}'
    );
    is_blank
        || is_variation_selector(c)
        || match c.general_category() {
            G::Format => !is_sign,
            G::Control
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::Surrogate
            | G::PrivateUse
            | G::Unassigned => true,
            _ => false,
        }
}

/// Each character with its neighbors.
fn in_context(text: &str) -> impl Iterator<Item = (Option<char>, char, Option<char>)> {
    let mut before = None;
    let mut rest = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = rest.next()?;
        let context = (before, c, rest.peek().copied());
        before = Some(c);
        Some(context)
    })
}

fn is_allowed(before: Option<char>, c: char, after: Option<char>) -> bool {
    if !is_invisible(c) {
        return true;
    }
    let Some(before) = before else { return false };
    let is_between = |of: fn(char) -> bool| of(before) && after.is_some_and(of);
    match c {
        // Words in Persian and Hindi, for example.
        NON_JOINER => is_between(joins),
        // And emoji of several parts.
        JOINER => is_between(joins) || is_between(is_of_emoji),
        // Keys like 1️⃣.
        '\u{FE0F}' if before.is_ascii() => after == Some('\u{20E3}'),
        // The style of an emoji, or the shape of a letter.
        c if is_variation_selector(c) => {
            joins(before) || is_ideograph(before) || before.is_emoji_char() && !before.is_ascii()
        }
        _ => false,
    }
}

/// Whether a character belongs to a script whose letters join or change their shapes: Arabic to Myanmar, Philippine scripts
/// to Vedic, and the later blocks of the same kind.
fn joins(c: char) -> bool {
    matches!(
        c,
        '\u{0600}'..='\u{109F}' | '\u{1700}'..='\u{1CFF}' | '\u{A800}'..='\u{ABFF}' | '\u{11000}'..='\u{11FFF}'
    ) && !is_invisible(c)
}

fn is_of_emoji(c: char) -> bool {
    c == '\u{FE0F}' || !c.is_ascii() && c.is_emoji_char()
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_visible(c: char) -> bool {
    use GeneralCategory as G;
    !is_invisible(c)
        && !matches!(
            c.general_category(),
            G::SpaceSeparator | G::NonspacingMark | G::EnclosingMark
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_script_and_every_emoji_of_a_keyboard_is_taken() {
        for text in [
            "Zoë Müller-Łukasz",
            "日本語 葛\u{E0100}飾区",
            "שלום עולם",
            "हिन्दी, क्\u{200D}ष",
            "می\u{200C}خواهم",
            "👩\u{200D}👩\u{200D}👧\u{200D}👦 ❤\u{FE0F}\u{200D}🔥 1\u{FE0F}\u{20E3}",
            "O’Brien & Söhne, № 5",
            "",
        ] {
            assert_eq!(parse(text, 100).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_nobody_sees_or_what_turns_other_text_around_is_refused_and_escaped() {
        const REFUSED: &str = "\u{0}\n\u{1b}\u{7f}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{17b4}\u{180e}\u{200b}\
             \u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\
             \u{2800}\u{3164}\u{e000}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{378}\u{e0041}\u{e0100}\
             \u{10ffff}";
        for c in REFUSED.chars() {
            let text = format!("a{c}b");
            assert_eq!(parse(&text, 100), Err(TextError::NotAllowed(c)), "{text:?}");
            assert_eq!(not_allowed(&escaped(&text)), None);
            assert_eq!(escaped(&text), format!("a{}b", c.escape_unicode()));
        }
        // Where they would change the look of a letter, but not at the end or twice.
        for text in [
            "خ\u{200c}",
            "1\u{fe0f}",
            "❤\u{fe0f}\u{fe0f}",
            "👩\u{200d}",
            "👩\u{200d}a",
        ] {
            assert!(
                matches!(parse(text, 100), Err(TextError::NotAllowed(_))),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        assert_eq!(parse(" Cafe\u{301} \n", 100).as_deref(), Ok("Caf\u{e9}"));
        assert_eq!(parse("\u{212b}", 100).as_deref(), Ok("\u{c5}"));
        assert_eq!(parse("\u{301}", 100), Err(TextError::Invisible));
        assert_eq!(
            parse(&"e\u{301}".repeat(100), 100).as_deref(),
            Ok(&*"é".repeat(100))
        );
        assert_eq!(parse(&"é".repeat(101), 100), Err(TextError::TooLong(100)));
    }

    proptest! {
        #[test]
        fn a_parsed_text_parses_to_itself(typed in any::<String>()) {
            if let Ok(text) = parse(&typed, 100) {
                prop_assert_eq!(parse(&text, 100), Ok(text));
            }
        }
    }
}
