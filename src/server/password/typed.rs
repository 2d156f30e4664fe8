//! Passwords as people type them.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::model::text;

/// The shortest password, in characters: that of NIST SP 800-63B-4 for a single factor.
pub const MIN_LEN: usize = 15;
/// The longest password, in bytes.
pub const MAX_BYTES: usize = 1024;

/// A password as typed. Two are equal if they are when [prepared](Self::prepared). Not `Debug`: it is a secret.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// A password to log in with. Its length is not checked, because it may be older than the rules.
    pub fn typed(text: String) -> Self {
        Self(text)
    }

    /// A password to be set.
    ///
    /// # Errors
    /// What is wrong with its length or its characters, for the person who typed it.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("Use {MAX_BYTES} bytes or fewer."));
        }
        let password = Self(text.to_owned());
        let prepared = password.prepared();
        // No form field sends a line end, no keyboard what is invisible.
        if let Some(c) = text::not_allowed(&prepared) {
            let code = u32::from(c);
            return Err(format!(
                "Remove the character that can't be typed when logging in: U+{code:04X}."
            ));
        }
        if prepared.chars().count() < MIN_LEN {
            return Err(format!("Use at least {MIN_LEN} characters."));
        }
        drop(prepared);
        Ok(password)
    }

    /// The form that is hashed, the same for every keyboard: each kind of space is a space, and letters are in normalization
    /// form C (RFC 8265, `OpaqueString`). Which characters a new password may have is the rule of [`text`], which unlike
    /// that RFC takes emoji of several parts.
    pub(super) fn prepared(&self) -> Cow<'_, str> {
        if self.0.is_ascii() {
            return Cow::Borrowed(&self.0);
        }
        let is_space = |c: char| c.general_category() == GeneralCategory::SpaceSeparator;
        let with_spaces = self.0.chars().map(|c| if is_space(c) { ' ' } else { c });
        Cow::Owned(with_spaces.nfc().collect())
    }

    /// The form that earlier versions hashed, if it is another one.
    pub(super) fn unprepared(&self) -> Option<&str> {
        (self.prepared() != self.0).then_some(&self.0)
    }
}

impl PartialEq for Password {
    fn eq(&self, other: &Self) -> bool {
        self.prepared() == other.prepared()
    }

    /// As other systems hash it.
    pub(super) fn typed_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_passwords_are_measured_in_characters_and_in_bytes() {
        let new = Password::new;
        let letters: String = "éàùçñøßþðæ漢字仮名交"
            .chars()
            .cycle()
            .take(MIN_LEN)
            .collect();
        assert!(new(&letters).is_ok());
        let cut: String = letters.chars().take(MIN_LEN - 1).collect();
        assert!(new(&cut).is_err());
        let decomposed: String = cut.nfd().collect();
        assert!(decomposed.chars().count() > MIN_LEN && new(&decomposed).is_err());
        let phrase = "many words follow one another here. ".repeat(30);
        assert!(new(&phrase[..MAX_BYTES]).is_ok());
        assert!(new(&phrase[..=MAX_BYTES]).is_err());
    }

    #[test]
    fn what_no_form_sends_is_refused_by_its_name() {
        for (c, name) in [
            ('\n', "U+000A"),
            ('\r', "U+000D"),
            ('\0', "U+0000"),
            ('\t', "U+0009"),
            ('\u{feff}', "U+FEFF"),
            ('\u{200b}', "U+200B"),
            ('\u{e000}', "U+E000"),
        ] {
            let refused = Password::new(&format!("a phrase{c} of several words")).err();
            assert!(
                refused.is_some_and(|refused| refused.contains(name)),
                "{name}"
            );
        }
        for phrase in [
            "  spaces at both ends  ",
            "👩\u{200d}👧 ❤\u{fe0f} family of four",
        ] {
            assert!(Password::new(phrase).is_ok(), "{phrase}");
        }
    }

    #[test]
    fn the_same_letters_of_other_keyboards_are_the_same_password() {
        let typed = |text: &str| Password::typed(text.to_owned());
        assert!(typed("z\u{fc}rich\u{a0}see") == typed("zu\u{308}rich see"));
        assert!(typed("Zürich") != typed("zürich"));
        assert!(typed("ﬁ") != typed("fi"));
        assert_eq!(typed("zürich").unprepared(), None);
        assert_eq!(typed("zu\u{308}rich").unprepared(), Some("zu\u{308}rich"));
    }
}
