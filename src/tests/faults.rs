//! A fault at every statement there is, and rows that no code of ours wrote: what is answered says
//! nothing of the inside, and once the fault is over all is well again.

mod rows;

use opentill::http::portal;
use reqwest::Method;

use crate::support::{Answer, PASSWORD, TestApp, eventually, mutations::Scene};

/// What only the inside knows: statements, tables, crates, files, panics.
const INSIDE: [&str; 28] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM",
    "BEGIN",
    "COMMIT",
    " WHERE ",
    "constraint",
    "sqlite",
    "SQLITE",
    "postgres",
    "sqlx",
    "axum",
    "hyper",
    "tokio",
    "leptos_axum",
    "server_fn",
    "password_hash",
    "id_hash",
    "client_id",
    "clients",
    "revoked_at",
    "panicked",
    "unwrap",
    "src/",
    ".rs:",
    "/tmp/",
    "__err",
];

/// What an answer says of the inside, if anything. A fault of ours has the number that leads to the log.
fn leak(answer: &Answer) -> Option<String> {
    let headers = format!("{:?}", answer.headers);
    let is_in = |word: &&&str| headers.contains(**word) || answer.body.contains(**word);
    if let Some(word) = INSIDE.iter().find(is_in) {
        return Some(format!("it says {word}: {answer:?}"));
    }
    let is_numbered = answer.header("x-request-id").len() == 16;
    (!is_numbered).then(|| format!("it has no number: {answer:?}"))
}

/// What is wrong with an answer to a request that a fault struck.
fn not_a_fault(answer: &Answer) -> Option<String> {
    let is_fault = matches!(answer.status, 500 | 503)
        && answer.header("set-cookie").is_empty()
        && answer.header("location").is_empty();
    if is_fault {
        leak(answer)
    } else {
        Some(format!("it passes for something else: {answer:?}"))
    }
}

/// These are done for everybody, so it does not matter that nobody can say who asks: the first
/// statement, which would, may fail unnoticed.
const FOR_EVERYBODY: [&str; 7] = [
    "GET /docs/api",
    "GET /forgot-password",
    "GET /set-password/",
    "POST /forgot-password",
    "POST /login",
    "POST /set-password/",
    "POST /theme",
];

fn is_for_everybody(route: &str) -> bool {
    FOR_EVERYBODY
        .iter()
        .any(|known| route == *known || (known.ends_with('/') && route.starts_with(known)))
}

/// A request, and the status of its answer when nothing fails.
struct Request {
    method: Method,
    path: String,
    fields: Vec<(&'static str, String)>,
    headers: Vec<(&'static str, String)>,
    done: u16,
}

/// Everything that can be asked for, by the client of this scene with this token.
fn requests(scene: &Scene, token: &str, origin: &str) -> Vec<Request> {
    let bearer = vec![("authorization", format!("Bearer {token}"))];
    let read = |path: String, headers: &[(&'static str, String)], done| Request {
        method: Method::GET,
        path,
        fields: Vec::new(),
        headers: headers.to_vec(),
        done,
    };
    let pages = portal::pages().into_iter().map(|(path, _)| {
        let done = if ["/login", "/profile/tokens"].contains(&path) {
            303
        } else {
            200
        };
        read(scene.fill(path), &[], done)
    });
    let api = [
        read("/api/v1/me".to_owned(), &bearer, 200),
        read("/api/v1/none".to_owned(), &bearer, 404),
        read("/api/v1/token".to_owned(), &bearer, 200),
        read("/readyz".to_owned(), &[], 200),
    ];
    let itself = Request {
        method: Method::DELETE,
        ..read("/api/v1/token".to_owned(), &bearer, 204)
    };
    let mutations = scene.mutations().into_iter().map(|mutation| Request {
        method: Method::POST,
        path: mutation.path,
        fields: mutation.fields,
        headers: vec![("origin", origin.to_owned())],
        done: mutation.done,
    });
    pages.chain(api).chain([itself]).chain(mutations).collect()
}

async fn send(scene: &mut Scene, request: &Request) -> Answer {
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(n, v)| (*n, v.as_str()))
        .collect();
    let mut sent = scene
        .owner
        .request(request.method.clone(), &request.path, &headers);
    if request.method == Method::POST {
        sent = sent.form(&request.fields);
    }
    scene.owner.send(sent).await
}

#[tokio::test]
async fn a_page_that_could_not_be_made_is_offered_again_and_a_change_is_not() {
    const AGAIN: &str = ">Try again</a>";
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let faults = app.state.store.faults();
    for statement in [0, 1] {
        faults.fail_at(statement);
        let answer = owner.get("/profile").await;
        assert_eq!(answer.status, 503, "{statement}");
        assert!(answer.body.contains(AGAIN), "{}", answer.body);
    }
    faults.fail_at(0);
    let typed = [("confirmation", "revoke all")];
    let answer = owner.post("/profile/tokens/revoke-all", &typed).await;
    faults.stop();
    assert_eq!(answer.status, 503);
    assert!(!answer.body.contains(AGAIN), "{}", answer.body);
    assert_eq!(
        answer.field("confirmation"),
        "revoke all",
        "to be sent again"
    );
    let missing = owner.get("/nowhere").await;
    assert!(missing.status == 404 && !missing.body.contains(AGAIN));
}

#[tokio::test]
async fn whichever_statement_fails_the_answer_is_a_503_that_tells_nothing_and_then_all_is_well() {
    let app = TestApp::start().await;
    let origin = app.state.config.public_url.origin().to_owned();
    let faults = app.state.store.faults();
    let mut clients = 0;
    let mut struck = 0;
    let mut wrong = Vec::new();
    // Each request gets a client of its own, because a request that is done changes what is there.
    let mut anew = async || {
        clients += 1;
        let email = format!("client{clients}@example.com");
        app.add_client(&email).await;
        let mut scene = Scene::of_client(&app, &email).await;
        let token = scene.owner.create_token("Used").await;
        // Known as used, so that nothing is written beside the requests that count here.
        assert_eq!(app.me(&token).await.status, 200);
        app.state.usage.flush().await;
        // What was about to be written anyway is not waited for by that.
        let is_known = async || {
            let tokens = app.tokens_of(&email).await;
            tokens.iter().any(|token| token.last_used_at.is_some())
        };
        eventually("the use is written down", is_known).await;
        let requests = requests(&scene, &token, &origin);
        (scene, requests)
    };
    let count = anew().await.1.len();
    for at in 0..count {
        let (mut scene, requests) = anew().await;
        let request = &requests[at];
        faults.stop();
        let answer = send(&mut scene, request).await;
        let statements = faults.seen();
        let route = format!("{} {}", request.method, request.path);
        assert_eq!(answer.status, request.done, "{route}: {answer:?}");
        wrong.extend(leak(&answer));
        for statement in 0..statements {
            let (mut scene, requests) = anew().await;
            let request = &requests[at];
            let cookie = scene.owner.cookie.clone();
            faults.fail_at(statement);
            let answer = send(&mut scene, request).await;
            faults.stop();
            let context = format!("{route} at statement {statement} of {statements}");
            let is_done = answer.status == request.done;
            let problem = if is_done && statement == 0 && is_for_everybody(&route) {
                leak(&answer)
            } else if scene.owner.cookie != cookie {
                Some("it changed the cookie".to_owned())
            } else {
                not_a_fault(&answer)
            };
            wrong.extend(problem.map(|problem| format!("{context}: {problem}")));
            let again = send(&mut scene, request).await;
            // What works once was done the first time.
            let is_used_up = is_done && route.contains("/set-password/");
            if again.status != request.done && !is_used_up {
                wrong.push(format!("{context}, and again: {again:?}"));
            }
            struck += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {struck}: {wrong:#?}", wrong.len());
    assert!(struck > count, "{struck} statements in {count} requests");
    println!("{struck} statements failed in {count} requests");
}

#[tokio::test]
async fn what_was_typed_survives_a_503_but_no_password_does() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let faults = app.state.store.faults();
    faults.fail_at(0);
    let details = [("name", "Ada <King>"), ("country", "GB")];
    let kept = owner.post("/profile/details", &details).await;
    faults.fail_at(0);
    let passwords = [
        ("current_password", PASSWORD),
        ("new_password", "another horse battery staple"),
    ];
    let lost = owner.post("/profile/password", &passwords).await;
    faults.stop();
    assert_eq!((kept.status, lost.status), (503, 503));
    assert!(kept.body.contains("action=\"/profile/details\""));
    assert!(kept.body.contains("value=\"Ada &lt;King&gt;\""));
    assert!(!lost.body.contains("horse battery"), "{}", lost.body);
    assert!(lost.body.contains("href=\"/profile#password\""));
    let again = owner.post("/profile/details", &details).await;
    assert_eq!(again.status, 303);
}
