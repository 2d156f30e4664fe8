//! Text that people see, by each way in: one rule.

use super::*;

const FIELDS: [&str; 8] = [
    "name", "company", "phone", "address1", "address2", "city", "state", "postcode",
];

/// What is refused everywhere, and what of it is named.
const REFUSED: [(&str, &str); 9] = [
    ("a\u{202e}b", "U+202E"),
    ("a\u{2028}b", "U+2028"),
    ("a\u{200b}b", "U+200B"),
    ("a\u{ad}b", "U+00AD"),
    ("\u{3164}", "U+3164"),
    ("a\u{e000}b", "U+E000"),
    ("a\u{e0041}b", "U+E0041"),
    ("a\u{7}b", "U+0007"),
    ("\u{301}", "visible character"),
];

#[tokio::test]
async fn each_field_follows_the_same_rule_on_the_page_and_on_the_command_line() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let token = jane.create_token("Alpha").await;
    let before = server.me(&token).await.body;
    let pasted = format!("my {token}");
    let refused = REFUSED.iter().copied();
    for (text, named) in refused.chain([(pasted.as_str(), "contains an API token")]) {
        for field in FIELDS {
            let mut form = vec![("name", "Jane Smith"), ("country", "US")];
            form.retain(|(name, _)| *name != field);
            form.push((field, text));
            let answer = jane.post("/profile/details", &form).await;
            assert_eq!(answer.status, 422, "{field}: {text:?}");
            assert!(answer.body.contains(named), "{field}: {text:?}");
            let option = format!("--{field}={text}");
            for command in [
                vec!["client", "edit", "--email", EMAIL, &option],
                [words(SAM), vec![&option]].concat(),
            ] {
                // `client add` has a name already.
                if field == "name" && command[1] == "add" {
                    continue;
                }
                let refused = operator.run(&command);
                assert_eq!(refused.code, Some(1), "{field}: {text:?}: {refused:?}");
                let begin = format!("opentill: --{field}: ");
                assert!(refused.stderr.starts_with(&begin), "{refused:?}");
                assert!(refused.stderr.contains(named), "{refused:?}");
                assert!(!refused.stderr.contains(&token[8..]), "{refused:?}");
            }
        }
        let answer = jane.post("/profile/tokens", &[("name", text)]).await;
        assert_eq!(answer.status, 422, "{text:?}");
    }
    assert_eq!(server.me(&token).await.body, before);
    assert_eq!(operator.say(&["client", "list"], "").lines().count(), 1);
}

#[tokio::test]
async fn a_token_pasted_anywhere_is_neither_kept_nor_repeated() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let token = jane.create_token("Alpha").await;
    let secret = &token[8..];
    let as_email = format!("{token}@example.com");
    for arguments in [
        vec!["token", "revoke", &token],
        vec!["token", "list", "--client", &token],
        vec!["client", "add", "--name", "Sam", "--email", &as_email],
        vec!["client", "edit", "--email", EMAIL, "--new-email", &as_email],
        vec!["client", &token],
        vec!["client", "list", &token],
        vec!["completions", &token],
        vec!["restore", "x.db", "--revoke", &token],
        vec!["client", "list", "--status", &token],
        vec!["session", "end", &token],
    ] {
        let refused = operator.run(&arguments);
        assert_ne!(refused.code, Some(0), "{arguments:?}");
        assert!(!refused.stderr.contains(secret), "{refused:?}");
    }
    let mut stranger = server.browser();
    let answer = stranger.log_in(&as_email, &token).await;
    assert_eq!(answer.status, 401);
    assert!(!answer.body.contains(secret), "it is not shown again");
    let next = format!("/login?next=/profile%3Fx={token}");
    assert!(!stranger.get(&next).await.body.contains(secret));
    let key = [("name", "Beta"), ("idempotency_key", token.as_str())];
    assert_eq!(jane.post("/profile/tokens", &key).await.status, 422);

    // A program that sends its token as its name, and one that writes its name in UTF-8.
    let call = async |user_agent: &[u8]| {
        let request = [
            b"GET /api/v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
                .as_slice(),
            token.as_bytes(),
            b"\r\nuser-agent: ",
            user_agent,
            b"\r\n\r\n",
        ];
        let request = request.concat();
        let request = String::from_utf8(request).unwrap();
        let request = request.replace("host: x", &format!("host: {}", server.addr));
        assert_eq!(
            crate::support::raw(server.addr, request.as_bytes())
                .await
                .status,
            200
        );
    };
    call(format!("sync/1.0 ({token})").as_bytes()).await;
    call("Müller-Sync/1.0".as_bytes()).await;
    crate::support::eventually("the program is named", async || {
        jane.get("/profile/tokens/1")
            .await
            .body
            .contains("Müller-Sync")
    })
    .await;
    let page = jane.get("/profile/tokens/1").await;
    assert!(!page.body.contains(secret));
    let dump = operator.say(
        &["activity", "list", "--client", EMAIL, "--json", "--all"],
        "",
    );
    assert!(!dump.contains(secret), "{dump}");
}
