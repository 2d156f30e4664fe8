//! Who the client is.

use leptos::prelude::*;

use crate::domain::client::Client;

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
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let rows = [
        ("Name", client.name),
        ("Company", or_dash(client.company)),
        ("Email", client.email.to_string()),
        ("Phone", or_dash(client.phone)),
        ("Address", address.join(", ")),
        ("Currency", client.currency_code),
        ("Status", client.status.as_str().to_owned()),
        ("Client number", client.id.0.to_string()),
        ("Client since", client.created_at.date()),
    ];
    view! {
        <dl class="details">
            {rows
                .into_iter()
                .map(|(term, value)| {
                    view! {
                        <div>
                            <dt>{term}</dt>
                            <dd>{value}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}
