//! Admission of logins to the queue of password hashes.
//!
//! Strangers share limits and places of the queue, so that guessing is slow wherever it comes from. Owners are not locked
//! out by it: browsers and IP addresses that have logged in to the account before have their own limits and places, and
//! so has each network that few tries have come from.

use super::{
    actor::Actor,
    device_cookie,
    error::Failure,
    limits::Exceeded,
    password::{PasswordError, Place, Standing},
    state::AppState,
};
use crate::model::{client::ClientId, timestamp::DAY};

/// Seconds for which an IP address that a client has logged in from counts as theirs.
const KNOWN_FOR: i64 = 90 * DAY;

/// A try to log in.
#[derive(Clone, Copy)]
pub struct Try<'a> {
    /// The account that was typed.
    pub account: &'a str,
    /// Where it comes from.
    pub actor: &'a Actor,
    /// The device cookie that the browser sent.
    pub device: Option<&'a str>,
    /// The result of [`Limits::login`](super::limits::Limits::login).
    pub counted: Result<(), Exceeded>,
}

/// Returns a place in the queue for a try at the account of `client` with the password hash `stored`. For an unknown
/// account it does the same work as for a stranger.
///
/// # Errors
/// [`AppError::TooManyRequests`](crate::model::error::AppError), or too many are queued; the database is unavailable.
pub async fn admit(
    state: &AppState,
    tried: Try<'_>,
    client: Option<ClientId>,
    stored: Option<&str>,
) -> Result<Place, Failure> {
    let Try {
        account,
        actor,
        device,
        counted,
    } = tried;
    let is_known = device.is_some_and(|device| device_cookie::is_known(device, stored));
    if is_known && state.limits.login_by_browser(account).is_ok() {
        return Ok(state.passwords.place(Standing::Known)?);
    }
    counted.map_err(Exceeded::report)?;
    let shared = state.limits.login_by_anybody(account, actor.address);
    if shared.is_ok()
        && let Ok(place) = state.passwords.place(Standing::Anybody)
    {
        return Ok(place);
    }
    if has_been_here(state, client, actor).await? {
        return Ok(state.passwords.place(Standing::Known)?);
    }
    if state.limits.login_by_newcomer(actor.address).is_ok() {
        return Ok(state.passwords.place(Standing::Newcomer)?);
    }
    shared.map_err(Exceeded::report)?;
    Err(PasswordError::Busy.into())
}

async fn has_been_here(
    state: &AppState,
    client: Option<ClientId>,
    actor: &Actor,
) -> Result<bool, Failure> {
    let Some(address) = actor.address else {
        return Ok(false);
    };
    // No client has the id 0: an unknown account costs the same query.
    let client = client.unwrap_or(ClientId(0));
    let since = state.clock.now().minus(KNOWN_FOR);
    let found = state.store.has_logged_in_from(client, address, since);
    Ok(found.await?)
}
