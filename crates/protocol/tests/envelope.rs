//! What a message may look like, and how each mistake in one is answered.

use ids::MessageId;
use proptest::prelude::*;
use protocol::envelope::{parse, read_event, write_action, write_event};
use protocol::{
    Action, Actions, ErrorCode, Event, ParseError, battle, connection, lobby, matchmaking,
    signalling,
};

fn refused(text: &str) -> ParseError {
    parse::<lobby::Action>(text).expect_err("a refusal")
}

fn code(text: &str) -> ErrorCode {
    refused(text).code
}

#[test]
fn content_may_be_absent_or_null_where_all_of_it_is_optional() {
    for text in [
        r#"{"action":"start_lobby"}"#,
        r#"{"action":"start_lobby","content":null}"#,
        r#"{"content":{},"action":"start_lobby","id":null}"#,
    ] {
        let request = parse::<lobby::Action>(text).expect(text);
        assert_eq!(
            request.action,
            lobby::Action::StartLobby(lobby::StartLobby::default())
        );
        assert_eq!(request.id, None);
    }
}

#[test]
fn an_empty_or_null_lobby_id_asks_for_a_made_one() {
    for id in [r#""""#, "null"] {
        let text = format!(r#"{{"action":"start_lobby","content":{{"lobby_id":{id}}}}}"#);
        let request = parse::<lobby::Action>(&text).expect("valid");
        assert_eq!(
            request.action,
            lobby::Action::StartLobby(lobby::StartLobby::default())
        );
    }
}

#[test]
fn other_names_of_an_action_mean_the_same() {
    let by_alias = r#"{"action":"accept_request","content":{"player_connection_id":"x"}}"#;
    let by_name = by_alias.replace("accept_request", "accept_join_request");
    assert_eq!(
        parse::<lobby::Action>(by_alias),
        parse::<lobby::Action>(&by_name)
    );

    let content = r#""content":{"connection_id":"x","session_type":"offer","sdp":"v=0"}"#;
    let by_alias = format!(r#"{{"action":"set_session_description",{content}}}"#);
    let by_name = format!(r#"{{"action":"send_session_description",{content}}}"#);
    assert_eq!(
        parse::<signalling::Action>(&by_alias),
        parse::<signalling::Action>(&by_name)
    );
}

#[test]
fn what_is_not_a_message_has_its_own_code() {
    assert_eq!(code(""), ErrorCode::EmptyMessage);
    assert_eq!(code("  \n"), ErrorCode::EmptyMessage);
    assert_eq!(code("hello"), ErrorCode::NotJson);
    assert_eq!(code(r#"{"action":"start_lobby""#), ErrorCode::NotJson);
    assert_eq!(code(r#"{"\ud800":1}"#), ErrorCode::NotJson);
    for text in ["[1,2]", "3", "null", "true", r#""start_lobby""#] {
        assert_eq!(code(text), ErrorCode::NotAnObject, "{text}");
    }
    assert_eq!(code("{}"), ErrorCode::MissingAction);
    assert_eq!(code(r#"{"action":5}"#), ErrorCode::WrongType);
    assert_eq!(code(r#"{"action":"fly"}"#), ErrorCode::UnknownAction);
}

#[test]
fn a_refusal_carries_the_id_and_the_action_of_its_message() {
    let error = refused(r#"{"id":"m1","action":"fly"}"#);
    assert_eq!(error.id, MessageId::parse("m1").ok());
    assert_eq!(error.action.as_deref(), Some("fly"));
}

#[test]
fn an_unknown_field_is_named_wherever_it_stands() {
    let error = refused(r#"{"action":"start_lobby","content":{"colour":1}}"#);
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::UnknownField, Some("colour"))
    );
    let error = refused(r#"{"action":"start_lobby","colour":1}"#);
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::UnknownField, Some("colour"))
    );
}

#[test]
fn a_missing_field_is_named() {
    let error = refused(r#"{"action":"join_lobby","content":{}}"#);
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::MissingField, Some("lobby_id"))
    );
}

#[test]
fn a_wrong_type_is_named_with_its_place() {
    let error = refused(r#"{"action":"start_lobby","content":{"max_players":"four"}}"#);
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::WrongType, Some("max_players"))
    );
    assert_eq!(
        code(r#"{"action":"start_lobby","content":[]}"#),
        ErrorCode::WrongType
    );
    assert_eq!(
        code(r#"{"action":"start_lobby","content":7}"#),
        ErrorCode::WrongType
    );
}

#[test]
fn an_array_is_no_object_at_any_depth() {
    let candidates = r#""content":{"connection_id":"x","candidates":[["0",0,"c"]]}"#;
    let text = format!(r#"{{"action":"send_ice_candidates",{candidates}}}"#);
    let error = parse::<signalling::Action>(&text).expect_err("a refusal");
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::WrongType, Some("candidates[0]"))
    );
    assert!(
        parse::<lobby::Action>(r#"{"action":"list_lobbies","content":{"filter":{"level":[1,2]}}}"#)
            .is_err()
    );
}

#[test]
fn what_is_too_long_or_out_of_range_is_named() {
    let name = "n".repeat(65);
    let error = refused(&format!(
        r#"{{"action":"start_lobby","content":{{"name":"{name}"}}}}"#
    ));
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::TooLong, Some("name"))
    );
    let error = refused(r#"{"action":"start_lobby","content":{"max_players":65}}"#);
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::InvalidValue, Some("max_players"))
    );
    let error = refused(r#"{"action":"start_lobby","content":{"visibility":"secret"}}"#);
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::InvalidValue, Some("visibility"))
    );
    let id = "i".repeat(65);
    let error = refused(&format!(r#"{{"action":"start_lobby","id":"{id}"}}"#));
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::InvalidValue, Some("id"))
    );
}

#[test]
fn an_attribute_that_is_wrong_is_named_with_its_place() {
    let refused = |attributes: &str| {
        let text =
            format!(r#"{{"action":"join_matchmaking","content":{{"attributes":{attributes}}}}}"#);
        let error = parse::<matchmaking::Action>(&text).expect_err("a refusal");
        (error.code, error.field.expect("a field"))
    };
    let (long, many) = ("x".repeat(65), vec!["\"x\""; 33].join(","));
    let longest = vec![format!("\"{}\"", "x".repeat(64)); 32].join(",");
    for (attributes, code, field) in [
        (
            r#"{"skill":1.5}"#.to_owned(),
            ErrorCode::WrongType,
            "attributes.skill",
        ),
        (
            r#"{"skill":null}"#.to_owned(),
            ErrorCode::WrongType,
            "attributes.skill",
        ),
        (
            r#"{"skill":1000000001}"#.to_owned(),
            ErrorCode::InvalidValue,
            "attributes.skill",
        ),
        (
            r#"{"skill":18446744073709551615}"#.to_owned(),
            ErrorCode::InvalidValue,
            "attributes.skill",
        ),
        (
            format!(r#"{{"mode":"{long}"}}"#),
            ErrorCode::TooLong,
            "attributes.mode",
        ),
        (
            format!(r#"{{"blocked":[{many}]}}"#),
            ErrorCode::TooLong,
            "attributes.blocked",
        ),
        (
            r#"{"blocked":[1]}"#.to_owned(),
            ErrorCode::WrongType,
            "attributes.blocked[0]",
        ),
        (
            r#"{"latency_ms":{"eu":60001}}"#.to_owned(),
            ErrorCode::InvalidValue,
            "attributes.latency_ms.eu",
        ),
        (r"[1]".to_owned(), ErrorCode::WrongType, "attributes"),
        (
            format!(r#"{{"a":[{longest}],"b":[{longest}]}}"#),
            ErrorCode::TooLong,
            "attributes",
        ),
    ] {
        assert_eq!(
            refused(&attributes),
            (code, field.to_owned()),
            "{attributes}"
        );
    }
}

#[test]
fn a_score_of_every_wrong_kind_is_refused() {
    for (score, code) in [
        ("-1", ErrorCode::InvalidValue),
        ("1000000000001", ErrorCode::InvalidValue),
        ("1.5", ErrorCode::WrongType),
        ("1e3", ErrorCode::WrongType),
        (r#""30""#, ErrorCode::WrongType),
        ("null", ErrorCode::WrongType),
        ("[30]", ErrorCode::WrongType),
    ] {
        let text = format!(r#"{{"action":"sync_score","content":{{"score":{score}}}}}"#);
        let error = parse::<battle::Action>(&text).expect_err("a refusal");
        assert_eq!(
            (error.code, error.field.as_deref()),
            (code, Some("score")),
            "{score}"
        );
    }
    let text = r#"{"action":"sync_score","content":{"score":1000000000000}}"#;
    assert!(parse::<battle::Action>(text).is_ok());
}

#[test]
fn a_tile_is_a_row_and_a_column() {
    for tile in [
        "[1]",
        "[1,1,1]",
        "[-1,0]",
        "[0.5,0]",
        "5",
        r#"{"row":1,"column":1}"#,
        "null",
    ] {
        let text = format!(r#"{{"action":"place_mark","content":{{"tile":{tile}}}}}"#);
        let error = parse::<battle::Action>(&text).expect_err("a refusal");
        assert!(
            error.field.is_some_and(|field| field.starts_with("tile")),
            "{tile}"
        );
    }
}

#[test]
fn a_deep_nest_is_refused_and_not_followed() {
    let nest = format!("{}{}", "[".repeat(900), "]".repeat(900));
    let text = format!(r#"{{"action":"start_lobby","content":{{"metadata":{{"a":{nest}}}}}}}"#);
    assert_eq!(code(&text), ErrorCode::TooDeep);
    assert_eq!(code(&"[".repeat(100_000)), ErrorCode::NotJson);
}

#[test]
fn an_update_tells_absent_from_null_in_the_password() {
    let read = |content: &str| {
        let text = format!(r#"{{"action":"update_lobby","content":{content}}}"#);
        let action = parse::<lobby::Action>(&text).expect("valid").action;
        let lobby::Action::UpdateLobby(update) = action else {
            panic!("{action:?}")
        };
        update.password.map(|password| password.is_some())
    };
    assert_eq!(read("{}"), None);
    assert_eq!(read(r#"{"password":null}"#), Some(false));
    assert_eq!(read(r#"{"password":"x"}"#), Some(true));
}

#[test]
fn every_example_action_survives_the_wire() {
    let id = MessageId::parse("m1").expect("valid");
    for action in Action::examples() {
        let text = write_action(&action, Some(&id));
        let (read, read_id) = match &action {
            Action::Connection(_) => {
                let request = parse::<connection::Action>(&text).expect(&text);
                (request.action.into(), request.id)
            }
            Action::Lobby(_) => {
                let request = parse::<lobby::Action>(&text).expect(&text);
                (request.action.into(), request.id)
            }
            Action::Signalling(_) => {
                let request = parse::<signalling::Action>(&text).expect(&text);
                (request.action.into(), request.id)
            }
            Action::Matchmaking(_) => {
                let request = parse::<matchmaking::Action>(&text).expect(&text);
                (request.action.into(), request.id)
            }
            Action::Battle(_) => {
                let request = parse::<battle::Action>(&text).expect(&text);
                (request.action.into(), request.id)
            }
        };
        assert_eq!(action, read);
        assert_eq!(read_id, Some(id.clone()));
        assert!(Action::is_known(action.name()));
    }
}

#[test]
fn every_example_event_survives_the_wire() {
    let id = MessageId::parse("m1").expect("valid");
    for event in Event::examples() {
        let heard = read_event(&write_event(&event, Some(&id))).expect("an event");
        assert_eq!(heard.event.as_ref(), Some(&event));
        assert_eq!(heard.name, event.name());
        assert_eq!(heard.reply_to, Some(id.clone()));
    }
}

#[test]
fn an_event_of_tomorrow_is_no_error() {
    let heard = read_event(r#"{"event":"confetti","content":{"colour":"red"}}"#).expect("an event");
    assert_eq!((heard.event, heard.name.as_str()), (None, "confetti"));
}

#[test]
fn a_new_field_in_a_known_event_is_no_error() {
    let heard =
        read_event(r#"{"event":"pong","content":{"colour":"red"},"mood":1}"#).expect("an event");
    assert_eq!(heard.event, Some(Event::Pong(protocol::event::Pong {})));
}

#[test]
fn a_new_field_in_a_candidate_of_a_batch_is_no_error() {
    let candidate = r#"{"media":"0","index":0,"name":"c","colour":"red"}"#;
    let content = format!(r#"{{"connection_id":"x","candidates":[{candidate}]}}"#);
    let text = format!(r#"{{"event":"received_ice_candidates","content":{content}}}"#);
    assert!(read_event(&text).expect("an event").event.is_some());
}

#[test]
fn names_are_unique_among_all_functions() {
    let mut names: Vec<_> = [
        connection::Action::NAMES,
        lobby::Action::NAMES,
        signalling::Action::NAMES,
        matchmaking::Action::NAMES,
        battle::Action::NAMES,
    ]
    .concat();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = parse::<lobby::Action>(&text);
        let _ = parse::<connection::Action>(&text);
        let _ = parse::<signalling::Action>(&text);
        let _ = parse::<matchmaking::Action>(&text);
        let _ = parse::<battle::Action>(&text);
        let _ = read_event(&text);
    }

    #[test]
    fn no_spoilt_message_makes_the_parser_panic(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        with in "\\PC{0,3}",
    ) {
        let examples = Action::examples();
        let mut text = write_action(which.get(&examples), None);
        let place = at.index(text.len());
        if text.is_char_boundary(place) && text.is_char_boundary(place + 1) {
            text.replace_range(place..=place, &with);
        }
        let _ = parse::<lobby::Action>(&text);
        let _ = parse::<connection::Action>(&text);
        let _ = parse::<signalling::Action>(&text);
        let _ = parse::<matchmaking::Action>(&text);
        let _ = parse::<battle::Action>(&text);
    }
}
