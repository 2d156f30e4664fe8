//! What the database promises of services, domains, invoices and orders.

use opentill::model::{
    date::Date,
    domain::Domain,
    invoice::{Invoice, InvoiceDetails, InvoiceStatus},
    mirror::{Change, Cursor, Filter, Kind, Listing, Owed, Sort, Span},
    money::Currency,
    order::Order,
    service::{Service, ServiceDetails},
};

use super::*;

const SERVICES: &str = r#"INSERT INTO services (client_id, source, external_id, status, currency_code, title, amount, owed,
    due_on, search, data, refs, created_at, updated_at, deleted)
    SELECT 1 + n % 2, 'default', 's' || n, 'active', 'USD', 'web pro', 999, 0, NULL, 'web pro',
    '{"name":"Web Pro","status":"active","product_name":"Web","billing_cycle":"monthly","amount":999,"currency_code":"USD","quantity":1}',
    '{"order_id":["order","o1"]}', 1000 + n / 8, 2000 + n / 4, CASE WHEN n % 10 = 5 THEN 1 ELSE 0 END
    FROM (WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60) SELECT n FROM c) numbers"#;

const OTHERS: &str = r#"INSERT INTO orders (client_id, source, external_id, status, currency_code, title, amount, owed, search, data,
    created_at, updated_at, deleted) VALUES
    (1, 'default', 'o1', 'active', 'USD', 'ord-1', 999, 0, 'ord-1',
    '{"order_number":"ORD-1","status":"active","currency_code":"USD","subtotal":999,"discount":0,"total":999,"items_count":1}',
    1000, 1000, 0)"#;

const INVOICES: &str = r#"INSERT INTO invoices (client_id, source, external_id, status, currency_code, title, amount, owed, issued_on,
    due_on, search, data, refs, document, created_at, updated_at, deleted)
    SELECT client, 'default', 'i' || n, status, currency, 'inv-' || n, amount, owed, '2026-01-0' || n, due,
    'inv-' || n || ' 100%', '{"invoice_number":"INV-' || n || '","type":"invoice","status":"' || status || '","currency_code":"' || currency
    || '","subtotal":' || amount || ',"discount":0,"tax":0,"total":' || amount || ',"credit_applied":0,"amount_paid":'
    || (amount - owed) || ',"issue_date":"2026-01-0' || n || '","items":[{"description":"x","quantity":"1","amount":' || amount
    || ',"tax":0}],"taxes":[],"payments":[],"seller":{"name":"","address1":"","city":"","state":"","postcode":""},'
    || '"buyer":{"name":"","address1":"","city":"","state":"","postcode":""}}',
    '{"items.0.service_id":["service","s2"],"items.0.domain_id":["domain","gone"]}',
    CASE WHEN n = 1 THEN '{"content_type":"application/pdf","size":3,"sha256":"ab"}' END, 1000, 2000, 0
    FROM (SELECT 1 AS n, 1 AS client, 'unpaid' AS status, 'USD' AS currency, 1000 AS amount, 900 AS owed, '2026-01-20' AS due
    UNION ALL SELECT 2, 1, 'unpaid', 'USD', 500, 500, '2026-01-25' UNION ALL SELECT 3, 1, 'paid', 'USD', 500, 0, '2026-01-01'
    UNION ALL SELECT 4, 1, 'unpaid', 'JPY', -500, 0, '2026-01-01' UNION ALL SELECT 5, 1, 'unpaid', 'JPY', 300, 300, NULL
    UNION ALL SELECT 6, 2, 'unpaid', 'USD', 700, 700, '2026-01-01') rows"#;

async fn filled(place: &Place) -> (ClientId, ClientId) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    for sql in [SERVICES, OTHERS, INVOICES] {
        place.raw(sql).await.unwrap();
    }
    (jane, joe)
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub async fn the_pages_of_a_list_hold_each_thing_of_its_client_once(place: Place) {
    let (jane, joe) = filled(&place).await;
    for client in [jane, joe] {
        for sort in Kind::Service.sorts() {
            for descending in [true, false] {
                let (mut seen, mut all) = (Vec::new(), u64::MAX);
                while (seen.len() as u64) < all {
                    let listing = Listing {
                        sort: *sort,
                        descending,
                        offset: seen.len() as u64,
                        ..Listing::newest(Kind::Service, 7)
                    };
                    let page = place
                        .store
                        .mirrored::<Service>(client, day("2026-01-01"), &listing);
                    let (page, total) = page.await.unwrap();
                    assert!(!page.is_empty(), "{sort:?}");
                    all = total;
                    seen.extend(page);
                }
                let mut ids: Vec<_> = seen.iter().map(|service| service.id).collect();
                if *sort == Sort::CreatedAt {
                    let order = |service: &Service| (service.created_at, service.id);
                    assert!(seen.is_sorted_by_key(order) != descending);
                }
                ids.sort_unstable();
                ids.dedup();
                assert_eq!(ids.len() as u64, all, "{sort:?}");
                assert_eq!(
                    all,
                    if client == jane { 30 } else { 24 },
                    "the deleted are joe's"
                );
            }
        }
    }
    let one = |client, id| {
        place
            .store
            .one_mirrored::<ServiceDetails>(client, day("2026-01-01"), id)
    };
    let found = one(jane, 2).await.unwrap().unwrap();
    assert_eq!((found.service.id, found.quantity), (2, 1));
    assert_eq!(one(joe, 2).await.unwrap(), None, "somebody else's");
    assert_eq!(one(joe, 5).await.unwrap(), None, "deleted");
    assert_eq!(one(joe, 99).await.unwrap(), None);
}

pub async fn what_is_unpaid_is_overdue_from_the_day_after_it_was_due(place: Place) {
    let (jane, _) = filled(&place).await;
    let overdue = |today, statuses: &[&'static str]| {
        let mut listing = Listing::newest(Kind::Invoice, 100);
        listing.filter.statuses = statuses.to_vec();
        let store = place.store.clone();
        async move {
            let (invoices, _) = store
                .mirrored::<Invoice>(jane, today, &listing)
                .await
                .unwrap();
            let numbers = invoices
                .into_iter()
                .filter_map(|invoice| invoice.invoice_number);
            numbers.collect::<Vec<_>>().join(" ")
        }
    };
    assert_eq!(overdue(day("2026-01-20"), &["overdue"]).await, "");
    assert_eq!(overdue(day("2026-01-21"), &["overdue"]).await, "INV-1");
    assert_eq!(
        overdue(day("2026-01-21"), &["unpaid"]).await,
        "INV-5 INV-4 INV-2"
    );
    let both = overdue(day("2026-01-26"), &["overdue", "paid"]).await;
    assert_eq!(both, "INV-3 INV-2 INV-1");

    let details = place
        .store
        .one_mirrored::<InvoiceDetails>(jane, day("2026-01-21"), 1);
    let details = details.await.unwrap().unwrap();
    assert_eq!(details.invoice.status, InvoiceStatus::Overdue);
    assert_eq!(details.invoice.amount_due, 900);
    assert!(details.invoice.has_document && details.document.is_some());
    assert_eq!(details.items[0].service_id, Some(2), "hers");
    assert_eq!(details.items[0].domain_id, None, "there is none");

    let any = Filter::default();
    let counts = place
        .store
        .status_counts(Kind::Invoice, jane, day("2026-01-21"), &any);
    let mut counts: Vec<_> = counts
        .await
        .unwrap()
        .into_iter()
        .map(|of| (of.status, of.count))
        .collect();
    counts.sort();
    let expected = [("overdue", 1), ("paid", 1), ("unpaid", 3)];
    assert_eq!(
        counts,
        expected.map(|(word, count)| (word.to_owned(), count))
    );

    let summary = place
        .store
        .summary_of(jane, day("2026-01-21"))
        .await
        .unwrap();
    assert_eq!(summary.active_services, 30);
    let owed = |code, unpaid, overdue, next_due_date, next_due| Owed {
        currency_code: Currency::from_code(code).unwrap(),
        unpaid,
        overdue,
        next_due_date,
        next_due,
    };
    let jpy = owed("JPY", 300, 0, None, 0);
    let usd = owed("USD", 1400, 900, Some(day("2026-01-25")), 500);
    assert_eq!(summary.owed, [jpy, usd]);
}

pub async fn each_condition_narrows_a_list(place: Place) {
    let (jane, _) = filled(&place).await;
    let some = |from: &str, to: &str| Span {
        from: Date::parse(from),
        to: Date::parse(to),
    };
    let none = Filter::default;
    let search = |text: &str| Filter {
        search: Some(text.to_owned()),
        ..none()
    };
    for (filter, expected) in [
        (none(), 5),
        (
            Filter {
                issued: some("2026-01-02", "2026-01-04"),
                ..none()
            },
            3,
        ),
        (
            Filter {
                due: some("2026-01-20", ""),
                ..none()
            },
            2,
        ),
        (
            Filter {
                due: some("", "2026-01-20"),
                ..none()
            },
            3,
        ),
        (
            Filter {
                currency_code: Currency::from_code("JPY"),
                ..none()
            },
            2,
        ),
        (
            Filter {
                created: Span {
                    from: Some(Timestamp::from_unix(1001)),
                    to: None,
                },
                ..none()
            },
            0,
        ),
        (
            Filter {
                created: Span {
                    from: None,
                    to: Some(Timestamp::from_unix(1000)),
                },
                ..none()
            },
            5,
        ),
        (search("INV-3"), 1),
        (search("  "), 5),
        (search("100%"), 5),
        (search("i%3"), 0),
        (search("inv_3"), 0),
    ] {
        let mut listing = Listing::newest(Kind::Invoice, 1000);
        listing.filter = filter.clone();
        let listed = place
            .store
            .mirrored::<Invoice>(jane, day("2026-01-01"), &listing);
        let (rows, total) = listed.await.unwrap();
        assert_eq!(
            (rows.len() as u64, total),
            (expected, expected),
            "{filter:?}"
        );
    }
    let listing = Listing::newest(Kind::Domain, 10);
    let domains = place
        .store
        .mirrored::<Domain>(jane, day("2026-01-01"), &listing)
        .await;
    assert_eq!(domains.unwrap(), (Vec::new(), 0));
    let listing = Listing::newest(Kind::Order, 10);
    let orders = place
        .store
        .mirrored::<Order>(jane, day("2026-01-01"), &listing)
        .await;
    assert_eq!(orders.unwrap().0[0].order_number.as_deref(), Some("ORD-1"));
}

pub async fn whoever_follows_the_feed_sees_every_change_once(place: Place) {
    let (_, joe) = filled(&place).await;
    let (mut cursor, mut seen) = (Cursor::before(Timestamp::from_unix(2003)), Vec::new());
    loop {
        let some = place
            .store
            .changes::<Service>(joe, day("2026-01-01"), cursor, 4)
            .await
            .unwrap();
        let Some(last) = some.last() else { break };
        let place_of = |change: &Change<Service>| match change {
            Change::Is(service) => Cursor {
                updated_at: service.updated_at,
                id: service.id,
            },
            Change::Gone { id, updated_at } => Cursor {
                updated_at: *updated_at,
                id: *id,
            },
        };
        cursor = place_of(last);
        seen.extend(
            some.iter()
                .map(|change| (place_of(change), matches!(change, Change::Gone { .. }))),
        );
    }
    assert!(seen.is_sorted() && seen.len() == 24, "{}", seen.len());
    assert_eq!(seen.iter().filter(|(_, is_gone)| *is_gone).count(), 5);
    let (jane, id) = (ClientId(1), 1);
    assert_eq!(place.store.document_of(jane, id).await.unwrap(), None);
    assert_eq!(place.store.last_import().await.unwrap(), None);
}
