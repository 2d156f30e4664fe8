//! What the database promises of sessions.

use futures::future::join_all;
use opentill::{
    model::{
        activity::Event,
        client::ClientId,
        session::{SessionId, SessionSummary},
        timestamp::Timestamp,
    },
    server::store::{MAX_SESSIONS, NewSession, OverviewLimits, SessionLimits},
};

use super::{EVERYTHING, NOW, Place, activity, actor, at, hash};

const fn limits(created_after: Timestamp, seen_after: Timestamp) -> SessionLimits {
    SessionLimits {
        created_after,
        seen_after,
    }
}

const ANY: SessionLimits = EVERYTHING.sessions;

async fn add(place: &Place, client: ClientId, cookie: &str) -> SessionId {
    try_add(place, new(client, cookie))
        .await
        .expect("the password is the one that is stored")
}

async fn try_add(place: &Place, new: NewSession<'_>) -> Option<SessionId> {
    let logged_in = activity(new.client, Event::LoggedIn);
    place.store.add_session(new, logged_in).await.unwrap()
}

/// A session of a client who has just been added.
pub fn new(client: ClientId, cookie: &str) -> NewSession<'static> {
    NewSession {
        client,
        password_hash: Some("hash"),
        hash: hash(cookie),
        replaces: None,
        user_agent: "Firefox/140.0",
        at: NOW,
    }
}

async fn is_found(place: &Place, cookie: &str, limits: SessionLimits) -> bool {
    let found = place.store.session_by_hash(hash(cookie), limits).await;
    found.unwrap().is_some()
}

/// How many sessions the client has.
pub async fn count(place: &Place, client: ClientId) -> usize {
    list(place, client, ANY).await.len()
}

async fn list(place: &Place, client: ClientId, sessions: SessionLimits) -> Vec<SessionSummary> {
    let limits = OverviewLimits {
        sessions,
        ..EVERYTHING
    };
    place.overview(client, limits).await.sessions
}

/// Jane and Joe, with two sessions each: `jane 0`, `jane 1`, `joe 0`, `joe 1`.
pub async fn two_clients_with_sessions(place: &Place) -> (ClientId, ClientId) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    for n in 0..2 {
        add(place, jane, &format!("jane {n}")).await;
        add(place, joe, &format!("joe {n}")).await;
    }
    (jane, joe)
}

pub async fn a_session_counts_within_its_limits_alone(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = add(&place, jane, "cookie").await;
    place.store.touch_session(id, at(100)).await.unwrap();
    for (created_after, seen_after, counts) in [
        (at(-1), at(99), true),
        (at(0), at(99), false),
        (at(1), at(99), false),
        (at(-1), at(100), false),
        (at(-1), at(101), false),
    ] {
        let limits = limits(created_after, seen_after);
        assert_eq!(is_found(&place, "cookie", limits).await, counts);
        let listed = list(&place, jane, limits).await;
        assert_eq!(listed.len(), usize::from(counts));
    }
}

pub async fn a_session_is_found_by_its_whole_hash_alone(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = add(&place, jane, "cookie").await;
    let found = place.store.session_by_hash(hash("cookie"), ANY).await;
    let found = found.unwrap().unwrap();
    assert_eq!((found.id, found.client.id), (id, jane));
    assert_eq!((found.created_at, found.last_seen_at), (NOW, NOW));
    for other in ["", "cooki", "cookie ", "Cookie"] {
        assert!(!is_found(&place, other, ANY).await, "{other}");
    }
}

pub async fn a_session_can_take_the_place_of_another(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let old = add(&place, jane, "old").await;
    let taking = async |place_of: &str, cookie: &str| {
        let taking = NewSession {
            replaces: Some(hash(place_of)),
            ..new(jane, cookie)
        };
        try_add(&place, taking).await.unwrap()
    };
    let latest = taking("old", "new").await;
    assert!(latest.0 > old.0, "numbers are not used again");
    assert!(!is_found(&place, "old", ANY).await);
    assert!(is_found(&place, "new", ANY).await);
    taking("there is no such session", "another").await;
    assert_eq!(count(&place, jane).await, 2);
}

pub async fn a_session_belongs_to_a_client_who_exists(place: Place) {
    assert_eq!(try_add(&place, new(ClientId(99), "x")).await, None);
    assert!(!is_found(&place, "x", ANY).await);
}

pub async fn a_session_is_seen_forward_only(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = add(&place, jane, "cookie").await;
    for (touched, seen) in [(50, 50), (20, 50), (-50, 50), (51, 51)] {
        place.store.touch_session(id, at(touched)).await.unwrap();
        let listed = list(&place, jane, ANY).await;
        assert_eq!(listed[0].last_seen_at, at(seen));
        assert_eq!(listed[0].created_at, NOW);
    }
}

pub async fn sessions_are_ended_by_their_owner_alone(place: Place) {
    let (jane, joe) = two_clients_with_sessions(&place).await;
    let of_jane = list(&place, jane, ANY).await[0].id;
    let end = async |owner| {
        let ended = place.store.end_session(owner, of_jane, &actor(), NOW).await;
        ended.unwrap()
    };
    assert!(!end(joe).await);
    assert_eq!(count(&place, jane).await, 2);
    assert!(end(jane).await);
    assert!(!end(jane).await);
    assert_eq!(count(&place, jane).await, 1);
    assert_eq!(count(&place, joe).await, 2);
}

pub async fn all_sessions_but_one_are_ended_for_their_owner_alone(place: Place) {
    let (jane, joe) = two_clients_with_sessions(&place).await;
    let kept = list(&place, jane, ANY).await[1].id;
    let ended = place
        .store
        .end_other_sessions(jane, kept, &actor(), NOW)
        .await;
    assert_eq!(ended.unwrap(), 1);
    let left = list(&place, jane, ANY).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id, kept);
    assert_eq!(count(&place, joe).await, 2);
}

pub async fn beyond_the_most_that_a_client_may_have_the_one_seen_longest_ago_ends(place: Place) {
    let (jane, joe) = two_clients_with_sessions(&place).await;
    let used = list(&place, jane, ANY).await[1].id;
    place.store.touch_session(used, at(1)).await.unwrap();
    for n in 2..=MAX_SESSIONS {
        add(&place, jane, &format!("jane {n}")).await;
    }
    let most = usize::try_from(MAX_SESSIONS).unwrap();
    assert_eq!(count(&place, jane).await, most);
    assert!(is_found(&place, "jane 0", ANY).await, "it was used");
    assert!(!is_found(&place, "jane 1", ANY).await);
    assert_eq!(count(&place, joe).await, 2);
}

pub async fn sessions_that_are_over_are_deleted_and_no_others(place: Place) {
    let (jane, joe) = two_clients_with_sessions(&place).await;
    let used = list(&place, jane, ANY).await[0].id;
    place.store.touch_session(used, at(100)).await.unwrap();
    let deleted = place
        .store
        .delete_ended_sessions(limits(at(-1), at(-1)))
        .await;
    assert_eq!(deleted.unwrap(), 0);
    let deleted = place
        .store
        .delete_ended_sessions(limits(at(-1), at(50)))
        .await;
    assert_eq!(deleted.unwrap(), 3);
    assert_eq!(
        (count(&place, jane).await, count(&place, joe).await),
        (1, 0)
    );
    let deleted = place
        .store
        .delete_ended_sessions(limits(at(0), at(50)))
        .await;
    assert_eq!(deleted.unwrap(), 1, "too old counts too");
}

pub async fn many_who_ask_at_the_same_time_find_their_own(place: Place) {
    let (jane, joe) = two_clients_with_sessions(&place).await;
    let place = &place;
    let cookies = ["jane 0", "joe 0", "nobody", "jane 1", "joe 1"];
    let asked = cookies.iter().cycle().take(200).map(async |cookie| {
        let found = place.store.session_by_hash(hash(cookie), ANY).await;
        (cookie, found.unwrap().map(|session| session.client.id))
    });
    for (cookie, found) in join_all(asked).await {
        let owner = match cookie.split(' ').next() {
            Some("jane") => Some(jane),
            Some("joe") => Some(joe),
            _ => None,
        };
        assert_eq!(found, owner, "{cookie}");
    }
}
