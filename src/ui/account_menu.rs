//! The menu that opens at the client's name.

use leptos::prelude::*;

use super::{form::PostForm, frame::Account, preferences::Theme};
use crate::model::{client::ClientId, field};

/// A button and a popover, which the browser opens and closes without scripts.
#[component]
pub fn AccountMenu(account: Account, theme: Theme, here: &'static str) -> AnyView {
    let current = move |href: &str| (href == here).then_some("page");
    let Account {
        client,
        name,
        email,
        initials,
        ..
    } = account;
    let label = format!("Account menu, {name}");
    view! {
        <button
            type="button"
            class="account-button"
            popovertarget="account-menu"
            aria-label=label
        >
            <span class="avatar" aria-hidden="true">
                {initials}
            </span>
            <span class="account-name">{name.clone()}</span>
        </button>
        <div popover="auto" id="account-menu" class="menu">
            <p class="menu-who">
                <strong>{name}</strong>
                <span class="quiet">{email}</span>
            </p>
            <ul>
                <li>
                    <a href="/profile" aria-current=current("/profile")>
                        "Profile"
                    </a>
                </li>
                <li>
                    <a href="/profile#api-tokens">"API tokens"</a>
                </li>
                <li>
                    <a href="/docs/api">"API docs"</a>
                </li>
            </ul>
            <ThemeChoice client chosen=theme here />
            <PostForm client action="/logout">
                <button type="submit" class="menu-item">
                    "Log out"
                </button>
            </PostForm>
        </div>
    }
    .into_any()
}

/// The choice of a theme. `boot.js` applies it at once; without scripts there is a button for that.
#[component]
fn ThemeChoice(client: ClientId, chosen: Theme, here: &'static str) -> AnyView {
    view! {
        <PostForm client action="/theme">
            <input type="hidden" name=field::NEXT value=here />
            <fieldset class="segments">
                <legend>"Theme"</legend>
                {Theme::ALL
                    .map(|theme| {
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name=Theme::COOKIE
                                    value=theme.as_str()
                                    checked=theme == chosen
                                    data-preference=Theme::COOKIE
                                />
                                {theme.title()}
                            </label>
                        }
                    })}
            </fieldset>
            <button type="submit" class="menu-item without-scripts">
                "Apply theme"
            </button>
        </PostForm>
    }
    .into_any()
}
