//! What an invoice is for.

use leptos::prelude::*;

use crate::{
    model::{invoice::InvoiceItem, mirror::Kind, money::Currency},
    ui::mirror::parts::{Amount, Day, link, text},
};

/// A row for each item; nothing if there are none.
#[component]
pub fn Lines(items: Vec<InvoiceItem>, currency: Currency) -> AnyView {
    if items.is_empty() {
        return ().into_any();
    }
    let rows = items
        .into_iter()
        .map(|item| view! { <Line item currency /> });
    view! {
        <div class="responsive-table lines">
            <table role="table">
                <caption class="visually-hidden">"Items"</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">
                            "Description"
                        </th>
                        <th role="columnheader" scope="col" class="number">
                            "Quantity"
                        </th>
                        <th role="columnheader" scope="col" class="number">
                            "Unit price"
                        </th>
                        <th role="columnheader" scope="col" class="number">
                            "Tax"
                        </th>
                        <th role="columnheader" scope="col" class="number">
                            "Amount"
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Line(item: InvoiceItem, currency: Currency) -> AnyView {
    let period = match (item.period_start, item.period_end) {
        (Some(start), Some(end)) => Some(
            view! {
                <Day date=start />
                " to "
                <Day date=end />
            }
            .into_any(),
        ),
        (Some(start), None) => Some(view! { "From " <Day date=start /> }.into_any()),
        (None, Some(end)) => Some(view! { "To " <Day date=end /> }.into_any()),
        (None, None) => None,
    };
    let ways: Vec<_> = [
        item.service_id
            .map(|id| link(Kind::Service, id, "View service")),
        item.domain_id
            .map(|id| link(Kind::Domain, id, "View domain")),
    ]
    .into_iter()
    .flatten()
    .map(|way| view! { <span class="about no-print">{way}</span> })
    .collect();
    // It may have more places than the currency, so it is shown as it was given.
    let unit = item.unit_amount.map(|amount| amount.to_string());
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <span class="description">{text(item.description)}</span>
                {period.map(|period| view! { <span class="about">{period}</span> })}
                {ways}
            </th>
            <td role="cell" data-label="Quantity" class="number">
                <span class="amount">{item.quantity.to_string()}</span>
            </td>
            <td role="cell" data-label="Unit price" class="number">
                <span class="amount">{unit.unwrap_or_else(|| "–".to_owned())}</span>
            </td>
            <td role="cell" data-label="Tax" class="number">
                <Amount amount=item.tax currency />
            </td>
            <td role="cell" data-label="Amount" class="number">
                <Amount amount=item.amount currency />
            </td>
        </tr>
    }
    .into_any()
}
