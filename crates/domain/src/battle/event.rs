//! What is heard of a battle, and by whom.

use ids::PlayerId;

use super::{Settlement, Standing, View};

/// Something that happened in a battle. How it looks on the wire is decided elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It has begun.
    Started(Box<View>),
    /// A player has attacked the other.
    Attacked {
        /// Who did.
        by: PlayerId,
        /// For how long it freezes the other.
        seconds: u32,
    },
    /// A player's score.
    ScoreSynced {
        /// Whose.
        player: PlayerId,
        /// The score.
        score: u64,
    },
    /// Somebody has died.
    PlayerDied(Fallen),
    /// A tile is marked.
    MarkPlaced {
        /// By whom.
        player: PlayerId,
        /// Its row, from 0 at the top.
        row: u32,
        /// Its column, from 0 at the left.
        column: u32,
        /// How it stands now.
        state: Standing,
        /// How long the next turn may take; `None` where there is none.
        seconds_left: Option<u32>,
    },
    /// A player wants another battle.
    RematchRequested {
        /// Who.
        player: PlayerId,
    },
    /// It is over.
    Settled(Settlement),
    /// All there is to see; the hearer has asked.
    State(Box<View>),
}

/// Who has died.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallen {
    /// One player; the other plays on.
    Player(PlayerId),
    /// Both.
    All,
}

/// An event and who hears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Who hears it.
    pub to: Hearers,
    /// What.
    pub event: Event,
}

/// Who of a lobby hears something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hearers {
    /// Everybody in it, whoever only watches included.
    Everyone,
    /// Everybody in it but this player, whose doing it is.
    AllBut(PlayerId),
    /// This player.
    Only(PlayerId),
}

impl Told {
    /// For everybody.
    #[must_use]
    pub fn to_everyone(event: Event) -> Self {
        let to = Hearers::Everyone;
        Self { to, event }
    }

    /// For everybody but the one whose doing it is.
    #[must_use]
    pub fn to_all_but(player_id: &PlayerId, event: Event) -> Self {
        let to = Hearers::AllBut(player_id.clone());
        Self { to, event }
    }

    /// For one player.
    #[must_use]
    pub fn to_only(player_id: &PlayerId, event: Event) -> Self {
        let to = Hearers::Only(player_id.clone());
        Self { to, event }
    }
}

impl Hearers {
    /// Whether this player is among them.
    #[must_use]
    pub fn include(&self, player_id: &PlayerId) -> bool {
        match self {
            Self::Everyone => true,
            Self::AllBut(one) => one != player_id,
            Self::Only(one) => one == player_id,
        }
    }
}
