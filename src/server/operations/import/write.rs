//! Writes what was planned. The caller begins and commits.

use super::{plan::SETS_PASSWORD, target::Target};
use crate::{
    model::{mirror::Kind, timestamp::Timestamp},
    server::store::{
        StoreError,
        rows::{Value, values},
    },
};

/// Nothing else is kept of what is deleted.
const EMPTIED: &str = "status = '', title = '', amount = 0, owed = 0, issued_on = NULL, due_on = NULL, expires_on = NULL, \
    search = '', data = '{}', refs = NULL, document = NULL, deleted = 1, updated_at = $2";

/// Makes an external id one that no file can have, since it holds a control character.
const RETIRED: &str = "\u{1f}";

const NEW_CLIENTS: &str = "INSERT INTO clients (email, email_key, name, company, phone, address1, address2, city, state, \
    postcode, country, currency_code, status, password_hash, imported_hash, created_at, revision, source, external_id) \
    SELECT email, email_key, name, company, phone, address1, address2, city, state, postcode, country, \
    COALESCE(currency_code, 'XXX'), COALESCE(status, 'active'), password_hash, imported_hash, \
    COALESCE(created_at, $2), $2, $1, external_id FROM staged_clients WHERE id IS NULL ORDER BY line";

/// Lines of clients that are changed, with the clients as they are.
const CHANGED: &str = "staged_clients s JOIN clients c ON c.id = s.id WHERE s.action = 'updated'";

const SETS_STATUS: &str = "s.status IS NOT NULL AND s.status <> c.status";

/// Runs a statement with as many of the values as it uses.
async fn run(target: &mut Target, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
    let used = (1..=values.len()).rfind(|at| sql.contains(&format!("${at}")));
    let used = used.unwrap_or_default();
    target.execute(sql, values[..used].to_vec()).await
}

/// Writes everything that was planned, as of `now`. `$1` source, `$2` now.
pub async fn write(target: &mut Target, source: &str, now: Timestamp) -> Result<(), StoreError> {
    let values = values![source, now.unix(), RETIRED];
    for sql in clients() {
        run(target, &sql, &values).await?;
    }
    for kind in Kind::ALL {
        for sql in things(kind) {
            run(target, &sql, &values).await?;
        }
    }
    for sql in documents() {
        run(target, sql, &values).await?;
    }
    // Last of all, because it locks rows that requests change, too.
    run(target, REVISIONS, &values).await?;
    let at = "INSERT INTO imports (singleton, at) VALUES (1, $1) \
        ON CONFLICT (singleton) DO UPDATE SET at = excluded.at";
    target.execute(at, values![now.unix()]).await?;
    Ok(())
}

fn clients() -> Vec<String> {
    let record = |event: &str, condition: &str| {
        format!(
            "INSERT INTO activity (client_id, at, event, who, user_agent) \
             SELECT c.id, CAST($2 AS BIGINT), '{event}', 'operator', '' FROM {CHANGED} AND {condition} \
             AND $1 IS NOT NULL"
        )
    };
    vec![
        NEW_CLIENTS.to_owned(),
        record("password_changed", SETS_PASSWORD),
        record("status_changed", SETS_STATUS),
        format!(
            "DELETE FROM sessions WHERE client_id IN (SELECT c.id FROM {CHANGED} \
             AND ({SETS_PASSWORD} OR (s.status = 'closed' AND c.status <> 'closed')))"
        ),
        format!(
            "DELETE FROM links WHERE client_id IN (SELECT c.id FROM {CHANGED} \
             AND ({SETS_PASSWORD} OR s.email_key <> c.email_key))"
        ),
        format!(
            "UPDATE clients AS c SET email = s.email, email_key = s.email_key, name = s.name, \
             company = s.company, phone = s.phone, address1 = s.address1, address2 = s.address2, \
             city = s.city, state = s.state, postcode = s.postcode, country = s.country, \
             currency_code = COALESCE(s.currency_code, c.currency_code), \
             status = COALESCE(s.status, c.status), \
             password_hash = CASE WHEN {SETS_PASSWORD} THEN s.password_hash ELSE c.password_hash END, \
             imported_hash = COALESCE(s.imported_hash, c.imported_hash), \
             source = $1, \
             external_id = s.external_id \
             FROM staged_clients s WHERE s.id = c.id AND s.action = 'updated'"
        ),
    ]
}

fn things(kind: Kind) -> [String; 4] {
    let (kind, table) = (kind.as_str(), kind.plural());
    [
        // What now belongs to another client is deleted for the one before.
        format!(
            "UPDATE {table} AS t SET external_id = t.external_id || $3 || t.id, {EMPTIED} \
             FROM planned p WHERE p.kind = '{kind}' AND p.action = 'moved' AND t.id = p.id \
             AND t.source = $1"
        ),
        format!(
            "INSERT INTO {table} (client_id, source, external_id, status, currency_code, title, amount, \
             owed, issued_on, due_on, expires_on, search, data, refs, created_at, updated_at, deleted) \
             SELECT COALESCE(p.client_id, c.id), $1, s.external_id, s.status, s.currency_code, s.title, \
             s.amount, s.owed, s.issued_on, s.due_on, s.expires_on, s.search, s.data, s.refs, \
             COALESCE(s.created_at, $2), $2, s.deleted FROM planned p JOIN staged s ON s.line = p.line \
             LEFT JOIN clients c ON p.client_id IS NULL AND c.source = $1 AND c.external_id = s.client \
             WHERE p.kind = '{kind}' AND (p.id IS NULL OR p.action = 'moved') ORDER BY s.line"
        ),
        format!(
            "UPDATE {table} AS t SET status = s.status, currency_code = s.currency_code, \
             title = s.title, amount = s.amount, owed = s.owed, issued_on = s.issued_on, \
             due_on = s.due_on, expires_on = s.expires_on, search = s.search, data = s.data, \
             refs = s.refs, document = CASE WHEN s.deleted = 1 THEN NULL ELSE t.document END, \
             created_at = COALESCE(s.created_at, t.created_at), updated_at = $2, deleted = s.deleted \
             FROM planned p JOIN staged s ON s.line = p.line WHERE p.kind = '{kind}' \
             AND p.action <> 'moved' AND t.id = p.id AND t.source = $1"
        ),
        format!(
            "UPDATE {table} AS t SET {EMPTIED} FROM planned p \
             WHERE p.kind = '{kind}' AND p.line IS NULL AND t.id = p.id AND t.source = $1"
        ),
    ]
}

fn documents() -> [&'static str; 4] {
    [
        "DELETE FROM documents WHERE invoice_id IN (SELECT id FROM planned \
         WHERE kind = 'invoice' AND action IN ('deleted', 'moved'))",
        "DELETE FROM documents WHERE invoice_id IN (SELECT t.id FROM staged_documents s \
         JOIN invoices t ON t.source = $1 AND t.external_id = s.invoice \
         WHERE s.changed = 1 AND s.document IS NULL)",
        "INSERT INTO documents (invoice_id, client_id, body) SELECT t.id, t.client_id, s.body \
         FROM staged_documents s JOIN invoices t ON t.source = $1 AND t.external_id = s.invoice \
         WHERE s.changed = 1 AND s.document IS NOT NULL \
         ON CONFLICT (invoice_id) DO UPDATE SET body = excluded.body",
        "UPDATE invoices AS t SET document = s.document, updated_at = $2 FROM staged_documents s \
         WHERE s.changed = 1 AND t.source = $1 AND t.external_id = s.invoice",
    ]
}

const REVISIONS: &str = "UPDATE clients SET revision = $2 WHERE id IN (\
    SELECT client_id FROM planned WHERE client_id IS NOT NULL \
    UNION SELECT old_client_id FROM planned WHERE old_client_id IS NOT NULL \
    UNION SELECT id FROM staged_clients WHERE action = 'updated' \
    UNION SELECT t.client_id FROM staged_documents s JOIN invoices t ON t.source = $1 \
    AND t.external_id = s.invoice WHERE s.changed = 1)";
