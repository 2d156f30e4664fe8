//! Who sent a request.

use std::sync::Arc;

use crate::{
    model::{
        client::{Client, ClientId},
        error::AppError,
        session::SessionId,
    },
    server::actor::Actor,
};

/// A client authenticated by a session. Only [`find`](super::find) makes one, so it is proof of a valid session.
///
/// A bearer token makes a [`TokenClient`](crate::server::tokens::TokenClient) instead: a function that takes a
/// `SessionClient` can never be called with a token.
#[derive(Clone, Debug)]
pub struct SessionClient {
    pub(super) session: SessionId,
    pub(super) seconds_left: i64,
    pub(super) idle_left: i64,
    pub(super) has_imports: bool,
    pub(super) client: Arc<Client>,
    pub(super) actor: Arc<Actor>,
}

impl SessionClient {
    /// Whose session it is.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The session's id.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Seconds until the session ends, however much it is used.
    pub fn seconds_left(&self) -> i64 {
        self.seconds_left
    }

    /// Seconds until the session ends if it is not used.
    pub fn idle_left(&self) -> i64 {
        self.idle_left
    }

    /// Whether anything was ever imported for whichever client. Until then the portal is about tokens alone.
    pub fn has_imports(&self) -> bool {
        self.has_imports
    }

    /// Refuses a request from another client's page: somebody else has logged in since, in a browser that still shows
    /// that page. Requests of scripts come from no page.
    ///
    /// # Errors
    /// [`AppError::OtherClient`] if the page is another client's.
    pub fn check_page(&self, page_of: Option<ClientId>) -> Result<(), AppError> {
        if page_of.is_none_or(|id| id == self.client.id) {
            return Ok(());
        }
        Err(AppError::OtherClient {
            email: self.client.email.to_string(),
        })
    }

    /// The client as the audit trail records it.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// Who sent a request, by its cookie.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// A client with a session.
    Client(SessionClient),
    /// No valid session.
    Anonymous,
    /// The database is unavailable. Never treated as either of the others.
    Unknown(AppError),
}

impl Visitor {
    /// The client with a session.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] without one, or the error of looking it up.
    pub fn client(self) -> Result<SessionClient, AppError> {
        match self {
            Self::Client(who) => Ok(who),
            Self::Anonymous => Err(AppError::Unauthenticated),
            Self::Unknown(error) => Err(error),
        }
    }
}
