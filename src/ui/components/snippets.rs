//! Code samples in several languages.

use leptos::prelude::*;

use super::tabs::{TabPanel, Tabs};

/// A sample, and how its tab presents it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The tab's value.
    pub value: &'static str,
    /// The tab's title.
    pub title: &'static str,
    /// What the code is, in words: `curl command`.
    pub label: &'static str,
    /// The code.
    pub code: String,
}

/// [`Tabs`] with a sample in each.
#[component]
pub fn Snippets<B, V>(
    /// What is chosen, in words.
    legend: &'static str,
    /// The radio group's name, unique in the page.
    name: &'static str,
    /// The samples, in the order of their tabs.
    samples: Vec<Sample>,
    /// The value that is chosen at first.
    chosen: &'static str,
    /// Renders a sample: as a [`Code`](super::code_block::Code) in an island, as a
    /// [`CodeBlock`](super::code_block::CodeBlock) elsewhere.
    block: B,
) -> impl IntoView
where
    B: Fn(Sample) -> V + Copy + Send + 'static,
    V: IntoView + 'static,
{
    let tabs = samples.iter().map(|s| (s.value, s.title)).collect();
    view! {
        <Tabs legend name tabs chosen>
            {samples
                .into_iter()
                .map(|sample| {
                    view! {
                        <TabPanel value=sample.value>{block(sample)}</TabPanel>
                    }
                })
                .collect_view()}
        </Tabs>
    }
}
