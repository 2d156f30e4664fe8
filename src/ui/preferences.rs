//! What visitors choose about the look of pages. It is kept in cookies, so that the server renders it.

use crate::model::words::words;

/// Lifetime of the cookies in seconds: a year.
pub const REMEMBERED: u32 = 365 * 24 * 60 * 60;

/// The choices of a visitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Colors.
    pub theme: Theme,
    /// Language of the samples, if one was ever chosen.
    pub language: Option<Language>,
}

impl Preferences {
    /// Reads the choices with `cookie`, which gives the value of a cookie. Unknown words count as no choice.
    pub fn read<'c>(cookie: impl Fn(&str) -> Option<&'c str>) -> Self {
        Self {
            theme: cookie(Theme::COOKIE)
                .and_then(Theme::from_word)
                .unwrap_or_default(),
            language: cookie(Language::COOKIE).and_then(Language::from_word),
        }
    }
}

words! {
    /// Colors of the pages. The word is the same in the cookie and in the page.
    #[derive(Default)]
    pub enum Theme {
        /// The operating system decides.
        #[default]
        System = "system",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

impl Theme {
    /// Name of the cookie and of the form field.
    pub const COOKIE: &str = "theme";

    /// The label.
    pub const fn title(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The value of `color-scheme` (CSS Color Adjustment 1, 2.1).
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

words! {
    /// A language that there are samples in. The word is the same in the cookie and in the page.
    #[derive(Default)]
    pub enum Language {
        /// A shell with curl.
        #[default]
        Curl = "curl",
        /// Node and browsers.
        JavaScript = "javascript",
        /// PHP with its curl extension.
        Php = "php",
        /// Python's standard library.
        Python = "python",
    }
}

impl Language {
    /// Name of the cookie.
    pub const COOKIE: &str = "language";

    /// Its name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "JavaScript",
            Self::Php => "PHP",
            Self::Python => "Python",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_could_have_chosen_is_not_chosen() {
        for word in ["", "DARK", "dark\"><script>", "sepia"] {
            assert_eq!(Preferences::read(|_| Some(word)), Preferences::default());
        }
        assert_eq!(Preferences::read(|_| None), Preferences::default());
    }
}
