//! What no handler can make sense of: a clear refusal, the socket open afterwards, and nothing stored.

use client::protocol::ErrorCode;
use client::{FrameKind, RawFrame};
use e2e::World;
use serde_json::json;

/// What is said, and what the refusal is to say of it.
struct Bad {
    text: String,
    code: ErrorCode,
    field: Option<&'static str>,
    action: Option<&'static str>,
}

fn bad(text: impl Into<String>, code: ErrorCode) -> Bad {
    Bad {
        text: text.into(),
        code,
        field: None,
        action: None,
    }
}

/// Content that an action does not take, and the field that is to blame.
fn content(action: &'static str, content: &str, code: ErrorCode, field: &'static str) -> Bad {
    Bad {
        text: format!(r#"{{"action":"{action}","content":{content}}}"#),
        code,
        field: Some(field),
        action: Some(action),
    }
}

/// Says each, hears exactly one refusal of it, and finds the socket open.
async fn are_refused(cases: impl IntoIterator<Item = Bad>) {
    let world = World::start().await;
    let player = world.player("player").await;
    let inside = world.inside();
    let before = inside.map(e2e::Inside::counts);
    for case in cases {
        let shown: String = case.text.chars().take(200).collect();
        player.says(case.text).await;
        let heard = player.hears_anything().await;
        assert_eq!(heard.name(), "error", "{shown}\n{}", heard.text);
        let refused = heard.content::<client::protocol::event::Error>();
        assert_eq!(refused.code, case.code, "{shown}\n{}", heard.text);
        assert_eq!(
            refused.field.as_deref(),
            case.field,
            "{shown}\n{}",
            heard.text
        );
        assert_eq!(
            refused.action.as_deref(),
            case.action,
            "{shown}\n{}",
            heard.text
        );
        assert!(
            !refused.retryable && refused.message.len() > 10,
            "{}",
            heard.text
        );
        if let Some(field) = case.field {
            assert!(refused.message.contains(field), "{}", heard.text);
        }
        player.hears_nothing_more().await;
    }
    if let (Some(inside), Some(before)) = (inside, before) {
        let spent = inside.counts().since(&before);
        assert!(spent.is_nothing(), "{spent}");
    }
    world.ends().await;
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    are_refused(
        [
            "hello",
            "{",
            r#"{"action":"ping""#,
            "{'action':'ping'}",
            "{}{}",
            "\u{feff}{}",
            "NaN",
            "\0",
        ]
        .map(|text| bad(text, ErrorCode::NotJson)),
    )
    .await;
}

#[tokio::test]
async fn json_that_is_no_object_is_refused() {
    are_refused(
        [
            "[]",
            r#"["action","ping"]"#,
            "5",
            "null",
            "true",
            r#""ping""#,
        ]
        .map(|text| bad(text, ErrorCode::NotAnObject)),
    )
    .await;
}

#[tokio::test]
async fn an_empty_message_is_refused() {
    are_refused(["", " ", "\r\n\t"].map(|text| bad(text, ErrorCode::EmptyMessage))).await;
}

#[tokio::test]
async fn a_message_without_an_action_is_refused() {
    are_refused(
        ["{}", r#"{"content":{}}"#, r#"{"Action":"ping"}"#]
            .map(|text| bad(text, ErrorCode::MissingAction)),
    )
    .await;
}

#[tokio::test]
async fn an_action_that_is_no_text_is_refused() {
    are_refused(["5", "null", "[]", "{}", "true"].map(|action| Bad {
        field: Some("action"),
        ..bad(format!(r#"{{"action":{action}}}"#), ErrorCode::WrongType)
    }))
    .await;
}

#[tokio::test]
async fn an_unknown_action_is_refused() {
    let names = [
        "fly",
        "PING",
        "ping ",
        "",
        "$connect",
        "$disconnect",
        "$default",
    ];
    are_refused(names.map(|action| Bad {
        action: Some(action),
        ..bad(
            json!({"action": action}).to_string(),
            ErrorCode::UnknownAction,
        )
    }))
    .await;
}

#[tokio::test]
async fn an_unknown_field_is_refused_and_named() {
    let code = ErrorCode::UnknownField;
    are_refused([
        content("start_lobby", r#"{"maxplayers":4}"#, code, "maxplayers"),
        content("ping", r#"{"x":1}"#, code, "x"),
        content("list_lobbies", r#"{"page":2}"#, code, "page"),
        Bad {
            field: Some("contents"),
            action: Some("ping"),
            ..bad(r#"{"action":"ping","contents":{}}"#, code)
        },
    ])
    .await;
}

#[tokio::test]
async fn a_missing_field_is_refused_and_named() {
    let code = ErrorCode::MissingField;
    are_refused([
        content("join_lobby", "{}", code, "lobby_id"),
        content("join_lobby", "null", code, "lobby_id"),
        content(
            "accept_join_request",
            r#"{"player_peer_id":2}"#,
            code,
            "player_connection_id",
        ),
        content(
            "send_session_description",
            r#"{"connection_id":"x","sdp":"v=0"}"#,
            code,
            "session_type",
        ),
        content(
            "send_ice_candidate",
            r#"{"connection_id":"x","media":"0","index":0}"#,
            code,
            "name",
        ),
        Bad {
            action: Some("join_lobby"),
            field: Some("lobby_id"),
            ..bad(r#"{"action":"join_lobby"}"#, code)
        },
    ])
    .await;
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_refused_and_named() {
    let code = ErrorCode::WrongType;
    are_refused([
        content(
            "start_lobby",
            r#"{"max_players":"four"}"#,
            code,
            "max_players",
        ),
        content("start_lobby", r#"{"max_players":4.5}"#, code, "max_players"),
        content("start_lobby", r#"{"name":["x"]}"#, code, "name"),
        content("start_lobby", r#"{"metadata":"x"}"#, code, "metadata"),
        content("update_lobby", r#"{"locked":"yes"}"#, code, "locked"),
        content("join_lobby", r#"{"lobby_id":5}"#, code, "lobby_id"),
        content("start_lobby", "[]", code, "content"),
        content("start_lobby", r#""x""#, code, "content"),
        content("ping", "5", code, "content"),
    ])
    .await;
}

#[tokio::test]
async fn a_value_outside_its_range_is_refused_and_named() {
    let code = ErrorCode::InvalidValue;
    are_refused([
        content("start_lobby", r#"{"max_players":1}"#, code, "max_players"),
        content("start_lobby", r#"{"max_players":65}"#, code, "max_players"),
        content("start_lobby", r#"{"max_players":-1}"#, code, "max_players"),
        content(
            "start_lobby",
            r#"{"visibility":"secret"}"#,
            code,
            "visibility",
        ),
        content("start_lobby", r#"{"password":""}"#, code, "password"),
        content("join_lobby", r#"{"lobby_id":"a\nb"}"#, code, "lobby_id"),
        content("list_lobbies", r#"{"limit":51}"#, code, "limit"),
        content(
            "send_ice_candidates",
            r#"{"connection_id":"x","candidates":[]}"#,
            code,
            "candidates",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_field_that_is_too_long_is_refused_and_named() {
    let code = ErrorCode::TooLong;
    let candidate = r#"{"media":"0","index":0,"name":"x"}"#;
    let candidates = vec![candidate; 33].join(",");
    are_refused([
        content(
            "start_lobby",
            &format!(r#"{{"name":"{}"}}"#, "x".repeat(65)),
            code,
            "name",
        ),
        content(
            "start_lobby",
            &format!(r#"{{"metadata":{{"x":"{}"}}}}"#, "x".repeat(2_048)),
            code,
            "metadata",
        ),
        content(
            "join_lobby",
            &format!(r#"{{"lobby_id":"{}"}}"#, "ü".repeat(65)),
            code,
            "lobby_id",
        ),
        content(
            "kick_player",
            &format!(r#"{{"player_connection_id":"{}"}}"#, "x".repeat(513)),
            code,
            "player_connection_id",
        ),
        content(
            "send_session_description",
            &format!(
                r#"{{"connection_id":"x","session_type":"offer","sdp":"{}"}}"#,
                "x".repeat(65_537)
            ),
            code,
            "sdp",
        ),
        content(
            "send_ice_candidates",
            &format!(r#"{{"connection_id":"x","candidates":[{candidates}]}}"#),
            code,
            "candidates",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_nests_too_deeply_is_refused() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let metadata = |depth| Bad {
        action: Some("start_lobby"),
        ..bad(
            format!(
                r#"{{"action":"start_lobby","content":{{"metadata":{{"x":{}}}}}}}"#,
                nested(depth)
            ),
            ErrorCode::TooDeep,
        )
    };
    let objects = r#"{"x":"#.repeat(20_000) + "1" + &"}".repeat(20_000);
    are_refused([
        metadata(200),
        metadata(60_000),
        bad(nested(200), ErrorCode::NotAnObject),
        bad(nested(60_000), ErrorCode::NotAnObject),
        bad("[".repeat(100_000), ErrorCode::NotJson),
        bad(objects, ErrorCode::MissingAction),
    ])
    .await;
}

#[tokio::test]
async fn a_binary_message_is_refused() {
    // API Gateway itself hangs up at a binary frame, with the code 1003.
    let Some(world) = World::with(e2e::settings(), "a binary frame").await else {
        return;
    };
    let player = world.player("player").await;
    let before = world.inside().map(e2e::Inside::counts);
    for payload in [
        b"{\"action\":\"start_lobby\"}".to_vec(),
        vec![0xff, 0],
        Vec::new(),
    ] {
        let frame = RawFrame {
            kind: FrameKind::Binary,
            last: true,
            payload,
        };
        player.sends_frames([frame]).await;
        let refused = player.hears_refusal().await;
        assert_eq!(refused.code, ErrorCode::BinaryMessage);
        player.hears_nothing_more().await;
    }
    if let (Some(inside), Some(before)) = (world.inside(), before) {
        let spent = inside.counts().since(&before);
        assert!(spent.is_nothing(), "{spent}");
    }
    world.ends().await;
}

#[tokio::test]
async fn a_refusal_of_something_long_is_short() {
    let world = World::start().await;
    let player = world.player("player").await;
    // Echoed in whole, each would be longer than a message may be.
    let long = "x".repeat(131_000);
    for message in [
        json!({"action": long}),
        json!({"action": "ping", "content": {&long: 1}}),
        json!({"action": "ping", &long: 1}),
    ] {
        player.says(message.to_string()).await;
        let heard = player.hears_raw("error").await;
        assert!(heard.text.len() < 1_000, "{} bytes", heard.text.len());
    }
    world.ends().await;
}
