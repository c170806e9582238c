//! Every right is needed: without it, what it is for is not done, and the function's log names it.

mod battle;
mod connection;
mod lobby;
mod matchmaker;
mod matchmaking;
mod signalling;
mod timer;

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::slice;

use client::protocol::ErrorCode;
use e2e::World;
use futures::FutureExt as _;
use futures::future::{BoxFuture, join_all};
use futures::stream::{self, StreamExt as _};
use serde_json::{Value, json};

use crate::aws::{Emulator, Moment};
use crate::queues::{Patience, Queue};
use crate::stage::{Seen, Stage};

/// What the emulator does in the functions' place: their logs and traces.
const NOT_ASKED: [&str; 2] = ["Log", "Trace"];

/// How many stages are set at the same time: the emulator does one thing after the other.
const SET_AT_ONCE: usize = 8;

const GET: &str = "dynamodb:GetItem";
const PUT: &str = "dynamodb:PutItem";
const DELETE: &str = "dynamodb:DeleteItem";
const CHECK: &str = "dynamodb:ConditionCheckItem";
const QUERY: &str = "dynamodb:Query";
const POST: &str = "execute-api:ManageConnections";
const READ_SECRET: &str = "ssm:GetParameter";
const SEND: &str = "sqs:SendMessage";

/// What a queue's function needs of its queue.
const TAKE_OUT: [&str; 3] = [
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

/// Sets a stage.
type Set = for<'a> fn(&'a Emulator) -> BoxFuture<'a, Stage>;

/// One action in one statement of a function's policy, and what cannot be done without it.
#[derive(Clone, Copy)]
struct Need {
    statement: &'static str,
    action: &'static str,
    set: Set,
    lack: Lack,
}

/// How it shows that a right is missing, besides in the log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lack {
    /// Whoever asks is refused.
    Heard,
    /// There is nobody to tell, or the function goes on without.
    Unheard,
}

/// All rights of a function.
struct Function {
    name: &'static str,
    needs: &'static [Need],
    /// What drives it. A queue's function is needed by nobody else's stage, and its own are set one after the other.
    queue: Option<Queue>,
}

const FUNCTIONS: [Function; 7] = [
    Function::of_routes("battle", battle::NEEDS),
    Function::of_routes("connection", connection::NEEDS),
    Function::of_routes("lobby", lobby::NEEDS),
    Function::of_queue(Queue::Ticks, matchmaker::NEEDS),
    Function::of_routes("matchmaking", matchmaking::NEEDS),
    Function::of_routes("signalling", signalling::NEEDS),
    Function::of_queue(Queue::Timers, timer::NEEDS),
];

impl Need {
    const fn heard(statement: &'static str, action: &'static str, set: Set) -> Self {
        Self {
            statement,
            action,
            set,
            lack: Lack::Heard,
        }
    }

    const fn unheard(statement: &'static str, action: &'static str, set: Set) -> Self {
        Self {
            statement,
            action,
            set,
            lack: Lack::Unheard,
        }
    }

    /// Whether what was seen is what the lack of it is to look like.
    fn is_missed(&self, seen: Seen) -> bool {
        let is_fault = match seen {
            Seen::Refused(code) => code == ErrorCode::Unavailable,
            Seen::NoAnswer => true,
            Seen::Nothing => false,
        };
        is_fault == (self.lack == Lack::Heard)
    }
}

impl Function {
    const fn of_routes(name: &'static str, needs: &'static [Need]) -> Self {
        Self {
            name,
            needs,
            queue: None,
        }
    }

    const fn of_queue(queue: Queue, needs: &'static [Need]) -> Self {
        Self {
            name: queue.consumer(),
            needs,
            queue: Some(queue),
        }
    }

    /// Sets the stages on which players live. They live by the other functions, which have all their rights until then.
    async fn set(&self, emulator: &Emulator) -> Vec<Option<Stage>> {
        let needs = self.needs.iter().map(async |need| {
            let lives = self.queue.is_none();
            if lives {
                Some((need.set)(emulator).await)
            } else {
                None
            }
        });
        stream::iter(needs).buffered(SET_AT_ONCE).collect().await
    }

    /// Takes each right in turn; those that nobody misses, and all stages.
    async fn try_without(
        &self,
        emulator: &Emulator,
        stages: Vec<Option<Stage>>,
    ) -> (Vec<String>, Vec<Stage>) {
        let (mut useless, mut used) = (Vec::new(), Vec::new());
        for (need, stage) in self.needs.iter().zip(stages) {
            let stage = match stage {
                Some(stage) => stage,
                None => (need.set)(emulator).await,
            };
            let taken = Taken::prepare(emulator, self.name, need).await;
            let played = AssertUnwindSafe(async {
                let seen = stage.play(&taken).await;
                taken.is_missed().await;
                seen
            });
            let played = played.catch_unwind().await;
            taken.give_back().await;
            if !played.is_ok_and(|seen| need.is_missed(seen)) {
                useless.push(format!("{}: {} {}", self.name, need.statement, need.action));
            }
            used.push(stage);
        }
        (useless, used)
    }
}

/// A right that can be taken away, and is given back.
pub(crate) struct Taken<'a> {
    pub(crate) emulator: &'a Emulator,
    function: &'static str,
    need: &'a Need,
    policy: Value,
    /// From when on the function's log is looked at.
    since: Moment,
}

impl<'a> Taken<'a> {
    async fn prepare(emulator: &'a Emulator, function: &'static str, need: &'a Need) -> Self {
        Self {
            emulator,
            function,
            need,
            policy: emulator.policy(function).await,
            since: Moment::now(),
        }
    }

    /// Whether a function misses it once, as it starts.
    pub(crate) fn is_for_starting(&self) -> bool {
        self.need.action == READ_SECRET
    }

    /// Takes it away.
    pub(crate) async fn take(&self) {
        let mut policy = self.policy.clone();
        let statements = policy["Statement"].as_array_mut().expect("statements");
        for statement in statements.iter_mut() {
            if statement["Sid"] == self.need.statement {
                let kept = actions(statement)
                    .into_iter()
                    .filter(|action| action != self.need.action);
                statement["Action"] = kept.collect();
            }
        }
        statements.retain(|statement| !actions(statement).is_empty());
        self.emulator.set_policy(self.function, &policy).await;
        if self.is_for_starting() {
            self.emulator.stop(self.function).await;
        }
    }

    async fn give_back(&self) {
        self.emulator.set_policy(self.function, &self.policy).await;
    }

    /// Waits until it has been said that the function lacks the right: by the function, or for it where it is not called.
    async fn is_missed(&self) {
        let says = format!("is not authorized to perform: {}", self.need.action);
        if TAKE_OUT.contains(&self.need.action) {
            self.emulator.mapping_says(self.function, &says).await;
            return;
        }
        let line = self.emulator.logs(self.function, self.since, &says).await;
        assert!(line.contains("terraform/iam.tf"), "what to do: {line}");
    }
}

/// One action alone is a text, not a list.
fn actions(statement: &Value) -> Vec<String> {
    let actions = &statement["Action"];
    let actions = actions
        .as_array()
        .map_or(slice::from_ref(actions), Vec::as_slice);
    let actions = actions
        .iter()
        .map(|action| action.as_str().expect("an action"));
    actions.map(str::to_owned).collect()
}

#[tokio::test]
async fn without_any_one_of_its_rights_a_function_does_not_do_what_the_right_is_for() {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    // What a queue's function could not do comes again soon, with the right there again.
    let patience = emulator.hurry(&Patience::of_seconds(3)).await;
    let stages = join_all(FUNCTIONS.iter().map(|one| one.set(&emulator))).await;
    // Each function has a role of its own: what one lacks is nothing to another.
    let tries = FUNCTIONS.iter().zip(stages);
    let tries = join_all(tries.map(|(one, stages)| one.try_without(&emulator, stages))).await;
    for queue in Queue::ALL {
        emulator.is_empty(queue).await;
    }
    emulator.calm_down(patience).await;
    let (useless, used): (Vec<_>, Vec<_>) = tries.into_iter().unzip();
    let useless = useless.concat();
    assert!(useless.is_empty(), "nothing is missed without {useless:#?}");
    join_all(used.into_iter().flatten().map(Stage::ends)).await;

    let world = World::start().await;
    let players = world.party(["host", "guest"]).await.players;
    join_all(players.iter().map(e2e::Player::hears_nothing_more)).await;
    world.ends().await;
}

#[tokio::test]
async fn the_rights_that_are_known_to_be_needed_are_those_of_the_policies() {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let (mut known, mut given) = (BTreeSet::new(), BTreeSet::new());
    for function in &FUNCTIONS {
        for need in function.needs {
            known.insert(json!([function.name, need.statement, need.action]).to_string());
        }
        let policy = emulator.policy(function.name).await;
        for statement in policy["Statement"].as_array().expect("statements") {
            if NOT_ASKED.iter().any(|sid| statement["Sid"] == *sid) {
                continue;
            }
            for action in actions(statement) {
                given.insert(json!([function.name, statement["Sid"], action]).to_string());
            }
        }
    }
    assert_eq!(given, known);
}
