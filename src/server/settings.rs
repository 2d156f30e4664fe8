//! Settings as people write them: by hand, in the environment, or in a file from another system.
//!
//! All of them are read here, so that invisible characters (a Windows line ending, a byte order mark, a no-break space)
//! never change the meaning of a value silently: to another file, for example, or to no log at all.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    str::FromStr,
};

use thiserror::Error;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::model::text::is_invisible;

/// Every setting, of the server and of the commands.
pub const NAMES: [&str; 31] = [
    "DATABASE_URL",
    "LEPTOS_SITE_ADDR",
    "OPENTILL_ACCENT",
    "OPENTILL_ADDRESS_CONNECTIONS",
    "OPENTILL_BAD_TOKEN_LIMIT",
    "OPENTILL_CHANGE_LIMIT",
    "OPENTILL_COPY_TO",
    "OPENTILL_DATABASE_CONNECTIONS",
    "OPENTILL_DATABASE_WAIT_SECONDS",
    "OPENTILL_HSTS",
    "OPENTILL_INSECURE_HTTP",
    "OPENTILL_LEGAL_LINKS",
    "OPENTILL_LOG",
    "OPENTILL_LOG_FORMAT",
    "OPENTILL_LOGIN_ACCOUNT_LIMIT",
    "OPENTILL_LOGIN_ADDRESS_LIMIT",
    "OPENTILL_LOGIN_LIMIT",
    "OPENTILL_LOGO",
    "OPENTILL_MAIL_FROM",
    "OPENTILL_MAX_TOKENS",
    "OPENTILL_METRICS_ADDR",
    "OPENTILL_NAME",
    "OPENTILL_PUBLIC_URL",
    "OPENTILL_SECURITY_CONTACT",
    "OPENTILL_SESSION_IDLE_MINUTES",
    "OPENTILL_SESSION_MAX_HOURS",
    "OPENTILL_SMTP_URL",
    "OPENTILL_SUPPORT_URL",
    "OPENTILL_TIME_ZONE",
    "OPENTILL_TOKEN_LIMIT",
    "OPENTILL_TRUSTED_PROXIES",
];
const PREFIX: &str = "OPENTILL_";
/// Variables with the prefix of settings that are not settings: one from the API's documentation, one from the Makefile.
const OTHERS: [&str; 2] = ["OPENTILL_TOKEN", "OPENTILL_RELEASE_BIN"];

/// A setting that is not valid. The message never quotes the value, which may be a secret.
#[derive(Debug, Error)]
#[error("{setting}: {reason}")]
pub struct ConfigError {
    setting: &'static str,
    reason: String,
}

/// The error of a setting.
pub fn refuse(setting: &'static str, reason: impl fmt::Display) -> ConfigError {
    ConfigError {
        setting,
        reason: reason.to_string(),
    }
}

/// The settings from one source.
pub struct Settings<G>(G);

/// The settings in the environment.
pub fn environment() -> Settings<impl Fn(&str) -> Option<String>> {
    // A value that is not Unicode is not the same as no value.
    Settings(|name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
}

impl<G: Fn(&str) -> Option<String>> Settings<G> {
    /// Those that `get` returns.
    pub fn new(get: G) -> Self {
        Self(get)
    }

    /// The value of a setting, if it is set.
    ///
    /// # Errors
    /// It is empty, or holds invisible characters.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let text = (self.0)(name);
        text.map(|text| meant(&text).map_err(|reason| refuse(name, reason)))
            .transpose()
    }

    /// The value of a setting as `parse` returns it, if it is set.
    ///
    /// # Errors
    /// What `parse` refuses it for.
    pub fn checked<T, E: fmt::Display>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, ConfigError> {
        let text = self.text(name)?;
        text.map(|text| parse(&text).map_err(|reason| refuse(name, reason)))
            .transpose()
    }

    /// The parsed value of a setting, or `default` if it is not set.
    ///
    /// # Errors
    /// It cannot be parsed.
    pub fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        default: T,
        wanted: &str,
    ) -> Result<T, ConfigError> {
        match self.text(name)? {
            None => Ok(default),
            Some(text) => text
                .parse()
                .map_err(|_| refuse(name, format_args!("must be {wanted}"))),
        }
    }

    /// A whole number from 1 to `max`.
    ///
    /// # Errors
    /// It is not one.
    pub fn whole(&self, name: &'static str, default: u32, max: u32) -> Result<u32, ConfigError> {
        let wanted = format!("a whole number from 1 to {max}");
        let number = self.parsed(name, default, &wanted)?;
        if (1..=max).contains(&number) {
            Ok(number)
        } else {
            Err(refuse(name, format_args!("must be {wanted}")))
        }
    }
}

/// Cleans a value: removes invisible characters at its ends, and quotation marks around it, which some parsers of such
/// files remove and others keep.
///
/// # Errors
/// It is empty or ambiguous.
pub fn meant(text: &str) -> Result<String, String> {
    const MARKS: [char; 9] = ['"', '\'', '`', '“', '”', '‘', '’', '«', '»'];
    let text = trimmed(text);
    let quoted = |mark| text.strip_prefix(mark)?.strip_suffix(mark);
    let text = trimmed(quoted('"').or_else(|| quoted('\'')).unwrap_or(text));
    if text.is_empty() {
        return Err("has no value; leave it out for its default".to_owned());
    }
    if text.starts_with(MARKS) || text.ends_with(MARKS) {
        return Err("begins or ends with a quotation mark".to_owned());
    }
    match text.chars().find(|c| is_unseen(*c)) {
        None => Ok(text.to_owned()),
        Some(char::REPLACEMENT_CHARACTER) => Err("is not text in UTF-8".to_owned()),
        Some(c) => Err(format!(
            "holds a character that cannot be seen, U+{:04X}",
            u32::from(c)
        )),
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c| c == ' ' || is_unseen(c))
}

/// Whether a character is invisible, or looks like a space.
fn is_unseen(c: char) -> bool {
    let is_space = c != ' ' && c.general_category() == GeneralCategory::SpaceSeparator;
    is_space || is_invisible(c) || c == char::REPLACEMENT_CHARACTER
}

/// Checks the names of all variables. The warning lists those that look like settings and are not.
///
/// # Errors
/// A name is that of a setting, but for invisible characters.
pub fn look_through(
    names: impl IntoIterator<Item = OsString>,
) -> Result<Option<String>, ConfigError> {
    let mut unknown = Vec::new();
    for name in names {
        if let Some(setting) = seen_as(&name) {
            return Err(refuse(
                setting,
                "is set under a name with something in it that cannot be seen",
            ));
        }
        let Some(name) = name.to_str() else { continue };
        let is_ours = name
            .get(..PREFIX.len())
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case(PREFIX));
        if is_ours && !NAMES.contains(&name) && !OTHERS.contains(&name) {
            unknown.push(match nearest(name) {
                Some(setting) => format!("{name} (is {setting} meant?)"),
                None => name.to_owned(),
            });
        }
    }
    unknown.sort();
    Ok((!unknown.is_empty()).then(|| format!("no such setting: {}", unknown.join(", "))))
}

/// The setting whose name a reader takes this one for, because they differ in invisible characters only.
fn seen_as(name: &OsStr) -> Option<&'static str> {
    let name = name.to_string_lossy();
    let visible: String = name
        .chars()
        .filter(|c| *c != ' ' && !is_unseen(*c))
        .collect();
    NAMES
        .into_iter()
        .find(|setting| *setting == visible && *setting != name)
}

/// The setting with the most similar name, if it is similar enough.
fn nearest(name: &str) -> Option<&'static str> {
    const LIKE: f64 = 0.8;
    let name = name.to_ascii_uppercase();
    // With the common prefix all names would be similar.
    let likeness = |setting: &str| {
        let rest = setting.strip_prefix(PREFIX).unwrap_or(setting);
        let likeness = strsim::normalized_damerau_levenshtein(&name[PREFIX.len()..], rest);
        (likeness >= LIKE).then_some(likeness)
    };
    let like = NAMES
        .into_iter()
        .filter_map(|setting| Some((likeness(setting)?, setting)));
    like.max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, setting)| setting)
}

#[cfg(test)]
mod tests;
