//! What must never be in the repository, and what its documents say of it.

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

/// The documents that people read first, by path.
fn documents() -> impl Iterator<Item = (String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_document = |file: &String| {
        ["README.md", "CONTRIBUTING.md", ".github/SECURITY.md"].contains(&file.as_str())
            || (file.starts_with("docs/") && Path::new(file).extension().is_some_and(|e| e == "md"))
    };
    let files = files().into_iter().filter(is_document);
    files.filter_map(move |file| {
        let text = fs::read_to_string(root.join(&file)).ok()?;
        Some((file, text))
    })
}

#[test]
fn every_link_of_a_document_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut followed = 0;
    for (file, text) in documents() {
        let folder = root.join(&file).parent().unwrap().to_owned();
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.starts_with("https://")) {
            let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
            let path = if path.is_empty() {
                root.join(&file)
            } else {
                folder.join(path)
            };
            assert!(path.exists(), "{file}: {target}");
            if !fragment.is_empty() {
                let text = fs::read_to_string(&path).unwrap();
                let headings = text.lines().filter(|line| line.starts_with('#'));
                let mut ids = headings.map(|line| {
                    let heading = line.trim_start_matches('#').trim().to_lowercase();
                    heading.replace(' ', "-").replace(['`', ',', ':', '.'], "")
                });
                assert!(ids.any(|id| id == fragment), "{file}: {target}");
            }
            followed += 1;
        }
    }
    assert!(followed > 5, "links were found");
}

#[test]
fn every_make_target_that_a_document_names_exists() {
    let makefile = include_str!("../../Makefile");
    for (file, text) in documents() {
        let commands = text
            .split(['`', '\n'])
            .filter_map(|part| part.strip_prefix("make "));
        for target in commands.filter_map(|command| command.split_whitespace().next()) {
            let rule = format!("{target}:");
            assert!(
                makefile.lines().any(|line| line.starts_with(&rule)),
                "{file}: make {target}"
            );
        }
    }
}

#[test]
fn every_folder_that_the_readme_maps_exists() {
    let (_, map) = include_str!("../../README.md")
        .split_once("## Map")
        .unwrap();
    let rows = map.lines().filter_map(|line| line.strip_prefix("| `"));
    let folders = rows.flat_map(|row| row.split(" | ").next().unwrap().split(", "));
    let folders: Vec<_> = folders.map(|folder| folder.trim_matches('`')).collect();
    assert!(folders.len() > 10, "{folders:?}");
    for folder in folders {
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).is_dir(),
            "{folder}"
        );
    }
}
