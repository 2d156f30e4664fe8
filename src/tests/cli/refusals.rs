//! What the commands refuse, and how.

use super::*;

fn assert_refused(finished: &Finished, arguments: &[&str]) {
    let Finished {
        code,
        stdout,
        stderr,
        ..
    } = finished;
    assert!(
        code.is_some_and(|code| code != 0),
        "{arguments:?}: {finished:?}"
    );
    assert_eq!(stdout, "", "{arguments:?}");
    // Wrong usage is explained at length, everything else in one line.
    let is_usage = stderr.starts_with("error: ") || stderr.contains("\nUsage: opentill ");
    let is_one_line = stderr.starts_with("opentill: ") && stderr.trim_end().lines().count() == 1;
    assert!(is_usage || is_one_line, "{arguments:?}: {stderr}");
    assert!(
        !stderr.contains("hunter2") && !stderr.contains("panicked"),
        "{arguments:?}: {stderr}"
    );
    assert!(
        !stderr.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')),
        "{arguments:?}: {stderr:?}"
    );
}

#[test]
fn what_cannot_be_done_is_refused_in_a_clear_line_without_secrets() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let long_company = format!("--company={}", "x".repeat(201));
    let long_password = "hunter2".repeat(20_000);
    let sam = |more: &'static str| [words(SAM), words(more)].concat();
    let cases = [
        // Unknown, taken and impossible addresses.
        (
            words("client set-password --email no@example.com"),
            PASSWORD,
        ),
        (
            words("client set-status --email no@example.com --status closed"),
            "",
        ),
        (words("token list --client no@example.com"), ""),
        (words("token list --client no@example.com --json"), ""),
        (words("client add --name Jane --email jane@example.com"), ""),
        (words("client add --name Jane --email JANE@example.COM"), ""),
        (words("client add --name Sam --email sam"), ""),
        (words("client add --name Sam --email @example.com"), ""),
        (
            and_value("client add --name Sam --email", "sam@exam ple.com"),
            "",
        ),
        (and_value("client add --name Sam --email", ""), ""),
        // Passwords that are refused.
        (sam("--password-stdin"), "hunter2"),
        (sam("--password-stdin"), ""),
        (sam("--password-stdin"), "\n"),
        (sam("--password-stdin"), &long_password),
        (
            words("client set-password --email jane@example.com"),
            "hunter2\n",
        ),
        (words("client set-password --email jane@example.com"), ""),
        // A password is no argument: others on the machine can read those.
        (sam("--password hunter2hunter2hunter2"), ""),
        (sam("--password=hunter2hunter2hunter2"), ""),
        (
            words("client set-password --email jane@example.com --password hunter2hunter2"),
            "",
        ),
        // Fields that are refused.
        (sam("--country UK"), ""),
        (sam("--country ZZ"), ""),
        (sam("--country USA"), ""),
        (sam("--country="), ""),
        (sam("--currency US"), ""),
        (sam("--currency €€€"), ""),
        (and_value(SAM, "--company=Acme\u{1b}[31m"), ""),
        (and_value(SAM, "--city=Aus\ntin"), ""),
        (and_value(SAM, "--phone=1\u{7f}2"), ""),
        (and_value(SAM, &long_company), ""),
        (
            and_value("client add --email sam@example.com --name", " "),
            "",
        ),
        (
            and_value("client add --email sam@example.com --name", "S\tm"),
            "",
        ),
        (words("client add --email sam@example.com"), ""),
        (
            words("client set-status --email jane@example.com --status Closing"),
            "",
        ),
        (
            words("client set-status --email jane@example.com --status deleted"),
            "",
        ),
        // Numbers that no token has.
        (words("token revoke 1"), ""),
        (words("token revoke 0"), ""),
        (words("token revoke -1"), ""),
        (words("token revoke -- -1"), ""),
        (words("token revoke 9223372036854775807"), ""),
        (words("token revoke 9223372036854775808"), ""),
        (words("token revoke one"), ""),
        (words("token revoke"), ""),
        (words("token revoke --all"), ""),
        (words("token revoke --client jane@example.com"), ""),
        (words("token revoke 1 --all --client jane@example.com"), ""),
        (words("token revoke --all --client no@example.com"), ""),
        (words("session end"), ""),
        (words("session end 1"), ""),
        (words("session end one"), ""),
        (words("session end 1 --client jane@example.com"), ""),
        (words("session list --client no@example.com"), ""),
        (words("client show --email no@example.com"), ""),
        (words("client edit --email jane@example.com"), ""),
        (
            words("client edit --email no@example.com --city Austin"),
            "",
        ),
        (words("client edit --email jane@example.com --name="), ""),
        (words("client edit --email jane@example.com --country="), ""),
        (
            words("client edit --email jane@example.com --new-email sam"),
            "",
        ),
        (words("completions tcsh"), ""),
        // Commands that do not exist.
        (words("client"), ""),
        (words("client delete --email jane@example.com"), ""),
        (words("start"), ""),
        (words("serve --port 3000"), ""),
    ];
    for (arguments, input) in cases {
        let finished = operator.run_with_input(&arguments, input);
        assert_refused(&finished, &arguments);
    }
    let clients = parse_list(&operator.say(&["client", "list", "--json"], ""));
    assert_eq!(clients.len(), 1, "nothing was added: {clients:?}");
}

#[test]
fn a_password_typed_where_none_belongs_is_not_repeated() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let set = "client set-password --email jane@example.com";
    for arguments in [
        and_value(set, "hunter2hunter2hunter2"),
        and_value(set, "--password-stdin=hunter2hunter2hunter2"),
        and_value(SAM, "hunter2hunter2hunter2"),
        and_value(SAM, "--password-stdin=hunter2hunter2hunter2"),
    ] {
        let finished = operator.run_with_input(&arguments, PASSWORD);
        assert_refused(&finished, &arguments);
    }
}

#[test]
fn every_command_has_help() {
    let operator = Workplace::new();
    for line in [
        "--help",
        "serve --help",
        "client --help",
        "client add --help",
        "client list --help",
        "client show --help",
        "client edit --help",
        "session --help",
        "session list --help",
        "session end --help",
        "completions --help",
        "client set-password --help",
        "client set-status --help",
        "token --help",
        "token list --help",
        "token revoke --help",
        "backup --help",
        "restore --help",
    ] {
        let said = operator.say(&words(line), "");
        assert!(said.contains("Usage: opentill"), "{said}");
    }
    let left: Vec<_> = std::fs::read_dir(operator.dir()).unwrap().collect();
    assert!(left.is_empty(), "help makes no database: {left:?}");
}
