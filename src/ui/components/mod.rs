//! Components that know nothing of clients or tokens, and helpers for islands.

pub mod clipboard;
pub mod code_block;
pub mod focus;
pub mod hydration;
pub mod live;
pub mod modal;
pub mod new_password;
pub mod notice;
pub mod password_input;
pub mod size;
pub mod slip;
pub mod snippets;
pub mod submission;
pub mod tabs;
pub mod time;
