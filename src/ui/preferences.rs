//! What a visitor chose about how pages look, kept in plain cookies so that the first byte is right.

/// For how long a choice is remembered, in seconds: a year.
pub const REMEMBERED: u32 = 365 * 24 * 60 * 60;

/// What was chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Light or dark.
    pub theme: Theme,
    /// The language of the documentation's samples.
    pub language: Language,
}

impl Preferences {
    /// Reads what `cookie` says by name. What nobody could have chosen is not chosen.
    pub fn read<'c>(cookie: impl Fn(&str) -> Option<&'c str>) -> Self {
        Self {
            theme: cookie(Theme::COOKIE)
                .and_then(Theme::parse)
                .unwrap_or_default(),
            language: cookie(Language::COOKIE)
                .and_then(Language::parse)
                .unwrap_or_default(),
        }
    }
}

/// Light, dark, or whichever the system has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The cookie's name, and the form field's.
    pub const COOKIE: &str = "theme";
    /// All there are, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word for it in the cookie and in the page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word)
    }

    /// What CSS calls it (CSS Color Adjustment 1, 2.1).
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A language that the documentation has samples in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// A shell.
    #[default]
    Curl,
    /// Node and browsers.
    JavaScript,
    /// PHP with its curl.
    Php,
    /// Python's standard library.
    Python,
}

impl Language {
    /// The cookie's name.
    pub const COOKIE: &str = "language";
    /// All there are, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Curl, Self::JavaScript, Self::Php, Self::Python];

    /// The word for it in the cookie and in the page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "javascript",
            Self::Php => "php",
            Self::Python => "python",
        }
    }

    /// Its name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "JavaScript",
            Self::Php => "PHP",
            Self::Python => "Python",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_back_from_its_word() {
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.as_str()), Some(theme));
        }
        for language in Language::ALL {
            assert_eq!(Language::parse(language.as_str()), Some(language));
        }
    }

    #[test]
    fn what_nobody_could_have_chosen_is_not_chosen() {
        for word in ["", "DARK", "dark\"><script>", "sepia"] {
            assert_eq!(Preferences::read(|_| Some(word)), Preferences::default());
        }
        assert_eq!(Preferences::read(|_| None), Preferences::default());
    }
}
