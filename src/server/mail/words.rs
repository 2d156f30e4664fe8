//! What each mail says.

use super::letter::Letter;
use crate::{
    model::{
        activity::Who,
        device::device,
        mail::{LinkKind, MailKind},
        timestamp::Timestamp,
    },
    server::{config::Config, links::LinkSecret, store::ClaimedMail},
};

/// The letter of a mail. `secret` is that of the link in it, if there is one.
pub fn letter(config: &Config, mail: &ClaimedMail, secret: &LinkSecret) -> Letter {
    let name = config.brand.shown.name().to_owned();
    let origin = config.public_url.origin();
    let client = &mail.client;
    let email = client.email.as_str();
    let is_operator = mail.actor.who == Who::Operator;
    let by_provider = if is_operator { " by your provider" } else { "" };
    let mut letter = Letter {
        greeting: match client.contact.name.as_str() {
            "" => "Hello,".to_owned(),
            name => format!("Hello {name},"),
        },
        facts: facts(mail),
        from: (name.clone(), origin.to_owned()),
        support: config.brand.shown.support.clone(),
        ..Letter::default()
    };
    let reset = format!(
        "If you didn't expect this, choose a new password at {origin}/forgot-password and contact your provider."
    );
    match mail.kind {
        MailKind::Invitation => {
            letter.subject = format!("Set your password for {name}");
            letter.paragraphs = vec![format!(
                "You have an account at {name}. Choose a password to log in with; your login email is {email}."
            )];
            letter.action = Some((secret.url(origin), "Set your password"));
            letter.advice = vec![works_once(LinkKind::Invitation)];
            // The operator has no place.
            letter.facts.clear();
        }
        MailKind::Reset => {
            letter.subject = "Reset your password".into();
            letter.paragraphs = vec![format!(
                "Somebody asked to reset the password of the account {email} at {name}."
            )];
            letter.action = Some((secret.url(origin), "Choose a new password"));
            letter.advice = vec![
                works_once(LinkKind::Reset),
                "If this wasn't you, you don't have to do anything: without the link nobody can change your password."
                    .to_owned(),
            ];
        }
        MailKind::PasswordChanged => {
            letter.subject = "Your password was changed".into();
            letter.paragraphs = vec![format!(
                "The password of the account {email} at {name} was changed{by_provider}. Wherever else you were \
                 logged in, you have been logged out."
            )];
            letter.advice = vec![reset];
        }
        MailKind::TokenCreated => {
            letter.subject = "An API token was created".into();
            letter.paragraphs = vec![format!(
                "An API token was created for the account {email} at {name}. It can read the account's data until it is revoked."
            )];
            letter.advice = vec![format!(
                "If this wasn't you, revoke the token at {origin}/profile#api-tokens and change your password."
            )];
        }
        MailKind::TokenRevoked => {
            letter.subject = "An API token was revoked".into();
            letter.paragraphs = vec![format!(
                "An API token of the account {email} at {name} was revoked{by_provider}. It no longer works."
            )];
            letter.advice = vec![format!(
                "Programs that use it need a new one, from {origin}/profile#api-tokens. If you don't know why it was \
                 revoked, contact your provider."
            )];
        }
    }
    letter
}

fn works_once(link: LinkKind) -> String {
    let time = match link {
        LinkKind::Invitation => "7 days",
        LinkKind::Reset => "30 minutes",
    };
    format!("The link works once, within {time}.")
}

/// What it was about, when, and from where.
fn facts(mail: &ClaimedMail) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(about) = &mail.about {
        facts.push(("Token", about.clone()));
    }
    facts.push(("When", moment(mail.at)));
    let actor = &mail.actor;
    let from = match (actor.who, actor.address) {
        (Who::Operator, _) => "your provider".to_owned(),
        (_, Some(address)) => format!("{}, {address}", device(&actor.user_agent)),
        (_, None) => device(&actor.user_agent),
    };
    facts.push(("From", from));
    facts
}

fn moment(at: Timestamp) -> String {
    format!("{}, {} UTC", at.date(), at.clock())
}
