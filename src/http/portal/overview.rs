//! The parts of the first page that tell of invoices, services and domains.

use crate::{
    model::{
        domain::{Domain, DomainStatus},
        invoice::Invoice,
        mirror::{Filter, Kind, Listing, Sort, Span},
        service::{Service, ServiceStatus},
    },
    server::{error::Failure, mirror, session::SessionClient, state::AppState},
    ui::overview::{Overview, Renewal},
};

/// Rows of each list.
const ROWS: u32 = 5;

/// What they show; `None` if nothing was ever imported.
pub async fn load(state: &AppState, who: &SessionClient) -> Result<Option<Overview>, Failure> {
    if !who.has_imports() {
        return Ok(None);
    }
    let today = mirror::today(state);
    let from_today = Span {
        from: Some(today),
        to: None,
    };
    let services = Listing {
        filter: Filter {
            statuses: vec![ServiceStatus::Active.as_str()],
            due: from_today,
            ..Filter::default()
        },
        sort: Sort::NextDueDate,
        descending: false,
        limit: ROWS,
        offset: 0,
    };
    let domains = Listing {
        filter: Filter {
            statuses: vec![DomainStatus::Active.as_str()],
            expires: from_today,
            ..Filter::default()
        },
        sort: Sort::ExpiryDate,
        ..services.clone()
    };
    let services = mirror::part_of_list::<Service>(state, who, &services).await?;
    let domains = mirror::part_of_list::<Domain>(state, who, &domains).await?;
    let services = services.into_iter().filter_map(Renewal::of_service);
    let domains = domains.into_iter().filter_map(Renewal::of_domain);
    let mut renewals: Vec<_> = services.chain(domains).collect();
    renewals.sort_by_key(|renewal| renewal.date);
    renewals.truncate(ROWS as usize);
    let newest = Listing::newest(Kind::Invoice, ROWS);
    let recent = mirror::part_of_list::<Invoice>(state, who, &newest).await?;
    Ok(Some(Overview {
        summary: mirror::summary(state, who).await?,
        renewals,
        recent,
        today,
    }))
}
