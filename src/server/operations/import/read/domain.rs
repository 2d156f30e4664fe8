//! Lines of domains.

use super::Thing;
use crate::{
    model::{
        domain::{Domain, DomainStatus},
        timestamp::Timestamp,
    },
    server::operations::import::fields::{Fields, Refusal},
};

pub fn read(fields: &mut Fields, thing: &mut Thing) -> Result<(), Refusal> {
    let currency_code = fields.currency("currency_code")?;
    let domain_name = fields.text("domain_name")?;
    let tld = match fields.maybe_text("tld")? {
        Some(tld) if tld.starts_with('.') => return Err("tld: begins with a dot".to_owned()),
        Some(tld) => tld,
        None => {
            let ending = domain_name.split_once('.').map(|(_, ending)| ending);
            ending.unwrap_or_default().to_owned()
        }
    };
    let domain = Domain {
        id: 0,
        domain_name,
        tld,
        status: fields.word("status", DomainStatus::from_word)?,
        registration_date: fields.maybe_date("registration_date")?,
        expiry_date: fields.maybe_date("expiry_date")?,
        auto_renew: fields.flag("auto_renew")?,
        whois_privacy: fields.flag("whois_privacy")?,
        is_locked: fields.flag("is_locked")?,
        ns1: fields.maybe_text("ns1")?,
        ns2: fields.maybe_text("ns2")?,
        ns3: fields.maybe_text("ns3")?,
        ns4: fields.maybe_text("ns4")?,
        next_due_date: fields.maybe_date("next_due_date")?,
        amount: fields.money_or_zero("amount", currency_code)?,
        currency_code,
        created_at: Timestamp::default(),
        updated_at: Timestamp::default(),
    };
    thing.status = domain.status.as_str();
    thing.due_on = domain.next_due_date;
    thing.expires_on = domain.expiry_date;
    thing.find_by(&[Some(&domain.domain_name)]);
    thing.priced(domain.amount, currency_code);
    thing.store(&domain)
}
