//! Closing lobbies with as many in them as there can be.

use domain::lobby::{
    Action, JoinPolicy, Lobby, MAX_BANS, MAX_REQUESTS, Metadata, PasswordProof, Settings,
};
use serde_json::json;
use store::{Saved, Store};

use crate::scene::*;

/// What a player may say of itself at most: 2 KB.
fn longest_metadata() -> Metadata {
    let text = "x".repeat(2_000);
    json!({ "text": text })
        .as_object()
        .expect("an object")
        .clone()
}

fn named(kind: &str, number: impl std::fmt::Display) -> String {
    // As long as it may be, with the scene's ending of a connection's id.
    let ending = format!("-{number}");
    format!("{kind:-<width$}{ending}", width = 127 - ending.len())
}

/// A lobby with as much of everything as is allowed.
async fn crowded(store: &Store) -> Lobby {
    let settings = Settings {
        max_players: 64,
        join_policy: JoinPolicy::Ask,
        metadata: longest_metadata(),
        ..settings()
    };
    let mut lobby = lobby_with("L", "host", settings, now());
    create(store, &lobby).await;
    let join = |name: String| Action::Join {
        by: contact(&name),
        password: PasswordProof::Right,
        metadata: longest_metadata(),
    };
    for number in 0..MAX_REQUESTS {
        lobby = does(store, &lobby, join(named("waiting", number))).await;
    }
    let mut open = lobby.clone();
    open.version += 1;
    open.settings.join_policy = JoinPolicy::Open;
    let banned = (0..MAX_BANS).map(|number| player_id(&named("banned", number)));
    open.bans = banned.collect();
    assert_eq!(save(store, &lobby, Some(&open)).await, Saved::Done);
    for number in 1..64 {
        open = does(store, &open, join(named("member", number))).await;
    }
    open
}

async fn invariant_nobody_has_a_seat(store: &Store, lobby: &Lobby) {
    for contact in lobby.seated() {
        assert_eq!(seat(store, contact.player_id.as_str()).await, None);
    }
}

#[tokio::test]
async fn a_lobby_at_all_its_limits_goes_in_one_transaction_and_leaves_no_seat() {
    let store = empty().await;
    let lobby = crowded(&store).await;
    assert_eq!(lobby.members.len(), 64);
    assert_eq!(lobby.requests.len(), MAX_REQUESTS);
    invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
    let earlier = store.operations();
    assert_eq!(save(&store, &lobby, None).await, Saved::Done);
    assert_eq!(
        store.operations().since(&earlier).to_string(),
        "TransactWriteItems 1"
    );
    assert_eq!(stored(&store, "L").await, None);
    invariant_nobody_has_a_seat(&store, &lobby).await;
}

#[tokio::test]
async fn a_crowd_that_was_read_too_early_is_not_closed_by_half() {
    let store = empty().await;
    let lobby = crowded(&store).await;
    let mut late = lobby.clone();
    late.version += 1;
    late.settings.locked = true;
    assert_eq!(save(&store, &lobby, Some(&late)).await, Saved::Done);
    assert_eq!(save(&store, &lobby, None).await, Saved::LostRace);
    assert_eq!(stored(&store, "L").await, Some(late.clone()));
    invariant_seats_say_what_the_lobby_says(&store, &late).await;
}

#[tokio::test]
async fn a_crowd_whose_connections_have_ended_goes_in_one_operation() {
    let store = empty().await;
    let lobby = crowded(&store).await;
    let earlier = store.operations();
    let saved = store.lobbies().save(&lobby, None, afterwards()).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    assert_eq!(
        store.operations().since(&earlier).to_string(),
        "TransactWriteItems 1"
    );
}
