//! The HTML document around a page.

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

use super::frame::{Account, Frame, LogoFile, SiteFiles, Viewer};

/// The green of the icon, for the browser's own controls around the page.
const BRAND_COLOR: &str = "#0b5c45";

/// The whole document, with `page` as its body.
pub fn document(frame: Frame, page: impl FnOnce(Frame) -> AnyView) -> AnyView {
    provide_meta_context();
    // Nothing outside an island is hydrated, so nothing outside one carries hydration markers.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let theme = frame.preferences.theme;
    let options = frame.site.options.clone();
    let files = frame.site.files.clone();
    let is_signed_out = matches!(frame.viewer, Viewer::SignedOut);
    // `boot.js` reads these attributes and tells the other tabs.
    let account = frame.viewer.account().cloned();
    let of_account = |value: fn(&Account) -> String| account.as_ref().map(value);
    view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-theme=theme.as_str()
            data-client=of_account(|account| account.client.0.to_string())
            data-who=of_account(|account| format!("{} ({})", account.name, account.email))
            data-idle-left=of_account(|account| account.idle_left.to_string())
            data-session-left=of_account(|account| account.session_left.to_string())
            data-signed-out=is_signed_out
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                <meta name="theme-color" content=BRAND_COLOR />
                <meta name="description" content="Manage your account and API tokens." />
                <Files files />
                <AutoReload options=options />
                <MetaTags />
            </head>
            <body>{page(frame)}</body>
        </html>
    }
    .into_any()
}

/// The files that the browser loads with the page.
#[component]
fn Files(files: SiteFiles) -> AnyView {
    let icon = match files.logo {
        Some(LogoFile {
            url, content_type, ..
        }) => (url, content_type),
        None => (files.icon, "image/svg+xml"),
    };
    view! {
        <link rel="icon" type=icon.1 href=icon.0 />
        <link rel="stylesheet" href=files.css />
        {files.accent.map(|accent| view! { <link rel="stylesheet" href=accent /> })}
        <link rel="modulepreload" href=files.js.clone() />
        // Without `crossorigin`: WebKit never uses such a preload. `boot.js` has to fetch it in the same mode.
        <link rel="preload" r#as="fetch" r#type="application/wasm" href=files.wasm.clone() />
        <script
            type="module"
            id="boot"
            src=files.boot
            data-module=files.js
            data-wasm=files.wasm
        ></script>
    }
    .into_any()
}
