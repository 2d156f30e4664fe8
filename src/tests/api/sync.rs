//! Following changes, and not reading what has not changed.

use std::{collections::BTreeMap, sync::Arc};

use opentill::model::timestamp::{DAY, Timestamp};
use reqwest::Method;
use serde_json::Value;

use super::lists::Scene;
use crate::support::mirror::{BEGINNING, NOUNS, import};

/// Reads the feed on from a cursor to its end, into what a program would keep; the last cursor.
async fn follow(scene: &Scene, start: &str, kept: &mut BTreeMap<i64, String>) -> String {
    let mut path = format!("services?{start}&per_page=7");
    loop {
        let part = scene.json(&path).await;
        for change in part["data"].as_array().unwrap() {
            let id = change["id"].as_i64().unwrap();
            if change["deleted"] == true {
                kept.remove(&id);
            } else {
                kept.insert(id, change["name"].as_str().unwrap().to_owned());
            }
        }
        let cursor = part["meta"]["next_cursor"].as_str().unwrap().to_owned();
        path = format!("services?cursor={cursor}&per_page=7");
        if part["meta"]["has_more"] == false {
            return cursor;
        }
    }
}

async fn all_names(scene: &Scene) -> BTreeMap<i64, String> {
    let list = scene.json("services?per_page=100").await;
    let rows = list["data"].as_array().unwrap().iter();
    let pair = |row: &Value| {
        let name = row["name"].as_str().unwrap().to_owned();
        (row["id"].as_i64().unwrap(), name)
    };
    rows.map(pair).collect()
}

#[tokio::test]
async fn whoever_follows_the_feed_has_what_the_list_has_however_much_is_imported_meanwhile() {
    let scene = Arc::new(Scene::with(40).await);
    let importing = tokio::spawn({
        let scene = Arc::clone(&scene);
        async move {
            for round in 1..=25_i64 {
                let at = BEGINNING + 1_000 + round;
                let (changed, gone) = (round % 7, 40 + round % 3);
                let statements = format!(
                    "UPDATE services SET data = replace(data, 'Web ', 'Web {round} '), updated_at = {at} \
                     WHERE client_id = {client} AND deleted = 0 AND id % 7 = {changed}; \
                     UPDATE services SET deleted = 1, data = '{{}}', updated_at = {at} \
                     WHERE client_id = {client} AND deleted = 0 AND id = {gone};",
                    client = scene.client
                );
                import(&scene.app, scene.client, &statements).await;
                tokio::task::yield_now().await;
            }
        }
    });
    let mut kept = BTreeMap::new();
    let since = Timestamp::from_unix(BEGINNING).rfc3339();
    let mut cursor = follow(&scene, &format!("updated_since={since}"), &mut kept).await;
    while !importing.is_finished() {
        cursor = follow(&scene, &format!("cursor={cursor}"), &mut kept).await;
    }
    importing.await.unwrap();
    let end = follow(&scene, &format!("cursor={cursor}"), &mut kept).await;
    let list = all_names(&scene).await;
    assert!(list.len() < 40, "some were deleted");
    assert_eq!(kept, list);
    assert_eq!(
        follow(&scene, &format!("cursor={end}"), &mut kept).await,
        end
    );
}

#[tokio::test]
async fn what_has_not_changed_is_a_304_for_whoever_has_it() {
    let scene = Scene::with(3).await;
    let row = &scene.json("invoices?sort=created_at").await["data"][0]["id"];
    let mut paths: Vec<String> = NOUNS.map(str::to_owned).into();
    paths.extend([
        "me".to_owned(),
        "summary".to_owned(),
        format!("invoices/{row}"),
        format!("invoices/{row}/document"),
        "orders?updated_since=2026-01-01T00:00:00Z".to_owned(),
    ]);
    let mut tags = Vec::new();
    for path in &paths {
        let url = scene.url(path);
        let whole = scene.get_with(&url, &[]).await;
        assert_eq!(whole.status, 200, "{path}");
        let tag = whole.header("etag").to_owned();
        for headers in [
            &whole,
            &scene.get_with(&url, &[("if-none-match", &tag)]).await,
        ] {
            assert_eq!(
                headers.header("cache-control"),
                "private, no-cache",
                "{path}"
            );
            assert_eq!(headers.header("vary"), "Authorization, Accept", "{path}");
            assert_eq!(headers.header("etag"), tag, "{path}");
            assert_ne!(headers.header("ratelimit"), "", "{path}: it is counted");
        }
        let unchanged = scene.get_with(&url, &[("if-none-match", &tag)]).await;
        assert_eq!(
            (unchanged.status, unchanged.body.as_str()),
            (304, ""),
            "{path}"
        );
        let other = scene.get_with(&url, &[("if-none-match", "\"x\", *")]).await;
        assert_eq!(other.status, 200, "{path}");
        tags.push(tag);
    }
    let mut distinct = tags.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(
        distinct.len(),
        tags.len(),
        "each response has a tag of its own"
    );

    let invoices = scene.url("invoices");
    let csv = [("if-none-match", tags[2].as_str()), ("accept", "text/csv")];
    assert_eq!(
        scene.get_with(&invoices, &csv).await.status,
        200,
        "another format"
    );
    let known = [("if-none-match", tags[2].as_str())];
    scene.app.clock.advance(DAY);
    let tomorrow = scene.get_with(&invoices, &known).await;
    assert_eq!(tomorrow.status, 200, "a day later some may be overdue");
    let tag = tomorrow.header("etag").to_owned();
    import(&scene.app, scene.client, "").await;
    let known = [("if-none-match", tag.as_str())];
    assert_eq!(
        scene.get_with(&invoices, &known).await.status,
        200,
        "an import"
    );
}

#[tokio::test]
async fn a_304_is_for_valid_tokens_alone_and_reads_nothing_but_the_token() {
    let scene = Scene::with(3).await;
    let url = scene.url("invoices");
    let tag = scene.get("invoices").await.header("etag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    // The token is read by the first statement, and nothing after it.
    scene.app.state.usage.flush().await;
    let faults = scene.app.state.store.faults();
    faults.fail_at(1);
    let unchanged = scene.get_with(&url, &known).await.status;
    faults.fail_at(1);
    let read = scene.get_with(&url, &[]).await.status;
    faults.stop();
    assert_eq!((unchanged, read), (304, 503));

    let mut nobody = scene.app.anonymous();
    let answer = nobody.get_with("/api/v1/invoices", &known).await;
    assert_eq!(answer.status, 401);
    let request = nobody.request(Method::HEAD, "/api/v1/invoices", &known);
    assert_eq!(nobody.send(request).await.status, 401);
    let bearer = format!("Bearer {}", scene.token);
    let headers = [("authorization", bearer.as_str()), known[0]];
    let request = nobody.request(Method::HEAD, "/api/v1/invoices", &headers);
    let head = nobody.send(request).await;
    assert_eq!((head.status, head.header("etag")), (304, tag.as_str()));
    scene.app.state.store.close().await;
    assert_eq!(scene.get_with(&url, &known).await.status, 503);
}
