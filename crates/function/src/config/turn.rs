//! What a function is told of TURN servers.

use std::time::Duration;

use serde::Deserialize;

use super::secret::Secret;
use super::{Aws, ConfigError};
use crate::turn::{DEFAULT_TURN_LIFETIME, Turn, TurnError, TurnSettings};

const NAME: &str = "SWITCHBOARD_TURN";

/// Where they are, and the secret that they share with us.
#[derive(Debug)]
pub(super) struct TurnConfig {
    settings: TurnSettings,
    secret: Secret,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Json {
    urls: Vec<String>,
    lifetime_seconds: Option<u64>,
}

impl TurnConfig {
    /// Reads it; `None` where there are no TURN servers.
    pub(super) fn read(
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Option<Self>, ConfigError> {
        let Some(json) = variable(NAME) else {
            return Ok(None);
        };
        let Json {
            urls,
            lifetime_seconds,
        } = serde_json::from_str(&json).map_err(|error| ConfigError::Invalid {
            name: NAME,
            problem: error.to_string(),
            remedy: "set it to JSON like {\"urls\": [\"turn:turn.example.org:3478\"], \"lifetime_seconds\": 3600}",
        })?;
        let lifetime = lifetime_seconds.map_or(DEFAULT_TURN_LIFETIME, Duration::from_secs);
        let settings = TurnSettings::new(urls, lifetime).map_err(|error| turn(NAME, error))?;
        let secret = Secret::read(
            variable,
            "SWITCHBOARD_TURN_SECRET",
            "SWITCHBOARD_TURN_PARAMETER",
        );
        let secret = secret.ok_or(ConfigError::Missing {
            name: "SWITCHBOARD_TURN_SECRET",
            remedy: "set it to the TURN servers' static-auth-secret, or set SWITCHBOARD_TURN_PARAMETER to the name of an \
                     SSM parameter that holds it",
        })?;
        Ok(Some(Self { settings, secret }))
    }

    /// Fetches the secret, and makes the maker of credentials.
    pub(super) async fn connect(self, aws: &Aws) -> Result<Turn, ConfigError> {
        let variable = self.secret.variable;
        let secret = self.secret.fetch(aws).await?;
        Turn::new(self.settings, &secret).map_err(|error| turn(variable, error))
    }
}

fn turn(name: &'static str, error: TurnError) -> ConfigError {
    ConfigError::Turn { name, error }
}
