//! The queues of ticks and timers as their owner sees them.

use client::ids::{ConnectionId, QueueName};
use domain::Timestamp;
use domain::lobby::Lobby;
use e2e::DEADLINE;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::aws::{Emulator, LOOK_AGAIN_AFTER, PREFIX};
use crate::ghosts::fresh;

/// A queue of messages that drives a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    /// Which has queues of players worked.
    Ticks,
    /// Which has things happen when their time has come.
    Timers,
}

/// How long a message is out of sight that a function is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patience(String);

impl Patience {
    /// So many seconds.
    pub(crate) fn of_seconds(seconds: u32) -> Self {
        Self(seconds.to_string())
    }
}

impl Queue {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Ticks, Self::Timers];

    /// The function that it drives.
    pub(crate) const fn consumer(self) -> &'static str {
        match self {
            Self::Ticks => "matchmaker",
            Self::Timers => "timer",
        }
    }

    fn url(self) -> String {
        let name = match self {
            Self::Ticks => "ticks.fifo",
            Self::Timers => "timers",
        };
        url(name)
    }

    fn dead_letters(self) -> String {
        let name = match self {
            Self::Ticks => "ticks-dead-letter.fifo",
            Self::Timers => "timers-dead-letter",
        };
        url(name)
    }
}

/// The emulator looks at its end alone.
fn url(name: &str) -> String {
    format!("http://localhost/000000000000/{PREFIX}{name}")
}

/// Has a queue of players worked at once.
pub(crate) fn tick(of: &QueueName) -> Value {
    json!({ "queue": of.as_str(), "bucket": 0 })
}

/// Has a queue of players worked once this moment has come, and by nobody else until then.
pub(crate) fn tick_at(of: &QueueName, moment: Timestamp) -> Value {
    json!({ "queue": of.as_str(), "bucket": moment.as_millis() / 250 })
}

/// A timer for the end of a connection.
pub(crate) fn clean_up(connection_id: &ConnectionId) -> Value {
    json!({ "timer": "clean_up", "connection_id": connection_id.as_str() })
}

/// A timer for whether those who are in a lobby are still connected.
pub(crate) fn check_up(of: &Lobby) -> Value {
    json!({ "timer": "check_up", "lobby_id": of.lobby_id.as_str(), "era": of.era.as_str() })
}

/// A timer that is due.
pub(crate) fn due(mut timer: Value) -> Value {
    timer["due"] = 0.into();
    timer
}

impl Emulator {
    /// Puts a message into a queue.
    pub(crate) async fn send(&self, queue: Queue, body: &Value) {
        let mut message = json!({ "QueueUrl": queue.url(), "MessageBody": body.to_string() });
        if queue == Queue::Ticks {
            message["MessageGroupId"] = body["queue"].clone();
            message["MessageDeduplicationId"] = fresh("tick").into();
        }
        self.sqs("SendMessage", &message).await;
    }

    /// Has messages that a function failed to handle come again after this time; after which they came before.
    pub(crate) async fn hurry(&self, patience: &Patience) -> Patience {
        let mut before = None;
        for queue in Queue::ALL {
            let attributes = self.attributes(&queue.url(), "VisibilityTimeout").await;
            let seconds = attributes["VisibilityTimeout"].as_str();
            before = seconds.map(str::to_owned);
            self.set_patience(queue, patience).await;
        }
        Patience(before.expect("a number of seconds"))
    }

    /// Has messages come again when they came before.
    pub(crate) async fn calm_down(&self, patience: Patience) {
        for queue in Queue::ALL {
            self.set_patience(queue, &patience).await;
        }
    }

    async fn set_patience(&self, queue: Queue, patience: &Patience) {
        let attributes = json!({ "VisibilityTimeout": patience.0 });
        let message = json!({ "QueueUrl": queue.url(), "Attributes": attributes });
        self.sqs("SetQueueAttributes", &message).await;
    }

    /// Waits until nothing is left in a queue but what is to come later.
    pub(crate) async fn is_empty(&self, queue: Queue) {
        const COUNTS: [&str; 2] = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        ];
        let deadline = Instant::now() + 2 * DEADLINE;
        loop {
            let attributes = self.attributes(&queue.url(), "All").await;
            if COUNTS.iter().all(|count| attributes[count] == "0") {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{queue:?} are not handled: {attributes}"
            );
            // Sleeps because a queue has to be asked.
            sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    /// Waits until this message has been put aside, and takes it out again with all before it.
    pub(crate) async fn puts_aside(&self, queue: Queue, body: &Value) {
        let deadline = Instant::now() + 3 * DEADLINE;
        let wanted = json!({ "QueueUrl": queue.dead_letters(), "WaitTimeSeconds": 1 });
        let text = body.to_string();
        let mut found = false;
        while !found {
            assert!(Instant::now() < deadline, "{body} is not put aside");
            let received = self.sqs("ReceiveMessage", &wanted).await;
            let message = &received["Messages"][0];
            found = message["Body"].as_str() == Some(&text);
            if let Some(handle) = message["ReceiptHandle"].as_str() {
                let done = json!({ "QueueUrl": queue.dead_letters(), "ReceiptHandle": handle });
                self.sqs("DeleteMessage", &done).await;
            }
        }
    }

    /// Waits until the mapping that drives a function says this of its last try.
    pub(crate) async fn mapping_says(&self, function: &str, text: &str) {
        let deadline = Instant::now() + DEADLINE;
        let target =
            format!("GET /2015-03-31/event-source-mappings/?FunctionName={PREFIX}{function}");
        loop {
            let answer = self.ask("lambda", &target, "Accept: */*", "").await;
            if answer.contains(text) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "the mapping of {function} was to say `{text}`: {answer}"
            );
            // Sleeps because a mapping has to be asked.
            sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    async fn attributes(&self, url: &str, name: &str) -> Value {
        let question = json!({ "QueueUrl": url, "AttributeNames": [name] });
        let mut answer = self.sqs("GetQueueAttributes", &question).await;
        answer["Attributes"].take()
    }

    async fn sqs(&self, operation: &str, question: &Value) -> Value {
        let headers = format!(
            "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.{operation}"
        );
        let question = question.to_string();
        let answer = self.ask("sqs", "POST /", &headers, &question).await;
        if answer.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&answer).expect("an answer is JSON")
    }
}
