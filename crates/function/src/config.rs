//! What a function is told by its environment.

mod aws;
mod error;
mod secret;
#[cfg(test)]
mod tests;
mod turn;

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use domain::matchmaking::Queues;
use futures::future::try_join;
use protocol::event::IceServer;
use push::ManagementApi;
use schedule::{Sqs, SqsSettings};
use store::{AwsSettings, Store, TableNames};

use crate::limit::{LimitSettings, Limits};
use crate::{CONNECTION_LIFE, Context};
use seal::Sealer;

use secret::Secret;
use turn::TurnConfig;

pub use aws::Aws;
pub use error::ConfigError;

/// How long a player may be away where `SWITCHBOARD_GRACE_SECONDS` says nothing.
pub const DEFAULT_GRACE: Duration = Duration::from_secs(30);

/// The longest that it may be set to: nobody waits longer for an opponent.
const LONGEST_GRACE_SECONDS: u64 = 900;

/// The settings of a function, read once when it starts.
#[derive(Debug)]
pub struct Config {
    table_prefix: String,
    callback_url: String,
    secret: Secret,
    ice_servers: Vec<IceServer>,
    turn: Option<TurnConfig>,
    queues: Queues,
    limits: LimitSettings,
    grace: Duration,
    ticks_url: String,
    timers_url: String,
    aws: Aws,
}

impl Config {
    /// Reads the settings through `variable`, which tells an environment variable's value.
    ///
    /// # Errors
    /// The first setting that is missing or means nothing.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        let required = |name, remedy| variable(name).ok_or(ConfigError::Missing { name, remedy });
        let secret = Secret::read(
            variable,
            "SWITCHBOARD_SEAL_SECRET",
            "SWITCHBOARD_SEAL_PARAMETER",
        );
        let secret = secret.ok_or(ConfigError::Missing {
            name: "SWITCHBOARD_SEAL_SECRET",
            remedy: "set it to a random text of at least 32 characters, or set \
                     SWITCHBOARD_SEAL_PARAMETER to the name of an SSM parameter that holds one",
        })?;
        let aws = Aws::read(variable)?;
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
            turn: TurnConfig::read(variable)?,
            queues: queues(variable("SWITCHBOARD_QUEUES"))?,
            limits: limits(variable("SWITCHBOARD_LIMITS"))?,
            grace: grace(variable("SWITCHBOARD_GRACE_SECONDS"))?,
            ticks_url: required(
                "SWITCHBOARD_TICKS_URL",
                "set it to the https address of the SQS FIFO queue of ticks",
            )?,
            timers_url: required(
                "SWITCHBOARD_TIMERS_URL",
                "set it to the https address of the SQS queue of timers",
            )?,
            aws,
        })
    }

    /// Connects to what the settings name.
    ///
    /// # Errors
    /// Where a secret cannot be read, or is too short.
    pub async fn connect(self) -> Result<Context, ConfigError> {
        let name = self.secret.variable;
        let turn = async {
            match self.turn {
                Some(turn) => turn.connect(&self.aws).await.map(Some),
                None => Ok(None),
            }
        };
        let (secret, turn) = try_join(self.secret.fetch(&self.aws), turn).await?;
        let sealer = Sealer::new(&secret).map_err(|weak| ConfigError::Invalid {
            name,
            problem: weak.to_string(),
            remedy: "use a random text that is longer",
        })?;
        let credentials = SharedCredentialsProvider::new(self.aws.credentials);
        let client = store::connect(AwsSettings {
            region: self.aws.region.clone(),
            endpoint_url: self.aws.endpoint_url.clone(),
            credentials: credentials.clone(),
        });
        let schedule = Sqs::new(SqsSettings {
            region: self.aws.region.clone(),
            endpoint_url: self.aws.endpoint_url,
            credentials: credentials.clone(),
            ticks_url: self.ticks_url,
            timers_url: self.timers_url,
        });
        let push = ManagementApi::new(push::Settings {
            region: self.aws.region,
            callback_url: self.callback_url,
            credentials,
        });
        Ok(Context {
            store: Store::new(client, TableNames::with_prefix(&self.table_prefix)),
            push: Arc::new(push),
            schedule: Arc::new(schedule),
            sealer,
            ice_servers: self.ice_servers.into(),
            turn,
            queues: Arc::new(self.queues),
            limits: Arc::new(Limits::new(self.limits)),
            grace: self.grace,
            connection_life: CONNECTION_LIFE,
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

fn queues(json: Option<String>) -> Result<Queues, ConfigError> {
    match json {
        Some(json) => Queues::parse(&json).map_err(ConfigError::Queues),
        None => Ok(Queues::shipped()),
    }
}

fn limits(json: Option<String>) -> Result<LimitSettings, ConfigError> {
    json.map_or(Ok(LimitSettings::default()), |json| {
        LimitSettings::parse(&json).map_err(ConfigError::Limits)
    })
}

fn grace(seconds: Option<String>) -> Result<Duration, ConfigError> {
    let Some(seconds) = seconds else {
        return Ok(DEFAULT_GRACE);
    };
    match seconds.parse() {
        Ok(seconds) if seconds <= LONGEST_GRACE_SECONDS => Ok(Duration::from_secs(seconds)),
        Ok(_) | Err(_) => Err(ConfigError::Invalid {
            name: "SWITCHBOARD_GRACE_SECONDS",
            problem: format!("{seconds} is no whole number from 0 to {LONGEST_GRACE_SECONDS}"),
            remedy: "set it to the seconds that a player may be away, for example 30",
        }),
    }
}
