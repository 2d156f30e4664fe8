//! What an invoice comes to.

use leptos::prelude::*;

use crate::{
    model::{
        invoice::{Invoice, Tax},
        money::Currency,
    },
    ui::mirror::parts::{Amount, text},
};

/// Subtotal, discount, taxes by rate, total, and what of it is paid. The figures are the billing system's.
#[component]
pub fn Totals(invoice: Invoice, taxes: Vec<Tax>) -> AnyView {
    let currency = invoice.currency_code;
    let row = move |term: &'static str, amount: i64| view! { <Sum term=term.into_any() amount currency /> };
    let taxes = if taxes.is_empty() && invoice.tax != 0 {
        row("Tax", invoice.tax).into_any()
    } else {
        let taxes = taxes
            .into_iter()
            .map(|tax| view! { <TaxSum tax currency /> });
        taxes.collect_view().into_any()
    };
    let unless_zero = |term, amount: i64| (amount != 0).then(|| row(term, amount));
    view! {
        <dl class="totals">
            {row("Subtotal", invoice.subtotal)}
            {unless_zero("Discount", invoice.discount.saturating_neg())}
            {taxes}
            <Sum term="Total".into_any() amount=invoice.total currency strong=true />
            {unless_zero("Credit applied", invoice.credit_applied.saturating_neg())}
            {unless_zero("Paid", invoice.amount_paid.saturating_neg())}
            {(invoice.amount_due > 0)
                .then(|| {
                    view! {
                        <Sum
                            term="Amount due".into_any()
                            amount=invoice.amount_due
                            currency
                            strong=true
                        />
                    }
                })}
        </dl>
    }
    .into_any()
}

#[component]
fn Sum(term: AnyView, amount: i64, currency: Currency, #[prop(optional)] strong: bool) -> AnyView {
    view! {
        <div class:strong=strong>
            <dt>{term}</dt>
            <dd>
                <Amount amount currency />
            </dd>
        </div>
    }
    .into_any()
}

/// A tax with its rate, and what it is on.
#[component]
fn TaxSum(tax: Tax, currency: Currency) -> AnyView {
    let rate = format!(" {}%", tax.rate);
    let term = view! {
        {text(tax.name)}
        {rate}
        " on "
        <Amount amount=tax.taxable_amount currency />
        {tax.reverse_charge.then_some(", reverse charge")}
    };
    view! { <Sum term=term.into_any() amount=tax.amount currency /> }.into_any()
}
