//! Where the caller's search is: its own, or its lobby's.

use domain::Timestamp;
use domain::lobby::{Contact, Lobby, Refusal};
use domain::matchmaking::{Ticket, TicketRef};
use function::lobby::{find, place_of};
use function::{Context, Failure};
use ids::MatchId;
use protocol::ErrorCode;
use store::Place;

/// A search that somebody takes part in.
pub(crate) enum Search {
    /// A player's own.
    Own(TicketRef),
    /// That of the lobby that it is in: a party's, or one for empty seats.
    Shared(Box<Lobby>, TicketRef),
}

impl Search {
    /// Which ticket it goes by.
    pub(crate) fn ticket(&self) -> &TicketRef {
        match self {
            Self::Own(ticket) | Self::Shared(_, ticket) => ticket,
        }
    }
}

/// The search that a player takes part in. One operation, and one more where it is a lobby's.
pub(crate) async fn of(context: &Context, by: &Contact, now: Timestamp) -> Result<Search, Failure> {
    match place_of(context, &by.player_id, now).await? {
        Some(Place::Ticket(ticket)) => Ok(Search::Own(ticket)),
        Some(Place::Lobby { lobby_id, .. }) => {
            let lobby = find(context, &lobby_id, now)
                .await
                .map_err(none_where_gone)?;
            let is_member = lobby.members.contains_key(&by.player_id);
            match lobby.ticket.clone().filter(|_| is_member) {
                Some(ticket) => Ok(Search::Shared(Box::new(lobby), ticket)),
                None => Err(none()),
            }
        }
        None => Err(none()),
    }
}

/// There is no search.
pub(crate) fn none() -> Failure {
    Failure::Refused(ErrorCode::NotInMatchmaking)
}

/// Whoever's lobby has gone meanwhile searches no more.
pub(crate) fn none_where_gone(failure: Failure) -> Failure {
    if is_gone(&failure) { none() } else { failure }
}

/// Whether this says that a lobby has gone.
pub(crate) fn is_gone(failure: &Failure) -> bool {
    matches!(failure, Failure::Lobby(Refusal::NotFound { .. }))
}

/// Whether this match is proposed to the ticket's players.
pub(crate) fn is_asked(ticket: &Ticket, match_id: &MatchId) -> Result<(), Failure> {
    match ticket.proposal() {
        Some(proposal) if proposal.match_id == *match_id && !ticket.is_backfill() => Ok(()),
        Some(_) | None => Err(Failure::Refused(ErrorCode::MatchNotFound)),
    }
}
