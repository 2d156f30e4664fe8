//! The staircase from a page to the server: a guard and one call each.
//!
//! Every function here is a public HTTP endpoint below `/rpc`. Its guard is in its body, where
//! no page can forget it. It takes the argument `client`, by which a page says whose it is.

pub mod session;
pub mod tokens;
