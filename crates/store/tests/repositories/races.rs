//! Many at once, and one after another has been quicker.

use domain::lobby::{Action, Changes, Lobby, Refusal, step};
use futures::future::join_all;
use store::{CreateConflict, Saved, Store};

use crate::scene::*;

fn rename(name: &str) -> Action {
    let changes = Changes {
        name: Some(name.to_owned()),
        ..Changes::default()
    };
    Action::Update {
        by: player_id("host"),
        changes,
    }
}

/// Runs all of them on several threads, and returns what each came to.
async fn at_once<T: Send + 'static>(
    tasks: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = tasks.map(tokio::spawn).collect();
    let outcomes = join_all(tasks).await.into_iter();
    outcomes.map(|outcome| outcome.expect("no panic")).collect()
}

/// Joins like a function does: load, decide, save, and again after a lost race.
async fn walk_in(store: Store, name: String) -> Result<(), Refusal> {
    loop {
        let lobby = stored(&store, "L").await.expect("it stays open");
        let outcome = step(&lobby, join(&name), now())?;
        match save(&store, &lobby, outcome.lobby.as_ref()).await {
            Saved::Done => return Ok(()),
            Saved::LostRace => {}
            Saved::SeatTaken => panic!("{name} is nowhere else"),
            Saved::PlayerGone => panic!("{name} is connected"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_who_create_one_lobby_exactly_one_does() {
    let store = empty().await;
    let create = async |store: Store, lobby: Lobby| {
        let created = try_create(&store, &lobby, now()).await;
        (lobby, created)
    };
    let hosts = (0..200).map(|host| lobby("L", &format!("host-{host}")));
    let outcomes = at_once(hosts.map(|lobby| create(store.clone(), lobby))).await;
    let (done, refused): (Vec<_>, Vec<_>) = outcomes
        .into_iter()
        .partition(|(_, created)| created.is_ok());
    assert_eq!(done.len(), 1);
    let exists = |(_, created): &(Lobby, _)| *created == Err(CreateConflict::LobbyExists);
    assert!(refused.iter().all(exists));
    assert_eq!(stored(&store, "L").await.as_ref(), Some(&done[0].0));
    for (lobby, _) in refused {
        assert_eq!(seat(&store, lobby.host.as_str()).await, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_who_walk_into_a_lobby_of_eight_exactly_seven_are_in() {
    let store = empty().await;
    opened(&store, "L", "host").await;
    let guests = (0..200).map(|guest| format!("guest-{guest}"));
    let outcomes = at_once(guests.map(|guest| walk_in(store.clone(), guest))).await;
    let full = Refusal::Full {
        lobby_id: lobby_id("L"),
    };
    let inside = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = outcomes
        .iter()
        .filter(|outcome| **outcome == Err(full.clone()));
    assert_eq!((inside, refused.count()), (7, 193));

    let lobby = stored(&store, "L").await.expect("it is open");
    assert_eq!((lobby.members.len(), lobby.version), (8, 8));
    invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
    for (guest, outcome) in outcomes.iter().enumerate() {
        let seat = seat(&store, &format!("guest-{guest}")).await;
        assert_eq!(seat.is_some(), outcome.is_ok(), "guest-{guest}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_player_who_joins_fifty_lobbies_at_once_is_in_one() {
    let store = empty().await;
    let lobbies: Vec<_> = (0..50).map(|number| format!("L{number}")).collect();
    for (number, id) in lobbies.iter().enumerate() {
        opened(&store, id, &format!("host-{number}")).await;
    }
    let walk_in = async |store: Store, id: String| {
        let lobby = stored(&store, &id).await.expect("it is open");
        save(&store, &lobby, after(&lobby, join("guest")).as_ref()).await
    };
    let outcomes = at_once(lobbies.into_iter().map(|id| walk_in(store.clone(), id))).await;
    let done = outcomes.iter().filter(|saved| **saved == Saved::Done);
    let taken = outcomes.iter().filter(|saved| **saved == Saved::SeatTaken);
    assert_eq!((done.count(), taken.count()), (1, 49));
}

#[tokio::test]
async fn the_second_to_save_what_it_made_of_the_same_lobby_has_lost_the_race() {
    let store = empty().await;
    let before = opened(&store, "L", "host").await;
    let first = after(&before, rename("first"));
    let second = after(&before, rename("second"));
    let guest = after(&before, join("guest"));
    assert_eq!(save(&store, &before, first.as_ref()).await, Saved::Done);
    for late in [second.as_ref(), guest.as_ref(), None] {
        assert_eq!(save(&store, &before, late).await, Saved::LostRace);
    }
    assert_eq!(stored(&store, "L").await, first);
    assert_eq!(seat(&store, "guest").await, None);
    assert_eq!(seat(&store, "host").await, Some(lobby_id("L")));
}

#[tokio::test]
async fn a_lobby_that_was_closed_and_opened_again_is_another() {
    let store = empty().await;
    let old = opened(&store, "L", "host").await;
    assert_eq!(save(&store, &old, None).await, Saved::Done);
    let new = opened(&store, "L", "newcomer").await;
    assert_eq!((&old.lobby_id, old.version), (&new.lobby_id, new.version));
    for late in [
        after(&old, rename("late")),
        after(&old, join("guest")),
        None,
    ] {
        assert_eq!(save(&store, &old, late.as_ref()).await, Saved::LostRace);
    }
    assert_eq!(stored(&store, "L").await, Some(new));
    assert_eq!(seat(&store, "newcomer").await, Some(lobby_id("L")));
}

#[tokio::test]
async fn nothing_can_be_saved_of_a_lobby_that_is_gone() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    assert_eq!(save(&store, &lobby, None).await, Saved::Done);
    for late in [
        after(&lobby, rename("late")),
        after(&lobby, join("guest")),
        None,
    ] {
        assert_eq!(save(&store, &lobby, late.as_ref()).await, Saved::LostRace);
    }
    assert_eq!(stored(&store, "L").await, None);
}
