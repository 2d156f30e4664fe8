//! A right that ends while a request is on its way: what comes of it changes nothing.

use std::time::Duration;

use futures::future::join_all;
use opentill::{
    model::{
        client::{Client, ClientStatus},
        timestamp::Timestamp,
    },
    server::store::{Overview, OverviewLimits, SessionLimits},
};
use tokio::time::sleep;

use super::{NEW_PASSWORD, change_password, is_signed_in};
use crate::support::{
    Browser, EMAIL, PASSWORD, TestApp, UnderWay,
    mutations::{Mutation, NEEDS_NO_SESSION, Scene},
};

/// What ends a session that a request came with.
#[derive(Clone, Copy, Debug)]
enum Ending {
    LogOut,
    LogInAgain,
    EndedElsewhere,
    AllOthersEnded,
    PasswordChanged,
    PasswordSetByOperator,
    ClosedAndOpenedAgain,
}

const ENDINGS: [Ending; 7] = [
    Ending::LogOut,
    Ending::LogInAgain,
    Ending::EndedElsewhere,
    Ending::AllOthersEnded,
    Ending::PasswordChanged,
    Ending::PasswordSetByOperator,
    Ending::ClosedAndOpenedAgain,
];

async fn end(ending: Ending, app: &TestApp, owner: &mut Browser, elsewhere: &mut Browser) {
    let done = match ending {
        Ending::LogOut => owner.post("/logout", &[]).await.status,
        Ending::LogInAgain => owner.log_in(EMAIL, PASSWORD).await.status,
        Ending::EndedElsewhere => {
            // The last to log in is the first in the list, and that was elsewhere.
            for session in &app.sessions_of(EMAIL).await[1..] {
                let id = session.id.0.to_string();
                let fields = [("id", id.as_str())];
                let ended = elsewhere.post("/profile/sessions/end", &fields).await;
                assert_eq!(ended.status, 303);
            }
            303
        }
        Ending::AllOthersEnded => {
            let ended = elsewhere.post("/profile/sessions/end-others", &[]).await;
            ended.status
        }
        Ending::PasswordChanged => {
            let changed = change_password(elsewhere, PASSWORD, NEW_PASSWORD).await;
            changed.status
        }
        Ending::PasswordSetByOperator => {
            app.set_password(EMAIL, NEW_PASSWORD).await;
            303
        }
        Ending::ClosedAndOpenedAgain => {
            app.set_status(EMAIL, ClientStatus::Closed).await;
            app.set_status(EMAIL, ClientStatus::Active).await;
            303
        }
    };
    assert_eq!(done, 303, "{ending:?}");
}

/// All that a client could change, as the database has it.
async fn state(app: &TestApp) -> (Overview, Option<(Client, Option<String>)>) {
    let owner = app.id_of(EMAIL).await;
    let limits = OverviewLimits {
        revoked_after: Timestamp::from_unix(0),
        sessions: SessionLimits {
            created_after: Timestamp::from_unix(0),
            seen_after: Timestamp::from_unix(0),
        },
        lines: 1000,
        tokens: 1000,
        rows: 1000,
    };
    let overview = app.state.store.overview_of(owner, limits).await.unwrap();
    let email = EMAIL.parse().unwrap();
    let client = app.state.store.client_by_email(&email).await.unwrap();
    (overview, client)
}

/// Sends the head and half of the body, as a page of this browser's would.
async fn begin(app: &TestApp, browser: &Browser, mutation: &Mutation) -> UnderWay {
    let cookie = browser.cookie.as_deref().unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\ncookie: {cookie}\r\n\
         content-type: application/x-www-form-urlencoded\r\nconnection: close\r\n",
        mutation.path,
        addr = app.addr,
    );
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(mutation.fields())
        // One that has no fields has a body all the same, to be held back.
        .append_pair("x", "y")
        .finish();
    UnderWay::begin(app.addr, &head, &body).await
}

#[tokio::test]
async fn a_request_that_began_before_its_session_ended_changes_nothing_after_it() {
    for ending in ENDINGS {
        let app = TestApp::start().await;
        let mut scene = Scene::of(&app).await;
        let mut elsewhere = app.logged_in().await;
        let mutations = scene.mutations();
        // Whoever logs in shows that they may, and a theme is nobody's.
        let mutations = mutations
            .iter()
            .filter(|mutation| !NEEDS_NO_SESSION.contains(&mutation.route));
        let under_way: Vec<_> = mutations.collect();
        let held = under_way
            .iter()
            .map(|mutation| begin(&app, &scene.owner, mutation));
        let held = join_all(held).await;

        end(ending, &app, &mut scene.owner, &mut elsewhere).await;
        let before = state(&app).await;
        for (mutation, request) in under_way.iter().zip(held) {
            let answer = request.finish().await;
            let route = mutation.route;
            if route.starts_with("/rpc/") {
                assert_eq!(answer.status, 401, "{ending:?} {route}: {}", answer.body);
            } else {
                assert_eq!(answer.status, 303, "{ending:?} {route}: {}", answer.body);
                let location = answer.header("location");
                assert!(location.starts_with("/login"), "{ending:?} {route}");
            }
            assert!(
                crate::support::find_token(&answer.body).is_none(),
                "{ending:?} {route}"
            );
        }
        assert_eq!(state(&app).await, before, "{ending:?}");
    }
}

#[tokio::test]
async fn a_client_who_is_suspended_while_a_request_is_on_its_way_creates_and_changes_nothing() {
    let app = TestApp::start().await;
    let scene = Scene::of(&app).await;
    let refused = [
        "/profile/tokens",
        "/profile/tokens/{id}/rename",
        "/profile/details",
        "/rpc/tokens/create",
    ];
    let mutations = scene.mutations();
    let mutations = mutations
        .iter()
        .filter(|mutation| refused.contains(&mutation.route));
    let mutations: Vec<_> = mutations.collect();
    assert_eq!(mutations.len(), refused.len());
    let held = mutations
        .iter()
        .map(|mutation| begin(&app, &scene.owner, mutation));
    let held = join_all(held).await;
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    let before = state(&app).await;
    for (mutation, request) in mutations.iter().zip(held) {
        let answer = request.finish().await;
        assert_eq!(answer.status, 403, "{}: {}", mutation.route, answer.body);
    }
    assert_eq!(state(&app).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_session_begun_with_what_is_no_longer_right_outlives_the_change() {
    const LOGINS: u64 = 40;
    for by in ["the client", "the operator", "closing"] {
        let app = TestApp::start().await;
        let mut owner = app.logged_in().await;
        // Some are done before the change, some wait for their turn meanwhile, and some come after it.
        let logins = join_all((0..LOGINS).map(|n| {
            let mut browser = app.anonymous();
            async move {
                sleep(Duration::from_millis(5 * n)).await;
                let status = browser.log_in(EMAIL, PASSWORD).await.status;
                (status, browser)
            }
        }));
        let change = async {
            sleep(Duration::from_millis(50)).await;
            match by {
                "the client" => {
                    let changed = change_password(&mut owner, PASSWORD, NEW_PASSWORD).await;
                    assert_eq!(changed.status, 303);
                }
                "the operator" => app.set_password(EMAIL, NEW_PASSWORD).await,
                _ => app.set_status(EMAIL, ClientStatus::Closed).await,
            }
        };
        let (logins, ()) = tokio::join!(logins, change);
        for (status, mut browser) in logins {
            assert!([303, 401].contains(&status), "{by}: {status}");
            if status == 303 {
                assert!(!is_signed_in(&mut browser).await, "{by}");
            }
        }
    }
}
