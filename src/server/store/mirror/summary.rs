//! What a client has and owes, at a glance.

use crate::{
    model::{
        client::ClientId,
        date::Date,
        mirror::{EXPIRING_DAYS, Owed, Summary},
        money::Currency,
    },
    server::store::{
        Store, StoreError,
        rows::{Value, row, values},
    },
};

row! {
    struct OwedRow {
        currency_code: String,
        unpaid: i64,
        overdue: i64,
        next_due_date: Option<String>,
        next_due: i64,
    }
}

const ACTIVE: &str =
    "SELECT count(*) FROM services WHERE client_id = $1 AND deleted = 0 AND status = 'active'";

const EXPIRING: &str = "SELECT count(*) FROM domains WHERE client_id = $1 AND deleted = 0 \
    AND status = 'active' AND expires_on >= $2 AND expires_on <= $3";

const OWED: &str = "WITH owed AS (SELECT currency_code, owed, due_on FROM invoices \
    WHERE client_id = $1 AND deleted = 0 AND owed > 0), \
    next AS (SELECT currency_code, min(due_on) AS due_on FROM owed WHERE due_on >= $2 \
    GROUP BY currency_code) \
    SELECT owed.currency_code, CAST(sum(owed.owed) AS BIGINT) AS unpaid, \
    CAST(sum(CASE WHEN owed.due_on < $2 THEN owed.owed ELSE 0 END) AS BIGINT) AS overdue, \
    min(next.due_on) AS next_due_date, \
    CAST(sum(CASE WHEN owed.due_on = next.due_on THEN owed.owed ELSE 0 END) AS BIGINT) AS next_due \
    FROM owed LEFT JOIN next ON next.currency_code = owed.currency_code \
    GROUP BY owed.currency_code LIMIT 1000";

impl Store {
    /// What a client has and owes.
    pub async fn summary_of(&self, client: ClientId, today: Date) -> Result<Summary, StoreError> {
        let soon = today.plus_days(EXPIRING_DAYS).to_string();
        let today = today.to_string();
        let expiring = values![client.0, today.as_str(), soon];
        let owed: Vec<OwedRow> = self.read_all(OWED, values![client.0, today]).await?;
        let mut owed = owed
            .into_iter()
            .map(|row| row.into_owed(client))
            .collect::<Result<Vec<_>, _>>()?;
        owed.sort_by_key(|owed| owed.currency_code);
        Ok(Summary {
            active_services: self.count(ACTIVE, values![client.0]).await?,
            domains_expiring: self.count(EXPIRING, expiring).await?,
            owed,
        })
    }

    async fn count(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        let counted: Option<(i64,)> = self.read_one(sql, values).await?;
        Ok(counted.map_or(0, |(count,)| u64::try_from(count).unwrap_or_default()))
    }
}

impl OwedRow {
    fn into_owed(self, client: ClientId) -> Result<Owed, StoreError> {
        let bad_row = || StoreError::BadRow {
            table: "invoices",
            id: client.0,
        };
        let next_due_date = self.next_due_date.as_deref().map(Date::parse);
        Ok(Owed {
            currency_code: Currency::from_code(&self.currency_code).ok_or_else(bad_row)?,
            unpaid: self.unpaid,
            overdue: self.overdue,
            next_due_date: next_due_date
                .map(|date| date.ok_or_else(bad_row))
                .transpose()?,
            next_due: self.next_due,
        })
    }
}
