//! A match in which somebody turns out to be gone.

use domain::lobby::{Action, Changes};
use function::clean_up;
use schedule::Timer;

use super::scene::{Scene, by, connection, player};

fn is_clean_up_of(timer: &Timer, name: &str) -> bool {
    matches!(timer, Timer::CleanUp { connection_id } if *connection_id == connection(name))
}

#[tokio::test]
async fn a_match_with_somebody_who_is_gone_is_undone_and_the_other_keeps_its_place() {
    let scene = Scene::of("duel").await;
    let ann = scene.waits("ann", 9).await;
    scene.waits("bob", 5).await;
    scene.vanishes("bob");
    scene.ticks().await;
    assert_eq!(scene.heard_by("ann"), ["match_found", "match_returned"]);
    assert_eq!(scene.place_of("ann").await, Some(by(&ann)));
    assert_eq!(scene.place_of("bob").await, None);
    let [back] = &scene.waiting().await[..] else {
        panic!("ann alone waits");
    };
    assert_eq!(back.created_at, ann.created_at);
    assert!(back.version > ann.version);
    let (ticks, timers) = scene.scheduled();
    assert!(ticks > 0, "ann may be matched at once");
    assert!(timers.iter().any(|timer| is_clean_up_of(timer, "bob")));

    scene.waits("cem", 0).await;
    scene.ticks().await;
    let lobby = scene.lobby_of("ann").await.expect("a match");
    assert!(lobby.members.contains_key(&player("cem")));
}

#[tokio::test]
async fn a_farewell_right_after_the_match_undoes_it_too() {
    let scene = Scene::of("duel").await;
    let ann = scene.waits("ann", 9).await;
    scene.waits("bob", 5).await;
    scene.ticks().await;
    let gone = connection("bob");
    for _ in 0..2 {
        let cleaned = clean_up(&scene.context, &gone, function::now()).await;
        cleaned.expect("everything answers");
    }
    assert_eq!(scene.heard_by("ann"), ["match_found", "match_returned"]);
    assert_eq!(scene.place_of("ann").await, Some(by(&ann)));
    let connections = scene.context.store.connections();
    let bob = connections.find(&gone, function::now()).await;
    assert_eq!(bob.expect("the tables answer"), None);
}

#[tokio::test]
async fn a_match_in_which_something_has_happened_stays() {
    let scene = Scene::of("duel").await;
    scene.waits("ann", 9).await;
    scene.waits("bob", 5).await;
    scene.ticks().await;
    let lobby = scene.lobby_of("ann").await.expect("a match");
    let unlock = Action::Update {
        by: player("ann"),
        changes: Changes {
            locked: Some(false),
            ..Changes::default()
        },
    };
    let now = function::now();
    let changed = function::lobby::change(&scene.context, &lobby.lobby_id, now, &unlock).await;
    changed.expect("a host may");
    let cleaned = clean_up(&scene.context, &connection("bob"), now).await;
    cleaned.expect("everything answers");
    assert_eq!(scene.heard_by("ann"), ["match_found", "player_away"]);
    let lobby = scene.lobby_of("ann").await.expect("still the match");
    assert!(lobby.members[&player("bob")].contact.away);
}

#[tokio::test]
async fn whoever_vanishes_while_it_waits_keeps_its_place_for_the_grace_period_and_no_longer() {
    let scene = Scene::of("duel").await;
    scene.waits("ann", 9).await;
    let now = function::now();
    let cleaned = clean_up(&scene.context, &connection("ann"), now).await;
    cleaned.expect("everything answers");
    let [away] = &scene.waiting().await[..] else {
        panic!("it waits on");
    };
    assert!(away.is_away());
    let (ticks, _) = scene.scheduled();
    assert_eq!(ticks, 0, "nobody was to play with it");
    let later = now + scene.context.grace;
    let store = &scene.context.store;
    let waiting = store.tickets().of_pool(&away.queue, later).await;
    assert!(waiting.expect("the tables answer").is_empty());
    let seat = store.players().seat(&player("ann"), later).await;
    assert_eq!(seat.expect("the tables answer"), None);
}

#[tokio::test]
async fn a_party_in_a_match_that_is_undone_hears_that_its_lobby_is_gone_and_is_free() {
    let scene = Scene::of("pairs").await;
    scene.wait_together("ann", "bob").await;
    let cem = scene.waits("cem", 0).await;
    scene.waits("dee", 0).await;
    scene.vanishes("dee");
    scene.ticks().await;
    for name in ["ann", "bob"] {
        let heard = ["match_found", "lobby_closed", "matchmaking_cancelled"];
        assert_eq!(scene.heard_by(name), heard);
        assert_eq!(scene.place_of(name).await, None);
    }
    assert_eq!(scene.heard_by("cem"), ["match_found", "match_returned"]);
    assert_eq!(scene.place_of("cem").await, Some(by(&cem)));
    assert_eq!(scene.waiting().await.len(), 1);
}
