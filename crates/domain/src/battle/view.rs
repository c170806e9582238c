//! All there is to see of a battle.

use ids::{BattleId, PeerId, PlayerId};

use super::{Battle, Mark, Moment, RulesName, Settlement, Standing};
use crate::Timestamp;
use crate::time::seconds_until;

/// A battle as it stands at one moment: enough to draw the whole screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Which.
    pub battle_id: BattleId,
    /// By which rules.
    pub rules: RulesName,
    /// Who plays, the one who began first.
    pub players: Vec<PlayerView>,
    /// How the game stands.
    pub state: Standing,
    /// How it ended, if it has.
    pub settled: Option<Settlement>,
    /// How long until time decides the game, in seconds that have begun; `None` once it is over.
    pub seconds_left: Option<u32>,
}

/// One of those who play, as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayerView {
    /// Who.
    pub player_id: PlayerId,
    /// Its number in the lobby.
    pub peer_id: PeerId,
    /// What it is told by, where the game has such a thing.
    pub mark: Option<Mark>,
    /// How long it may still stay away, if its connection has ended.
    pub away_seconds: Option<u32>,
}

impl Battle {
    /// How it stands now.
    #[must_use]
    pub fn view(&self, now: Timestamp) -> View {
        let players = self.players.iter().map(|(side, player)| PlayerView {
            player_id: player.player_id.clone(),
            peer_id: player.peer_id,
            mark: self.game.mark(side),
            away_seconds: self
                .away
                .get(&player.player_id)
                .map(|until| seconds_until(*until, now)),
        });
        let (at, deadline) = if self.is_running() {
            (Moment::At(now), self.game.deadline())
        } else {
            (Moment::Over, None)
        };
        View {
            battle_id: self.battle_id.clone(),
            rules: self.game.rules(),
            players: players.collect(),
            state: self.game.view(&self.players, at),
            settled: self.settlement.clone(),
            seconds_left: deadline.map(|deadline| seconds_until(deadline, now)),
        }
    }
}
