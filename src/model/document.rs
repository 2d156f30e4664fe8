//! The PDFs of invoices.

use serde::{Deserialize, Serialize};

/// What is known of the PDF of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// `application/pdf`.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in hexadecimal digits.
    pub sha256: String,
}
