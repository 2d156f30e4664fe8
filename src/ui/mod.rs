//! What people see: rendered on the server; the islands in it are hydrated in the browser.
//!
//! A page is a plain component whose data comes in by context, loaded by `http::pages`; it is
//! compiled into WebAssembly for nothing but its `#[island]`s. Without WebAssembly every form and
//! link still works.

pub mod account_menu;
pub mod api_docs;
pub mod components;
pub mod dashboard;
pub mod layout;
pub mod login;
pub mod preferences;
pub mod problem;
pub mod profile;
pub mod samples;
pub mod session_watch;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

use self::{
    api_docs::{ApiDocsPage, reference::ApiReference},
    dashboard::DashboardPage,
    layout::{SignedOut, Viewer},
    login::LoginPage,
    preferences::Preferences,
    problem::ProblemPage,
    profile::{
        ProfilePage,
        activity::ActivityPage,
        tokens::{
            all_page::AllTokensPage, reveal_page::RevealPage, revoke_all_page::RevokeAllPage,
            revoke_page::RevokePage, token_page::TokenPage,
        },
    },
};

/// What every page knows of the installation.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where people reach the portal, without a slash at the end: `https://portal.example.com`.
    pub base_url: String,
    /// Passwords cross a network in the clear here: say so.
    pub is_insecure: bool,
    /// After so many seconds without a request a session is over.
    pub session_idle: u32,
    /// How many requests a minute a token may make.
    pub token_limit: u32,
    /// The tables of the API documentation.
    pub api: ApiReference,
    /// The addresses of the files that the browser loads.
    pub files: SiteFiles,
    /// What the framework's live reload wants to know.
    pub options: LeptosOptions,
}

/// The installation that the page being made is of.
pub fn site() -> Arc<Site> {
    expect_context()
}

/// The addresses of the embedded files, with their hashes.
#[derive(Clone, Debug)]
pub struct SiteFiles {
    /// The style sheet.
    pub css: String,
    /// The module that binds WebAssembly to the browser.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// The script that loads both and starts the islands.
    pub boot: String,
    /// The icon.
    pub icon: String,
}

/// The whole document.
pub fn shell() -> impl IntoView {
    provide_meta_context();
    // Nothing outside an island is hydrated, so nothing outside one carries marks for it.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let Site { files, options, .. } = Site::clone(&site());
    let theme = expect_context::<Preferences>().theme;
    // For `boot.js`, which tells the other tabs.
    let viewer = use_context::<Viewer>();
    let is_signed_out = use_context::<SignedOut>().is_some();
    let of_viewer = |value: fn(&Viewer) -> String| viewer.as_ref().map(value);
    view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-theme=theme.as_str()
            data-client=of_viewer(|viewer| viewer.client.0.to_string())
            data-who=of_viewer(|viewer| format!("{} ({})", viewer.name, viewer.email))
            data-idle-left=of_viewer(|viewer| viewer.idle_left.to_string())
            data-session-left=of_viewer(|viewer| viewer.session_left.to_string())
            data-signed-out=is_signed_out
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                <meta name="description" content="Your account, your API tokens and how to use them." />
                <link rel="icon" type="image/svg+xml" href=files.icon />
                <link rel="stylesheet" href=files.css />
                <link rel="modulepreload" href=files.js.clone() />
                <link
                    rel="preload"
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin="anonymous"
                    href=files.wasm.clone()
                />
                <script
                    type="module"
                    id="boot"
                    src=files.boot
                    data-module=files.js
                    data-wasm=files.wasm
                ></script>
                <AutoReload options=options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The route table. `POST` answers are pages of their own path.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=ProblemPage>
                <Route path=path!("/") view=DashboardPage />
                <Route path=path!("/login") view=LoginPage />
                <Route path=path!("/profile") view=ProfilePage />
                <Route path=path!("/profile/tokens") view=RevealPage />
                <Route path=path!("/profile/tokens/all") view=AllTokensPage />
                <Route path=path!("/profile/tokens/revoke-all") view=RevokeAllPage />
                <Route path=path!("/profile/tokens/:id") view=TokenPage />
                <Route path=path!("/profile/tokens/:id/revoke") view=RevokePage />
                <Route path=path!("/activity") view=ActivityPage />
                <Route path=path!("/docs/api") view=ApiDocsPage />
            </Routes>
        </Router>
    }
}
