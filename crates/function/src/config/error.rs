//! What can be wrong with a setting.

use domain::matchmaking::QueuesError;
use thiserror::Error;

use crate::limit::LimitSettingsError;
use crate::turn::TurnError;

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
    /// The queues are none.
    #[error("SWITCHBOARD_QUEUES is not valid: {0}")]
    Queues(QueuesError),
    /// The limits are none.
    #[error("SWITCHBOARD_LIMITS is not valid: {0}")]
    Limits(LimitSettingsError),
    /// TURN servers that cannot be, or a secret of theirs that keeps nobody out.
    #[error("{name} is not valid: {error}")]
    Turn {
        /// Which variable.
        name: &'static str,
        /// What is wrong, and what to do.
        error: TurnError,
    },
    /// The parameter that holds a secret could not be read.
    #[error(
        "the parameter {name} named by {setting} could not be read: \
         check that it exists and that the function's role may ssm:GetParameter it"
    )]
    Parameter {
        /// Its name.
        name: String,
        /// The variable that names it.
        setting: &'static str,
        /// What the service said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
