//! Header and footer of every page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    account_menu::AccountMenu,
    frame::{Frame, Viewer},
    preferences::Theme,
    session_watch::SessionWatch,
};

/// A page with its title.
#[component]
pub fn Page(
    /// The installation and the visitor.
    frame: Frame,
    /// Title of the window.
    #[prop(into)]
    title: String,
    /// Path of the navigation link that is marked as the current page.
    #[prop(optional)]
    here: &'static str,
    children: Children,
) -> AnyView {
    let Frame {
        site,
        preferences,
        viewer,
    } = frame;
    let (is_insecure, session_idle) = (site.is_insecure, site.session_idle);
    let client = viewer.account().map(|account| account.client);
    view! {
        <Title text=escaped(&format!("{title} · Opentill")) />
        <a class="skip" href="#main">
            "Skip to main content"
        </a>
        <Header viewer theme=preferences.theme here />
        {is_insecure
            .then(|| {
                view! {
                    <p class="banner" role="note">
                        "This portal is reached without encryption. Passwords and tokens can be read on the way."
                    </p>
                }
            })}
        <main id="main" tabindex="-1">
            {children()}
        </main>
        <OtherAccount />
        {client.map(|client| view! { <SessionWatch client idle=session_idle next=here /> })}
        <footer class="site-footer">
            <p>"Opentill client portal"</p>
            <p>
                <a href="/docs/api#errors">"Help with the API"</a>
            </p>
        </footer>
    }
    .into_any()
}

/// Text for the title, which `leptos_meta` writes into the page as it is. Names of tokens are in it.
fn escaped(title: &str) -> String {
    title.replace('&', "&amp;").replace('<', "&lt;")
}

/// Where `boot.js` shows that another client has logged in with this browser, or nobody is any more.
#[component]
fn OtherAccount() -> AnyView {
    view! {
        <div id="other-account" class="session-bar" role="region" aria-label="Account" hidden>
            <p role="alert"></p>
            <a class="button primary" href="">
                "Reload"
            </a>
        </div>
    }
    .into_any()
}

#[component]
fn Header(viewer: Viewer, theme: Theme, here: &'static str) -> AnyView {
    let current = move |href: &str| (href == here).then_some("page");
    let is_signed_in = viewer.account().is_some();
    view! {
        <header class="site-header">
            <a class="brand" href="/" aria-label="Opentill, home">
                <Wordmark />
            </a>
            <nav aria-label="Main">
                {is_signed_in
                    .then(|| view! { <a href="/" aria-current=current("/")>"Dashboard"</a> })}
                <a href="/docs/api" aria-current=current("/docs/api")>
                    "API docs"
                </a>
            </nav>
            {match viewer {
                Viewer::Client(account) => view! { <AccountMenu account theme here /> }.into_any(),
                Viewer::SignedOut | Viewer::Unknown => {
                    view! {
                        <a class="button quiet" href="/login" aria-current=current("/login")>
                            "Log in"
                        </a>
                    }
                        .into_any()
                }
            }}
        </header>
    }
    .into_any()
}

/// The name with the logo.
#[component]
pub fn Wordmark() -> AnyView {
    view! {
        <Mark />
        <span aria-hidden="true">"Opentill"</span>
    }
    .into_any()
}

/// The logo: a till's slot with a receipt.
#[component]
pub fn Mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <rect class="mark-tile" width="32" height="32" rx="8" />
            <rect class="mark-slot" x="5" y="7" width="22" height="4" rx="2" />
            <path class="mark-slip" d="M9 9h14v16l-2.33-2-2.33 2L16 23l-2.33 2-2.34-2L9 25z" />
            <path class="mark-line" d="M12.5 13.75h7M12.5 17.75h4" />
        </svg>
    }
    .into_any()
}
