//! `list_lobbies`.

use std::collections::BTreeSet;

use client::protocol::ErrorCode;
use client::protocol::event::{LobbySummary, PlayerJoined};
use client::protocol::lobby::{
    CloseLobby, Criterion, JoinPolicy, ListLobbies, Range, StartLobby, UpdateLobby, Visibility,
};
use e2e::{Player, World, settings, text};
use ids::LobbyId;
use serde_json::{Number, Value, json};

/// A public lobby whose metadata says this, and by which test it was opened.
fn public(world: &World, mut metadata: Value) -> StartLobby {
    metadata["test"] = world.tag().into();
    StartLobby {
        visibility: Some(Visibility::Public),
        join_policy: Some(JoinPolicy::Open),
        metadata: Some(serde_json::from_value(metadata).expect("an object")),
        ..StartLobby::default()
    }
}

/// This test's lobbies alone: elsewhere there may be others.
fn of_this_test(world: &World) -> (&'static str, Criterion) {
    ("test", Criterion::Equals(world.tag().into()))
}

fn ids(lobbies: &[LobbySummary]) -> Vec<LobbyId> {
    lobbies.iter().map(|lobby| lobby.lobby_id.clone()).collect()
}

fn between(min: Option<Number>, max: Option<Number>) -> Criterion {
    Criterion::Range(Range { min, max })
}

fn float(value: f64) -> Number {
    Number::from_f64(value).expect("it is finite")
}

/// Opens lobbies, each with a host of its own; in the order of opening.
async fn open(world: &World, metadata: &[Value]) -> Vec<(Player, LobbyId)> {
    let mut opened = Vec::new();
    for metadata in metadata {
        let host = world.player("host").await;
        let started = host.starts(public(world, metadata.clone())).await;
        opened.push((host, started.lobby.lobby_id));
    }
    opened
}

#[tokio::test]
async fn a_public_lobby_is_listed_and_a_private_one_is_not() {
    let world = World::start().await;
    let (host, other, seeker) = (
        world.player("host").await,
        world.player("other").await,
        world.player("seeker").await,
    );
    let wish = StartLobby {
        name: Some(text("Friday night")),
        password: Some(text("open sesame")),
        ..public(&world, json!({"map": "desert"}))
    };
    let started = host.starts(wish.clone()).await;
    other
        .starts(StartLobby {
            visibility: Some(Visibility::Private),
            ..wish
        })
        .await;
    let listed = seeker
        .lists_until(None, &[of_this_test(&world)], |listed| !listed.is_empty())
        .await;
    assert_eq!(listed, [started.lobby]);
    world.ends().await;
}

#[tokio::test]
async fn the_listing_shows_how_many_are_in() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts(public(&world, json!({}))).await.lobby.lobby_id;
    guest.joins(&lobby_id).await;
    host.hears::<PlayerJoined>().await;
    let filter = [of_this_test(&world)];
    guest
        .lists_until(None, &filter, |listed| {
            listed.iter().map(|lobby| lobby.players).eq([2])
        })
        .await;
    world.ends().await;
}

#[tokio::test]
async fn a_listing_is_filtered_by_equality() {
    let world = World::start().await;
    let opened = open(
        &world,
        &[
            json!({"map": "desert", "ranked": true, "level": 5}),
            json!({"map": "ice", "ranked": true, "level": 5.0}),
            json!({"map": "ice", "ranked": false, "level": "5"}),
            json!({"map": ["ice"], "ranked": null}),
        ],
    )
    .await;
    let seeker = world.player("seeker").await;
    for (filter, expected) in [
        (vec![], vec![0, 1, 2, 3]),
        (vec![("map", json!("ice"))], vec![1, 2]),
        (
            vec![("map", json!("ice")), ("ranked", json!(true))],
            vec![1],
        ),
        // 5 and 5.0 are one number, and "5" is none.
        (vec![("level", json!(5))], vec![0, 1]),
        (vec![("ranked", json!(null))], vec![3]),
        (vec![("map", json!("moon"))], vec![]),
        (vec![("nobody", json!("says this"))], vec![]),
    ] {
        let mut criteria: Vec<_> = filter
            .into_iter()
            .map(|(key, value)| (key, Criterion::Equals(value)))
            .collect();
        criteria.push(of_this_test(&world));
        let expected: BTreeSet<_> = expected
            .iter()
            .map(|at: &usize| opened[*at].1.clone())
            .collect();
        seeker
            .lists_until(None, &criteria, |listed| {
                ids(listed).into_iter().collect::<BTreeSet<_>>() == expected
            })
            .await;
    }
    world.ends().await;
}

#[tokio::test]
async fn a_listing_is_filtered_by_ranges() {
    let world = World::start().await;
    let opened = open(
        &world,
        &[
            json!({"level": 1}),
            json!({"level": 5}),
            json!({"level": 5.5}),
            json!({"level": "6"}),
            json!({"level": -9_007_199_254_740_993_i64}),
        ],
    )
    .await;
    let seeker = world.player("seeker").await;
    for (criterion, expected) in [
        (between(Some(5.into()), None), vec![1, 2]),
        (between(None, Some(5.into())), vec![0, 1, 4]),
        (between(Some(1.into()), Some(5.into())), vec![0, 1]),
        (between(Some(float(5.25)), Some(float(5.5))), vec![2]),
        // Neighbours that a float cannot tell apart.
        (
            between(None, Some((-9_007_199_254_740_993_i64).into())),
            vec![4],
        ),
        (
            between(None, Some((-9_007_199_254_740_994_i64).into())),
            vec![],
        ),
        (between(Some(6.into()), None), vec![]),
    ] {
        let expected: BTreeSet<_> = expected
            .iter()
            .map(|at: &usize| opened[*at].1.clone())
            .collect();
        seeker
            .lists_until(
                None,
                &[("level", criterion), of_this_test(&world)],
                |listed| ids(listed).into_iter().collect::<BTreeSet<_>>() == expected,
            )
            .await;
    }
    world.ends().await;
}

#[tokio::test]
async fn a_listing_in_pages_shows_every_lobby_once_the_newest_first() {
    let world = World::start().await;
    let opened = open(&world, &vec![json!({}); 11]).await;
    let seeker = world.player("seeker").await;
    let mut expected: Vec<_> = opened
        .iter()
        .map(|(_, lobby_id)| lobby_id.clone())
        .collect();
    expected.sort();
    for limit in [1, 4, 11, 50] {
        let listed = seeker
            .lists_until(Some(limit), &[of_this_test(&world)], |listed| {
                let mut found = ids(listed);
                found.sort();
                found == expected
            })
            .await;
        assert!(
            listed.is_sorted_by(|newer, older| newer.created_at >= older.created_at),
            "{listed:#?}"
        );
    }
    world.ends().await;
}

#[tokio::test]
async fn a_page_is_no_longer_than_its_limit_and_its_cursor_goes_on_behind_it() {
    let Some(world) = World::with(settings(), "a listing with no other test's lobbies").await
    else {
        return;
    };
    let _hosts = open(&world, &vec![json!({}); 5]).await;
    let seeker = world.player("seeker").await;
    let wanted = |cursor: Option<&str>| ListLobbies {
        limit: Some(client::protocol::Whole::new(2).expect("within range")),
        cursor: cursor.map(text),
        ..ListLobbies::default()
    };
    let first = seeker.lists(wanted(None)).await;
    assert_eq!(first.lobbies.len(), 2);
    let cursor = first.cursor.expect("there are five");
    let second = seeker.lists(wanted(Some(&cursor))).await;
    let seen = ids(&first.lobbies);
    assert!(ids(&second.lobbies).iter().all(|id| !seen.contains(id)));
    // A cursor is good more than once.
    assert_eq!(seeker.lists(wanted(Some(&cursor))).await, second);
    world.ends().await;
}

#[tokio::test]
async fn a_cursor_that_no_listing_made_is_refused() {
    let world = World::start().await;
    let seeker = world.player("seeker").await;
    for cursor in ["1", "not a cursor", "AAAA", "\u{1F3AE}", "////"] {
        let refused = seeker.is_refused(ListLobbies {
            cursor: Some(text(cursor)),
            ..ListLobbies::default()
        });
        assert_eq!(refused.await.code, ErrorCode::InvalidCursor, "{cursor}");
    }
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_that_turns_private_leaves_the_listing_and_comes_back_with_public() {
    let world = World::start().await;
    let (host, seeker) = (world.player("host").await, world.player("seeker").await);
    let lobby_id = host.starts(public(&world, json!({}))).await.lobby.lobby_id;
    let filter = [of_this_test(&world)];
    let turn = |visibility| UpdateLobby {
        visibility: Some(visibility),
        ..UpdateLobby::default()
    };
    seeker
        .lists_until(None, &filter, |listed| ids(listed) == [lobby_id.clone()])
        .await;
    host.does(turn(Visibility::Private)).await;
    seeker.lists_until(None, &filter, <[_]>::is_empty).await;
    host.does(turn(Visibility::Public)).await;
    seeker
        .lists_until(None, &filter, |listed| ids(listed) == [lobby_id.clone()])
        .await;
    world.ends().await;
}

#[tokio::test]
async fn an_updated_lobby_is_listed_as_it_is_now() {
    let world = World::start().await;
    let (host, seeker) = (world.player("host").await, world.player("seeker").await);
    host.starts(public(&world, json!({"map": "ice"}))).await;
    let metadata = json!({"map": "desert", "test": world.tag()});
    host.does(UpdateLobby {
        locked: Some(true),
        metadata: Some(serde_json::from_value(metadata).expect("an object")),
        ..UpdateLobby::default()
    })
    .await;
    let on = |map: &str| [("map", Criterion::Equals(map.into())), of_this_test(&world)];
    seeker
        .lists_until(None, &on("desert"), |listed| {
            listed.iter().map(|lobby| lobby.locked).eq([true])
        })
        .await;
    seeker.lists_until(None, &on("ice"), <[_]>::is_empty).await;
    world.ends().await;
}

#[tokio::test]
async fn a_closed_lobby_leaves_the_listing() {
    let world = World::start().await;
    let (host, seeker) = (world.player("host").await, world.player("seeker").await);
    host.starts(public(&world, json!({}))).await;
    host.does(CloseLobby {}).await;
    seeker
        .lists_until(None, &[of_this_test(&world)], <[_]>::is_empty)
        .await;
    world.ends().await;
}

#[tokio::test]
async fn a_page_of_the_longest_metadata_fits_into_one_message() {
    let world = World::start().await;
    let room = client::protocol::Metadata::MAX_BYTES
        - json!({"test": world.tag(), "pad": ""}).to_string().len();
    let metadata = json!({"pad": "x".repeat(room)});
    let opened = open(&world, &vec![metadata; 70]).await;
    let seeker = world.player("seeker").await;
    let mut expected: Vec<_> = opened
        .iter()
        .map(|(_, lobby_id)| lobby_id.clone())
        .collect();
    expected.sort();
    seeker
        .lists_until(Some(50), &[of_this_test(&world)], |listed| {
            let mut found = ids(listed);
            found.sort();
            found == expected
        })
        .await;
    world.ends().await;
}
