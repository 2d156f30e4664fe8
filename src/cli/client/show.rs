//! `opentill client show` and `opentill client list`

use serde::Serialize;

use crate::{
    cli::{
        error::CommandError,
        listing::{self, Listing, or_none},
    },
    http::api::me::Published,
    model::{
        client::{ClientStatus, Email},
        timestamp::Timestamp,
    },
    server::{clients, session, state::AppState, store::Account},
};

/// A client in the JSON that `--json` prints: what the API publishes, and what operators want to know.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    client: Published<'a>,
    has_password: bool,
    active_tokens: i64,
    last_login_at: Option<String>,
}

impl<'a> From<&'a Account> for Listed<'a> {
    fn from(account: &'a Account) -> Self {
        Self {
            client: Published::from(&account.client),
            has_password: account.has_password,
            active_tokens: account.tokens,
            last_login_at: account.last_login_at.map(Timestamp::rfc3339),
        }
    }
}

/// Lists all clients, or those with this status.
pub async fn list(
    state: &AppState,
    status: Option<ClientStatus>,
    is_json: bool,
) -> Result<(), CommandError> {
    let headings = ["id", "email", "status", "name"];
    let mut listing = Listing::new("clients", is_json, &headings);
    let mut last = None;
    loop {
        let accounts = clients::list_after(state, last).await?;
        for account in &accounts {
            let client = &account.client;
            if status.is_none_or(|status| status == client.status) {
                listing.add(&Listed::from(account), |_| {
                    vec![
                        client.id.0.to_string(),
                        client.email.to_string(),
                        client.status.as_str().to_owned(),
                        client.contact.name.clone(),
                    ]
                })?;
            }
        }
        last = accounts.last().map(|account| account.client.id);
        if last.is_none() || listing.is_closed() {
            return listing.end();
        }
    }
}

/// Shows everything about a client that is no secret.
pub async fn show(state: &AppState, email: &Email, is_json: bool) -> Result<(), CommandError> {
    let account = clients::account(state, email).await?;
    let sessions = session::list_of(state, email).await?.len();
    let client = &account.client;
    let contact = &client.contact;
    let values = [
        ("id", client.id.0.to_string()),
        ("email", client.email.to_string()),
        ("status", client.status.as_str().to_owned()),
        ("name", contact.name.clone()),
        ("company", or_none(contact.company.as_ref())),
        ("phone", or_none(contact.phone.as_ref())),
        ("address1", contact.address1.clone()),
        ("address2", or_none(contact.address2.as_ref())),
        ("city", contact.city.clone()),
        ("state", contact.state.clone()),
        ("postcode", contact.postcode.clone()),
        ("country", contact.country.clone()),
        ("currency", client.currency_code.clone()),
        ("created", client.created_at.rfc3339()),
        (
            "password",
            if account.has_password {
                "set"
            } else {
                "not set"
            }
            .to_owned(),
        ),
        (
            "last login",
            or_none(account.last_login_at.map(Timestamp::rfc3339)),
        ),
        ("sessions", sessions.to_string()),
        ("active tokens", account.tokens.to_string()),
    ];
    listing::record(
        is_json,
        &Shown {
            account: Listed::from(&account),
            sessions,
        },
        &values,
    )
}

/// The same with what is counted for one client only.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    account: Listed<'a>,
    sessions: usize,
}
