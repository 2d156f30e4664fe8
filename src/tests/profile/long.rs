//! Pages of a client of whom a lot is stored.

use std::collections::HashSet;

use opentill::{http::portal, model::activity::Event};

use crate::support::{Browser, EMAIL, TestApp, database::run};

/// What a page may weigh, in bytes.
const MOST: usize = 200_000;

/// Rows that are as long as they can be: `{n}` of them, counted by `i` in the table `n`.
async fn fill(app: &TestApp, n: usize, statement: &str) {
    let now = app.clock.now().unix();
    let (name, agent) = ("&".repeat(95), "&".repeat(200));
    let statement = statement
        .replace("{now}", &now.to_string())
        .replace("{name}", &format!("'{name}' || i"))
        .replace("{agent}", &format!("'{agent}'"))
        .replace("{blob}", "CAST(CAST(i AS TEXT) AS BLOB)")
        .replace("{client}", &app.id_of(EMAIL).await.0.to_string());
    let counted = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) {statement}"
    );
    run(&app.state.config.database_url, &counted).await;
}

const LONG_ADDRESS: &str = "2001:db8:1111:2222:3333:4444:5555:6660/124";

/// An app of whose client there is more than any page shows.
async fn full() -> TestApp {
    let app = TestApp::start_with(&[("OPENTILL_MAX_TOKENS", "10000")]).await;
    fill(
        &app,
        1_200,
        &"INSERT INTO tokens (client_id, name, name_key, hash, last_four, created_at, last_used_at, \
         expires_at, allowed_addresses) SELECT {client}, {name}, {name}, {blob}, 'a1B2', {now}, {now}, \
         4000000000, '{allowed}' FROM n"
            .replace("{allowed}", [LONG_ADDRESS; 20].join(" ").as_str()),
    )
    .await;
    fill(
        &app,
        2_000,
        "INSERT INTO tokens (client_id, name, name_key, hash, last_four, created_at, revoked_at) \
         SELECT {client}, {name}, {name}, CAST('revoked' || i AS BLOB), 'a1B2', {now}, {now} FROM n",
    )
    .await;
    fill(
        &app,
        300,
        "INSERT INTO sessions (id_hash, client_id, user_agent, created_at, last_seen_at) \
         SELECT {blob}, {client}, {agent}, {now}, {now} FROM n",
    )
    .await;
    for event in Event::ALL {
        let line = "INSERT INTO activity \
            (client_id, at, event, who, token_id, token_name, token_last_four, address, user_agent) \
            SELECT {client}, {now}, '{event}', 'client', (SELECT min(id) FROM tokens), {name}, 'a1B2', \
            '2001:db8:1:2::/64', {agent} FROM n";
        fill(&app, 200, &line.replace("{event}", event.as_str())).await;
    }
    fill(
        &app,
        100,
        "INSERT INTO token_addresses (token_id, address, user_agent, first_used_at, last_used_at) \
         SELECT (SELECT min(id) FROM tokens), '10.0.0.' || i, {agent}, {now}, {now} FROM n",
    )
    .await;
    app
}

#[tokio::test]
async fn no_page_grows_with_what_is_stored() {
    let app = full().await;
    let mut owner = app.logged_in().await;
    let tokens = app.tokens_of(EMAIL).await;
    let first = tokens.last().unwrap().id.to_string();
    let filtered = Event::ALL.map(|event| format!("/activity?event={}", event.as_str()));
    let pages = portal::pages().map(|(path, _)| path.replace("{id}", &first));
    // There is no link to a page that sets a password here.
    let pages = pages.iter().filter(|path| !path.contains('{'));
    for path in pages.chain(&filtered) {
        let page = owner.get(path).await;
        assert!([200, 303].contains(&page.status), "{path}: {}", page.status);
        assert!(page.body.len() <= MOST, "{path}: {}", page.body.len());
    }
    let listed = owner.rpc("tokens/list", &[]).await;
    assert_eq!(listed.status, 200);
    assert!(listed.body.len() <= MOST, "{}", listed.body.len());

    let page = owner.get("/profile").await.body;
    for said in [
        "1200 of 10000",
        "Recently revoked (1000)",
        "… and 992 more.",
        "… and 40 more.",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let page = owner.get("/").await.body;
    assert!(page.contains("<strong>1200</strong>"), "{page}");
    let page = owner.get("/profile/tokens/revoke-all").await.body;
    for said in ["Revoke all 1200 tokens?", "… and 1150 more."] {
        assert!(page.contains(said), "{said}");
    }
}

/// All addresses that begin like this, as links of the pages that one comes to by those to what is older.
async fn links(owner: &mut Browser, path: &str, begin: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next.take() {
        let page = owner.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        let hrefs = page.body.split("href=\"").skip(1);
        for href in hrefs.map(|rest| rest.split('"').next().unwrap()) {
            if href.contains("before=") {
                next = Some(href.replace("&amp;", "&"));
            } else if href.starts_with(begin) {
                found.push(href.to_owned());
            }
        }
    }
    found
}

#[tokio::test]
async fn every_token_is_on_one_of_the_pages_that_list_all_of_them() {
    let app = full().await;
    let mut owner = app.logged_in().await;
    assert!(
        owner
            .get("/profile")
            .await
            .body
            .contains("href=\"/profile/tokens/all\"")
    );
    let found = links(&mut owner, "/profile/tokens/all", "/profile/tokens/").await;
    let mut revoke: Vec<_> = found
        .iter()
        .filter(|href| href.ends_with("/revoke"))
        .collect();
    assert_eq!(revoke.len(), 1_200);
    revoke.dedup();
    assert_eq!(revoke.len(), 1_200);
    let unique: HashSet<_> = revoke.into_iter().collect();
    for token in app.tokens_of(EMAIL).await {
        assert!(unique.contains(&format!("/profile/tokens/{}/revoke", token.id)));
    }
}

#[tokio::test]
async fn what_happens_often_pushes_nothing_else_out_of_sight() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("Planted").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    for n in 0..120 {
        let fields = [("name", format!("Name {n}"))];
        let fields = fields
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let renamed = owner
            .post(&format!("/profile/tokens/{id}/rename"), &fields)
            .await;
        assert_eq!(renamed.status, 303);
    }
    let page = owner.get("/profile").await.body;
    assert!(
        page.contains("Token created") && page.contains("“<bdi>Planted</bdi>”"),
        "{page}"
    );
    assert!(page.contains("href=\"/activity\""));

    let of_kind = owner.get("/activity?event=token_created").await.body;
    assert!(of_kind.contains("<bdi>Planted</bdi>") && !of_kind.contains("Name 1"));
    assert!(!of_kind.contains(">Older<") && !of_kind.contains(">Newest<"));
    let newest = owner.get("/activity").await.body;
    assert!(newest.contains(">Older<") && !newest.contains("<bdi>Planted</bdi>"));
    let mut other = app.anonymous();
    assert_eq!(other.get("/activity").await.status, 303);
    let nothing = owner
        .get("/activity?event=status_changed&before=nonsense")
        .await;
    assert_eq!(nothing.status, 200);
    assert!(nothing.body.contains("No activity of this kind."));

    let mut path = "/activity".to_owned();
    let mut pages = 1;
    let last = loop {
        let page = owner.get(&path).await.body;
        let Some(at) = page.find(">Older<") else {
            break page;
        };
        let href = page[..at].rsplit("href=\"").next().unwrap();
        path = href.trim_end_matches('"').replace("&amp;", "&");
        pages += 1;
    };
    assert_eq!(pages, 3);
    assert!(last.contains("<bdi>Planted</bdi>") && last.contains(">Newest<"));
}
