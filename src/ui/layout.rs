//! What stands around every page: header with the account menu, footer.

use leptos::prelude::*;
use leptos_meta::Title;

use super::Site;

/// Who looks at the page, as far as the header shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Their name.
    pub name: String,
    /// Up to two letters for the avatar.
    pub initials: String,
}

/// A page: its title, and what is in it.
#[component]
pub fn Page(
    /// The title, in the window and as the page's one `h1` where the page does not write its own.
    title: &'static str,
    /// The address in the navigation that is this page.
    #[prop(optional)]
    here: &'static str,
    children: Children,
) -> impl IntoView {
    let viewer = use_context::<Viewer>();
    let is_insecure = expect_context::<Site>().is_insecure;
    view! {
        <Title text=format!("{title} · Opentill") />
        <a class="skip" href="#main">
            "Skip to main content"
        </a>
        <Header viewer here />
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
        <footer class="site-footer">
            <p>"Opentill client portal"</p>
            <p>
                <a href="/docs/api#errors">"Help with the API"</a>
            </p>
        </footer>
    }
}

#[component]
fn Header(viewer: Option<Viewer>, here: &'static str) -> impl IntoView {
    let current = move |href: &str| (href == here).then_some("page");
    let is_signed_in = viewer.is_some();
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
                Some(viewer) => view! { <AccountMenu viewer here /> }.into_any(),
                None => {
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
}

/// A disclosure: a button and a popover, which the browser opens and closes by itself.
#[component]
fn AccountMenu(viewer: Viewer, here: &'static str) -> impl IntoView {
    let current = move |href: &str| (href == here).then_some("page");
    let Viewer { name, initials } = viewer;
    let label = format!("Account menu, {name}");
    view! {
        <button
            type="button"
            class="account-button"
            popovertarget="account-menu"
            aria-label=label
        >
            <span class="avatar" aria-hidden="true">
                {initials}
            </span>
            <span class="account-name">{name}</span>
        </button>
        <div popover="auto" id="account-menu" class="menu">
            <ul>
                <li>
                    <a href="/profile" aria-current=current("/profile")>
                        "Profile"
                    </a>
                </li>
                <li>
                    <a href="/profile#api-tokens">"API tokens"</a>
                </li>
                <li>
                    <a href="/docs/api">"API docs"</a>
                </li>
            </ul>
            <form method="post" action="/logout">
                <button type="submit" class="menu-item">
                    "Log out"
                </button>
            </form>
        </div>
    }
}

/// The name with its mark: a till's drawer, open.
#[component]
pub fn Wordmark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <rect class="mark-tile" width="32" height="32" rx="8" />
            <path class="mark-line" d="M9 15V9.5h14V15M6.5 15h19l-2 8.5h-15z" />
            <path class="mark-line" d="M13.5 19.25h5" />
        </svg>
        <span aria-hidden="true">"Opentill"</span>
    }
}
