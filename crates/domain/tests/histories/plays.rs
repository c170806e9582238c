//! What may be done with a lobby's battle and its ticket, and how often.

use domain::battle::RulesName;
use proptest::option::weighted;
use proptest::prelude::*;

/// What a player may do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Play {
    /// Start a battle, between these two members if they are named.
    Start {
        rules: RulesName,
        named: Option<(u8, u8)>,
    },
    /// Attack.
    Attack,
    /// Tell its score: so much more than it is, or less.
    Score(i8),
    /// Die.
    Die,
    /// Mark a tile: the how-manieth free one, or any.
    Mark(Tile),
    /// Give up.
    Forfeit,
    /// Ask for a rematch.
    Rematch,
    /// Look.
    View,
    /// Go into a queue as a party.
    EnterAsParty,
    /// Ask for others.
    AskForMore,
}

/// A move of one who plays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// Who makes it.
    pub(crate) whose: Whose,
    /// What it is, if the game knows it; otherwise another that it knows.
    pub(crate) play: Play,
}

/// Who makes a move.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose {
    /// Whose turn it is, or whoever has scored less.
    Next,
    /// The other.
    Other,
}

/// Which tile.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tile {
    /// One of those that are free.
    Free(u8),
    /// Any, on the board or off it.
    Any(u8, u8),
}

/// What a queue may do to a lobby.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Service {
    /// Match so many players who are in no lobby, and open one of this id for them.
    Match { first: u8, players: u8 },
    /// Fill the lobby with so many players who are in none.
    Fill { first: u8, players: u8 },
    /// The same, by a ticket that it does not have.
    FillAnother { first: u8, players: u8 },
    /// Take the lobby out of its queue.
    GiveUp,
    /// The same, by a ticket that it does not have.
    GiveUpAnother,
}

/// Starts a battle.
pub(crate) fn start() -> impl Strategy<Value = Play> {
    let rules = prop_oneof![
        Just(RulesName::ScoreAttack),
        Just(RulesName::NoughtsAndCrosses)
    ];
    (rules, weighted(0.3, any::<(u8, u8)>()))
        .prop_map(|(rules, named)| Play::Start { rules, named })
}

/// Goes into a queue.
pub(crate) fn enter() -> impl Strategy<Value = Play> {
    prop_oneof![Just(Play::EnterAsParty), Just(Play::AskForMore)]
}

/// Makes a move.
pub(crate) fn turn() -> impl Strategy<Value = Turn> {
    let whose = prop_oneof![9 => Just(Whose::Next), 2 => Just(Whose::Other)];
    (whose, any_move()).prop_map(|(whose, play)| Turn { whose, play })
}

/// Does something to a battle.
pub(crate) fn any_move() -> impl Strategy<Value = Play> {
    let tile = prop_oneof![
        10 => any::<u8>().prop_map(Tile::Free),
        1 => (0_u8..4, 0_u8..4).prop_map(|(row, column)| Tile::Any(row, column)),
    ];
    prop_oneof![
        6 => Just(Play::Attack),
        10 => (-3_i8..20).prop_map(Play::Score),
        4 => Just(Play::Die),
        30 => tile.prop_map(Play::Mark),
        1 => Just(Play::Forfeit),
        3 => Just(Play::Rematch),
        2 => Just(Play::View),
    ]
}

/// Serves a lobby.
pub(crate) fn service() -> impl Strategy<Value = Service> {
    let those = || (any::<u8>(), 1_u8..=4);
    prop_oneof![
        4 => those().prop_map(|(first, players)| Service::Match { first, players }),
        3 => those().prop_map(|(first, players)| Service::Fill { first, players }),
        1 => those().prop_map(|(first, players)| Service::FillAnother { first, players }),
        1 => Just(Service::GiveUp),
        1 => Just(Service::GiveUpAnother),
    ]
}
