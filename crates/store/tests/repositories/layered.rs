//! A network that loses requests and answers, and tables that are busy: what the SDK's retries make of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use domain::lobby::Lobby;
use futures::future::BoxFuture;
use store::{Fate, Inspector, Layer, Outcome, Saved, Store, StoreError};

use crate::scene::*;

/// Has these fates in store for the next requests, and then answers.
struct Fates(Mutex<VecDeque<Fate>>);

impl Layer for Fates {
    fn arrives(&self, _operation: &str) -> BoxFuture<'static, Fate> {
        let fate = self.0.lock().expect("no test panics here").pop_front();
        Box::pin(std::future::ready(fate.unwrap_or(Fate::Answered)))
    }

    fn applied(&self, _operation: &str) {}

    fn answered(&self, _outcome: Outcome) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// A store whose next requests meet these fates, and in which ann has a lobby of eight.
async fn before<const N: usize>(fates: [Fate; N]) -> (Store, Inspector, Lobby) {
    let layer = Arc::new(Fates(Mutex::default()));
    let made = store::in_process_behind(Arc::<Fates>::clone(&layer)).await;
    let (store, inspector) = made.expect("tables in this process");
    let lobby = opened(&store, "friday", "ann").await;
    layer.0.lock().expect("no test panics here").extend(fates);
    (store, inspector, lobby)
}

/// A change that is one `PutItem`.
fn locked(lobby: &Lobby) -> Lobby {
    let mut after = lobby.clone();
    after.settings.locked = true;
    after.version += 1;
    after
}

#[tokio::test(start_paused = true)]
async fn a_transaction_whose_answer_is_lost_is_done_once_and_has_succeeded() {
    let (store, inspector, lobby) = before([Fate::AnswerLost]).await;
    let saved = store.lobbies().save(&lobby, None, now()).await;
    assert_eq!(saved.expect("the second answer comes"), Saved::Done);
    let contents = inspector.contents().expect("everything can be read");
    assert_eq!((contents.lobbies, contents.seats), (vec![], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_put_whose_answer_is_lost_has_lost_the_race_against_itself() {
    let (store, inspector, lobby) = before([Fate::AnswerLost]).await;
    let after = locked(&lobby);
    let saved = store.lobbies().save(&lobby, Some(&after), now()).await;
    assert_eq!(saved.expect("the second answer comes"), Saved::LostRace);
    let contents = inspector.contents().expect("everything can be read");
    assert_eq!(contents.lobbies, [after]);
}

#[tokio::test(start_paused = true)]
async fn what_is_lost_throttled_or_fails_twice_is_done_by_the_third_attempt() {
    for fate in [Fate::Lost, Fate::Throttled, Fate::Failed] {
        let (store, _, lobby) = before([fate, fate]).await;
        let found = store.lobbies().find(&lobby.lobby_id, now()).await;
        assert_eq!(found.expect("the third is answered"), Some(lobby));
    }
}

#[tokio::test(start_paused = true)]
async fn what_never_gets_through_is_a_failure_and_nothing_is_done() {
    for fate in [Fate::Lost, Fate::Throttled, Fate::Failed] {
        let (store, inspector, lobby) = before([fate, fate, fate]).await;
        let saved = store.lobbies().save(&lobby, None, now()).await;
        assert!(
            matches!(saved, Err(StoreError::Unavailable { .. })),
            "{saved:?}"
        );
        let contents = inspector.contents().expect("everything can be read");
        assert_eq!(contents.lobbies, [lobby]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_meets_another_transaction_has_lost_a_race() {
    let (store, _, lobby) = before([Fate::Conflict, Fate::Conflict]).await;
    for after in [Some(&locked(&lobby)), None] {
        let saved = store.lobbies().save(&lobby, after, now()).await;
        assert_eq!(saved.expect("it is answered"), Saved::LostRace);
    }
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_is_cancelled_as_an_item_is_throttled_is_a_failure() {
    let (store, _, lobby) = before([Fate::CancelledAsThrottled; 3]).await;
    let saved = store.lobbies().save(&lobby, None, now()).await;
    assert!(
        matches!(saved, Err(StoreError::Unavailable { .. })),
        "{saved:?}"
    );
}

#[tokio::test]
async fn an_inspector_sees_everything_that_is_stored() {
    let (_, inspector, lobby) = before([]).await;
    let contents = inspector.contents().expect("everything can be read");
    assert_eq!(contents.lobbies, [lobby]);
    let [(player, seat)] = &contents.seats[..] else {
        panic!("ann has the only seat: {:?}", contents.seats);
    };
    assert_eq!(*player, player_id("ann"));
    assert_eq!(seat.lobby_id(), Some(&lobby_id("friday")));
    assert_eq!(contents.connections.len(), 1);
    assert_eq!(contents.presences.len(), 1);
    assert!(contents.tickets.is_empty() && contents.results.is_empty());
}
