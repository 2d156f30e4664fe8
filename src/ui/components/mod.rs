//! Small parts that know nothing of clients or tokens.

pub mod clipboard;
pub mod code_block;
pub mod live;
pub mod notice;
pub mod password_input;
pub mod size;
pub mod slip;
pub mod tabs;
pub mod time;
