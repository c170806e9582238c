//! Waiting in a queue with a party: the members of a lobby, by a ticket that the lobby has.

use domain::lobby::{Action, Departure};
use store::Saved;

use crate::queue::*;
use crate::scene::*;

fn leave(name: &str) -> Action {
    Action::Leave {
        by: player_id(name),
        how: Departure::Left,
    }
}

#[tokio::test]
async fn a_party_waits_by_its_lobby_and_everybody_keeps_the_seat_there() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let lobby = does(&store, &lobby, join("guest")).await;
    let (lobby, ticket) = enqueued(&store, &lobby).await;
    assert_eq!(
        found(&store, &ticket.reference()).await,
        Some(ticket.clone())
    );
    assert_eq!(stored(&store, "L").await, Some(lobby.clone()));
    assert_eq!(lobby.ticket, Some(ticket.reference()));
    invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
}

#[tokio::test]
async fn of_two_tickets_for_one_lobby_as_it_was_read_one_is_put_into_the_queue() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let (after, ticket) = enqueued(&store, &lobby).await;
    let mut second = ticket.clone();
    second.ticket_id = ticket_id("second");
    let other = with_ticket(&lobby, &second);
    let saved = store
        .lobbies()
        .enqueue(&lobby, &other, &second, now())
        .await;
    assert_eq!(saved.expect("the store answers"), Saved::LostRace);
    assert_eq!(pooled(&store).await, [ticket.ticket_id].into());
    assert_eq!(stored(&store, "L").await, Some(after));
}

#[tokio::test]
async fn a_party_whose_lobby_changes_or_closes_is_out_of_the_queue_with_the_same_write() {
    let store = empty().await;
    for how in ["changes", "closes"] {
        let lobby = opened(&store, how, how).await;
        let (lobby, ticket) = enqueued(&store, &lobby).await;
        // Whatever has become of the ticket: it is the lobby's.
        let saved = store.tickets().save(&ticket, &ticket.returned()).await;
        assert_eq!(saved.expect("the store answers"), Saved::Done);
        let mut without = lobby.clone();
        without.ticket = None;
        without.version += 1;
        let after = Some(&without).filter(|_| how == "changes");
        let saved = store.lobbies().save(&lobby, after, now()).await;
        assert_eq!(saved.expect("the store answers"), Saved::Done);
        assert_eq!(found(&store, &ticket.reference()).await, None);
        assert_eq!(stored(&store, how).await, after.cloned());
    }
}

#[tokio::test]
async fn a_party_of_which_nothing_changes_but_a_setting_keeps_its_ticket() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let (lobby, ticket) = enqueued(&store, &lobby).await;
    let mut renamed = lobby.clone();
    renamed.settings.name = Some("ours".to_owned());
    renamed.version += 1;
    let saved = store.lobbies().save(&lobby, Some(&renamed), now()).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    assert_eq!(pooled(&store).await, [ticket.ticket_id].into());
}

#[tokio::test]
async fn a_ticket_that_no_lobby_has_any_more_can_be_removed_without_a_seat() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let (_, ticket) = enqueued(&store, &lobby).await;
    assert_eq!(remove(&store, &ticket).await, Saved::Done);
    assert_eq!(seat(&store, "host").await, Some(lobby_id("L")));
}

#[tokio::test]
async fn who_leaves_the_party_may_wait_by_itself() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let lobby = does(&store, &lobby, join("guest")).await;
    let (lobby, ticket) = enqueued(&store, &lobby).await;
    let mut left = after(&lobby, leave("guest")).expect("it lives on");
    left.ticket = None;
    assert_eq!(save(&store, &lobby, Some(&left)).await, Saved::Done);
    let own = queued(&store, "guest").await;
    assert_eq!(found(&store, &ticket.reference()).await, None);
    assert_eq!(pooled(&store).await, [own.ticket_id].into());
}
