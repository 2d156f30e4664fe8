//! Modal dialogs.

use leptos::{ev, html, prelude::*};

use super::focus::focus;

/// Opens and closes a [`Modal`].
#[derive(Clone, Copy)]
pub struct ModalHandle {
    dialog: NodeRef<html::Dialog>,
    first: NodeRef<html::Button>,
}

impl ModalHandle {
    /// For a dialog in which the button `first` gets the focus.
    pub fn new(first: NodeRef<html::Button>) -> Self {
        Self {
            dialog: NodeRef::new(),
            first,
        }
    }

    /// Closes the dialog without asking; the browser puts the focus back where it was.
    pub fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    fn open(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            // It fails only if the dialog is open, and then shows what it is opened with now.
            let _ = dialog.show_modal();
        }
        focus(self.first);
    }
}

/// A `<dialog>`, named by the element `{id}-title` and described by `{id}-text`. A click on the backdrop does not close it.
///
/// It is always in the page, so that the browser can return the focus; only its content comes and goes.
#[component]
pub fn Modal<C>(
    /// Opens and closes it.
    handle: ModalHandle,
    /// Prefix of the ids.
    id: &'static str,
    /// Classes.
    class: &'static str,
    /// Opens the dialog whenever the signals in it change and it returns `true`.
    is_open: impl Fn() -> bool + 'static,
    /// Whether Escape may close it. Browsers close it without asking if Escape is pressed again.
    #[prop(optional, into)]
    may_close: Option<Callback<(), bool>>,
    /// Called after it was closed, in whatever way.
    on_close: impl Fn() + 'static,
    /// The content. Typed for the same reason as the children of [`Tabs`](super::tabs::Tabs).
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView + 'static,
{
    Effect::new(move |_| {
        if is_open() {
            handle.open();
        }
    });
    let on_cancel = move |event: ev::Event| {
        if may_close.is_some_and(|may_close| !may_close.run(())) {
            event.prevent_default();
        }
    };
    view! {
        <dialog
            node_ref=handle.dialog
            class=class
            aria-labelledby=format!("{id}-title")
            aria-describedby=format!("{id}-text")
            on:cancel=on_cancel
            on:close=move |_| on_close()
        >
            {children.into_inner()()}
        </dialog>
    }
}
