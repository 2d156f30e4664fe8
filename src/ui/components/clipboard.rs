//! Copying to the clipboard.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, Element};

/// What to do when the browser does not copy; the text is selected by then.
pub fn copy_by_hand() -> &'static str {
    let has_keys =
        !matches!(window().match_media("(pointer: coarse)"), Ok(Some(coarse)) if coarse.matches());
    if has_keys {
        "Press Ctrl+C (⌘C) to copy."
    } else {
        "Tap and hold to copy."
    }
}

/// Copies `text`; `true` once the browser has confirmed that it is in the clipboard. Otherwise selects `shown`,
/// which shows it, ready for Ctrl+C.
pub async fn copy_or_select(text: &str, shown: &Element) -> bool {
    let is_copied = copy(text).await;
    if !is_copied {
        select(shown);
    }
    is_copied
}

async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Missing over plain HTTP.
    let has_clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| clipboard.is_object());
    has_clipboard
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}

fn select(element: &Element) {
    if let Ok(Some(selection)) = window().get_selection() {
        // It fails only if the element has left the page.
        let _ = selection.select_all_children(element);
    }
}

/// Whether the selection, which a copy event copies, contains all of `text`.
pub fn is_in_selection(text: &str) -> bool {
    let selection = window().get_selection().ok().flatten();
    selection.is_some_and(|selection| String::from(selection.to_string()).contains(text))
}

/// Makes a copy event copy all of `text`, whatever is selected; `false` if the browser does not allow it.
pub fn copy_instead(event: &ClipboardEvent, text: &str) -> bool {
    let is_replaced = event
        .clipboard_data()
        .is_some_and(|clipboard| clipboard.set_data("text/plain", text).is_ok());
    if is_replaced {
        event.prevent_default();
    }
    is_replaced
}
