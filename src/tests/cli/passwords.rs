//! Passwords that are set can be typed, whatever the keyboard.

use super::*;

#[tokio::test]
async fn a_password_that_no_form_can_send_is_refused_by_name_and_any_other_logs_in() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let set = ["client", "set-password", "--email", EMAIL];
    for (password, name) in [
        ("a phrase of\nseveral lines", "U+000A"),
        ("a phrase of several words\r\n\r\n", "U+000D"),
        ("a phrase\tof several words", "U+0009"),
        ("a phrase\u{0}of several words", "U+0000"),
        ("\u{feff}a phrase of several words", "U+FEFF"),
        ("a phrase of\u{200b} several words", "U+200B"),
        ("a phrase of several words\u{202e}", "U+202E"),
    ] {
        let refused = operator.run_with_input(&set, password);
        assert_eq!(refused.code, Some(1), "{password:?}");
        assert!(
            refused.stderr.contains("the password is refused: "),
            "{refused:?}"
        );
        assert!(refused.stderr.contains(name), "{name}: {refused:?}");
        assert!(!refused.stderr.contains("phrase"), "{refused:?}");
        let added = [&words(SAM)[..], &["--password-stdin"]].concat();
        assert_eq!(operator.run_with_input(&added, password).code, Some(1));
    }
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 303);
    for (password, typed) in [
        ("zu\u{308}rich am zu\u{308}richsee", "zürich am zürichsee"),
        (
            "zürich am zürichsee",
            "zu\u{308}rich\u{a0}am zu\u{308}richsee",
        ),
        ("  spaces at both ends  ", "  spaces at both ends  "),
        (
            "👩\u{200d}👧 ❤\u{fe0f} family of four",
            "👩\u{200d}👧 ❤\u{fe0f} family of four",
        ),
    ] {
        operator.say(&set, &format!("{password}\n"));
        for typed in [password, typed] {
            let answer = server.browser().log_in(EMAIL, typed).await;
            assert_eq!(answer.status, 303, "{password:?} as {typed:?}");
        }
    }
}
