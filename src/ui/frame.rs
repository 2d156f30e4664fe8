//! What every page is rendered with: the installation, the visitor and their preferences.

use std::sync::Arc;

use leptos::config::LeptosOptions;

use super::{api_docs::reference::ApiReference, preferences::Preferences};
use crate::model::{brand::Brand, client::ClientId};

/// The first prop of every page. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The installation.
    pub site: Arc<Site>,
    /// Theme and language of the visitor.
    pub preferences: Preferences,
    /// The visitor.
    pub viewer: Viewer,
}

/// Settings of the installation that pages show.
#[derive(Clone, Debug)]
pub struct Site {
    /// The operator's name, contact and links.
    pub brand: Brand,
    /// The origin of the portal, without a trailing slash: `https://portal.example.com`.
    pub base_url: String,
    /// Whether mails are sent, so that a forgotten password can be reset.
    pub has_mail: bool,
    /// Passwords are sent unencrypted; pages warn of it.
    pub is_insecure: bool,
    /// Seconds without a request after which a session ends.
    pub session_idle: u32,
    /// Requests per minute that a token may make.
    pub token_limit: u32,
    /// The tables of the API documentation.
    pub api: ApiReference,
    /// URLs of the files that the browser loads.
    pub files: SiteFiles,
    /// Options of Leptos; live reload reads them.
    pub options: LeptosOptions,
}

/// URLs of the embedded files, with their hashes.
#[derive(Clone, Debug)]
pub struct SiteFiles {
    /// The style sheet.
    pub css: String,
    /// The JavaScript module that binds WebAssembly to the browser.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// The script that loads both and starts the islands.
    pub boot: String,
    /// The icon.
    pub icon: String,
    /// The style sheet with the operator's color.
    pub accent: Option<String>,
    /// The operator's logo.
    pub logo: Option<LogoFile>,
}

/// The operator's logo.
#[derive(Clone, Debug)]
pub struct LogoFile {
    /// Its URL.
    pub url: String,
    /// What it is.
    pub content_type: &'static str,
    /// Its width, in any unit.
    pub width: u32,
    /// Its height, in the same unit.
    pub height: u32,
}

impl LogoFile {
    /// Whether it is so wide that the name is in it.
    pub const fn is_wordmark(&self) -> bool {
        self.width > 2 * self.height
    }
}

/// Who looks at the page.
#[derive(Clone, Debug)]
pub enum Viewer {
    /// A client with a session.
    Client(Account),
    /// Nobody is logged in.
    SignedOut,
    /// Not known: the database did not answer.
    Unknown,
}

impl Viewer {
    /// The client, if one is logged in.
    pub const fn account(&self) -> Option<&Account> {
        match self {
            Self::Client(account) => Some(account),
            Self::SignedOut | Self::Unknown => None,
        }
    }
}

/// The logged-in client, as far as the header and the document show it.
#[derive(Clone, Debug)]
pub struct Account {
    /// The client number.
    pub client: ClientId,
    /// The client's name.
    pub name: String,
    /// Email address used to log in.
    pub email: String,
    /// Up to two letters for the avatar.
    pub initials: String,
    /// Whether the client is suspended.
    pub is_suspended: bool,
    /// Whether there are pages of services, domains, invoices and orders.
    pub has_imports: bool,
    /// Seconds until the session ends, however much it is used.
    pub session_left: u32,
    /// Seconds until the session ends unless it is used again.
    pub idle_left: u32,
}
