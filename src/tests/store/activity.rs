//! What the database promises of the audit trail.

use opentill::{
    model::{
        activity::{Activity, Event, TokenMention, Who},
        client::ClientStatus,
        scopes::Scopes,
        timestamp::HOUR,
    },
    server::store::{Creation, NewSession, TrailPart},
};

use super::{NOW, Place, activity, actor, address, at, create, created, hash};

async fn events(place: &Place, client: opentill::model::client::ClientId) -> Vec<Event> {
    let trail = place.store.activity_of(client, 100).await.unwrap();
    trail.into_iter().map(|line| line.event).collect()
}

pub async fn what_is_done_is_written_down_with_it(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let store = &place.store;
    let id = created(&place, jane, "A", "secret").await;
    store
        .revoke_token(Some(jane), id, &actor(), at(5))
        .await
        .unwrap();
    store
        .revoke_token(Some(jane), id, &actor(), at(6))
        .await
        .unwrap();
    let line = store.activity_of(jane, 1).await.unwrap().remove(0);
    assert_eq!(
        (line.event, line.who, line.at),
        (Event::TokenRevoked, Who::Client, at(5))
    );
    let token = TokenMention {
        id,
        name: "A".into(),
        last_four: "a1B2".into(),
        scopes: Scopes::EVERYTHING,
        expires_at: None,
    };
    assert_eq!(line.token, Some(token));
    assert_eq!(line.address, Some(address("203.0.113.7")));
    assert_eq!(line.user_agent, "Firefox/140.0");
    assert_eq!(line.request_id.as_deref(), Some("request 1"));

    let session = NewSession {
        client: jane,
        password_hash: Some("hash"),
        hash: hash("cookie"),
        replaces: None,
        user_agent: "",
        at: NOW,
    };
    let logged_in = activity(jane, Event::LoggedIn);
    store.add_session(session, logged_in).await.unwrap();
    let changed = activity(jane, Event::PasswordChanged);
    store.set_password(jane, "new", changed).await.unwrap();
    let closed = activity(jane, Event::StatusChanged);
    store
        .set_status(jane, ClientStatus::Closed, closed)
        .await
        .unwrap();
    store
        .record(activity(jane, Event::LoginFailed))
        .await
        .unwrap();
    let expected = [
        Event::LoginFailed,
        Event::StatusChanged,
        Event::PasswordChanged,
        Event::LoggedIn,
        Event::TokenRevoked,
        Event::TokenCreated,
    ];
    assert_eq!(events(&place, jane).await, expected);
}

pub async fn what_is_refused_is_not_written_down(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "A", "secret").await;
    let taken = create(&place, jane, "a", "another", None).await;
    assert_eq!(taken, Creation::NameTaken);
    assert_eq!(events(&place, jane).await, [Event::TokenCreated]);
}

pub async fn a_line_is_never_changed_nor_deleted(place: Place) {
    const OF_BOTH: [&str; 5] = [
        "UPDATE activity SET event = 'logged_in'",
        "UPDATE activity SET at = at + 1",
        "UPDATE activity SET id = id + 1000",
        "DELETE FROM activity",
        "INSERT INTO activity (id, client_id, at, event, who, user_agent) \
         SELECT id, client_id, 0, 'logged_in', 'anybody', '' FROM activity WHERE true \
         ON CONFLICT (id) DO UPDATE SET event = excluded.event",
    ];
    const OF_SQLITE: [&str; 6] = [
        "REPLACE INTO activity SELECT * FROM activity",
        "INSERT OR REPLACE INTO activity (id, client_id, at, event, who, user_agent) \
         SELECT id, client_id, 0, 'logged_in', 'anybody', '' FROM activity",
        "INSERT OR IGNORE INTO activity SELECT * FROM activity",
        "UPDATE OR REPLACE activity SET id = 1",
        "UPDATE OR IGNORE activity SET at = 0",
        // The number that a trigger sees before one is chosen.
        "INSERT INTO activity (id, client_id, at, event, who, user_agent) \
         SELECT -1, client_id, 0, 'logged_in', 'anybody', '' FROM activity",
    ];
    const OF_POSTGRES: [&str; 5] = [
        "TRUNCATE activity",
        "TRUNCATE clients CASCADE",
        "MERGE INTO activity USING clients ON true WHEN MATCHED THEN DELETE",
        "SET session_replication_role = replica; UPDATE activity SET at = 0",
        "SET session_replication_role = replica; DELETE FROM activity",
    ];
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "A", "secret").await;
    let own = if place.url.starts_with("sqlite:") {
        &OF_SQLITE[..]
    } else {
        &OF_POSTGRES
    };
    for sql in OF_BOTH.iter().chain(own) {
        let refused = place.raw(sql).await.unwrap_err().to_string();
        assert!(
            refused.contains("activity is append-only"),
            "{sql}: {refused}"
        );
    }
    assert_eq!(events(&place, jane).await, [Event::TokenCreated]);
}

pub async fn a_trail_is_its_clients_own_and_newest_first(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    for n in 0..5 {
        created(&place, jane, &format!("jane {n}"), &format!("jane {n}")).await;
        created(&place, joe, &format!("joe {n}"), &format!("joe {n}")).await;
    }
    let trail = place.store.activity_of(joe, 3).await.unwrap();
    let names: Vec<_> = trail
        .into_iter()
        .map(|line| line.token.unwrap().name)
        .collect();
    assert_eq!(names, ["joe 4", "joe 3", "joe 2"]);
}

pub async fn a_trail_is_read_in_parts_and_by_kind(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    for n in 0..6 {
        let event = if n % 2 == 0 {
            Event::LoggedIn
        } else {
            Event::LoginFailed
        };
        for client in [jane, joe] {
            place.store.record(activity(client, event)).await.unwrap();
        }
    }
    for event in [None, Some(Event::LoginFailed), Some(Event::TokenCreated)] {
        let whole = place.store.activity_of(jane, 100).await.unwrap();
        let expected: Vec<_> = whole
            .into_iter()
            .filter(|line| event.is_none_or(|event| line.event == event))
            .collect();
        let mut found = Vec::new();
        loop {
            let before = found.last().map(|line: &Activity| line.id);
            let part = TrailPart { before, event };
            let lines = place.store.activity_before(jane, part, 2).await.unwrap();
            assert!(lines.len() <= 2);
            if lines.is_empty() {
                break;
            }
            found.extend(lines);
        }
        assert_eq!(found, expected, "{event:?}");
    }
}

pub async fn an_address_is_known_by_a_login_that_is_not_too_old(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let store = &place.store;
    store
        .record(activity(jane, Event::LoginFailed))
        .await
        .unwrap();
    let here = address("203.0.113.7");
    let knows =
        async |client, from, since| store.has_logged_in_from(client, from, since).await.unwrap();
    assert!(!knows(jane, here, NOW).await, "a failure is no login");
    store.record(activity(jane, Event::LoggedIn)).await.unwrap();
    assert!(knows(jane, here, NOW).await);
    assert!(knows(jane, here, at(-HOUR)).await);
    assert!(!knows(jane, here, at(1)).await, "too long ago");
    assert!(!knows(jane, address("203.0.113.8"), NOW).await);
    assert!(!knows(joe, here, NOW).await);
}
