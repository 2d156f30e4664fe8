//! Mails to clients.
//!
//! What a mail says is in [`words`], how it looks in [`letter`], how it is sent in [`delivery`], and [`sender`] sends what
//! the outbox of the store has.

mod delivery;
mod letter;
mod sender;
mod settings;
mod words;

pub use self::{
    letter::Letter,
    sender::{send_due, start},
    settings::{Destination, Encryption, MailServer, MailSettings},
};
use super::{error::Failure, state::AppState, store::MAX_ROWS};
use crate::model::mail::MailSummary;

/// Up to 1,000 mails that were not sent yet, after the one with the number `after`. Nothing: there are no more.
///
/// # Errors
/// The database is unavailable.
pub async fn list_after(state: &AppState, after: i64) -> Result<Vec<MailSummary>, Failure> {
    Ok(state.store.mails_after(after, MAX_ROWS).await?)
}
