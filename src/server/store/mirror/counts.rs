//! How long the lists of the mirror are.

use super::sql::{self, Statement, filter_values};
use crate::{
    model::{
        client::ClientId,
        date::Date,
        mirror::{Filter, Kind},
    },
    server::store::{Store, StoreError, rows::values, totals::Total},
};

impl Store {
    /// How many things of a kind that a client has meet a filter.
    pub(super) async fn total(
        &self,
        kind: Kind,
        client: ClientId,
        today: Date,
        filter: &Filter,
    ) -> Result<u64, StoreError> {
        if *filter == Filter::default() {
            return self.total_of_all(kind, client).await;
        }
        let values = filter_values(client, today, filter);
        let count = sql::statement(kind, Statement::Count);
        let counted: Option<(i64,)> = self.read_one(count, values).await?;
        Ok(counted.map_or(0, |(rows,)| total_of(rows)))
    }

    async fn total_of_all(&self, kind: Kind, client: ClientId) -> Result<u64, StoreError> {
        let last = self.totals.last(client, kind);
        let values = values![client.0, last.map(|last| last.revision)];
        let count = sql::statement(kind, Statement::CountAll);
        let counted: Option<(i64, Option<i64>)> = self.read_one(count, values).await?;
        if let Some((revision, Some(rows))) = counted {
            let total = total_of(rows);
            self.totals
                .remember(client, kind, Total { revision, total });
            return Ok(total);
        }
        Ok(last.map_or(0, |last| last.total))
    }
}

fn total_of(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or_default()
}
