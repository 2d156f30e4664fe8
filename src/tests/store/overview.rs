//! What the database promises of a client's account at a glance.

use futures::future::join_all;
use opentill::{
    model::{activity::Event, client::ClientId, token::TokenSummary},
    server::store::{InAll, NewSession, Overview, OverviewLimits, SessionLimits},
};

use super::{EVERYTHING, NOW, Place, activity, actor, at, created, hash};

/// Logs in, as a browser that calls itself `agent`.
async fn log_in(place: &Place, client: ClientId, agent: &str) {
    let session = NewSession {
        client,
        password_hash: Some("hash"),
        hash: hash(agent),
        replaces: None,
        user_agent: agent,
        at: NOW,
    };
    let logged_in = activity(client, Event::LoggedIn);
    let added = place.store.add_session(session, logged_in).await;
    added.unwrap().expect("the password is right");
}

fn names(tokens: &[TokenSummary]) -> Vec<&str> {
    tokens.iter().map(|token| token.name.as_str()).collect()
}

/// Names of the revoked tokens, and when.
fn revoked(overview: &Overview) -> Vec<(&str, i64)> {
    let revoked = overview.revoked.iter();
    revoked
        .map(|of| (of.token.name.as_str(), of.revoked_at.seconds_since(NOW)))
        .collect()
}

pub async fn it_shows_what_each_list_would_to_its_client_alone(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    for name in ["old", "new", "gone"] {
        created(&place, jane, name, name).await;
    }
    let gone = place.store.tokens_of(jane).await.unwrap()[0].id;
    let revoking = place.store.revoke_token(None, gone, &actor(), at(5)).await;
    revoking.unwrap();
    log_in(&place, jane, "Firefox/140.0").await;
    log_in(&place, jane, "Firefox/141.0").await;

    let overview = place.overview(jane, EVERYTHING).await;
    assert_eq!(names(&overview.tokens), ["new", "old"]);
    assert_eq!(overview.tokens, place.store.tokens_of(jane).await.unwrap());
    assert_eq!(revoked(&overview), [("gone", 5)]);
    let trail = place.store.activity_of(jane, 100).await.unwrap();
    assert_eq!(overview.activity, trail);
    assert_eq!(trail.len(), 6);
    let agents: Vec<_> = overview
        .sessions
        .iter()
        .map(|session| session.user_agent.as_str())
        .collect();
    assert_eq!(agents, ["Firefox/141.0", "Firefox/140.0"]);

    let nothing = Overview {
        tokens: Vec::new(),
        revoked: Vec::new(),
        activity: Vec::new(),
        sessions: Vec::new(),
        in_all: InAll::default(),
    };
    assert_eq!(place.overview(joe, EVERYTHING).await, nothing);
}

pub async fn each_list_goes_as_far_back_as_asked(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    for (name, when) in [("first", 0), ("second", 10), ("third", 20)] {
        let id = created(&place, jane, name, name).await;
        let revoking = place.store.revoke_token(None, id, &actor(), at(when)).await;
        revoking.unwrap();
    }
    log_in(&place, jane, "Firefox/140.0").await;
    let limited = OverviewLimits {
        revoked_after: NOW,
        sessions: SessionLimits {
            created_after: NOW,
            ..EVERYTHING.sessions
        },
        ..EVERYTHING
    };
    let overview = place.overview(jane, limited).await;
    assert_eq!(revoked(&overview), [("third", 20), ("second", 10)]);
    assert!(
        overview.sessions.is_empty(),
        "it began when others were over"
    );
    let seen_later = OverviewLimits {
        sessions: SessionLimits {
            seen_after: NOW,
            ..EVERYTHING.sessions
        },
        ..limited
    };
    assert!(place.overview(jane, seen_later).await.sessions.is_empty());
}

pub async fn each_list_is_as_long_as_asked_and_says_how_much_more_there_is(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    for n in 0..10 {
        let id = created(&place, jane, &format!("{n}"), &format!("{n}")).await;
        if n < 6 {
            let revoking = place.store.revoke_token(None, id, &actor(), at(n)).await;
            revoking.unwrap();
        }
        log_in(&place, jane, &format!("Firefox/{n}.0")).await;
    }
    let limits = OverviewLimits {
        tokens: 3,
        rows: 2,
        ..EVERYTHING
    };
    let overview = place.overview(jane, limits).await;
    assert_eq!(names(&overview.tokens), ["9", "8", "7"]);
    assert_eq!(revoked(&overview), [("5", 5), ("4", 4)]);
    let sessions = overview.sessions.iter();
    let agents: Vec<_> = sessions.map(|one| one.user_agent.as_str()).collect();
    assert_eq!(agents, ["Firefox/9.0", "Firefox/8.0"]);
    let in_all = InAll {
        tokens: 4,
        revoked: 6,
        sessions: 10,
    };
    assert_eq!(overview.in_all, in_all);
}

pub async fn nothing_pushes_another_kind_out_of_the_trail(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "A", "secret").await;
    log_in(&place, jane, "Firefox/140.0").await;
    for _ in 0..30 {
        let failed = activity(jane, Event::LoginFailed);
        place.store.record(failed).await.unwrap();
    }
    let limits = OverviewLimits {
        lines: 3,
        ..EVERYTHING
    };
    let overview = place.overview(jane, limits).await;
    let events: Vec<_> = overview.activity.iter().map(|line| line.event).collect();
    let failed = Event::LoginFailed;
    let expected = [failed, failed, failed, Event::LoggedIn, Event::TokenCreated];
    assert_eq!(events, expected);
}

pub async fn a_text_comes_back_as_it_was_written(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let agents = ["", "NULL", r#"{"a",b}"#, r"(\1,2)", "é \u{1f511} \n\t'"];
    for agent in agents {
        log_in(&place, jane, agent).await;
    }
    let overview = place.overview(jane, EVERYTHING).await;
    let mut found: Vec<_> = overview
        .sessions
        .iter()
        .map(|session| session.user_agent.as_str())
        .collect();
    found.reverse();
    assert_eq!(found, agents);
    let written = overview.activity.iter().rev();
    assert!(
        written
            .map(|line| line.user_agent.as_str())
            .eq(["Firefox/140.0"; 5])
    );
}

pub async fn many_who_ask_at_the_same_time_see_what_each_asked_for(place: Place) {
    const CLIENTS: i64 = 12;
    let mut clients = Vec::new();
    for n in 0..CLIENTS {
        let client = place.add_client(&format!("{n}@example.com")).await;
        for token in 0..n {
            let name = format!("{n} {token}");
            let id = created(&place, client, &name, &name).await;
            if token % 2 == 0 {
                let by = actor();
                let revoking = place.store.revoke_token(None, id, &by, at(token));
                revoking.await.unwrap();
            }
        }
        log_in(&place, client, &format!("Firefox/{n}.0")).await;
        clients.push(client);
    }
    let limits = |n: i64| OverviewLimits {
        revoked_after: at(n % 5),
        lines: u32::try_from(n % 4).unwrap(),
        ..EVERYTHING
    };
    let place = &place;
    let asked = (0..10 * CLIENTS).map(async |n| {
        let client = clients[usize::try_from(n % CLIENTS).unwrap()];
        (n, client, place.overview(client, limits(n)).await)
    });
    for (n, client, overview) in join_all(asked).await {
        assert_eq!(overview, place.overview(client, limits(n)).await);
        let agent = format!("Firefox/{}.0", n % CLIENTS);
        assert_eq!(overview.sessions[0].user_agent, agent);
        assert_eq!(i64::try_from(overview.tokens.len()), Ok((n % CLIENTS) / 2));
    }
}
