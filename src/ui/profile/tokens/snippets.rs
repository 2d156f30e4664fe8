//! Where a new token goes, and how it is used from there.

use leptos::prelude::*;

use crate::ui::{
    components::{
        code_block::{Code, CodeBlock},
        tabs::{TabPanel, Tabs},
    },
    preferences::Language,
    samples,
};

const LEGEND: &str = "Use it in";
/// The tab for the environment's file, which holds the token itself. All others read it from there.
const ENV: &str = "env";
const ENV_LABEL: &str = ".env line";
const LANGUAGES: [Language; 3] = [Language::Curl, Language::JavaScript, Language::Php];

fn tabs() -> Vec<(&'static str, &'static str)> {
    let languages = LANGUAGES.map(|language| (language.as_str(), language.title()));
    [(ENV, ".env")].into_iter().chain(languages).collect()
}

/// In the dialog, made anew for each secret.
#[component]
pub fn Snippets(
    /// Where people reach the portal.
    base_url: String,
    /// The token in full.
    secret: Option<String>,
    /// Called once the line with the token is on the clipboard.
    on_copied: Callback<()>,
) -> impl IntoView {
    view! {
        <Tabs legend=LEGEND name="use-in" tabs=tabs() chosen=ENV>
            <TabPanel value=ENV>
                <Code label=ENV_LABEL on_copied>
                    <code translate="no">{secret.as_deref().map(samples::env_line)}</code>
                </Code>
            </TabPanel>
            {LANGUAGES
                .map(|language| {
                    let (label, code) = samples::of(language, &base_url);
                    view! {
                        <TabPanel value=language.as_str()>
                            <Code label>
                                <code translate="no">{code}</code>
                            </Code>
                        </TabPanel>
                    }
                })
                .into_iter()
                .collect_view()}
        </Tabs>
    }
}

/// On a page of its own, where the secret is text and nothing else.
#[component]
pub fn PageSnippets(
    /// Where people reach the portal.
    base_url: String,
    /// The token in full.
    secret: String,
) -> impl IntoView {
    view! {
        <Tabs legend=LEGEND name="use-in" tabs=tabs() chosen=ENV>
            <TabPanel value=ENV>
                <CodeBlock label=ENV_LABEL>
                    <code translate="no">{samples::env_line(&secret)}</code>
                </CodeBlock>
            </TabPanel>
            {LANGUAGES
                .map(|language| {
                    let (label, code) = samples::of(language, &base_url);
                    view! {
                        <TabPanel value=language.as_str()>
                            <CodeBlock label>
                                <code translate="no">{code}</code>
                            </CodeBlock>
                        </TabPanel>
                    }
                })
                .into_iter()
                .collect_view()}
        </Tabs>
    }
}
