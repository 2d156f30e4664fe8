//! The description of the query parameters of the lists.

use utoipa::{
    IntoParams,
    openapi::{
        KnownFormat, ObjectBuilder, Required, SchemaFormat, Type,
        path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle},
        schema::ArrayBuilder,
    },
};

use super::{
    parameters::{CURSOR, List, MAX_SEARCH_LEN, UPDATED_SINCE, sorts, spans},
    row::Row,
};
use crate::http::api::paging::Paging;

impl<T: Row> IntoParams for List<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = Paging::into_params(|| Some(ParameterIn::Query));
        let first = T::KIND.sorts()[0].as_str();
        let words = text().enum_values(Some(sorts(T::KIND)));
        let about = format!(
            "By what the list is sorted, `-` for the largest or newest first; the id breaks ties. Without it: -{first}"
        );
        all.push(parameter("sort", words, about));
        all.push(statuses_parameter::<T>());
        all.push(parameter(
            "currency_code",
            text().pattern(Some("^[A-Z]{3}$")),
            "In this currency, by its code of ISO 4217",
        ));
        for (end, what) in [("from", "at or after"), ("to", "at or before")] {
            let about = format!("Made {what} this time");
            all.push(parameter(&format!("created_{end}"), time_schema(), about));
        }
        for (name, what) in spans(T::KIND) {
            for (end, side) in [("from", "on or after"), ("to", "on or before")] {
                let schema = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
                let about = format!("{what} {side} this day");
                all.push(parameter(&format!("{name}_{end}"), schema, about));
            }
        }
        let length = text().min_length(Some(1)).max_length(Some(MAX_SEARCH_LEN));
        all.push(parameter("search", length, "With this text in a number, a name or a domain, ignoring case; no character stands for others"));
        all.push(parameter(UPDATED_SINCE, time_schema(), "Begins the feed of changes: all that changed at or after this time, oldest change first, and what was deleted. An invoice that becomes overdue by the calendar is no change. Of the others only per_page goes with it"));
        let cursor = text().pattern(Some(r"^-?\d+\.\d+$"));
        all.push(parameter(
            CURSOR,
            cursor,
            "Continues the feed after an answer with this next_cursor; instead of updated_since",
        ));
        all
    }
}

fn statuses_parameter<T: Row>() -> Parameter {
    let words = text().enum_values(Some(T::STATUSES.iter().copied()));
    let list = ArrayBuilder::new().items(words).min_items(Some(1));
    ParameterBuilder::new()
        .name("status")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .schema(Some(list))
        .style(Some(ParameterStyle::Form))
        .explode(Some(false))
        .description(Some("With one of these statuses, with commas between them"))
        .build()
}

fn parameter(name: &str, schema: ObjectBuilder, about: impl Into<String>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .schema(Some(schema))
        .description(Some(about.into()))
        .build()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn time_schema() -> ObjectBuilder {
    text()
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .examples(["2026-01-15T10:30:00Z"])
}
