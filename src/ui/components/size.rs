//! The size of what is on the page.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};

/// Calls `changed` soon, and then whenever `element` gets another size, also by showing or hiding.
/// It ends with the reactive owner that it is called in.
pub fn on_resize(element: &Element, changed: impl Fn() + 'static) {
    let changed = Closure::<dyn Fn()>::new(changed);
    let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else {
        // Every browser that runs this has one.
        return;
    };
    observer.observe(element);
    let watch = StoredValue::new_local(Some((observer, changed)));
    on_cleanup(move || {
        // Before the closure goes, so that nobody calls it any more.
        if let Some((observer, _)) = watch.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
    });
}
