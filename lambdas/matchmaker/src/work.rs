//! A plan, done part by part.

use domain::Timestamp;
use domain::matchmaking::{Match, Plan, Queue};
use function::{Context, Failure, fresh_match_id};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream;

use crate::{ended, make, propose, returned};

/// How many parts of a plan are done at the same time. Each is a write and the posts that follow it.
const AT_ONCE: usize = 16;

/// What every part of a plan is done with.
#[derive(Clone, Copy)]
pub(crate) struct Shift<'a> {
    pub(crate) context: &'a Context,
    pub(crate) queue: &'a Queue,
    pub(crate) now: Timestamp,
}

/// What became of a part.
pub(crate) enum Outcome {
    /// A match was made.
    Matched(Box<Match>),
    /// What was wanted.
    Done,
    /// Somebody came in between: the tickets are not as they were read any more, or wait again. Another look is needed.
    LookAgain,
}

/// What became of a plan.
#[derive(Default)]
pub(crate) struct AllDone {
    /// The matches that were made.
    pub(crate) matched: Vec<Match>,
    /// Whether another look is needed at once.
    pub(crate) look_again: bool,
    /// The first failure.
    pub(crate) failure: Option<Failure>,
}

type Part<'a> = BoxFuture<'a, Result<Outcome, Failure>>;

impl<'a> Shift<'a> {
    /// Does all of a plan, several parts side by side. They have no ticket in common.
    pub(crate) async fn carry_out(self, plan: Plan) -> AllDone {
        let mut all = AllDone::default();
        let parts = self.parts(plan);
        let mut outcomes = stream::iter(parts).buffer_unordered(AT_ONCE);
        while let Some(outcome) = outcomes.next().await {
            match outcome {
                Ok(Outcome::Matched(matched)) => all.matched.push(*matched),
                Ok(Outcome::Done) => {}
                Ok(Outcome::LookAgain) => all.look_again = true,
                Err(failure) => all.failure = all.failure.or(Some(failure)),
            }
        }
        all
    }

    /// The parts of a plan. Those come first whose players wait for an answer.
    fn parts(self, plan: Plan) -> Vec<Part<'a>> {
        let Plan {
            found,
            agreed,
            returned,
            ended,
            next: _,
        } = plan;
        let mut parts: Vec<Part<'a>> = Vec::new();
        for one in ended {
            parts.push(Box::pin(ended::end(self, one)));
        }
        for one in returned {
            parts.push(Box::pin(returned::put_back(self, one)));
        }
        for (match_id, one) in agreed {
            parts.push(Box::pin(make::make(self, match_id, one)));
        }
        for one in found {
            let match_id = fresh_match_id();
            match self.queue.deadline(self.now) {
                Some(deadline) => {
                    parts.push(Box::pin(propose::propose(self, match_id, one, deadline)));
                }
                None => parts.push(Box::pin(make::make(self, match_id, one))),
            }
        }
        parts
    }
}
