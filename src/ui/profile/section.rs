//! The sections of the Profile page.

/// A section, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Tokens and the form for a new one.
    ApiTokens,
    /// The client's data.
    Details,
    /// The form to change the password.
    Password,
    /// Browsers that are logged in.
    Sessions,
    /// The last events.
    Activity,
}

impl Section {
    /// All sections, in the order of the page.
    pub const ALL: [Self; 5] = [
        Self::ApiTokens,
        Self::Details,
        Self::Password,
        Self::Sessions,
        Self::Activity,
    ];

    /// Its `id` on the page.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ApiTokens => "api-tokens",
            Self::Details => "details",
            Self::Password => "password",
            Self::Sessions => "sessions",
            Self::Activity => "activity",
        }
    }

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ApiTokens => "API Tokens",
            Self::Details => "Details",
            Self::Password => "Password",
            Self::Sessions => "Sessions",
            Self::Activity => "Recent activity",
        }
    }
}
