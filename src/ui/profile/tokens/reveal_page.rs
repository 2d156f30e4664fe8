//! The page that shows a new token, without WebAssembly: the response to the form.

use leptos::prelude::*;

use super::{
    AskedToken,
    reveal_tools::{RevealTools, SECRET_ID},
    scopes::HiddenScopes,
    snippets::PageSnippets,
};
use crate::{
    model::{
        client::ClientId,
        field,
        token::{CreatedToken, TokenSummary},
    },
    ui::{form::PostForm, frame::Frame, layout::Page},
};

/// The outcome of the form.
#[derive(Clone, Debug)]
pub enum Reveal {
    /// A token was created. It is shown on this page and on no other.
    Created(CreatedToken),
    /// The form was sent before. Whether the response arrived is not known.
    AlreadyCreated {
        /// The token that it created.
        token: TokenSummary,
        /// Whether it has been revoked since.
        is_revoked: bool,
        /// The key of the form, by which an unused token can be given a new secret.
        idempotency_key: String,
    },
    /// The connection to the database broke: the token may have been created, and nobody has seen it.
    Unclear {
        /// What was typed and chosen.
        asked: AskedToken,
        /// The key of the form, which makes a retry safe; empty if there was none.
        idempotency_key: String,
    },
}

/// Shows the token, or says why it cannot be shown.
#[component]
pub fn RevealPage(
    /// The installation and the visitor.
    frame: Frame,
    /// The token's owner.
    client: ClientId,
    /// The outcome of the form.
    reveal: Reveal,
) -> impl IntoView {
    match reveal {
        Reveal::Created(created) => view! { <Created frame created /> }.into_any(),
        Reveal::AlreadyCreated {
            token,
            is_revoked,
            idempotency_key,
        } => view! { <AlreadyCreated frame client token is_revoked idempotency_key /> }.into_any(),
        Reveal::Unclear {
            asked,
            idempotency_key,
        } => view! { <Unclear frame client asked idempotency_key /> }.into_any(),
    }
}

#[component]
fn Created(frame: Frame, created: CreatedToken) -> AnyView {
    let CreatedToken { token, secret } = created;
    let base_url = frame.site.base_url.clone();
    let chosen = frame.preferences.language;
    view! {
        <Page frame title="Copy your new token" here="/profile">
            <div class="narrow card">
                <h1>"Copy your new token"</h1>
                <p>
                    "“" <bdi>{token.name.to_string()}</bdi>
                    "” was created. Copy it now. You won't be able to see it again."
                </p>
                <div class="slip">
                    <code
                        id=SECRET_ID
                        class="secret"
                        tabindex="0"
                        translate="no"
                        role="textbox"
                        aria-readonly="true"
                        aria-label="Your new token"
                    >
                        {secret.expose().to_owned()}
                    </code>
                    <p class="hint">
                        "Click the token to select it, then press Ctrl+C (⌘C) to copy."
                    </p>
                </div>
                <RevealTools />
                <PageSnippets base_url secret=secret.expose().to_owned() chosen />
                <p>
                    <a class="button" href="/profile#api-tokens">
                        "I've saved it"
                    </a>
                </p>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn AlreadyCreated(
    frame: Frame,
    client: ClientId,
    token: TokenSummary,
    is_revoked: bool,
    idempotency_key: String,
) -> AnyView {
    let name = token.name.to_string();
    let scopes = token.scopes;
    let asked = AskedToken {
        name: name.clone(),
        scopes,
        expires_on: token.limits.expires_on(),
        allowed_addresses: token.limits.allowed.list(),
    };
    let since = if is_revoked {
        " with this form. It has been revoked since."
    } else {
        " with this form."
    };
    // A token that was used has been seen, and replacing its secret would break the program that uses it.
    let can_replace = !is_revoked && token.last_used_at.is_none();
    view! {
        <Page frame title="Token already shown" here="/profile">
            <div class="narrow card">
                <h1>"This token has already been shown"</h1>
                <p>
                    "You already created “" <bdi>{name}</bdi> "” (" <code>{token.hint()}</code> ")" {since}
                    " No second token was created. It can read: " {scopes.title()} "."
                </p>
                {can_replace
                    .then(|| {
                        view! {
                            <p>
                                "Didn't see it? Replace its secret. The old one will stop working."
                            </p>
                            <AgainForm client asked idempotency_key button="Replace and show" />
                        }
                    })}
                <p>
                    <a href="/profile#api-tokens">"Back to API tokens"</a>
                </p>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn Unclear(frame: Frame, client: ClientId, asked: AskedToken, idempotency_key: String) -> AnyView {
    let can_repeat = !idempotency_key.is_empty();
    view! {
        <Page frame title="Token status unknown" here="/profile">
            <div class="narrow card">
                <h1>"We couldn't confirm that the token was created"</h1>
                <p>
                    "We lost the connection while “" <bdi>{asked.name.clone()}</bdi>
                    "” was being created. If it was created, no one has seen it."
                </p>
                {if can_repeat {
                    view! {
                        <p>"It's safe to try again. Only one token will be created."</p>
                        <AgainForm client asked idempotency_key button="Try again" />
                    }
                        .into_any()
                } else {
                    view! { <p>"If it's in the list, revoke it and create another."</p> }.into_any()
                }}
                <p>
                    <a href="/profile#api-tokens">"Back to API tokens"</a>
                </p>
            </div>
        </Page>
    }
    .into_any()
}

/// Retries to create a token that nobody has seen.
#[component]
fn AgainForm(
    client: ClientId,
    asked: AskedToken,
    idempotency_key: String,
    button: &'static str,
) -> AnyView {
    view! {
        <PostForm client action="/profile/tokens">
            <input type="hidden" name=field::NAME value=asked.name />
            <HiddenScopes scopes=asked.scopes />
            <input type="hidden" name=field::EXPIRES_ON value=asked.expires_on />
            <input type="hidden" name=field::ALLOWED_ADDRESSES value=asked.allowed_addresses />
            <input type="hidden" name=field::IDEMPOTENCY_KEY value=idempotency_key />
            <input type="hidden" name=field::REPLACE_UNSEEN value="true" />
            <button type="submit" class="button">
                {button}
            </button>
        </PostForm>
    }
    .into_any()
}
