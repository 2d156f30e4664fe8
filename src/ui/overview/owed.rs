//! What is owed.

use leptos::prelude::*;

use crate::{
    model::{
        date::Date,
        mirror::{EXPIRING_DAYS, Owed, Summary},
        number::counted,
    },
    ui::mirror::parts::{Amount, DayFrom},
};

/// What is owed in each currency, those with something overdue first, and how much there is of the rest.
#[component]
pub fn OwedNow(summary: Summary, today: Date) -> AnyView {
    let Summary {
        active_services,
        domains_expiring,
        mut owed,
    } = summary;
    // The order is kept otherwise.
    owed.sort_by_key(|owed| owed.overdue == 0);
    let is_paid = owed.is_empty();
    let has_overdue = owed.iter().any(|owed| owed.overdue > 0);
    let owed = owed
        .into_iter()
        .map(|owed| view! { <InCurrency owed today /> });
    view! {
        <section class="card" aria-labelledby="owed-heading">
            <div class="card-head">
                <h2 id="owed-heading">"Owed now"</h2>
                <span class="links">
                    {has_overdue
                        .then(|| {
                            view! {
                                <a class="card-link" href="/invoices?status=overdue">
                                    "Overdue invoices"
                                </a>
                            }
                        })}
                    <a class="card-link" href="/invoices?status=unpaid">
                        "Unpaid invoices"
                    </a>
                </span>
            </div>
            {is_paid.then(|| view! { <p class="fine">"Nothing. All of your invoices are settled."</p> })}
            <dl class="figures owed">{owed.collect_view()}</dl>
            <p class="quiet">
                <a href="/services?status=active">{counted(active_services, "active service")}</a>
                ", "
                <a href="/domains?sort=expiry_date&status=active">
                    {counted(domains_expiring, "domain")}
                </a> {format!(" expiring within {EXPIRING_DAYS} days")}
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn InCurrency(owed: Owed, today: Date) -> AnyView {
    let Owed {
        currency_code: currency,
        unpaid,
        overdue,
        next_due_date,
        next_due,
    } = owed;
    view! {
        <div>
            <dt>{currency.code()}</dt>
            <dd>
                <strong>
                    <Amount amount=unpaid currency />
                </strong>
            </dd>
            {(overdue > 0)
                .then(|| {
                    view! {
                        <dd class="late">
                            <Amount amount=overdue currency />
                            " overdue"
                        </dd>
                    }
                })}
            {next_due_date
                .map(|date| {
                    view! {
                        <dd>
                            <Amount amount=next_due currency />
                            " due "
                            <DayFrom date today />
                        </dd>
                    }
                })}
        </div>
    }
    .into_any()
}
