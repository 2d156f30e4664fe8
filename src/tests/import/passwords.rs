//! Passwords that clients bring along from another system.

use serde_json::json;

use super::{export, find, import, operator, text};
use crate::support::{EMAIL, PASSWORD};

const NEW_PASSWORD: &str = "a new phrase of several words";

#[tokio::test]
async fn a_password_is_kept_and_hashed_anew_at_the_first_log_in() {
    let operator = operator();
    // Added by hand before: the file adopts this client.
    let add = ["client", "add", "--email", EMAIL, "--name", "J", "--invite"];
    let invited = operator.say(&add, "");
    let link = &invited[invited.find("/set-password/").unwrap()..].trim_end();
    let hash = bcrypt::hash_with_salt(PASSWORD, 4, [1; 16]).unwrap();
    let hash = hash.format_for_version(bcrypt::Version::TwoY);
    let client = json!({"type": "client", "external_id": "42", "email": EMAIL, "name": "Jane Smith", "password_hash": hash});
    let file = text(std::slice::from_ref(&client));
    let said = import(&operator, &file);
    assert!(said.contains("client\tcreated 0\tupdated 1"), "{said}");
    assert_eq!(
        find(&export(&operator), "client", "42")["password_hash"],
        hash
    );

    let server = operator.serve();
    let mut jane = server.browser();
    assert_eq!(
        jane.get(link).await.status,
        404,
        "there is a password now, so the invitation has ended"
    );
    assert_eq!(
        jane.log_in(EMAIL, "wrong horse battery staple")
            .await
            .status,
        401
    );
    assert_eq!(
        jane.log_in("nobody@example.com", PASSWORD).await.status,
        401
    );
    assert_eq!(jane.log_in(EMAIL, PASSWORD).await.status, 303);
    let stored = find(&export(&operator), "client", "42")["password_hash"].clone();
    assert!(
        stored.as_str().unwrap().starts_with("$argon2id$"),
        "{stored}"
    );
    assert_eq!(
        server.browser().log_in(EMAIL, PASSWORD).await.status,
        303,
        "and again"
    );

    let said = import(&operator, &file);
    assert!(
        said.contains("unchanged 1"),
        "the file's hash was set before: {said}"
    );
    let without = operator.say(&["export", "--without-passwords"], "");
    assert!(
        !without.contains("password_hash") && without.contains(EMAIL),
        "{without}"
    );

    // Changed in the billing system: what was begun with the old password ends.
    let mut changed = client;
    let hash = bcrypt::hash_with_salt(NEW_PASSWORD, 4, [2; 16]).unwrap();
    changed["password_hash"] = json!(hash.format_for_version(bcrypt::Version::TwoB));
    import(&operator, &text(&[changed.clone()]));
    assert_eq!(
        jane.get("/profile").await.status,
        303,
        "the session has ended"
    );
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 401);
    let mut jane = server.browser();
    assert_eq!(jane.log_in(EMAIL, NEW_PASSWORD).await.status, 303);

    changed["status"] = json!("closed");
    import(&operator, &text(&[changed]));
    assert_eq!(jane.get("/profile").await.status, 303, "closed");
    assert_eq!(
        server.browser().log_in(EMAIL, NEW_PASSWORD).await.status,
        401
    );
}
