//! What the demo's client has, owes and has ordered: lines of an import, as a billing system would print them.

use std::{io::Cursor, path::Path};

use serde_json::{Value, json};

use super::{
    calendar::{CLIENT, Calendar},
    invoices, things,
};
use crate::{
    cli::error::CommandError,
    server::{
        operations::{ImportOptions, import},
        state::AppState,
    },
};

/// Imports them for the client with this email address.
pub async fn add(state: &AppState, email: &str) -> Result<(), CommandError> {
    let options = ImportOptions {
        source: "demo".to_owned(),
        complete: Vec::new(),
        force: false,
        dry_run: false,
    };
    let lines = lines(email, Calendar(state.clock.now()));
    let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
    let (url, clock) = (&state.config.database_url, &state.clock);
    let report = import(
        url,
        Cursor::new(lines.join("\n")),
        Path::new(""),
        &options,
        clock,
        |_| {},
    )
    .await?;
    match report.refused.first() {
        Some(refused) => Err(CommandError::Refused(format!("demo: {}", refused.reason))),
        None => Ok(()),
    }
}

fn lines(email: &str, calendar: Calendar) -> Vec<Value> {
    let client = json!({"type": "client", "external_id": CLIENT, "email": email, "name": "Jane Smith",
        "company": "Acme Hosting Ltd", "address1": "500 Congress Avenue", "city": "Austin", "state": "TX",
        "postcode": "78701", "country": "US", "currency_code": "USD"});
    let mut lines = vec![client];
    lines.extend(things::services(calendar));
    lines.extend(things::domains(calendar));
    lines.extend(things::orders(calendar));
    lines.extend(invoices::all(calendar));
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{
        domain::DomainStatus, invoice::InvoiceStatus, order::OrderStatus, service::ServiceStatus,
        timestamp::Timestamp,
    };

    #[test]
    fn the_demo_has_every_status_and_three_currencies() {
        let lines = lines(
            "jane@example.com",
            Calendar(Timestamp::from_unix(1_768_473_000)),
        );
        let said = |kind: &str, field: &str| -> BTreeSet<String> {
            let of_kind = lines.iter().filter(|line| line["type"] == kind);
            let said = of_kind.filter_map(|line| line[field].as_str());
            said.map(ToOwned::to_owned).collect()
        };
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let services: BTreeSet<String> = words(&ServiceStatus::ALL.map(ServiceStatus::as_str));
        assert_eq!(said("service", "status"), services);
        let domains: BTreeSet<String> = words(&DomainStatus::ALL.map(DomainStatus::as_str));
        assert_eq!(said("domain", "status"), domains);
        let orders: BTreeSet<String> = words(&OrderStatus::ALL.map(OrderStatus::as_str));
        assert_eq!(said("order", "status"), orders);
        let mut invoices: BTreeSet<String> = words(&InvoiceStatus::ALL.map(InvoiceStatus::as_str));
        invoices.remove("overdue");
        assert_eq!(
            said("invoice", "status"),
            invoices,
            "overdue follows from the date"
        );
        assert_eq!(said("invoice", "currency_code").len(), 3);
        assert_eq!(said("credit_note", "status").len(), 1);
    }
}
