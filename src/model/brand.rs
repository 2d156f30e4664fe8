//! What pages show of the operator: a name, a contact and links.

/// The name of the portal where the operator has set none.
const DEFAULT_NAME: &str = "Opentill";

/// The operator, as pages show them. Empty where nothing is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The operator's name for the portal.
    pub name: Option<String>,
    /// URL of the operator's support: `https:` or `mailto:`.
    pub support: Option<String>,
    /// Links for the footer.
    pub links: Vec<Link>,
}

impl Brand {
    /// The name of the portal.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(DEFAULT_NAME)
    }
}

/// A link to a page of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its text.
    pub title: String,
    /// Its URL: `https:`.
    pub url: String,
}
