//! The statements that read the mirror, for each kind of thing.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    model::{
        client::ClientId,
        date::Date,
        mirror::{Filter, Kind, Sort},
        money::Currency,
        timestamp::Timestamp,
    },
    server::store::rows::{Value, values},
};

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Statement {
    /// A part of a list: [`filter_values`], limit, offset. Of all: `$1` client, `$2` today, limit, offset.
    Page {
        of_all: bool,
        sort: Sort,
        descending: bool,
    },
    /// The length of a list: [`filter_values`].
    Count,
    /// The client's revision, and the length of a list without conditions if it is another revision: `$1` client, `$2` the
    /// revision that was counted last, or null.
    CountAll,
    /// The length by status: [`filter_values`].
    StatusCounts,
    /// `$1` client, `$2` today, `$3` id.
    One,
    /// `$1` client, `$2` today, `$3` and `$4` cursor, `$5` limit.
    Changes,
}

/// The text of a statement.
pub fn statement(kind: Kind, statement: Statement) -> &'static str {
    static ALL: LazyLock<HashMap<(Kind, Statement), String>> = LazyLock::new(all);
    // Only a sort that is not one of the kind's has none, and no database takes it.
    ALL.get(&(kind, statement)).map_or("", String::as_str)
}

fn all() -> HashMap<(Kind, Statement), String> {
    let mut all = HashMap::new();
    for kind in Kind::ALL {
        let pages = kind.sorts().iter().flat_map(|sort| {
            [(true, true), (true, false), (false, true), (false, false)].map(
                |(of_all, descending)| Statement::Page {
                    of_all,
                    sort: *sort,
                    descending,
                },
            )
        });
        let others = [
            Statement::Count,
            Statement::CountAll,
            Statement::StatusCounts,
            Statement::One,
            Statement::Changes,
        ];
        for statement in pages.chain(others) {
            all.insert((kind, statement), text(kind, statement));
        }
    }
    all
}

/// The columns of a [`MirrorRow`](super::rows::MirrorRow).
pub const COLUMNS: &str = "id, source, data, refs, document, created_at, updated_at, deleted";

/// Only invoices are ever unpaid, and a credit note is not overdue.
pub const STATUS: &str =
    "CASE WHEN status = 'unpaid' AND due_on < $2 AND amount > 0 THEN 'overdue' ELSE status END";

fn text(kind: Kind, statement: Statement) -> String {
    let table = kind.plural();
    let all = format!("FROM {table} WHERE client_id = $1 AND deleted = 0");
    let filter = format!("{all}{}", filter());
    match statement {
        Statement::Page {
            of_all,
            sort,
            descending,
        } => {
            let column = column(sort);
            let direction = if descending { "DESC" } else { "ASC" };
            // The columns that an index sorts are never null.
            let nulls = match sort {
                Sort::DueDate | Sort::NextDueDate | Sort::ExpiryDate => " NULLS LAST",
                _ => "",
            };
            let order = format!("ORDER BY {column} {direction}{nulls}, id {direction}");
            if of_all {
                // The rows of the page alone are read: those before it are counted in the index.
                format!(
                    "SELECT {STATUS} AS status, {COLUMNS} FROM {table} \
                     JOIN (SELECT id {all} {order} LIMIT $3 OFFSET $4) AS page USING (id) {order}"
                )
            } else {
                format!(
                    "SELECT {STATUS} AS status, {COLUMNS} {filter} {order} LIMIT $14 OFFSET $15"
                )
            }
        }
        Statement::Count => format!("SELECT count(*) {filter}"),
        Statement::CountAll => {
            format!(
                "SELECT revision, CASE WHEN revision = $2 THEN NULL ELSE (SELECT count(*) {all}) END \
                 FROM clients WHERE id = $1"
            )
        }
        Statement::StatusCounts => {
            format!("SELECT {STATUS} AS status, count(*) AS count {filter} GROUP BY 1 LIMIT 1000")
        }
        Statement::One => format!(
            "SELECT {STATUS} AS status, {COLUMNS} FROM {table} \
             WHERE client_id = $1 AND id = $3 AND deleted = 0"
        ),
        Statement::Changes => format!(
            "SELECT {STATUS} AS status, {COLUMNS} FROM {table} \
             WHERE client_id = $1 AND (updated_at, id) > ($3, $4) ORDER BY updated_at, id LIMIT $5"
        ),
    }
}

const fn column(sort: Sort) -> &'static str {
    match sort {
        Sort::CreatedAt => "created_at",
        Sort::Name | Sort::DomainName | Sort::InvoiceNumber | Sort::OrderNumber => "title",
        Sort::Amount | Sort::Total => "amount",
        Sort::IssueDate => "issued_on",
        Sort::DueDate | Sort::NextDueDate => "due_on",
        Sort::ExpiryDate => "expires_on",
    }
}

/// The conditions, each of which holds where its value is null. `replace` finds a text without characters that stand for
/// others, in both databases.
fn filter() -> String {
    let statuses = format!("($3 IS NULL OR replace($3, ',' || {STATUS} || ',', '') <> $3)");
    let spans = [
        ("created_at", 5),
        ("issued_on", 7),
        ("due_on", 9),
        ("expires_on", 11),
    ];
    let spans = spans.map(|(column, from)| {
        let to = from + 1;
        format!("(${from} IS NULL OR {column} >= ${from}) AND (${to} IS NULL OR {column} <= ${to})")
    });
    format!(
        " AND {statuses} AND ($4 IS NULL OR currency_code = $4) AND {} \
         AND ($13 IS NULL OR replace(search, $13, '') <> search)",
        spans.join(" AND ")
    )
}

/// The values of a filter: `$1` to `$13`.
pub fn filter_values(client: ClientId, today: Date, filter: &Filter) -> Vec<Value> {
    let statuses =
        (!filter.statuses.is_empty()).then(|| format!(",{},", filter.statuses.join(",")));
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    let search = filter
        .search
        .as_deref()
        .map(str::trim)
        .map(str::to_lowercase);
    values![
        client.0,
        today.to_string(),
        statuses,
        filter.currency_code.map(Currency::code),
        filter.created.from.map(Timestamp::unix),
        filter.created.to.map(Timestamp::unix),
        date(filter.issued.from),
        date(filter.issued.to),
        date(filter.due.from),
        date(filter.due.to),
        date(filter.expires.from),
        date(filter.expires.to),
        search.filter(|text| !text.is_empty()),
    ]
}
