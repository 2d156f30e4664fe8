//! `opentill client edit`

use clap::Args;

use super::fields::Fields;
use crate::{
    cli::{
        error::CommandError,
        print,
        stop::{self, Stage},
    },
    model::client::Email,
    server::{clients, state::AppState, store::ClientEdit},
};

/// What to change of a client. An empty value removes what is there.
#[derive(Args)]
pub struct Edit {
    /// The client's email
    #[arg(long, visible_alias = "client")]
    email: Email,
    /// New login email
    #[arg(long, value_name = "EMAIL", value_parser = Email::new)]
    new_email: Option<Email>,
    /// The person's name
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    #[command(flatten)]
    fields: Fields,
}

/// Changes the client and says what was changed.
pub async fn execute(state: &AppState, edit: Edit) -> Result<(), CommandError> {
    let change = ClientEdit {
        contact: edit.fields.given(edit.name.as_ref())?,
        email: edit.new_email,
        currency_code: edit.fields.currency()?,
    };
    let mut named: Vec<_> = change.contact.iter().map(|(field, _)| *field).collect();
    named.extend(change.email.as_ref().map(|_| "email"));
    named.extend(change.currency_code.as_ref().map(|_| "currency"));
    if named.is_empty() {
        return Err(CommandError::Refused(
            "name what to change, like --city Austin; --help lists it".to_owned(),
        ));
    }
    stop::set_stage(Stage::During);
    let email = edit.email;
    print::done(&if clients::edit(state, &email, &change).await? {
        format!("{email} was changed: {}.", named.join(", "))
    } else {
        format!("{email} has these details already. Nothing changed.")
    });
    Ok(())
}
