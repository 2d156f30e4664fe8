//! Who does something, and from where.

use crate::model::{activity::Who, address::Address, session::SessionId};

/// What is kept of a browser's own description, in characters.
const USER_AGENT_LEN: usize = 200;

/// Who does something, and from where, as the audit trail writes it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// The session they act with. What they change is changed only if it is still there then.
    pub session: Option<SessionId>,
    /// From where, if it came over the network.
    pub address: Option<Address>,
    /// What the browser or program says it is, cut to 200 characters.
    pub user_agent: String,
    /// The number of the request.
    pub request_id: Option<String>,
}

impl Actor {
    /// Somebody over the network, of whom nothing is known yet.
    pub fn anybody(address: Option<Address>, user_agent: &str, request_id: Option<String>) -> Self {
        Self {
            who: Who::Anybody,
            session: None,
            address,
            user_agent: user_agent.chars().take(USER_AGENT_LEN).collect(),
            request_id,
        }
    }

    /// Whoever runs the installation, on its command line.
    pub fn operator() -> Self {
        Self {
            who: Who::Operator,
            ..Self::anybody(None, "", None)
        }
    }

    /// A program that used its token.
    pub fn token(address: Option<Address>, user_agent: &str) -> Self {
        Self {
            who: Who::Token,
            ..Self::anybody(address, user_agent, None)
        }
    }

    /// The same, now that it is known to be the client.
    #[must_use]
    pub fn into_client(self) -> Self {
        Self {
            who: Who::Client,
            ..self
        }
    }

    /// The client, with the session they came in by.
    #[must_use]
    pub fn with_session(self, session: SessionId) -> Self {
        Self {
            session: Some(session),
            ..self.into_client()
        }
    }
}
