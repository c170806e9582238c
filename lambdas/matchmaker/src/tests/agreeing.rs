//! Matches that are proposed.

use domain::matchmaking::Ticket;
use function::clean_up;
use store::Saved;

use super::scene::{Scene, by, connection, player};

/// Two who are asked.
async fn asked() -> (Scene, [Ticket; 2]) {
    let scene = Scene::of("ask").await;
    let (ann, bob) = (scene.waits("ann", 2).await, scene.waits("bob", 1).await);
    scene.ticks().await;
    for name in ["ann", "bob"] {
        assert_eq!(scene.heard_by(name), ["match_proposed"]);
    }
    (scene, [ann, bob])
}

async fn accepts(scene: &Scene, name: &str) {
    let asked = scene.waiting().await;
    let own = asked.iter();
    let own = own
        .clone()
        .find(|ticket| ticket.players[0].player_id == player(name));
    let own = own.expect("it waits");
    let match_id = &own.proposal().expect("it is asked").match_id;
    let accepted = own.accepted(match_id, &player(name)).expect("it is asked");
    let saved = scene.context.store.tickets().save(own, &accepted).await;
    assert_eq!(saved.expect("the tables answer"), Saved::Done);
}

#[tokio::test]
async fn a_match_is_made_when_everybody_has_accepted_and_not_before() {
    let (scene, tickets) = asked().await;
    accepts(&scene, "ann").await;
    scene.ticks().await;
    assert_eq!(scene.place_of("ann").await, Some(by(&tickets[0])));
    accepts(&scene, "bob").await;
    scene.ticks().await;
    for name in ["ann", "bob"] {
        assert_eq!(scene.heard_by(name), ["match_found"]);
    }
    assert!(scene.waiting().await.is_empty());
}

#[tokio::test]
async fn while_one_is_away_the_match_waits_for_it_to_come_back_and_accept() {
    let (scene, tickets) = asked().await;
    accepts(&scene, "ann").await;
    let cleaned = clean_up(&scene.context, &connection("bob"), function::now()).await;
    cleaned.expect("everything answers");
    scene.ticks().await;
    assert_eq!(scene.heard_by("ann"), [""; 0]);
    let waiting = scene.waiting().await;
    assert_eq!(waiting.len(), tickets.len());
    for ticket in waiting {
        assert!(ticket.proposal().is_some());
        assert_eq!(
            ticket.is_away(),
            ticket.players[0].player_id == player("bob")
        );
    }
}
