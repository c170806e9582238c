//! Closing lobbies with as many in them as there can be.

use domain::battle::RulesName;
use domain::lobby::{
    Action, JoinPolicy, Lobby, MAX_BANS, MAX_REQUESTS, Metadata, PasswordProof, Settings,
};
use serde_json::json;
use store::{Saved, Store};

use crate::battle::*;
use crate::queue::*;
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
    let waiting = (0..MAX_REQUESTS).map(|number| join(named("waiting", number)));
    lobby = all_at_once(store, lobby, waiting).await;
    let mut open = lobby.clone();
    open.version += 1;
    open.settings.join_policy = JoinPolicy::Open;
    let banned = (0..MAX_BANS).map(|number| player_id(&named("banned", number)));
    open.bans = banned.collect();
    assert_eq!(save(store, &lobby, Some(&open)).await, Saved::Done);
    // Each takes a seat and a look at its connection.
    for numbers in [1..33, 33..64] {
        let members = numbers.map(|number| join(named("member", number)));
        open = all_at_once(store, open, members).await;
    }
    open
}

/// What these actions make of a lobby, saved as one change.
async fn all_at_once(store: &Store, before: Lobby, actions: impl Iterator<Item = Action>) -> Lobby {
    let done = actions.fold(before.clone(), |lobby, action| {
        after(&lobby, action).expect("the lobby lives on")
    });
    assert_eq!(save(store, &before, Some(&done)).await, Saved::Done);
    done
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
async fn a_lobby_at_all_its_limits_takes_its_ticket_and_its_battle_along_in_the_same_transaction() {
    let store = empty().await;
    let lobby = crowded(&store).await;
    let (lobby, ticket) = enqueued(&store, &lobby).await;
    let fighting = with_battle(&lobby, battle("b", RulesName::ScoreAttack, &lobby));
    assert_eq!(save(&store, &lobby, Some(&fighting)).await, Saved::Done);
    let earlier = store.operations();
    // The lobby, 64 members, 32 who wait, the ticket and two results: a hundred writes, and DynamoDB takes no more.
    assert_eq!(save(&store, &fighting, None).await, Saved::Done);
    assert_eq!(
        store.operations().since(&earlier).of("TransactWriteItems"),
        1
    );
    assert_eq!(stored(&store, "L").await, None);
    invariant_nobody_has_a_seat(&store, &fighting).await;
    assert_eq!(found(&store, &ticket.reference()).await, None);
    for (_, player) in fighting.battle.expect("it was fought").players.iter() {
        let results = store
            .results()
            .list(&player.player_id, None, 9, now())
            .await;
        assert_eq!(results.expect("the store answers").results.len(), 1);
    }
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
