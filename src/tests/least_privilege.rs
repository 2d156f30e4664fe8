//! The two roles of docs/operating.md: one changes the schema, the other serves and can do no more.

use crate::support::{
    EMAIL, PASSWORD, eventually,
    mail::{MailServer, Manner},
    postgres::{new_database, psql_script, try_psql},
    process::Workplace,
};

/// What docs/operating.md has a superuser run, and what the owner, in its order.
fn sql_of_the_manual() -> [String; 2] {
    let manual = include_str!("../../docs/operating.md");
    let (_, section) = manual.split_once("\n## Several nodes\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let blocks = section.split("```sql\n").skip(1);
    let blocks: Vec<_> = blocks
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect();
    blocks.try_into().expect("there are two of them")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_roles_of_the_manual_suffice_and_allow_no_more() {
    let [by_superuser, by_owner] = sql_of_the_manual();
    let somewhere = new_database();
    psql_script(&somewhere, &by_superuser);
    let (server, _) = somewhere.rsplit_once('/').unwrap();
    let as_role = |role: &str| {
        format!(
            "{}/opentill",
            server.replace("postgres@", &format!("{role}@"))
        )
    };
    let (owner, serving) = (as_role("opentill_owner"), as_role("opentill"));

    // Before there is a schema it refuses, and after that it serves.
    let mail = MailServer::start(Manner::Accept).await;
    let operator = Workplace::new()
        .set("DATABASE_URL", &serving)
        .set("OPENTILL_SMTP_URL", mail.url())
        .set("OPENTILL_MAIL_FROM", "portal@example.com");
    assert_refuses(&operator, &[&["serve"], &["migrate"]]);
    let listed = operator.run(&["client", "list"]);
    assert!(
        listed.stderr.contains("there is nothing in this database"),
        "{listed:?}"
    );
    let operator = operator.set("DATABASE_URL", &owner);
    assert!(operator.say(&["migrate"], "").starts_with("Applied 0001"));
    psql_script(&owner, &by_owner);
    let operator = operator.set("DATABASE_URL", &serving);
    assert!(operator.say(&["migrate"], "").starts_with("Nothing to do"));
    serves(&operator, &serving).await;
    eventually("a mail is sent", async || !mail.accepted().is_empty()).await;

    for (statement, refusal) in [
        ("UPDATE activity SET at = 0", "permission denied"),
        ("DELETE FROM activity", "permission denied"),
        ("TRUNCATE activity", "permission denied"),
        ("ALTER TABLE activity DISABLE TRIGGER ALL", "must be owner"),
        ("DROP TABLE activity", "must be owner"),
        ("DELETE FROM tokens", "permission denied"),
        ("DELETE FROM clients", "permission denied"),
        ("TRUNCATE sessions", "permission denied"),
        (
            "UPDATE _sqlx_migrations SET success = false",
            "permission denied",
        ),
        ("CREATE TABLE mine (id BIGINT)", "permission denied"),
        ("CREATE SCHEMA mine", "permission denied"),
        (
            "CREATE TEMPORARY TABLE mine (id BIGINT)",
            "permission denied",
        ),
        ("CREATE ROLE mine", "permission denied"),
        ("SET ROLE opentill_owner", "permission denied"),
    ] {
        let said = try_psql(&serving, statement).expect_err(statement);
        assert!(said.contains(refusal), "{statement}: {said}");
    }

    // A later version that wants more of the schema waits for the owner.
    psql_script(&owner, "DELETE FROM _sqlx_migrations WHERE version = 6");
    assert_refuses(&operator, &[&["serve"], &["migrate"], &["client", "list"]]);
}

fn assert_refuses(operator: &Workplace, commands: &[&[&str]]) {
    for command in commands {
        let refused = operator.run(command);
        assert_ne!(refused.code, Some(0), "{command:?}");
        let because = "opentill: DATABASE_URL: the database schema is not up to date, and this role \
                       may not change it; run `opentill migrate` as one that may";
        assert_eq!(refused.stderr.trim_end(), because);
    }
}

/// Everything that is ever done to the database.
async fn serves(operator: &Workplace, database: &str) {
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let token = jane.create_token("My Integration").await;
    assert_eq!(server.me(&token).await.status, 200);
    eventually("the use is written down", async || {
        let used = "SELECT count(*) FROM activity WHERE event = 'token_first_used'";
        try_psql(database, used).unwrap() == "1"
    })
    .await;
    assert_eq!(jane.get("/profile").await.status, 200);
    let revoked = jane.post("/profile/tokens/1/revoke", &[]).await;
    assert_eq!(revoked.status, 303, "{}", revoked.body);
    assert!(server.me(&token).await.is_exact_401());
    let out = jane.post("/logout", &[]).await;
    assert_eq!(out.status, 303);
    let mut guesser = server.browser();
    assert_eq!(guesser.log_in(EMAIL, "a wrong guess").await.status, 401);

    let email = ["--email", EMAIL];
    operator.say(
        &[&["client", "set-password"][..], &email].concat(),
        PASSWORD,
    );
    operator.say(
        &[
            &["client", "set-status", "--status", "suspended"][..],
            &email,
        ]
        .concat(),
        "",
    );
    let list = ["activity", "list", "--client", EMAIL];
    eventually("the failed log-in is written down", async || {
        operator.say(&list, "").contains("login_failed")
    })
    .await;
    let said = operator.say(&list, "");
    for event in [
        "logged_in",
        "token_created",
        "token_first_used",
        "token_revoked",
        "login_failed",
        "password_changed",
        "status_changed",
    ] {
        assert!(said.contains(event), "{event}: {said}");
    }
    assert!(
        !server.stderr().contains("permission denied"),
        "{}",
        server.stderr()
    );
}
