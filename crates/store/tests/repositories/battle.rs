//! What the tests about battles begin with.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::battle::{
    Battle, Options, Pair, Player, PlayerResult, RulesName, Settlement, Verdict, Why,
};
use domain::lobby::Lobby;
use ids::BattleId;
use store::{Saved, Store};

use crate::scene::*;

pub(crate) fn battle_id(text: &str) -> BattleId {
    BattleId::parse(text).expect("a battle id")
}

/// A battle of the first two members of a lobby that has just begun.
pub(crate) fn battle(id: &str, rules: RulesName, lobby: &Lobby) -> Battle {
    let players = lobby.members_by_arrival().into_iter().take(2);
    let mut players = players.map(|member| Player {
        player_id: member.contact.player_id.clone(),
        peer_id: member.peer_id,
    });
    let players = Pair {
        first: players.next().expect("a first player"),
        second: players.next().expect("a second player"),
    };
    let options = Options {
        attack_cost: Some(7),
        ..Options::default()
    };
    Battle::start(battle_id(id), rules, options, players, now())
}

/// Won by the first of its players.
pub(crate) fn settlement(of: &Battle, at: Timestamp) -> Settlement {
    let results = [
        (Verdict::Win, Some(1_000_000_000_000)),
        (Verdict::Lose, None),
    ];
    let players = of.players.iter().zip(results);
    Settlement {
        battle_id: of.battle_id.clone(),
        rules: of.game.rules(),
        settled_at: at,
        why: Why::Forfeit,
        players: players
            .map(|((_, player), (result, score))| PlayerResult {
                player_id: player.player_id.clone(),
                result,
                score,
            })
            .collect(),
    }
}

/// The lobby with this battle in it.
pub(crate) fn with_battle(lobby: &Lobby, battle: Battle) -> Lobby {
    Lobby {
        battle: Some(battle),
        version: lobby.version + 1,
        ..lobby.clone()
    }
}

/// The lobby with its battle settled.
pub(crate) fn settled(lobby: &Lobby, at: Timestamp) -> Lobby {
    let mut battle = lobby.battle.clone().expect("a battle");
    battle.away = BTreeMap::new();
    battle.rematch = BTreeSet::new();
    battle.settlement = Some(settlement(&battle, at));
    with_battle(lobby, battle)
}

/// A lobby in which `host` and `guest` fight, stored.
pub(crate) async fn fighting(store: &Store, id: &str, rules: RulesName) -> Lobby {
    let lobby = opened(store, "L", "host").await;
    let lobby = does(store, &lobby, join("guest")).await;
    let after = with_battle(&lobby, battle(id, rules, &lobby));
    assert_eq!(save(store, &lobby, Some(&after)).await, Saved::Done);
    after
}
