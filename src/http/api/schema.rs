//! Parts of the descriptions of what a client has.

use utoipa::openapi::{Object, ObjectBuilder, Type};

/// A text that is one of these words.
pub fn word(words: impl IntoIterator<Item = &'static str>, about: &str) -> Object {
    let words: Vec<_> = words.into_iter().collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(about))
        .examples(words.first().copied())
        .enum_values(Some(words))
        .build()
}
