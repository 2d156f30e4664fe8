//! What is printed at a terminal, and what into a pipe.

use std::ffi::OsStr;

use super::*;

/// Runs the command at a terminal, and prints what is seen there.
const SCRIPT: &str = "
import os, pty, sys
seen = b''
def read(terminal):
    global seen
    data = os.read(terminal, 4096)
    seen += data
    return data
out = os.dup(1)
os.dup2(os.open('/dev/null', os.O_WRONLY), 1)
status = pty.spawn(sys.argv[1:], read)
os.write(out, seen.replace(b'\\r\\n', b'\\n'))
sys.exit(os.waitstatus_to_exitcode(status))
";

fn at_terminal(operator: &Workplace, arguments: &[&str]) -> String {
    let words = ["python3", "-c", SCRIPT].map(OsStr::new);
    let finished = operator.run_under(&words, arguments);
    assert_eq!(finished.code, Some(0), "{arguments:?}: {finished:?}");
    finished.stdout
}

#[tokio::test]
async fn lists_are_tables_at_a_terminal_and_plain_lines_in_a_pipe() {
    let operator = Workplace::new();
    operator.add_client("jane@example.com");
    operator.say(
        &[
            "client",
            "add",
            "--email",
            "s@example.com",
            "--name",
            "日本",
        ],
        "",
    );
    let nothing = at_terminal(&operator, &["token", "list", "--client", EMAIL]);
    assert_eq!(nothing, "There are no active tokens.\n");
    let table = at_terminal(&operator, &["client", "list"]);
    let rows: Vec<_> = table.lines().collect();
    assert_eq!(rows.len(), 3, "{table}");
    let at = rows[0].find("STATUS").unwrap();
    assert!(rows[0].starts_with("ID  EMAIL"), "{table}");
    for row in &rows[1..] {
        assert_eq!(row.find("active"), Some(at), "{table}");
    }
    let lines = operator.say(&["client", "list"], "");
    assert_eq!(
        lines,
        "1\tjane@example.com\tactive\tJane Smith\n2\ts@example.com\tactive\t日本\n"
    );

    let server = operator.serve();
    server.logged_in().await.create_token("Alpha").await;
    let table = at_terminal(&operator, &["token", "list", "--client", EMAIL]);
    let heads: Vec<_> = table
        .lines()
        .next()
        .unwrap()
        .split("  ")
        .map(str::trim)
        .collect();
    assert!(
        heads.contains(&"NAME") && heads.contains(&"LAST USED"),
        "{table}"
    );
    let shown = at_terminal(&operator, &["client", "show", "--email", EMAIL]);
    assert!(
        shown.starts_with("id:             1\nemail:          jane@example.com\n"),
        "{shown}"
    );
    for list in ["session", "activity"] {
        let table = at_terminal(&operator, &[list, "list", "--client", EMAIL]);
        assert!(table.lines().count() >= 2, "{table}");
    }
    // JSON is JSON wherever it goes.
    parse_list(&at_terminal(&operator, &["client", "list", "--json"]));
}

#[test]
fn a_command_prints_its_result_and_nothing_of_the_log() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let line = "client set-status --email jane@example.com --status suspended";
    let finished = operator.run(&words(line));
    assert_eq!(finished.stderr, "");
    assert_eq!(finished.stdout, "jane@example.com is now suspended.\n");
    let logged = operator.set("OPENTILL_LOG", "info");
    let finished = logged.run(&words(&line.replace("suspended", "active")));
    assert!(finished.stderr.contains("status_changed"), "{finished:?}");
}

#[tokio::test]
async fn text_older_than_the_rule_commands_no_terminal() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    server.logged_in().await.create_token("Alpha").await;
    operator.sql("UPDATE clients SET name = 'Jane \u{202e}gnp\u{1b}[31m\u{200b}'");
    operator.sql("UPDATE tokens SET name = 'Alpha\u{202e}'");
    let json = operator.say(&["client", "list", "--json"], "");
    for said in [
        &json,
        &operator.say(&["client", "list"], ""),
        &operator.say(&["client", "show", "--email", EMAIL], ""),
        &operator.say(&["token", "list", "--client", EMAIL], ""),
        &operator.say(&["token", "list", "--client", EMAIL, "--json"], ""),
    ] {
        assert!(
            !said.contains(['\u{202e}', '\u{1b}', '\u{200b}']),
            "{said:?}"
        );
        assert!(said.contains("202e"), "{said:?}");
    }
    assert_eq!(
        parse_list(&json)[0]["name"],
        "Jane \u{202e}gnp\u{1b}[31m\u{200b}"
    );
}
