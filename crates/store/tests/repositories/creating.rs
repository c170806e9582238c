//! Opening a lobby.

use store::CreateConflict;

use crate::scene::*;

#[tokio::test]
async fn a_lobby_that_is_created_is_found_and_its_host_has_the_seat() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    assert_eq!(stored(&store, "L").await, Some(lobby.clone()));
    invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
}

#[tokio::test]
async fn what_was_never_created_is_not_found() {
    let store = empty().await;
    assert_eq!(stored(&store, "L").await, None);
    assert_eq!(seat(&store, "anybody").await, None);
}

#[tokio::test]
async fn a_taken_id_is_refused_and_nothing_changes() {
    let store = empty().await;
    let first = opened(&store, "L", "host").await;
    let second = lobby("L", "other");
    let created = try_create(&store, &second, now()).await;
    assert_eq!(created, Err(CreateConflict::LobbyExists));
    assert_eq!(stored(&store, "L").await, Some(first));
    assert_eq!(seat(&store, "other").await, None);
}

#[tokio::test]
async fn a_host_who_is_in_a_lobby_cannot_open_another() {
    let store = empty().await;
    opened(&store, "L", "host").await;
    let second = lobby("M", "host");
    let created = try_create(&store, &second, now()).await;
    assert_eq!(created, Err(CreateConflict::SeatTaken));
    assert_eq!(stored(&store, "M").await, None);
    assert_eq!(seat(&store, "host").await, Some(lobby_id("L")));
}

#[tokio::test]
async fn of_two_reasons_the_taken_id_is_told() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let created = try_create(&store, &lobby, now()).await;
    assert_eq!(created, Err(CreateConflict::LobbyExists));
}
