//! Changing a lobby, and what that means for seats.

use std::time::Duration;

use domain::lobby::{
    Action, Ban, Changes, Departure, JoinPolicy, Lobby, Metadata, PasswordHash, PasswordProof,
    Settings, Visibility,
};
use ids::PeerId;
use serde_json::json;
use store::{Saved, Store};

use crate::scene::*;

fn metadata(value: &serde_json::Value) -> Metadata {
    value.as_object().expect("an object").clone()
}

fn accept(name: &str, peer_id: u32) -> Action {
    Action::Accept {
        by: player_id("host"),
        connection_id: contact(name).connection_id,
        peer_id: PeerId::try_from(peer_id).ok(),
    }
}

fn leave(name: &str) -> Action {
    Action::Leave {
        by: player_id(name),
        how: Departure::Left,
    }
}

/// A lobby in which every field says something.
async fn eventful(store: &Store) -> Lobby {
    let settings = Settings {
        name: Some("Ünser \"Spiel\" \u{1f3b2}".to_owned()),
        max_players: 3,
        visibility: Visibility::Public,
        join_policy: JoinPolicy::Ask,
        locked: false,
        password: Some(PasswordHash::from_phc(
            "$argon2id$v=19$salt$hash".to_owned(),
        )),
        metadata: metadata(&json!({"map": {"name": "ice", "size": [1, 2.5, -3e300]}, "": null})),
    };
    let mut lobby = lobby_with("Die Lobby #1", "host", settings, now());
    create(store, &lobby).await;
    for name in ["banned", "guest", "waiting"] {
        let by = contact(name);
        let join = Action::Join {
            metadata: metadata(&json!({"name": name, "level": u64::MAX})),
            password: PasswordProof::Right,
            by,
        };
        lobby = does(store, &lobby, join).await;
    }
    lobby = does(store, &lobby, accept("banned", 2)).await;
    let ban = Action::Kick {
        by: player_id("host"),
        connection_id: contact("banned").connection_id,
        reason: None,
        ban: Ban::Yes,
    };
    lobby = does(store, &lobby, ban).await;
    lobby = does(store, &lobby, accept("guest", 2_147_483_647)).await;
    let changes = Changes {
        locked: Some(true),
        ..Changes::default()
    };
    let by = player_id("host");
    does(store, &lobby, Action::Update { by, changes }).await
}

#[tokio::test]
async fn a_lobby_comes_back_with_every_field_as_it_was() {
    let store = empty().await;
    let lobby = eventful(&store).await;
    assert!(!lobby.bans.is_empty() && !lobby.requests.is_empty() && lobby.members.len() == 2);
    assert_eq!(stored(&store, "Die Lobby #1").await, Some(lobby.clone()));
    invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
}

#[tokio::test]
async fn an_empty_name_and_empty_metadata_come_back_as_they_were() {
    let store = empty().await;
    let settings = Settings {
        name: Some(String::new()),
        ..settings()
    };
    let lobby = lobby_with("L", "host", settings, now());
    create(&store, &lobby).await;
    assert_eq!(stored(&store, "L").await, Some(lobby));
}

#[tokio::test]
async fn who_comes_in_has_a_seat_and_who_goes_has_none() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let lobby = does(&store, &lobby, join("guest")).await;
    assert_eq!(seat(&store, "guest").await, Some(lobby_id("L")));
    let lobby = does(&store, &lobby, leave("guest")).await;
    assert_eq!(seat(&store, "guest").await, None);
    assert_eq!(stored(&store, "L").await, Some(lobby));
}

#[tokio::test]
async fn a_seat_that_was_left_can_be_taken_elsewhere() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let lobby = does(&store, &lobby, join("guest")).await;
    does(&store, &lobby, leave("guest")).await;
    let other = opened(&store, "M", "other").await;
    does(&store, &other, join("guest")).await;
    assert_eq!(seat(&store, "guest").await, Some(lobby_id("M")));
}

#[tokio::test]
async fn a_player_cannot_be_seated_twice() {
    let store = empty().await;
    let first = opened(&store, "L", "host").await;
    let second = opened(&store, "M", "other").await;
    let in_first = after(&first, join("guest"));
    let in_second = after(&second, join("guest"));
    assert_eq!(save(&store, &first, in_first.as_ref()).await, Saved::Done);
    assert_eq!(
        save(&store, &second, in_second.as_ref()).await,
        Saved::SeatTaken
    );
    assert_eq!(seat(&store, "guest").await, Some(lobby_id("L")));
    assert_eq!(stored(&store, "M").await, Some(second));
}

#[tokio::test]
async fn a_seat_lasts_as_long_as_the_connection_that_the_lobby_knows() {
    let store = empty().await;
    let before = opened(&store, "L", "host").await;
    let mut after = before.clone();
    after.version += 1;
    let host = after.members.get_mut(&player_id("host")).expect("the host");
    host.contact.connection_id = connection_id("another=");
    host.contact.expires_at = host.contact.expires_at + Duration::from_mins(30);
    assert_eq!(save(&store, &before, Some(&after)).await, Saved::Done);
    assert_eq!(stored(&store, "L").await, Some(after.clone()));
    invariant_seats_say_what_the_lobby_says(&store, &after).await;
}

#[tokio::test]
async fn a_lobby_that_is_no_more_leaves_its_id_and_its_seats_free() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let lobby = does(&store, &lobby, join("guest")).await;
    assert_eq!(save(&store, &lobby, None).await, Saved::Done);
    assert_eq!(stored(&store, "L").await, None);
    assert_eq!(seat(&store, "host").await, None);
    assert_eq!(seat(&store, "guest").await, None);
    opened(&store, "L", "guest").await;
}

#[tokio::test]
async fn saving_what_has_not_changed_writes_nothing() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let earlier = store.operations();
    let saved = store.lobbies().save(&lobby, Some(&lobby), now()).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    assert_eq!(store.operations().since(&earlier).to_string(), "none");
}
