//! What must never be in the repository.

use std::{fs, path::Path, process::Command};

use opentill::model::secret::{PREFIX, TOKEN_LEN, TokenSecret};

/// All files that git knows or would add.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("git is installed");
    assert!(listed.status.success(), "this is a git repository");
    let listed = String::from_utf8(listed.stdout).expect("paths are UTF-8");
    listed
        .split_terminator('\0')
        .map(ToOwned::to_owned)
        .collect()
}

/// Everything that could be a live token: its checksum is right.
fn tokens(bytes: &[u8]) -> Vec<String> {
    bytes
        .windows(TOKEN_LEN)
        .filter(|part| part.starts_with(PREFIX.as_bytes()))
        .filter_map(TokenSecret::parse)
        .map(|secret| secret.expose().to_owned())
        .collect()
}

#[test]
fn nothing_in_the_repository_could_be_a_live_token() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for file in files() {
        // One that was deleted and is not committed yet is still listed.
        let Ok(bytes) = fs::read(root.join(&file)) else {
            continue;
        };
        assert_eq!(tokens(&bytes), [""; 0], "{file}");
        seen += 1;
    }
    assert!(seen > 100, "the repository was read");
}

#[test]
fn a_token_is_found_whatever_surrounds_it() {
    let secret = TokenSecret::generate();
    let token = secret.expose();
    for (before, after) in [
        ("", ""),
        ("x = \"", "\""),
        ("ot_live_", "0"),
        ("\0\u{ff}", "\n"),
    ] {
        let text = format!("{before}{token}{after}");
        assert_eq!(tokens(text.as_bytes()), [token], "{before:?} {after:?}");
    }
    let typo = format!("{}{}", &token[..TOKEN_LEN - 1], '_');
    assert_eq!(tokens(typo.as_bytes()), [""; 0]);
}
