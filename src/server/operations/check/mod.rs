//! The checks of `opentill check`: what would keep a server from running well, without changing anything.

mod database;
mod files;
mod finding;
mod grants;

use self::finding::all;
pub use self::finding::{Finding, Level};
use crate::server::config::Config;

/// Everything that can be checked with settings that are valid. `manual` has the grants of the serving role.
pub async fn check(config: &Config, manual: &str) -> Vec<Finding> {
    let mut findings = all(
        "proxy",
        "the public URL and the proxies fit together",
        config.cautions(),
    );
    findings.extend(files::secrets());
    findings.extend(database::check(config, manual).await);
    findings
}
