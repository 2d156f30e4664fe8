//! The page that a link leads to: choosing a password.

use leptos::prelude::*;

use super::{
    brand::{Contact, Mark},
    components::{new_password::NewPassword, notice::Alert},
    frame::Frame,
    layout::Page,
};
use crate::model::{error::AppError, field, mail::LinkKind};

/// The form to choose a password. To open the page changes nothing: programs that look for malware open links, too.
#[component]
pub fn SetPasswordPage(
    /// The installation and the visitor.
    frame: Frame,
    /// What the link is for.
    link: LinkKind,
    /// Path of the page, with the link's secret.
    action: String,
    /// Login email of the account.
    email: String,
    /// Why the last password was not set.
    error: Option<AppError>,
    /// Whether the tokens are to be revoked, too.
    revoke_tokens: bool,
) -> AnyView {
    let site = frame.site.clone();
    let title = match link {
        LinkKind::Invitation => "Set your password",
        LinkKind::Reset => "Choose a new password",
    };
    let refused = error
        .as_ref()
        .and_then(|error| error.of_field(field::NEW_PASSWORD));
    let refused = refused.map(ToOwned::to_owned);
    let other = error.filter(|_| refused.is_none());
    view! {
        <Page frame title>
            <div class="login">
                <div class="login-head">
                    <Mark site />
                    <h1>{title}</h1>
                    <p class="quiet">"For " <bdi>{email.clone()}</bdi></p>
                </div>
                <form method="post" action=action class="stack">
                    {other.map(|error| view! { <Alert id="set-password-error" text=error.to_string() /> })}
                    // For password managers.
                    <input type="text" name="username" autocomplete="username" value=email hidden readonly />
                    <NewPassword error=refused autofocus=true />
                    {(link == LinkKind::Reset).then(|| view! { <RevokeTokens is_checked=revoke_tokens /> })}
                    <button type="submit" class="button primary">
                        "Set password"
                    </button>
                </form>
                <p class="quiet stuck">"You'll be logged out everywhere."</p>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn RevokeTokens(is_checked: bool) -> AnyView {
    view! {
        <div class="field">
            <label class="check">
                <input
                    type="checkbox"
                    name=field::REVOKE_TOKENS
                    value="true"
                    checked=is_checked
                    aria-describedby="revoke-tokens-hint"
                />
                "Also revoke all my API tokens"
            </label>
            <p id="revoke-tokens-hint" class="hint">
                "If somebody else may have them. Programs that use them stop working."
            </p>
        </div>
    }
    .into_any()
}

/// The page of a link that does not work, or not any more.
#[component]
pub fn LinkOverPage(
    /// The installation and the visitor.
    frame: Frame,
) -> AnyView {
    let site = frame.site.clone();
    let has_mail = site.has_mail;
    view! {
        <Page frame title="This link doesn't work">
            <div class="login">
                <div class="login-head">
                    <Mark site=site.clone() />
                    <h1>"This link doesn't work"</h1>
                </div>
                <div class="callout stack">
                    <p>
                        "It was used already or has expired, or a part of it is missing. A link works once, and a new password ends all others."
                    </p>
                    <p>"If you have just set your password with it, log in."</p>
                </div>
                {has_mail
                    .then(|| {
                        view! {
                            <a class="button primary" href="/forgot-password">
                                "Get a new link"
                            </a>
                        }
                    })}
                <p class="quiet stuck">
                    <a href="/login">"Go to login"</a>
                    " · "
                    <Contact site />
                </p>
            </div>
        </Page>
    }
    .into_any()
}
