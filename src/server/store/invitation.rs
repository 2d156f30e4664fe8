//! Inviting a client who has no password.

use crate::server::token_secret::SecretHash;

/// How an invited client gets the link.
#[derive(Clone, Copy, Debug)]
pub enum Invitation {
    /// By mail.
    Mail,
    /// From the operator, who sees the link whose secret has this hash.
    Print(SecretHash),
}

/// The outcome of inviting a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invited {
    /// The link was made, or will be in the mail.
    Done,
    /// The client has a password.
    HasPassword,
    /// The client is closed.
    Closed,
    /// Too many mails wait.
    TooMany,
}
