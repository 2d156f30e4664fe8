//! The row of an overview: a column for each of its lists.

use sqlx::FromRow;

use super::{ActivityRow, SessionRow, TokenRow, row};

#[derive(FromRow)]
pub struct OverviewRow {
    pub tokens: Vec<TokenRow>,
    pub activity: Vec<ActivityRow>,
    pub sessions: Vec<SessionRow>,
    /// One row.
    pub totals: Vec<TotalsRow>,
}

row! {
    record pub struct TotalsRow {
        tokens: i64,
        revoked: i64,
        sessions: i64,
    }
}
