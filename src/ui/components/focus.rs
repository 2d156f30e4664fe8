//! Moving the keyboard focus.

use leptos::{
    html::ElementType,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
};
use web_sys::HtmlElement;

/// Focuses an element of the page, if it is mounted.
pub fn focus<E>(element: NodeRef<E>)
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<JsValue> + 'static,
{
    if let Some(element) = element.get_untracked() {
        focus_element(element.unchecked_into());
    }
}

/// Focuses an element that becomes visible with the current change: a hidden element cannot have the focus.
pub fn focus_next_frame<E>(element: NodeRef<E>)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + AsRef<JsValue> + 'static,
{
    request_animation_frame(move || focus(element));
}

/// Focuses the element with this id; `false` if there is none.
pub fn focus_id(id: &str) -> bool {
    let element = document().get_element_by_id(id);
    let is_found = element.is_some();
    if let Some(element) = element {
        focus_element(element.unchecked_into());
    }
    is_found
}

fn focus_element(element: HtmlElement) {
    // Focusing a mounted element does not fail.
    let _ = element.focus();
}
