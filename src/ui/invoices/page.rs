//! An invoice as a document that people print.

use leptos::prelude::*;

use super::{
    lines::Lines,
    parties::Party,
    payments::Payments,
    rows::{late, name_of},
    totals::Totals,
};
use crate::{
    model::{
        date::Date,
        invoice::{Invoice, InvoiceDetails, InvoiceType},
        mirror::Kind,
    },
    ui::{
        frame::Frame,
        layout::Page,
        mirror::{
            details::{Detailed, Details, InvoicesOf},
            parts::{Amount, Back, Badge, Day, Fact, Facts, away, day_of},
            words,
        },
    },
};

impl Detailed for InvoiceDetails {
    fn invoice(&self) -> Option<i64> {
        self.related_invoice_id
    }

    fn page(details: Details<Self>, frame: Frame) -> AnyView {
        let Details {
            thing,
            invoices,
            today,
        } = details;
        let invoice = thing.invoice;
        let (name, what) = (name_of(&invoice), words::document(invoice.r#type));
        let title = match &invoice.invoice_number {
            Some(number) => format!("{what} {number}"),
            None => name.clone(),
        };
        let pdf = format!("/invoices/{}/document", invoice.id);
        let pay = thing.pay_url.filter(|_| invoice.amount_due > 0);
        let reverse_charge = thing.taxes.iter().any(|tax| tax.reverse_charge);
        let currency = invoice.currency_code;
        view! {
            <Page frame title here="/invoices">
                <Back kind=Kind::Invoice />
                <p class="ways">
                    {away(pay, "Pay now", "button primary")}
                    {invoice
                        .has_document
                        .then(|| {
                            view! {
                                <a class="button" href=pdf download>
                                    "Download PDF"
                                </a>
                            }
                        })}
                </p>
                <article class="card invoice">
                    <header>
                        <div>
                            <h1>
                                {what}
                                {invoice
                                    .invoice_number
                                    .clone()
                                    .map(|number| view! { " " <bdi>{number}</bdi> })}
                            </h1>
                            <Badge status=invoice.status.as_str() />
                        </div>
                        <Due invoice=invoice.clone() today />
                    </header>
                    <Facts facts=facts(&invoice) />
                    <div class="parties">
                        <Party title="From" party=thing.seller />
                        <Party title="Bill to" party=thing.buyer />
                    </div>
                    <Lines items=thing.items currency />
                    <Totals invoice taxes=thing.taxes />
                    {reverse_charge
                        .then(|| {
                            view! {
                                <p class="callout">
                                    "Reverse charge: the recipient owes the tax marked so to their own tax office."
                                </p>
                            }
                        })}
                    {thing
                        .notes
                        .map(|notes| {
                            view! {
                                <section aria-labelledby="notes-heading">
                                    <h2 id="notes-heading">"Notes"</h2>
                                    <p class="notes">
                                        <bdi>{notes}</bdi>
                                    </p>
                                </section>
                            }
                        })}
                    <Payments payments=thing.payments currency />
                </article>
                <Related invoices today />
            </Page>
        }
        .into_any()
    }
}

/// What is still to be paid, where the eye falls first.
#[component]
fn Due(invoice: Invoice, today: Date) -> AnyView {
    let late = late(&invoice, today);
    let Invoice {
        amount_due: amount,
        currency_code: currency,
        due_date,
        ..
    } = invoice;
    (amount > 0)
        .then(|| {
            view! {
                <div class="due">
                    <p class="quiet">"Amount due"</p>
                    <p class="sum">
                        <Amount amount currency />
                    </p>
                    {due_date
                        .map(|date| {
                            view! {
                                <p class="quiet">
                                    "Due " <Day date />
                                    {late
                                        .map(|days| {
                                            view! {
                                                ", "
                                                <span class="late">{days}</span>
                                            }
                                        })}
                                </p>
                            }
                        })}
                </div>
            }
        })
        .into_any()
}

fn facts(invoice: &Invoice) -> Vec<Fact> {
    let day = |date: Date| view! { <Day date /> }.into_any();
    vec![
        ("Issued", Some(day(invoice.issue_date))),
        ("Due", invoice.due_date.map(day)),
        ("Paid", invoice.paid_at.map(day_of)),
        ("Currency", Some(invoice.currency_code.code().into_any())),
    ]
}

/// The credit notes of an invoice, or the invoice of a credit note.
#[component]
fn Related(invoices: Vec<Invoice>, today: Date) -> AnyView {
    let is_credit = |invoice: &Invoice| invoice.r#type == InvoiceType::CreditNote;
    let title = match invoices.iter().filter(|one| is_credit(one)).count() {
        0 => "For this invoice",
        _ => "Credit notes",
    };
    view! { <InvoicesOf title invoices today /> }.into_any()
}
