//! The clipboard, with honest answers, and the focus.

use leptos::{html, prelude::*};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, Element};

/// What to do where there is no clipboard, in words.
pub const COPY_BY_HAND: &str = "Press Ctrl+C (⌘C) to copy.";

/// Puts `text` on the clipboard; `true` only once the browser said that it is there.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Over plain http there is no clipboard at all.
    let has_clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| clipboard.is_object());
    has_clipboard
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}

/// Selects all text in `element`, ready for Ctrl+C.
pub fn select(element: &Element) {
    if let Ok(Some(selection)) = window().get_selection() {
        // It fails only for an element that is no longer in the page, where there is nothing to select.
        let _ = selection.select_all_children(element);
    }
}

/// Whether all of `text` is in what is selected, and so in what is about to be copied.
pub fn is_in_selection(text: &str) -> bool {
    let selection = window().get_selection().ok().flatten();
    selection.is_some_and(|selection| String::from(selection.to_string()).contains(text))
}

/// Lets somebody who copies a part of `text`, or nothing, copy the whole of it; `false` if the browser would not.
pub fn copy_instead(event: &ClipboardEvent, text: &str) -> bool {
    let is_taken = event
        .clipboard_data()
        .is_some_and(|clipboard| clipboard.set_data("text/plain", text).is_ok());
    if is_taken {
        event.prevent_default();
    }
    is_taken
}

/// Puts the focus on a button.
pub fn focus(button: NodeRef<html::Button>) {
    if let Some(button) = button.get_untracked() {
        // An element of this page can always be focused.
        let _ = button.focus();
    }
}
