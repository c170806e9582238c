//! The network to the tables, and how busy they are.

use std::sync::Arc;

use futures::future::BoxFuture;
use store::{Fate, Layer, Outcome};
use tokio::time::sleep;

use crate::invocation::Invocation;
use crate::plan::Fault;
use crate::shared::Shared;

pub(crate) struct Network(pub(crate) Arc<Shared>);

impl Network {
    fn fate(&self, operation: &str) -> Fate {
        let Shared { chance, plan, .. } = &*self.0;
        // One in six of all faults is of each kind.
        let odds = plan.climate.tables / 3;
        let is = |fault| plan.strikes(chance, fault, odds);
        let is_read = matches!(operation, "GetItem" | "Query");
        let is_transaction = operation == "TransactWriteItems";
        if is(Fault::TableThrottled) {
            Fate::Throttled
        } else if is(Fault::TableFailed) {
            Fate::Failed
        } else if is(Fault::RequestLost) {
            Fate::Lost
        } else if is(Fault::AnswerLost) {
            Fate::AnswerLost
        } else if !is_read && is(Fault::TransactionConflict) {
            Fate::Conflict
        } else if is_transaction && is(Fault::TransactionThrottled) {
            Fate::CancelledAsThrottled
        } else {
            Fate::Answered
        }
    }
}

impl Layer for Network {
    fn arrives(&self, operation: &str) -> BoxFuture<'static, Fate> {
        let invocation = Invocation::current();
        let Shared { chance, plan, .. } = &*self.0;
        let way = if plan.strikes(chance, Fault::TableSlow, plan.climate.tables) {
            chance.between(100, 1_500)
        } else {
            chance.between(1, 12)
        };
        let fate = self.fate(operation);
        Box::pin(async move {
            Invocation::before(invocation.as_ref()).await;
            sleep(way).await;
            fate
        })
    }

    fn applied(&self, operation: &str) {
        if !matches!(operation, "GetItem" | "Query") {
            let now = function::now();
            let contents = self.0.inspector.get().map(store::Inspector::contents);
            self.0.history().see(contents, now);
        }
    }

    fn answered(&self, outcome: Outcome) -> BoxFuture<'static, ()> {
        let invocation = Invocation::current();
        match outcome {
            Outcome::ConditionFailed => self.0.plan.count(Fault::ConditionFailed),
            Outcome::Invalid => {
                let mut history = self.0.history();
                history.broken("requests_make_sense", "a table was asked for nonsense");
            }
            Outcome::Done | Outcome::Fault => {}
        }
        let way = self.0.chance.between(1, 6);
        Box::pin(async move {
            sleep(way).await;
            Invocation::after(invocation.as_ref()).await;
        })
    }
}
