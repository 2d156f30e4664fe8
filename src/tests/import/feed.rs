//! The feed of changes, while imports go on.

use std::collections::BTreeMap;

use opentill::{
    model::{
        client::ClientId,
        date::Date,
        domain::Domain,
        mirror::{Change, Cursor, Kind, Listing},
        timestamp::Timestamp,
    },
    server::store::Store,
};
use serde_json::json;

use super::{import, operator, text};

/// What the feed after a place says, in parts of five.
async fn follow(
    store: &Store,
    cursor: &mut Cursor,
    seen: &mut BTreeMap<i64, Option<Domain>>,
    parts: usize,
) -> usize {
    let mut changes = 0;
    for _ in 0..parts {
        let some = store.changes::<Domain>(ClientId(1), Date::EPOCH, *cursor, 5);
        let some = some.await.unwrap();
        if some.is_empty() {
            break;
        }
        changes += some.len();
        for change in some {
            let (updated_at, id, domain) = match change {
                Change::Is(domain) => (domain.updated_at, domain.id, Some(domain)),
                Change::Gone { id, updated_at } => (updated_at, id, None),
            };
            let next = Cursor { updated_at, id };
            assert!(next > *cursor, "nothing comes twice");
            *cursor = next;
            seen.insert(id, domain);
        }
    }
    changes
}

#[tokio::test]
async fn whoever_follows_it_while_imports_go_on_knows_everything_in_the_end() {
    let operator = operator();
    let client =
        json!({"type": "client", "external_id": "1", "email": "a@example.com", "name": "A"});
    import(&operator, &text(&[client]));
    let url = operator.database().map_or_else(
        || format!("sqlite://{}/opentill.db", operator.dir().display()),
        ToOwned::to_owned,
    );
    let store = Store::open(&url).await.unwrap();
    let (mut cursor, mut seen) = (Cursor::before(Timestamp::from_unix(0)), BTreeMap::new());
    for round in 0..6 {
        // Several imports within a second: some change what others made, some delete it.
        let lines: Vec<_> = (0..12)
            .filter(|n| (n + round) % 3 != 0)
            .map(|n| {
                let id = (n * (round + 1)) % 17;
                if (n + round) % 5 == 0 {
                    return json!({"type": "domain", "external_id": id, "client": "1", "deleted": true});
                }
                json!({"type": "domain", "external_id": id, "client": "1", "status": "active", "currency_code": "USD",
                    "domain_name": format!("d{round}.example")})
            })
            .collect();
        let mut last = BTreeMap::new();
        for line in lines {
            last.insert(line["external_id"].to_string(), line);
        }
        let file = text(&last.into_values().collect::<Vec<_>>());
        std::fs::write(operator.dir().join("changes"), file).unwrap();
        let (_, _) = tokio::join!(
            follow(&store, &mut cursor, &mut seen, 2),
            operator.say_beside(&["import", "changes"]),
        );
    }
    while follow(&store, &mut cursor, &mut seen, 100).await > 0 {}
    let listing = Listing::newest(Kind::Domain, 1_000);
    let listed = store.mirrored::<Domain>(ClientId(1), Date::EPOCH, &listing);
    let (listed, _) = listed.await.unwrap();
    let mut listed: Vec<_> = listed
        .into_iter()
        .map(|domain| (domain.id, domain))
        .collect();
    listed.sort_by_key(|(id, _)| *id);
    let known = seen
        .into_iter()
        .filter_map(|(id, domain)| Some((id, domain?)));
    assert_eq!(known.collect::<Vec<_>>(), listed);
    store.close().await;
}
