//! Battles, refereed by Switchboard.

use protocol::battle::{
    Attack, Die, ForfeitBattle, GetBattle, ListResults, PlaceMark, RequestRematch, Score,
    StartBattle, SyncScore,
};
use protocol::event::{BattleStarted, BattleState, MarkPlaced, ResultList};
use protocol::{Action, Event};

use super::unexpected;
use crate::{Client, RequestError, SendError, Session};

/// What came of asking for another battle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rematch {
    /// The other has not asked yet; `battle_started` arrives among the [`Events`](crate::Events) once it has.
    Asked,
    /// Both have asked: it has begun.
    Started(BattleStarted),
}

on_both! {
    /// Starts a battle between two players of this player's lobby.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where this player is not the host, a battle goes on, or there are no two to play it.
    pub async fn start_battle(&self, battle: StartBattle) -> Result<BattleStarted, RequestError> {
        answer!(self, battle => BattleStarted)
    }

    /// Attacks the other player, who is frozen for a while.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where the score does not pay for it, or this player is frozen or dead.
    pub async fn attack(&self) -> Result<(), RequestError> {
        self.request(Attack {}).await.map(drop)
    }

    /// Tells this player's score.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where it is lower than before, or this player is frozen or dead; [`RequestError::Send`] where
    /// it is more than 1,000,000,000,000.
    pub async fn sync_score(&self, score: u64) -> Result<(), RequestError> {
        let score = Score::new(score).map_err(|problem| SendError::Invalid {
            field: "score",
            problem,
        })?;
        self.request(SyncScore { score }).await.map(drop)
    }

    /// Ends this player's part of the battle; it is settled when both are dead.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where there is no battle, or this player does not play in it.
    pub async fn die(&self) -> Result<(), RequestError> {
        self.request(Die {}).await.map(drop)
    }

    /// Marks a tile: row and column from the top left, each 0 to 2.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where it is the other's turn, the tile is taken or there is none.
    pub async fn place_mark(&self, tile: [u32; 2]) -> Result<MarkPlaced, RequestError> {
        answer!(self, PlaceMark { tile } => MarkPlaced)
    }

    /// Gives the battle up: the other player wins.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where there is no battle, or this player does not play in it.
    pub async fn forfeit_battle(&self) -> Result<(), RequestError> {
        self.request(ForfeitBattle {}).await.map(drop)
    }

    /// Asks for another battle by the same rules.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where the battle is not over, or one of the two is no longer there.
    pub async fn request_rematch(&self) -> Result<Rematch, RequestError> {
        let answer = self.request(RequestRematch {}).await?;
        if let Event::BattleStarted(started) = answer {
            Ok(Rematch::Started(started))
        } else if let Event::Ok(_) = answer {
            Ok(Rematch::Asked)
        } else {
            Err(unexpected("request_rematch", &answer))
        }
    }

    /// All there is to see of the lobby's battle, enough to draw the whole screen.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where there has been none.
    pub async fn battle(&self) -> Result<BattleState, RequestError> {
        answer!(self, GetBattle {} => BattleState)
    }

    /// A page of this player's results, the newest first.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where the cursor is not good.
    pub async fn list_results(&self, wanted: ListResults) -> Result<ResultList, RequestError> {
        answer!(self, wanted => ResultList)
    }
}
