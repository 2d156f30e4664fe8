//! What people read for the words of the model.

use crate::model::{
    domain::DomainStatus,
    invoice::{InvoiceStatus, InvoiceType},
    mirror::Kind,
    order::OrderStatus,
    service::{BillingCycle, ServiceStatus},
};

/// A word with a capital letter and spaces: `Pending transfer`.
pub fn title(word: &str) -> String {
    let mut text = word.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// The words of all statuses of a kind.
pub fn statuses(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Service => ServiceStatus::ALL.map(ServiceStatus::as_str).to_vec(),
        Kind::Domain => DomainStatus::ALL.map(DomainStatus::as_str).to_vec(),
        Kind::Invoice => InvoiceStatus::ALL.map(InvoiceStatus::as_str).to_vec(),
        Kind::Order => OrderStatus::ALL.map(OrderStatus::as_str).to_vec(),
    }
}

/// The class of a badge with this status: its color.
pub fn tone(status: &str) -> &'static str {
    match status {
        "active" | "paid" | "completed" => "ok",
        "overdue" | "expired" | "redemption" | "failed" => "danger",
        "suspended" | "unpaid" => "warn",
        "pending" | "pending_transfer" => "info",
        _ => "plain",
    }
}

/// How often something is paid for, after its price.
pub const fn cycle(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::OneTime => "once",
        BillingCycle::Free => "free of charge",
        BillingCycle::Monthly => "per month",
        BillingCycle::Quarterly => "every 3 months",
        BillingCycle::SemiAnnually => "every 6 months",
        BillingCycle::Annually => "per year",
        BillingCycle::Biennially => "every 2 years",
        BillingCycle::Triennially => "every 3 years",
    }
}

/// What a document is called.
pub const fn document(is: InvoiceType) -> &'static str {
    match is {
        InvoiceType::Invoice => "Invoice",
        InvoiceType::CreditNote => "Credit note",
    }
}

/// The days until a date: `in 5 days`, `tomorrow`, `3 days ago`.
pub fn days(until: i64) -> String {
    match until {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        2.. => format!("in {until} days"),
        _ => format!("{} days ago", until.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_a_title_and_a_color() {
        assert_eq!(title("pending_transfer"), "Pending transfer");
        assert_eq!(title(""), "");
        for status in Kind::ALL.into_iter().flat_map(statuses) {
            assert!(
                !tone(status).is_empty() && !title(status).contains('_'),
                "{status}"
            );
        }
    }

    #[test]
    fn days_are_told_as_people_do() {
        for (until, text) in [
            (0, "today"),
            (1, "tomorrow"),
            (-1, "yesterday"),
            (30, "in 30 days"),
            (-2, "2 days ago"),
        ] {
            assert_eq!(days(until), text);
        }
    }
}
