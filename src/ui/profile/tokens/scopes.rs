//! The choice of what a new token may read.

use leptos::{html, prelude::*};

use crate::model::scopes::{Scope, Scopes};

/// A box for each scope. Browsers keep what was ticked before the page came to life, so the boxes themselves are read.
#[derive(Clone, Copy, Default)]
pub struct Boxes([NodeRef<html::Input>; Scope::ALL.len()]);

impl Boxes {
    fn all(self) -> impl Iterator<Item = (Scope, NodeRef<html::Input>)> {
        Scope::ALL.into_iter().zip(self.0)
    }

    /// The choice.
    pub fn ticked(self) -> Scopes {
        let is_ticked =
            |node: NodeRef<html::Input>| node.get_untracked().is_some_and(|one| one.checked());
        let ticked = self.all().filter(|(_, node)| is_ticked(*node));
        Scopes::chosen(ticked.map(|(scope, _)| scope))
    }

    /// Unticks all of them.
    pub fn clear(self) {
        for (_, node) in self.all() {
            if let Some(one) = node.get_untracked() {
                one.set_checked(false);
            }
        }
    }
}

/// The boxes, closed unless some are ticked.
#[component]
pub fn ScopeBoxes(boxes: Boxes, chosen: Scopes) -> impl IntoView {
    let is_ticked = move |scope: Scope| chosen.is_limited() && chosen.may_read(scope);
    let one = move |(scope, node): (Scope, NodeRef<html::Input>)| {
        view! {
            <label>
                <input
                    node_ref=node
                    type="checkbox"
                    name=scope.as_str()
                    value="on"
                    autocomplete="off"
                    checked=is_ticked(scope)
                />
                {Scopes::chosen([scope]).title()}
            </label>
        }
    };
    view! {
        <details class="scopes" open=chosen.is_limited()>
            <summary>"Limit what it can read"</summary>
            <fieldset aria-describedby="scopes-hint">
                <legend class="visually-hidden">"It can read only"</legend>
                {boxes.all().map(one).collect_view()}
            </fieldset>
            <p id="scopes-hint" class="hint">
                "With nothing ticked it can read everything, also what is added later. This cannot be changed afterwards."
            </p>
        </details>
    }
}

/// The same choice again, in a form that repeats another.
#[component]
pub fn HiddenScopes(scopes: Scopes) -> impl IntoView {
    let fields = scopes.limits().map(|scope| {
        view! { <input type="hidden" name=scope.as_str() value="on" /> }
    });
    fields.collect_view()
}
