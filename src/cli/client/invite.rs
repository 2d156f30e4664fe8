//! `opentill client invite`

use crate::{
    cli::{
        error::CommandError,
        print,
        stop::{self, Stage},
    },
    model::client::Email,
    server::{
        links::{self, Delivery},
        state::AppState,
        store::Invited,
    },
};

/// Invites a client, and says how the link gets to them.
pub async fn execute(state: &AppState, email: &Email) -> Result<(), CommandError> {
    stop::set_stage(Stage::During);
    let delivery = Delivery::of(state);
    let refused = match links::invite(state, email, &delivery).await? {
        Invited::Done => {
            print::done(&invited(state, &delivery));
            return Ok(());
        }
        Invited::HasPassword => format!("{email} has a password already. Nothing changed."),
        Invited::Closed => format!("{email} is closed. Nothing changed."),
        Invited::TooMany => "too many mails wait to be sent; see `opentill mail list`".to_owned(),
    };
    Err(CommandError::Refused(refused))
}

/// Where the link is.
pub fn invited(state: &AppState, delivery: &Delivery) -> String {
    match delivery {
        Delivery::Mail => {
            "The invitation will be sent by mail; its link works once, within 7 days.".to_owned()
        }
        Delivery::Print(secret) => secret.url(state.config.public_url.origin()),
    }
}
