//! The log.

use tracing::Metadata;
use tracing_subscriber::filter::{LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::ConfigError;

/// The log filter where `SWITCHBOARD_LOG` says none.
pub const DEFAULT_LOG: &str = "info";

/// Starts the log: a JSON object a line, filtered by `filter`: a level, or levels by target such as `info,store=debug`.
///
/// # Errors
/// Where `filter` is none.
pub fn init_telemetry(filter: Option<String>) -> Result<(), ConfigError> {
    let filter = filter.unwrap_or_else(|| DEFAULT_LOG.to_owned());
    let filter = filter.parse::<Targets>();
    let filter = filter.map_err(|error| ConfigError::Invalid {
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
