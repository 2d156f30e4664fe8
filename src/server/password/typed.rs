//! Passwords as people type them.

/// The shortest password, in characters: that of NIST SP 800-63B-4 for a single factor.
pub const MIN_LEN: usize = 15;
/// The longest password, in bytes.
pub const MAX_BYTES: usize = 1024;

/// A password as typed. Not `Debug`: it is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// A password to log in with. Its length is not checked, because it may be older than the rules.
    pub fn typed(text: String) -> Self {
        Self(text)
    }

    /// A password to be set.
    ///
    /// # Errors
    /// What is wrong with its length, for the person who typed it.
    pub(super) fn of_length(text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("Use {MAX_BYTES} bytes or fewer."));
        }
        if text.chars().count() < MIN_LEN {
            return Err(format!(
                "Use {MIN_LEN} characters or more. Long phrases are fine."
            ));
        }
        Ok(Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
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
        let new = Password::of_length;
        let letters: String = "éàùçñøßþðæ漢字仮名交"
            .chars()
            .cycle()
            .take(MIN_LEN)
            .collect();
        assert!(new(&letters).is_ok());
        let cut: String = letters.chars().take(MIN_LEN - 1).collect();
        assert!(new(&cut).is_err());
        let phrase = "many words follow one another here. ".repeat(30);
        assert!(new(&phrase[..MAX_BYTES]).is_ok());
        assert!(new(&phrase[..=MAX_BYTES]).is_err());
    }
}
