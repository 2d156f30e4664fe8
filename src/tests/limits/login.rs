//! Guessing passwords.

use std::time::{Duration, Instant};

use super::{behind_a_proxy, log_in_from, retry_after};
use crate::support::{EMAIL, PASSWORD};

const HERE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.9";
const WRONG: &str = "wrong horse battery staple";

#[tokio::test]
async fn after_ten_tries_an_account_is_closed_to_an_address_for_as_long_as_it_is_told() {
    let app = behind_a_proxy(&[]).await;
    for _ in 0..10 {
        assert_eq!(log_in_from(&app, HERE, EMAIL, WRONG).await.status, 401);
    }
    let refused = log_in_from(&app, HERE, EMAIL, PASSWORD).await;
    let wait = retry_after(&refused);
    assert_eq!(wait, 6);
    for part in [
        "Too many attempts.",
        "Try again in 6 seconds.",
        "role=\"alert\"",
        &format!("value=\"{EMAIL}\""),
    ] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    assert_eq!(
        refused.header("set-cookie"),
        "",
        "not even with the right password"
    );
    app.clock.advance(wait);
    assert_eq!(log_in_from(&app, HERE, EMAIL, PASSWORD).await.status, 303);
    assert_eq!(
        log_in_from(&app, HERE, EMAIL, WRONG).await.status,
        429,
        "one, and no more"
    );
}

#[tokio::test]
async fn who_guesses_in_a_loop_waits_for_each_refusal_and_delays_nobody_else() {
    let app = behind_a_proxy(&[]).await;
    for _ in 0..10 {
        log_in_from(&app, HERE, EMAIL, WRONG).await;
    }
    let began = Instant::now();
    let refused = log_in_from(&app, HERE, EMAIL, WRONG).await;
    assert_eq!(refused.status, 429);
    let waited = began.elapsed();
    assert!(waited >= Duration::from_millis(250), "{waited:?}");
    let (refused, other) = tokio::join!(
        async {
            let refused = log_in_from(&app, HERE, EMAIL, WRONG).await;
            (refused.status, Instant::now())
        },
        async {
            let health = app.anonymous().get("/healthz").await;
            (health.status, Instant::now())
        },
    );
    assert_eq!((refused.0, other.0), (429, 200));
    assert!(other.1 < refused.1, "nobody else waits for a refusal");
}

#[tokio::test]
async fn the_owner_logs_in_from_elsewhere_while_somebody_guesses() {
    let app = behind_a_proxy(&[]).await;
    for _ in 0..50 {
        log_in_from(&app, HERE, EMAIL, WRONG).await;
    }
    assert_eq!(log_in_from(&app, HERE, EMAIL, WRONG).await.status, 429);
    assert_eq!(
        log_in_from(&app, ELSEWHERE, EMAIL, PASSWORD).await.status,
        303
    );
}

#[tokio::test]
async fn writing_the_email_differently_gains_no_tries() {
    let app = behind_a_proxy(&[]).await;
    let spellings = [
        EMAIL,
        "JANE@example.com",
        " jane@EXAMPLE.com ",
        "Jane@Example.Com\t",
    ];
    for email in spellings.iter().cycle().take(10) {
        assert_eq!(log_in_from(&app, HERE, email, WRONG).await.status, 401);
    }
    for email in spellings {
        assert_eq!(
            log_in_from(&app, HERE, email, WRONG).await.status,
            429,
            "{email:?}"
        );
    }
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_is_slowed_down_for_all_of_them() {
    let app = behind_a_proxy(&[]).await;
    for n in 0..30 {
        let email = format!("somebody{n}@example.com");
        assert_eq!(log_in_from(&app, HERE, &email, WRONG).await.status, 401);
    }
    let refused = log_in_from(&app, HERE, "another@example.com", WRONG).await;
    assert_eq!(retry_after(&refused), 2);
    assert_eq!(
        log_in_from(&app, ELSEWHERE, "another@example.com", WRONG)
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn guesses_from_everywhere_slow_down_where_the_owner_has_never_been_and_only_there() {
    let app = behind_a_proxy(&[]).await;
    assert_eq!(log_in_from(&app, HERE, EMAIL, PASSWORD).await.status, 303);
    for n in 0..60 {
        log_in_from(&app, &format!("192.0.2.{n}"), EMAIL, WRONG).await;
    }
    for _ in 0..3 {
        assert_eq!(
            log_in_from(&app, "192.0.2.99", EMAIL, WRONG).await.status,
            401,
            "each network has a few of its own"
        );
    }
    let refused = log_in_from(&app, "192.0.2.99", EMAIL, WRONG).await;
    assert_eq!(retry_after(&refused), 1);
    for known in [HERE; 4] {
        assert_eq!(
            log_in_from(&app, known, EMAIL, PASSWORD).await.status,
            303,
            "the owner is known here"
        );
    }
    assert_eq!(
        log_in_from(&app, ELSEWHERE, EMAIL, PASSWORD).await.status,
        303,
        "and waits for nobody there"
    );
}

#[tokio::test]
async fn a_refusal_tells_nobody_whether_there_is_such_a_client() {
    let app = behind_a_proxy(&[("OPENTILL_LOGIN_LIMIT", "1")]).await;
    let mut refusals = Vec::new();
    for email in [EMAIL, "nobody@example.com", "not-an-address"] {
        assert_eq!(log_in_from(&app, HERE, email, WRONG).await.status, 401);
        let refused = log_in_from(&app, HERE, email, WRONG).await;
        assert!((59..=60).contains(&retry_after(&refused)));
        let text = refused
            .body
            .replace(email, "EMAIL")
            .replace("in 59 s", "in 60 s")
            .replace("=\"59\"", "=\"60\"");
        let nonces = text.split("nonce=\"").skip(1);
        let nonce = nonces
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .next();
        refusals.push(nonce.map_or(text.clone(), |nonce| text.replace(&nonce, "NONCE")));
    }
    assert_eq!(refusals[0], refusals[1]);
    assert_eq!(refusals[0], refusals[2]);
}

#[tokio::test]
async fn an_open_session_is_no_place_to_guess_the_password() {
    let app = behind_a_proxy(&[("OPENTILL_LOGIN_LIMIT", "3")]).await;
    let mut owner = app.logged_in().await;
    let fields = [
        ("current_password", WRONG),
        ("new_password", "another horse battery staple"),
    ];
    // Whoever fails to log in at the same address does not keep the owner from it.
    for _ in 0..3 {
        app.anonymous().log_in(EMAIL, WRONG).await;
    }
    for _ in 0..3 {
        assert_eq!(owner.post("/profile/password", &fields).await.status, 422);
    }
    let refused = owner.post("/profile/password", &fields).await;
    let seconds: i64 = refused.header("retry-after").parse().unwrap();
    assert_eq!(refused.status, 429);
    assert!(
        refused.body.contains("Too many requests. Try again in"),
        "{}",
        refused.body
    );
    app.clock.advance(seconds);
    assert_eq!(owner.post("/profile/password", &fields).await.status, 422);
}

#[tokio::test]
async fn a_page_of_another_site_uses_up_nobodys_tries() {
    let app = behind_a_proxy(&[("OPENTILL_LOGIN_LIMIT", "1")]).await;
    let fields = [("email", EMAIL), ("password", WRONG)];
    for _ in 0..5 {
        let headers = [("sec-fetch-site", "cross-site"), ("x-forwarded-for", HERE)];
        let refused = app.anonymous().post_with("/login", &fields, &headers).await;
        assert_eq!(refused.status, 403);
    }
    assert_eq!(log_in_from(&app, HERE, EMAIL, PASSWORD).await.status, 303);
}
