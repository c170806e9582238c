//! Finding strangers to play with.

use ids::MatchId;
use protocol::event::{
    BackfillStarted, MatchmakingCancelled, MatchmakingStarted, MatchmakingStatus,
};
use protocol::matchmaking::{
    AcceptMatch, DeclineMatch, ExplainMatchmaking, JoinMatchmaking, LeaveMatchmaking,
    RequestBackfill,
};
use protocol::{Action, Event};

use super::unexpected;
use crate::{Client, RequestError, Session};

on_both! {
    /// Asks to be matched with strangers; `match_found` arrives among the [`Events`](crate::Events), now or later.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where there is no such queue, a rule of it lacks an attribute, or this player is in a queue or
    /// a lobby already.
    pub async fn join_matchmaking(
        &self,
        wish: JoinMatchmaking,
    ) -> Result<MatchmakingStarted, RequestError> {
        answer!(self, wish => MatchmakingStarted)
    }

    /// Asks no longer to be matched.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where this player is in no queue; it may just have been matched.
    pub async fn leave_matchmaking(&self) -> Result<MatchmakingCancelled, RequestError> {
        answer!(self, LeaveMatchmaking {} => MatchmakingCancelled)
    }

    /// Agrees to a match that was proposed.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where it is proposed no longer.
    pub async fn accept_match(&self, match_id: MatchId) -> Result<(), RequestError> {
        self.request(AcceptMatch { match_id }).await.map(drop)
    }

    /// Does not agree to a match that was proposed, and asks no longer to be matched.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where it is proposed no longer.
    pub async fn decline_match(
        &self,
        match_id: MatchId,
    ) -> Result<MatchmakingCancelled, RequestError> {
        answer!(self, DeclineMatch { match_id } => MatchmakingCancelled)
    }

    /// Asks for players for the empty seats of this player's match.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where this player is not the host of a lobby that a match made, or it has no empty seat.
    pub async fn request_backfill(&self) -> Result<BackfillStarted, RequestError> {
        answer!(self, RequestBackfill {} => BackfillStarted)
    }

    /// Asks how the search goes.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where this player is in no queue.
    pub async fn explain_matchmaking(&self) -> Result<MatchmakingStatus, RequestError> {
        answer!(self, ExplainMatchmaking {} => MatchmakingStatus)
    }
}
