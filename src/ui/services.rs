//! Services: their list, and the page of each.

use leptos::prelude::*;

use super::{
    frame::Frame,
    layout::Page,
    mirror::{
        details::{Detailed, Details, Heading, InvoicesOf},
        list::{Column, Listed, Row},
        parts::{Amount, Back, Badge, Day, DayFrom, Facts, away, day_of, link, text},
        words,
    },
};
use crate::model::{
    date::Date,
    mirror::{Kind, Sort},
    service::{BillingCycle, Service, ServiceDetails},
};

impl Listed for Service {
    const COLUMNS: &'static [Column] = &[
        Column::new("Service", Some(Sort::Name)),
        Column::new("Status", None),
        Column::new("Next due", Some(Sort::NextDueDate)),
        Column::number("Price", Some(Sort::Amount)),
    ];
    const EMPTY: &'static str = "What you order from your provider appears here once it is set up.";

    fn row(self, _: Date) -> Row {
        let about = about(&self);
        let price = price(&self);
        let name = view! {
            {link(Kind::Service, self.id, self.name)}
            {about.map(|about| view! { <span class="about">{text(about)}</span> })}
        };
        Row {
            name: name.into_any(),
            cells: vec![
                view! { <Badge status=self.status.as_str() /> }.into_any(),
                next_due(self.next_due_date),
                price,
            ],
        }
    }
}

/// What tells a service from others of its name: the domain name it is for, or the product.
fn about(service: &Service) -> Option<String> {
    let product = Some(&service.product_name);
    let about = service.domain.as_ref().or(product);
    about.filter(|about| **about != service.name).cloned()
}

/// When something is due next, which it may never be again.
pub fn next_due(date: Option<Date>) -> AnyView {
    match date {
        Some(date) => view! { <Day date /> }.into_any(),
        None => view! { <span class="quiet">"None"</span> }.into_any(),
    }
}

/// What a service costs, and how often.
fn price(service: &Service) -> AnyView {
    let (amount, currency) = (service.amount, service.currency_code);
    let cycle = words::cycle(service.billing_cycle);
    if service.billing_cycle == BillingCycle::Free {
        return view! { <span class="quiet">"Free"</span> }.into_any();
    }
    view! {
        <Amount amount currency />
        " "
        <span class="about">{cycle}</span>
    }
    .into_any()
}

impl Detailed for ServiceDetails {
    fn page(details: Details<Self>, frame: Frame) -> AnyView {
        let Details {
            thing,
            invoices,
            today,
        } = details;
        let price = price(&thing.service);
        let service = thing.service;
        let maybe = |value: Option<String>| value.map(text);
        let facts = vec![
            ("Product", Some(text(service.product_name))),
            ("Domain", maybe(service.domain)),
            ("Price", Some(price)),
            ("Quantity", Some(thing.quantity.into_any())),
            (
                "Next due",
                service
                    .next_due_date
                    .map(|date| view! { <DayFrom date today /> }.into_any()),
            ),
            (
                "Started",
                service
                    .registration_date
                    .map(|date| view! { <Day date /> }.into_any()),
            ),
            ("Username", maybe(thing.username)),
            ("Suspended", thing.suspended_at.map(day_of)),
            ("Cancelled", thing.cancelled_at.map(day_of)),
            (
                "Order",
                service
                    .order_id
                    .map(|id| link(Kind::Order, id, "View order")),
            ),
        ];
        let ways = away(thing.manage_url, "Manage", "button primary");
        let (name, status) = (service.name, service.status.as_str());
        view! {
            <Page frame title=name.clone() here="/services">
                <Back kind=Kind::Service />
                <Heading name status ways=ways.into_iter().collect() />
                <section class="card" aria-label="Details">
                    <Facts facts />
                </section>
                <InvoicesOf invoices today />
            </Page>
        }
        .into_any()
    }
}
