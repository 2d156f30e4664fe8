//! Header and footer of every page.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    account_menu::AccountMenu,
    brand::{Contact, Wordmark},
    frame::{Frame, Site, Viewer},
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
    let account = viewer.account();
    let client = account.map(|account| account.client);
    let is_suspended = account.is_some_and(|account| account.is_suspended);
    view! {
        <Title text=escaped(&format!("{title} · {}", site.brand.name())) />
        <a class="skip" href="#main">
            "Skip to main content"
        </a>
        <Header site=site.clone() viewer theme=preferences.theme here />
        <Banners site=site.clone() is_suspended />
        <main id="main" tabindex="-1">
            {children()}
        </main>
        <OtherAccount />
        {client
            .map(|client| {
                view! { <SessionWatch client idle=site.session_idle next=here /> }
            })}
        <Footer site />
    }
    .into_any()
}

/// Text for the title, which `leptos_meta` writes into the document as it is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// What a visitor has to know on every page.
#[component]
fn Banners(site: Arc<Site>, is_suspended: bool) -> AnyView {
    if !site.is_insecure && !is_suspended {
        return ().into_any();
    }
    view! {
        <section class="banners" aria-label="Notices">
            {site
                .is_insecure
                .then(|| {
                    view! {
                        <p class="banner" role="note">
                            "This connection isn't encrypted. Passwords and tokens can be intercepted."
                        </p>
                    }
                })}
            {is_suspended
                .then(|| {
                    view! {
                        <p class="banner" role="note">
                            <strong>"Your account is suspended."</strong>
                            " Existing tokens still work and can be revoked, but you can't create new ones or change your details. "
                            <Contact site /> " to find out why."
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}

#[component]
fn Footer(site: Arc<Site>) -> AnyView {
    let links = site.brand.links.iter().cloned();
    let support = site.brand.support.is_some();
    view! {
        <footer class="site-footer">
            <p>
                <bdi>{site.brand.name().to_owned()}</bdi>
                " client portal"
            </p>
            <ul>
                <li>
                    <a href="/docs/api#errors">"API help"</a>
                </li>
                {support
                    .then(|| {
                        view! {
                            <li>
                                <Contact site=site.clone() />
                            </li>
                        }
                    })}
                {links
                    .map(|link| {
                        view! {
                            <li>
                                <a href=link.url>
                                    <bdi>{link.title}</bdi>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </footer>
    }
    .into_any()
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

/// Paths and titles of the main navigation, for clients of an installation that nothing was ever imported into. Where a link
/// is current, `here` is its path without the fragment.
const NAVIGATION: [(&str, &str); 4] = [
    ("/", "Dashboard"),
    ("/profile#api-tokens", "API tokens"),
    ("/activity", "Activity"),
    (DOCS, "API docs"),
];
/// The same where something was.
const NAVIGATION_WITH_IMPORTS: [(&str, &str); 8] = [
    ("/", "Overview"),
    ("/services", "Services"),
    ("/domains", "Domains"),
    ("/invoices", "Invoices"),
    ("/orders", "Orders"),
    ("/profile#api-tokens", "API tokens"),
    ("/activity", "Activity"),
    (DOCS, "API docs"),
];
const DOCS: &str = "/docs/api";

#[component]
fn Header(site: Arc<Site>, viewer: Viewer, theme: Theme, here: &'static str) -> AnyView {
    let current = move |href: &str| (href.split('#').next() == Some(here)).then_some("page");
    let is_signed_in = viewer.account().is_some();
    let has_imports = viewer.account().is_some_and(|account| account.has_imports);
    let links: &[_] = if has_imports {
        &NAVIGATION_WITH_IMPORTS
    } else {
        &NAVIGATION
    };
    let links = links
        .iter()
        .copied()
        .filter(|(href, _)| is_signed_in || *href == DOCS);
    view! {
        <header class="site-header">
            <a class="brand" href="/" aria-label=format!("{}, home", site.brand.name())>
                <Wordmark site=site.clone() />
            </a>
            <nav aria-label="Main">
                {links
                    .map(|(href, title)| {
                        view! {
                            <a href=href aria-current=current(href)>
                                {title}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            {match viewer {
                Viewer::Client(account) => view! { <AccountMenu account theme here /> }.into_any(),
                // The page has the form itself.
                Viewer::SignedOut if here == "/login" => ().into_any(),
                Viewer::SignedOut => {
                    view! {
                        <a class="button quiet" href="/login">
                            "Log in"
                        </a>
                    }
                        .into_any()
                }
                // Whether somebody is logged in is not known, so neither is offered.
                Viewer::Unknown => ().into_any(),
            }}
        </header>
    }
    .into_any()
}
