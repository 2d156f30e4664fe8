//! The mirror in the database: services, domains, invoices and orders of clients.
//!
//! Four tables have one shape, so that one text of each statement serves all of them ([`sql`]). What is filtered and sorted
//! has a column; the rest is JSON as it is served ([`rows`]). Requests only read: imports write
//! (`server::operations::import`). The client is in every `WHERE`.
//!
//! Today's date is an argument: an invoice that is unpaid becomes overdue by the calendar, not by a write.

mod counts;
mod references;
mod referring;
mod rows;
mod sql;
mod summary;

use self::{
    rows::{MirrorRow, StatusCountRow},
    sql::{Statement, filter_values},
};
use super::{MAX_ROWS, Store, StoreError, rows::values};
use crate::model::{
    client::ClientId,
    date::Date,
    mirror::{Change, Cursor, Filter, Kind, Listing, Mirrored, StatusCount},
    session::SessionId,
    timestamp::Timestamp,
    token::TokenId,
};

impl Store {
    /// A part of a client's list, and how many meet its filter.
    pub async fn mirrored<T: Mirrored>(
        &self,
        client: ClientId,
        today: Date,
        listing: &Listing,
    ) -> Result<(Vec<T>, u64), StoreError> {
        if listing.offset == 0 {
            let first = self.part_of_list::<T>(client, today, listing).await?;
            let seen = first.len() as u64;
            if seen < u64::from(listing.limit.min(MAX_ROWS)) {
                return Ok((first, seen));
            }
            let total = self.total(T::KIND, client, today, &listing.filter).await?;
            return Ok((first, total.max(seen)));
        }
        let total = self.total(T::KIND, client, today, &listing.filter).await?;
        if listing.offset >= total {
            return Ok((Vec::new(), total));
        }
        Ok((self.part_of_list(client, today, listing).await?, total))
    }

    /// A part of a client's list.
    pub async fn part_of_list<T: Mirrored>(
        &self,
        client: ClientId,
        today: Date,
        listing: &Listing,
    ) -> Result<Vec<T>, StoreError> {
        let of_all = listing.filter == Filter::default();
        let mut values = if of_all {
            values![client.0, today.to_string()]
        } else {
            filter_values(client, today, &listing.filter)
        };
        values.push(listing.limit.min(MAX_ROWS).into());
        values.push(i64::try_from(listing.offset).unwrap_or(i64::MAX).into());
        let page = Statement::Page {
            of_all,
            sort: listing.sort,
            descending: listing.descending,
        };
        let rows = self.read_all(sql::statement(T::KIND, page), values).await?;
        self.complete(client, rows).await
    }

    /// How many things of a client have each status, among those that meet the other conditions of a filter. Statuses that
    /// none has are left out.
    pub async fn status_counts(
        &self,
        kind: Kind,
        client: ClientId,
        today: Date,
        filter: &Filter,
    ) -> Result<Vec<StatusCount>, StoreError> {
        let of_any = Filter {
            statuses: Vec::new(),
            ..filter.clone()
        };
        let values = filter_values(client, today, &of_any);
        let counts = sql::statement(kind, Statement::StatusCounts);
        let rows: Vec<StatusCountRow> = self.read_all(counts, values).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// One thing of a client.
    pub async fn one_mirrored<T: Mirrored>(
        &self,
        client: ClientId,
        today: Date,
        id: i64,
    ) -> Result<Option<T>, StoreError> {
        let values = values![client.0, today.to_string(), id];
        let one = sql::statement(T::KIND, Statement::One);
        let rows = self.read_all(one, values).await?;
        Ok(self.complete(client, rows).await?.pop())
    }

    /// The next changes after `cursor`, deletions included, by time and id.
    pub async fn changes<T: Mirrored>(
        &self,
        client: ClientId,
        today: Date,
        cursor: Cursor,
        limit: u32,
    ) -> Result<Vec<Change<T>>, StoreError> {
        let values = values![
            client.0,
            today.to_string(),
            cursor.updated_at.unix(),
            cursor.id,
            limit.min(MAX_ROWS),
        ];
        let changes = sql::statement(T::KIND, Statement::Changes);
        let rows: Vec<MirrorRow> = self.read_all(changes, values).await?;
        let gone = |row: &MirrorRow| {
            (row.deleted != 0).then(|| Change::Gone {
                id: row.id,
                updated_at: Timestamp::from_unix(row.updated_at),
            })
        };
        let gone: Vec<Option<Change<T>>> = rows.iter().map(gone).collect();
        let left = rows.into_iter().filter(|row| row.deleted == 0).collect();
        let mut left = self.complete(client, left).await?.into_iter();
        let changes = gone.into_iter();
        Ok(changes
            .filter_map(|gone| gone.or_else(|| left.next().map(Change::Is)))
            .collect())
    }

    /// The bytes of the PDF of a client's invoice.
    pub async fn document_of(
        &self,
        client: ClientId,
        invoice: i64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT body FROM documents WHERE invoice_id = $1 AND client_id = $2";
        let found: Option<(Vec<u8>,)> = self.read_one(sql, values![invoice, client.0]).await?;
        Ok(found.map(|(body,)| body))
    }

    /// The revision of a client, for a token of theirs that is valid.
    pub async fn revision_with_token(
        &self,
        client: ClientId,
        token: TokenId,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT c.revision FROM tokens t JOIN clients c ON c.id = t.client_id \
            WHERE t.id = $1 AND c.id = $2 AND t.revoked_at IS NULL AND c.status <> 'closed'";
        let found: Option<(i64,)> = self.read_one(sql, values![token.0, client.0]).await?;
        Ok(found.map(|(revision,)| revision))
    }

    /// The revision of a client, for a session of theirs that has not ended.
    pub async fn revision_in_session(
        &self,
        client: ClientId,
        session: SessionId,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT c.revision FROM sessions s JOIN clients c ON c.id = s.client_id \
            WHERE s.id = $1 AND c.id = $2 AND c.status <> 'closed'";
        let found: Option<(i64,)> = self.read_one(sql, values![session.0, client.0]).await?;
        Ok(found.map(|(revision,)| revision))
    }

    /// When the last import took place that changed anything. `None`: there was none, so the mirror is empty.
    pub async fn last_import(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT at FROM imports WHERE singleton = $1";
        let found: Option<(i64,)> = self.read_one(sql, values![1_i64]).await?;
        Ok(found.map(|(at,)| Timestamp::from_unix(at)))
    }

    /// Values of the model from rows of one client.
    async fn complete<T: Mirrored>(
        &self,
        client: ClientId,
        rows: Vec<MirrorRow>,
    ) -> Result<Vec<T>, StoreError> {
        let rows: Result<Vec<_>, _> = rows.into_iter().map(|row| row.parse(T::KIND)).collect();
        let rows = rows?;
        let ids = self.resolve(client, &rows).await?;
        rows.into_iter().map(|row| row.complete(&ids)).collect()
    }
}
