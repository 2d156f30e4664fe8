//! The state of the dialog that shows a new token.

use leptos::{ev, html, prelude::*, task::spawn_local};

use super::shared::Shared;
use crate::{
    model::token::{CreatedToken, TokenId},
    ui::components::{
        clipboard::{copy_by_hand, copy_instead, copy_or_select, is_in_selection},
        focus::focus_next_frame,
        modal::ModalHandle,
    },
};

/// Whether the token in the dialog can be lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It was not copied: closing the dialog asks first.
    Uncopied,
    /// The dialog asks whether to close it without copying the token.
    Asking,
    /// It was copied: the dialog closes at once.
    Copied,
}

/// What the copy button has done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CopyStatus {
    Untouched,
    Copied,
    /// The browser refused; the token is selected instead.
    Refused,
}

/// The dialog's state.
#[derive(Clone, Copy)]
pub struct Reveal {
    /// The section's state.
    pub shared: Shared,
    /// The dialog.
    pub modal: ModalHandle,
    /// Shows the token.
    pub secret_box: NodeRef<html::Code>,
    /// Copies the token.
    pub copy_button: NodeRef<html::Button>,
    /// Which token is shown. What belongs to one token is rendered anew for the next.
    pub shown: Memo<Option<TokenId>>,
    stage: RwSignal<Stage>,
    status: RwSignal<CopyStatus>,
}

impl Reveal {
    /// The closed dialog.
    pub fn new(shared: Shared) -> Self {
        let copy_button = NodeRef::new();
        let shown = Memo::new(move |_| shared.revealed.with(|r| r.as_ref().map(|c| c.token.id)));
        let reveal = Self {
            shared,
            modal: ModalHandle::new(copy_button),
            secret_box: NodeRef::new(),
            copy_button,
            shown,
            stage: RwSignal::new(Stage::Uncopied),
            status: RwSignal::new(CopyStatus::Untouched),
        };
        reveal.protect();
        reveal
    }

    /// Warns before the page is left with an uncopied token, and wipes the token when it is left.
    fn protect(self) {
        Effect::new(move |_| {
            if let Some(id) = self.shown.get() {
                self.stage.set(Stage::Uncopied);
                self.shared.kept.note(id, false);
            }
        });
        // Registered only as long as needed: browsers keep no page with such a listener in memory.
        Effect::new(move |_| {
            if self.is_open() && !self.is_copied() {
                let listener =
                    window_event_listener(ev::beforeunload, |event| event.prevent_default());
                on_cleanup(move || listener.remove());
            }
        });
        // The browser may keep the page in memory after it is left, but it must not keep the token.
        let listener = window_event_listener(ev::pagehide, move |_| drop(self.wipe()));
        on_cleanup(move || listener.remove());
    }

    /// Whether there is a token to show.
    pub fn is_open(self) -> bool {
        self.shared.revealed.with(Option::is_some)
    }

    /// Whether the token was copied, in whatever way.
    pub fn is_copied(self) -> bool {
        self.stage.get() == Stage::Copied
    }

    /// Whether the dialog asks before it closes.
    pub fn is_asking(self) -> bool {
        self.stage.get() == Stage::Asking
    }

    /// The token's name.
    pub fn name(self) -> Option<String> {
        self.read(|created| created.token.name.to_string())
    }

    /// The token in full.
    pub fn secret(self) -> Option<String> {
        self.read(|created| created.secret.expose().to_owned())
    }

    fn read(self, part: fn(&CreatedToken) -> String) -> Option<String> {
        self.shared.revealed.with(|r| r.as_ref().map(part))
    }

    /// The status line beside the copy button.
    pub fn status_text(self) -> &'static str {
        match self.status.get() {
            CopyStatus::Untouched => "",
            CopyStatus::Copied => "Token copied to clipboard.",
            CopyStatus::Refused => copy_by_hand(),
        }
    }

    /// Copies the token, and then closes the dialog if asked to.
    pub fn copy(self, then_close: bool) {
        let (Some(secret), Some(secret_box)) =
            (untrack(|| self.secret()), self.secret_box.get_untracked())
        else {
            return;
        };
        let id = self.shown.get_untracked();
        spawn_local(async move {
            let is_copied = copy_or_select(&secret, &secret_box).await;
            // By now the dialog may show another token, or none.
            if self.shown.get_untracked() != id {
                return;
            }
            if is_copied {
                self.set_copied();
                self.status.set(CopyStatus::Copied);
                if then_close {
                    self.modal.close();
                }
            } else {
                self.status.set(CopyStatus::Refused);
                self.stop_asking();
            }
        });
    }

    fn set_copied(self) {
        if self.stage.get_untracked() == Stage::Asking {
            focus_next_frame(self.copy_button);
        }
        self.stage.set(Stage::Copied);
        if let Some(id) = self.shown.get_untracked() {
            self.shared.kept.note(id, true);
        }
    }

    /// The token with this ID was copied as part of something else.
    pub fn note_copy_of(self, id: TokenId) {
        if self.shown.get_untracked() == Some(id) {
            self.set_copied();
        }
    }

    /// Something was copied in the dialog: the token, if all of it is selected.
    pub fn note_copy_of_selection(self) {
        if untrack(|| self.secret()).is_some_and(|secret| is_in_selection(&secret)) {
            self.set_copied();
        }
    }

    /// Something was copied where the token is shown: makes it the whole token.
    pub fn copy_whole(self, event: &ev::ClipboardEvent) {
        if untrack(|| self.secret()).is_some_and(|secret| copy_instead(event, &secret)) {
            self.set_copied();
        }
    }

    /// Whether the dialog may close; if not, it asks.
    pub fn may_close(self) -> bool {
        let may_close = self.stage.get_untracked() == Stage::Copied;
        if !may_close {
            self.stage.set(Stage::Asking);
        }
        may_close
    }

    /// The answer to Escape: asks, or takes the question back.
    pub fn on_escape(self) -> bool {
        if self.stage.get_untracked() == Stage::Asking {
            self.keep_open();
            return false;
        }
        self.may_close()
    }

    /// Shows the token again instead of asking, with the focus on the button that copies it.
    pub fn keep_open(self) {
        self.stop_asking();
        focus_next_frame(self.copy_button);
    }

    /// Shows the token again instead of asking.
    pub fn stop_asking(self) {
        if self.stage.get_untracked() == Stage::Asking {
            self.stage.set(Stage::Uncopied);
        }
    }

    fn wipe(self) -> Option<CreatedToken> {
        let created = self.shared.revealed.try_update(Option::take).flatten();
        self.status.set(CopyStatus::Untouched);
        self.stop_asking();
        created
    }

    /// The dialog was closed. A browser may do that without asking.
    pub fn on_close(self) {
        let Some(CreatedToken { token, .. }) = self.wipe() else {
            return;
        };
        let shared = self.shared;
        let name = &token.name;
        if self.stage.get_untracked() == Stage::Copied {
            shared.report(format!("Token “{name}” created."));
        } else {
            shared.report(format!(
                "“{name}” was created, but you didn't copy it. Revoke it and create a new one."
            ));
            shared.uncopied.set(Some(token.id));
        }
        if let Some(field) = shared.name_field.get_untracked() {
            field.set_value("");
        }
        shared.focus_name_field();
        shared.refresh();
        shared.announce();
    }
}
