//! How players prove who they are: the setting, and the authorizer that it makes.

use std::fmt;

use function::{Aws, ConfigError};
use identity::{CLOCK_SKEW, Issuer, SharedSecret, WeakSecret};
use secrecy::SecretString;
use serde::Deserialize;
use thiserror::Error;

use crate::keys::Keys;
use crate::{Authorizer, Trust};

const SETTING: &str = "SWITCHBOARD_AUTHENTICATION";

const REMEDY: &str = "set it to JSON like {\"mode\": \"shared_secret\", \"parameter\": \"/switchboard/dev/token-secret\"} or \
     {\"mode\": \"jwt\", \"issuer\": \"https://login.example.org\", \"audience\": \"game\", \"jwks_url\": \"https://...\"}";

/// The furthest that a clock may be said to be off, in seconds.
const MAX_CLOCK_SKEW: u64 = 300;

/// How players prove who they are.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// By a token that the game's own backend has signed with a secret that it shares with Switchboard.
    SharedSecret {
        /// That secret: at least 32 bytes.
        secret: SecretString,
        /// How far the backend's clock may be off, in seconds.
        clock_skew_seconds: u64,
    },
    /// By a token of an `OpenID` Connect issuer.
    Jwt {
        /// The issuer, as its tokens name it in `iss`.
        issuer: String,
        /// Whom its tokens must be made for: one of their `aud`.
        audience: String,
        /// Where its keys are published: `https`, or `http` on this machine.
        jwks_url: String,
        /// How far the issuer's clock may be off, in seconds.
        clock_skew_seconds: u64,
    },
}

/// Why nobody's tokens can be checked in this way.
#[derive(Debug, Error)]
pub enum InvalidAuthentication {
    /// The secret is none.
    #[error(transparent)]
    Secret(#[from] WeakSecret),
    /// A name is none.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// Whoever is on the way could replace the keys.
    #[error(
        "`jwks_url` must begin with https://, or http://127.0.0.1 or http://localhost on this machine"
    )]
    Insecure,
    /// A token would be good for much longer than it says.
    #[error("`clock_skew_seconds` is more than {MAX_CLOCK_SKEW}")]
    ClockSkew,
}

impl Authorizer {
    /// Checks tokens in this way.
    ///
    /// # Errors
    /// [`InvalidAuthentication`] says what is wrong.
    pub fn new(authentication: Authentication) -> Result<Self, InvalidAuthentication> {
        let trust = match authentication {
            Authentication::SharedSecret {
                secret,
                clock_skew_seconds,
            } => {
                let secret = SharedSecret::new(&secret)?;
                Trust::Backend(secret.with_clock_skew(clock_skew(clock_skew_seconds)?))
            }
            Authentication::Jwt {
                issuer,
                audience,
                jwks_url,
                clock_skew_seconds,
            } => {
                let issuer = Issuer::new(given("issuer", issuer)?, given("audience", audience)?);
                let issuer = issuer.with_clock_skew(clock_skew(clock_skew_seconds)?);
                if !is_secure(&jwks_url) {
                    return Err(InvalidAuthentication::Insecure);
                }
                Trust::Issuer(issuer, Keys::at(jwks_url))
            }
        };
        Ok(Self { trust })
    }
}

fn given(name: &'static str, value: String) -> Result<String, InvalidAuthentication> {
    if value.is_empty() {
        return Err(InvalidAuthentication::Empty(name));
    }
    Ok(value)
}

fn clock_skew(seconds: u64) -> Result<u64, InvalidAuthentication> {
    if seconds > MAX_CLOCK_SKEW {
        return Err(InvalidAuthentication::ClockSkew);
    }
    Ok(seconds)
}

/// Whether nobody on the way to a URL can replace what it answers.
fn is_secure(url: &str) -> bool {
    let on_this_machine = |rest: &str| rest.is_empty() || rest.starts_with([':', '/']);
    let local = ["http://127.0.0.1", "http://localhost"];
    let mut local = local.iter().filter_map(|host| url.strip_prefix(host));
    url.starts_with("https://") || local.any(on_this_machine)
}

/// The setting as it stands in the function's environment. A secret stays in its parameter.
#[derive(Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
enum Setting {
    SharedSecret {
        parameter: String,
        #[serde(default = "usual_clock_skew")]
        clock_skew_seconds: u64,
    },
    Jwt {
        issuer: String,
        audience: String,
        jwks_url: String,
        #[serde(default = "usual_clock_skew")]
        clock_skew_seconds: u64,
    },
}

fn usual_clock_skew() -> u64 {
    CLOCK_SKEW
}

/// Makes the authorizer that the environment asks for.
pub(crate) async fn connect(
    variable: fn(&str) -> Option<String>,
) -> Result<Authorizer, ConfigError> {
    let setting = variable(SETTING).filter(|value| !value.is_empty());
    let setting = setting.ok_or(ConfigError::Missing {
        name: SETTING,
        remedy: REMEDY,
    })?;
    let authentication = match serde_json::from_str(&setting).map_err(invalid)? {
        Setting::SharedSecret {
            parameter,
            clock_skew_seconds,
        } => Authentication::SharedSecret {
            secret: Aws::read(variable)?
                .read_parameter(SETTING, parameter)
                .await?,
            clock_skew_seconds,
        },
        Setting::Jwt {
            issuer,
            audience,
            jwks_url,
            clock_skew_seconds,
        } => Authentication::Jwt {
            issuer,
            audience,
            jwks_url,
            clock_skew_seconds,
        },
    };
    Authorizer::new(authentication).map_err(invalid)
}

fn invalid(problem: impl fmt::Display) -> ConfigError {
    ConfigError::Invalid {
        name: SETTING,
        problem: problem.to_string(),
        remedy: REMEDY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(jwks_url: &str) -> Authentication {
        Authentication::Jwt {
            issuer: "https://login.example.org".to_owned(),
            audience: "game".to_owned(),
            jwks_url: jwks_url.to_owned(),
            clock_skew_seconds: CLOCK_SKEW,
        }
    }

    #[test]
    fn keys_come_by_a_way_on_which_nobody_can_replace_them() {
        for url in [
            "https://login.example.org/keys",
            "http://127.0.0.1:8080/keys",
            "http://localhost/keys",
        ] {
            assert!(Authorizer::new(jwt(url)).is_ok(), "{url}");
        }
        for url in [
            "",
            "http://login.example.org/keys",
            "http://127.0.0.1.example.org/keys",
            "http://localhost@example.org/keys",
            "ftp://login.example.org/keys",
        ] {
            let refused = Authorizer::new(jwt(url)).expect_err("it is not secure");
            assert!(matches!(refused, InvalidAuthentication::Insecure), "{url}");
        }
    }

    #[test]
    fn a_secret_that_is_short_and_a_clock_that_is_far_off_are_refused() {
        let with = |secret: &str, clock_skew_seconds| {
            Authorizer::new(Authentication::SharedSecret {
                secret: secret.into(),
                clock_skew_seconds,
            })
        };
        let secret = "a secret of thirty-two bytes, or more";
        assert!(with(secret, MAX_CLOCK_SKEW).is_ok());
        assert!(with("short", 0).is_err());
        assert!(with(secret, MAX_CLOCK_SKEW + 1).is_err());
    }

    #[test]
    fn the_setting_is_one_of_two_modes_and_names_what_is_wrong() {
        for setting in [
            r#"{"mode":"shared_secret","parameter":"/a","clock_skew_seconds":5}"#,
            r#"{"mode":"jwt","issuer":"i","audience":"a","jwks_url":"https://i/keys"}"#,
        ] {
            assert!(
                serde_json::from_str::<Setting>(setting).is_ok(),
                "{setting}"
            );
        }
        for (setting, part) in [
            (r#"{"mode":"anonymous"}"#, "anonymous"),
            (r#"{"mode":"jwt","issuer":"i","audience":"a"}"#, "jwks_url"),
            (r#"{"mode":"shared_secret","secret":"s"}"#, "secret"),
        ] {
            let error = serde_json::from_str::<Setting>(setting)
                .err()
                .expect("wrong");
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
