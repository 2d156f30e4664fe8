//! Opentill from outside: over real HTTP and as a real process. Files are named after what they knock at.

mod support;
