//! Options for the data of a client.

use clap::Args;

use crate::{
    model::{
        contact::{Contact, currency},
        error::AppError,
        field,
    },
    server::clients::check_field,
};

/// Options that `client add` and `client edit` share. They are checked after parsing, so that no error repeats a value: it may
/// be a token, pasted by mistake.
#[derive(Args)]
pub struct Fields {
    /// Company
    #[arg(long, value_name = "TEXT")]
    company: Option<String>,
    /// Telephone
    #[arg(long, value_name = "TEXT")]
    phone: Option<String>,
    /// Address line 1
    #[arg(long, value_name = "TEXT")]
    address1: Option<String>,
    /// Address line 2
    #[arg(long, value_name = "TEXT")]
    address2: Option<String>,
    /// City
    #[arg(long, value_name = "TEXT")]
    city: Option<String>,
    /// State or region
    #[arg(long, value_name = "TEXT")]
    state: Option<String>,
    /// Postal code
    #[arg(long, value_name = "TEXT")]
    postcode: Option<String>,
    /// Country, two letters of ISO 3166-1; of a new client US, unless given
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// Currency, three letters of ISO 4217; of a new client USD, unless given
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
}

impl Fields {
    /// The values of the options that were given, by field.
    ///
    /// # Errors
    /// The first value that is refused.
    pub fn given(&self, name: Option<&String>) -> Result<Vec<(&'static str, String)>, AppError> {
        let mut given = Vec::new();
        Contact::read(|field, check| {
            let typed = match field {
                field::NAME => name,
                field::COMPANY => self.company.as_ref(),
                field::PHONE => self.phone.as_ref(),
                field::ADDRESS1 => self.address1.as_ref(),
                field::ADDRESS2 => self.address2.as_ref(),
                field::CITY => self.city.as_ref(),
                field::STATE => self.state.as_ref(),
                field::POSTCODE => self.postcode.as_ref(),
                _ => self.country.as_ref(),
            };
            if let Some(typed) = typed {
                given.push((field, check_field(field, check, typed)?));
            }
            Ok::<_, AppError>(String::new())
        })?;
        Ok(given)
    }

    /// The currency, if it was given.
    ///
    /// # Errors
    /// It is refused.
    pub fn currency(&self) -> Result<Option<String>, AppError> {
        let checked = self.currency.as_deref().map(currency).transpose();
        checked.map_err(|message| AppError::invalid("currency", message))
    }
}
