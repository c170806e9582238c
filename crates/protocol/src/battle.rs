//! Actions about battles: two players of a lobby, and a server that referees.

use ids::PeerId;
use serde::{Deserialize, Deserializer, Serialize};

use crate::action::{actions, message};
use crate::lobby::{Cursor, Limit};
use crate::text::optional_object;
use crate::{Large, Whole};

/// A score: whole, from 0 to 1,000,000,000,000.
pub type Score = Large<0, 1_000_000_000_000>;

actions! {
    /// What the battle function does.
    enum Action {
        /// Starts a battle.
        StartBattle;
        /// Attacks the other player.
        Attack;
        /// Tells one's score.
        SyncScore;
        /// Dies.
        Die;
        /// Marks a tile.
        PlaceMark;
        /// Gives up.
        ForfeitBattle;
        /// Asks for another battle.
        RequestRematch;
        /// Asks for all there is to see.
        GetBattle;
        /// Lists one's results.
        ListResults;
    }
}

/// By which rules a battle is played. Closed: new ones come with a new protocol version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rules {
    /// Each plays for itself and tells its score; a part of it buys attacks, which freeze the other. The higher score wins.
    ScoreAttack,
    /// Three in a row on three by three tiles. The server owns the board.
    NoughtsAndCrosses,
}

/// Starts a battle between two players of the sender's lobby. Everyone in it hears `battle_started`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartBattle {
    /// By which rules.
    pub rules: Rules,
    /// How they are set. Absent: as they come.
    #[serde(
        default,
        deserialize_with = "optional_object",
        skip_serializing_if = "Option::is_none"
    )]
    pub options: Option<BattleOptions>,
}

message!(
    StartBattle,
    "start_battle",
    StartBattle {
        rules: Rules::ScoreAttack,
        options: Some(BattleOptions {
            attack_cost: Some(Whole::new(10).expect("within range")),
            battle_seconds: Some(Whole::new(300).expect("within range")),
            ..BattleOptions::default()
        }),
    }
);

/// How a battle's rules are set. What the rules have no use for has no effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BattleOptions {
    /// The peer ids of the two who play, the one who begins first. Absent: the host and the longest present other.
    #[serde(
        default,
        deserialize_with = "two_peers",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub players: Option<[PeerId; 2]>,
    /// `score_attack`: how much of the score an attack uses up. Absent: 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attack_cost: Option<Whole<0, 1_000_000>>,
    /// `score_attack`: how long an attack freezes the other. Absent: 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freeze_seconds: Option<Whole<1, 60>>,
    /// `noughts_and_crosses`: how long a player may think; whoever lets it pass loses. Absent: 60.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_seconds: Option<Whole<1, 3_600>>,
    /// `score_attack`: how long the battle lasts; then the scores decide. Absent: 600.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battle_seconds: Option<Whole<1, 3_600>>,
}

/// Attacks the other player, who is frozen for a while; everyone else hears `attacked`. `score_attack` only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attack {}

message!(Attack, "attack", Attack {});

/// Tells the sender's score, which never falls; everyone else hears `score_synced`. `score_attack` only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SyncScore {
    /// The score as it is now; not how much was won.
    pub score: Score,
}

message!(
    SyncScore,
    "sync_score",
    SyncScore {
        score: Large::new(30).expect("within range")
    }
);

/// Ends the sender's part of the battle; everyone else hears `player_died`. When both are dead, everyone hears so, and then
/// `battle_settled`. `score_attack` only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Die {}

message!(Die, "die", Die {});

/// Marks a tile. Everyone hears `mark_placed`, and `battle_settled` where that ends the battle. `noughts_and_crosses` only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceMark {
    /// Row and column, from the top left, each 0 to 2.
    #[serde(deserialize_with = "tile")]
    pub tile: [u32; 2],
}

message!(PlaceMark, "place_mark", PlaceMark { tile: [1, 1] });

/// Gives the battle up: the other player wins. Everyone hears `battle_settled`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ForfeitBattle {}

message!(ForfeitBattle, "forfeit_battle", ForfeitBattle {});

/// Asks for another battle by the same rules; everyone else hears `rematch_requested`. When both have asked, everyone hears
/// `battle_started`, and the other one begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestRematch {}

message!(RequestRematch, "request_rematch", RequestRematch {});

/// Asks for all there is to see of the lobby's battle, the last one's end included. Answered by `battle_state`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetBattle {}

message!(GetBattle, "get_battle", GetBattle {});

/// Lists the battles that the sender has played, the newest first. Kept for 30 days. Answered by `result_list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListResults {
    /// The most results to answer with. Absent: 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The `cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

message!(
    ListResults,
    "list_results",
    ListResults {
        limit: Some(Whole::new(10).expect("within range")),
        cursor: None,
    }
);

fn two_peers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<[PeerId; 2]>, D::Error> {
    let Some(peers) = Option::<Vec<PeerId>>::deserialize(deserializer)? else {
        return Ok(None);
    };
    match <[PeerId; 2]>::try_from(peers) {
        Ok([one, other]) if one != other => Ok(Some([one, other])),
        Ok(_) | Err(_) => Err(serde::de::Error::custom("not two different peers")),
    }
}

fn tile<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u32; 2], D::Error> {
    let numbers = Vec::deserialize(deserializer)?;
    numbers
        .try_into()
        .map_err(|_| serde::de::Error::custom("not a row and a column"))
}
