//! Ticks and timers as messages of two SQS queues.

use std::fmt;
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use aws_sdk_sqs::{Client, Config};
use domain::Timestamp;
use futures::future::BoxFuture;

use crate::message::{Message, write};
use crate::{Delayed, Schedule, ScheduleError, Tick, Timer};

/// What is needed to reach the queues. Read from the environment by whoever calls; nothing here looks at it.
pub struct SqsSettings {
    /// The queues' region.
    pub region: String,
    /// Where SQS is, if not at AWS. An emulator's may be plain `http`.
    pub endpoint_url: Option<String>,
    /// Who sends.
    pub credentials: SharedCredentialsProvider,
    /// The queue of ticks, a FIFO queue.
    pub ticks_url: String,
    /// The queue of timers, a standard queue.
    pub timers_url: String,
}

impl fmt::Debug for SqsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqsSettings")
            .field("region", &self.region)
            .field("endpoint_url", &self.endpoint_url)
            .field("ticks_url", &self.ticks_url)
            .field("timers_url", &self.timers_url)
            .finish_non_exhaustive()
    }
}

/// Sends ticks and timers by SQS: one request each.
///
/// A tick's queue is its message group, and its [`Tick::id`] the deduplication id: SQS hands the next tick of a queue out
/// only when the one before is done.
#[derive(Clone)]
pub struct Sqs {
    client: Client,
    ticks_url: String,
    timers_url: String,
}

impl fmt::Debug for Sqs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqs")
            .field("ticks_url", &self.ticks_url)
            .field("timers_url", &self.timers_url)
            .finish_non_exhaustive()
    }
}

impl Sqs {
    /// A sender that gives up on a connection after one second, on an attempt after two, and on a message after five; three
    /// attempts. Nothing is sent yet.
    #[must_use]
    pub fn new(settings: SqsSettings) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(2))
            .operation_timeout(Duration::from_secs(5))
            .build();
        // The SDK would begin with a second, half the time that anybody waits for an answer.
        let retries = RetryConfig::standard()
            .with_max_attempts(3)
            .with_initial_backoff(Duration::from_millis(50));
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region))
            .credentials_provider(settings.credentials)
            .http_client(https::client())
            .retry_config(retries)
            .timeout_config(timeouts);
        config.set_endpoint_url(settings.endpoint_url);
        Self::from_client(
            Client::from_conf(config.build()),
            settings.ticks_url,
            settings.timers_url,
        )
    }

    pub(crate) fn from_client(client: Client, ticks_url: String, timers_url: String) -> Self {
        Self {
            client,
            ticks_url,
            timers_url,
        }
    }
}

impl Schedule for Sqs {
    fn tick(&self, tick: Tick) -> BoxFuture<'_, Result<(), ScheduleError>> {
        let request = self
            .client
            .send_message()
            .queue_url(&self.ticks_url)
            .message_group_id(tick.queue.as_str())
            .message_deduplication_id(tick.id())
            .message_body(write(&tick));
        Box::pin(send(Tick::QUEUE, request))
    }

    fn timer(
        &self,
        timer: Timer,
        at: Timestamp,
        now: Timestamp,
    ) -> BoxFuture<'_, Result<(), ScheduleError>> {
        let delayed = Delayed { timer, due: at };
        let request = self
            .client
            .send_message()
            .queue_url(&self.timers_url)
            .delay_seconds(delayed.delay_seconds(now))
            .message_body(write(&delayed));
        Box::pin(send(Timer::QUEUE, request))
    }
}

async fn send(queue: &'static str, request: SendMessageFluentBuilder) -> Result<(), ScheduleError> {
    let sent = request.send().await;
    let sent = sent.map_err(|error| ScheduleError::Unavailable {
        queue,
        source: Box::new(error),
    });
    sent.map(drop)
}
