//! Names of form fields and query parameters: pages render them, handlers read them, and errors name them.
//!
//! [`ClientId::FIELD`](super::client::ClientId::FIELD) and the preferences have theirs beside them.

#![allow(missing_docs)] // The name says it all, but for the comments below.

// Logging in.
pub const EMAIL: &str = "email";
pub const PASSWORD: &str = "password";
/// Path to go to afterwards.
pub const NEXT: &str = "next";

/// `1`: the login page was opened after logging in, to see whether the browser has kept the cookie.
pub const BEGAN: &str = "began";

// Contact data; the name is a token's, too.
pub const NAME: &str = "name";
pub const COMPANY: &str = "company";
pub const PHONE: &str = "phone";
pub const ADDRESS1: &str = "address1";
pub const ADDRESS2: &str = "address2";
pub const CITY: &str = "city";
pub const STATE: &str = "state";
pub const POSTCODE: &str = "postcode";
pub const COUNTRY: &str = "country";
/// Hash of the contact data that the form was rendered with.
pub const VERSION: &str = "version";

// Changing the password.
pub const CURRENT_PASSWORD: &str = "current_password";
pub const NEW_PASSWORD: &str = "new_password";

/// `true`: all tokens are revoked, too.
pub const REVOKE_TOKENS: &str = "revoke_tokens";

// Ending a session.
pub const ID: &str = "id";

// Creating and renaming a token.
/// The day on which the token ends.
pub const EXPIRES_ON: &str = "expires_on";
pub const ALLOWED_ADDRESSES: &str = "allowed_addresses";
pub const IDEMPOTENCY_KEY: &str = "idempotency_key";
/// `true`: the token may be given another secret, if nobody has seen it.
pub const REPLACE_UNSEEN: &str = "replace_unseen";
/// The token's name when the form was rendered.
pub const OLD_NAME: &str = "old_name";

// Revoking.
/// The words that confirm that all tokens are to be revoked.
pub const CONFIRMATION: &str = "confirmation";
/// The page that a question was asked on, to return to.
pub const FROM: &str = "from";

// Lists.
/// The number of the last row that was shown.
pub const BEFORE: &str = "before";
/// The only kind of event to list.
pub const EVENT: &str = "event";
/// The only status to list.
pub const STATUS: &str = "status";
/// The text that listed things have.
pub const SEARCH: &str = "search";
/// By what a list is sorted.
pub const SORT: &str = "sort";
/// The number of a list's page, from 1.
pub const PAGE: &str = "page";
