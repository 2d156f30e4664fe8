//! Completions for shells.

use std::process::Command;

use super::*;

#[test]
fn every_shell_gets_a_script_that_it_can_read_and_no_database_is_needed() {
    let operator = Workplace::on_file().set("DATABASE_URL", "nothing that can be opened");
    for (shell, has) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef opentill"),
        ("fish", "complete -c opentill"),
    ] {
        let script = operator.say(&["completions", shell], "");
        assert!(script.contains(has), "{shell}");
        for word in ["client", "session", "set-status", "revoke", "--demo"] {
            let word = word.trim_start_matches('-');
            assert!(script.contains(word), "{shell}: {word}");
        }
        let checked = Command::new(shell).args(["-n", "-c", &script]).output();
        if let Ok(checked) = checked {
            assert!(checked.status.success(), "{shell}: {checked:?}");
        }
    }
    assert_eq!(std::fs::read_dir(operator.dir()).unwrap().count(), 0);
}

#[test]
fn help_names_each_setting_with_its_default() {
    let operator = Workplace::on_file();
    for line in ["--help", "serve --help"] {
        let help = operator.say(&words(line), "");
        for setting in opentill::server::settings::NAMES {
            assert!(
                help.contains(&format!("  {setting} [default: ")),
                "{setting}: {help}"
            );
        }
        assert!(help.contains("Exit codes:"), "{help}");
    }
}
