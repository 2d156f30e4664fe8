//! What every database has to promise: [`on_both!`] lists it.

mod activity;
mod authority;
mod bounds;
mod changes;
mod clients;
mod file;
mod limits;
mod lookups;
mod mirror;
mod overview;
mod schema;
mod scopes;
mod sessions;
mod tokens;
mod usage;

use opentill::{
    model::{
        activity::Event,
        address::Address,
        client::ClientId,
        contact::Contact,
        scopes::Scopes,
        timestamp::Timestamp,
        token::{TokenId, TokenName},
    },
    server::{
        actor::Actor,
        store::{
            Creation, NewActivity, NewClient, NewToken, Overview, OverviewLimits, SessionLimits,
            Store, Use,
        },
        token_secret::SecretHash,
    },
};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::support::{database::of_file, postgres::Database};

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

/// Whatever there is.
const EVERYTHING: OverviewLimits = OverviewLimits {
    revoked_after: Timestamp::from_unix(0),
    sessions: SessionLimits {
        created_after: Timestamp::from_unix(0),
        seen_after: Timestamp::from_unix(0),
    },
    lines: 100,
    tokens: 100,
    rows: 100,
};

/// A database of its own for each test.
struct Place {
    store: Store,
    url: String,
    _dir: TempDir,
    _database: Option<Database>,
}

impl Place {
    async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = of_file(dir.path());
        Self::at(url, dir, None).await
    }

    async fn postgres() -> Self {
        let database = Database::empty();
        let url = database.url().to_owned();
        Self::at(url, tempfile::tempdir().unwrap(), Some(database)).await
    }

    async fn at(url: String, dir: TempDir, database: Option<Database>) -> Self {
        let store = open(&url).await;
        Self {
            store,
            url,
            _dir: dir,
            _database: database,
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

    /// Begins to do something behind the store's back, and makes it last after `meanwhile`.
    async fn raw_and_commit_after(&self, sql: &'static str, meanwhile: impl AsyncFnOnce()) {
        if self.url.starts_with("sqlite:") {
            let connection = SqliteConnection::connect(&self.url).await.unwrap();
            commit_after(connection, sql, meanwhile).await;
        } else {
            let connection = PgConnection::connect(&self.url).await.unwrap();
            commit_after(connection, sql, meanwhile).await;
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
        let added = self
            .store
            .add_client(&client(email), None, NOW)
            .await
            .unwrap();
        added.expect("the address is free")
    }

    async fn overview(&self, client: ClientId, limits: OverviewLimits) -> Overview {
        self.store.overview_of(client, limits).await.unwrap()
    }
}

async fn open(url: &str) -> Store {
    let store = Store::open(url).await.unwrap();
    store.migrate().await.unwrap();
    store
}

fn client(email: &str) -> NewClient {
    NewClient {
        contact: Contact {
            name: "Jane Smith".into(),
            company: None,
            phone: Some("+1 512 555 0100".into()),
            address1: "500 Congress Avenue".into(),
            address2: None,
            city: "Austin".into(),
            state: "TX".into(),
            postcode: "78701".into(),
            country: "US".into(),
        },
        email: email.parse().unwrap(),
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
        scopes: Scopes::EVERYTHING,
        limits: opentill::model::token_limits::TokenLimits::default(),
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

async fn commit_after<C>(mut connection: C, sql: &'static str, meanwhile: impl AsyncFnOnce())
where
    for<'c> &'c mut C: Executor<'c>,
{
    connection.execute("BEGIN").await.unwrap();
    connection.execute(sql).await.unwrap();
    meanwhile().await;
    connection.execute("COMMIT").await.unwrap();
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
        a_trail_is_read_in_parts_and_by_kind
        an_address_is_known_by_a_login_that_is_not_too_old
    }
    authority {
        who_acts_with_a_session_that_has_ended_changes_nothing
        who_acts_with_somebody_elses_session_changes_nothing
        what_waits_while_its_session_ends_changes_nothing
        a_suspended_client_reads_and_revokes_alone
        a_login_counts_for_the_password_that_was_checked_alone
    }
    bounds {
        clients_are_listed_in_parts
        tokens_are_listed_in_parts
        whoever_revokes_without_end_makes_no_more_for_a_day
    }
    changes {
        a_token_is_renamed_by_its_owner_and_keeps_working
        a_new_name_is_free_and_its_own_name_is
        all_tokens_are_revoked_at_once_for_their_owner_alone
    }
    clients {
        an_address_is_taken_once_whatever_its_case
        a_client_is_stored_as_it_was_given
        clients_are_listed_oldest_first
        a_new_password_ends_all_sessions_and_a_rehash_none
        closing_ends_all_sessions_and_suspending_none
        details_are_changed_and_nothing_else_is
    }
    limits {
        a_token_is_found_with_its_limits_and_so_is_its_line_in_the_trail
        what_has_ended_is_ended_once_however_many_do_so_and_changes_nothing_more
        a_token_whose_limits_nobody_of_ours_wrote_works_from_nowhere
    }
    lookups {
        whoever_asks_at_the_same_time_gets_the_answer_to_their_own_question
        whoever_leaves_before_the_answer_takes_nobody_elses_with_them
        what_another_program_changes_is_seen_by_whoever_asks_next
        what_is_committed_late_is_seen_by_whoever_asks_then
    }
    mirror {
        the_pages_of_a_list_hold_each_thing_of_its_client_once
        what_is_unpaid_is_overdue_from_the_day_after_it_was_due
        each_condition_narrows_a_list
        whoever_follows_the_feed_sees_every_change_once
    }
    overview {
        it_shows_what_each_list_would_to_its_client_alone
        each_list_goes_as_far_back_as_asked
        each_list_is_as_long_as_asked_and_says_how_much_more_there_is
        nothing_pushes_another_kind_out_of_the_trail
        a_text_comes_back_as_it_was_written
        many_who_ask_at_the_same_time_see_what_each_asked_for
    }
    scopes {
        a_token_is_found_with_what_it_may_read_and_so_is_its_line_in_the_trail
        an_unseen_token_gets_no_new_secret_for_another_choice
        a_token_whose_scopes_nobody_of_ours_wrote_reads_nothing
    }
    sessions {
        a_session_counts_within_its_limits_alone
        a_session_is_found_by_its_whole_hash_alone
        a_session_can_take_the_place_of_another
        a_session_belongs_to_a_client_who_exists
        a_session_is_seen_forward_only
        sessions_are_ended_by_their_owner_alone
        all_sessions_but_one_are_ended_for_their_owner_alone
        beyond_the_most_that_a_client_may_have_the_one_seen_longest_ago_ends
        sessions_that_are_over_are_deleted_and_no_others
        many_who_ask_at_the_same_time_find_their_own
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
        many_uses_at_once_are_each_written_down_for_what_they_are
        a_hundred_addresses_are_remembered
        calls_are_counted_by_day_for_ninety_days
        refused_calls_are_counted_apart_and_are_no_use
        uses_are_written_while_all_tokens_are_revoked_and_made_anew
        the_last_use_of_any_token_is_known_also_after_it_is_revoked
        the_use_of_thirty_days_and_of_all_addresses_is_shown_to_its_owner
    }
}
