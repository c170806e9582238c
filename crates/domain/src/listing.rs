//! The listing of public lobbies: what is shown, what a filter lets through, how shards are merged into pages.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use ids::LobbyId;
use serde_json::{Number, Value};

use crate::Timestamp;
use crate::lobby::{JoinPolicy, Lobby, Metadata};

/// A lobby as the listing shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// What players join by.
    pub lobby_id: LobbyId,
    /// A name for people.
    pub name: Option<String>,
    /// Members at present.
    pub players: u32,
    /// Seats.
    pub max_players: u32,
    /// Who decides on those who want in.
    pub join_policy: JoinPolicy,
    /// Whether it lets nobody in.
    pub locked: bool,
    /// Whether it asks for a password.
    pub has_password: bool,
    /// What the game says of it.
    pub metadata: Metadata,
    /// When it was opened.
    pub created_at: Timestamp,
}

impl From<&Lobby> for Summary {
    fn from(lobby: &Lobby) -> Self {
        Self {
            lobby_id: lobby.lobby_id.clone(),
            name: lobby.settings.name.clone(),
            players: u32::try_from(lobby.members.len()).unwrap_or(u32::MAX),
            max_players: lobby.settings.max_players,
            join_policy: lobby.settings.join_policy,
            locked: lobby.settings.locked,
            has_password: lobby.settings.password.is_some(),
            metadata: lobby.settings.metadata.clone(),
            created_at: lobby.created_at,
        }
    }
}

/// A place in the listing: the newest lobby first, and those of the same millisecond by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When the lobby was opened.
    pub created_at: Timestamp,
    /// Its id.
    pub lobby_id: LobbyId,
}

impl From<&Summary> for Position {
    fn from(summary: &Summary) -> Self {
        Self {
            created_at: summary.created_at,
            lobby_id: summary.lobby_id.clone(),
        }
    }
}

/// One condition on one key of the metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Exactly this.
    Equals(Value),
    /// A number within these bounds, both included.
    Range {
        /// Not less than this.
        min: Option<Number>,
        /// Not more than this.
        max: Option<Number>,
    },
}

/// What the metadata of a lobby must say to be listed: every condition must hold.
pub type Filter = BTreeMap<String, Criterion>;

/// Whether metadata says what a filter asks for. A key that is absent satisfies no condition.
#[must_use]
pub fn matches(filter: &Filter, metadata: &Metadata) -> bool {
    filter.iter().all(|(key, criterion)| {
        metadata.get(key).is_some_and(|value| match criterion {
            Criterion::Equals(wanted) => same(value, wanted),
            Criterion::Range { min, max } => within(value, min.as_ref(), max.as_ref()),
        })
    })
}

/// Equality as a game sees it: 5 and 5.0 are the same number.
fn same(value: &Value, wanted: &Value) -> bool {
    match (value.as_number(), wanted.as_number()) {
        (Some(value), Some(wanted)) => compare(value, wanted).is_some_and(Ordering::is_eq),
        (None | Some(_), None) | (None, Some(_)) => value == wanted,
    }
}

fn within(value: &Value, min: Option<&Number>, max: Option<&Number>) -> bool {
    value.as_number().is_some_and(|value| {
        min.is_none_or(|min| compare(value, min).is_some_and(Ordering::is_ge))
            && max.is_none_or(|max| compare(value, max).is_some_and(Ordering::is_le))
    })
}

/// Whole numbers are compared as such: as floats, neighbours past 2^53 would be the same.
fn compare(one: &Number, other: &Number) -> Option<Ordering> {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        (None | Some(_), None) | (None, Some(_)) => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

/// What one shard of the listing had after a position: its lobbies in the listing's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardPage {
    /// In the order of the listing.
    pub lobbies: Vec<Summary>,
    /// How far the shard was read, where there is more behind; `None` where this was all of it.
    pub read_to: Option<Position>,
}

/// A page of the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// In the order of the listing.
    pub lobbies: Vec<Summary>,
    /// Where the next page goes on; `None` where this was the last.
    pub next: Option<Position>,
}

/// Merges the shards into one page of at most `limit` lobbies that match.
///
/// Past the point to which the least read shard was read, nothing is shown: something newer might still come out of that
/// shard. So a page may be short, even empty, and yet not the last; following its position always gets further, and
/// shows every lobby once.
#[must_use]
pub fn merge(shards: Vec<ShardPage>, filter: &Filter, limit: usize) -> Page {
    let horizon = shards
        .iter()
        .filter_map(|shard| shard.read_to.clone())
        .max();
    let mut lobbies: Vec<_> = shards.into_iter().flat_map(|shard| shard.lobbies).collect();
    lobbies.sort_by_key(|lobby| Reverse(Position::from(lobby)));
    lobbies.retain(|lobby| {
        horizon
            .as_ref()
            .is_none_or(|horizon| Position::from(lobby) >= *horizon)
            && matches(filter, &lobby.metadata)
    });
    if lobbies.len() > limit {
        lobbies.truncate(limit);
        return Page {
            next: lobbies.last().map(Position::from),
            lobbies,
        };
    }
    Page {
        lobbies,
        next: horizon,
    }
}
