//! What renews or expires next.

use leptos::prelude::*;

use crate::{
    model::{date::Date, domain::Domain, mirror::Kind, money::Currency, service::Service},
    ui::mirror::parts::{Amount, DayFrom, link},
};

/// A service that is due, or a domain that expires.
#[derive(Clone, Debug)]
pub struct Renewal {
    kind: Kind,
    id: i64,
    name: String,
    /// When.
    pub date: Date,
    what: &'static str,
    amount: i64,
    currency: Currency,
}

impl Renewal {
    /// A service, unless it is never due again.
    pub fn of_service(service: Service) -> Option<Self> {
        Some(Self {
            kind: Kind::Service,
            id: service.id,
            name: service.name,
            date: service.next_due_date?,
            what: "Renews ",
            amount: service.amount,
            currency: service.currency_code,
        })
    }

    /// A domain, if it is known when it expires.
    pub fn of_domain(domain: Domain) -> Option<Self> {
        let what = if domain.auto_renew {
            "Renews by "
        } else {
            "Expires "
        };
        Some(Self {
            kind: Kind::Domain,
            id: domain.id,
            name: domain.domain_name,
            date: domain.expiry_date?,
            what,
            amount: domain.amount,
            currency: domain.currency_code,
        })
    }
}

/// A line for each.
#[component]
pub fn Renewals(renewals: Vec<Renewal>, today: Date) -> AnyView {
    let has_none = renewals.is_empty();
    let rows = renewals.into_iter().map(|renewal| {
        let Renewal {
            kind,
            id,
            name,
            date,
            what,
            amount,
            currency,
        } = renewal;
        view! {
            <li>
                <p class="what">
                    {link(kind, id, name)} <span class="about">{what} <DayFrom date today /></span>
                </p>
                <Amount amount currency />
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="renewals-heading">
            <div class="card-head">
                <h2 id="renewals-heading">"Coming up"</h2>
                <a class="card-link" href="/services?sort=next_due_date">
                    "All services"
                </a>
            </div>
            {has_none.then(|| view! { <p class="quiet">"Nothing renews or expires soon."</p> })}
            <ul class="rows">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
