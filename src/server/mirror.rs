//! What a client has, owes and has ordered: services, domains, invoices and orders.
//!
//! Whoever reads is the first argument, and reads their own things alone. What a token may read is for the caller to check.

use super::{error::Failure, session::SessionClient, state::AppState, tokens::TokenClient};
use crate::model::{
    client::ClientId,
    date::Date,
    error::AppError,
    invoice::Invoice,
    mirror::{Change, Cursor, Filter, Listing, Mirrored, StatusCount, Summary},
    timestamp::Timestamp,
};

/// A client who reads: with a session, or with a token.
pub trait Reader {
    /// Whose things are read.
    fn reads(&self) -> ClientId;
}

impl Reader for SessionClient {
    fn reads(&self) -> ClientId {
        self.client().id
    }
}

impl Reader for TokenClient {
    fn reads(&self) -> ClientId {
        self.client().id
    }
}

/// A part of a list, and how many things meet its filter. `T` is the row: `Service`, `Domain`, `Invoice`, `Order`, or one with
/// details.
///
/// # Errors
/// The database is unavailable.
pub async fn list<T: Mirrored>(
    state: &AppState,
    who: &impl Reader,
    listing: &Listing,
) -> Result<(Vec<T>, u64), Failure> {
    let listed = state.store.mirrored(who.reads(), state.today(), listing);
    Ok(listed.await?)
}

/// How many things of kind `T` have each status, among those that meet the other conditions of a filter.
///
/// # Errors
/// The database is unavailable.
pub async fn status_counts<T: Mirrored>(
    state: &AppState,
    who: &impl Reader,
    filter: &Filter,
) -> Result<Vec<StatusCount>, Failure> {
    let (store, today) = (&state.store, state.today());
    let counts = store.status_counts(T::KIND, who.reads(), today, filter);
    Ok(counts.await?)
}

/// One thing.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such thing of theirs; the database is unavailable.
pub async fn get<T: Mirrored>(state: &AppState, who: &impl Reader, id: i64) -> Result<T, Failure> {
    let found = state.store.one_mirrored(who.reads(), state.today(), id);
    found.await?.ok_or_else(|| AppError::NotFound.into())
}

/// The last invoices and credit notes that refer to a thing of kind `T`, newest first.
///
/// # Errors
/// The database is unavailable.
pub async fn invoices_for<T: Mirrored>(
    state: &AppState,
    who: &impl Reader,
    id: i64,
    limit: u32,
) -> Result<Vec<Invoice>, Failure> {
    let (store, today) = (&state.store, state.today());
    let invoices = store.invoices_for(who.reads(), today, (T::KIND, id), limit);
    Ok(invoices.await?)
}

/// The next changes after a place in the feed, deletions included.
///
/// # Errors
/// The database is unavailable.
pub async fn changes<T: Mirrored>(
    state: &AppState,
    who: &impl Reader,
    cursor: Cursor,
    limit: u32,
) -> Result<Vec<Change<T>>, Failure> {
    let (store, today) = (&state.store, state.today());
    Ok(store.changes(who.reads(), today, cursor, limit).await?)
}

/// The PDF of an invoice.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such invoice of theirs, or no PDF of it; the database is unavailable.
pub async fn document(
    state: &AppState,
    who: &impl Reader,
    invoice: i64,
) -> Result<Vec<u8>, Failure> {
    let found = state.store.document_of(who.reads(), invoice).await?;
    found.ok_or_else(|| AppError::NotFound.into())
}

/// Whether the client's token is still valid, and no import has changed anything of theirs since it was read.
///
/// # Errors
/// The database is unavailable.
pub async fn is_unchanged(state: &AppState, who: &TokenClient) -> Result<bool, Failure> {
    let revision = state.store.revision_for(who.reads(), who.token()).await?;
    Ok(revision == Some(who.revision()))
}

/// What the client has and owes, at a glance.
///
/// # Errors
/// The database is unavailable.
pub async fn summary(state: &AppState, who: &impl Reader) -> Result<Summary, Failure> {
    Ok(state.store.summary_of(who.reads(), state.today()).await?)
}

/// When anything was imported last. `None`: never, so there is nothing to show.
///
/// # Errors
/// The database is unavailable.
pub async fn last_import(state: &AppState) -> Result<Option<Timestamp>, Failure> {
    Ok(state.store.last_import().await?)
}

/// Today's date where the operator is, of which a list is a part: what is overdue changes with it.
pub fn today(state: &AppState) -> Date {
    state.today()
}
