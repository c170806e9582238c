//! Paging through the listing: shards merged, nothing skipped, nothing shown twice.

use std::cmp::Reverse;

use domain::Timestamp;
use domain::listing::{Criterion, Filter, Page, Position, ShardPage, Summary, merge};
use domain::lobby::JoinPolicy;
use ids::LobbyId;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::scene::says;

/// A lobby as the listing shows it; `level` is what filters ask for.
fn lobby(id: &str, created_at: u64, level: u32) -> Summary {
    Summary {
        lobby_id: LobbyId::parse(id).expect("a lobby id"),
        name: None,
        players: 1,
        max_players: 8,
        join_policy: JoinPolicy::Ask,
        locked: false,
        has_password: false,
        metadata: says("level", level),
        created_at: Timestamp::from_millis(created_at),
    }
}

fn whole(lobbies: Vec<Summary>) -> ShardPage {
    ShardPage {
        lobbies,
        read_to: None,
    }
}

fn partly(lobbies: Vec<Summary>) -> ShardPage {
    ShardPage {
        read_to: lobbies.last().map(Position::from),
        lobbies,
    }
}

fn ids(page: &Page) -> Vec<&str> {
    let lobbies = page.lobbies.iter();
    lobbies.map(|lobby| lobby.lobby_id.as_str()).collect()
}

#[test]
fn the_newest_lobby_of_all_shards_comes_first() {
    let shards = vec![
        whole(vec![lobby("d", 4, 1), lobby("a", 1, 1)]),
        whole(Vec::new()),
        whole(vec![lobby("c", 3, 1), lobby("b", 2, 1)]),
    ];
    let page = merge(shards, &Filter::new(), 10);
    assert_eq!(ids(&page), ["d", "c", "b", "a"]);
    assert_eq!(page.next, None);
}

#[test]
fn a_page_holds_no_more_than_its_limit_and_says_where_it_goes_on() {
    let shards = || {
        vec![
            whole(vec![lobby("d", 4, 1), lobby("b", 2, 1)]),
            whole(vec![lobby("c", 3, 1)]),
        ]
    };
    let page = merge(shards(), &Filter::new(), 2);
    assert_eq!(ids(&page), ["d", "c"]);
    assert_eq!(page.next, Some(Position::from(&lobby("c", 3, 1))));
    let page = merge(shards(), &Filter::new(), 3);
    assert_eq!(ids(&page), ["d", "c", "b"]);
    assert_eq!(page.next, None, "just enough room, and nothing behind");
}

#[test]
fn nothing_is_shown_past_the_point_to_which_the_least_read_shard_was_read() {
    let shards = vec![
        partly(vec![lobby("d", 4, 1), lobby("a", 1, 1)]),
        partly(vec![lobby("c", 3, 1)]),
    ];
    let page = merge(shards, &Filter::new(), 10);
    assert_eq!(ids(&page), ["d", "c"], "`b` may still come");
    assert_eq!(page.next, Some(Position::from(&lobby("c", 3, 1))));
}

#[test]
fn a_page_on_which_nothing_matches_still_says_where_it_goes_on() {
    let none = Filter::from([("level".to_owned(), Criterion::Equals(9.into()))]);
    let page = merge(vec![partly(vec![lobby("d", 4, 1)])], &none, 10);
    assert_eq!(ids(&page), [""; 0]);
    assert_eq!(page.next, Some(Position::from(&lobby("d", 4, 1))));
}

#[test]
fn lobbies_of_the_same_millisecond_have_an_order() {
    let shards = vec![whole(vec![lobby("a", 1, 1)]), whole(vec![lobby("b", 1, 1)])];
    let page = merge(shards, &Filter::new(), 1);
    assert_eq!(ids(&page), ["b"]);
    assert_eq!(page.next, Some(Position::from(&lobby("b", 1, 1))));
}

#[test]
fn where_there_are_no_lobbies_the_only_page_is_empty() {
    let page = merge(vec![whole(Vec::new()); 4], &Filter::new(), 10);
    assert_eq!(ids(&page), [""; 0]);
    assert_eq!(page.next, None);
}

/// A lobby in a shard, and what becomes of it while somebody pages through.
#[derive(Clone, Debug)]
struct Stored {
    shard: usize,
    summary: Summary,
    fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is there all the time.
    Stays,
    /// It is there for this many pages.
    Closes(usize),
    /// It is there after this many pages.
    Opens(usize),
    /// The shard holds it, but it has expired: it takes up room in what is read and is never seen.
    Expired,
}

impl Stored {
    fn is_read(&self, page: usize) -> bool {
        match self.fate {
            Fate::Stays | Fate::Expired => true,
            Fate::Closes(pages) => page < pages,
            Fate::Opens(pages) => page >= pages,
        }
    }
}

/// Reads at most `count` of a shard's lobbies after a position, as a query with a limit does: that there is more behind
/// is also said where the last one read was the last.
fn read(
    stored: &[Stored],
    shard: usize,
    page: usize,
    after: Option<&Position>,
    count: usize,
) -> ShardPage {
    let mut found: Vec<_> = stored
        .iter()
        .filter(|lobby| lobby.shard == shard && lobby.is_read(page))
        .filter(|lobby| after.is_none_or(|after| Position::from(&lobby.summary) < *after))
        .collect();
    found.sort_by_key(|lobby| Reverse(Position::from(&lobby.summary)));
    found.truncate(count);
    let read_to = (found.len() == count).then(|| found.last()).flatten();
    ShardPage {
        read_to: read_to.map(|lobby| Position::from(&lobby.summary)),
        lobbies: found
            .into_iter()
            .filter(|lobby| lobby.fate != Fate::Expired)
            .map(|lobby| lobby.summary.clone())
            .collect(),
    }
}

const SHARDS: usize = 4;

fn stored() -> impl Strategy<Value = Vec<Stored>> {
    let fate = prop_oneof![
        6 => Just(Fate::Stays),
        1 => (0_usize..6).prop_map(Fate::Closes),
        1 => (0_usize..6).prop_map(Fate::Opens),
        1 => Just(Fate::Expired),
    ];
    // Few different times, so that many lobbies share one.
    let one = (0..SHARDS, 0_u64..12, 0_u32..4, fate);
    vec(one, 0..60).prop_map(|lobbies| {
        let numbered = lobbies.into_iter().enumerate();
        numbered
            .map(|(number, (shard, created_at, level, fate))| Stored {
                shard,
                summary: lobby(&format!("lobby-{number}"), created_at, level),
                fate,
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn following_the_positions_shows_every_lobby_that_stays_exactly_once_and_in_order(
        stored in stored(),
        count in 1_usize..8,
        limit in 1_usize..12,
        least in proptest::option::of(0_u32..4),
    ) {
        let at_least = |min: u32| Criterion::Range { min: Some(min.into()), max: None };
        let filter: Filter = least.into_iter().map(|min| ("level".to_owned(), at_least(min))).collect();
        let mut shown = Vec::new();
        let mut after = None;
        for page in 0.. {
            let shards = (0..SHARDS).map(|shard| read(&stored, shard, page, after.as_ref(), count));
            let merged = merge(shards.collect(), &filter, limit);
            prop_assert!(merged.lobbies.len() <= limit);
            shown.extend(merged.lobbies);
            let Some(next) = merged.next else { break };
            prop_assert!(after.is_none_or(|after| next < after), "a page gets no further");
            after = Some(next);
        }

        let positions: Vec<_> = shown.iter().map(Position::from).collect();
        prop_assert!(positions.is_sorted_by(|newer, older| newer > older), "out of order, or twice: {:?}", positions);
        for lobby in &stored {
            let wanted = least.is_none_or(|least| lobby.summary.metadata["level"].as_u64() >= Some(least.into()));
            let is_shown = shown.contains(&lobby.summary);
            match lobby.fate {
                Fate::Stays => prop_assert_eq!(is_shown, wanted, "{:?}", lobby),
                Fate::Expired => prop_assert!(!is_shown, "{:?}", lobby),
                Fate::Closes(_) | Fate::Opens(_) => prop_assert!(!is_shown || wanted, "{:?}", lobby),
            }
        }
    }
}
