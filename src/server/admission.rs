//! Who may try a password now, and who has to wait.
//!
//! Strangers share counts and places of the queue, so that guesses are slowed down wherever they come from. An owner is
//! never one of many strangers for long: what strangers use up is not what is kept for a browser or an address that
//! the account was logged in from, nor for a network from which few have tried.

use super::{
    actor::Actor,
    device_cookie,
    error::Failure,
    limits::Refusal,
    password::{PasswordError, Place, Standing},
    state::AppState,
};
use crate::model::{client::ClientId, timestamp::DAY};

/// An address that a client logged in from so long ago, in seconds, is known to be theirs.
const KNOWN_FOR: i64 = 90 * DAY;

/// One try to log in.
#[derive(Clone, Copy)]
pub struct Try<'a> {
    /// The account that was typed.
    pub account: &'a str,
    /// From where it comes.
    pub actor: &'a Actor,
    /// The device cookie that the browser sent.
    pub device: Option<&'a str>,
    /// What [`Limits::login`](super::limits::Limits::login) said, before anything was looked up.
    pub counted: Result<(), Refusal>,
}

/// The place in the queue of hashes for one try at the account of `client` with the password hash `stored`. Where there
/// is no such account the same is done, and whoever tries is a stranger.
///
/// # Errors
/// [`AppError::TooManyRequests`](crate::model::error::AppError), or too many are waiting; the database is away.
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
    counted?;
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
    shared?;
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
    // Nobody has the number 0: for an unknown account the same is asked, and the answer is no.
    let client = client.unwrap_or(ClientId(0));
    let since = state.clock.now().minus(KNOWN_FOR);
    let found = state.store.has_logged_in_from(client, address, since);
    Ok(found.await?)
}
