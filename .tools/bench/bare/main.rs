//! What the product is measured against: axum and next to nothing.
//!
//! `opentill-bench-bare ADDRESS [postgres://…|sqlite://…]` serves `/static`, one JSON text of the size of the
//! answer of `/api/v1/me`, and with PostgreSQL `/select`, the plain way to do the product's work:
//! one statement per request, from a pool. With a database it serves `/invoices`, too. With a file `BENCH_ANSWER`, which holds a whole answer of the
//! product as it went over the wire, `/answer` sends the same again.

mod invoices;

use std::{env, error::Error, fs};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use mimalloc::MiMalloc;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{FromRow, PgPool, postgres::PgPoolOptions};
use tokio::net::TcpListener;

use self::invoices::Database;

/// As the product has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// As the product has them, usually.
const CONNECTIONS: u32 = 10;

const ME: &str = r#"{"data":{"id":1000,"name":"Jane Smith","email":"jane.1000@example.com","company":"Acme Hosting Ltd","phone":null,"address1":"500 Congress Avenue","address2":null,"city":"Austin","state":"TX","postcode":"78701","country":"US","currency_code":"USD","status":"active","created_at":"2026-01-15T10:30:00Z"}}"#;

/// What the product asks, but for the question whether the server is the primary.
const SELECT: &str = "SELECT t.id AS token_id, c.id, c.name, c.email, c.company, c.phone, \
    c.address1, c.address2, c.city, c.state, c.postcode, c.country, c.currency_code, c.status, \
    c.created_at FROM tokens t JOIN clients c ON c.id = t.client_id \
    WHERE t.hash = $1 AND t.revoked_at IS NULL AND c.status <> 'closed'";

#[derive(FromRow, Serialize)]
struct Client {
    #[serde(skip)]
    #[expect(dead_code, reason = "the product needs it for the limits")]
    token_id: i64,
    id: i64,
    name: String,
    email: String,
    company: Option<String>,
    phone: Option<String>,
    address1: String,
    address2: Option<String>,
    city: String,
    state: String,
    postcode: String,
    country: String,
    currency_code: String,
    status: String,
    created_at: i64,
}

#[derive(Serialize)]
struct Me {
    data: Client,
}

async fn fixed() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], ME)
}

async fn select(State(pool): State<PgPool>, headers: HeaderMap) -> Result<Json<Me>, StatusCode> {
    let header = headers.get(header::AUTHORIZATION);
    let token = header
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "))
        .ok_or(StatusCode::UNAUTHORIZED)?;
    let found: Option<Client> = sqlx::query_as(SELECT)
        .bind(Sha256::digest(token).as_slice())
        .fetch_optional(&pool)
        .await
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let data = found.ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Json(Me { data }))
}

/// An answer as it went over the wire, to be sent by hyper again: that adds the length and the date itself.
fn parse(answer: &str) -> Option<(StatusCode, HeaderMap, String)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ")?;
        let name: HeaderName = name.parse().ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    });
    let mut headers: HeaderMap = headers.collect::<Option<_>>()?;
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::DATE);
    Some((status, headers, body.to_owned()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next().ok_or("say where to listen")?;
    let mut app = Router::new().route("/static", get(fixed));
    if let Some(url) = arguments.next() {
        let database = if let Some(path) = url.strip_prefix("sqlite://") {
            Database::sqlite(path)
        } else {
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS);
            let pool = pool.connect_lazy(&url)?;
            app = app.route("/select", get(select).with_state(pool.clone()));
            Database::Postgres(pool)
        };
        app = app.merge(invoices::routes(database));
    }
    if let Some(file) = env::var_os("BENCH_ANSWER") {
        let answer = parse(&fs::read_to_string(file)?).ok_or("this is no answer")?;
        app = app.route("/answer", get(async move || answer.clone()));
    }
    let listener = TcpListener::bind(address).await?;
    println!("ready at http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
