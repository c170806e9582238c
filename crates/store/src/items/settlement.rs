//! How a battle has ended: a part of its lobby's item, and of its players' results.

use domain::Timestamp;
use domain::battle::{PlayerResult, RulesName, Settlement, Verdict, Why};
use ids::{BattleId, PlayerId};
use serde::{Deserialize, Serialize};

use crate::StoreError;

/// How a battle has ended.
#[derive(Serialize, Deserialize)]
pub(super) struct SettlementPart {
    battle_id: BattleId,
    rules: String,
    settled_at_millis: u64,
    why: WhyText,
    players: Vec<PlayerResultPart>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WhyText {
    Score,
    Line,
    Full,
    Forfeit,
    TimeOut,
}

#[derive(Serialize, Deserialize)]
struct PlayerResultPart {
    player_id: PlayerId,
    result: VerdictText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    score: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum VerdictText {
    Win,
    Lose,
    Draw,
}

impl From<&Settlement> for SettlementPart {
    fn from(settlement: &Settlement) -> Self {
        let players = settlement.players.iter();
        Self {
            battle_id: settlement.battle_id.clone(),
            rules: settlement.rules.as_str().to_owned(),
            settled_at_millis: settlement.settled_at.as_millis(),
            why: match settlement.why {
                Why::Score => WhyText::Score,
                Why::Line => WhyText::Line,
                Why::Full => WhyText::Full,
                Why::Forfeit => WhyText::Forfeit,
                Why::TimeOut => WhyText::TimeOut,
            },
            players: players.map(PlayerResultPart::from).collect(),
        }
    }
}

impl SettlementPart {
    pub(super) fn into_settlement(self, table: &'static str) -> Result<Settlement, StoreError> {
        let players = self.players.into_iter();
        Ok(Settlement {
            battle_id: self.battle_id,
            rules: read_rules(&self.rules, table)?,
            settled_at: Timestamp::from_millis(self.settled_at_millis),
            why: match self.why {
                WhyText::Score => Why::Score,
                WhyText::Line => Why::Line,
                WhyText::Full => Why::Full,
                WhyText::Forfeit => Why::Forfeit,
                WhyText::TimeOut => Why::TimeOut,
            },
            players: players.map(PlayerResult::from).collect(),
        })
    }
}

impl From<&PlayerResult> for PlayerResultPart {
    fn from(player: &PlayerResult) -> Self {
        Self {
            player_id: player.player_id.clone(),
            result: match player.result {
                Verdict::Win => VerdictText::Win,
                Verdict::Lose => VerdictText::Lose,
                Verdict::Draw => VerdictText::Draw,
            },
            score: player.score,
        }
    }
}

impl From<PlayerResultPart> for PlayerResult {
    fn from(part: PlayerResultPart) -> Self {
        Self {
            player_id: part.player_id,
            result: match part.result {
                VerdictText::Win => Verdict::Win,
                VerdictText::Lose => Verdict::Lose,
                VerdictText::Draw => Verdict::Draw,
            },
            score: part.score,
        }
    }
}

/// Rules are kept by the names that players know them by.
fn read_rules(name: &str, table: &'static str) -> Result<RulesName, StoreError> {
    let unknown = || StoreError::malformed(table, &format!("unknown rules {name}"));
    RulesName::parse(name).ok_or_else(unknown)
}
