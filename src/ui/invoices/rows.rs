//! Invoices in lists.

use leptos::prelude::*;

use crate::{
    model::{
        date::Date,
        invoice::{Invoice, InvoiceStatus, InvoiceType},
        mirror::{Kind, Sort},
    },
    ui::mirror::{
        list::{Column, Listed, Row},
        parts::{Amount, Badge, Day, link},
        words,
    },
};

impl Listed for Invoice {
    const COLUMNS: &'static [Column] = &[
        Column::new("Invoice", Some(Sort::InvoiceNumber)),
        Column::new("Status", None),
        Column::new("Issued", Some(Sort::IssueDate)),
        Column::new("Due", Some(Sort::DueDate)),
        Column::number("Total", Some(Sort::Total)),
        Column::number("Amount due", None),
    ];
    const EMPTY: &'static str = "An invoice appears here when your provider has issued it.";

    fn row(self, today: Date) -> Row {
        let currency = self.currency_code;
        let due = match self.due_date {
            Some(date) => view! { <Day date /> }.into_any(),
            None => view! { <span class="quiet">"None"</span> }.into_any(),
        };
        let late = late(&self, today).map(|days| view! { " " <span class="late">{days}</span> });
        let amount_due = if self.amount_due == 0 {
            view! { <span class="quiet">"Nothing"</span> }.into_any()
        } else {
            view! { <Amount amount=self.amount_due currency /> }.into_any()
        };
        Row {
            name: named(&self),
            cells: vec![
                view! { <Badge status=self.status.as_str() /> }.into_any(),
                view! { <Day date=self.issue_date /> }.into_any(),
                view! { {due} {late} }.into_any(),
                view! { <Amount amount=self.total currency /> }.into_any(),
                amount_due,
            ],
        }
    }
}

/// Its number, or what else tells it from others.
pub fn name_of(invoice: &Invoice) -> String {
    let number = invoice.invoice_number.clone();
    number.unwrap_or_else(|| {
        let what = words::document(invoice.r#type);
        format!("{what} of {}", invoice.issue_date.words())
    })
}

/// A link with its name, and what it is if it is no invoice.
fn named(invoice: &Invoice) -> AnyView {
    let is_credit = invoice.r#type == InvoiceType::CreditNote;
    let tag = is_credit.then(|| view! { <span class="tag">"Credit note"</span> });
    view! {
        {link(Kind::Invoice, invoice.id, name_of(invoice))}
        {tag}
    }
    .into_any()
}

/// For how many days it has been overdue.
pub fn late(invoice: &Invoice, today: Date) -> Option<String> {
    let due = invoice
        .due_date
        .filter(|_| invoice.status == InvoiceStatus::Overdue)?;
    Some(words::days(due.days_since(today)))
}

/// A few invoices, a line each.
#[component]
pub fn InvoiceRows(invoices: Vec<Invoice>, today: Date) -> AnyView {
    let rows = invoices.into_iter().map(|invoice| {
        let status = invoice.status.as_str();
        let (amount, currency) = (invoice.total, invoice.currency_code);
        let late = late(&invoice, today).map(|days| view! { ", due " {days} });
        view! {
            <li>
                <p class="what">
                    {named(&invoice)} <span class="about">
                        "Issued " <Day date=invoice.issue_date /> {late}
                    </span>
                </p>
                <Badge status />
                <Amount amount currency />
            </li>
        }
    });
    view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
}
