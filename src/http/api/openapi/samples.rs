//! Sample responses for the documentation page, from the examples of the OpenAPI document.

use utoipa::openapi::{
    Components, RefOr, Schema, Type,
    schema::{ArrayItems, Object, SchemaType},
};

/// The JSON of a schema, its properties in the order of the document. Deeper schemas do not refer to themselves.
pub fn json(schema: &RefOr<Schema>, components: &Components) -> String {
    let mut text = String::new();
    write(&mut text, schema, components, "\n");
    text
}

/// Writes it; `line` begins a new line with its indentation.
fn write(text: &mut String, schema: &RefOr<Schema>, components: &Components, line: &str) {
    let inner = format!("{line}  ");
    match schema {
        RefOr::Ref(other) => {
            let name = other.ref_location.rsplit('/').next();
            match name.and_then(|name| components.schemas.get(name)) {
                Some(schema) => write(text, schema, components, line),
                None => text.push_str("{}"),
            }
        }
        RefOr::T(Schema::Array(array)) => {
            text.push('[');
            if let ArrayItems::RefOrSchema(item) = &array.items {
                text.push_str(&inner);
                write(text, item, components, &inner);
                text.push_str(line);
            }
            text.push(']');
        }
        RefOr::T(Schema::Object(object)) if !object.properties.is_empty() => {
            for (at, (name, property)) in object.properties.iter().enumerate() {
                text.push_str(if at == 0 { "{" } else { "," });
                text.push_str(&inner);
                text.push_str(&format!("\"{name}\": "));
                write(text, property, components, &inner);
            }
            text.push_str(line);
            text.push('}');
        }
        RefOr::T(Schema::Object(object)) => text.push_str(&value(object)),
        RefOr::T(_) => text.push_str("{}"),
    }
}

/// The example of a value, or else what shows its type.
fn value(object: &Object) -> String {
    let examples = object.example.iter().chain(&object.examples);
    if let Some(example) = examples.chain(object.enum_values.iter().flatten()).next() {
        return example.to_string();
    }
    let first = match &object.schema_type {
        SchemaType::Type(one) => Some(one),
        SchemaType::Array(several) => several.first(),
        SchemaType::AnyValue => None,
    };
    let shown = match first {
        Some(Type::Integer | Type::Number) => "1",
        Some(Type::String) => "\"…\"",
        Some(Type::Boolean) => "true",
        Some(Type::Array) => "[]",
        Some(Type::Null) => "null",
        Some(Type::Object) | None => "{}",
    };
    shown.to_owned()
}
