//! Server functions, which islands call: an authentication guard and one call of `server` each.
//!
//! Every function is a public HTTP endpoint below `/rpc`, so its guard is in its body. Its argument
//! `client` names the client whose page calls.

pub mod session;
pub mod tokens;
