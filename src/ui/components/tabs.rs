//! Tabs made of a radio group. CSS alone shows and hides the panels, so they work without scripts.

use leptos::prelude::*;

use crate::ui::preferences::Language;

/// The radio group; its children are a [`TabPanel`] for each value.
///
/// The type of the children is a parameter because `Children`, whose type is erased, adds 6 kB to the WebAssembly.
#[component]
pub fn Tabs<C>(
    /// What is chosen, in words.
    legend: &'static str,
    /// The radio group's name, unique in the page.
    name: &'static str,
    /// Value and title of each tab. If the value is a language, the choice is remembered.
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
                        let preference = Language::from_word(value).map(|_| Language::COOKIE);
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

/// The panel for one value. The values are listed in `choices.css`.
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
