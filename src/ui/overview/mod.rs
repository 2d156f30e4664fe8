//! What the first page tells of invoices, services and domains.

mod owed;
mod renewals;

use leptos::prelude::*;

pub use self::renewals::Renewal;
use self::{owed::OwedNow, renewals::Renewals};
use super::invoices::rows::InvoiceRows;
use crate::model::{date::Date, invoice::Invoice, mirror::Summary};

/// The data of these parts.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What the client has and owes.
    pub summary: Summary,
    /// The next renewals and expiries, the soonest first.
    pub renewals: Vec<Renewal>,
    /// The last invoices, newest first.
    pub recent: Vec<Invoice>,
    /// Today's date.
    pub today: Date,
}

/// What is owed, what is next, and the last invoices.
#[component]
pub fn OverviewParts(overview: Overview) -> AnyView {
    let Overview {
        summary,
        renewals,
        recent,
        today,
    } = overview;
    let has_none = recent.is_empty();
    view! {
        <OwedNow summary today />
        <div class="cards">
            <Renewals renewals today />
            <section class="card" aria-labelledby="recent-heading">
                <div class="card-head">
                    <h2 id="recent-heading">"Recent invoices"</h2>
                    <a class="card-link" href="/invoices">
                        "All invoices"
                    </a>
                </div>
                {has_none.then(|| view! { <p class="quiet">"You have no invoices yet."</p> })}
                <InvoiceRows invoices=recent today />
            </section>
        </div>
    }
    .into_any()
}
