//! One of each change that people make in the portal, all at the same moment.

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::Value;

use super::{Answer, Browser, EMAIL, PASSWORD, process::Server};

/// What somebody tried to change, how it was answered, and how long that took.
#[derive(Debug)]
pub struct Change {
    /// The address.
    pub path: String,
    /// The answer.
    pub answer: Answer,
    /// From the request to the end of the answer.
    pub took: Duration,
}

impl Change {
    /// Whether it was refused with a 503 that says when to try again.
    pub fn is_unavailable(&self) -> bool {
        let retry_after: Option<u32> = self.answer.header("retry-after").parse().ok();
        self.answer.status == 503 && retry_after.is_some_and(|seconds| seconds >= 1)
    }
}

/// Sends one of each change at once: log in, create by form and by server function, revoke by form
/// and by server function, end the other sessions. Revoked are the client's tokens `ids`, created
/// are `name` by form and `name` by call.
pub async fn change_everything(
    server: &Server,
    client: &Browser,
    ids: [i64; 2],
    name: &str,
) -> [Change; 6] {
    let [by_form, by_call] = ids;
    let (form_name, call_name) = (format!("{name} by form"), format!("{name} by call"));
    let (revoked_by_form, id) = (
        format!("/profile/tokens/{by_form}/revoke"),
        by_call.to_string(),
    );
    let changes: [(&str, &[(&str, &str)]); 6] = [
        ("/login", &[("email", EMAIL), ("password", PASSWORD)]),
        ("/profile/tokens", &[("name", &form_name)]),
        (
            "/rpc/tokens/create",
            &[
                ("name", &call_name),
                ("idempotency_key", ""),
                ("replace_unseen", "false"),
            ],
        ),
        (&revoked_by_form, &[]),
        ("/rpc/tokens/revoke", &[("id", &id)]),
        ("/profile/sessions/end-others", &[]),
    ];
    let done = join_all(changes.map(async |(path, fields)| {
        let mut browser = server.browser();
        // Whoever logs in sits elsewhere, or their new session would take this one's place.
        if path != "/login" {
            browser.cookie.clone_from(&client.cookie);
        }
        let began = Instant::now();
        let answer = browser.post(path, fields).await;
        Change {
            path: path.to_owned(),
            answer,
            took: began.elapsed(),
        }
    }));
    done.await.try_into().expect("as many answers as requests")
}

/// The client's active tokens as the portal lists them: their numbers and names, newest first.
pub async fn tokens(client: &mut Browser) -> Vec<(i64, String)> {
    let answer = client.rpc("tokens/list", &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let listed: Vec<Value> = serde_json::from_str(&answer.body).unwrap();
    listed
        .iter()
        .map(|token| {
            let name = token["name"].as_str().unwrap().to_owned();
            (token["id"].as_i64().unwrap(), name)
        })
        .collect()
}
