//! Whether the owner gets in while others guess.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    thread::available_parallelism,
};

use opentill::server::{
    actor::Actor,
    admission::{Try, admit},
    error::Failure,
    password::Place,
};

use super::{behind_a_proxy, log_in_from};
use crate::support::{EMAIL, PASSWORD, TestApp};

/// Where the owner has logged in.
const HOME: &str = "203.0.113.7";
const WRONG: &str = "wrong horse battery staple";

/// From where somebody guesses, try by try.
type Guesser = (&'static str, fn(u16) -> IpAddr);

const GUESSERS: [Guesser; 5] = [
    ("a /64", |n| {
        Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, n).into()
    }),
    ("a /56", |n| {
        Ipv6Addr::new(0x2001, 0xdb8, 1, n % 256, 0, 0, 0, 1).into()
    }),
    ("half a /48", |n| {
        Ipv6Addr::new(0x2001, 0xdb8, 1, n % 1_000 * 32, 0, 0, 0, 1).into()
    }),
    ("1,000 addresses", |n| {
        let [high, low] = (n % 1_000).to_be_bytes();
        Ipv4Addr::new(10, 1, high, low).into()
    }),
    ("the owner's address", |_| HOME.parse().unwrap()),
];

/// What the server does before it hashes.
async fn place(
    app: &TestApp,
    email: &str,
    from: IpAddr,
    device: Option<&str>,
) -> Result<Place, Failure> {
    let actor = Actor::anybody(Some(from.into()), "", None);
    let counted = app.state.limits.login(email, actor.address);
    let tried = Try {
        account: email,
        actor: &actor,
        device,
        counted,
    };
    let typed = email.parse().unwrap();
    let found = app.state.store.client_by_email(&typed).await.unwrap();
    let (client, stored) = found.unzip();
    let id = client.map(|client| client.id);
    admit(&app.state, tried, id, stored.flatten().as_deref()).await
}

/// Guesses 4,000 times as if nothing was ever hashed, and again a minute later; the places that are held then.
async fn guess(app: &TestApp, from: fn(u16) -> IpAddr, email: fn(u16) -> String) -> Vec<Place> {
    let mut held = Vec::new();
    for n in 0..4_000 {
        held.extend(place(app, &email(n), from(n), None).await);
    }
    held.clear();
    app.clock.advance(60);
    for n in 0..1_000 {
        held.extend(place(app, &email(n), from(n), None).await);
    }
    held
}

async fn the_owner_gets_in_while_somebody_guesses_at(email: fn(u16) -> String) {
    for (guesser, from) in GUESSERS {
        let app = behind_a_proxy(&[]).await;
        let answer = log_in_from(&app, HOME, EMAIL, PASSWORD).await;
        let (name_and_value, _) = answer.set_cookie("device").split_once(';').unwrap();
        let device = name_and_value.strip_prefix("device=");
        let held = guess(&app, from, email).await;
        let strangers = available_parallelism().unwrap().get() + 16;
        assert!(held.len() <= strangers, "{guesser}: {} places", held.len());
        for (owner, at, device) in [
            ("a known browser at home", HOME, device),
            ("a known browser elsewhere", "198.51.100.1", device),
            ("a new browser elsewhere", "198.51.100.2", None),
            ("a new browser elsewhere", "2001:db8:2::1", None),
            ("a new browser beside the /48", "2001:db8:1:ff00::1", None),
            ("a new browser at home", HOME, None),
        ] {
            // The one who guesses and the owner look alike to the server.
            let is_alike = device.is_none() && at == HOME && from(0).to_string() == HOME;
            for typed in 0..3 {
                let place = place(&app, EMAIL, at.parse().unwrap(), device).await;
                let context = format!("{owner} beside {guesser}, try {typed}: {place:?}");
                assert!(place.is_ok() || is_alike, "{context}");
            }
        }
    }
}

#[tokio::test]
async fn the_owner_gets_in_while_somebody_guesses_the_owners_password() {
    the_owner_gets_in_while_somebody_guesses_at(|_| EMAIL.to_owned()).await;
}

#[tokio::test]
async fn the_owner_gets_in_while_somebody_tries_many_accounts() {
    the_owner_gets_in_while_somebody_guesses_at(|n| format!("nobody{n}@example.com")).await;
}

#[tokio::test]
async fn a_known_browser_gets_in_behind_the_address_of_whoever_guesses() {
    let app = behind_a_proxy(&[]).await;
    let from = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", HOME)];
    let known = log_in_from(&app, HOME, EMAIL, PASSWORD).await;
    let device = known.set_cookie("device").split(';').next().unwrap();
    while log_in_from(&app, HOME, EMAIL, WRONG).await.status == 401 {}
    let log_in = async |password: &str, cookie: &str| {
        let fields = [("email", EMAIL), ("password", password)];
        let mut headers = from.to_vec();
        headers.push(("cookie", cookie));
        let mut browser = app.anonymous();
        browser.post_with("/login", &fields, &headers).await.status
    };
    assert_eq!(log_in(PASSWORD, "device=x").await, 429);
    assert_eq!(log_in(PASSWORD, device).await, 303);
    // It has a count of its own, and that ends, too.
    for _ in 1..10 {
        assert_eq!(log_in(WRONG, device).await, 401);
    }
    assert_eq!(log_in(PASSWORD, device).await, 429);
}

#[tokio::test]
async fn whoever_has_many_networks_of_one_home_or_site_does_not_have_as_many_tries() {
    let app = behind_a_proxy(&[("OPENTILL_LOGIN_ADDRESS_LIMIT", "2")]).await;
    let tries = async |from: fn(u16) -> IpAddr| {
        let mut let_in = 0;
        for n in 0..100 {
            let email = format!("nobody{n}@example.com");
            let place = place(&app, &email, from(n), None).await;
            let_in += usize::from(place.is_ok());
        }
        let_in
    };
    // Twice and four times as many as from one address, and three for each home.
    let home: fn(u16) -> IpAddr = |n| Ipv6Addr::new(0x2001, 0xdb8, 1, n, 0, 0, 0, 1).into();
    assert_eq!(tries(home).await, 4 + 3);
    let site: fn(u16) -> IpAddr =
        |n| Ipv6Addr::new(0x2001, 0xdb8, 2, n % 4 * 256 + n / 4, 0, 0, 0, 1).into();
    assert_eq!(tries(site).await, 8 + 4 * 3);
}
