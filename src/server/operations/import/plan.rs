//! What has to be done so that the database says what the file says, and why it may not be done. Nothing is changed here.

use super::{
    report::{Refused, Report},
    stage::PLANNED,
    target::Target,
};
use crate::{
    model::mirror::Kind,
    server::store::{
        StoreError,
        rows::{row, values},
    },
};

row! {
    struct LineRow {
        line: i64,
        kind: String,
        reason: String,
    }
}

row! {
    struct GoneRow {
        gone: i64,
        live: i64,
    }
}

/// Whether a line changes the password: it has one, which is not the one that was imported last and not the one there is.
pub const SETS_PASSWORD: &str = "(s.password_hash IS NOT NULL \
    AND s.imported_hash IS DISTINCT FROM c.imported_hash \
    AND s.password_hash IS DISTINCT FROM c.password_hash)";

/// Things that differ from what there is. `$1` source. The kind is compared so that no index is used for it: lines are read in
/// the order in which they lie in their table.
fn plan_of(kind: Kind) -> String {
    let (kind, table) = (kind.as_str(), kind.plural());
    format!(
        "INSERT INTO planned (line, kind, client_id, old_client_id, id, action) \
         SELECT line, kind, client_id, old_client_id, id, action FROM (\
         SELECT s.line, s.kind, COALESCE(sc.id, c.id) AS client_id, t.client_id AS old_client_id, t.id, \
         CASE WHEN t.id IS NULL THEN CASE WHEN s.deleted = 1 THEN 'deleted' ELSE 'created' END \
         WHEN COALESCE(sc.id, c.id) IS DISTINCT FROM t.client_id THEN 'moved' \
         WHEN s.deleted = 1 AND t.deleted = 1 THEN 'unchanged' \
         WHEN s.deleted = 1 THEN 'deleted' WHEN t.deleted = 1 THEN 'created' \
         WHEN s.data <> t.data OR s.refs IS DISTINCT FROM t.refs \
         OR COALESCE(s.created_at, t.created_at) <> t.created_at THEN 'updated' \
         ELSE 'unchanged' END AS action FROM staged s \
         LEFT JOIN staged_clients sc ON sc.external_id = s.client \
         LEFT JOIN clients c ON c.source = $1 AND c.external_id = s.client \
         LEFT JOIN {table} t ON t.source = $1 AND t.external_id = s.external_id \
         WHERE s.kind || '' = '{kind}') AS plan WHERE action <> 'unchanged'"
    )
}

/// Plans everything but what is deleted for not being in the file.
pub async fn plan(target: &mut Target, source: &str) -> Result<(), StoreError> {
    let clients = format!(
        "UPDATE staged_clients AS s SET action = CASE WHEN c.external_id IS NOT NULL \
         AND c.email = s.email AND c.name = s.name AND c.company IS NOT DISTINCT FROM s.company \
         AND c.phone IS NOT DISTINCT FROM s.phone AND c.address1 = s.address1 \
         AND c.address2 IS NOT DISTINCT FROM s.address2 AND c.city = s.city AND c.state = s.state \
         AND c.postcode = s.postcode AND c.country IS NOT DISTINCT FROM s.country \
         AND c.currency_code = COALESCE(s.currency_code, c.currency_code) \
         AND c.status = COALESCE(s.status, c.status) \
         AND NOT {SETS_PASSWORD} \
         THEN 'unchanged' ELSE 'updated' END FROM clients c WHERE c.id = s.id"
    );
    for (sql, needs_source) in [
        (
            "UPDATE staged_clients AS s SET id = c.id FROM clients c \
             WHERE c.source = $1 AND c.external_id = s.external_id",
            true,
        ),
        // A client who was added by hand is adopted.
        (
            "UPDATE staged_clients AS s SET id = c.id FROM clients c \
             WHERE s.id IS NULL AND c.email_key = s.email_key AND c.external_id IS NULL",
            false,
        ),
        (clients.as_str(), false),
        (
            "UPDATE staged_clients SET action = 'created' WHERE id IS NULL",
            false,
        ),
    ] {
        let values = if needs_source {
            values![source]
        } else {
            Vec::new()
        };
        target.execute(sql, values).await?;
    }
    for kind in Kind::ALL {
        target.execute(&plan_of(kind), values![source]).await?;
    }
    target
        .execute("CREATE INDEX planned_by_line ON planned (line)", Vec::new())
        .await?;
    target.analyze(&[&PLANNED]).await?;
    let documents = "UPDATE staged_documents AS s SET changed = 1 WHERE NOT EXISTS (\
        SELECT 1 FROM invoices t WHERE t.source = $1 AND t.external_id = s.invoice AND t.deleted = 0 \
        AND t.document IS NOT DISTINCT FROM s.document AND NOT EXISTS (\
        SELECT 1 FROM planned p WHERE p.kind = 'invoice' AND p.id = t.id AND p.action = 'moved'))";
    target.execute(documents, values![source]).await?;
    Ok(())
}

/// Refuses lines that contradict each other or what there is. Each statement returns lines and what is wrong with them.
pub async fn check(
    target: &mut Target,
    source: &str,
    report: &mut Report,
) -> Result<(), StoreError> {
    const CLIENT: &str = "'client'";
    const DOCUMENT: &str = "'document'";
    let twice = |table: &str, kind: &str, by: &str, what: &str| {
        format!(
            "SELECT line, kind, '{what} ' || first AS reason FROM (SELECT line, {kind} AS kind, \
             min(line) OVER (PARTITION BY {by}) AS first FROM {table}) AS lines WHERE line > first"
        )
    };
    let id_twice = "external_id: is the same as on line";
    let mut checks = vec![
        (twice("staged", "kind", "kind, external_id", id_twice), false),
        (twice("staged_clients", CLIENT, "external_id", id_twice), false),
        (
            twice("staged_clients", CLIENT, "email_key", "email: is the same as on line"),
            false,
        ),
        (
            twice("staged_documents", DOCUMENT, "invoice", "invoice: has a document already, on line"),
            false,
        ),
        (
            "SELECT s.line, 'client' AS kind, 'email: another client has this address' AS reason FROM staged_clients s \
             JOIN clients c ON c.email_key = s.email_key WHERE s.id IS DISTINCT FROM c.id"
                .to_owned(),
            false,
        ),
        (
            "SELECT s.line, s.kind, 'client: there is none with this external id' AS reason FROM planned p \
             JOIN staged s ON s.line = p.line WHERE p.client_id IS NULL \
             AND NOT EXISTS (SELECT 1 FROM staged_clients c WHERE c.external_id = s.client)"
                .to_owned(),
            false,
        ),
        (
            "SELECT d.line, 'document' AS kind, 'invoice: there is none with this external id' AS reason \
             FROM staged_documents d WHERE NOT EXISTS (SELECT 1 FROM staged s \
             WHERE s.kind = 'invoice' AND s.external_id = d.invoice AND s.deleted = 0) \
             AND NOT (EXISTS (SELECT 1 FROM invoices t WHERE t.source = $1 \
             AND t.external_id = d.invoice AND t.deleted = 0) AND NOT EXISTS (SELECT 1 FROM staged s \
             WHERE s.kind = 'invoice' AND s.external_id = d.invoice))"
                .to_owned(),
            true,
        ),
    ];
    for kind in Kind::ALL {
        let (kind, table) = (kind.as_str(), kind.plural());
        checks.push((
            format!(
                "SELECT r.line, s.kind, r.path || ': the client has no such {kind}' AS reason \
                 FROM planned p JOIN staged_refs r ON r.line = p.line \
                 JOIN staged s ON s.line = p.line WHERE r.kind = '{kind}' \
                 AND NOT EXISTS (SELECT 1 FROM staged x WHERE x.kind = r.kind \
                 AND x.external_id = r.external_id AND x.client = s.client) \
                 AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.source = $1 \
                 AND t.external_id = r.external_id AND t.client_id = p.client_id)"
            ),
            true,
        ));
    }
    for (sql, needs_source) in checks {
        // One more than is listed, so that the rest is counted.
        let sql = format!("{sql} ORDER BY 1 LIMIT 1000");
        let values = if needs_source {
            values![source]
        } else {
            Vec::new()
        };
        for LineRow { line, kind, reason } in target.fetch(&sql, values).await? {
            let line = u64::try_from(line).ok();
            report.refuse(&kind, Refused { line, reason });
        }
    }
    Ok(())
}

/// Plans to delete what is not in the file. More than a fifth of a kind is refused without `force`.
pub async fn complete(
    target: &mut Target,
    source: &str,
    kinds: &[Kind],
    force: bool,
    report: &mut Report,
) -> Result<(), StoreError> {
    for kind in kinds {
        let (word, table) = (kind.as_str(), kind.plural());
        let gone = format!(
            "FROM {table} t WHERE t.source = $1 AND t.deleted = 0 AND NOT EXISTS (SELECT 1 \
             FROM staged s WHERE s.kind = '{word}' AND s.external_id = t.external_id)"
        );
        let counts = format!(
            "SELECT (SELECT count(*) {gone}) AS gone, \
             (SELECT count(*) FROM {table} t WHERE t.source = $1 AND t.deleted = 0) AS live"
        );
        let counts: Vec<GoneRow> = target.fetch(&counts, values![source]).await?;
        if let Some(GoneRow { gone, live }) = counts.first()
            && gone * 5 > *live
            && !force
        {
            let reason = format!(
                "{gone} of {live} {table} are not in the file, and more than a fifth would be deleted; \
                 --force deletes them"
            );
            report.refuse(word, Refused { line: None, reason });
            continue;
        }
        let plan = format!(
            "INSERT INTO planned (line, kind, client_id, old_client_id, id, action) \
             SELECT NULL, '{word}', t.client_id, t.client_id, t.id, 'deleted' {gone}"
        );
        target.execute(&plan, values![source]).await?;
    }
    Ok(())
}
