//! Everything that ends a session, and the cookie that is shown again afterwards.

use opentill::model::client::ClientStatus;

use super::{MINUTE, NEW_PASSWORD, change_password, is_signed_in};
use crate::support::{Browser, EMAIL, PASSWORD, TestApp};

const DAY: i64 = 24 * 60 * MINUTE;

/// A way in which a session ends.
#[derive(Clone, Copy, Debug)]
enum Ending {
    LogOut,
    Idle,
    Age,
    ADayLater,
    PasswordChanged,
    PasswordSetByOperator,
    AccountClosed,
    EndedElsewhere,
    AllOthersEnded,
    LogInAgain,
}

const ENDINGS: [Ending; 10] = [
    Ending::LogOut,
    Ending::Idle,
    Ending::Age,
    Ending::ADayLater,
    Ending::PasswordChanged,
    Ending::PasswordSetByOperator,
    Ending::AccountClosed,
    Ending::EndedElsewhere,
    Ending::AllOthersEnded,
    Ending::LogInAgain,
];

async fn end(ending: Ending, app: &TestApp, owner: &mut Browser, elsewhere: &mut Browser) {
    let done = match ending {
        Ending::LogOut => owner.post("/logout", &[]).await.status,
        Ending::LogInAgain => owner.log_in(EMAIL, PASSWORD).await.status,
        Ending::PasswordChanged => change_password(owner, PASSWORD, NEW_PASSWORD).await.status,
        Ending::EndedElsewhere => {
            // The last to log in is the first in the list, and that was elsewhere.
            let id = app.sessions_of(EMAIL).await[1].id.0.to_string();
            let fields = [("id", id.as_str())];
            elsewhere
                .post("/profile/sessions/end", &fields)
                .await
                .status
        }
        Ending::AllOthersEnded => {
            elsewhere
                .post("/profile/sessions/end-others", &[])
                .await
                .status
        }
        Ending::Idle => {
            app.clock.advance(30 * MINUTE);
            303
        }
        Ending::Age => {
            for _ in 0..24 {
                owner.get("/profile").await;
                app.clock.advance(20 * MINUTE);
            }
            303
        }
        Ending::ADayLater => {
            app.clock.advance(DAY);
            303
        }
        Ending::PasswordSetByOperator => {
            app.set_password(EMAIL, NEW_PASSWORD).await;
            303
        }
        Ending::AccountClosed => {
            app.set_status(EMAIL, ClientStatus::Closed).await;
            app.set_status(EMAIL, ClientStatus::Active).await;
            303
        }
    };
    assert_eq!(done, 303, "{ending:?}");
}

#[tokio::test]
async fn a_cookie_shown_again_after_any_ending_opens_nothing_and_is_never_set_anew() {
    for ending in ENDINGS {
        let app = TestApp::start().await;
        let mut owner = app.logged_in().await;
        let mut elsewhere = app.logged_in().await;
        let old = owner.cookie.clone();
        end(ending, &app, &mut owner, &mut elsewhere).await;
        let mut replayed = app.anonymous();
        replayed.cookie.clone_from(&old);
        assert!(!is_signed_in(&mut replayed).await, "{ending:?}");
        for (path, fields) in [
            ("/profile/tokens", &[("name", "Replayed")][..]),
            ("/profile/sessions/end-others", &[]),
        ] {
            let answer = replayed.post(path, fields).await;
            assert_eq!(answer.status, 303, "{ending:?} {path}");
            assert!(
                answer.header("location").starts_with("/login"),
                "{ending:?} {path}"
            );
        }
        let called = replayed.rpc("tokens/list", &[]).await;
        assert_eq!(called.status, 401, "{ending:?}");
        assert_eq!(replayed.cookie, old, "{ending:?}: nothing was set");
        assert!(app.tokens_of(EMAIL).await.is_empty(), "{ending:?}");
    }
}

#[tokio::test]
async fn a_clock_that_was_wrong_for_a_day_locks_nobody_out_and_lets_nobody_stay_longer() {
    // Set back: who was signed in stays so, and what is new is as good as ever.
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    app.clock.advance(-DAY);
    assert!(is_signed_in(&mut owner).await);
    let mut in_the_past = app.logged_in().await;
    assert!(is_signed_in(&mut in_the_past).await);
    // Put right: a session begun in the past is a day old, and over.
    app.clock.advance(DAY);
    assert!(is_signed_in(&mut owner).await);
    assert!(!is_signed_in(&mut in_the_past).await);

    // Set forward: a session begun in the future lives on when the clock is put right, and it is
    // over when its time comes, as counted from then.
    let app = TestApp::start().await;
    app.clock.advance(DAY);
    let mut in_the_future = app.logged_in().await;
    app.clock.advance(-DAY);
    assert!(is_signed_in(&mut in_the_future).await);
    app.clock.advance(DAY + 30 * MINUTE);
    assert!(!is_signed_in(&mut in_the_future).await);
}
