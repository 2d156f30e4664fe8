//! Observing the size of elements.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};

/// Calls `changed` soon, and then whenever the size of `element` changes, also by being shown or hidden, until the
/// current reactive owner is disposed.
pub fn on_resize(element: &Element, changed: impl Fn() + 'static) {
    let changed = Closure::<dyn Fn()>::new(changed);
    let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else {
        // Every supported browser has one.
        return;
    };
    observer.observe(element);
    let watch = StoredValue::new_local(Some((observer, changed)));
    on_cleanup(move || {
        // Before the closure is dropped: the browser would call it.
        if let Some((observer, _)) = watch.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
    });
}
