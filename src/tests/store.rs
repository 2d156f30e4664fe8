//! What every database has to promise: [`on_both!`] lists it.

mod activity;
mod changes;
mod file;
mod schema;
mod sessions;
mod tokens;
mod usage;

use opentill::{
    domain::{
        activity::Event,
        address::Address,
        client::ClientId,
        timestamp::Timestamp,
        token::{TokenId, TokenName},
    },
    server::{
        actor::Actor,
        store::{Creation, NewActivity, NewClient, NewToken, Store, Use},
        token_secret::SecretHash,
    },
};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::support::postgres::new_database;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

/// A database of its own for each test.
struct Place {
    store: Store,
    url: String,
    _dir: TempDir,
}

impl Place {
    async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.db", dir.path().display());
        Self::at(url, dir).await
    }

    async fn postgres() -> Self {
        Self::at(new_database(), tempfile::tempdir().unwrap()).await
    }

    async fn at(url: String, dir: TempDir) -> Self {
        let store = open(&url).await;
        Self {
            store,
            url,
            _dir: dir,
        }
    }

    /// Does something behind the store's back.
    async fn raw(&self, sql: &'static str) -> Result<u64, sqlx::Error> {
        if self.url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(&self.url).await?;
            Ok(connection.execute(sql).await?.rows_affected())
        } else {
            let mut connection = PgConnection::connect(&self.url).await?;
            Ok(connection.execute(sql).await?.rows_affected())
        }
    }

    /// A number that the database knows.
    async fn number(&self, sql: &'static str) -> i64 {
        if self.url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(sql)
                .fetch_one(&mut connection)
                .await
                .unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(sql)
                .fetch_one(&mut connection)
                .await
                .unwrap()
        }
    }

    async fn add_client(&self, email: &str) -> ClientId {
        let added = self.store.add_client(&client(email), NOW).await.unwrap();
        added.expect("the address is free")
    }
}

async fn open(url: &str) -> Store {
    let store = Store::open(url).await.unwrap();
    store.migrate().await.unwrap();
    store
}

fn client(email: &str) -> NewClient {
    NewClient {
        name: "Jane Smith".into(),
        email: email.parse().unwrap(),
        company: None,
        phone: Some("+1 512 555 0100".into()),
        address1: "500 Congress Avenue".into(),
        address2: None,
        city: "Austin".into(),
        state: "TX".into(),
        postcode: "78701".into(),
        country: "US".into(),
        currency_code: "USD".into(),
        password_hash: Some("hash".into()),
    }
}

fn name(text: &str) -> TokenName {
    TokenName::parse(text).unwrap()
}

fn hash(text: &str) -> SecretHash {
    SecretHash::of(text)
}

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(NOW.unix() + seconds)
}

/// Someone at an address of their own.
fn actor() -> Actor {
    let address = address("203.0.113.7");
    Actor::anybody(Some(address), "Firefox/140.0", Some("request 1".into())).into_client()
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn activity(client: ClientId, event: Event) -> NewActivity {
    NewActivity::new(client, event, &actor(), NOW)
}

/// One call with a token, at a moment.
fn used(token: TokenId, used_at: Timestamp) -> Use {
    Use {
        token,
        address: Some(address("198.51.100.1")),
        user_agent: "curl/8.0".into(),
        used_at,
        calls: 1,
    }
}

/// Creates a token whose secret is `secret`.
async fn create(
    place: &Place,
    owner: ClientId,
    text: &str,
    secret: &str,
    key: Option<&str>,
) -> Creation {
    let new = NewToken {
        name: &name(text),
        hash: hash(secret),
        last_four: "a1B2",
        idempotency_key: key,
        replace_unseen: false,
        limit: 50,
    };
    place
        .store
        .create_token(owner, &new, &actor(), NOW)
        .await
        .unwrap()
}

/// A token that is surely created.
async fn created(place: &Place, owner: ClientId, text: &str, secret: &str) -> TokenId {
    match create(place, owner, text, secret, None).await {
        Creation::Created(token) => token.id,
        other => panic!("{other:?}"),
    }
}

/// Runs each promise against a database of its own.
macro_rules! suite {
    ($database:ident: $($noun:ident { $($promise:ident)* })*) => {
        mod $database {
            $(mod $noun {
                $(#[tokio::test]
                async fn $promise() {
                    crate::store::$noun::$promise(crate::store::Place::$database().await).await;
                })*
            })*
        }
    };
}

macro_rules! on_both {
    ($($noun:ident { $($promise:ident)* })*) => {
        suite! { sqlite: $($noun { $($promise)* })* }
        suite! { postgres: $($noun { $($promise)* })* }
    };
}

on_both! {
    activity {
        what_is_done_is_written_down_with_it
        what_is_refused_is_not_written_down
        a_line_is_never_changed_nor_deleted
        a_trail_is_its_clients_own_and_newest_first
        an_address_is_known_by_a_login_that_is_not_too_old
    }
    changes {
        a_token_is_renamed_by_its_owner_and_keeps_working
        a_new_name_is_free_and_its_own_name_is
        all_tokens_are_revoked_at_once_for_their_owner_alone
        revoked_tokens_are_listed_latest_first_for_as_long_as_asked
    }
    clients {
        an_address_is_taken_once_whatever_its_case
        a_client_is_stored_as_it_was_given
        clients_are_listed_oldest_first
        a_new_password_ends_all_sessions_and_a_rehash_none
        closing_ends_all_sessions_and_suspending_none
        details_are_changed_and_nothing_else_is
    }
    sessions {
        a_session_counts_within_its_limits_alone
        a_session_is_found_by_its_whole_hash_alone
        a_session_can_take_the_place_of_another
        a_session_belongs_to_a_client_who_exists
        a_session_is_seen_forward_only
        sessions_are_ended_by_their_owner_alone
        all_sessions_but_one_are_ended_for_their_owner_alone
        sessions_that_are_over_are_deleted_and_no_others
    }
    tokens {
        a_token_is_found_by_its_hash_and_brings_its_owner
        a_token_belongs_to_a_client_who_exists
        fifty_calls_with_one_key_make_one_token
        a_key_counts_for_its_owner_alone
        a_key_is_spent_even_after_revocation
        an_unseen_token_gets_a_new_secret_until_it_is_used_or_revoked
        a_name_is_taken_once_whatever_its_case_until_revoked
        a_name_is_taken_once_by_calls_at_the_same_time
        the_limit_holds_for_calls_at_the_same_time_and_counts_active_tokens_alone
        two_tokens_never_share_a_secret
        tokens_are_listed_newest_first
        every_question_is_asked_for_an_owner
        a_token_is_revoked_once_and_stays_so
        a_revocation_is_seen_through_every_connection
        a_closed_client_has_no_valid_tokens
    }
    schema {
        what_was_written_is_there_after_reopening
        bringing_the_schema_up_to_date_twice_does_no_harm
        a_schema_of_a_later_version_is_refused
        a_closed_store_says_that_it_is_unavailable
    }
    usage {
        last_use_goes_forward_only
        a_first_use_is_written_down_once
        a_new_address_is_written_down_once_an_hour_at_most
        a_hundred_addresses_are_remembered
        calls_are_counted_by_day_for_ninety_days
        the_use_of_thirty_days_and_of_five_addresses_is_shown_to_its_owner
    }
}

mod clients {
    use opentill::domain::client::{Client, ClientStatus, Details};

    use super::*;

    pub async fn an_address_is_taken_once_whatever_its_case(place: Place) {
        place.add_client("jane@example.com").await;
        for email in ["jane@example.com", "JANE@Example.com", "Jane@EXAMPLE.COM"] {
            let again = place.store.add_client(&client(email), NOW).await.unwrap();
            assert_eq!(again, None, "{email}");
            let found = place.store.client_by_email(&email.parse().unwrap()).await;
            assert!(found.unwrap().is_some(), "{email}");
        }
        let unknown = "joan@example.com".parse().unwrap();
        let found = place.store.client_by_email(&unknown).await.unwrap();
        assert!(found.is_none());
        assert_eq!(place.store.clients().await.unwrap().len(), 1);
    }

    pub async fn a_client_is_stored_as_it_was_given(place: Place) {
        let mut new = client("Jané@Example.com");
        new.name = "O'Brien \"; DROP TABLE clients; -- 日本".into();
        let id = place.store.add_client(&new, NOW).await.unwrap().unwrap();
        let (found, password_hash) = place
            .store
            .client_by_email(&new.email)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.id, id);
        assert_eq!(found.name, new.name);
        assert_eq!(found.email, new.email);
        assert_eq!((found.company, found.phone), (new.company, new.phone));
        assert_eq!(found.status, ClientStatus::Active);
        assert_eq!(found.created_at, NOW);
        assert_eq!(password_hash, new.password_hash);
    }

    pub async fn clients_are_listed_oldest_first(place: Place) {
        let mut ids = Vec::new();
        for email in ["c@x.example", "a@x.example", "b@x.example"] {
            ids.push(place.add_client(email).await);
        }
        let listed = place.store.clients().await.unwrap();
        let listed: Vec<_> = listed.into_iter().map(|client| client.id).collect();
        assert_eq!(listed, ids);
    }

    pub async fn a_new_password_ends_all_sessions_and_a_rehash_none(place: Place) {
        let (jane, joe) = sessions::two_clients_with_sessions(&place).await;
        place
            .store
            .rehash_password(jane, "hash", "stronger")
            .await
            .unwrap();
        assert_eq!(sessions::count(&place, jane).await, 2);
        place
            .store
            .rehash_password(jane, "hash", "late")
            .await
            .unwrap();
        let stored = async || {
            let jane = "jane@example.com".parse().unwrap();
            let found = place.store.client_by_email(&jane).await.unwrap();
            found.unwrap().1
        };
        assert_eq!(
            stored().await.as_deref(),
            Some("stronger"),
            "it was no longer the old one"
        );
        let changed = activity(jane, Event::PasswordChanged);
        place
            .store
            .set_password(jane, "new", changed)
            .await
            .unwrap();
        assert_eq!(sessions::count(&place, jane).await, 0);
        assert_eq!(sessions::count(&place, joe).await, 2);
        assert_eq!(stored().await.as_deref(), Some("new"));
        let joe = "joe@example.com".parse().unwrap();
        let (_, stored) = place.store.client_by_email(&joe).await.unwrap().unwrap();
        assert_eq!(stored.as_deref(), Some("hash"));
    }

    pub async fn details_are_changed_and_nothing_else_is(place: Place) {
        let jane = place.add_client("jane@example.com").await;
        let joe = place.add_client("joe@example.com").await;
        let before = place.store.clients().await.unwrap();
        let new = Details {
            name: "Jane Jones".into(),
            company: Some("Jones & Co".into()),
            phone: None,
            address1: "1 New Street".into(),
            address2: Some("Floor 2".into()),
            city: "Köln".into(),
            state: String::new(),
            postcode: "50667".into(),
            country: "DE".into(),
        };
        let changed = activity(jane, Event::DetailsChanged);
        place.store.set_details(jane, &new, changed).await.unwrap();
        let after = place.store.clients().await.unwrap();
        let expected = Client {
            name: new.name,
            company: new.company,
            phone: new.phone,
            address1: new.address1,
            address2: new.address2,
            city: new.city,
            state: new.state,
            postcode: new.postcode,
            country: new.country,
            ..before[0].clone()
        };
        assert_eq!(after, [expected, before[1].clone()]);
        assert_eq!(after[1].id, joe);
        let line = place.store.activity_of(jane, 1).await.unwrap().remove(0);
        assert_eq!(line.event, Event::DetailsChanged);
    }

    pub async fn closing_ends_all_sessions_and_suspending_none(place: Place) {
        let (jane, joe) = sessions::two_clients_with_sessions(&place).await;
        let set = async |status| {
            let changed = activity(jane, Event::StatusChanged);
            place.store.set_status(jane, status, changed).await.unwrap();
        };
        set(ClientStatus::Suspended).await;
        assert_eq!(sessions::count(&place, jane).await, 2);
        set(ClientStatus::Closed).await;
        assert_eq!(sessions::count(&place, jane).await, 0);
        assert_eq!(sessions::count(&place, joe).await, 2);
    }
}
