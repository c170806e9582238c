//! Waiting in a queue by oneself.

use domain::Timestamp;
use domain::matchmaking::{Pool, Ticket};
use ids::{MatchId, QueueName};
use store::{Closed, Connection, CreateConflict, JoinConflict, Place, Reached, Saved, Store};

use crate::queue::*;
use crate::scene::*;

fn match_id(text: &str) -> MatchId {
    MatchId::parse(text).expect("a match id")
}

async fn save(store: &Store, before: &Ticket, after: &Ticket) -> Saved {
    let saved = store.tickets().save(before, after).await;
    saved.expect("the store answers")
}

#[tokio::test]
async fn who_waits_is_found_in_the_queue_and_has_its_seat_there() {
    let store = empty().await;
    let ticket = queued(&store, "player").await;
    assert_eq!(
        found(&store, &ticket.reference()).await,
        Some(ticket.clone())
    );
    let pooled = store.tickets().of_pool(&queue(), now()).await;
    assert_eq!(
        pooled.expect("the store answers"),
        std::slice::from_ref(&ticket)
    );
    let seat = store.players().seat(&player_id("player"), now()).await;
    let seat = seat.expect("the store answers").expect("a seat");
    assert_eq!(seat.place, Place::Ticket(ticket.reference()));
    assert_eq!(seat.lobby_id(), None);
    assert_eq!(seat.expires_at, ticket.players[0].expires_at);
}

#[tokio::test]
async fn a_queue_holds_its_own_tickets_and_no_others() {
    let store = empty().await;
    let mut elsewhere = ticket("elsewhere");
    elsewhere.queue = QueueName::parse("1v1-2").expect("a queue");
    assert_eq!(try_join(&store, &elsewhere).await, Ok(()));
    let ticket = queued(&store, "player").await;
    let saved = store.tickets().save_pool(&queue(), &Pool::default()).await;
    saved.expect("the store answers");
    assert_eq!(pooled(&store).await, [ticket.ticket_id].into());
}

#[tokio::test]
async fn who_waits_cannot_wait_elsewhere_too() {
    let store = empty().await;
    let first = queued(&store, "player").await;
    let mut second = ticket("player");
    second.ticket_id = ticket_id("another");
    assert_eq!(
        try_join(&store, &second).await,
        Err(JoinConflict::SeatTaken)
    );
    assert_eq!(pooled(&store).await, [first.ticket_id].into());
}

#[tokio::test]
async fn who_is_in_a_lobby_cannot_wait_in_a_queue_and_the_other_way_round() {
    let store = empty().await;
    let before = opened(&store, "L", "host").await;
    let joined = try_join(&store, &ticket("host")).await;
    assert_eq!(joined, Err(JoinConflict::SeatTaken));

    let ticket = queued(&store, "guest").await;
    let joined = after(&before, join("guest"));
    let saved = crate::scene::save(&store, &before, joined.as_ref()).await;
    assert_eq!(saved, Saved::SeatTaken);
    let created = try_create(&store, &lobby("M", "guest"), now()).await;
    assert_eq!(created, Err(CreateConflict::SeatTaken));
    assert_eq!(
        place(&store, "guest").await,
        Some(Place::Ticket(ticket.reference()))
    );
}

#[tokio::test]
async fn nobody_waits_by_a_connection_that_has_ended() {
    let store = empty().await;
    let joined = store.tickets().join(&ticket("player"), now()).await;
    assert_eq!(
        joined.expect("the store answers"),
        Err(JoinConflict::PlayerGone)
    );
    assert_eq!(pooled(&store).await, [].into());
    assert_eq!(place(&store, "player").await, None);
}

#[tokio::test]
async fn a_ticket_that_is_removed_leaves_nothing_and_its_player_may_go_elsewhere() {
    let store = empty().await;
    let ticket = queued(&store, "player").await;
    assert_eq!(remove(&store, &ticket).await, Saved::Done);
    assert_eq!(remove(&store, &ticket).await, Saved::LostRace);
    assert_eq!(pooled(&store).await, [].into());
    assert_eq!(place(&store, "player").await, None);
    opened(&store, "L", "player").await;
}

#[tokio::test]
async fn a_ticket_that_was_changed_since_is_neither_saved_nor_removed() {
    let store = empty().await;
    let before = queued(&store, "player").await;
    let after = before.returned();
    assert_eq!(save(&store, &before, &after).await, Saved::Done);
    assert_eq!(save(&store, &before, &after).await, Saved::LostRace);
    assert_eq!(remove(&store, &before).await, Saved::LostRace);
    assert_eq!(found(&store, &after.reference()).await, Some(after.clone()));
    assert_eq!(remove(&store, &after).await, Saved::Done);
    assert_eq!(save(&store, &after, &before).await, Saved::LostRace);
    assert_eq!(pooled(&store).await, [].into());
}

#[tokio::test]
async fn a_match_is_proposed_to_all_of_it_or_to_none() {
    let store = empty().await;
    let (one, other) = (queued(&store, "one").await, queued(&store, "other").await);
    let deadline = Timestamp::from_millis(now().as_millis() + 10_000);
    let proposed = match_of([&one, &other]).proposed(&match_id("m"), deadline);
    let propose = async || {
        let saved = store.tickets().propose(&proposed).await;
        saved.expect("the store answers")
    };
    assert_eq!(propose().await, Saved::Done);
    for (_, after) in &proposed {
        assert_eq!(found(&store, &after.reference()).await, Some(after.clone()));
    }
    let accepted = proposed[0].1.accepted(&match_id("m"), &player_id("one"));
    let accepted = accepted.expect("it is asked");
    assert_eq!(save(&store, &proposed[0].1, &accepted).await, Saved::Done);
    assert_eq!(found(&store, &accepted.reference()).await, Some(accepted));
    assert_eq!(propose().await, Saved::LostRace);
    let nothing = store.tickets().propose(&[]).await;
    assert_eq!(nothing.expect("the store answers"), Saved::Done);
}

#[tokio::test]
async fn a_connection_whose_player_waits_is_not_closed_before_the_ticket_is_told() {
    let store = empty().await;
    let ticket = queued(&store, "player").await;
    let connection = Connection {
        connection_id: connection_id("player="),
        player_id: player_id("player"),
        connected_at: now(),
        expires_at: now() + LIFETIME,
        permissions: None,
    };
    let close = async || {
        let closed = store
            .connections()
            .close(&connection, Reached::ByNone, now(), now())
            .await;
        closed.expect("the store answers")
    };
    assert_eq!(close().await, Closed::NotTold);
    assert_eq!(remove(&store, &ticket).await, Saved::Done);
    assert_eq!(close().await, Closed::Done);
}

#[tokio::test]
async fn a_ticket_ends_in_the_millisecond_in_which_the_last_of_its_connections_does() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let mut lobby = does(&store, &lobby, join("guest")).await;
    let short = now() + std::time::Duration::from_secs(1);
    let guest = lobby.members.get_mut(&player_id("guest"));
    guest.expect("a member").contact.expires_at = short;
    let (_, ticket) = enqueued(&store, &lobby).await;
    let just_before = Timestamp::from_millis(afterwards().as_millis() - 1);
    for (at, is_there) in [(short, true), (just_before, true), (afterwards(), false)] {
        let found = store.tickets().find(&ticket.reference(), at).await;
        assert_eq!(found.expect("the store answers").is_some(), is_there);
        let pooled = store.tickets().of_pool(&queue(), at).await;
        assert_eq!(
            pooled.expect("the store answers").len(),
            usize::from(is_there)
        );
    }
}

#[tokio::test]
async fn whoever_waited_until_its_connection_ended_can_wait_again() {
    let store = empty().await;
    let old = queued(&store, "player").await;
    let mut new = ticket("player");
    new.ticket_id = ticket_id("new");
    new.players[0].connection_id = connection_id("new=");
    new.players[0].expires_at = afterwards() + LIFETIME;
    reachable(&store, &new.players).await;
    let joined = store.tickets().join(&new, afterwards()).await;
    assert_eq!(joined.expect("the store answers"), Ok(()));
    // Removing the old one late does not take the new one's seat.
    let removed = store.tickets().remove(&old, afterwards()).await;
    assert_eq!(removed.expect("the store answers"), Saved::Done);
    let player_id = player_id("player");
    let seat = store.players().seat(&player_id, afterwards()).await;
    let seat = seat.expect("the store answers").expect("a seat");
    assert_eq!(seat.place, Place::Ticket(new.reference()));
}

#[tokio::test]
async fn what_a_queue_has_done_lately_comes_back_as_it_was_written_last() {
    let store = empty().await;
    let tickets = store.tickets();
    let pool = async || tickets.pool(&queue()).await.expect("the store answers");
    assert_eq!(pool().await, Pool::default());
    let waits = Pool {
        recent_waits: vec![3, 0, u32::MAX],
        next_tick_at: Some(now()),
    };
    for written in [waits, Pool::default()] {
        let saved = tickets.save_pool(&queue(), &written).await;
        saved.expect("the store answers");
        assert_eq!(pool().await, written);
    }
}
