//! The staircase from a page to the server: a guard and one call each.
//!
//! Every function here is a public HTTP endpoint below `/rpc`. Its guard is in its body, where
//! no page can forget it.

pub mod session;
pub mod tokens;
