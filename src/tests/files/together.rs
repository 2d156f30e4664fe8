//! Several programs start at the same moment: one of them makes or changes the schema, the others wait for it.

use std::process::Child;

use sqlx::{Connection, PgConnection, SqliteConnection, migrate::Migrator};

use crate::support::{EMAIL, postgres::Database, process::Workplace};

static FOR_SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static FOR_POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Four commands and a server, all at once.
async fn start_together(operator: &Workplace) {
    let add = |email| ["client", "add", "--name", "Jane", "--email", email];
    let commands = [
        &["migrate"][..],
        &add(EMAIL),
        &["migrate"],
        &add("sam@example.com"),
    ];
    let children: Vec<Child> = commands.iter().map(|words| operator.start(words)).collect();
    let server = operator.serve();
    for (child, words) in children.into_iter().zip(commands) {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
    }
    assert_eq!(server.browser().get("/readyz").await.status, 200);
    let clients = operator.say(&["client", "list"], "");
    assert_eq!(clients.lines().count(), 2, "{clients}");
}

/// The last step of each older schema; nothing for no schema at all.
fn older(migrator: &Migrator) -> impl Iterator<Item = Option<i64>> {
    let mut versions: Vec<_> = migrator.iter().map(|step| Some(step.version)).collect();
    versions.pop();
    [None].into_iter().chain(versions)
}

#[tokio::test]
async fn on_a_file() {
    for version in older(&FOR_SQLITE) {
        let operator = Workplace::on_file();
        if let Some(version) = version {
            let file = operator.dir().join("opentill.db");
            let url = format!("sqlite://{}?mode=rwc", file.display());
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            FOR_SQLITE.run_to(version, &mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        start_together(&operator).await;
    }
}

#[tokio::test]
async fn on_a_server() {
    for version in older(&FOR_POSTGRES) {
        let database = Database::empty();
        if let Some(version) = version {
            let mut connection = PgConnection::connect(database.url()).await.unwrap();
            FOR_POSTGRES.run_to(version, &mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        start_together(&Workplace::on_file().on(database)).await;
    }
}
