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

/// How often a lobby is looked at where `SWITCHBOARD_CHECK_UP_SECONDS` says nothing: as long as API Gateway lets a connection be
/// silent.
pub const DEFAULT_CHECK_UP: Duration = Duration::from_mins(10);

/// The longest that the grace period may be set to: nobody waits longer for an opponent.
const LONGEST_GRACE_SECONDS: u64 = 900;

/// The longest that a lobby may be left alone: as long as a connection lasts at most, it would be for nothing.
const LONGEST_CHECK_UP_SECONDS: u64 = 7_200;

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
    check_up: Option<Duration>,
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
            check_up: check_up(variable("SWITCHBOARD_CHECK_UP_SECONDS"))?,
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
            check_up: self.check_up,
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
    whole_seconds(&seconds, LONGEST_GRACE_SECONDS).map_err(|problem| ConfigError::Invalid {
        name: "SWITCHBOARD_GRACE_SECONDS",
        problem,
        remedy: "set it to the seconds that a player may be away, for example 30",
    })
}

fn check_up(seconds: Option<String>) -> Result<Option<Duration>, ConfigError> {
    let Some(seconds) = seconds else {
        return Ok(Some(DEFAULT_CHECK_UP));
    };
    let every = whole_seconds(&seconds, LONGEST_CHECK_UP_SECONDS);
    let every = every.map_err(|problem| ConfigError::Invalid {
        name: "SWITCHBOARD_CHECK_UP_SECONDS",
        problem,
        remedy: "set it to the seconds after which a lobby is looked at, for example 600, or to 0 for never",
    })?;
    Ok(Some(every).filter(|every| !every.is_zero()))
}

/// So many seconds, or what is wrong with them.
fn whole_seconds(seconds: &str, most: u64) -> Result<Duration, String> {
    match seconds.parse() {
        Ok(seconds) if seconds <= most => Ok(Duration::from_secs(seconds)),
        Ok(_) | Err(_) => Err(format!("{seconds} is no whole number from 0 to {most}")),
    }
}
