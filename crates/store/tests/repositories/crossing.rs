//! Tickets, seats and farewells that cross each other: of those that cannot all be done, one is.

use std::collections::BTreeSet;

use domain::lobby::Lobby;
use domain::matchmaking::{Match, Ticket};
use futures::future::join_all;
use store::{Closed, Connection, JoinConflict, Place, Reached, Saved, Store};

use crate::queue::*;
use crate::scene::*;

/// How often each race is run; on several threads it comes out either way.
const ROUNDS: u32 = 20;

/// Begins both on threads of their own, and returns what each came to.
fn both<A: Send + 'static, B: Send + 'static>(
    one: impl Future<Output = A> + Send + 'static,
    other: impl Future<Output = B> + Send + 'static,
) -> impl Future<Output = (A, B)> {
    let (one, other) = (tokio::spawn(one), tokio::spawn(other));
    async { (one.await.expect("no panic"), other.await.expect("no panic")) }
}

async fn claim_it(store: Store, of: Match, lobby: Lobby) -> Saved {
    claim(&store, &of, &lobby).await
}

/// A player's connection ends, whom whatever it is in has been told of.
async fn ends(store: &Store, name: &str) -> Closed {
    let (connections, connection) = (store.connections(), connection(name));
    let closed = connections.close(&connection, Reached::ByNone, later(), now());
    closed.await.expect("the store answers")
}

async fn remove_it(store: Store, ticket: Ticket) -> Saved {
    remove(&store, &ticket).await
}

fn connection(name: &str) -> Connection {
    let contact = contact(name);
    Connection {
        connection_id: contact.connection_id,
        player_id: contact.player_id,
        connected_at: now(),
        expires_at: contact.expires_at,
        permissions: None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_player_who_joins_fifty_queues_and_lobbies_at_once_is_in_one() {
    let store = empty().await;
    reachable(&store, &[contact("player")]).await;
    let waits = async |store: Store, number: u32| {
        let mut ticket = ticket("player");
        ticket.ticket_id = ticket_id(&format!("t-{number}"));
        let joined = store.tickets().join(&ticket, now()).await;
        joined.expect("the store answers").is_ok()
    };
    let opens = async |store: Store, number: u32| {
        let lobby = lobby(&format!("L{number}"), "player");
        let created = store.lobbies().create(&lobby, now()).await;
        created.expect("the store answers").is_ok()
    };
    let wishes = (0..50).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            match number % 2 {
                0 => waits(store, number).await,
                _ => opens(store, number).await,
            }
        })
    });
    let done = join_all(wishes).await.into_iter();
    let done = done.filter(|done| matches!(done, Ok(true))).count();
    assert_eq!(done, 1);
    let waiting = pooled(&store).await.len();
    let seat = seat(&store, "player").await;
    assert_eq!(waiting + usize::from(seat.is_some()), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_match_and_a_farewell_from_the_queue_one_is_done() {
    for _ in 0..ROUNDS {
        let store = empty().await;
        let (one, two) = (queued(&store, "one").await, queued(&store, "two").await);
        let of = match_of([&one, &two]);
        let lobby = lobby_of("M", &of);
        let outcome = both(
            claim_it(store.clone(), of, lobby.clone()),
            remove_it(store.clone(), two),
        );
        match outcome.await {
            (Saved::Done, Saved::LostRace) => {
                invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
                assert_eq!(pooled(&store).await, BTreeSet::new());
            }
            (Saved::LostRace, Saved::Done) => {
                assert_eq!(stored(&store, "M").await, None);
                assert_eq!(place(&store, "two").await, None);
                assert_eq!(pooled(&store).await, [one.ticket_id].into());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_matches_of_one_ticket_one_is_made() {
    for _ in 0..ROUNDS {
        let store = empty().await;
        let (one, two) = (queued(&store, "one").await, queued(&store, "two").await);
        let three = queued(&store, "three").await;
        let (with_two, with_three) = (match_of([&one, &two]), match_of([&one, &three]));
        let (second, third) = (lobby_of("M2", &with_two), lobby_of("M3", &with_three));
        let outcome = both(
            claim_it(store.clone(), with_two, second.clone()),
            claim_it(store.clone(), with_three, third.clone()),
        );
        let (made, left, not_made) = match outcome.await {
            (Saved::Done, Saved::LostRace) => (second, three, "M3"),
            (Saved::LostRace, Saved::Done) => (third, two, "M2"),
            other => panic!("{other:?}"),
        };
        invariant_seats_say_what_the_lobby_says(&store, &made).await;
        assert_eq!(stored(&store, not_made).await, None);
        assert_eq!(pooled(&store).await, [left.ticket_id].into());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_partys_match_and_a_change_of_its_lobby_do_not_both_happen() {
    for _ in 0..ROUNDS {
        let store = empty().await;
        let lobby = opened(&store, "L", "host").await;
        let (lobby, party) = enqueued(&store, &lobby).await;
        let of = match_of([&party]);
        let new = lobby_of("M", &of);
        let save = async |store: Store, lobby: Lobby| {
            let saved = store.lobbies().save(&lobby, None, now()).await;
            saved.expect("the store answers")
        };
        let outcome = both(
            claim_it(store.clone(), of, new.clone()),
            save(store.clone(), lobby),
        );
        match outcome.await {
            (Saved::Done, Saved::LostRace) => {
                invariant_seats_say_what_the_lobby_says(&store, &new).await;
            }
            (Saved::LostRace, Saved::Done) => {
                assert_eq!(stored(&store, "M").await, None);
                assert_eq!(place(&store, "host").await, None);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(stored(&store, "L").await, None);
        assert_eq!(pooled(&store).await, BTreeSet::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_ends_at_the_moment_of_the_match_is_found_in_the_lobby() {
    for _ in 0..ROUNDS {
        let store = empty().await;
        let (one, two) = (queued(&store, "one").await, queued(&store, "two").await);
        let of = match_of([&one, &two]);
        let lobby = lobby_of("M", &of);
        let farewell = async |store: Store, waits: Ticket| {
            let away = waits.lost(&connection("two").connection_id, later());
            let away = away.expect("it waits by this connection");
            let told = store.tickets().reach(&waits, &away, now()).await;
            (told.expect("the store answers"), ends(&store, "two").await)
        };
        let claimed = claim_it(store.clone(), of, lobby.clone());
        // A match that is faster is not hindered, and the farewell learns of it.
        match both(claimed, farewell(store.clone(), two)).await {
            (Saved::Done, (Saved::LostRace, Closed::NotTold)) => {
                assert_eq!(seat(&store, "two").await, Some(lobby_id("M")));
            }
            (Saved::LostRace, (Saved::Done, Closed::Done)) => {
                assert_eq!(seat(&store, "two").await, None);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_ends_at_the_moment_of_joining_leaves_nobody_in_the_queue_unseen() {
    for _ in 0..ROUNDS {
        let store = empty().await;
        reachable(&store, &[contact("player")]).await;
        let join = async |store: Store| {
            let joined = store.tickets().join(&ticket("player"), now()).await;
            joined.expect("the store answers")
        };
        let close = async |store: Store| ends(&store, "player").await;
        let place = match both(join(store.clone()), close(store.clone())).await {
            (Ok(()), Closed::NotTold) => Some(Place::Ticket(ticket("player").reference())),
            (Err(JoinConflict::PlayerGone), Closed::Done) => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(crate::scene::place(&store, "player").await, place);
        assert_eq!(pooled(&store).await.len(), usize::from(place.is_some()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_undone_match_and_a_change_of_its_lobby_do_not_both_happen() {
    for _ in 0..ROUNDS {
        let store = empty().await;
        let (of, lobby) = matched(&store, &["one", "two"]).await;
        let undo = async |store: Store, of: Match, lobby: Lobby| {
            let back: Vec<_> = of.tickets().map(Ticket::returned).collect();
            let undone = store.tickets().undo(&lobby, &back, now()).await;
            undone.expect("the store answers")
        };
        let close = async |store: Store, lobby: Lobby| {
            let closed = store.lobbies().save(&lobby, None, now()).await;
            closed.expect("the store answers")
        };
        let outcome = both(
            undo(store.clone(), of, lobby.clone()),
            close(store.clone(), lobby),
        );
        let waiting = match outcome.await {
            (Saved::Done, Saved::LostRace) => 2,
            (Saved::LostRace, Saved::Done) => 0,
            other => panic!("{other:?}"),
        };
        assert_eq!(pooled(&store).await.len(), waiting);
        assert_eq!(place(&store, "one").await.is_some(), waiting > 0);
        assert_eq!(stored(&store, "M").await, None);
    }
}

#[tokio::test]
async fn a_clock_that_is_behind_takes_no_seat_in_a_queue_from_who_was_in_a_lobby() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let lobby = does(&store, &lobby, join("guest")).await;
    let mut later = ticket("guest");
    later.players[0].expires_at = afterwards() + LIFETIME;
    reachable(&store, &later.players).await;
    let joined = store.tickets().join(&later, afterwards()).await;
    assert_eq!(joined.expect("the store answers"), Ok(()));
    // To this one, the guest's first connection has not ended yet.
    assert_eq!(save(&store, &lobby, None).await, Saved::LostRace);
    let seat = place(&store, "guest").await;
    assert_eq!(seat, Some(Place::Ticket(later.reference())));
}
