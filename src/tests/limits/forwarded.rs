//! Who says where a request comes from.

use opentill::server::clock::Clock;

use super::{DEFAULTS, behind_a_proxy};
use crate::support::{EMAIL, TestApp};

const WRONG: &str = "wrong horse battery staple";

/// Fifty ways to claim to be somebody else, each another one.
fn claims() -> Vec<(String, String)> {
    let headers = [
        "X-Forwarded-For",
        "x-forwarded-for",
        "X-Real-IP",
        "Forwarded",
        "X-Client-IP",
    ];
    let addresses = (0..10).map(|n| match n % 5 {
        0 => format!("192.0.2.{n}"),
        1 => format!("192.0.2.{n}, 127.0.0.1"),
        2 => format!("[2001:db8:{n}::1]:80"),
        3 => format!("for=192.0.2.{n};proto=https"),
        _ => format!("127.0.0.1, 10.0.0.{n}, 192.0.2.{n}"),
    });
    addresses
        .flat_map(|address| headers.map(|header| (header.to_owned(), address.clone())))
        .collect()
}

#[tokio::test]
async fn without_a_trusted_proxy_no_header_makes_anybody_somebody_else() {
    let app = TestApp::start_at(Clock::stopped(), &DEFAULTS).await;
    let mut statuses = Vec::new();
    for (header, address) in claims() {
        let fields = [("email", EMAIL), ("password", WRONG)];
        let headers = [
            ("sec-fetch-site", "same-origin"),
            (header.as_str(), address.as_str()),
        ];
        statuses.push(
            app.anonymous()
                .post_with("/login", &fields, &headers)
                .await
                .status,
        );
    }
    assert_eq!(statuses.len(), 50);
    assert_eq!(
        statuses.iter().filter(|status| **status == 401).count(),
        10,
        "{statuses:?}"
    );
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 40);
}

#[tokio::test]
async fn behind_a_trusted_proxy_what_the_client_wrote_itself_does_not_count() {
    let app = behind_a_proxy(&[]).await;
    let mut statuses = Vec::new();
    for (header, address) in claims() {
        // The proxy appends whom it got the request from.
        let forwarded = format!("{address}, 203.0.113.7");
        let fields = [("email", EMAIL), ("password", WRONG)];
        let headers = [
            ("sec-fetch-site", "same-origin"),
            (header.as_str(), address.as_str()),
            ("x-forwarded-for", forwarded.as_str()),
        ];
        statuses.push(
            app.anonymous()
                .post_with("/login", &fields, &headers)
                .await
                .status,
        );
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 401).count(),
        10,
        "{statuses:?}"
    );
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 40);
}
