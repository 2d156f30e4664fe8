//! Lines of services.

use super::Thing;
use crate::{
    model::{
        mirror::Kind,
        service::{BillingCycle, Service, ServiceDetails, ServiceStatus},
        timestamp::Timestamp,
    },
    server::operations::import::fields::{Fields, Refusal},
};

pub fn read(fields: &mut Fields, thing: &mut Thing) -> Result<(), Refusal> {
    let currency_code = fields.currency("currency_code")?;
    thing.refer(fields, "order_id", Kind::Order)?;
    let service = ServiceDetails {
        service: Service {
            id: 0,
            name: fields.text("name")?,
            domain: fields.maybe_text("domain")?,
            status: fields.word("status", ServiceStatus::from_word)?,
            product_name: fields.text("product_name")?,
            billing_cycle: fields.word("billing_cycle", BillingCycle::from_word)?,
            amount: fields.money("amount", currency_code)?,
            currency_code,
            next_due_date: fields.maybe_date("next_due_date")?,
            registration_date: fields.maybe_date("registration_date")?,
            order_id: None,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        },
        quantity: fields.count("quantity")?,
        username: fields.maybe_text("username")?,
        suspended_at: fields.maybe_time("suspended_at")?,
        cancelled_at: fields.maybe_time("cancelled_at")?,
        manage_url: fields.maybe_url("manage_url", &["https", "http"])?,
    };
    let Service {
        name,
        domain,
        product_name,
        ..
    } = &service.service;
    thing.status = service.service.status.as_str();
    thing.due_on = service.service.next_due_date;
    thing.find_by(&[Some(name), domain.as_deref(), Some(product_name)]);
    thing.priced(service.service.amount, currency_code);
    thing.store(&service)
}
