use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};

use super::*;

fn typed(text: &str) -> Password {
    Password::typed(text.to_owned())
}

#[tokio::test]
async fn the_right_password_is_told_from_all_others() {
    let passwords = Passwords::new();
    let stored = passwords
        .hash(typed("correct horse battery staple"))
        .await
        .unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    for (text, verdict) in [
        ("correct horse battery staple", Verdict::Right),
        ("correct horse battery stapl", Verdict::Wrong),
        ("correct horse battery staple ", Verdict::Wrong),
        ("Correct horse battery staple", Verdict::Wrong),
        ("", Verdict::Wrong),
    ] {
        let got = passwords
            .verify(typed(text), Some(stored.clone()))
            .await
            .unwrap();
        assert_eq!(got, verdict, "{text:?}");
    }
}

#[tokio::test]
async fn without_a_stored_hash_every_password_is_wrong_after_the_same_work() {
    let passwords = Passwords::new();
    let got = passwords.verify(typed("anything at all"), None).await;
    assert_eq!(got.unwrap(), Verdict::Wrong);
    let stored = passwords.hash(typed("anything at all")).await.unwrap();
    let work = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
    assert_eq!(work(&passwords.decoy), work(&stored));
    assert_eq!(passwords.decoy.len(), stored.len());
}

#[tokio::test]
async fn a_weaker_hash_asks_to_be_replaced_and_a_monstrous_one_is_refused() {
    let weak = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(1024, 1, 1, None).unwrap(),
    )
    .hash_password(b"correct horse battery staple")
    .unwrap()
    .to_string();
    let passwords = Passwords::new();
    let got = passwords
        .verify(typed("correct horse battery staple"), Some(weak.clone()))
        .await;
    assert_eq!(got.unwrap(), Verdict::RightButWeak);
    let monstrous = weak.replace("m=1024", "m=4000000");
    assert!(passwords.verify(typed("x"), Some(monstrous)).await.is_err());
}

#[tokio::test]
async fn a_hash_of_the_letters_as_they_were_typed_goes_on_working_and_is_replaced() {
    let passwords = Passwords::new();
    let decomposed = "zu\u{308}rich am zu\u{308}richsee";
    let old = Argon2::default();
    let old = old
        .hash_password(decomposed.as_bytes())
        .unwrap()
        .to_string();
    let verify = async |text: &str, stored: &str| {
        let got = passwords.verify(typed(text), Some(stored.to_owned()));
        got.await.unwrap()
    };
    assert_eq!(verify(decomposed, &old).await, Verdict::RightButWeak);
    let new = passwords.hash(typed(decomposed)).await.unwrap();
    for text in [
        decomposed,
        "zürich am zürichsee",
        "zürich\u{a0}am\u{3000}zürichsee",
    ] {
        assert_eq!(verify(text, &new).await, Verdict::Right, "{text:?}");
    }
    assert_eq!(verify("zurich am zurichsee", &new).await, Verdict::Wrong);
}

#[tokio::test]
async fn judging_is_done_by_the_threads_that_hash_once_the_length_is_right() {
    let passwords = Passwords::new();
    let judge = async |text: &str| passwords.accept("p", text, &["acme"]).await.is_ok();
    let too_long = "a".repeat(MAX_BYTES + 1);
    for (text, is_accepted, is_work) in [
        ("14 characters.", false, 0),
        (too_long.as_str(), false, 0),
        ("passwordpassword", false, 1),
        ("correct horse battery staple", true, 1),
    ] {
        let before = passwords.workers().done();
        assert_eq!(judge(text).await, is_accepted, "{text}");
        assert_eq!(passwords.workers().done() - before, is_work, "{text}");
    }
}
