//! Schemas, with what they refer to.

use utoipa::openapi::{
    Components, RefOr, Schema,
    schema::{ArrayItems, Object},
};

/// The objects that a schema is, refers to, or is a list of: several if it is put together, the first of alternatives.
pub fn objects<'a>(schema: &'a RefOr<Schema>, components: &'a Components) -> Vec<&'a Object> {
    let all = |parts: &'a [RefOr<Schema>]| -> Vec<&'a Object> {
        let objects = parts.iter().flat_map(|part| objects(part, components));
        objects.collect()
    };
    match schema {
        RefOr::T(Schema::Object(object)) if object.properties.is_empty() => Vec::new(),
        RefOr::T(Schema::Object(object)) => vec![object],
        RefOr::T(Schema::Array(array)) => match &array.items {
            ArrayItems::RefOrSchema(item) => objects(item, components),
            ArrayItems::False => Vec::new(),
        },
        RefOr::T(Schema::AllOf(parts)) => all(&parts.items),
        RefOr::T(Schema::OneOf(parts)) => {
            let mut objects = parts.items.iter().map(|part| objects(part, components));
            objects
                .find(|objects| !objects.is_empty())
                .unwrap_or_default()
        }
        RefOr::T(_) => Vec::new(),
        RefOr::Ref(other) => {
            let name = other.ref_location.rsplit('/').next();
            let schema = name.and_then(|name| components.schemas.get(name));
            schema.map_or_else(Vec::new, |schema| objects(schema, components))
        }
    }
}

/// Removes the descriptions beside the references of alternatives: with one, the generator for TypeScript makes a client that
/// does not compile (openapi-generator 7.26.0).
pub fn refer_plainly(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(alternatives)) = schema else {
        return;
    };
    for alternative in &mut alternatives.items {
        if let RefOr::Ref(reference) = alternative {
            reference.description.clear();
        }
    }
}
