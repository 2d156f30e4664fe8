//! `opentill restore`: what was revoked, closed or changed since the backup does not come back.

mod gap;
mod killed;
mod refusals;

use std::{ffi::OsString, fs, path::PathBuf, time::Duration};

use crate::support::{
    Answer, EMAIL, PASSWORD,
    changes::tokens,
    process::{Server, Workplace, python},
};

const NEW_PASSWORD: &str = "a new phrase of several words";
const SAM: &str = "sam@example.com";
const KIM: &str = "kim@example.com";

fn stop(mut server: Server) {
    server.signal("TERM");
    let status = server.exit_within(Duration::from_secs(15));
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
}

fn database(operator: &Workplace) -> PathBuf {
    operator.dir().join("opentill.db")
}

fn names_in(operator: &Workplace) -> Vec<OsString> {
    let entries = fs::read_dir(operator.dir()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

/// The databases that restores have kept.
fn kept(operator: &Workplace) -> Vec<PathBuf> {
    names_in(operator)
        .into_iter()
        .filter(|name| name.to_string_lossy().contains(".before-restore-"))
        .map(|name| operator.dir().join(name))
        .collect()
}

fn set_password(operator: &Workplace, email: &str) {
    operator.say(&["client", "set-password", "--email", email], NEW_PASSWORD);
}

fn set_status(operator: &Workplace, email: &str, status: &str) {
    operator.say(
        &["client", "set-status", "--email", email, "--status", status],
        "",
    );
}

#[track_caller]
fn assert_dead(answer: &Answer) {
    assert!(answer.is_exact_401(), "{answer:?}");
}

#[tokio::test]
async fn a_restored_backup_knows_what_was_revoked_closed_and_changed_since() {
    let operator = Workplace::new();
    for email in [EMAIL, SAM, KIM] {
        operator.add_client(email);
    }
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let kept_token = jane.create_token("Kept").await;
    let leaked = jane.create_token("Leaked").await;
    let by_operator = jane.create_token("Revoked by the operator").await;
    let unseen = ("idempotency_key", "once");
    let unseen_token = jane
        .post("/profile/tokens", &[("name", "Answer lost"), unseen])
        .await;
    let unseen_token = crate::support::find_token(&unseen_token.body).unwrap();
    let sams = server.logged_in_as(SAM).await.create_token("Sam's").await;
    let mut kims = server.logged_in_as(KIM).await;
    let kims_token = kims.create_token("Kim's").await;
    operator.say(&["backup", "copy.db"], "");

    // Since then:
    let listed = tokens(&mut jane).await;
    let id_of = |name: &str| listed.iter().find(|(_, other)| other == name).unwrap().0;
    jane.rpc("tokens/revoke", &[("id", &id_of("Leaked").to_string())])
        .await;
    let id = id_of("Revoked by the operator").to_string();
    operator.say(&["token", "revoke", &id], "");
    let replaced = jane
        .post(
            "/profile/tokens",
            &[("name", "Answer lost"), unseen, ("replace_unseen", "true")],
        )
        .await;
    let replacement = crate::support::find_token(&replaced.body).unwrap();
    assert_dead(&server.me(&unseen_token).await);
    let made_since = jane.create_token("Made since").await;
    set_status(&operator, SAM, "closed");
    set_status(&operator, KIM, "suspended");
    operator.add_client("lou@example.com");
    set_password(&operator, EMAIL);
    let old_session = server.logged_in_as(KIM).await.cookie;
    // Killed, it leaves all of this in its log alone.
    server.kill();
    assert!(
        fs::metadata(operator.dir().join("opentill.db-wal"))
            .unwrap()
            .len()
            > 0
    );

    let said = operator.say(&["restore", "copy.db"], "");
    for part in [
        "clients 3, active tokens 3",
        "tokens revoked 3, clients closed or suspended 2, passwords changed 1",
        "unknown now: active tokens 2, clients 1",
        "Revoked as told: tokens 0",
        "All sessions are ended",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }

    let server = operator.serve();
    assert_eq!(server.me(&kept_token).await.status, 200);
    for token in [
        leaked,
        by_operator,
        unseen_token,
        replacement,
        made_since,
        sams,
    ] {
        assert_dead(&server.me(&token).await);
    }
    let kim = server.me(&kims_token).await;
    assert!(kim.body.contains(r#""status":"suspended""#), "{}", kim.body);
    let mut visitor = server.browser();
    assert_eq!(visitor.log_in(EMAIL, PASSWORD).await.status, 401);
    assert_eq!(visitor.log_in(SAM, PASSWORD).await.status, 401);
    assert_eq!(
        visitor.log_in("lou@example.com", PASSWORD).await.status,
        401
    );
    visitor.cookie = old_session;
    assert_eq!(visitor.get("/profile").await.status, 303, "sessions ended");
    assert_eq!(visitor.log_in(EMAIL, NEW_PASSWORD).await.status, 303);

    // A new token gets a number that no token ever had.
    visitor.create_token("Next").await;
    let newest = tokens(&mut visitor).await[0].0;
    assert!(newest > id_of("Answer lost") + 3, "{newest}");

    // What was in place is kept, whole and in one file.
    let [old] = kept(&operator).try_into().unwrap();
    let read = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                print(db.execute(\"SELECT count(*) FROM tokens WHERE name = 'Made since'\").fetchone()[0], \
                db.execute('PRAGMA integrity_check').fetchone()[0])";
    assert_eq!(python(read, &[old.as_os_str()]), "1 ok");
    assert!(said.contains(&old.canonicalize().unwrap().display().to_string()));
}

#[tokio::test]
async fn what_is_opened_again_since_the_backup_stays_as_closed_as_it_was() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    set_status(&operator, EMAIL, "suspended");
    operator.say(&["backup", "copy.db"], "");
    set_status(&operator, EMAIL, "active");
    let said = operator.say(&["restore", "copy.db"], "");
    assert!(said.contains("clients closed or suspended 0"), "{said}");
    let list = operator.say(&["client", "list"], "");
    assert!(list.contains("suspended"), "{list}");
}

#[tokio::test]
async fn more_can_be_revoked_than_is_known_to_have_been() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let known = jane.create_token("Known to be revoked").await;
    let feared = jane.create_token("Feared for").await;
    operator.say(&["backup", "copy.db"], "");
    jane.rpc("tokens/revoke", &[("id", "1")]).await;
    stop(server);

    let said = operator.say(&["restore", "copy.db", "--revoke", "all"], "");
    assert!(said.contains("tokens revoked 1,"), "{said}");
    assert!(said.contains("Revoked as told: tokens 1"), "{said}");
    let server = operator.serve();
    for token in [known, feared] {
        assert_dead(&server.me(&token).await);
    }
}

#[tokio::test]
async fn a_revocation_lives_through_one_restore_after_another() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let leaked = jane.create_token("Leaked").await;
    operator.say(&["backup", "one.db"], "");
    operator.say(&["backup", "two.db"], "");
    jane.rpc("tokens/revoke", &[("id", "1")]).await;
    stop(server);
    operator.say(&["restore", "one.db"], "");
    let said = operator.say(&["restore", "two.db"], "");
    assert!(said.contains("tokens revoked 1,"), "{said}");
    assert_dead(&operator.serve().me(&leaked).await);
    assert_eq!(kept(&operator).len(), 2);
}

#[test]
fn the_restored_database_belongs_to_whoever_the_old_one_belonged_to() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.say(&["backup", "copy.db"], "");
    let path = database(&operator);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    // Another user's, where whoever runs this may give files away.
    let is_given_away = chown(&path, Some(65534), Some(65534)).is_ok();
    let before = fs::metadata(&path).unwrap();
    operator.say(&["restore", "copy.db"], "");
    let after = fs::metadata(&path).unwrap();
    assert_eq!(after.permissions().mode() & 0o777, 0o640);
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    assert!(!is_given_away || after.uid() == 65534);
}
