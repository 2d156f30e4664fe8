//! Email addresses.

use std::{fmt, str::FromStr};

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::text;

const SHAPE: &str = "use an address like name@example.com";

/// An email address as typed, trimmed. Addresses with the same [key](Self::key) are one.
///
/// [`FromStr`] parses one that is looked up, or was stored, and is lenient: [`Self::new`] has become stricter over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The longest address, in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
    pub const MAX_LEN: usize = 254;

    /// Parses an address that a client shall log in with. Checks the syntax only, not whether mail arrives.
    ///
    /// # Errors
    /// It is not an address, or one with several spellings: the part before the `@` quoted or with characters that need quotes.
    pub fn new(typed: &str) -> Result<Self, &'static str> {
        let address = typed.parse::<Self>()?;
        let address = Self(text::normalized(&address.0).into_owned());
        let (local, domain) = address.parts();
        // RFC 5322, 3.2.3, and RFC 6531, 3.3.
        let is_of_name = |c: char| {
            !c.is_ascii() || c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c)
        };
        if !local.chars().all(is_of_name) || text::not_allowed(&address.0).is_some() {
            return Err("the part before the @ contains a character that isn't allowed");
        }
        if ascii(domain).is_none() {
            return Err("the part after the @ isn't a domain");
        }
        if address.key().len() > Self::MAX_LEN {
            return Err("use 254 bytes or fewer");
        }
        Ok(address)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one spelling of all that mean the same: lower case, normalization form C, and the domain in ASCII (UTS 46), as
    /// browsers send it.
    pub fn key(&self) -> String {
        let (local, domain) = self.parts();
        let local = text::normalized(local).to_lowercase();
        match ascii(domain) {
            Some(domain) => format!("{local}@{domain}"),
            None => format!("{local}@{}", domain.to_lowercase()),
        }
    }

    /// The address as mail servers take it: with the domain in ASCII.
    pub fn deliverable(&self) -> String {
        let (local, domain) = self.parts();
        match ascii(domain) {
            Some(domain) => format!("{local}@{domain}"),
            None => self.0.clone(),
        }
    }

    /// The key, and those that earlier versions stored for the same address: lower case, in the form in which it was typed
    /// when the client was added.
    pub fn keys(&self) -> [String; 4] {
        let (local, domain) = self.parts();
        let (domain, _) =
            Uts46::new().to_unicode(domain.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
        let shown = format!("{local}@{domain}").to_lowercase();
        let [composed, decomposed] = [shown.nfc().collect(), shown.nfd().collect()];
        [self.key(), composed, decomposed, self.0.to_lowercase()]
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once('@').unwrap_or((&self.0, ""))
    }
}

/// The domain in ASCII, if it is one.
fn ascii(domain: &str) -> Option<String> {
    let domain = Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    Some(domain.ok()?.into_owned())
}

impl FromStr for Email {
    type Err = &'static str;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let address = typed.trim();
        let (local, domain) = address.split_once('@').ok_or("must contain @")?;
        if local.is_empty() || domain.is_empty() || domain.contains('@') {
            return Err(SHAPE);
        }
        if address.len() > Self::MAX_LEN {
            return Err("use 254 bytes or fewer");
        }
        if address.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("must not contain spaces");
        }
        Ok(Self(address.to_owned()))
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_address_has_one_key_in_whatever_form_it_is_typed() {
        for (key, forms) in [
            (
                "jane@example.com",
                &["jane@example.com", " JANE@Example.COM "][..],
            ),
            (
                "jane@xn--mller-kva.example",
                &[
                    "jane@müller.example",
                    "jane@MÜLLER.example",
                    "jane@mu\u{308}ller.example",
                    "jane@xn--mller-kva.example",
                    "Jane@XN--MLLER-KVA.example",
                    "jane@müller\u{3002}example",
                ],
            ),
            (
                "zoë@example.com",
                &["zoë@example.com", "ZOE\u{308}@example.com"],
            ),
        ] {
            for form in forms {
                let address = Email::new(form).unwrap();
                assert_eq!(address.key(), key, "{form:?}");
                assert_eq!(form.parse::<Email>().unwrap().key(), key, "{form:?}");
            }
        }
    }

    #[test]
    fn a_client_is_found_under_the_key_of_an_earlier_version() {
        for (stored, typed) in [
            ("jane@müller.example", "jane@xn--mller-kva.example"),
            ("zoe\u{308}@example.com", "Zoë@example.com"),
            ("\"jane\"@example.com", "\"Jane\"@example.com"),
        ] {
            let keys = typed.parse::<Email>().unwrap().keys();
            assert!(keys.contains(&stored.to_owned()), "{keys:?}");
        }
    }

    #[test]
    fn what_no_form_sends_or_what_has_several_spellings_is_not_taken() {
        for typed in [
            "",
            "jane",
            "@",
            "jane@",
            "@example.com",
            "a@b@c",
            "a b@c",
            "a@b\nc",
            "\"jane\"@example.com",
            "jane(home)@example.com",
            "<jane@example.com>",
            "jane,sam@example.com",
            "ja\u{200b}ne@example.com",
            "jane@exa\u{202e}mple.com",
            "jane@-example.com",
            "jane@example..com",
            "jane@example.com.",
            "jane@[192.0.2.1]",
            "jane@ex_ample.com",
            "jane@xn--a.example",
        ] {
            assert!(Email::new(typed).is_err(), "{typed:?}");
        }
        for typed in [
            "jane..smith.@example.com",
            "j+a{n}e'@a.b",
            "1@2.example",
            "用户@例え.jp",
        ] {
            assert_eq!(Email::new(typed).unwrap().as_str(), typed);
        }
        assert!(Email::new(&format!("{}@b", "a".repeat(252))).is_ok());
        assert!(Email::new(&format!("{}@b", "a".repeat(253))).is_err());
        assert!(Email::new(&format!("a@{}.example", "ü".repeat(70))).is_err());
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(typed in "\\PC{1,20}@\\PC{1,20}") {
            if let Ok(address) = Email::new(&typed) {
                let key = address.key();
                prop_assert_eq!(Email::new(&key).map(|of_key| of_key.key()), Ok(key));
            }
        }
    }
}
