//! Lines of clients.

use sha2::{Digest, Sha256};

use crate::{
    model::{
        client::{ClientStatus, Email},
        money::Currency,
        timestamp::Timestamp,
    },
    server::{
        operations::import::fields::{Fields, Refusal},
        password,
    },
};

/// A client. What is not said of the address is empty; what is not said of the account stays as it is.
pub struct ReadClient {
    pub external_id: String,
    pub email: Email,
    pub name: String,
    pub company: Option<String>,
    pub phone: Option<String>,
    pub address1: String,
    pub address2: Option<String>,
    pub city: String,
    pub state: String,
    pub postcode: String,
    pub country: Option<String>,
    pub currency_code: Option<Currency>,
    pub status: Option<ClientStatus>,
    pub password_hash: Option<String>,
    pub created_at: Option<Timestamp>,
}

impl ReadClient {
    /// SHA-256 of the password hash, by which it is known again.
    pub fn imported_hash(&self) -> Option<String> {
        let hash = self.password_hash.as_ref()?;
        Some(hex(&Sha256::digest(hash.as_bytes())))
    }
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn read(fields: &mut Fields) -> Result<ReadClient, Refusal> {
    let external_id = fields.id("external_id")?;
    if fields.flag("deleted")? {
        return Err("deleted: clients are not deleted; set their status to closed".to_owned());
    }
    let email = fields.text("email")?;
    let password_hash = fields.maybe_text("password_hash")?;
    if let Some(hash) = &password_hash
        && !password::is_importable(hash)
    {
        return Err(
            "password_hash: is neither bcrypt ($2a$, $2b$ or $2y$, cost 4 to 14) nor $argon2id$"
                .to_owned(),
        );
    }
    Ok(ReadClient {
        external_id,
        email: email.parse().map_err(|reason| format!("email: {reason}"))?,
        name: fields.text("name")?,
        company: fields.maybe_text("company")?,
        phone: fields.maybe_text("phone")?,
        address1: fields.text_or_empty("address1")?,
        address2: fields.maybe_text("address2")?,
        city: fields.text_or_empty("city")?,
        state: fields.text_or_empty("state")?,
        postcode: fields.text_or_empty("postcode")?,
        country: fields.maybe_country("country")?,
        currency_code: fields.maybe_currency("currency_code")?,
        status: fields.maybe_word("status", ClientStatus::from_word)?,
        password_hash,
        created_at: fields.maybe_time("created_at")?,
    })
}
