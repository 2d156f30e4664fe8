//! Forms that change nothing are not told as a change, and write nothing; nor do they undo what others changed.

use opentill::{model::client::ClientStatus, server::clients};

use crate::support::{Answer, Browser, EMAIL, PASSWORD, TestApp};

async fn events(app: &TestApp) -> usize {
    let client = app.id_of(EMAIL).await;
    app.state
        .store
        .activity_of(client, 100)
        .await
        .unwrap()
        .len()
}

/// The details form as the page has it, with these fields typed over.
fn details(page: &Answer, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let names = [
        "version", "company", "phone", "address1", "address2", "city", "state", "postcode",
        "country",
    ];
    let mut fields: Vec<_> = names.map(|name| (name.to_owned(), page.field(name))).into();
    // There are two of this name on the page.
    fields.push(("name".to_owned(), "Jane Smith".to_owned()));
    for (name, value) in typed {
        let field = fields.iter_mut().find(|(known, _)| known == name);
        (*value).clone_into(&mut field.unwrap().1);
    }
    fields
}

async fn save(owner: &mut Browser, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    owner.post("/profile/details", &fields).await
}

#[tokio::test]
async fn details_that_are_what_they_were_are_not_saved_again() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let before = events(&app).await;
    let page = owner.get("/profile").await;
    let answer = save(&mut owner, &details(&page, &[])).await;
    let page = owner.follow(&answer).await;
    assert!(page.body.contains("Nothing changed.") && !page.body.contains("Details saved."));
    // What is trimmed away is no change either, and a script need not say what it was made with.
    let mut spaced = details(&page, &[("name", "  Jane Smith "), ("version", "")]);
    let answer = save(&mut owner, &spaced).await;
    assert!(
        owner
            .follow(&answer)
            .await
            .body
            .contains("Nothing changed.")
    );
    assert_eq!(events(&app).await, before);
    spaced[5].1 = "Dallas".to_owned();
    let answer = save(&mut owner, &spaced).await;
    assert!(owner.follow(&answer).await.body.contains("Details saved."));
    assert_eq!(events(&app).await, before + 1);
}

#[tokio::test]
async fn details_that_others_changed_meanwhile_are_not_written_over() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let mut tabs = [owner.get("/profile").await, owner.get("/profile").await];
    let first = details(&tabs[0], &[("city", "Dallas")]);
    assert_eq!(save(&mut owner, &first).await.status, 303);
    let second = details(&tabs[1], &[("phone", "+1 512 555 0100")]);
    let answer = save(&mut owner, &second).await;
    assert_eq!(answer.status, 409);
    assert!(
        answer
            .body
            .contains("This was changed after you opened the page")
    );
    assert!(
        answer.body.contains("value=\"+1 512 555 0100\""),
        "it is kept"
    );
    assert!(
        answer.body.contains("Dallas"),
        "and what is stored is shown"
    );
    // A refusal of something else does not make an old page a new one.
    let mut refused = second.clone();
    refused.retain(|(name, _)| name != "country");
    refused.push(("country".to_owned(), "England".to_owned()));
    tabs[1] = save(&mut owner, &refused).await;
    assert_eq!(tabs[1].status, 422);
    let again = details(&tabs[1], &[("country", "US")]);
    assert_eq!(save(&mut owner, &again).await.status, 409);
    // Whoever has seen what is stored may save over it.
    let seen = details(&answer, &[]);
    assert_eq!(save(&mut owner, &seen).await.status, 303);
    let client = clients::by_email(&app.state, &EMAIL.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(client.contact.phone.as_deref(), Some("+1 512 555 0100"));
}

#[tokio::test]
async fn two_tabs_that_save_at_the_same_moment_do_not_both_win() {
    let app = TestApp::start().await;
    for round in 0..5 {
        let mut tabs = [app.logged_in().await, app.logged_in().await];
        let page = tabs[0].get("/profile").await;
        let [one, two] = &mut tabs;
        let (first, second) = (format!("First {round}"), format!("Second {round}"));
        let first = details(&page, &[("city", &first)]);
        let second = details(&page, &[("city", &second)]);
        let (first, second) = tokio::join!(save(one, &first), save(two, &second));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
    }
}

#[tokio::test]
async fn a_token_that_has_the_name_is_not_renamed() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("A").await;
    let before = events(&app).await;
    let page = format!("/profile/tokens/{}", app.tokens_of(EMAIL).await[0].id);
    let path = format!("{page}/rename");
    for old_name in ["", "A"] {
        let answer = owner
            .post(&path, &[("name", " A "), ("old_name", old_name)])
            .await;
        let page = owner.follow(&answer).await;
        assert!(page.body.contains("Nothing changed."), "{old_name:?}");
        assert!(!page.body.contains("has a new name"));
    }
    assert_eq!(events(&app).await, before);
    let answer = owner.post(&path, &[("name", "a"), ("old_name", "A")]).await;
    assert!(owner.follow(&answer).await.body.contains("has a new name"));
    assert_eq!(events(&app).await, before + 1);
}

#[tokio::test]
async fn the_password_that_one_has_is_no_new_one() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    app.logged_in().await;
    let before = events(&app).await;
    let same = [("current_password", PASSWORD), ("new_password", PASSWORD)];
    let answer = owner.post("/profile/password", &same).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer
            .body
            .contains("This is your current password. Choose a new one.")
    );
    // Whoever does not know it learns nothing.
    let guess = "another horse battery staple";
    let guessed = [("current_password", guess), ("new_password", guess)];
    let answer = owner.post("/profile/password", &guessed).await;
    assert!(answer.body.contains("Current password is incorrect."));
    assert_eq!(app.sessions_of(EMAIL).await.len(), 2);
    assert_eq!(events(&app).await, before);
}

#[tokio::test]
async fn a_status_that_one_has_is_not_set_again() {
    let app = TestApp::start().await;
    let before = events(&app).await;
    app.set_status(EMAIL, ClientStatus::Active).await;
    assert_eq!(events(&app).await, before);
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    assert_eq!(events(&app).await, before + 1);
}
