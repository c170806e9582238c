//! Every right is needed: without it, what it is for is refused, and the function's log names it.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::slice;

use client::protocol::ErrorCode;
use e2e::World;
use futures::FutureExt as _;
use serde_json::{Value, json};

use crate::aws::{Emulator, Moment};
use crate::flows::{FAREWELL, Flow, Seen};

/// What the emulator does in the functions' place: their logs and traces.
const NOT_ASKED: [&str; 2] = ["Log", "Trace"];

/// One action in one statement of a function's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Right {
    pub(crate) function: &'static str,
    pub(crate) statement: &'static str,
    pub(crate) action: &'static str,
}

const GET: &str = "dynamodb:GetItem";
const PUT: &str = "dynamodb:PutItem";
const DELETE: &str = "dynamodb:DeleteItem";
const CHECK: &str = "dynamodb:ConditionCheckItem";
const QUERY: &str = "dynamodb:Query";
const POST: &str = "execute-api:ManageConnections";
const READ_SECRET: &str = "ssm:GetParameter";

/// Each function's rights (function, statement, action), and what cannot be done without.
const RIGHTS: [(&str, &str, &str, Flow); 35] = [
    ("connection", "Connections", GET, Flow::Hello),
    ("connection", "Connections", PUT, Flow::Connect),
    ("connection", "Connections", DELETE, Flow::Farewell),
    ("connection", "Lobbies", GET, Flow::Farewell),
    ("connection", "Lobbies", PUT, Flow::Farewell),
    ("connection", "Lobbies", DELETE, Flow::FarewellOfTheLast),
    ("connection", "Players", GET, Flow::Farewell),
    ("connection", "Players", PUT, Flow::Connect),
    ("connection", "Players", DELETE, Flow::Farewell),
    ("connection", "Players", CHECK, Flow::Farewell),
    ("connection", "Push", POST, Flow::Farewell),
    ("connection", "Seal", READ_SECRET, Flow::FreshStart),
    ("lobby", "Connections", GET, Flow::Start),
    ("lobby", "Connections", DELETE, Flow::UpdateBesideTheDead),
    ("lobby", "Connections", CHECK, Flow::Start),
    ("lobby", "Lobbies", GET, Flow::Join),
    ("lobby", "Lobbies", PUT, Flow::Start),
    ("lobby", "Lobbies", DELETE, Flow::Close),
    ("lobby", "LobbiesIndexListing", QUERY, Flow::List),
    ("lobby", "Players", GET, Flow::Join),
    ("lobby", "Players", PUT, Flow::Start),
    ("lobby", "Players", DELETE, Flow::Leave),
    ("lobby", "Players", CHECK, Flow::UpdateBesideTheDead),
    ("lobby", "Push", POST, Flow::Knock),
    ("lobby", "Seal", READ_SECRET, Flow::FreshStart),
    ("signalling", "Connections", GET, Flow::RelayToTheDead),
    (
        "signalling",
        "Connections",
        DELETE,
        Flow::RelayToTheDeadOutside,
    ),
    ("signalling", "Lobbies", GET, Flow::RelayToTheDead),
    ("signalling", "Lobbies", PUT, Flow::RelayToTheDead),
    ("signalling", "Lobbies", DELETE, Flow::RelayToTheDeadLast),
    ("signalling", "Players", GET, Flow::RelayToTheDead),
    ("signalling", "Players", DELETE, Flow::RelayToTheDead),
    ("signalling", "Players", CHECK, Flow::RelayToTheDeadOutside),
    ("signalling", "Push", POST, Flow::Relay),
    ("signalling", "Seal", READ_SECRET, Flow::FreshStart),
];

fn rights() -> impl Iterator<Item = (Right, Flow)> {
    RIGHTS
        .into_iter()
        .map(|(function, statement, action, flow)| {
            let right = Right {
                function,
                statement,
                action,
            };
            (right, flow)
        })
}

/// A right that can be taken away, and is given back.
pub(crate) struct Taken<'a> {
    pub(crate) right: Right,
    emulator: &'a Emulator,
    policy: Value,
    /// From when on the function's log is looked at.
    since: Moment,
}

impl<'a> Taken<'a> {
    pub(crate) async fn prepare(emulator: &'a Emulator, right: Right) -> Self {
        let policy = emulator.policy(right.function).await;
        Self {
            right,
            emulator,
            policy,
            since: Moment::now(),
        }
    }

    /// Takes it away.
    pub(crate) async fn take(&self) {
        let mut policy = self.policy.clone();
        let statements = policy["Statement"].as_array_mut().expect("statements");
        for statement in statements.iter_mut() {
            if statement["Sid"] == self.right.statement {
                let kept = actions(statement)
                    .into_iter()
                    .filter(|action| action != self.right.action);
                statement["Action"] = kept.collect();
            }
        }
        statements.retain(|statement| !actions(statement).is_empty());
        let function = self.right.function;
        self.emulator.set_policy(function, &policy).await;
    }

    pub(crate) async fn give_back(&self) {
        let function = self.right.function;
        self.emulator.set_policy(function, &self.policy).await;
    }

    /// Waits until the function has logged that it lacks the right.
    pub(crate) async fn is_missed(&self) {
        let says = format!("is not authorized to perform: {}", self.right.action);
        let function = self.right.function;
        let line = self.emulator.logs(function, self.since, &says).await;
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
async fn without_any_one_of_its_rights_a_function_refuses_what_the_right_is_for() {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let farewell = Taken::prepare(&emulator, FAREWELL).await;
    let mut useless = Vec::new();
    for (right, flow) in rights() {
        let taken = Taken::prepare(&emulator, right).await;
        let played = AssertUnwindSafe(async {
            let seen = flow.play(&emulator, &taken).await;
            taken.is_missed().await;
            seen
        });
        let played = played.catch_unwind().await;
        farewell.give_back().await;
        taken.give_back().await;
        let is_refused = match played {
            Ok(Seen::Refused(code)) => code == ErrorCode::Unavailable,
            Ok(Seen::NoAnswer) => true,
            Ok(Seen::Nothing) => !flow.is_answered(),
            Err(_) => false,
        };
        if !is_refused {
            useless.push(right);
        }
    }
    assert!(
        useless.is_empty(),
        "nothing is refused without {useless:#?}"
    );

    let world = World::start().await;
    world.party(["host", "guest"]).await;
    world.ends().await;
}

#[tokio::test]
async fn the_rights_that_a_flow_is_known_for_are_those_of_the_policies() {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let known: BTreeSet<_> = rights()
        .map(|(right, _)| json!([right.function, right.statement, right.action]).to_string())
        .collect();
    let mut given = BTreeSet::new();
    for function in ["connection", "lobby", "signalling"] {
        let policy = emulator.policy(function).await;
        for statement in policy["Statement"].as_array().expect("statements") {
            if NOT_ASKED.iter().any(|sid| statement["Sid"] == *sid) {
                continue;
            }
            for action in actions(statement) {
                given.insert(json!([function, statement["Sid"], action]).to_string());
            }
        }
    }
    assert_eq!(given, known);
}
