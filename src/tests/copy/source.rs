//! A SQLite installation with some hundreds of everything.

use opentill::{
    model::{
        activity::Event,
        client::{ClientId, ClientStatus},
        contact::Contact,
        scopes::{Scope, Scopes},
        secret::TokenSecret,
        session::SessionId,
        timestamp::{DAY, Timestamp},
        token::{TokenId, TokenName},
        token_limits::{AllowedAddresses, TokenLimits},
    },
    server::{
        actor::Actor,
        clock::Clock,
        store::{Creation, NewActivity, NewClient, NewSession, NewToken, Store, Use},
        token_secret::{SecretHash, random_base62},
    },
};
use serde_json::Value;

use crate::support::process::{Workplace, python};

/// She has a password; the others have none.
pub const JANE: &str = "jane@example.com";
/// Jane made a token with it, and revoked it.
pub const SPENT_KEY: &str = "a key that was spent";
const CLIENTS: usize = 102;
const TOKENS_EACH: usize = 2;
/// Its tokens are not revoked, and do not work.
const CLOSED: ClientId = ClientId(2);

/// What people type. Each is somewhere a quote, an escape or a separator.
const ODD_NAMES: [&str; 9] = [
    "Zoë O'Brien",
    r"C:\new\table \N \\x00",
    "\"quoted\", {braced}, NULL",
    "'; DROP TABLE clients; --",
    "line\nbreak\ttab\r",
    "日本語 🦀 e\u{301}",
    " spaces around ",
    "%s $1 {} ~",
    "null",
];

/// An installation that is ready to be moved; nothing is running on it.
pub struct Source {
    /// Where it is.
    pub operator: Workplace,
    /// Every token in the order of its number, and whether it works.
    pub tokens: Vec<(TokenSecret, bool)>,
    /// Of a browser in which Jane is logged in.
    pub cookie: String,
    /// The greatest number that a session was given; the session is gone.
    pub last_session: i64,
}

impl Source {
    pub async fn new() -> Self {
        let operator = Workplace::new();
        assert_eq!(operator.add_client(JANE), 1);
        let url = format!("sqlite://{}/opentill.db", operator.dir().display());
        let store = Store::open(&url).await.unwrap();
        let now = Clock::default().now();
        for number in 2..=CLIENTS {
            add_client(&store, number, now).await;
        }
        let mut tokens = Vec::new();
        for number in 0..CLIENTS * TOKENS_EACH {
            let secret = add_token(&store, number, now).await;
            let id = TokenId(i64::try_from(number + 1).unwrap());
            let is_revoked = number % 3 == 0;
            if is_revoked {
                let revoked = store.revoke_token(None, id, &Actor::operator(), now).await;
                revoked.unwrap().expect("the token is there");
            }
            let is_of_closed = client_of(number) == CLOSED;
            tokens.push((secret, !is_revoked && !is_of_closed));
        }
        record_uses(&store, now).await;
        for (client, status) in [
            (CLOSED, ClientStatus::Closed),
            (ClientId(3), ClientStatus::Suspended),
        ] {
            let activity = NewActivity::new(client, Event::StatusChanged, &actor(), now);
            store.set_status(client, status, activity).await.unwrap();
        }
        let (cookie, last_session) = add_sessions(&store, now).await;
        store.close().await;
        Self {
            operator,
            tokens,
            cookie,
            last_session,
        }
    }

    /// All of it.
    pub fn rows(&self) -> Value {
        rows_of(&self.operator)
    }
}

/// Every table of ours in SQLite, row for row, as JSON; found by asking, not by knowing.
pub fn rows_of(operator: &Workplace) -> Value {
    let script = r#"
import json, sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.row_factory = sqlite3.Row
names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'"
def text(value):
    return r"\x" + value.hex() if isinstance(value, bytes) else value
print(json.dumps({name: [{k: text(row[k]) for k in row.keys()} for row in c.execute(f"SELECT * FROM {name}")]
    for (name,) in c.execute(names).fetchall()}))
"#;
    let file = operator.dir().join("opentill.db");
    let mut tables: Value = serde_json::from_str(&python(script, &[file.as_os_str()])).unwrap();
    for rows in tables.as_object_mut().unwrap().values_mut() {
        let rows = rows.as_array_mut().unwrap();
        rows.sort_by_key(ToString::to_string);
    }
    tables
}

fn odd_name(number: usize) -> &'static str {
    ODD_NAMES[number % ODD_NAMES.len()]
}

fn client_of(token: usize) -> ClientId {
    ClientId(i64::try_from(1 + token / TOKENS_EACH).unwrap())
}

fn actor() -> Actor {
    let address = "2001:db8::7".parse().unwrap();
    Actor::anybody(Some(address), odd_name(1), Some("request 1".into())).into_client()
}

async fn add_client(store: &Store, number: usize, now: Timestamp) {
    let odd = odd_name(number);
    let new = NewClient {
        contact: Contact {
            name: odd.into(),
            company: number.is_multiple_of(2).then(|| odd.into()),
            phone: None,
            address1: odd.into(),
            address2: number.is_multiple_of(3).then(String::new),
            city: String::new(),
            state: odd.into(),
            postcode: "78701".into(),
            country: "US".into(),
        },
        email: format!("Client+{number}@example.com").parse().unwrap(),
        currency_code: "USD".into(),
        password_hash: None,
    };
    store.add_client(&new, None, now).await.unwrap().unwrap();
}

async fn add_token(store: &Store, number: usize, now: Timestamp) -> TokenSecret {
    let secret = TokenSecret::generate();
    // What a name may not hold, a token's name does not.
    let name = TokenName::parse(&format!("{} {number}", odd_name(number)))
        .or_else(|_| TokenName::parse(&format!("My Integration {number}")))
        .unwrap();
    let new = NewToken {
        name: &name,
        hash: secret.hash(),
        last_four: secret.hint(),
        scopes: Scopes::chosen(Scope::ALL.into_iter().take(number % 4)),
        limits: TokenLimits {
            expires_at: number
                .is_multiple_of(3)
                .then(|| Timestamp::from_unix(4_000_000_000)),
            allowed: AllowedAddresses::checked(&vec!["127.0.0.0/8".to_owned(); number % 2]),
        },
        idempotency_key: (number == 0).then_some(SPENT_KEY),
        replace_unseen: false,
        limit: 50,
    };
    let owner = client_of(number);
    let creation = store.create_token(owner, &new, &actor(), now).await;
    let creation = creation.unwrap();
    assert!(matches!(creation, Creation::Created(_)), "{creation:?}");
    secret
}

/// Every second token is used from two addresses, on two days.
async fn record_uses(store: &Store, now: Timestamp) {
    let mut uses = Vec::new();
    for number in (1..CLIENTS * TOKENS_EACH).step_by(2) {
        for (address, ago) in [("198.51.100.1", DAY), ("2001:db8::1", 0)] {
            uses.push(Use {
                token: TokenId(i64::try_from(number + 1).unwrap()),
                address: Some(address.parse().unwrap()),
                user_agent: odd_name(number).into(),
                used_at: now.minus(ago),
                calls: 7,
            });
        }
    }
    store.record_uses(&uses).await.unwrap();
}

/// A cookie of Jane's, and the number of a session that has ended.
async fn add_sessions(store: &Store, now: Timestamp) -> (String, i64) {
    const COOKIE_LEN: usize = 43;
    let cookie = random_base62(COOKIE_LEN);
    let jane = store.client_by_email(&JANE.parse().unwrap()).await.unwrap();
    let (jane, password_hash) = jane.unwrap();
    let mut last = 0;
    for number in 0..150 {
        let value = match number {
            0 => cookie.clone(),
            _ => random_base62(COOKIE_LEN),
        };
        let client = client_of(number);
        let session = NewSession {
            client,
            // The others have no password.
            password_hash: password_hash.as_deref().filter(|_| client == jane.id),
            hash: SecretHash::of(&value),
            replaces: None,
            user_agent: odd_name(number),
            at: now,
        };
        let logged_in = NewActivity::new(session.client, Event::LoggedIn, &actor(), now);
        let added = store.add_session(session, logged_in).await.unwrap();
        last = added.map_or(last, |id| id.0);
    }
    let last_client = client_of(149);
    let ended = store
        .end_session(last_client, SessionId(last), &actor(), now)
        .await;
    assert!(ended.unwrap());
    (format!("session={cookie}"), last)
}
