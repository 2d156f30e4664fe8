//! The tables of the documentation page, from the OpenAPI document.

use utoipa::openapi::{
    Components, OpenApi, RefOr, Schema, Type,
    path::Operation,
    schema::{ArrayItems, Object, SchemaType},
};

use super::{responses::refusals, samples, security::is_secured};
use crate::ui::api_docs::reference::{ApiReference, Endpoint, ErrorMeaning, Field};

/// The endpoints that need a token, and the errors.
pub fn of(document: &OpenApi) -> ApiReference {
    let components = document.components.clone().unwrap_or_default();
    let operations = document.paths.paths.iter();
    let operations = operations.filter_map(|(path, item)| Some((path, item.get.as_ref()?)));
    let secured = operations.filter(|(_, get)| is_secured(get));
    let endpoints = secured.map(|(path, get)| endpoint(path, get, &components));
    let errors = refusals().into_iter();
    let errors = errors.filter(|refusal| components.responses.contains_key(refusal.name));
    ApiReference {
        endpoints: endpoints.collect(),
        errors: errors
            .map(|refusal| ErrorMeaning {
                status: refusal.status(),
                meaning: refusal.description.to_owned(),
                sample: refusal.json(),
            })
            .collect(),
    }
}

fn endpoint(path: &str, get: &Operation, components: &Components) -> Endpoint {
    let body = body_of(get);
    let sample = body.map(|body| samples::json(body, components));
    let body = body.and_then(|body| object(body, components));
    let data = body.and_then(|body| body.properties.get("data"));
    let is_list = matches!(data, Some(RefOr::T(Schema::Array(_))));
    let data = data.and_then(|data| object(data, components));
    let fields = data.into_iter().flat_map(|data| &data.properties);
    Endpoint {
        id: get.operation_id.clone().unwrap_or_default(),
        path: path.to_owned(),
        summary: get.summary.clone().unwrap_or_default(),
        body: if is_list {
            r#"{"data":[…],"meta":{…}}"#
        } else {
            r#"{"data":{…}}"#
        },
        fields: fields.map(|(name, schema)| field(name, schema)).collect(),
        sample: sample.unwrap_or_default(),
    }
}

fn field(name: &str, schema: &RefOr<Schema>) -> Field {
    let (kind, meaning) = kind_and_meaning(schema);
    Field {
        name: name.to_owned(),
        kind,
        // The cell of a table is not a sentence.
        meaning: meaning.trim_end_matches('.').to_owned(),
    }
}

fn body_of(get: &Operation) -> Option<&RefOr<Schema>> {
    let RefOr::T(response) = get.responses.responses.get("200")? else {
        return None;
    };
    match response.content.get("application/json")? {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    }
}

/// The object that a schema is, refers to, or is a list of.
fn object<'a>(schema: &'a RefOr<Schema>, components: &'a Components) -> Option<&'a Object> {
    match schema {
        RefOr::T(Schema::Object(object)) => Some(object),
        RefOr::T(Schema::Array(array)) => match &array.items {
            ArrayItems::RefOrSchema(item) => object(item, components),
            ArrayItems::False => None,
        },
        RefOr::T(_) => None,
        RefOr::Ref(other) => {
            let name = other.ref_location.rsplit('/').next()?;
            object(components.schemas.get(name)?, components)
        }
    }
}

/// `string or null`, and the description.
fn kind_and_meaning(schema: &RefOr<Schema>) -> (String, String) {
    let RefOr::T(Schema::Object(object)) = schema else {
        return ("object".to_owned(), String::new());
    };
    let types = match &object.schema_type {
        SchemaType::Type(one) => std::slice::from_ref(one),
        SchemaType::Array(several) => several,
        SchemaType::AnyValue => &[],
    };
    let words: Vec<_> = types.iter().map(word).collect();
    let meaning = object.description.clone().unwrap_or_default();
    (words.join(" or "), meaning)
}

fn word(one: &Type) -> &'static str {
    match one {
        Type::Object => "object",
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Array => "array",
        Type::Null => "null",
    }
}
