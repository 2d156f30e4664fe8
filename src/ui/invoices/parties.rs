//! Seller and buyer.

use leptos::prelude::*;

use crate::{
    model::{country, invoice},
    ui::mirror::parts::text,
};

/// One of them, as they were when the invoice was issued.
#[component]
pub fn Party(title: &'static str, party: invoice::Party) -> AnyView {
    let city = [party.city, party.state, party.postcode];
    let city: Vec<_> = city.into_iter().filter(|part| !part.is_empty()).collect();
    let lines = [
        party.company,
        Some(party.name),
        Some(party.address1),
        party.address2,
        Some(city.join(", ")),
        party
            .country
            .map(|code| country::name(&code).map_or(code, str::to_owned)),
    ];
    let lines: Vec<_> = lines
        .into_iter()
        .flatten()
        .filter(|line| !line.is_empty())
        .map(|line| view! { <span>{text(line)}</span> })
        .collect();
    let tax_id = party
        .tax_id
        .map(|id| view! { <span>"Tax ID: " {text(id)}</span> });
    (!lines.is_empty() || tax_id.is_some())
        .then(|| {
            view! {
                <section>
                    <h2>{title}</h2>
                    <address>{lines} {tax_id}</address>
                </section>
            }
        })
        .into_any()
}
