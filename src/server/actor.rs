//! The author of an action.

use super::token_secret::holds_secret;
use crate::model::{activity::Who, address::Address, session::SessionId};

/// The most characters of a `User-Agent` header that are kept.
const USER_AGENT_LEN: usize = 200;

/// The author of an action, as the audit trail records it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// Their session. A change is made only if the session still exists when it commits.
    pub session: Option<SessionId>,
    /// Their IP address, if the action came over the network.
    pub address: Option<Address>,
    /// Whether it may be the address of a proxy that the settings do not name.
    pub is_forwarded: bool,
    /// The `User-Agent` header, cut to 200 characters.
    pub user_agent: String,
    /// The id of the request.
    pub request_id: Option<String>,
}

/// The `User-Agent` header as it is kept: nothing of one that contains a token.
pub fn kept_user_agent(header: &str) -> &str {
    if holds_secret(header) { "" } else { header }
}

impl Actor {
    /// Someone over the network, not identified yet.
    pub fn anybody(address: Option<Address>, user_agent: &str, request_id: Option<String>) -> Self {
        Self {
            who: Who::Anybody,
            session: None,
            address,
            is_forwarded: false,
            user_agent: kept_user_agent(user_agent)
                .chars()
                .take(USER_AGENT_LEN)
                .collect(),
            request_id,
        }
    }

    /// The operator, on the command line.
    pub fn operator() -> Self {
        Self {
            who: Who::Operator,
            ..Self::anybody(None, "", None)
        }
    }

    /// A program with a token.
    pub fn token(address: Option<Address>, user_agent: &str) -> Self {
        Self::anybody(address, user_agent, None).into_token()
    }

    /// The same, identified by a token.
    #[must_use]
    pub fn into_token(self) -> Self {
        Self {
            who: Who::Token,
            ..self
        }
    }

    /// The same, identified as the client.
    #[must_use]
    pub fn into_client(self) -> Self {
        Self {
            who: Who::Client,
            ..self
        }
    }

    /// The same, identified as the client by a session.
    #[must_use]
    pub fn with_session(self, session: SessionId) -> Self {
        Self {
            session: Some(session),
            ..self.into_client()
        }
    }
}
