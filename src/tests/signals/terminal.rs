//! At a terminal: a new password is asked for twice and unseen, and Ctrl+C leaves everything as it was.

use super::*;

/// Types each answer when it is asked for it, and prints what is seen, whether what is typed would be shown at each
/// question and in the end, and the exit code.
const SCRIPT: &str = r#"
import os, pty, select, sys, termios
answers, command = sys.argv[1].encode().split(b','), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv('/bin/sh', ['sh', '-c', 'trap : INT; "$0" "$@"; echo "code $?"; read end', *command])
is_shown = lambda: 'shown' if termios.tcgetattr(terminal)[3] & termios.ECHO else 'unseen'
seen, asked, said = b'', 0, []
while b'code ' not in seen or not seen.endswith(b'\n'):
    if not select.select([terminal], [], [], 20)[0]:
        said.append('nothing more')
        break
    seen += os.read(terminal, 4096)
    if seen.endswith(b': ') and asked < len(answers):
        said.append(is_shown())
        os.write(terminal, answers[asked])
        asked += 1
said.append(is_shown())
print(seen.decode().replace('\r', ''), ' '.join(said))
os.write(terminal, b'\n')
"#;

fn at_terminal(operator: &Workplace, answers: &str) -> String {
    let words = ["python3", "-c", SCRIPT, answers].map(OsStr::new);
    let finished = operator.run_under(&words, &["client", "set-password", "--email", EMAIL]);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    finished.stdout
}

#[tokio::test]
async fn a_new_password_is_asked_for_twice_and_not_shown() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let said = at_terminal(
        &operator,
        "a phrase of many words\n,a phrase of any words\n",
    );
    assert!(said.contains("the two passwords differ"), "{said}");
    assert!(said.ends_with("code 1\n unseen unseen shown\n"), "{said}");
    server.logged_in().await;

    let said = at_terminal(
        &operator,
        "a phrase of many words\n,a phrase of many words\n",
    );
    assert!(said.contains("The password of jane@example.com was set"));
    assert!(said.ends_with("code 0\n unseen unseen shown\n"), "{said}");
    assert!(!said.contains("phrase"), "{said}");
    let mut jane = server.browser();
    let answer = jane.log_in(EMAIL, "a phrase of many words").await;
    assert_eq!(answer.status, 303);
}

#[test]
fn ctrl_c_at_the_question_leaves_the_terminal_as_it_was() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    for answers in ["\u{3}", "a phrase of many words\n,\u{3}"] {
        let said = at_terminal(&operator, answers);
        assert!(said.contains("opentill: stopped by SIGINT"), "{said}");
        assert!(said.contains("code 130\n"), "{said}");
        assert!(said.ends_with("unseen shown\n"), "{said}");
    }
}
