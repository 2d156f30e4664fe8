//! The forms of the portal: their paths, and the sections that they are on.

/// A form. A `match` picks its handler, so none is without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormRoute {
    /// Begins a session.
    LogIn,
    /// Asks for a link to choose another password.
    ForgotPassword,
    /// Chooses a password, by a link.
    SetPassword,
    /// Ends the session.
    LogOut,
    /// Chooses between light and dark.
    Theme,
    /// Changes the client's data.
    Details,
    /// Changes the password.
    Password,
    /// Ends one session.
    EndSession,
    /// Ends all sessions but the current one.
    EndOtherSessions,
    /// Creates a token.
    CreateToken,
    /// Gives a token another name.
    RenameToken,
    /// Revokes a token.
    RevokeToken,
    /// Revokes all tokens.
    RevokeAllTokens,
}

impl FormRoute {
    /// All forms. The tests attack each of them.
    pub const ALL: [Self; 13] = [
        Self::LogIn,
        Self::ForgotPassword,
        Self::SetPassword,
        Self::LogOut,
        Self::Theme,
        Self::Details,
        Self::Password,
        Self::EndSession,
        Self::EndOtherSessions,
        Self::CreateToken,
        Self::RenameToken,
        Self::RevokeToken,
        Self::RevokeAllTokens,
    ];

    /// The path of its handler, as the router has it.
    pub const fn path(self) -> &'static str {
        match self {
            Self::LogIn => "/login",
            Self::ForgotPassword => "/forgot-password",
            Self::SetPassword => "/set-password/{secret}",
            Self::LogOut => "/logout",
            Self::Theme => "/theme",
            Self::Details => "/profile/details",
            Self::Password => "/profile/password",
            Self::EndSession => "/profile/sessions/end",
            Self::EndOtherSessions => "/profile/sessions/end-others",
            Self::CreateToken => "/profile/tokens",
            Self::RenameToken => "/profile/tokens/{id}/rename",
            Self::RevokeToken => "/profile/tokens/{id}/revoke",
            Self::RevokeAllTokens => "/profile/tokens/revoke-all",
        }
    }

    /// The form whose path is `route`.
    pub fn find(route: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.path() == route)
    }

    /// The page and section that it is on, when it was sent to `path`.
    pub fn section(self, path: &str) -> String {
        let section = match self {
            Self::LogIn => "/login",
            Self::ForgotPassword => "/forgot-password",
            // The page has the same path.
            Self::SetPassword => path,
            // They are on every page.
            Self::LogOut | Self::Theme => "/",
            Self::Details => "/profile#details",
            Self::Password => "/profile#password",
            Self::EndSession | Self::EndOtherSessions => "/profile#sessions",
            Self::CreateToken | Self::RevokeToken | Self::RevokeAllTokens => "/profile#api-tokens",
            // The token's own page.
            Self::RenameToken => path.rsplit_once('/').map_or("/", |(parent, _)| parent),
        };
        section.to_owned()
    }
}
