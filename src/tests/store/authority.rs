//! What the database promises of the right to change something: who acts with a session acts while it is there.

use std::time::Duration;

use futures::future::join_all;
use opentill::{
    model::{
        activity::Event,
        client::{ClientId, ClientStatus},
        contact::Contact,
        scopes::Scopes,
        session::SessionId,
        token::TokenId,
    },
    server::{
        actor::Actor,
        store::{NewActivity, NewSession, NewToken, StoreError},
    },
};
use tokio::{join, time::sleep};

use super::{
    NOW, Place, activity, actor, created, hash, name,
    sessions::{self, two_clients_with_sessions},
};

/// Long enough for whatever waits for a lock to have come to it.
const UNTIL_IT_WAITS: Duration = Duration::from_millis(200);

/// What came of a change: whether it was refused, and why.
type Outcome = (&'static str, Result<(), StoreError>);

/// What only an active client may do, done with this session.
async fn change_as_active(
    place: &Place,
    jane: ClientId,
    token: TokenId,
    session: SessionId,
) -> Vec<Outcome> {
    let store = &place.store;
    let by = actor().with_session(session);
    let new = NewToken {
        name: &name("Made late"),
        hash: hash("late"),
        last_four: "a1B2",
        scopes: Scopes::EVERYTHING,
        limits: opentill::model::token_limits::TokenLimits::default(),
        idempotency_key: None,
        replace_unseen: false,
        limit: 50,
    };
    let renamed = name("Renamed late");
    let details = details("Jane Late");
    let (create, rename, details) = join!(
        store.create_token(jane, &new, &by, NOW),
        store.rename_token(jane, token, &renamed, &by, NOW),
        store.set_details(
            jane,
            &details,
            |_| true,
            line(jane, Event::DetailsChanged, &by)
        ),
    );
    vec![
        ("create", create.map(drop)),
        ("rename", rename.map(drop)),
        ("details", details.map(drop)),
    ]
}

/// Everything that a client changes, done with this session.
async fn change_everything(
    place: &Place,
    jane: ClientId,
    token: TokenId,
    session: SessionId,
) -> Vec<Outcome> {
    let store = &place.store;
    let by = actor().with_session(session);
    let begun = NewSession {
        hash: hash("begun late"),
        ..sessions::new(jane, "begun late")
    };
    let (mut outcomes, password, end, end_others, revoke, revoke_all) = join!(
        change_as_active(place, jane, token, session),
        store.change_password("late", begun, line(jane, Event::PasswordChanged, &by)),
        store.end_session(jane, session, &by, NOW),
        store.end_other_sessions(jane, session, &by, NOW),
        store.revoke_token(Some(jane), token, &by, NOW),
        store.revoke_all_tokens(jane, &by, NOW),
    );
    outcomes.extend([
        ("password", password.map(drop)),
        ("end", end.map(drop)),
        ("end others", end_others.map(drop)),
        ("revoke", revoke.map(drop)),
        ("revoke all", revoke_all.map(drop)),
    ]);
    outcomes
}

fn line(client: ClientId, event: Event, by: &Actor) -> NewActivity {
    NewActivity::new(client, event, by, NOW)
}

fn details(name: &str) -> Contact {
    Contact {
        name: name.to_owned(),
        company: None,
        phone: None,
        address1: String::new(),
        address2: None,
        city: String::new(),
        state: String::new(),
        postcode: String::new(),
        country: "US".to_owned(),
    }
}

/// All that could have been changed.
async fn state(place: &Place, jane: ClientId) -> impl PartialEq + std::fmt::Debug {
    let overview = place.overview(jane, super::EVERYTHING).await;
    let email = "jane@example.com".parse().unwrap();
    let client = place.store.client_by_email(&email).await.unwrap();
    (overview, client)
}

/// Whoever acts with this session changes nothing of Jane's.
async fn assert_ended(place: &Place, jane: ClientId, token: TokenId, session: SessionId) {
    let before = state(place, jane).await;
    for (what, done) in Box::pin(change_everything(place, jane, token, session)).await {
        assert!(
            matches!(done, Err(StoreError::SessionEnded)),
            "{what}: {done:?}"
        );
    }
    assert_eq!(state(place, jane).await, before);
}

pub async fn who_acts_with_a_session_that_has_ended_changes_nothing(place: Place) {
    let (jane, _) = two_clients_with_sessions(&place).await;
    let token = created(&place, jane, "Hers", "secret").await;
    let ended = place.overview(jane, super::EVERYTHING).await.sessions[0].id;
    let ending = place.store.end_session(jane, ended, &actor(), NOW).await;
    assert!(ending.unwrap());
    assert_ended(&place, jane, token, ended).await;
}

pub async fn who_acts_with_somebody_elses_session_changes_nothing(place: Place) {
    let (jane, joe) = two_clients_with_sessions(&place).await;
    let token = created(&place, jane, "Hers", "secret").await;
    let of_joe = place.overview(joe, super::EVERYTHING).await.sessions[0].id;
    assert_ended(&place, jane, token, of_joe).await;
}

pub async fn what_waits_while_its_session_ends_changes_nothing(place: Place) {
    let (jane, _) = two_clients_with_sessions(&place).await;
    let token = created(&place, jane, "Hers", "secret").await;
    let session = place.overview(jane, super::EVERYTHING).await.sessions[0].id;
    let changes = Box::pin(change_everything(&place, jane, token, session));
    // Held open as any other node may hold it, in the middle of what ends the session.
    let ending = place.raw_and_commit_after("DELETE FROM sessions WHERE id > 0", async || {
        sleep(UNTIL_IT_WAITS).await;
    });
    let (changes, ()) = join!(
        async {
            sleep(UNTIL_IT_WAITS / 4).await;
            changes.await
        },
        ending
    );
    for (what, done) in changes {
        assert!(
            matches!(done, Err(StoreError::SessionEnded)),
            "{what}: {done:?}"
        );
    }
    let overview = place.overview(jane, super::EVERYTHING).await;
    assert_eq!(overview.tokens.len(), 1);
    assert_eq!(overview.tokens[0].name, name("Hers"));
    assert!(overview.sessions.is_empty());
}

pub async fn a_suspended_client_reads_and_revokes_alone(place: Place) {
    let (jane, _) = two_clients_with_sessions(&place).await;
    let token = created(&place, jane, "Hers", "secret").await;
    let session = place.overview(jane, super::EVERYTHING).await.sessions[0].id;
    let suspended = activity(jane, Event::StatusChanged);
    let suspending = place
        .store
        .set_status(jane, ClientStatus::Suspended, suspended);
    suspending.await.unwrap();
    for (what, done) in change_as_active(&place, jane, token, session).await {
        assert!(
            matches!(done, Err(StoreError::NotActive)),
            "{what}: {done:?}"
        );
    }
    let by = actor().with_session(session);
    let revoking = place.store.revoke_token(Some(jane), token, &by, NOW).await;
    assert!(revoking.unwrap().is_some());
}

pub async fn a_login_counts_for_the_password_that_was_checked_alone(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let log_in = async |cookie: &'static str| {
        let logged_in = activity(jane, Event::LoggedIn);
        let adding = place
            .store
            .add_session(sessions::new(jane, cookie), logged_in);
        adding.await.unwrap()
    };
    assert!(log_in("before").await.is_some());
    // They checked the old password and wait while the new one is set.
    let setting =
        place.raw_and_commit_after("UPDATE clients SET password_hash = 'new'", async || {
            sleep(UNTIL_IT_WAITS).await;
        });
    let waiting = async {
        sleep(UNTIL_IT_WAITS / 4).await;
        join_all(["a", "b", "c"].map(log_in)).await
    };
    let ((), began) = join!(setting, waiting);
    assert!(began.iter().all(Option::is_none), "{began:?}");
    let back = activity(jane, Event::PasswordChanged);
    place.store.set_password(jane, "hash", back).await.unwrap();
    assert!(log_in("after").await.is_some());
    for (status, may) in [
        (ClientStatus::Suspended, true),
        (ClientStatus::Closed, false),
    ] {
        let changed = activity(jane, Event::StatusChanged);
        place.store.set_status(jane, status, changed).await.unwrap();
        assert_eq!(log_in(status.as_str()).await.is_some(), may, "{status:?}");
    }
}
