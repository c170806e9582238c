//! What can be done to a lobby.

use ids::{ConnectionId, PeerId, PlayerId, TicketId};

use super::{Changes, Contact, Departure, Metadata};
use crate::matchmaking::{Ending, Placed, TicketRef};
use crate::{Timestamp, battle};

/// Something that somebody does to a lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Asks to be let in, or walks into an open lobby.
    Join {
        /// Who.
        by: Contact,
        /// What became of the password it gave.
        password: PasswordProof,
        /// What it says of itself.
        metadata: Metadata,
    },
    /// Lets in the player who waits at this connection.
    Accept {
        /// Who does.
        by: PlayerId,
        /// Who is meant.
        connection_id: ConnectionId,
        /// The peer id to give; the lowest free one if none is given.
        peer_id: Option<PeerId>,
    },
    /// Declines to let in the player who waits at this connection.
    Reject {
        /// Who does.
        by: PlayerId,
        /// Who is meant.
        connection_id: ConnectionId,
        /// What to tell it.
        reason: Option<String>,
    },
    /// Removes the member at this connection.
    Kick {
        /// Who does.
        by: PlayerId,
        /// Who is meant.
        connection_id: ConnectionId,
        /// What to tell it.
        reason: Option<String>,
        /// Whether it may come back.
        ban: Ban,
    },
    /// Changes the settings.
    Update {
        /// Who does.
        by: PlayerId,
        /// To what.
        changes: Changes,
    },
    /// Closes the lobby.
    Close {
        /// Who does.
        by: PlayerId,
    },
    /// Leaves, or takes back a request.
    Leave {
        /// Who.
        by: PlayerId,
        /// How.
        how: Departure,
    },
    /// A connection has ended. Where its player is here by another, nothing is done.
    Lose {
        /// Whose.
        by: PlayerId,
        /// Which.
        connection_id: ConnectionId,
        /// How long its player may stay away before it is out.
        until: Timestamp,
    },
    /// Comes back by another connection, as the member or the one waiting that it is. Where it is neither, nothing is done.
    Return {
        /// Who, and where reached from now on.
        by: Contact,
    },
    /// Does something to the lobby's battle.
    Battle {
        /// Who does.
        by: PlayerId,
        /// What.
        action: battle::Action,
    },
    /// Sees to what time has decided. An alarm rings, and nobody does this. It is done to a lobby that has expired, too: where
    /// all of its members stayed away, what became of their battle is still to be written down.
    Wake,
    /// Puts the lobby into a queue, by a ticket that is written with it.
    Enqueue {
        /// Who does.
        by: PlayerId,
        /// The ticket.
        ticket: TicketRef,
        /// What for.
        kind: Entry,
    },
    /// Takes the lobby out of its queue. Where it is not in by this ticket any more, nothing is done.
    Dequeue {
        /// By which ticket it is in.
        ticket_id: TicketId,
        /// Why it is to be out.
        why: Ending,
    },
    /// Fills empty seats with those whom the queue has found for them.
    Fill {
        /// Who, on which teams.
        newcomers: Vec<Placed>,
        /// By which ticket the lobby asked for them.
        ticket_id: TicketId,
    },
}

/// What a lobby goes into a queue for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// To be matched: its members stay on one team. From then on it is no longer the lobby of the match that made it.
    Party {
        /// How many players a team of the queue has at most.
        most: u32,
        /// How many seconds a match takes as a rule, if that is known.
        estimate: Option<u32>,
    },
    /// To have its empty seats filled. A lobby that was made by a match does.
    Backfill,
}

/// Whether a kicked player may come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ban {
    /// It may.
    No,
    /// It may not, as long as the lobby lives.
    Yes,
}

/// What became of the password that somebody gave, checked against the lobby as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProof {
    /// It is the lobby's, or the lobby has none.
    Right,
    /// It is not, or none was given where one is needed.
    Wrong,
}
