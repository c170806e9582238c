//! What SQS is asked.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use domain::Timestamp;
use ids::QueueName;
use serde_json::{Value, json};

use crate::{Message, Received, Schedule, ScheduleError, Sqs, Tick, Timer};

const TICKS: &str = "http://sqs.test/1/ticks.fifo";
const TIMERS: &str = "http://sqs.test/1/timers";

/// A service that writes down what it is asked, and gives one answer to everything.
#[derive(Clone)]
struct Service {
    answer: (u16, &'static str),
    requests: Arc<Mutex<Vec<Value>>>,
}

impl Service {
    /// A service that takes every message.
    fn good() -> Self {
        Self::saying(
            200,
            r#"{"MessageId":"8d8f", "MD5OfMessageBody":"", "SequenceNumber":"1"}"#,
        )
    }

    fn saying(status: u16, body: &'static str) -> Self {
        Self {
            answer: (status, body),
            requests: Arc::default(),
        }
    }

    fn queues(&self) -> Sqs {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("test"))
            .endpoint_url("http://sqs.test")
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .http_client(self.clone())
            .build();
        Sqs::from_client(Client::from_conf(config), TICKS.into(), TIMERS.into())
    }

    /// What it was asked.
    fn asked(&self) -> Vec<Value> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.clone()
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

impl HttpConnector for Service {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target");
        assert_eq!(target, Some("AmazonSQS.SendMessage"));
        let body = request.body().bytes().expect("a body in memory");
        let body = serde_json::from_slice(body).expect("JSON");
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(body);
        let (status, answer) = self.answer;
        let status = StatusCode::try_from(status).expect("a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(answer))))
    }
}

impl HttpClient for Service {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn queue() -> QueueName {
    QueueName::parse("1v1").expect("a queue")
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_000)
}

#[tokio::test]
async fn a_tick_is_a_message_of_its_queues_group_that_is_taken_once() {
    let service = Service::good();
    let tick = Tick::at(queue(), now());
    service.queues().tick(tick).await.expect("it is taken");
    let expected = json!({
        "QueueUrl": TICKS,
        "MessageBody": r#"{"queue":"1v1","bucket":4}"#,
        "MessageGroupId": "1v1",
        "MessageDeduplicationId": "1v1-4",
    });
    assert_eq!(service.asked(), [expected]);
}

#[tokio::test]
async fn a_timer_is_a_message_with_a_delay() {
    let service = Service::good();
    let timer = Timer::Tick { queue: queue() };
    let at = now() + Duration::from_millis(4_001);
    let sent = service.queues().timer(timer, at, now()).await;
    sent.expect("it is taken");
    let expected = json!({
        "QueueUrl": TIMERS,
        "MessageBody": r#"{"timer":"tick","queue":"1v1","due":5001}"#,
        "DelaySeconds": 5,
    });
    assert_eq!(service.asked(), [expected]);
}

#[tokio::test]
async fn a_timer_for_next_hour_comes_early_until_it_is_due() {
    let service = Service::good();
    let queues = service.queues();
    let timer = Timer::Tick { queue: queue() };
    let due = now() + Duration::from_mins(40);
    let sent = queues.timer(timer.clone(), due, now()).await;
    sent.expect("it is taken");
    let mut clock = now();
    for delay in [900, 900, 600] {
        let message = service.asked().pop().expect("a message");
        assert_eq!(message["DelaySeconds"], delay);
        clock = clock + Duration::from_secs(delay);
        let body = message["MessageBody"].as_str().expect("a body");
        match Timer::receive(body, clock).expect("a timer") {
            Received::Early(delayed) => {
                let sent = delayed.send_again(&queues, clock).await;
                sent.expect("it is taken");
            }
            Received::Due(came) => assert_eq!((came, clock), (timer.clone(), due)),
        }
    }
    assert_eq!(service.asked().len(), 3);
}

#[tokio::test]
async fn a_message_that_is_not_taken_is_an_error_with_its_cause() {
    let refusal = r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no such queue"}"#;
    let service = Service::saying(400, refusal);
    let sent = service.queues().tick(Tick::at(queue(), now())).await;
    let error = sent.expect_err("there is no queue");
    assert!(matches!(error, ScheduleError::Unavailable { .. }));
    assert_eq!(
        error.to_string(),
        "the queue of ticks did not take a message"
    );
    let said = DisplayErrorContext(&error).to_string();
    assert!(said.contains("no such queue"), "{said}");
}
