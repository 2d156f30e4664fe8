//! What was paid.

use leptos::prelude::*;

use crate::{
    model::{invoice::Payment, money::Currency},
    ui::mirror::parts::{Amount, Badge, Day, text},
};

/// A line for each payment; nothing if there are none.
#[component]
pub fn Payments(payments: Vec<Payment>, currency: Currency) -> AnyView {
    if payments.is_empty() {
        return ().into_any();
    }
    let rows = payments.into_iter().map(|payment| {
        let reference = payment
            .reference
            .map(|reference| view! { ", " {text(reference)} });
        view! {
            <li>
                <p class="what">
                    {text(payment.method)} <span class="about">
                        <Day date=payment.date /> {reference}
                    </span>
                </p>
                <Badge status=payment.status.as_str() />
                <Amount amount=payment.amount currency />
            </li>
        }
    });
    view! {
        <section aria-labelledby="payments-heading">
            <h2 id="payments-heading">"Payments"</h2>
            <ul class="rows">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
