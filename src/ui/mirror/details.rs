//! A page of one thing.

use leptos::prelude::*;

use super::parts::Badge;
use crate::{
    model::{date::Date, invoice::Invoice, mirror::Mirrored},
    ui::{frame::Frame, invoices::rows::InvoiceRows},
};

/// A kind of thing that has a page.
pub trait Detailed: Mirrored {
    /// The invoice that it refers to itself.
    fn invoice(&self) -> Option<i64> {
        None
    }

    /// Its page.
    fn page(details: Details<Self>, frame: Frame) -> AnyView
    where
        Self: Sized;
}

/// What the page of a thing shows.
pub struct Details<T> {
    /// The thing.
    pub thing: T,
    /// The last invoices that have to do with it, newest first.
    pub invoices: Vec<Invoice>,
    /// Today's date.
    pub today: Date,
}

/// Name and status of a thing, and what can be done with it.
#[component]
pub fn Heading(name: String, status: &'static str, ways: Vec<AnyView>) -> AnyView {
    let ways = (!ways.is_empty()).then(|| view! { <p class="ways">{ways}</p> });
    view! {
        <div class="thing-head">
            <h1>
                <bdi>{name}</bdi>
            </h1>
            <Badge status />
            {ways}
        </div>
    }
    .into_any()
}

/// The invoices that have to do with a thing; nothing if there are none.
#[component]
pub fn InvoicesOf(
    #[prop(default = "Invoices")] title: &'static str,
    invoices: Vec<Invoice>,
    today: Date,
) -> AnyView {
    (!invoices.is_empty())
        .then(|| {
            view! {
                <section class="card" aria-labelledby="invoices-heading">
                    <h2 id="invoices-heading">{title}</h2>
                    <InvoiceRows invoices today />
                </section>
            }
        })
        .into_any()
}
