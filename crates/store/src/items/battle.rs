//! A battle as a part of its lobby's item.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::battle::{Battle, Options, Player};
use ids::{BattleId, PeerId, PlayerId};
use serde::{Deserialize, Serialize};

use super::game::GamePart;
use super::pair::PairPart;
use super::settlement::SettlementPart;
use crate::{StoreError, keys};

/// A lobby's battle, the one that goes on or the last one.
#[derive(Serialize, Deserialize)]
pub(super) struct BattlePart {
    battle_id: BattleId,
    players: PairPart<PlayerPart>,
    options: OptionsPart,
    started_at_millis: u64,
    game: GamePart,
    away_until_millis: BTreeMap<PlayerId, u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alarm_millis: Option<u64>,
    rematch: BTreeSet<PlayerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settlement: Option<SettlementPart>,
}

#[derive(Serialize, Deserialize)]
struct PlayerPart {
    player_id: PlayerId,
    peer_id: PeerId,
}

/// What was said of a battle when it began; a rematch is set the same.
#[derive(Serialize, Deserialize)]
struct OptionsPart {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    players: Option<Vec<PeerId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attack_cost: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    freeze_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turn_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    battle_seconds: Option<u32>,
}

impl From<&Battle> for BattlePart {
    fn from(battle: &Battle) -> Self {
        let away = battle.away.iter();
        Self {
            battle_id: battle.battle_id.clone(),
            players: PairPart::of(&battle.players),
            options: (&battle.options).into(),
            started_at_millis: battle.started_at.as_millis(),
            game: (&battle.game).into(),
            away_until_millis: away
                .map(|(player, until)| (player.clone(), until.as_millis()))
                .collect(),
            alarm_millis: battle.alarm.map(Timestamp::as_millis),
            rematch: battle.rematch.clone(),
            settlement: battle.settlement.as_ref().map(SettlementPart::from),
        }
    }
}

impl BattlePart {
    pub(super) fn into_battle(self) -> Result<Battle, StoreError> {
        let away = self.away_until_millis.into_iter();
        let settlement = self.settlement;
        Ok(Battle {
            battle_id: self.battle_id,
            players: self.players.into_pair(),
            options: self.options.into(),
            started_at: Timestamp::from_millis(self.started_at_millis),
            game: self.game.into(),
            away: away
                .map(|(player, until)| (player, Timestamp::from_millis(until)))
                .collect(),
            alarm: self.alarm_millis.map(Timestamp::from_millis),
            rematch: self.rematch,
            settlement: settlement
                .map(|settlement| settlement.into_settlement(keys::LOBBIES))
                .transpose()?,
        })
    }
}

impl From<&Player> for PlayerPart {
    fn from(player: &Player) -> Self {
        Self {
            player_id: player.player_id.clone(),
            peer_id: player.peer_id,
        }
    }
}

impl From<PlayerPart> for Player {
    fn from(part: PlayerPart) -> Self {
        Self {
            player_id: part.player_id,
            peer_id: part.peer_id,
        }
    }
}

impl From<&Options> for OptionsPart {
    fn from(options: &Options) -> Self {
        Self {
            players: options.players.clone(),
            attack_cost: options.attack_cost,
            freeze_seconds: options.freeze_seconds,
            turn_seconds: options.turn_seconds,
            battle_seconds: options.battle_seconds,
        }
    }
}

impl From<OptionsPart> for Options {
    fn from(part: OptionsPart) -> Self {
        Self {
            players: part.players,
            attack_cost: part.attack_cost,
            freeze_seconds: part.freeze_seconds,
            turn_seconds: part.turn_seconds,
            battle_seconds: part.battle_seconds,
        }
    }
}
