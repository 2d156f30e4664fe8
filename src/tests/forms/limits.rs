//! Until when and from where a new token works is chosen in its form, or by its call, and holds for every request.

use opentill::{
    model::{
        activity::{Activity, Event, Who},
        timestamp::{DAY, HOUR, Timestamp},
    },
    server::{activity, clock::Clock},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Browser, EMAIL, TestApp, find_token};

const OFFICE: &str = "203.0.113.7";
const BEHIND_A_PROXY: [(&str, &str); 1] = [("OPENTILL_TRUSTED_PROXIES", "127.0.0.1")];

async fn post(owner: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    owner.post("/profile/tokens", fields).await
}

async fn limited(owner: &mut Browser, name: &str, limit: (&str, &str)) -> String {
    let answer = post(owner, &[("name", name), limit]).await;
    find_token(&answer.body).expect("the answer shows the token")
}

/// A request of a program at this address, behind the proxy.
async fn from(app: &TestApp, address: &str, method: Method, path: &str, token: &str) -> Answer {
    let mut program = app.anonymous();
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("x-forwarded-for", address),
    ];
    let request = program.request(method, path, &headers);
    program.send(request).await
}

async fn refusals(app: &TestApp) -> Vec<Activity> {
    let client = app.id_of(EMAIL).await;
    let trail = activity::list_of(&app.state, client, None).await.unwrap();
    let refused = trail
        .into_iter()
        .filter(|line| line.event == Event::TokenRefused);
    refused.collect()
}

/// The first midnight that is a day away, and its day.
fn first_end(clock: &Clock) -> (Timestamp, String) {
    let end = Timestamp::from_unix((clock.now().unix() / DAY + 2) * DAY);
    (end, end.rfc3339()[..10].to_owned())
}

#[tokio::test]
async fn a_token_works_until_its_last_second_on_every_node_and_then_its_name_is_free() {
    let clock = Clock::stopped();
    let app = TestApp::start_at(clock.clone(), &[]).await;
    let node = app.another_node().await;
    let mut owner = app.logged_in().await;
    let (end, day) = first_end(&clock);
    let token = limited(&mut owner, "Ends", ("expires_on", &day)).await;
    let kept = owner.create_token("Kept").await;
    let me = async || (app.me(&token).await.status, node.me(&token).await.status);
    let page = owner.get("/profile").await.body;
    assert!(page.contains(&format!("Expires {}", end.date())), "{page}");

    clock.advance(end.seconds_since(clock.now()) - 1);
    // Both nodes have it in memory, and nothing is written between here and its end.
    app.state.usage.flush().await;
    assert_eq!(me().await, (200, 200));
    assert_eq!(me().await, (200, 200));
    clock.advance(1);
    assert!(app.me(&token).await.is_exact_401() && node.me(&token).await.is_exact_401());
    assert_eq!(node.me(&kept).await.status, 200);
    for method in [Method::GET, Method::DELETE] {
        let path = "/api/v1/token";
        assert!(
            from(&app, OFFICE, method, path, &token)
                .await
                .is_exact_401()
        );
    }

    // It is written down soon after; not only one node may do so.
    tokio::join!(
        app.state.expiry.end_due(end),
        node.state.expiry.end_due(end)
    );
    let mut owner = app.logged_in().await;
    let page = owner.get("/profile").await.body;
    assert!(page.contains("Recently revoked or expired (1)"), "{page}");
    let client = app.id_of(EMAIL).await;
    let trail = activity::list_of(&app.state, client, None).await.unwrap();
    let expired: Vec<_> = trail
        .iter()
        .filter(|line| line.event == Event::TokenExpired)
        .collect();
    let [expired] = expired[..] else {
        panic!("{trail:#?}");
    };
    assert_eq!((expired.at, expired.who), (end, Who::Token));
    let id = expired.token.as_ref().unwrap().id;
    let page = owner.get(&format!("/profile/tokens/{id}")).await.body;
    assert!(page.contains(">Expired</span>"), "{page}");
    owner.create_token("Ends").await;
}

#[tokio::test]
async fn a_name_is_free_and_a_place_is_too_as_soon_as_a_token_has_ended() {
    let clock = Clock::stopped();
    let app = TestApp::start_at(clock.clone(), &[("OPENTILL_MAX_TOKENS", "1")]).await;
    let (end, day) = first_end(&clock);
    let mut owner = app.logged_in().await;
    limited(&mut owner, "Nightly", ("expires_on", &day)).await;
    assert_eq!(post(&mut owner, &[("name", "Other")]).await.status, 409);
    clock.advance(end.seconds_since(clock.now()));
    let mut owner = app.logged_in().await;
    owner.create_token("Nightly").await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_its_field_and_all_that_was_typed_is_kept() {
    let clock = Clock::stopped();
    let app = TestApp::start_at(clock.clone(), &[]).await;
    let mut owner = app.logged_in().await;
    let leaked = owner.create_token("Pasted into the wrong field").await;
    let tomorrow = Timestamp::from_unix((clock.now().unix() / DAY + 1) * DAY - 1);
    let too_soon = &tomorrow.rfc3339()[..10];
    let many: Vec<_> = (0..21).map(|n| format!("10.1.0.{n}")).collect();
    let many = many.join(" ");
    for (field, typed, why) in [
        (
            "expires_on",
            too_soon,
            "Choose a day that begins in 24 hours or later.",
        ),
        ("expires_on", "2026-02-30", "Enter a date like"),
        ("expires_on", "never", "Enter a date like"),
        (
            "allowed_addresses",
            "10.0.0.5/8",
            "Did you mean 10.0.0.0/8 or 10.0.0.5?",
        ),
        ("allowed_addresses", "<b>", "isn&#x27;t an IP address"),
        ("allowed_addresses", &many, "Enter 20 addresses"),
        ("allowed_addresses", &leaked, "This contains an API token."),
    ] {
        let fields = [("name", "Limited"), ("orders", "on"), (field, typed)];
        let again = post(&mut owner, &fields).await;
        assert_eq!(again.status, 422, "{typed}");
        assert_eq!(again.field("name"), "Limited");
        let open = again.body.contains("<details class=\"scopes\" open");
        assert!(
            open || again.body.contains("<details open class=\"scopes\""),
            "{typed}"
        );
        let error = again
            .body
            .split(&format!("id=\"{field}-error\""))
            .nth(1)
            .unwrap();
        let error = error.split("</p>").next().unwrap();
        let said = error.replace('\'', "&#x27;");
        assert!(
            said.contains(why) && !error.contains("hidden"),
            "{typed}: {error}"
        );
        if typed != leaked {
            let kept = again.field(field).replace("&lt;", "<").replace("&gt;", ">");
            assert_eq!(kept, typed);
        }
        let fields = [
            ("name", "Limited"),
            ("idempotency_key", ""),
            ("replace_unseen", "false"),
            (field, typed),
        ];
        let called = owner.rpc("tokens/create", &fields).await;
        assert_eq!(called.status, 422, "{typed}");
        assert!(called.body.contains(field), "{}", called.body);
    }
    assert_eq!(app.tokens_of(EMAIL).await.len(), 1);
}

#[tokio::test]
async fn from_elsewhere_a_token_is_like_one_that_does_not_exist_on_every_route() {
    let app = TestApp::start_with(&BEHIND_A_PROXY).await;
    let mut owner = app.logged_in().await;
    let allowed = (
        "allowed_addresses",
        "203.0.113.0/29, 2001:db8::1 ::ffff:192.0.2.1",
    );
    let token = limited(&mut owner, "Office", allowed).await;
    let other = owner.create_token("Anywhere").await;
    let unknown = opentill::model::secret::TokenSecret::generate();
    let routes = opentill::http::api::api(&app.state).paths.into_iter();
    for (path, methods) in routes.filter(|(path, _)| path.starts_with("/api/v1/")) {
        let path = path.replace("{id}", "1");
        for method in methods.split(',') {
            let method: Method = method.parse().unwrap();
            for address in [
                "203.0.113.8",
                "2001:db8::2",
                "192.0.2.2",
                "::203.0.113.7",
                "127.0.0.1",
            ] {
                let context = format!("{method} {path} from {address}");
                let refused = from(&app, address, method.clone(), &path, &token).await;
                let none = from(&app, address, method.clone(), &path, unknown.expose()).await;
                assert_eq!(
                    (refused.status, &refused.body),
                    (none.status, &none.body),
                    "{context}"
                );
                assert_eq!(refused.status, 401, "{context}");
                let names = |answer: &Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
                assert_eq!(names(&refused), names(&none), "{context}");
            }
            if method != Method::DELETE {
                for address in [OFFICE, "2001:db8::1", "192.0.2.1", "::ffff:203.0.113.1"] {
                    let let_in = from(&app, address, method.clone(), &path, &token).await;
                    assert_ne!(let_in.status, 401, "{method} {path} from {address}");
                }
            }
        }
    }
    assert_eq!(
        from(&app, "198.51.100.1", Method::GET, "/api/v1/me", &other)
            .await
            .status,
        200
    );
    let shown = from(&app, OFFICE, Method::GET, "/api/v1/token", &token).await;
    let shown: Value = serde_json::from_str(&shown.body).unwrap();
    let expected = json!(["203.0.113.0/29", "2001:db8::1", "192.0.2.1"]);
    assert_eq!(shown["data"]["allowed_addresses"], expected);
    app.state.usage.flush().await;
    let page = owner.get("/profile").await.body;
    assert!(page.contains("Only from 3 addresses"), "{page}");
    assert_eq!(
        from(&app, OFFICE, Method::DELETE, "/api/v1/token", &token)
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn a_refusal_is_written_down_once_an_hour_for_an_address_and_not_without_end() {
    let clock = Clock::stopped();
    let app = TestApp::start_at(clock.clone(), &BEHIND_A_PROXY).await;
    let mut owner = app.logged_in().await;
    let token = limited(&mut owner, "Office", ("allowed_addresses", OFFICE)).await;
    let attempt = async |address: &str| {
        let answer = from(&app, address, Method::GET, "/api/v1/me", &token).await;
        assert!(answer.is_exact_401());
    };
    let written = async |count: usize| {
        crate::support::eventually("the refusals are written", async || {
            refusals(&app).await.len() == count
        })
        .await;
    };
    for _often in 0..5 {
        attempt("198.51.100.1").await;
    }
    written(1).await;
    let line = refusals(&app).await.remove(0);
    assert_eq!(line.address.unwrap().to_string(), "198.51.100.1");
    assert_eq!(
        (line.who, line.token.unwrap().last_four),
        (Who::Token, token[42..].to_owned())
    );
    // Another node knows nothing of it but what is written.
    let node = app.another_node().await;
    assert!(
        from(&node, "198.51.100.1", Method::GET, "/api/v1/me", &token)
            .await
            .is_exact_401()
    );
    for n in 2..60 {
        attempt(&format!("198.51.100.{n}")).await;
    }
    written(20).await;
    clock.advance(HOUR + 1);
    attempt("198.51.100.1").await;
    written(21).await;
    let page = app.logged_in().await.get("/activity").await.body;
    assert!(
        page.contains("Token refused from an IP address that isn't allowed"),
        "{page}"
    );
    assert_eq!(
        app.tokens_of(EMAIL).await[0].last_used_at,
        None,
        "a refusal is no use"
    );
}

#[tokio::test]
async fn an_unseen_token_is_shown_again_only_with_the_limits_that_it_has() {
    let clock = Clock::stopped();
    let app = TestApp::start_at(clock.clone(), &[]).await;
    let mut owner = app.logged_in().await;
    let (end, day) = first_end(&clock);
    let limits = [
        ("expires_on", day.as_str()),
        ("allowed_addresses", "10.0.0.0/8"),
    ];
    let key = ("idempotency_key", "key");
    let asked = [("name", "A"), key, limits[0], limits[1]];
    post(&mut owner, &asked).await;
    let replace = ("replace_unseen", "true");
    let other = [("name", "A"), key, replace, limits[0]];
    let more = post(&mut owner, &other).await;
    assert_eq!(
        find_token(&more.body),
        None,
        "it would work from everywhere"
    );
    // The page repeats them, also when its end has come nearer.
    clock.advance(end.seconds_since(clock.now()) - 60);
    let mut owner = app.logged_in().await;
    let repeated = [
        ("name", "A"),
        key,
        replace,
        ("expires_on", &more.field("expires_on")),
        ("allowed_addresses", &more.field("allowed_addresses")),
    ];
    assert!(find_token(&post(&mut owner, &repeated).await.body).is_some());
}

#[tokio::test]
async fn the_form_says_so_where_it_does_not_see_the_address_of_whoever_asks() {
    const WARNING: &str = "it sees 127.0.0.1 instead of your IP address";
    let forwarded = [("x-forwarded-for", OFFICE)];
    for (settings, headers, is_warned) in [
        (&[][..], &forwarded[..], true),
        (&[], &[], false),
        (&BEHIND_A_PROXY, &forwarded, false),
    ] {
        let app = TestApp::start_with(settings).await;
        let page = app.logged_in().await.get_with("/profile", headers).await;
        assert_eq!(page.body.contains(WARNING), is_warned, "{settings:?}");
    }
}
