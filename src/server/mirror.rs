//! What a client has, owes and has ordered: services, domains, invoices and orders.
//!
//! Whoever reads is the first argument, and reads their own things alone. What a token may read is for the caller to check.

use std::future::Future;

use super::{
    error::Failure,
    session::SessionClient,
    state::AppState,
    store::{Store, StoreError},
    tokens::TokenClient,
};
use crate::model::{
    client::ClientId,
    date::Date,
    error::AppError,
    invoice::Invoice,
    mirror::{Change, Cursor, Filter, Listing, Mirrored, StatusCount, Summary},
    timestamp::Timestamp,
};

/// A client who reads: with a session, or with a token.
pub trait Reader: Sync {
    /// Whose things are read.
    fn reads(&self) -> ClientId;

    /// The number that each import moves that changes anything of theirs. `None`: the session has ended, or the token is no
    /// longer valid.
    fn revision_now(
        &self,
        store: &Store,
    ) -> impl Future<Output = Result<Option<i64>, StoreError>> + Send;
}

impl Reader for SessionClient {
    fn reads(&self) -> ClientId {
        self.client().id
    }

    async fn revision_now(&self, store: &Store) -> Result<Option<i64>, StoreError> {
        store
            .revision_in_session(self.reads(), self.session())
            .await
    }
}

impl Reader for TokenClient {
    fn reads(&self) -> ClientId {
        self.client().id
    }

    async fn revision_now(&self, store: &Store) -> Result<Option<i64>, StoreError> {
        store.revision_with_token(self.reads(), self.token()).await
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

/// A part of a list, whose length is not needed.
///
/// # Errors
/// The database is unavailable.
pub async fn part_of_list<T: Mirrored>(
    state: &AppState,
    who: &impl Reader,
    listing: &Listing,
) -> Result<Vec<T>, Failure> {
    let part = state
        .store
        .part_of_list(who.reads(), state.today(), listing);
    Ok(part.await?)
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

/// The number that each import moves that changes anything of the client's. `None`: the session has ended, or the token is no
/// longer valid.
///
/// # Errors
/// The database is unavailable.
pub async fn revision(state: &AppState, who: &impl Reader) -> Result<Option<i64>, Failure> {
    Ok(who.revision_now(&state.store).await?)
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
