//! The account of `serve --demo`, which looks as if it had been in use for months.
//!
//! Nobody has seen the secrets of its tokens, so no program can use them.

mod billing;
mod calendar;
mod invoices;
mod pdf;
mod things;

use std::sync::Arc;

use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

use super::error::CommandError;
use crate::{
    model::{
        activity::Event,
        client::ClientId,
        contact::Contact,
        scopes::Scopes,
        secret::TokenSecret,
        timestamp::{DAY, HOUR, MINUTE, Timestamp},
        token::{TokenId, TokenName},
    },
    server::{
        actor::Actor,
        error::Failure,
        password::Password,
        state::AppState,
        store::{Creation, NewActivity, NewClient, NewToken, Store, StoreError, Use},
    },
};

/// Email address of the client.
pub const EMAIL: &str = "jane@example.com";
/// Their password, which everybody may know: the demo can only be reached from its own machine.
pub const PASSWORD: &str = "correct horse battery staple";

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const OFFICE: &str = "203.0.113.24";

/// Adds the client with their past, unless an earlier start has done so.
pub async fn add(state: &AppState) -> Result<(), CommandError> {
    let refuse = |error: &str| CommandError::Refused(error.to_owned());
    let jane = NewClient {
        contact: Contact {
            name: "Jane Smith".to_owned(),
            company: Some("Acme Hosting Ltd".to_owned()),
            phone: None,
            address1: "500 Congress Avenue".to_owned(),
            address2: None,
            city: "Austin".to_owned(),
            state: "TX".to_owned(),
            postcode: "78701".to_owned(),
            country: "US".to_owned(),
        },
        email: EMAIL.parse().map_err(refuse)?,
        currency_code: "USD".to_owned(),
        password_hash: None,
    };
    if state.store.client_by_email(&jane.email).await?.is_some() {
        return Ok(());
    }
    let hash = state.passwords.hash(Password::typed(PASSWORD.to_owned()));
    let jane = NewClient {
        password_hash: Some(hash.await.map_err(Failure::from)?),
        ..jane
    };
    let now = state.clock.now();
    let Some(client) = state
        .store
        .add_client(&jane, None, now.minus(160 * DAY))
        .await?
    else {
        return Ok(());
    };
    // Nobody is told of what is made up, by mail or in the log.
    let store = state.store.clone().without_outbox();
    let past = Past {
        store: &store,
        client,
        now,
    };
    past.live().with_subscriber(NoSubscriber::default()).await?;
    billing::add(state, EMAIL).await
}

/// The past of a client, in which each event has to be recorded after those before it.
#[derive(Clone, Copy)]
struct Past<'s> {
    store: &'s Store,
    client: ClientId,
    now: Timestamp,
}

impl Past<'_> {
    async fn live(self) -> Result<(), CommandError> {
        let on = |days: i64| self.now.minus(days * DAY);
        self.log_in(on(140)).await?;
        let dashboard = self.create("Billing Dashboard", on(140)).await?;
        self.call(dashboard, on(140), 12, OFFICE, "python-requests/2.32.5")
            .await?;
        let erp = self.create("Old ERP", on(131)).await?;
        self.call(erp, on(130), 3, "198.51.100.40", "PHP/7.4")
            .await?;
        let shop = self.create("WordPress shop", on(120)).await?;
        self.call(shop, on(101), 9, "192.0.2.77", "WordPress/6.7")
            .await?;
        self.log_in(on(95)).await?;
        let export = self.create("Nightly export", on(95)).await?;
        self.happen(Event::PasswordChanged, on(60)).await?;
        for day in (1..30).rev() {
            if day == 9 {
                self.log_in(on(day)).await?;
                self.revoke(erp, on(day).minus(-2 * MINUTE)).await?;
            }
            self.call(export, on(day), 2, "198.51.100.7", "curl/8.16.0")
                .await?;
            let used_at = on(day).minus(-HOUR);
            let from = if day == 3 { "203.0.113.90" } else { OFFICE };
            self.call(
                dashboard,
                used_at,
                calls(day),
                from,
                "python-requests/2.32.5",
            )
            .await?;
        }
        self.fail_to_log_in(on(2)).await?;
        self.log_in(self.now.minus(2 * HOUR)).await?;
        let soon = self.now.minus(18 * MINUTE);
        self.call(dashboard, soon, 61, OFFICE, "python-requests/2.32.5")
            .await?;
        self.create("Mobile app backend", self.now.minus(12 * MINUTE))
            .await?;
        Ok(())
    }

    async fn create(self, name: &str, at: Timestamp) -> Result<TokenId, CommandError> {
        let secret = TokenSecret::generate();
        let refuse = |why: String| CommandError::Refused(format!("demo token {name}: {why}"));
        let name = TokenName::parse(name).map_err(|error| refuse(error.to_string()))?;
        let new = NewToken {
            name: &name,
            hash: secret.hash(),
            last_four: secret.hint(),
            scopes: Scopes::EVERYTHING,
            limits: crate::model::token_limits::TokenLimits::default(),
            idempotency_key: None,
            replace_unseen: false,
            limit: u32::MAX,
        };
        let store = self.store;
        match store.create_token(self.client, &new, &jane(), at).await? {
            Creation::Created(token) => Ok(token.id),
            // The database is ours alone, and has none of these yet.
            other => Err(refuse(format!("{other:?}"))),
        }
    }

    async fn revoke(self, token: TokenId, at: Timestamp) -> Result<(), StoreError> {
        let (store, owner) = (self.store, Some(self.client));
        store.revoke_token(owner, token, &jane(), at).await?;
        Ok(())
    }

    async fn call(
        self,
        token: TokenId,
        used_at: Timestamp,
        calls: u32,
        from: &str,
        program: &str,
    ) -> Result<(), StoreError> {
        let used = Use {
            token,
            address: from.parse().ok(),
            user_agent: Arc::from(program),
            used_at,
            calls,
        };
        self.store.record_uses(&[used]).await
    }

    async fn log_in(self, at: Timestamp) -> Result<(), StoreError> {
        self.happen(Event::LoggedIn, at).await
    }

    async fn fail_to_log_in(self, at: Timestamp) -> Result<(), StoreError> {
        let from = "192.0.2.201".parse().ok();
        let anybody = Actor::anybody(from, BROWSER, None);
        let failed = NewActivity::new(self.client, Event::LoginFailed, &anybody, at);
        self.store.record(failed).await
    }

    async fn happen(self, event: Event, at: Timestamp) -> Result<(), StoreError> {
        let happened = NewActivity::new(self.client, event, &jane(), at);
        self.store.record(happened).await
    }
}

/// The client at their desk.
fn jane() -> Actor {
    Actor::anybody(OFFICE.parse().ok(), BROWSER, None).into_client()
}

/// Calls of a day: fewer on two days of each seven.
fn calls(day: i64) -> u32 {
    let spread = u32::try_from(day * 37 % 60).unwrap_or(0);
    if day % 7 < 2 {
        12 + spread / 4
    } else {
        120 + spread
    }
}
