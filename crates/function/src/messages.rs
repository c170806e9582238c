//! The two ways into a handler that a queue drives: Lambda's loop, and a call from the local server.

use std::collections::BTreeMap;

use futures::future::join_all;
use lambda_runtime::{LambdaEvent, service_fn};
use schedule::{Message, Received};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tracing::{error, info};

use crate::in_full::InFull;
use crate::serve::{elapsed_ms, start};
use crate::{Context, Failure, now};

/// Runs a function that a queue of SQS drives: settings and connections once, then a batch of messages after the other, for
/// ever. Messages of one group are handled one after the other, all others at the same time.
///
/// What fails is handed back alone, and comes again; the queue's event source has to report batch item failures. What
/// comes after it in its group is handed back with it, so that nothing overtakes.
///
/// # Errors
/// Where the settings are wrong, or Lambda's runtime API is not there.
pub async fn serve_messages<M: Message>(
    handle: impl AsyncFn(&Context, M) -> Result<(), Failure>,
) -> Result<(), lambda_runtime::Error> {
    let context = start().await?;
    let (context, handle) = (&context, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Batch>| {
        let handle = async |body: String, attempt| match M::receive(&body, now()) {
            Ok(Received::Due(message)) => {
                invoke_message(message, attempt, |message| handle(context, message)).await
            }
            Ok(Received::Early(delayed)) => {
                let sent = delayed.send_again(&*context.schedule, now()).await;
                report::<M>(
                    "early",
                    attempt,
                    sent.map_err(Failure::from),
                    Instant::now(),
                )
            }
            Err(unreadable) => {
                let failure = Failure::Broken(InFull(&unreadable).to_string());
                report::<M>("unreadable", attempt, Err(failure), Instant::now())
            }
        };
        Ok::<_, lambda_runtime::Error>(Box::pin(take(event.payload, handle)).await)
    }))
    .await
}

/// Handles one message of a queue, and writes the one log line that every message gets. Never anything of a message but its
/// kind.
///
/// # Errors
/// Whatever the handler says: the message has to come again.
pub async fn invoke_message<M: Message, F: Future<Output = Result<(), Failure>>>(
    message: M,
    attempt: u32,
    handle: impl FnOnce(M) -> F,
) -> Result<(), Failure> {
    let started = Instant::now();
    let kind = message.kind();
    let handled = handle(message).await;
    report::<M>(kind, attempt, handled, started)
}

fn report<M: Message>(
    action: &str,
    attempt: u32,
    handled: Result<(), Failure>,
    started: Instant,
) -> Result<(), Failure> {
    let (route, duration_ms) = (M::QUEUE, elapsed_ms(started));
    match &handled {
        Ok(()) => {
            info!(
                route,
                action,
                outcome = "done",
                attempt,
                duration_ms,
                "handled"
            );
        }
        Err(failure) => {
            let (outcome, error) = (failure.code().as_str(), InFull(failure));
            error!(route, action, outcome, attempt, duration_ms, %error, "failed");
        }
    }
    handled
}

/// What SQS hands to a function: as much of it as is looked at.
#[derive(Debug, Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    body: String,
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    message_group_id: Option<String>,
    approximate_receive_count: Option<String>,
}

/// Which messages have to come again; SQS forgets all others.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    batch_item_failures: Vec<Failed>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    item_identifier: String,
}

impl Record {
    /// The how many-th try this is.
    fn attempt(&self) -> u32 {
        let count = self.attributes.approximate_receive_count.as_deref();
        count.and_then(|count| count.parse().ok()).unwrap_or(1)
    }
}

async fn take(batch: Batch, handle: impl AsyncFn(String, u32) -> Result<(), Failure>) -> Taken {
    let mut groups: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for record in batch.records {
        // Who is in no group waits for nobody.
        let group = record.attributes.message_group_id.as_ref();
        let group = group.unwrap_or(&record.message_id).clone();
        groups.entry(group).or_default().push(record);
    }
    let groups = groups.into_values().map(|group| in_order(group, &handle));
    let failed = join_all(groups).await.into_iter().flatten();
    Taken {
        batch_item_failures: failed
            .map(|item_identifier| Failed { item_identifier })
            .collect(),
    }
}

/// The messages of a group that have to come again: the first that failed, and all after it.
async fn in_order(
    group: Vec<Record>,
    handle: &impl AsyncFn(String, u32) -> Result<(), Failure>,
) -> Vec<String> {
    let mut records = group.into_iter();
    while let Some(record) = records.next() {
        let attempt = record.attempt();
        if handle(record.body, attempt).await.is_err() {
            let rest = records.map(|record| record.message_id);
            return std::iter::once(record.message_id).chain(rest).collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use serde_json::{Value, json};
    use tokio::sync::Barrier;

    use super::*;

    fn batch(records: &[Value]) -> Batch {
        serde_json::from_value(json!({ "Records": records })).expect("a batch")
    }

    /// A message as SQS hands it out, and its name is its body.
    fn record(name: &str, group: Option<&str>) -> Value {
        let mut attributes =
            json!({"ApproximateReceiveCount": "2", "SentTimestamp": "1545082649183"});
        if let Some(group) = group {
            attributes["MessageGroupId"] = group.into();
        }
        json!({
            "messageId": name,
            "receiptHandle": "MessageReceiptHandle",
            "body": name,
            "attributes": attributes,
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:timers",
        })
    }

    /// Handles a batch by a handler to whom these messages are too much; what it got, and what has to come again.
    async fn handled(records: &[Value], too_much: &[&str]) -> (Vec<String>, Value) {
        let got = RefCell::new(Vec::new());
        let taken = take(batch(records), async |body: String, _| {
            got.borrow_mut().push(body.clone());
            if too_much.contains(&body.as_str()) {
                return Err(Failure::Broken(body));
            }
            Ok(())
        });
        let taken = serde_json::to_value(taken.await).expect("JSON");
        (got.into_inner(), taken)
    }

    #[tokio::test]
    async fn only_what_failed_comes_again() {
        let records = ["a", "b", "c"].map(|name| record(name, None));
        let (got, taken) = handled(&records, &["b"]).await;
        assert_eq!(got, ["a", "b", "c"]);
        let again = json!({"batchItemFailures": [{"itemIdentifier": "b"}]});
        assert_eq!(taken, again);
    }

    #[tokio::test]
    async fn where_nothing_failed_nothing_comes_again() {
        let (_, taken) = handled(&[record("a", None)], &[]).await;
        assert_eq!(taken, json!({"batchItemFailures": []}));
    }

    #[tokio::test]
    async fn nothing_overtakes_a_failed_message_of_its_group() {
        let records = ["a1", "b1", "a2", "b2", "a3"].map(|name| record(name, Some(&name[..1])));
        let (got, taken) = handled(&records, &["a2"]).await;
        assert_eq!(got, ["a1", "a2", "b1", "b2"]);
        let again = json!([{"itemIdentifier": "a2"}, {"itemIdentifier": "a3"}]);
        assert_eq!(taken["batchItemFailures"], again);
    }

    #[tokio::test]
    async fn groups_are_handled_at_the_same_time() {
        let both = Barrier::new(2);
        let records = ["a", "b"].map(|name| record(name, Some(name)));
        let taken = take(batch(&records), async |_, _| {
            both.wait().await;
            Ok(())
        });
        assert_eq!(taken.await, Taken::default());
    }

    #[tokio::test]
    async fn a_handler_hears_which_try_it_is() {
        let tries = RefCell::new(Vec::new());
        let first = json!({"messageId": "b", "body": "b"});
        let _ = take(batch(&[record("a", None), first]), async |_, attempt| {
            tries.borrow_mut().push(attempt);
            Ok(())
        })
        .await;
        assert_eq!(tries.into_inner(), [2, 1]);
    }
}
