//! What a function is told by its environment.

use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_ssm::config::{BehaviorVersion, Region};
use aws_smithy_http_client::tls;
use protocol::event::IceServer;
use push::ManagementApi;
use secrecy::SecretString;
use store::{AwsSettings, Store, TableNames};
use thiserror::Error;
use tracing::Metadata;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::Context;
use crate::seal::Sealer;

/// The log filter where `SWITCHBOARD_LOG` says none.
pub const DEFAULT_LOG: &str = "info";

/// Why a function cannot start. Each is one sentence that names the setting and says what to do.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A variable is missing.
    #[error("{name} is not set: {remedy}")]
    Missing {
        /// Which.
        name: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A variable has a value that means nothing.
    #[error("{name} is not valid ({problem}): {remedy}")]
    Invalid {
        /// Which.
        name: &'static str,
        /// What is wrong.
        problem: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The parameter that holds the secret could not be read.
    #[error(
        "the parameter {name} named by SWITCHBOARD_SEAL_PARAMETER could not be read: \
         check that it exists and that the function's role may ssm:GetParameter it"
    )]
    Parameter {
        /// Its name.
        name: String,
        /// What the service said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The settings of a function, read once when it starts.
#[derive(Debug)]
pub struct Config {
    table_prefix: String,
    callback_url: String,
    secret: SecretSource,
    ice_servers: Vec<IceServer>,
    aws: Aws,
}

#[derive(Debug)]
enum SecretSource {
    Value(SecretString),
    Parameter(String),
}

#[derive(Clone, Debug)]
struct Aws {
    region: String,
    endpoint_url: Option<String>,
    credentials: Credentials,
}

impl Config {
    /// Reads the settings through `variable`, which tells an environment variable's value.
    ///
    /// # Errors
    /// The first setting that is missing or means nothing.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        let required = |name, remedy| variable(name).ok_or(ConfigError::Missing { name, remedy });
        let secret = match (
            variable("SWITCHBOARD_SEAL_SECRET"),
            variable("SWITCHBOARD_SEAL_PARAMETER"),
        ) {
            (Some(value), _) => SecretSource::Value(value.into()),
            (None, Some(name)) => SecretSource::Parameter(name),
            (None, None) => {
                return Err(ConfigError::Missing {
                    name: "SWITCHBOARD_SEAL_SECRET",
                    remedy: "set it to a random text of at least 32 characters, or set \
                             SWITCHBOARD_SEAL_PARAMETER to the name of an SSM parameter that holds one",
                });
            }
        };
        let lambda = "AWS Lambda sets it; elsewhere set it by hand";
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID", lambda)?,
            required("AWS_SECRET_ACCESS_KEY", lambda)?,
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        Ok(Self {
            table_prefix: required(
                "SWITCHBOARD_TABLE_PREFIX",
                "set it to what the tables' names begin with, for example switchboard-dev-",
            )?,
            callback_url: required(
                "SWITCHBOARD_CALLBACK_URL",
                "set it to the https address of the WebSocket API's stage",
            )?,
            secret,
            ice_servers: ice_servers(variable("SWITCHBOARD_ICE_SERVERS"))?,
            aws: Aws {
                region: required("AWS_REGION", lambda)?,
                endpoint_url: variable("AWS_ENDPOINT_URL"),
                credentials,
            },
        })
    }

    /// Connects to what the settings name.
    ///
    /// # Errors
    /// Where the secret cannot be read, or is too short.
    pub async fn connect(self) -> Result<Context, ConfigError> {
        let (secret, name) = match self.secret {
            SecretSource::Value(secret) => (secret, "SWITCHBOARD_SEAL_SECRET"),
            SecretSource::Parameter(name) => (
                read_parameter(&self.aws, name).await?,
                "SWITCHBOARD_SEAL_PARAMETER",
            ),
        };
        let sealer = Sealer::new(&secret).map_err(|weak| ConfigError::Invalid {
            name,
            problem: weak.to_string(),
            remedy: "use a random text that is longer",
        })?;
        let credentials = SharedCredentialsProvider::new(self.aws.credentials);
        let client = store::connect(AwsSettings {
            region: self.aws.region.clone(),
            endpoint_url: self.aws.endpoint_url,
            credentials: credentials.clone(),
        });
        let push = ManagementApi::new(push::Settings {
            region: self.aws.region,
            callback_url: self.callback_url,
            credentials,
        });
        Ok(Context {
            store: Store::new(client, TableNames::with_prefix(&self.table_prefix)),
            push: Arc::new(push),
            sealer,
            ice_servers: self.ice_servers.into(),
        })
    }
}

fn ice_servers(json: Option<String>) -> Result<Vec<IceServer>, ConfigError> {
    let Some(json) = json else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&json).map_err(|error| ConfigError::Invalid {
        name: "SWITCHBOARD_ICE_SERVERS",
        problem: error.to_string(),
        remedy: "set it to a JSON list like [{\"urls\": [\"stun:stun.example.org:3478\"]}]",
    })
}

/// Reads the sealing secret. Once per process: a warm function keeps it.
async fn read_parameter(aws: &Aws, name: String) -> Result<SecretString, ConfigError> {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(
            tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https();
    let mut config = aws_sdk_ssm::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(aws.region.clone()))
        .credentials_provider(aws.credentials.clone())
        .http_client(http);
    config.set_endpoint_url(aws.endpoint_url.clone());
    let client = aws_sdk_ssm::Client::from_conf(config.build());
    let answer = client
        .get_parameter()
        .name(&name)
        .with_decryption(true)
        .send()
        .await;
    let value = match answer {
        Ok(answer) => answer.parameter.and_then(|parameter| parameter.value),
        Err(error) => {
            return Err(ConfigError::Parameter {
                name,
                source: Box::new(error),
            });
        }
    };
    value
        .map(SecretString::from)
        .ok_or_else(|| ConfigError::Parameter {
            name,
            source: "the parameter has no value".into(),
        })
}

/// Starts the log: a JSON object a line, filtered by `filter` (a tracing filter such as `info`).
///
/// # Errors
/// Where `filter` is none.
pub fn init_telemetry(filter: Option<String>) -> Result<(), ConfigError> {
    let filter = filter.unwrap_or_else(|| DEFAULT_LOG.to_owned());
    let filter = EnvFilter::try_new(filter).map_err(|error| ConfigError::Invalid {
        name: "SWITCHBOARD_LOG",
        problem: error.to_string(),
        remedy: "set it to error, warn, info, debug, or a filter such as info,store=debug",
    })?;
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false);
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .with(filter_fn(is_fit_to_log))
        .init();
    Ok(())
}

/// Below `info` the AWS SDK logs whole requests and answers, and with them what players keep to themselves.
fn is_fit_to_log(metadata: &Metadata<'_>) -> bool {
    !metadata.target().starts_with("aws_") || *metadata.level() <= LevelFilter::INFO
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::in_full::InFull;
    use crate::seal::MIN_SECRET;

    fn complete() -> BTreeMap<&'static str, &'static str> {
        BTreeMap::from([
            (
                "SWITCHBOARD_SEAL_SECRET",
                "a secret of at least 32 characters",
            ),
            ("SWITCHBOARD_TABLE_PREFIX", "switchboard-test-"),
            ("SWITCHBOARD_CALLBACK_URL", "https://api.example.org/test"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "key"),
        ])
    }

    fn read(variables: &BTreeMap<&str, &str>) -> Result<Config, ConfigError> {
        Config::read(|name| variables.get(name).map(ToString::to_string))
    }

    #[test]
    fn a_complete_environment_is_enough() {
        assert!(read(&complete()).is_ok());
    }

    #[test]
    fn every_missing_setting_is_named_with_what_to_do() {
        for name in complete().keys() {
            let mut variables = complete();
            variables.remove(name);
            let sentence = read(&variables).expect_err(name).to_string();
            assert!(
                sentence.starts_with(&format!("{name} is not set: ")),
                "{sentence}"
            );
        }
    }

    #[tokio::test]
    async fn a_short_secret_is_refused_with_what_to_do() {
        let mut variables = complete();
        variables.insert("SWITCHBOARD_SEAL_SECRET", "short");
        let error = read(&variables)
            .expect("read")
            .connect()
            .await
            .expect_err("too short");
        let sentence = error.to_string();
        assert_eq!(
            sentence,
            format!(
                "SWITCHBOARD_SEAL_SECRET is not valid (the sealing secret has fewer than \
                 {MIN_SECRET} characters): use a random text that is longer"
            )
        );
    }

    #[tokio::test]
    async fn an_endpoint_where_nobody_listens_is_named_with_what_to_do() {
        let mut variables = complete();
        variables.remove("SWITCHBOARD_SEAL_SECRET");
        variables.insert(
            "SWITCHBOARD_SEAL_PARAMETER",
            "/switchboard/test/seal-secret",
        );
        variables.insert("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        let config = read(&variables).expect("read");
        let error = config.connect().await.expect_err("nobody listens");
        let sentence = InFull(&error).to_string();
        for part in [
            "/switchboard/test/seal-secret",
            "check that AWS_ENDPOINT_URL",
        ] {
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn a_list_of_servers_that_is_none_is_refused() {
        let mut variables = complete();
        variables.insert("SWITCHBOARD_ICE_SERVERS", "stun:stun.example.org");
        let sentence = read(&variables).expect_err("no JSON").to_string();
        assert!(
            sentence.starts_with("SWITCHBOARD_ICE_SERVERS is not valid"),
            "{sentence}"
        );
    }
}
