//! The games. Adding one is a module and a line at the end of this file.

use ids::PlayerId;

use super::{
    Decision, Mark, Moment, Options, Pair, Player, Refusal, Rules, Side, Told, noughts_and_crosses,
    score_attack,
};
use crate::Timestamp;

macro_rules! games {
    ($($(#[$doc:meta])+ $name:ident, $text:literal, $module:ident;)+) => {
        /// What a game's rules are called.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RulesName {
            $($(#[$doc])+ $name,)+
        }

        /// A game as it stands.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Game {
            $($(#[$doc])+ $name($module::State),)+
        }

        /// Something that a player does in a game.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Move {
            $($(#[$doc])+ $name($module::Move),)+
        }

        /// A game as it stands, for all to see.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Standing {
            $($(#[$doc])+ $name($module::View),)+
        }

        impl RulesName {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// As players spell it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }

        impl Game {
            /// Begins one.
            #[must_use]
            pub fn start(rules: RulesName, options: &Options, now: Timestamp) -> Self {
                match rules {
                    $(RulesName::$name => Self::$name(Rules::start(options, now)),)+
                }
            }

            /// By which rules it is played.
            #[must_use]
            pub fn rules(&self) -> RulesName {
                match self {
                    $(Self::$name(_) => RulesName::$name,)+
                }
            }

            /// What one of the two is told by, where the game has such a thing.
            #[must_use]
            pub fn mark(&self, side: Side) -> Option<Mark> {
                match self {
                    $(Self::$name(_) => $module::State::mark(side),)+
                }
            }

            /// When time alone decides.
            #[must_use]
            pub fn deadline(&self) -> Option<Timestamp> {
                match self {
                    $(Self::$name(state) => state.deadline(),)+
                }
            }

            /// How it is decided by now, if it is.
            #[must_use]
            pub fn decision(&self, now: Timestamp) -> Option<Decision> {
                match self {
                    $(Self::$name(state) => state.decision(now),)+
                }
            }

            /// A player's score, where the game has such a thing.
            #[must_use]
            pub fn score(&self, side: Side) -> Option<u64> {
                match self {
                    $(Self::$name(state) => state.score(side),)+
                }
            }

            /// How it stands, for all to see.
            #[must_use]
            pub fn view(&self, players: &Pair<Player>, at: Moment) -> Standing {
                match self {
                    $(Self::$name(state) => Standing::$name(state.view(players, at)),)+
                }
            }

            /// Lets a player do something.
            pub(super) fn apply(
                &mut self,
                by: Side,
                what: Move,
                players: &Pair<Player>,
                now: Timestamp,
            ) -> Result<Vec<Told>, Refusal> {
                match self {
                    $(Self::$name(state) => {
                        let Move::$name(what) = what else {
                            return Err(Refusal::WrongRules);
                        };
                        state.apply(by, what, players, now)
                    })+
                }
            }
        }
    };
}

games! {
    /// Each plays for itself and tells its score, a part of which buys attacks. The higher score wins.
    ScoreAttack, "score_attack", score_attack;
    /// Three in a row on three by three tiles.
    NoughtsAndCrosses, "noughts_and_crosses", noughts_and_crosses;
}

impl RulesName {
    /// The rules that players spell like this.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|rules| rules.as_str() == text).copied()
    }
}

impl Pair<Player> {
    /// On which side a player is, if it plays.
    #[must_use]
    pub fn side_of(&self, player_id: &PlayerId) -> Option<Side> {
        let mut sides = [Side::First, Side::Second].into_iter();
        sides.find(|side| self.get(*side).player_id == *player_id)
    }
}
