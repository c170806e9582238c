//! The listing of public lobbies.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::Timestamp;
use domain::listing::{Filter, Position, ShardPage, Summary, merge};
use domain::lobby::{Action, Changes, PasswordHash, Settings, Visibility};
use ids::LobbyId;
use serde_json::json;
use store::{LISTING_SHARDS, Saved, Store, cursor};

use crate::scene::*;

async fn shards(store: &Store, after: Option<&Position>) -> Vec<ShardPage> {
    let shards = store.lobbies().list(after, now()).await;
    shards.expect("the store answers")
}

/// Everything that is listed, page by page, as a client would read it.
async fn read_all(store: &Store, limit: usize) -> Vec<Summary> {
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = merge(shards(store, after.as_ref()).await, &Filter::new(), limit);
        listed.extend(page.lobbies);
        let Some(next) = page.next else {
            return listed;
        };
        after = cursor::decode(&cursor::encode(&next));
        assert_eq!(after, Some(next));
    }
}

async fn listed(store: &Store) -> Vec<LobbyId> {
    let lobbies = read_all(store, 50).await.into_iter();
    lobbies.map(|lobby| lobby.lobby_id).collect()
}

fn show(visibility: Visibility) -> Action {
    let changes = Changes {
        visibility: Some(visibility),
        ..Changes::default()
    };
    Action::Update {
        by: player_id("host"),
        changes,
    }
}

/// This many lobbies; always three of them opened in the same millisecond.
async fn many(store: &Store, lobbies: u32) {
    for number in 0..lobbies {
        let opened_at = now() + Duration::from_millis(u64::from(number / 3));
        let host = format!("host-{number}");
        let lobby = lobby_with(&format!("L{number}"), &host, settings(), opened_at);
        create(store, &lobby).await;
    }
}

#[tokio::test]
async fn a_public_lobby_is_listed_with_all_that_the_listing_shows() {
    let store = empty().await;
    let settings = Settings {
        name: Some("Duel".to_owned()),
        locked: true,
        password: Some(PasswordHash::from_phc("$argon2id$secret".to_owned())),
        metadata: json!({"map": "ice"}).as_object().expect("one").clone(),
        ..settings()
    };
    let lobby = lobby_with("L", "host", settings, now());
    create(&store, &lobby).await;
    assert_eq!(read_all(&store, 50).await, [Summary::from(&lobby)]);
}

#[tokio::test]
async fn the_listing_counts_the_members() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    does(&store, &lobby, join("guest")).await;
    assert_eq!(read_all(&store, 50).await[0].players, 2);
}

#[tokio::test]
async fn following_the_pages_shows_every_lobby_once_and_the_newest_first() {
    let store = empty().await;
    many(&store, 300).await;
    for limit in [7, 50] {
        let listed = read_all(&store, limit).await;
        let positions: Vec<_> = listed.iter().map(Position::from).collect();
        assert!(positions.is_sorted_by(|newer, older| newer > older));
        assert_eq!(positions.len(), 300);
    }
}

#[tokio::test]
async fn a_shard_gives_fifty_at_most_and_says_how_far_it_was_read() {
    let store = empty().await;
    many(&store, 300).await;
    for shard in shards(&store, None).await {
        assert_eq!(shard.lobbies.len(), 50);
        assert_eq!(shard.read_to, shard.lobbies.last().map(Position::from));
    }
    let oldest = Position {
        created_at: Timestamp::from_millis(0),
        lobby_id: lobby_id("L"),
    };
    for shard in shards(&store, Some(&oldest)).await {
        assert_eq!((shard.lobbies, shard.read_to), (Vec::new(), None));
    }
}

#[tokio::test]
async fn lobbies_are_spread_over_all_shards() {
    let store = empty().await;
    many(&store, 100).await;
    let shards = shards(&store, None).await;
    assert_eq!(shards.len(), usize::try_from(LISTING_SHARDS).expect("few"));
    for shard in &shards {
        assert!((10..=40).contains(&shard.lobbies.len()), "{shards:?}");
    }
}

#[tokio::test]
async fn a_private_lobby_is_not_listed() {
    let store = empty().await;
    let settings = Settings {
        visibility: Visibility::Private,
        ..settings()
    };
    create(&store, &lobby_with("L", "host", settings, now())).await;
    assert_eq!(listed(&store).await, []);
}

#[tokio::test]
async fn a_lobby_that_turns_private_leaves_the_listing_and_comes_back() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    opened(&store, "M", "other").await;
    let lobby = does(&store, &lobby, show(Visibility::Private)).await;
    assert_eq!(listed(&store).await, [lobby_id("M")]);
    does(&store, &lobby, show(Visibility::Public)).await;
    let both = BTreeSet::from([lobby_id("L"), lobby_id("M")]);
    assert_eq!(BTreeSet::from_iter(listed(&store).await), both);
}

#[tokio::test]
async fn a_lobby_that_is_no_more_is_not_listed() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    assert_eq!(save(&store, &lobby, None).await, Saved::Done);
    assert_eq!(listed(&store).await, []);
}
