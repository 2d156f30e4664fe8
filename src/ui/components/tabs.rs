//! One of several, chosen by a radio group. CSS alone shows and hides, so it works without scripts.

use leptos::prelude::*;

/// The radio group, and below it a [`TabPanel`] for each of its values.
#[component]
pub fn Tabs(
    /// What is chosen, in words.
    legend: &'static str,
    /// The group's name, of its own in the page.
    name: &'static str,
    /// The cookie that remembers the choice, if it is to be remembered.
    #[prop(optional)]
    preference: Option<&'static str>,
    /// Value and title of each.
    tabs: Vec<(&'static str, &'static str)>,
    /// The value that is chosen at first.
    chosen: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="tabs">
            <fieldset class="segments">
                <legend>{legend}</legend>
                {tabs
                    .into_iter()
                    .map(|(value, title)| {
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name=name
                                    value=value
                                    checked=value == chosen
                                    data-preference=preference
                                    autocomplete="off"
                                />
                                {title}
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            {children()}
        </div>
    }
}

/// What is shown for one value. The style sheet knows the values: see `tabs.css`.
#[component]
pub fn TabPanel(value: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="tab-panel" data-tab=value>
            {children()}
        </div>
    }
}
