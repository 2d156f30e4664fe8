//! What only works once WebAssembly runs.

use leptos::prelude::*;

/// `false` on the server and while an island is being hydrated, so that both render the same HTML; `true` right after.
///
/// Controls that do nothing without WebAssembly stay hidden until then.
pub fn is_hydrated() -> ReadSignal<bool> {
    let (is_hydrated, set) = signal(false);
    Effect::new(move |_| set.set(true));
    is_hydrated
}
