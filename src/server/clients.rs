//! Clients: the operator's work on them, and what they may change of themselves.

use sha2::{Digest, Sha256};

use super::{
    actor::Actor,
    error::Failure,
    password::Password,
    session::SessionClient,
    state::AppState,
    store::{Account, ClientEdit, Edited, Invitation, MAX_ROWS, NewActivity, NewClient},
    token_secret::check_public,
};
use crate::model::{
    activity::Event,
    client::{Client, ClientId, ClientStatus, Email},
    contact::{Check, Contact},
    error::AppError,
    field,
};

/// Adds a client, who can log in if there is a password, and is invited to choose one if there is an invitation.
///
/// # Errors
/// [`AppError::Invalid`] if the address is taken; the database is away.
pub async fn add(
    state: &AppState,
    mut new: NewClient,
    password: Option<Password>,
    invitation: Option<Invitation>,
) -> Result<ClientId, Failure> {
    check_public(field::EMAIL, new.email.as_str())?;
    if let Some(password) = password {
        new.password_hash = Some(state.passwords.hash(password).await?);
    }
    let adding = state.store.add_client(&new, invitation, state.clock.now());
    adding.await?.ok_or_else(|| email_taken().into())
}

fn email_taken() -> AppError {
    AppError::invalid(field::EMAIL, "a client with this email already exists")
}

/// Changes a client; `false` if there was nothing to change.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client, [`AppError::Invalid`] if the new address is taken; the database is
/// away.
pub async fn edit(state: &AppState, email: &Email, edit: &ClientEdit) -> Result<bool, Failure> {
    if let Some(new) = &edit.email {
        check_public(field::EMAIL, new.as_str())?;
    }
    let client = by_email(state, email).await?;
    let changed = by_operator(state, client.id, Event::DetailsChanged);
    match state.store.edit_client(client.id, edit, changed).await? {
        Edited::Changed => Ok(true),
        Edited::Unchanged => Ok(false),
        Edited::EmailTaken => Err(email_taken().into()),
    }
}

/// Up to 1,000 accounts of clients after `last`, oldest first. Nothing: there are no more.
///
/// # Errors
/// The database is away.
pub async fn list_after(state: &AppState, last: Option<ClientId>) -> Result<Vec<Account>, Failure> {
    Ok(state.store.accounts_after(last, MAX_ROWS).await?)
}

/// The account of the client with this address.
///
/// # Errors
/// [`AppError::NotFound`] if there is none; the database is away.
pub async fn account(state: &AppState, email: &Email) -> Result<Account, Failure> {
    let client = by_email(state, email).await?;
    let account = state.store.account(client.id).await?;
    account.ok_or_else(|| AppError::NotFound.into())
}

/// The client with this address.
///
/// # Errors
/// [`AppError::NotFound`] if there is none; the database is away.
pub async fn by_email(state: &AppState, email: &Email) -> Result<Client, Failure> {
    let found = state.store.client_by_email(email).await?;
    found
        .map(|(client, _)| client)
        .ok_or_else(|| AppError::NotFound.into())
}

/// Sets a password and ends the client's sessions.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client, [`AppError::Invalid`] for a password that may
/// not be used; the database is away.
pub async fn set_password(state: &AppState, email: &Email, password: &str) -> Result<(), Failure> {
    let client = by_email(state, email).await?;
    let password = state
        .passwords
        .accept("password", password, &client.own_words())
        .await?;
    let hash = state.passwords.hash(password).await?;
    let changed = by_operator(state, client.id, Event::PasswordChanged);
    Ok(state.store.set_password(client.id, &hash, changed).await?)
}

/// Sets what a client may do; `false` if it might do the same before. Closing it ends its sessions,
/// and its tokens answer the 401.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client; the database is away.
pub async fn set_status(
    state: &AppState,
    email: &Email,
    status: ClientStatus,
) -> Result<bool, Failure> {
    let client = by_email(state, email).await?;
    let changed = by_operator(state, client.id, Event::StatusChanged);
    Ok(state.store.set_status(client.id, status, changed).await?)
}

/// A hash of contact data, for [`field::VERSION`].
pub fn version(contact: &Contact) -> String {
    // No field holds a line end.
    let hash = Sha256::digest(contact.values().join("\n"));
    let begin = hash[..8].iter();
    let number = begin.fold(0, |number: u64, byte| (number << 8) | u64::from(*byte));
    format!("{number:016x}")
}

/// Checks what was typed into a field of the contact data.
///
/// # Errors
/// [`AppError::Invalid`] for the field.
pub fn check_field(field: &'static str, check: Check, typed: &str) -> Result<String, AppError> {
    let text = check(typed).map_err(|message| AppError::invalid(field, message))?;
    check_public(field, &text)?;
    if field == field::NAME && text.is_empty() {
        return Err(AppError::invalid(field, "Enter a name."));
    }
    Ok(text)
}

/// Changes what a client may change of its own data; `fields` gives what was typed, by field.
/// `false` if nothing was typed that was not there before.
///
/// # Errors
/// [`AppError::Suspended`] for a suspended client, [`AppError::Invalid`] for the first field that is
/// refused, [`AppError::ChangedMeanwhile`] if the form was made with other details than are stored
/// now; the database is away.
pub async fn set_details(
    state: &AppState,
    who: &SessionClient,
    fields: impl Fn(&str) -> String,
) -> Result<bool, Failure> {
    if who.client().status != ClientStatus::Active {
        return Err(AppError::Suspended.into());
    }
    let new = Contact::read(|field, check| check_field(field, check, &fields(field)))?;
    let id = who.client().id;
    let changed = NewActivity::new(id, Event::DetailsChanged, who.actor(), state.clock.now());
    let made_with = fields(field::VERSION);
    let is_current = |old: &Contact| made_with.is_empty() || made_with == version(old);
    let old = state
        .store
        .set_details(id, &new, is_current, changed)
        .await?;
    match (old == new, is_current(&old)) {
        (true, true) => Ok(false),
        // What was typed is there already: the form was sent twice.
        (true, false) | (false, true) => Ok(true),
        (false, false) => Err(AppError::ChangedMeanwhile.into()),
    }
}

fn by_operator(state: &AppState, client: ClientId, event: Event) -> NewActivity {
    NewActivity::new(client, event, &Actor::operator(), state.clock.now())
}
