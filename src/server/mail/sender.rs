//! Sends what the outbox has. Each node does, and none sends what another has claimed.

use std::time::Duration;

use lettre::{Message, message::Mailbox};
use tokio::{select, time::sleep};

use super::{
    delivery::{self, Undelivered},
    settings::MailSettings,
    words,
};
use crate::{
    model::{
        activity::Event,
        client::Email,
        timestamp::{DAY, HOUR, MINUTE, Timestamp},
    },
    server::{
        actor::Actor,
        error::chain,
        links::LinkSecret,
        state::AppState,
        store::{Claim, ClaimedMail, NewActivity, StoreError},
        token_secret::SecretHash,
    },
};

/// Mails that a node sends at once: a slow server for one recipient does not hold up all others.
const SENDERS: usize = 2;
/// How often the outbox is looked into, for mails of other processes and those to be tried again.
const PAUSE: Duration = Duration::from_secs(5);
/// Seconds after which another node may send a mail that this one has claimed. Longer than a try takes.
const LEASE: i64 = 10 * MINUTE;
/// Seconds for which a mail is tried.
const TRIED_FOR: i64 = 3 * DAY;
/// The longest pause between two tries, in seconds.
const MAX_PAUSE: i64 = 6 * HOUR;
/// How often it is tried to write down what became of a mail. After that another node may send it again.
const SETTLING: u32 = 6;

const _: () = assert!(delivery::PATIENCE.as_secs() < LEASE.unsigned_abs() / 2);

/// Starts to send mails, until the process ends. Does nothing where mail is not set.
pub fn start(state: &AppState) {
    if state.config.mail.is_none() {
        return;
    }
    for _ in 0..SENDERS {
        let state = state.clone();
        tokio::spawn(async move {
            loop {
                send_due(&state).await;
                select! {
                    () = state.store.outbox().wait() => {}
                    () = sleep(PAUSE) => {}
                }
            }
        });
    }
}

/// Sends all mails that are due.
pub async fn send_due(state: &AppState) {
    loop {
        match send_next(state).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(cause = %chain(&error), "the outbox could not be read or written");
                return;
            }
        }
    }
}

/// Sends the mail that is due first; `false` if none is.
async fn send_next(state: &AppState) -> Result<bool, StoreError> {
    let now = state.clock.now();
    let Some(settings) = &state.config.mail else {
        return Ok(false);
    };
    // Looking does not take the writer's lock.
    if !state.store.has_due_mail(now).await? {
        return Ok(false);
    }
    let secret = LinkSecret::generate();
    let hash = secret.hash();
    let claiming = state.store.claim_mail(hash, now, now.minus(-LEASE));
    let mail = match claiming.await? {
        Claim::Mail(mail) => mail,
        Claim::Dropped => return Ok(true),
        Claim::Nothing => return Ok(false),
    };
    let sent = match message(state, settings, &mail, &secret) {
        Ok(message) => {
            let file = format!("{}-{}-{}", mail.id, mail.kind.as_str(), mail.tries);
            delivery::deliver(&state.config, settings, message, file).await
        }
        Err(why) => Err(Undelivered {
            why,
            is_certain: true,
            is_final: true,
        }),
    };
    settle(
        state,
        &mail,
        hash,
        sent.map_err(|sent| without(sent, &secret)),
    )
    .await?;
    Ok(true)
}

fn message(
    state: &AppState,
    settings: &MailSettings,
    mail: &ClaimedMail,
    secret: &LinkSecret,
) -> Result<Message, String> {
    let letter = words::letter(&state.config, mail, secret);
    let email: Email = mail.recipient.parse().map_err(str::to_owned)?;
    let to = email.deliverable().parse();
    let to = to.map_err(|_| "no mail server takes this address".to_owned())?;
    let from = settings.sender(state.config.brand.shown.name());
    let id = format!("{}@{}", mail.message_id, settings.from.domain());
    let message = letter.message(from, Mailbox::new(None, to), &id);
    message.map_err(|error| chain(&error))
}

/// A mail server may repeat in its answer what it was sent.
fn without(mut failed: Undelivered, secret: &LinkSecret) -> Undelivered {
    failed.why = failed.why.replace(secret.expose(), "…");
    failed
}

/// Writes down what became of a mail, and tries that again for a minute: what was sent must not be sent twice.
async fn settle(
    state: &AppState,
    mail: &ClaimedMail,
    link: SecretHash,
    sent: Result<(), Undelivered>,
) -> Result<(), StoreError> {
    let (client, kind, tries) = (mail.client.id.0, mail.kind.as_str(), mail.tries);
    match &sent {
        Ok(()) => tracing::info!(client, kind, tries, "a mail was sent"),
        Err(failed) => {
            tracing::warn!(client, kind, tries, cause = %failed.why, "a mail was not sent");
        }
    }
    let mut again = 0;
    loop {
        match write_down(state, mail, link, &sent).await {
            Err(error) if again < SETTLING && error.is_unavailable() => {
                again += 1;
                sleep(Duration::from_secs(1 << again)).await;
            }
            written => return written,
        }
    }
}

async fn write_down(
    state: &AppState,
    mail: &ClaimedMail,
    link: SecretHash,
    sent: &Result<(), Undelivered>,
) -> Result<(), StoreError> {
    let store = &state.store;
    let Err(failed) = sent else {
        return store.mail_was_sent(mail.id).await;
    };
    let now = state.clock.now();
    let unsent_link = failed.is_certain.then_some(link);
    if let Some(at) = next_try(mail, now).filter(|_| !failed.is_final) {
        let failing = store.mail_failed(mail.id, &failed.why, at, unsent_link);
        return failing.await;
    }
    let given_up = NewActivity::new(mail.client.id, Event::MailFailed, &Actor::operator(), now);
    store.give_up_mail(mail.id, unsent_link, given_up).await
}

/// When to try again: after 1, 2, 4 minutes and so on, up to 6 hours; `None` after three days.
fn next_try(mail: &ClaimedMail, now: Timestamp) -> Option<Timestamp> {
    let doubled = u32::try_from(mail.tries - 1).unwrap_or_default().min(16);
    let pause = (MINUTE << doubled).min(MAX_PAUSE);
    (now.seconds_since(mail.at) < TRIED_FOR).then(|| now.minus(-pause))
}
