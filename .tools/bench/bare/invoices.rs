//! A client's invoices, by hand: one statement on PostgreSQL, three on SQLite, and JSON that is put together as text.

use std::{cell::RefCell, fmt::Write, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use rusqlite::{Connection, OpenFlags, params};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use sqlx::{FromRow, PgPool};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Threads that read the SQLite file at the same time.
const READERS: usize = 4;

const CLIENT: &str = "SELECT c.id FROM tokens t JOIN clients c ON c.id = t.client_id \
    WHERE t.hash = $1 AND t.revoked_at IS NULL AND c.status <> 'closed'";
const INVOICES: &str = "SELECT id, status, data, created_at, updated_at FROM invoices WHERE client_id = ?1 AND deleted = 0";
const ORDER: &str = "ORDER BY issued_on DESC, id DESC LIMIT ?2";

/// By itself SQLite would take an index that does not know what was deleted.
const COUNT: &str = "SELECT count(*) FROM invoices INDEXED BY invoices_in_order WHERE client_id = ?1 AND deleted = 0";

/// Where the invoices are.
#[derive(Clone)]
pub enum Database {
    Sqlite(Arc<str>, Arc<Semaphore>),
    Postgres(PgPool),
}

impl Database {
    pub fn sqlite(path: &str) -> Self {
        Self::Sqlite(path.into(), Arc::new(Semaphore::new(READERS)))
    }
}

/// Which are asked for.
#[derive(Clone, Copy)]
enum Wanted {
    First(i64),
    One(i64),
}

#[derive(FromRow)]
struct Invoice {
    id: i64,
    status: String,
    data: String,
    created_at: i64,
    updated_at: i64,
    #[sqlx(default)]
    total: i64,
}

#[derive(Deserialize)]
struct Paging {
    per_page: i64,
}

/// `/invoices?per_page=N` and `/invoices/ID`.
pub fn routes(database: Database) -> Router {
    Router::new()
        .route("/invoices", get(list))
        .route("/invoices/{id}", get(one))
        .with_state(database)
}

async fn list(
    State(database): State<Database>,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, StatusCode> {
    let (invoices, total) = read(database, &headers, Wanted::First(paging.per_page)).await?;
    let mut text = String::from("{\"data\":[");
    for (number, invoice) in invoices.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        push(&mut text, invoice);
    }
    let per_page = paging.per_page;
    let last = (total + per_page - 1) / per_page;
    let _ = write!(
        text,
        "],\"meta\":{{\"current_page\":1,\"last_page\":{last},\"per_page\":{per_page},\"total\":{total}}}}}"
    );
    Ok(([(header::CONTENT_TYPE, "application/json")], text))
}

async fn one(
    State(database): State<Database>,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, StatusCode> {
    let (invoices, _) = read(database, &headers, Wanted::One(id)).await?;
    let mut text = String::from("{\"data\":");
    push(&mut text, invoices.first().ok_or(StatusCode::NOT_FOUND)?);
    text.push('}');
    Ok(([(header::CONTENT_TYPE, "application/json")], text))
}

/// The fields of the columns, and those of the JSON text beside them.
fn push(text: &mut String, invoice: &Invoice) {
    let Invoice {
        id,
        status,
        data,
        created_at,
        updated_at,
        ..
    } = invoice;
    let rest = data
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let rest = rest.unwrap_or_default();
    let _ = write!(
        text,
        "{{\"id\":{id},\"status\":\"{status}\",{rest},\"created_at\":{created_at},\"updated_at\":{updated_at}}}"
    );
}

async fn read(
    database: Database,
    headers: &HeaderMap,
    wanted: Wanted,
) -> Result<(Vec<Invoice>, i64), StatusCode> {
    let header = headers.get(header::AUTHORIZATION);
    let token = header
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "))
        .ok_or(StatusCode::UNAUTHORIZED)?;
    let hash = Sha256::digest(token);
    match database {
        Database::Sqlite(path, readers) => {
            let _permit = readers.acquire().await;
            let read = spawn_blocking(move || read_file(&path, &hash, wanted)).await;
            read.ok()
                .and_then(Result::ok)
                .ok_or(StatusCode::SERVICE_UNAVAILABLE)
        }
        Database::Postgres(pool) => {
            let statement = match wanted {
                Wanted::First(_) => format!(
                    "SELECT i.*, (SELECT count(*) FROM invoices WHERE client_id = c.id AND deleted = 0) AS total \
                     FROM ({CLIENT}) c CROSS JOIN LATERAL ({} {}) i",
                    INVOICES.replace("?1", "c.id"),
                    ORDER.replace("?2", "$2"),
                ),
                Wanted::One(_) => format!(
                    "SELECT i.* FROM ({CLIENT}) c CROSS JOIN LATERAL ({} AND id = $2) i",
                    INVOICES.replace("?1", "c.id"),
                ),
            };
            let (Wanted::First(number) | Wanted::One(number)) = wanted;
            let invoices: Vec<Invoice> = sqlx::query_as(sqlx::AssertSqlSafe(statement))
                .bind(hash.as_slice())
                .bind(number)
                .fetch_all(&pool)
                .await
                .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
            let total = invoices.first().map_or(0, |invoice| invoice.total);
            Ok((invoices, total))
        }
    }
}

fn read_file(path: &str, hash: &[u8], wanted: Wanted) -> rusqlite::Result<(Vec<Invoice>, i64)> {
    thread_local! {
        static OPEN: RefCell<Option<Connection>> = const { RefCell::new(None) };
    }
    OPEN.with_borrow_mut(|open| {
        let connection = match open {
            Some(connection) => connection,
            None => {
                let connection = Connection::open_with_flags(
                    path,
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
                )?;
                connection.pragma_update(None, "mmap_size", 1 << 30)?;
                open.insert(connection)
            }
        };
        let client: i64 = connection
            .prepare_cached(CLIENT)?
            .query_row(params![hash], |row| row.get(0))?;
        let (more, number) = match wanted {
            Wanted::First(number) => (ORDER, number),
            Wanted::One(id) => ("AND id = ?2", id),
        };
        let mut statement = connection.prepare_cached(&format!("{INVOICES} {more}"))?;
        let rows = statement.query_map(params![client, number], |row| {
            Ok(Invoice {
                id: row.get(0)?,
                status: row.get(1)?,
                data: row.get(2)?,
                created_at: row.get(3)?,
                updated_at: row.get(4)?,
                total: 0,
            })
        })?;
        let invoices = rows.collect::<Result<_, _>>()?;
        let total = match wanted {
            Wanted::One(_) => 1,
            Wanted::First(_) => connection
                .prepare_cached(COUNT)?
                .query_row(params![client], |row| row.get(0))?,
        };
        Ok((invoices, total))
    })
}
