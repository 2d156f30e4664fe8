//! Rows that no code of ours wrote, as a hand in the database or a failing disk leaves them.

use std::path::Path;

use super::leak;
use crate::support::{
    EMAIL, PASSWORD,
    database::only_on_sqlite,
    process::{Server, Workplace, python},
};

/// What is wrong with a row, and the statement that makes it so.
const WRONG: [(&str, &str); 22] = [
    ("a status that is none", "UPDATE clients SET status = 'x'"),
    (
        "an address without @",
        "UPDATE clients SET email = 'nobody'",
    ),
    ("no address", "UPDATE clients SET email = ''"),
    (
        "a name with a line end",
        "UPDATE clients SET name = 'a' || char(10) || 'b'",
    ),
    ("no name", "UPDATE clients SET name = ''"),
    (
        "a country that is none",
        "UPDATE clients SET country = 'united states'",
    ),
    ("no currency", "UPDATE clients SET currency_code = ''"),
    (
        "a hash that is none",
        "UPDATE clients SET password_hash = 'x'",
    ),
    (
        "a hash that asks for too much",
        "UPDATE clients SET password_hash = replace(password_hash, 'm=19456', 'm=4000000000')",
    ),
    (
        "a client from the end of time",
        "UPDATE clients SET created_at = 9223372036854775807",
    ),
    (
        "a client from before all time",
        "UPDATE clients SET created_at = -9223372036854775808",
    ),
    (
        "a token name that is refused",
        "UPDATE tokens SET name = char(8238)",
    ),
    ("no token name", "UPDATE tokens SET name = ''"),
    (
        "no last four characters",
        "UPDATE tokens SET last_four = ''",
    ),
    (
        "scopes that there are not",
        "UPDATE tokens SET scopes = 'tickets'",
    ),
    (
        "a token from the end of time",
        "UPDATE tokens SET created_at = 9223372036854775807",
    ),
    (
        "a token from before all time",
        "UPDATE tokens SET created_at = -9223372036854775808",
    ),
    (
        "a use at the end of time",
        "UPDATE tokens SET last_used_at = 9223372036854775807",
    ),
    (
        "a use before all time",
        "UPDATE tokens SET last_used_at = -9223372036854775808",
    ),
    (
        "a session from the end of time",
        "UPDATE sessions SET created_at = 9223372036854775807",
    ),
    (
        "a session seen at the end of time",
        "UPDATE sessions SET last_seen_at = 9223372036854775807",
    ),
    (
        "a browser that sends markup",
        "UPDATE sessions SET user_agent = '<script>' || char(0)",
    ),
];

const RUN: &str = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                   db.execute('PRAGMA ignore_check_constraints = ON'); \
                   db.execute(sys.argv[2]); db.commit(); print(db.total_changes)";

/// Keeps a copy of every row, or puts all of them back.
const COPY: &str = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                    [db.execute(f'CREATE TABLE kept_{t} AS SELECT * FROM {t}') for t in ('clients', 'tokens', 'sessions')]; \
                    db.commit()";
const RESTORE: &str = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                       [db.execute(f'REPLACE INTO {t} SELECT * FROM kept_{t}') for t in ('clients', 'tokens', 'sessions')]; \
                       db.commit()";

fn change(database: &Path, statement: &str) {
    let changed = python(RUN, &[database.as_os_str(), statement.as_ref()]);
    assert_ne!(changed, "0", "{statement}");
}

/// Looks at everything, logs in, and changes something; the statuses.
async fn visit(server: &Server, cookie: &str, token: &str, context: &str) -> Vec<u16> {
    let mut owner = server.browser();
    owner.cookie = Some(cookie.to_owned());
    let mut answers = Vec::new();
    for path in [
        "/",
        "/profile",
        "/docs/api",
        "/login",
        "/profile/tokens/1/revoke",
    ] {
        answers.push(owner.get(path).await);
    }
    answers.push(server.me(token).await);
    answers.push(owner.rpc("tokens/list", &[]).await);
    answers.push(owner.post("/profile/tokens", &[("name", "")]).await);
    answers.push(server.browser().log_in(EMAIL, PASSWORD).await);
    for answer in &answers {
        assert_eq!(leak(answer), None, "{context}");
    }
    answers.iter().map(|answer| answer.status).collect()
}

#[tokio::test]
async fn rows_that_no_code_of_ours_wrote_make_no_handler_panic_and_nothing_show_through() {
    only_on_sqlite!("its types and checks can be got round, which most of these rows need");
    let workplace = Workplace::new();
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let mut owner = server.logged_in().await;
    let token = owner.create_token("Reader").await;
    let cookie = owner.cookie.clone().unwrap();
    let database = workplace.dir().join("opentill.db");
    python(COPY, &[database.as_os_str()]);
    let usual = visit(&server, &cookie, &token, "as it was").await;
    assert_eq!(usual, [200, 200, 200, 303, 200, 200, 200, 422, 303]);
    let mut refused = 0;
    for (what, statement) in WRONG {
        change(&database, statement);
        let statuses = visit(&server, &cookie, &token, what).await;
        assert!(
            !statuses.contains(&503),
            "{what}: it is nothing that passes: {statuses:?}"
        );
        refused += usize::from(statuses.contains(&500));
        python(RESTORE, &[database.as_os_str()]);
        let statuses = visit(&server, &cookie, &token, "put right again").await;
        assert_eq!(statuses, usual, "after {what}");
    }
    assert!(refused > 2, "some of them are not believed: {refused}");
    let log = server.stderr();
    assert!(!log.contains("panicked"), "{log}");
}
