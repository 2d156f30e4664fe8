//! `opentill client add`

use clap::Args;

use super::{fields::Fields, invite};
use crate::{
    cli::{
        error::CommandError,
        print,
        stop::{self, Stage},
        terminal::new_password,
    },
    model::{client::Email, contact::Contact, field},
    server::{clients, links::Delivery, state::AppState, store::NewClient},
};

/// A client to be added.
#[derive(Args)]
pub struct Add {
    /// Login email
    #[arg(long, value_parser = Email::new)]
    email: Email,
    /// The person's name
    #[arg(long, value_name = "TEXT")]
    name: String,
    #[command(flatten)]
    fields: Fields,
    /// Read a password from standard input; otherwise the client can't log in until you run set-password
    #[arg(long)]
    password_stdin: bool,
    /// Invite the client to choose a password: by mail, or where that is not set with a link that is printed
    #[arg(long, conflicts_with = "password_stdin")]
    invite: bool,
}

/// Adds the client and prints its ID.
pub async fn execute(state: &AppState, client: Add) -> Result<(), CommandError> {
    let mut values = client.fields.given(Some(&client.name))?;
    // The first value of a field counts.
    values.push((field::COUNTRY, "US".to_owned()));
    let new = NewClient {
        contact: Contact::default().with(&values),
        email: client.email,
        currency_code: client
            .fields
            .currency()?
            .unwrap_or_else(|| "USD".to_owned()),
        password_hash: None,
    };
    let password = if client.password_stdin {
        let text = new_password()?;
        let own_words = new.own_words();
        let accepted = state.passwords.accept(field::PASSWORD, &text, &own_words);
        Some(accepted.await?)
    } else {
        None
    };
    stop::set_stage(Stage::During);
    let delivery = client.invite.then(|| Delivery::of(state));
    let invitation = delivery.as_ref().map(Delivery::invitation);
    let id = clients::add(state, new, password, invitation).await?;
    let mut lines = id.0.to_string();
    if let Some(delivery) = delivery {
        lines.push('\n');
        lines.push_str(&invite::invited(state, &delivery));
    }
    print::done(&lines);
    Ok(())
}
