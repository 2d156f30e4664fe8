//! Domains: their list, and the page of each.

use leptos::prelude::*;

use super::{
    frame::Frame,
    layout::Page,
    mirror::{
        details::{Detailed, Details, Heading, InvoicesOf},
        list::{Column, Listed, Row},
        parts::{Amount, Back, Badge, Day, DayFrom, Facts, link, maybe_day, text, yes_or_no},
    },
};
use crate::model::{
    date::Date,
    domain::Domain,
    mirror::{Kind, Sort},
};

impl Listed for Domain {
    const COLUMNS: &'static [Column] = &[
        Column::new("Domain", Some(Sort::DomainName)),
        Column::new("Status", None),
        Column::new("Expires", Some(Sort::ExpiryDate)),
        Column::new("Auto-renew", None),
        Column::number("Price", None),
    ];
    const EMPTY: &'static str =
        "Domain names that your provider has registered for you appear here.";

    fn row(self, _: Date) -> Row {
        let auto_renew = if self.auto_renew { "On" } else { "Off" };
        Row {
            name: link(Kind::Domain, self.id, self.domain_name),
            cells: vec![
                view! { <Badge status=self.status.as_str() /> }.into_any(),
                maybe_day(self.expiry_date),
                auto_renew.into_any(),
                view! { <Amount amount=self.amount currency=self.currency_code /> }.into_any(),
            ],
        }
    }
}

impl Detailed for Domain {
    fn page(details: Details<Self>, frame: Frame) -> AnyView {
        let Details {
            thing: domain,
            invoices,
            today,
        } = details;
        let from_today =
            |date: Option<Date>| date.map(|date| view! { <DayFrom date today /> }.into_any());
        let price = view! { <Amount amount=domain.amount currency=domain.currency_code /> };
        let facts = vec![
            ("Expires", from_today(domain.expiry_date)),
            (
                "Auto-renew",
                Some((if domain.auto_renew { "On" } else { "Off" }).into_any()),
            ),
            ("Next due", from_today(domain.next_due_date)),
            ("Price", Some(price.into_any())),
            (
                "Registered",
                domain
                    .registration_date
                    .map(|date| view! { <Day date /> }.into_any()),
            ),
            (
                "WHOIS privacy",
                Some(yes_or_no(domain.whois_privacy).into_any()),
            ),
            (
                "Locked against transfers",
                Some(yes_or_no(domain.is_locked).into_any()),
            ),
        ];
        let servers = [domain.ns1, domain.ns2, domain.ns3, domain.ns4];
        let servers: Vec<_> = servers.into_iter().flatten().collect();
        let has_servers = !servers.is_empty();
        let servers = servers
            .into_iter()
            .map(|server| view! { <li translate="no">{text(server)}</li> });
        let (name, status) = (domain.domain_name, domain.status.as_str());
        view! {
            <Page frame title=name.clone() here="/domains">
                <Back kind=Kind::Domain />
                <Heading name status ways=Vec::new() />
                <section class="card" aria-label="Details">
                    <Facts facts />
                </section>
                {has_servers
                    .then(|| {
                        view! {
                            <section class="card" aria-labelledby="servers-heading">
                                <h2 id="servers-heading">"Name servers"</h2>
                                <ol class="servers">{servers.collect_view()}</ol>
                            </section>
                        }
                    })}
                <InvoicesOf invoices today />
            </Page>
        }
        .into_any()
    }
}
