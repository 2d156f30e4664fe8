//! Settings as they are written: by hand, in the environment, or in a file from another system.
//!
//! All of them are read here, so that what no eye sees in a value (a line end of Windows, a byte order mark, a no-break
//! space) never makes it mean something else without a word: another file, say, or no log at all.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    str::FromStr,
};

use thiserror::Error;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Every setting, of the server and of the commands.
pub const NAMES: [&str; 21] = [
    "DATABASE_URL",
    "LEPTOS_SITE_ADDR",
    "OPENTILL_ADDRESS_CONNECTIONS",
    "OPENTILL_BAD_TOKEN_LIMIT",
    "OPENTILL_CHANGE_LIMIT",
    "OPENTILL_COPY_TO",
    "OPENTILL_DATABASE_CONNECTIONS",
    "OPENTILL_DATABASE_WAIT_SECONDS",
    "OPENTILL_HSTS",
    "OPENTILL_INSECURE_HTTP",
    "OPENTILL_LOG",
    "OPENTILL_LOG_FORMAT",
    "OPENTILL_LOGIN_ACCOUNT_LIMIT",
    "OPENTILL_LOGIN_ADDRESS_LIMIT",
    "OPENTILL_LOGIN_LIMIT",
    "OPENTILL_MAX_TOKENS",
    "OPENTILL_PUBLIC_URL",
    "OPENTILL_SESSION_IDLE_MINUTES",
    "OPENTILL_SESSION_MAX_HOURS",
    "OPENTILL_TOKEN_LIMIT",
    "OPENTILL_TRUSTED_PROXIES",
];
const PREFIX: &str = "OPENTILL_";
/// What begins like a setting and is none of the program's: what the API's documentation has its readers set, and what
/// the Makefile does.
const OTHERS: [&str; 2] = ["OPENTILL_TOKEN", "OPENTILL_RELEASE_BIN"];

/// A setting that cannot be used. It never quotes the value, which may hold a secret.
#[derive(Debug, Error)]
#[error("{setting}: {reason}")]
pub struct ConfigError {
    setting: &'static str,
    reason: String,
}

/// Refuses a setting.
pub fn refuse(setting: &'static str, reason: impl fmt::Display) -> ConfigError {
    ConfigError {
        setting,
        reason: reason.to_string(),
    }
}

/// The settings of one source.
pub struct Settings<G>(G);

/// The settings in the environment.
pub fn environment() -> Settings<impl Fn(&str) -> Option<String>> {
    // A value that is not Unicode must not pass for one that is not set.
    Settings(|name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
}

impl<G: Fn(&str) -> Option<String>> Settings<G> {
    /// Those that `get` knows.
    pub fn new(get: G) -> Self {
        Self(get)
    }

    /// What the setting says, if it is set.
    ///
    /// # Errors
    /// What it says can only be a mistake.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let text = (self.0)(name);
        text.map(|text| meant(&text).map_err(|reason| refuse(name, reason)))
            .transpose()
    }

    /// What the setting says, or `default` if it is not set.
    ///
    /// # Errors
    /// It is not what is wanted.
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
                .map_err(|_| refuse(name, format_args!("wants {wanted}"))),
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
            Err(refuse(name, format_args!("wants {wanted}")))
        }
    }
}

/// What a value can only mean: without what cannot be seen at its ends, and without the quotation marks round it that
/// some readers of files take away and others leave.
///
/// # Errors
/// It is not clear what it means.
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

/// Whether nobody sees that it is there, or that it is not a space.
fn is_unseen(c: char) -> bool {
    use GeneralCategory as G;
    // By category these are letters, symbols and marks, and nothing is drawn for them (Unicode, Default_Ignorable_Code_Point).
    let is_blank = matches!(
        c,
        '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0100}'..='\u{E01EF}' | char::REPLACEMENT_CHARACTER
    );
    let is_nothing = matches!(
        c.general_category(),
        G::Control
            | G::Format
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::SpaceSeparator
            | G::Unassigned
            | G::PrivateUse
    );
    c != ' ' && (is_blank || is_nothing)
}

/// Looks through the names of what is set. The warning tells of those that look like settings and are none.
///
/// # Errors
/// A name is a setting's but for what cannot be seen in it.
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

/// The setting that this name is taken for by whoever reads it, though it is not its name.
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

/// The setting whose name is most like this one, if it is much like it.
fn nearest(name: &str) -> Option<&'static str> {
    const LIKE: f64 = 0.8;
    let name = name.to_ascii_uppercase();
    // What nearly all begin with would make them all alike.
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
