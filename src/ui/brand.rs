//! The operator's name and logo, and how to reach them.

use std::sync::Arc;

use leptos::prelude::*;

use super::frame::{LogoFile, Site};

/// The name of the portal with its logo.
#[component]
pub fn Wordmark(site: Arc<Site>) -> AnyView {
    let logo = site.files.logo.clone();
    let has_name = !logo.as_ref().is_some_and(LogoFile::is_wordmark);
    let name =
        has_name.then(|| view! { <bdi class="brand-name">{site.brand.name().to_owned()}</bdi> });
    view! {
        <Mark site />
        {name}
    }
    .into_any()
}

/// The operator's logo. If they have set none, and no name: Opentill's.
#[component]
pub fn Mark(site: Arc<Site>) -> AnyView {
    match &site.files.logo {
        Some(logo) => {
            let LogoFile {
                url, width, height, ..
            } = logo.clone();
            view! { <img class="logo" src=url alt="" width=width height=height /> }.into_any()
        }
        None => site.brand.name.is_none().then(OwnMark).into_any(),
    }
}

/// Opentill's logo: a till's slot with a receipt.
#[component]
fn OwnMark() -> AnyView {
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

/// `Contact support` as a link, or whom to contact in words.
#[component]
pub fn Contact(site: Arc<Site>) -> AnyView {
    match &site.brand.support {
        Some(url) => view! { <a href=url.clone()>"Contact support"</a> }.into_any(),
        None => "Contact your provider".into_any(),
    }
}
