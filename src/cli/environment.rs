//! The environment in which a command runs.

use super::error::CommandError;

/// Reads `.env` into the environment, in a debug build. What is set in the environment already takes precedence.
///
/// # Errors
/// A line of the file is not `NAME=value`.
pub fn read_env_file() -> Result<(), CommandError> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    match dotenvy::dotenv() {
        Ok(_) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // The rest of the file is not read. The line itself may be a secret, so it is not printed.
        Err(_) => Err(CommandError::Refused(
            ".env: a line in it is not NAME=value; a value with spaces stands in quotation marks"
                .to_owned(),
        )),
    }
}
