//! The published schema and the server agree on what a message is.
#![cfg(feature = "schema")]

use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use protocol::envelope::{parse, read_event, write_action, write_event};
use protocol::schema::Published;
use protocol::{Action, Event, battle, connection, lobby, matchmaking, signalling};
use serde_json::{Map, Value, json};

/// One direction of the published document.
fn direction(name: &str) -> Validator {
    let mut document = Published::new().document();
    let object = document.as_object_mut().expect("a document is an object");
    object.remove("oneOf");
    object.insert("$ref".into(), format!("#/$defs/{name}").into());
    jsonschema::validator_for(&document).expect("the published schema is a schema")
}

fn is_taken_by_the_server(text: &str) -> bool {
    refusal(text).is_none()
}

/// Why every function refuses it: the words of the one that knows the action.
fn refusal(text: &str) -> Option<String> {
    let refusals = [
        parse::<connection::Action>(text).err()?,
        parse::<lobby::Action>(text).err()?,
        parse::<signalling::Action>(text).err()?,
        parse::<matchmaking::Action>(text).err()?,
        parse::<battle::Action>(text).err()?,
    ];
    let problems: Vec<_> = refusals.iter().map(ToString::to_string).collect();
    Some(problems.join(" / "))
}

/// Every example, and of each action with optional fields one that has them all.
fn seeds() -> Vec<Value> {
    let examples = Action::examples().into_iter().map(|action| {
        let text = write_action(&action, None);
        serde_json::from_str(&text).expect("what was written")
    });
    let full = [
        json!({"action": "hello", "content": {"resume": "token"}, "id": "m1"}),
        json!({"action": "start_lobby", "content": {
            "lobby_id": "friday", "name": "Friday", "max_players": 4, "visibility": "private", "join_policy": "open",
            "password": "secret", "metadata": {"map": "desert"},
        }}),
        json!({"action": "join_lobby", "content": {"lobby_id": "friday", "password": "secret", "metadata": {}}}),
        json!({"action": "accept_request", "content": {"player_connection_id": "x", "player_peer_id": 7}}),
        json!({"action": "update_lobby", "content": {
            "name": "Friday", "max_players": 4, "visibility": "public", "join_policy": "ask", "locked": true,
            "password": null, "metadata": {"map": "desert"},
        }}),
        json!({"action": "list_lobbies", "content": {
            "filter": {"map": "desert", "level": {"min": 1, "max": 2.5}, "ranked": true, "mode": null},
            "limit": 50, "cursor": "x",
        }, "id": null}),
        json!({"action": "set_session_description", "content": {"connection_id": "x", "session_type": "answer", "sdp": "v=0"}}),
        json!({"action": "ping", "content": null}),
        json!({"action": "ping"}),
        json!({"action": "join_matchmaking", "content": {"queue": "1v1", "party": true, "attributes": {
            "skill": -3, "mode": "duel", "blocked": ["a", "b"], "latency_ms": {"eu": 20},
        }}}),
        json!({"action": "start_battle", "content": {"rules": "noughts_and_crosses", "options": {
            "players": [2, 1], "attack_cost": 0, "freeze_seconds": 1, "turn_seconds": 60, "battle_seconds": 3_600,
        }}}),
        json!({"action": "start_battle", "content": {"rules": "score_attack", "options": null}}),
        json!({"action": "list_results", "content": {"limit": 50, "cursor": "x"}}),
    ];
    examples.chain(full).collect()
}

#[test]
fn every_example_action_fits_the_published_schema() {
    let client = direction("client");
    for seed in seeds() {
        assert!(is_taken_by_the_server(&seed.to_string()), "{seed}");
        let errors: Vec<_> = client
            .iter_errors(&seed)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{seed}: {errors:?}");
    }
}

#[test]
fn every_example_event_fits_the_published_schema() {
    let server = direction("server");
    for event in Event::examples() {
        for id in [None, ids::MessageId::parse("m1").ok()] {
            let text = write_event(&event, id.as_ref());
            let frame: Value = serde_json::from_str(&text).expect("what was written");
            assert!(server.is_valid(&frame), "{text}");
        }
    }
}

#[test]
fn an_event_may_grow_fields_and_a_client_may_meet_events_of_tomorrow() {
    let server = direction("server");
    for event in Event::examples() {
        let mut frame: Value =
            serde_json::from_str(&write_event(&event, None)).expect("what was written");
        frame["tomorrow"] = 1.into();
        frame["content"]["tomorrow"] = json!({"x": [1]});
        assert!(server.is_valid(&frame), "{frame}");
        assert!(read_event(&frame.to_string()).is_ok(), "{frame}");
    }
    assert!(server.is_valid(&json!({"event": "confetti"})));
    assert!(server.is_valid(&json!({"event": "confetti", "content": [1]})));
}

#[test]
fn an_event_that_lacks_a_field_does_not_fit() {
    let server = direction("server");
    for frame in [
        json!({"content": {}}),
        json!({"event": "pong"}),
        json!({"event": 5, "content": {}}),
        json!({"event": "error", "content": {"code": "not_host", "message": "No."}}),
        json!({"event": "error", "content": {"code": "because", "message": "No.", "retryable": false}}),
        json!({"event": "kicked", "content": {"lobby_id": "", "reason": "", "banned": true}}),
    ] {
        assert!(!server.is_valid(&frame), "{frame}");
        assert!(read_event(&frame.to_string()).is_err(), "{frame}");
    }
}

#[test]
fn a_broken_message_is_refused_by_schema_and_server_alike() {
    let client = direction("client");
    let long = |length| "x".repeat(length);
    let candidate = json!({"media": "0", "index": 0, "name": "c"});
    for message in [
        json!(null),
        json!([]),
        json!("ping"),
        json!({}),
        json!({"action": 5}),
        json!({"action": "fly"}),
        json!({"action": "ping", "extra": 1}),
        json!({"action": "ping", "content": {"extra": 1}}),
        json!({"action": "ping", "content": []}),
        json!({"action": "ping", "content": "x"}),
        json!({"action": "ping", "id": 7}),
        json!({"action": "ping", "id": ""}),
        json!({"action": "ping", "id": long(65)}),
        json!({"action": "ping", "id": "a\nb"}),
        json!({"action": "hello", "content": {"resume": ""}}),
        json!({"action": "hello", "content": {"resume": long(513)}}),
        json!({"action": "start_lobby", "content": {"lobby_id": long(65)}}),
        json!({"action": "start_lobby", "content": {"lobby_id": "a\u{7f}"}}),
        json!({"action": "start_lobby", "content": {"name": long(65)}}),
        json!({"action": "start_lobby", "content": {"max_players": 1}}),
        json!({"action": "start_lobby", "content": {"max_players": 65}}),
        json!({"action": "start_lobby", "content": {"max_players": "four"}}),
        json!({"action": "start_lobby", "content": {"max_players": 2.5}}),
        json!({"action": "start_lobby", "content": {"visibility": "secret"}}),
        json!({"action": "start_lobby", "content": {"password": ""}}),
        json!({"action": "start_lobby", "content": {"metadata": []}}),
        json!({"action": "join_lobby"}),
        json!({"action": "join_lobby", "content": null}),
        json!({"action": "join_lobby", "content": {}}),
        json!({"action": "join_lobby", "content": {"lobby_id": ""}}),
        json!({"action": "join_lobby", "content": {"lobby_id": null}}),
        json!({"action": "join_lobby", "content": {"lobby_id": "a\u{85}"}}),
        json!({"action": "accept_request", "content": {"player_connection_id": "x", "player_peer_id": 0}}),
        json!({"action": "accept_request", "content": {"player_connection_id": "x", "player_peer_id": 2_147_483_648_u32}}),
        json!({"action": "accept_join_request", "content": {"player_connection_id": long(513)}}),
        json!({"action": "kick_player", "content": {"player_connection_id": "x", "ban": "yes"}}),
        json!({"action": "kick_player", "content": {"player_connection_id": "x", "reason": long(201)}}),
        json!({"action": "list_lobbies", "content": {"limit": 0}}),
        json!({"action": "list_lobbies", "content": {"limit": 51}}),
        json!({"action": "list_lobbies", "content": {"filter": {"level": [1, 2]}}}),
        json!({"action": "list_lobbies", "content": {"filter": {"level": {"least": 1}}}}),
        json!({"action": "list_lobbies", "content": {"filter": {"level": {"min": "1"}}}}),
        json!({"action": "list_lobbies", "content": {
            "filter": (0..9).map(|key| (key.to_string(), key.into())).collect::<Map<_, _>>(),
        }}),
        json!({"action": "send_session_description", "content": {"connection_id": "", "session_type": "offer", "sdp": "v=0"}}),
        json!({"action": "send_session_description", "content": {"connection_id": "x", "session_type": "", "sdp": "v=0"}}),
        json!({"action": "send_session_description", "content": {"connection_id": "x", "session_type": "offer", "sdp": ""}}),
        json!({"action": "send_session_description", "content": {"connection_id": "x", "session_type": "offer", "sdp": long(65_537)}}),
        json!({"action": "send_ice_candidate", "content": {"connection_id": "x", "media": "0", "index": 2_147_483_648_u32, "name": ""}}),
        json!({"action": "send_ice_candidate", "content": {"connection_id": "x", "media": "0", "name": ""}}),
        json!({"action": "send_ice_candidates", "content": {"connection_id": "x", "candidates": []}}),
        json!({"action": "send_ice_candidates", "content": {"connection_id": "x", "candidates": [["0", 0, "c"]]}}),
        json!({"action": "send_ice_candidates", "content": {"connection_id": "x", "candidates": vec![candidate; 33]}}),
        json!({"action": "send_ice_candidates", "content": {"connection_id": "x", "candidates": [
            {"media": "0", "index": 0, "name": "c", "extra": 1},
        ]}}),
        json!({"action": "join_matchmaking", "content": {"queue": "Ranked"}}),
        json!({"action": "join_matchmaking", "content": {"queue": ""}}),
        json!({"action": "join_matchmaking", "content": {"queue": long(33)}}),
        json!({"action": "join_matchmaking", "content": {"attributes": {"": 1}}}),
        json!({"action": "join_matchmaking", "content": {"attributes": {long(33): 1}}}),
        json!({"action": "join_matchmaking", "content": {"attributes": {"skill": true}}}),
        json!({"action": "join_matchmaking", "content": {"attributes": {"skill": 1_000_000_001}}}),
        json!({"action": "join_matchmaking", "content": {"attributes": {"skill": {"eu": -1}}}}),
        json!({"action": "join_matchmaking", "content": {"attributes": {"skill": [long(65)]}}}),
        json!({"action": "join_matchmaking", "content": {
            "attributes": (0..17).map(|key| (key.to_string(), key.into())).collect::<Map<_, _>>(),
        }}),
        json!({"action": "accept_match"}),
        json!({"action": "decline_match", "content": {"match_id": "a b"}}),
        json!({"action": "start_battle", "content": {"rules": "chess"}}),
        json!({"action": "start_battle", "content": {"rules": "score_attack", "options": []}}),
        json!({"action": "start_battle", "content": {"rules": "score_attack", "options": {"players": [1]}}}),
        json!({"action": "start_battle", "content": {"rules": "score_attack", "options": {"players": [1, 1]}}}),
        json!({"action": "start_battle", "content": {"rules": "score_attack", "options": {"players": [1, 2, 3]}}}),
        json!({"action": "start_battle", "content": {"rules": "score_attack", "options": {"freeze_seconds": 0}}}),
        json!({"action": "sync_score", "content": {"score": -1}}),
        json!({"action": "sync_score", "content": {"score": 1_000_000_000_001_u64}}),
        json!({"action": "place_mark", "content": {"tile": [1]}}),
        json!({"action": "place_mark", "content": {"tile": [1, -1]}}),
        json!({"action": "place_mark", "content": {"tile": {"row": 1, "column": 1}}}),
        json!({"action": "list_results", "content": {"limit": 51}}),
    ] {
        assert!(!client.is_valid(&message), "the schema takes {message}");
        assert!(
            !is_taken_by_the_server(&message.to_string()),
            "the server takes {message}"
        );
    }
}

#[test]
fn whatever_a_client_may_choose_has_a_bound() {
    // What the game says of itself is bounded as a whole, by the message it comes in.
    let free = ["Metadata", "Criterion", "Range"];
    let published = Published::new();
    for action in &published.actions {
        let content = &published.definitions[&action.content];
        assert_bounded(content, &action.name, &published, &free);
    }
}

fn assert_bounded(schema: &Value, place: &str, published: &Published, free: &[&str]) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().expect("a name");
        if !free.contains(&name) {
            assert_bounded(
                &published.definitions[name],
                &format!("{place}: {name}"),
                published,
                free,
            );
        }
        return;
    }
    let is = |kind: &str| {
        schema["type"] == kind
            || schema["type"]
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    };
    assert!(
        !is("string") || schema.get("maxLength").is_some() || schema.get("const").is_some(),
        "{place}: {schema}"
    );
    assert!(
        !is("integer") || (schema.get("minimum").is_some() && schema.get("maximum").is_some()),
        "{place}: {schema}"
    );
    assert!(
        !is("array") || schema.get("maxItems").is_some(),
        "{place}: {schema}"
    );
    assert!(
        !schema["additionalProperties"].is_object() || schema.get("maxProperties").is_some(),
        "{place}: {schema}"
    );
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        assert_bounded(inner, &format!("{place}.{key}"), published, free);
    }
    for list in ["anyOf", "oneOf"] {
        for inner in schema[list].as_array().into_iter().flatten() {
            assert_bounded(inner, place, published, free);
        }
    }
    for one in ["additionalProperties", "items", "propertyNames"] {
        if let Some(inner) = schema.get(one) {
            assert_bounded(inner, place, published, free);
        }
    }
}

/// What a mutation puts in the place of something else: the values around every bound.
fn replacement() -> impl Strategy<Value = Value> {
    let lengths = select(vec![
        0, 1, 32, 33, 64, 65, 128, 129, 200, 201, 256, 257, 512, 513, 1_024, 1_025, 65_536, 65_537,
    ]);
    let number = |number: i64| Just(Value::from(number));
    prop_oneof![
        3 => lengths.prop_map(|length| "x".repeat(length).into()),
        2 => select(vec!["ü\u{1F3B2}", "a\nb", "\u{0}", "\u{7f}", "\u{9f}", "\u{a0}", "public", "open", "end\n"]).prop_map(Value::from),
        2 => (-2_i64..70).prop_map(Value::from),
        1 => prop_oneof![number(i32::MAX.into()), number(i64::from(i32::MAX) + 1), number(i64::from(u32::MAX) + 1),
            number(i32::MIN.into()), number(i64::from(i32::MIN) - 1), Just(1.5.into())],
        1 => prop_oneof![Just(Value::Null), Just(true.into()), Just(json!([])), Just(json!({})), Just(json!([[1]])),
            Just(json!({"min": 1})), Just(json!({"min": 1, "most": 2})), Just(json!([1, 2]))],
    ]
}

#[derive(Clone, Debug)]
enum Mutation {
    Replace(Value),
    Remove,
    Add(&'static str, Value),
    Repeat(usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let keys = select(vec![
        "extra", "id", "content", "password", "reason", "ban", "min", "lobby_id", "skill",
        "players",
    ]);
    prop_oneof![
        4 => replacement().prop_map(Mutation::Replace),
        1 => Just(Mutation::Remove),
        1 => (keys, replacement()).prop_map(|(key, value)| Mutation::Add(key, value)),
        1 => (30_usize..35).prop_map(Mutation::Repeat),
    ]
}

/// The places in a value, as JSON pointers.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(object) => object
            .iter()
            .for_each(|(key, inner)| places(inner, &format!("{here}/{key}"), found)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(at, inner)| places(inner, &format!("{here}/{at}"), found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn mutate(value: &mut Value, at: &str, mutation: Mutation) {
    match mutation {
        Mutation::Replace(with) => *value.pointer_mut(at).expect("a place in it") = with,
        Mutation::Remove => {
            let (parent, key) = at.rsplit_once('/').unwrap_or_default();
            if let Some(Value::Object(parent)) = value.pointer_mut(parent) {
                parent.remove(key);
            }
        }
        Mutation::Add(key, with) => {
            if let Some(Value::Object(object)) = value.pointer_mut(at) {
                object.insert(key.to_owned(), with);
            }
        }
        Mutation::Repeat(times) => {
            if let Some(Value::Array(list)) = value.pointer_mut(at) {
                let first = list.first().cloned();
                *list = first.into_iter().cycle().take(times).collect();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn schema_and_server_agree_on_every_spoilt_message(
        seed in select(seeds()),
        mutations in prop::collection::vec((any::<Index>(), mutation()), 1..3),
    ) {
        thread_local!(static CLIENT: Validator = direction("client"));
        let mut message = seed;
        for (at, mutation) in mutations {
            let mut found = Vec::new();
            places(&message, "", &mut found);
            mutate(&mut message, &found[at.index(found.len())], mutation);
        }
        let refusal = refusal(&message.to_string());
        // The one bound that no schema can express: `LIMITS` says so.
        prop_assume!(!refusal.as_ref().is_some_and(|problem| problem.contains("bytes of JSON")));
        let fits = CLIENT.with(|client| client.is_valid(&message));
        prop_assert_eq!(fits, refusal.is_none(), "{}: {:?}", message, refusal);
    }
}
