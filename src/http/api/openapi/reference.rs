//! The tables of the documentation page, from the OpenAPI document.

use utoipa::openapi::{
    Components, OpenApi, RefOr, Schema, Type,
    path::{Operation, Parameter, ParameterIn},
    schema::SchemaType,
};

use super::{
    operations::operations,
    responses::refusals,
    samples,
    schemas::objects,
    security::{is_secured, scope_of},
};
use crate::{
    model::scopes::Scope,
    ui::api_docs::reference::{ApiReference, Endpoint, ErrorMeaning, Field},
};

/// The endpoints that need a token, and the errors.
pub fn of(document: &OpenApi) -> ApiReference {
    let components = document.components.clone().unwrap_or_default();
    let paths = document.paths.paths.iter();
    let endpoints = paths.flat_map(|(path, item)| {
        let secured = operations(item).filter(|(_, operation)| is_secured(operation));
        secured.map(|(method, operation)| endpoint(method, path, operation, &components))
    });
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

fn endpoint(
    method: &'static str,
    path: &str,
    operation: &Operation,
    components: &Components,
) -> Endpoint {
    let body = body_of(operation);
    let sample = body.map(|body| samples::json(body, components));
    let body = body.and_then(|body| objects(body, components).into_iter().next());
    let data = body.and_then(|body| body.properties.get("data"));
    let is_list = matches!(data, Some(RefOr::T(Schema::Array(_))));
    let mut fields = Vec::new();
    if let Some(data) = data {
        add_fields(&mut fields, "", data, components);
    }
    let parameters = operation.parameters.iter().flatten();
    Endpoint {
        id: operation.operation_id.clone().unwrap_or_default(),
        method,
        path: path.to_owned(),
        summary: operation.summary.clone().unwrap_or_default(),
        scope: scope_of(operation).map(Scope::as_str),
        body: match (data, is_list) {
            (None, _) => "",
            (Some(_), true) => r#"{"data":[…],"meta":{…}}"#,
            (Some(_), false) => r#"{"data":{…}}"#,
        },
        parameters: parameters.filter_map(parameter).collect(),
        fields,
        sample: sample.unwrap_or_default(),
    }
}

/// A parameter of the query.
fn parameter(parameter: &RefOr<Parameter>) -> Option<Field> {
    let RefOr::T(parameter) = parameter else {
        return None;
    };
    if parameter.parameter_in != ParameterIn::Query {
        return None;
    }
    let (kind, _) = kind_and_meaning(parameter.schema.as_ref()?);
    let meaning = parameter.description.as_deref().unwrap_or_default();
    Some(Field {
        name: parameter.name.clone(),
        kind,
        meaning: meaning.trim_end_matches('.').to_owned(),
    })
}

/// Adds the fields of an object, or of the objects in a list, and those of what is in them: `items[].amount`.
fn add_fields(all: &mut Vec<Field>, prefix: &str, of: &RefOr<Schema>, components: &Components) {
    for object in objects(of, components) {
        for (name, schema) in &object.properties {
            let name = format!("{prefix}{name}");
            let (kind, meaning) = kind_and_meaning(schema);
            let is_array = kind.starts_with("array");
            all.push(Field {
                name: name.clone(),
                kind,
                // The cell of a table is not a sentence.
                meaning: meaning.trim_end_matches('.').to_owned(),
            });
            let inner = if is_array { "[]." } else { "." };
            add_fields(all, &format!("{name}{inner}"), schema, components);
        }
    }
}

fn body_of(operation: &Operation) -> Option<&RefOr<Schema>> {
    let RefOr::T(response) = operation.responses.responses.get("200")? else {
        return None;
    };
    match response.content.get("application/json")? {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    }
}

/// `string or null`, and the description.
fn kind_and_meaning(schema: &RefOr<Schema>) -> (String, String) {
    let (types, meaning) = match schema {
        RefOr::T(Schema::Object(object)) => (&object.schema_type, object.description.clone()),
        RefOr::T(Schema::Array(array)) => (&array.schema_type, array.description.clone()),
        RefOr::T(Schema::OneOf(parts)) => (&parts.schema_type, parts.description.clone()),
        RefOr::T(Schema::AllOf(parts)) => (&parts.schema_type, parts.description.clone()),
        RefOr::T(_) => return ("object".to_owned(), String::new()),
        RefOr::Ref(other) => {
            let meaning = (!other.description.is_empty()).then(|| other.description.clone());
            return ("object".to_owned(), meaning.unwrap_or_default());
        }
    };
    let words: Vec<_> = match types {
        SchemaType::Type(one) => vec![word(one)],
        SchemaType::Array(several) => several.iter().map(word).collect(),
        SchemaType::AnyValue => vec!["object or null"],
    };
    (words.join(" or "), meaning.unwrap_or_default())
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
