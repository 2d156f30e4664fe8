//! Standard output that is closed, or full: nothing panics, and what was done is not called undone.

use super::*;
use crate::support::{
    postgres::Database,
    streams::{to_full_disk, to_nobody},
};

const LISTS: [&str; 5] = [
    "client list",
    "client list --json",
    "session list --client jane@example.com",
    "token list --client jane@example.com",
    "activity list --client jane@example.com",
];

/// One line on standard error.
fn only_line(finished: &Finished) -> &str {
    let line = finished.stderr.strip_suffix('\n').unwrap_or_default();
    assert!(
        line.starts_with("opentill: ") && !line.contains("panicked"),
        "{finished:?}"
    );
    line
}

/// Without the lines of the log, which a slow machine writes before the command's own.
async fn with_token() -> Workplace {
    let operator = Workplace::new().set("OPENTILL_LOG", "error");
    operator.add_client(EMAIL);
    let server = operator.serve();
    server.logged_in().await.create_token("Alpha").await;
    operator
}

#[tokio::test]
async fn a_list_ends_quietly_where_nobody_reads_on_and_fails_where_it_cannot_be_written() {
    let operator = with_token().await;
    for line in LISTS {
        let finished = operator.run_under(&to_nobody(), &words(line));
        assert_eq!(finished.code, Some(0), "{line}: {finished:?}");
        assert_eq!(finished.stderr, "", "{line}");
        let finished = operator.run_under(&to_full_disk(), &words(line));
        assert_eq!(finished.code, Some(1), "{line}: {finished:?}");
        let said = only_line(&finished);
        assert!(said.contains("No space left on device"), "{line}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[tokio::test]
async fn what_was_done_is_a_success_and_is_said_where_it_still_can_be() {
    let operator = with_token().await;
    let sam = format!("{SAM} --phone 1");
    for (line, input, said) in [
        ("token revoke 1", "", "“Alpha” was revoked."),
        (
            "token revoke 1",
            "",
            "“Alpha” was already revoked. Nothing changed.",
        ),
        (
            "client set-status --email jane@example.com --status suspended",
            "",
            "jane@example.com is now suspended.",
        ),
        (
            "client set-password --email jane@example.com",
            NEW_PASSWORD,
            "The password of jane@example.com was set",
        ),
        (&sam, "", ": 2"),
        ("migrate", "", "the schema is up to date"),
    ] {
        let finished = operator.run_under_with_input(&to_full_disk(), &words(line), input);
        assert_eq!(finished.code, Some(0), "{line}: {finished:?}");
        let told = only_line(&finished);
        assert!(told.contains(said), "{line}: {told}");
        assert!(told.contains("No space left on device"), "{line}: {told}");
    }
    let finished = operator.run_under(&to_nobody(), &words("token revoke 1"));
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert!(only_line(&finished).contains("“Alpha” was already revoked. Nothing changed."));
    let clients = parse_list(&operator.say(&["client", "list", "--json"], ""));
    assert_eq!(clients[0]["status"], "suspended");
    assert_eq!(clients[1]["phone"], "1");
}

#[test]
fn a_backup_a_restore_and_a_copy_were_made_whoever_hears_of_it() {
    let destination = Database::empty();
    let operator = Workplace::on_file().set("OPENTILL_COPY_TO", destination.url());
    operator.add_client(EMAIL);
    for (arguments, said) in [
        (&["backup", "copy.db"][..], "copy.db: "),
        (
            &["restore", "copy.db", "--revoke", "none"],
            "Restored from copy.db: clients 1",
        ),
        (&["copy"], "clients\t1\n"),
    ] {
        let finished = operator.run_under(&to_full_disk(), arguments);
        assert_eq!(finished.code, Some(0), "{arguments:?}: {finished:?}");
        assert!(only_line(&finished).contains(said), "{finished:?}");
    }
    assert!(operator.dir().join("copy.db").exists());
    let copied = operator.set("DATABASE_URL", destination.url());
    assert!(copied.say(&["client", "list"], "").contains(EMAIL));
}
