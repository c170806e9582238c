//! Where TURN servers are, for a Switchboard that is started here.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use local::turn::{Turn, TurnSettings};

use super::seconds;

/// TURN servers that share a secret with this Switchboard.
#[derive(Debug, Args)]
pub(crate) struct TurnArgs {
    /// A TURN server like turn:turn.example.org:3478, for which `get_ice_servers` makes credentials; may be given several times.
    #[arg(
        id = "turn",
        long = "turn",
        value_name = "URL",
        requires = "turn_secret_file"
    )]
    urls: Vec<String>,
    /// A file with the secret that the TURN servers know (coturn's `static-auth-secret`), 32 characters at least.
    #[arg(
        id = "turn_secret_file",
        long = "turn-secret-file",
        value_name = "FILE",
        requires = "turn"
    )]
    secret_file: Option<PathBuf>,
    /// How many seconds those credentials last: 300 to 86400.
    #[arg(id = "turn_lifetime_seconds", long = "turn-lifetime-seconds", default_value = "3600", value_name = "SECONDS", value_parser = seconds)]
    lifetime: Duration,
}

impl TurnArgs {
    /// The maker of credentials, where there are TURN servers.
    ///
    /// # Errors
    /// Where the file cannot be read, or what was given cannot work.
    pub(crate) fn read(self) -> anyhow::Result<Option<Turn>> {
        let Some(file) = self.secret_file else {
            return Ok(None);
        };
        let secret = std::fs::read_to_string(&file)
            .with_context(|| format!("The TURN secret in {} cannot be read.", file.display()))?;
        let settings = TurnSettings::new(self.urls, self.lifetime)?;
        // An editor ends a file with a line break; no secret does.
        Ok(Some(Turn::new(settings, &secret.trim_end().into())?))
    }
}
