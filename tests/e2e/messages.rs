//! The envelope: `id` and `reply_to`, and the actions about the connection itself.

use client::protocol::event::Welcome;
use client::protocol::{ErrorCode, PROTOCOL_VERSION};
use e2e::{Heard, Party, Player, World};
use serde_json::{Value, json};

/// Whether the messages of a conversation carry ids.
#[derive(Clone, Copy)]
enum Ids {
    Given,
    Absent,
}

impl Ids {
    /// Says something that has an answer of its own.
    async fn natural(self, player: &Player, message: Value, answer: &str) -> Heard {
        match self {
            Ids::Given => asked(player, message, answer).await,
            Ids::Absent => {
                player.says(message.to_string()).await;
                let heard = player.hears_raw(answer).await;
                assert_eq!(heard.reply_to(), None, "{}", heard.text);
                heard
            }
        }
    }

    /// Says something that is answered by `ok` where there is an id, and by nothing else.
    async fn silent(self, player: &Player, message: Value) {
        match self {
            Ids::Given => drop(asked(player, message, "ok").await),
            // An `ok` would be heard at the latest when the story ends, and looked at by nobody.
            Ids::Absent => player.says(message.to_string()).await,
        }
    }
}

async fn asked(player: &Player, mut message: Value, answer: &str) -> Heard {
    let id = format!("ü {}", player.client().fresh_id());
    message["id"] = id.clone().into();
    let heard = player.asks(message).await;
    assert_eq!(heard.name(), answer, "{}", heard.text);
    assert_eq!(heard.reply_to(), Some(id.as_str()));
    heard
}

/// Every action, and every kind of answer.
async fn a_conversation(ids: Ids) {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let act = |action: &str, content: Value| json!({"action": action, "content": content});

    ids.natural(&host, act("hello", json!({})), "welcome").await;
    ids.natural(&host, act("ping", json!(null)), "pong").await;
    let ice = json!({"action": "get_ice_servers"});
    ids.natural(&host, ice, "ice_servers").await;
    let started = ids.natural(&host, act("start_lobby", json!({})), "lobby_started");
    let lobby_id = started.await.json["content"]["lobby_id"].clone();
    let listing = act("list_lobbies", json!({"limit": 1}));
    ids.natural(&host, listing, "lobby_list").await;

    // In and out, by asking.
    let join = act("join_lobby", json!({"lobby_id": lobby_id}));
    ids.silent(&guest, join.clone()).await;
    let waits = host.hears_raw("received_join_request").await;
    let of_guest = waits.json["content"]["connection_id"].clone();
    let reject = act(
        "reject_join_request",
        json!({"player_connection_id": of_guest}),
    );
    ids.silent(&host, reject.clone()).await;
    guest.hears_raw("join_request_rejected").await;
    ids.natural(&host, reject, "error").await;
    ids.silent(&guest, join.clone()).await;
    host.hears_raw("received_join_request").await;
    let accept = act(
        "accept_join_request",
        json!({"player_connection_id": of_guest}),
    );
    ids.silent(&host, accept).await;
    let accepted = guest.hears_raw("join_request_accepted").await;
    let of_host = accepted.json["content"]["host_connection_id"].clone();

    // Signalling.
    let offer = json!({"connection_id": of_host, "session_type": "offer", "sdp": "v=0"});
    ids.silent(&guest, act("send_session_description", offer))
        .await;
    host.hears_raw("received_session_description").await;
    let candidate = json!({"media": "0", "index": 0, "name": "candidate:1"});
    let mut addressed = candidate.clone();
    addressed["connection_id"] = of_host.clone();
    ids.silent(&guest, act("send_ice_candidate", addressed))
        .await;
    host.hears_raw("received_ice_candidate").await;
    let batch = json!({"connection_id": of_host, "candidates": [candidate]});
    ids.silent(&guest, act("send_ice_candidates", batch)).await;
    host.hears_raw("received_ice_candidates").await;

    // The lobby's affairs, and refusals of each kind.
    let open = act("update_lobby", json!({"join_policy": "open"}));
    ids.natural(&host, open, "lobby_updated").await;
    guest.hears_raw("lobby_updated").await;
    let kick = act("kick_player", json!({"player_connection_id": of_guest}));
    ids.natural(&host, kick, "player_left").await;
    guest.hears_raw("kicked").await;
    let taken = act("start_lobby", json!({"lobby_id": lobby_id}));
    ids.natural(&guest, taken, "lobby_creation_failed").await;
    let nowhere = act("join_lobby", json!({"lobby_id": world.lobby_id("nowhere")}));
    ids.natural(&guest, nowhere, "join_request_rejected").await;
    ids.natural(&guest, join, "join_request_accepted").await;
    host.hears_raw("player_joined").await;
    ids.natural(&guest, act("leave_lobby", json!({})), "lobby_left")
        .await;
    host.hears_raw("player_left").await;
    ids.natural(&guest, act("leave_lobby", json!({})), "error")
        .await;
    ids.natural(&guest, act("fly", json!({})), "error").await;
    ids.natural(&guest, act("join_lobby", json!({})), "error")
        .await;
    ids.natural(&host, act("close_lobby", json!({})), "lobby_closed")
        .await;
    world.ends().await;
}

#[tokio::test]
async fn every_answer_to_a_message_with_an_id_says_which_it_answers() {
    a_conversation(Ids::Given).await;
}

#[tokio::test]
async fn without_ids_natural_answers_come_all_the_same_and_no_ok_does() {
    a_conversation(Ids::Absent).await;
}

#[tokio::test]
async fn what_others_hear_of_a_message_with_an_id_carries_no_reply_to() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let content =
        json!({"connection_id": lobby.address(host, guest), "session_type": "offer", "sdp": "v=0"});
    let message = json!({"action": "send_session_description", "content": content, "id": "1"});
    guest.asks(message).await;
    let heard = host.hears_raw("received_session_description").await;
    assert_eq!(heard.reply_to(), None);
    world.ends().await;
}

#[tokio::test]
async fn an_id_is_a_text_of_up_to_64_characters() {
    let world = World::start().await;
    let player = world.player("player").await;
    let longest = "ü".repeat(64);
    let answer = player.asks(json!({"action": "ping", "id": longest})).await;
    assert_eq!(answer.reply_to(), Some(longest.as_str()));
    for id in [
        json!("ü".repeat(65)),
        json!(""),
        json!("a\nb"),
        json!(5),
        json!({}),
    ] {
        player
            .says(json!({"action": "ping", "id": id}).to_string())
            .await;
        let refused = player.hears_refusal().await;
        assert_eq!(refused.code, ErrorCode::InvalidValue, "{id}");
        assert_eq!(refused.field.as_deref(), Some("id"));
    }
    player.says(r#"{"action":"ping","id":null}"#).await;
    assert_eq!(player.hears_raw("pong").await.reply_to(), None);
    world.ends().await;
}

#[tokio::test]
async fn hello_says_who_one_is_and_says_the_same_again() {
    let world = World::start().await;
    let (player, other) = (world.player("player").await, world.player("other").await);
    let welcome: Welcome = player.asks(json!({"action": "hello"})).await.content();
    assert_eq!(&welcome.player_id, player.id());
    assert_ne!(player.id(), other.id());
    assert_eq!(welcome.protocol, PROTOCOL_VERSION);
    // Ten idle minutes end a connection.
    assert!((1..600).contains(&welcome.heartbeat_seconds));
    let again: Welcome = player.asks(json!({"action": "hello"})).await.content();
    assert_eq!(again, welcome);
    world.ends().await;
}

#[tokio::test]
async fn a_resume_token_that_nobody_issued_is_refused() {
    let world = World::start().await;
    let player = world.player("player").await;
    let message = json!({"action": "hello", "content": {"resume": "made up"}});
    let answer = player.asks(message).await;
    assert_eq!(answer.json["content"]["code"], "resume_refused");
    world.ends().await;
}

#[tokio::test]
async fn a_ping_is_answered_with_an_empty_pong() {
    let world = World::start().await;
    let player = world.player("player").await;
    player.says(r#"{"action":"ping"}"#).await;
    let pong = player.hears_raw("pong").await;
    assert_eq!(pong.json, json!({"event": "pong", "content": {}}));
    world.ends().await;
}
