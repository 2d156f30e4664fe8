//! The settings of the operator's own look: name, logo, color, support contact and links.

mod accent;
mod links;
mod logo;

use std::path::PathBuf;

pub use self::{accent::Accent, logo::Logo};
use super::settings::{ConfigError, Settings, refuse};
use crate::model::brand::Brand;

/// Most characters of the name.
const MAX_NAME: usize = 60;
const LOGO: &str = "OPENTILL_LOGO";

/// The operator's own look.
#[derive(Clone, Debug, Default)]
pub struct BrandSettings {
    /// `OPENTILL_NAME`, `OPENTILL_SUPPORT_URL` and `OPENTILL_LEGAL_LINKS`.
    pub shown: Brand,
    /// `OPENTILL_ACCENT`: the color of links and buttons.
    pub accent: Option<Accent>,
    /// The logo, once [`BrandSettings::read_files`] has read it.
    pub logo: Option<Logo>,
    /// `OPENTILL_LOGO`.
    logo_file: Option<PathBuf>,
}

impl BrandSettings {
    /// Reads the settings.
    ///
    /// # Errors
    /// The first one that is not valid.
    pub fn read<G: Fn(&str) -> Option<String>>(
        settings: &Settings<G>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            shown: Brand {
                name: settings.checked("OPENTILL_NAME", name)?,
                support: settings.checked("OPENTILL_SUPPORT_URL", links::support)?,
                links: settings
                    .checked("OPENTILL_LEGAL_LINKS", links::legal)?
                    .unwrap_or_default(),
            },
            accent: settings.checked("OPENTILL_ACCENT", Accent::parse)?,
            logo: None,
            logo_file: settings.text(LOGO)?.map(PathBuf::from),
        })
    }

    /// Reads the file of the logo. Only a server does this: a lost file stops no command.
    ///
    /// # Errors
    /// It cannot be read, or is no picture that pages can show.
    pub fn read_files(&mut self) -> Result<(), ConfigError> {
        if let Some(file) = &self.logo_file {
            self.logo = Some(Logo::read(file).map_err(|reason| refuse(LOGO, reason))?);
        }
        Ok(())
    }
}

fn name(text: &str) -> Result<String, String> {
    if text.chars().count() > MAX_NAME {
        return Err(format!("must have at most {MAX_NAME} characters"));
    }
    Ok(text.to_owned())
}
