//! One of several, chosen by a radio group. CSS alone shows and hides, so it works without scripts.

use leptos::prelude::*;

/// The radio group, and below it a [`TabPanel`] for each of its values.
///
/// Children of a known type keep 6 kB out of the WebAssembly: of one that could be anything the browser
/// gets every way to show it.
#[component]
pub fn Tabs<C>(
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
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView + 'static,
{
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
            {children.into_inner()()}
        </div>
    }
}

/// What is shown for one value. The style sheet knows the values: see `tabs.css`.
#[component]
pub fn TabPanel<C>(value: &'static str, children: TypedChildren<C>) -> impl IntoView
where
    C: IntoView + 'static,
{
    view! {
        <div class="tab-panel" data-tab=value>
            {children.into_inner()()}
        </div>
    }
}
