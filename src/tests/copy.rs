//! `opentill copy`: from SQLite to PostgreSQL, with everything or with nothing.

mod kill;
mod refusals;
mod source;

use serde_json::Value;

use self::source::Source;
use crate::support::{
    PASSWORD, eventually,
    postgres::{new_database, psql},
};

/// Every table of ours in PostgreSQL, row for row, as JSON; found by asking, not by knowing.
fn rows_in_postgres(url: &str) -> Value {
    let names = psql(
        url,
        "SELECT table_name FROM information_schema.tables \
         WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'",
    );
    let tables = names.lines().map(|name| {
        let rows = format!(
            "SELECT coalesce(json_agg(row_to_json(t) ORDER BY t::text COLLATE \"C\"), '[]') FROM {name} t"
        );
        let mut rows: Vec<Value> = serde_json::from_str(&psql(url, &rows)).unwrap();
        rows.sort_by_key(ToString::to_string);
        (name.to_owned(), Value::from(rows))
    });
    Value::Object(tables.collect())
}

fn is_empty(database: &str) -> bool {
    let tables = rows_in_postgres(database);
    let mut tables = tables.as_object().unwrap().values();
    tables.all(|rows| rows.as_array().unwrap().is_empty())
}

#[tokio::test]
async fn everything_is_there_and_every_token_keeps_working() {
    let source = Source::new().await;
    let before = source.rows();
    let database = new_database();
    let operator = source.operator.set("OPENTILL_COPY_TO", &database);
    let said = operator.say(&["copy"], "");
    assert_eq!(rows_in_postgres(&database), before);
    for table in [
        "clients",
        "sessions",
        "tokens",
        "activity",
        "token_addresses",
        "token_days",
    ] {
        let rows = before[table].as_array().unwrap().len();
        assert!(rows > 100, "{table}: {rows}");
        assert!(said.contains(&format!("{table}\t{rows}\n")), "{said}");
    }

    let operator = operator.set("DATABASE_URL", &database);
    let server = operator.serve();
    for (token, is_valid) in &source.tokens {
        let answer = server.me(token.expose()).await;
        if *is_valid {
            assert_eq!(answer.status, 200, "{}", answer.body);
        } else {
            assert!(answer.is_exact_401(), "{answer:?}");
        }
    }
    // Who was logged in still is; who has a password can log in with it.
    let mut browser = server.browser();
    browser.cookie = Some(source.cookie.clone());
    assert_eq!(browser.get("/profile").await.status, 200);
    let mut jane = server.logged_in_as(source::JANE).await;

    // Numbers go on after the greatest that was ever given, also to a row that is gone.
    let numbers = psql(
        &database,
        "SELECT max(id) FROM sessions UNION ALL SELECT max(id) FROM tokens",
    );
    let token = jane.create_token("After the move").await;
    assert_eq!(server.me(&token).await.status, 200);
    let after = psql(
        &database,
        "SELECT max(id) FROM sessions UNION ALL SELECT max(id) FROM tokens",
    );
    let session: i64 = numbers.lines().next().unwrap().parse().unwrap();
    assert!(session > source.last_session, "{numbers}");
    let last_token = source.tokens.len().to_string();
    assert_eq!(numbers.lines().nth(1).unwrap(), last_token);
    assert!(after.lines().nth(1).unwrap().parse::<usize>().unwrap() > source.tokens.len());

    // An idempotency key that was spent stays so.
    let key = [("name", "Again"), ("idempotency_key", source::SPENT_KEY)];
    jane.post("/profile/tokens", &key).await;
    let made = "SELECT count(*) FROM tokens WHERE name = 'Again'";
    assert_eq!(psql(&database, made), "0");

    // The first use is written down, like everything from here on.
    eventually("the use of the new token is written down", async || {
        let used = "SELECT count(*) FROM activity a JOIN tokens t ON t.id = a.token_id \
                    WHERE t.name = 'After the move' AND event = 'token_first_used'";
        psql(&database, used) == "1"
    })
    .await;
}

#[tokio::test]
async fn the_source_is_as_it_was_and_can_be_copied_again_elsewhere() {
    let source = Source::new().await;
    let before = source.rows();
    let operator = source.operator;
    let mut copies = Vec::new();
    for _ in 0..2 {
        let database = new_database();
        // An argument names it as well, without a password.
        operator.say(&["copy", "--to", &database], "");
        copies.push(rows_in_postgres(&database));
    }
    assert_eq!(source::rows_of(&operator), before);
    assert_eq!(copies, [before.clone(), before]);
    let server = operator.serve();
    assert_eq!(
        server.browser().log_in(source::JANE, PASSWORD).await.status,
        303,
        "the source serves as before"
    );
}

#[tokio::test]
async fn a_source_with_nothing_in_it_is_copied_like_any_other() {
    let operator = crate::support::process::Workplace::new();
    operator.say(&["migrate"], "");
    let database = new_database();
    operator.say(&["copy", "--to", &database], "");
    assert!(is_empty(&database));
    let operator = operator.set("DATABASE_URL", &database);
    assert_eq!(operator.add_client(source::JANE), 1);
}
