//! Ten thousand generated messages: never a panic, never an internal error, and each is answered.

use client::Refused;
use client::protocol::envelope::{parse, read_event};
use client::protocol::event::ReceivedJoinRequest;
use client::protocol::{
    Action, Actions, ErrorCode, battle, connection, lobby, matchmaking, signalling,
};
use e2e::{Heard, Party, Player, World};
use ids::{LobbyId, PeerAddress};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

/// Every so many messages the players meet anew: a lobby that has been closed by chance has seen everything it will.
const SCENES: usize = 20;
const MESSAGES: u32 = 500;

/// What the one who speaks hears besides the answers: how the battle that it plays goes on.
const HEARD_BESIDES: [&str; 4] = [
    "battle_started",
    "mark_placed",
    "player_died",
    "battle_settled",
];

/// One who says what is generated, and others who only listen: so whatever the one hears is an answer, or how its battle goes.
struct Scene {
    world: World,
    speaker: Player,
    listeners: Vec<Player>,
    seeds: Vec<Value>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug)]
enum Role {
    Host,
    Guest,
}

impl Scene {
    /// A lobby of three, and somebody who waits to be let in.
    async fn set(role: Role) -> Self {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "member", "other member"]).await;
        let [host, member, other] = players;
        let waiting = world.player("waiting").await;
        waiting.asks_to_join(&lobby.id).await;
        let request = host.hears::<ReceivedJoinRequest>().await;
        let (speaker, listeners, addresses) = match role {
            Role::Host => {
                let of_guests = [&member, &other].map(|guest| lobby.address(guest, &host));
                let mut addresses = vec![request.connection_id];
                addresses.extend(of_guests);
                (host, vec![member, other, waiting], addresses)
            }
            Role::Guest => {
                let addresses = [&host, &other].map(|peer| lobby.address(peer, &member));
                (member, vec![host, other, waiting], addresses.to_vec())
            }
        };
        let seeds = seeds(&addresses, &lobby.id);
        Self {
            world,
            speaker,
            listeners,
            seeds,
        }
    }

    /// Says it, and hears exactly one answer.
    async fn say(&self, text: &str) -> Result<(), TestCaseError> {
        self.speaker.says(text).await;
        let mut heard = self.speaker.hears_anything().await;
        while is_besides(&heard) {
            heard = self.speaker.hears_anything().await;
        }
        let answer = heard.text;
        let heard = read_event(&answer)
            .map_err(|error| TestCaseError::fail(format!("{error}: {answer}")))?;
        prop_assert!(
            heard.event.is_some(),
            "an event that nobody knows: {answer}"
        );
        let refused = heard.event.as_ref().and_then(Refused::of);
        if let Some(refused) = refused {
            let is_our_fault = [ErrorCode::Unavailable, ErrorCode::Busy].contains(&refused.code);
            prop_assert!(!is_our_fault, "our own fault: {answer}");
        }
        Ok(())
    }

    async fn end(self) {
        for heard in self.speaker.looks_at_everything().await {
            assert!(is_besides(&heard), "{}", heard.text);
        }
        for listener in &self.listeners {
            for heard in listener.looks_at_everything().await {
                assert!(heard.reply_to().is_none(), "{}", heard.text);
            }
        }
        self.world.ends().await;
    }
}

fn is_besides(heard: &Heard) -> bool {
    heard.reply_to().is_none() && HEARD_BESIDES.contains(&heard.name())
}

/// Messages that are right, to go wrong from: every example, and the same about lobbies and players that are there.
fn seeds(addresses: &[PeerAddress], lobby_id: &LobbyId) -> Vec<Value> {
    let examples = Action::examples();
    let mut seeds: Vec<_> = examples
        .iter()
        .map(|action| serde_json::to_value(action).expect("an action is JSON"))
        .collect();
    for example in seeds.clone() {
        for field in ["connection_id", "player_connection_id"] {
            if example["content"].get(field).is_some() {
                seeds.extend(addresses.iter().map(|address| {
                    let mut seed = example.clone();
                    seed["content"][field] = json!(address);
                    seed
                }));
            }
        }
    }
    seeds.push(json!({"action": "join_lobby", "content": {"lobby_id": lobby_id}}));
    seeds.push(
        json!({"action": "start_lobby", "content": {"lobby_id": lobby_id, "join_policy": "open"}}),
    );
    seeds.push(json!({"action": "update_lobby", "content": {"password": "open sesame"}}));
    seeds.push(json!({"action": "update_lobby", "content": {"join_policy": "open", "visibility": "public"}}));
    seeds
}

/// One thing that goes wrong with a message.
#[derive(Clone, Debug)]
enum Mishap {
    Replaced(Value),
    Removed,
    Added(String, Value),
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0_u32..70).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        name().prop_map(Value::from),
        (0_usize..5_000).prop_map(|length| Value::from("x".repeat(length))),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..6)
                .prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Words that mean something, and some that do not.
fn name() -> impl Strategy<Value = String> {
    let known = select(vec![
        "action",
        "content",
        "id",
        "lobby_id",
        "name",
        "max_players",
        "visibility",
        "public",
        "join_policy",
        "open",
        "metadata",
        "filter",
        "limit",
        "cursor",
        "min",
        "max",
        "connection_id",
        "sdp",
        "session_type",
        "candidates",
        "media",
        "index",
        "locked",
        "reason",
        "ban",
        "ping",
        "hello",
        "start_lobby",
        "join_lobby",
        "list_lobbies",
        "queue",
        "attributes",
        "party",
        "rules",
        "options",
        "players",
        "score",
        "tile",
        "join_matchmaking",
        "leave_matchmaking",
        "start_battle",
        "sync_score",
        "place_mark",
        "die",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

fn mishap() -> impl Strategy<Value = (Index, Mishap)> {
    let mishap = prop_oneof![
        3 => json().prop_map(Mishap::Replaced),
        1 => Just(Mishap::Removed),
        1 => (name(), json()).prop_map(|(name, value)| Mishap::Added(name, value)),
    ];
    (any::<Index>(), mishap)
}

/// Examples with mishaps, whole and cut; JSON that means nothing; text that is none.
fn message(seeds: &[Value]) -> impl Strategy<Value = String> + use<> {
    let seed = select(seeds.to_vec());
    let mutated =
        (seed, prop::collection::vec(mishap(), 0..3)).prop_map(|(mut message, mishaps)| {
            for (place, mishap) in mishaps {
                befall(&mut message, place, mishap);
            }
            message.to_string()
        });
    let mutated = mutated.boxed();
    let cut = (mutated.clone(), any::<Index>(), any::<char>()).prop_map(|(text, place, with)| {
        let mut letters: Vec<_> = text.chars().collect();
        if !letters.is_empty() {
            let place = place.index(letters.len());
            letters[place] = with;
        }
        letters.into_iter().collect()
    });
    prop_oneof![
        12 => mutated,
        3 => cut,
        3 => json().prop_map(|value| value.to_string()),
        1 => any::<String>(),
        1 => "[\\[\\]{}\",:0-9a-z\\\\ ]{0,80}",
    ]
    .prop_map(with_an_answer_due)
}

/// Lets something go wrong somewhere in a message.
fn befall(message: &mut Value, place: Index, mishap: Mishap) {
    let mut places = Vec::new();
    collect(message, String::new(), &mut places);
    let place = places[place.index(places.len())].clone();
    match mishap {
        Mishap::Replaced(value) => {
            if let Some(target) = message.pointer_mut(&place) {
                *target = value;
            }
        }
        Mishap::Removed => {
            if let Some((parent, field)) = place.rsplit_once('/')
                && let Some(Value::Object(fields)) = message.pointer_mut(parent)
            {
                fields.remove(field);
            }
        }
        Mishap::Added(name, value) => {
            if let Some(Value::Object(fields)) = message.pointer_mut(&place) {
                fields.insert(name, value);
            }
        }
    }
}

/// Every place in a message, as a JSON pointer.
fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    if let Value::Object(fields) = value {
        for (name, field) in fields {
            let name = name.replace('~', "~0").replace('/', "~1");
            collect(field, format!("{at}/{name}"), places);
        }
    }
    if let Value::Array(items) = value {
        for (number, item) in items.iter().enumerate() {
            collect(item, format!("{at}/{number}"), places);
        }
    }
    places.push(at);
}

/// What a function would do and say nothing of is given an id, so that an answer is due to everything.
fn with_an_answer_due(text: String) -> String {
    let reads = [
        has_no_id::<connection::Action>(&text),
        has_no_id::<lobby::Action>(&text),
        has_no_id::<signalling::Action>(&text),
        has_no_id::<matchmaking::Action>(&text),
        has_no_id::<battle::Action>(&text),
    ];
    if !reads.contains(&true) {
        return text;
    }
    let mut message: Value = serde_json::from_str(&text).expect("it was just read");
    message["id"] = "generated".into();
    message.to_string()
}

fn has_no_id<A: Actions>(text: &str) -> bool {
    parse::<A>(text).is_ok_and(|request| request.id.is_none())
}

#[test]
fn ten_thousand_generated_messages_are_each_answered_and_none_with_an_internal_error() {
    let runtime = Runtime::new().expect("a runtime");
    for role in [Role::Host, Role::Guest].into_iter().cycle().take(SCENES) {
        let scene = runtime.block_on(Scene::set(role));
        let mut runner = TestRunner::new(Config {
            cases: MESSAGES,
            failure_persistence: None,
            // Each is said to a server that has heard the ones before, so the shortest is rarely the clearest.
            max_shrink_iters: 16,
            ..Config::default()
        });
        let outcome = runner.run(&message(&scene.seeds), |text| {
            runtime.block_on(scene.say(&text))
        });
        if let Err(failure) = outcome {
            panic!("said by {role:?}: {failure}");
        }
        runtime.block_on(scene.end());
    }
}
