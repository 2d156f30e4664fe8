//! Lines of documents: the PDFs of invoices.

use std::{fs::File, io::Read as _, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::client::hex;
use crate::{
    model::invoice::Document,
    server::operations::import::fields::{Fields, Refusal},
};

const PDF: &str = "application/pdf";
/// The first bytes of every PDF.
const MAGIC: &[u8] = b"%PDF-";
/// The most bytes of a document.
const MAX_BYTES: usize = 5 * 1024 * 1024;

/// The PDF of an invoice. Without bytes it is deleted.
pub struct ReadDocument {
    pub invoice: String,
    pub body: Option<Vec<u8>>,
}

impl ReadDocument {
    /// What is stored with the invoice, as JSON.
    pub fn about(&self) -> Option<String> {
        let body = self.body.as_ref()?;
        let about = Document {
            content_type: PDF.to_owned(),
            size: body.len() as u64,
            sha256: hex(&Sha256::digest(body)),
        };
        serde_json::to_string(&about).ok()
    }
}

pub fn read(fields: &mut Fields, folder: &Path) -> Result<ReadDocument, Refusal> {
    let invoice = fields.id("invoice")?;
    if fields.flag("deleted")? {
        return Ok(ReadDocument {
            invoice,
            body: None,
        });
    }
    if fields.text("content_type")? != PDF {
        return Err(format!("content_type: is not {PDF}"));
    }
    let (field, body) = match (
        fields.maybe_string("file")?,
        fields.maybe_string("content")?,
    ) {
        (Some(file), None) => ("file", from_file(&folder.join(file))?),
        (None, Some(content)) => ("content", from_base64(&content)?),
        _ => return Err("file, content: one of the two has to be there".to_owned()),
    };
    if body.len() > MAX_BYTES {
        return Err(format!("{field}: has more than 5 MiB"));
    }
    if !body.starts_with(MAGIC) {
        return Err(format!("{field}: is not a PDF"));
    }
    Ok(ReadDocument {
        invoice,
        body: Some(body),
    })
}

fn from_file(path: &Path) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    let failed = |error| format!("file: cannot be read: {error}");
    let metadata = path.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err("file: is not a file".to_owned());
    }
    let file = File::open(path).map_err(failed)?;
    let most = MAX_BYTES as u64 + 1;
    file.take(most).read_to_end(&mut body).map_err(failed)?;
    Ok(body)
}

fn from_base64(content: &str) -> Result<Vec<u8>, Refusal> {
    let body = BASE64_STANDARD.decode(content);
    body.map_err(|_| "content: is not base64".to_owned())
}
