//! Who the client is.

use leptos::prelude::*;

use crate::{
    domain::client::{Client, ClientStatus},
    ui::components::notice::NotAvailable,
};

/// The client's data, as the API answers it.
#[component]
pub fn Details(client: Client) -> impl IntoView {
    let address = [
        Some(client.address1),
        client.address2,
        Some(client.city),
        Some(client.state),
        Some(client.postcode),
        Some(client.country),
    ];
    let address: Vec<_> = address
        .into_iter()
        .flatten()
        .filter(|line| !line.is_empty())
        .collect();
    let status = match client.status {
        ClientStatus::Active => "Active",
        ClientStatus::Suspended => "Suspended",
        ClientStatus::Closed => "Closed",
    };
    let rows = [
        ("Name", Some(client.name)),
        ("Company", client.company),
        ("Email", Some(client.email.to_string())),
        ("Phone", client.phone),
        ("Address", Some(address.join(", "))),
        ("Currency", Some(client.currency_code)),
        ("Status", Some(status.to_owned())),
        ("Client number", Some(client.id.0.to_string())),
        ("Client since", Some(client.created_at.date())),
    ];
    view! {
        <dl class="details">
            {rows
                .into_iter()
                .map(|(term, value)| {
                    view! {
                        <div>
                            <dt>{term}</dt>
                            <dd>
                                {match value.filter(|value| !value.is_empty()) {
                                    Some(value) => value.into_any(),
                                    None => view! { <NotAvailable /> }.into_any(),
                                }}
                            </dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}
