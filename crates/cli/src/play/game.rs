//! A game as one player sees it: what it has heard, what it may do, what it wants done.
//!
//! Nothing here knows a socket, a terminal or a clock: events, answers, keys and the time come in, deeds come out. So every
//! moment of a game can be tested, and be drawn.

mod deeds;
mod fight;
mod hearing;
mod log;
mod pressing;
#[cfg(test)]
pub(super) mod tests;
mod words;

use std::collections::BTreeMap;
use std::time::Instant;

use client::RequestError;
use ids::{LobbyId, MatchId, PeerId, PlayerId, QueueName};
use protocol::battle::Rules;
use protocol::event::{Event, MatchmakingStarted, Settlement};
use protocol::{Action, ErrorCode};

use self::deeds::Deeds;

pub(crate) use self::deeds::Deed;
pub(crate) use self::fight::{Board, Fight, Fighter, Scores, Standing, Tiles};
pub(crate) use self::log::{Kind, Line};
pub(crate) use self::pressing::{Press, Will};
pub(crate) use self::words::{how_long, seconds_until};

/// A game as one player sees it.
#[derive(Debug)]
pub(crate) struct Game {
    /// Who this player is.
    me: PlayerId,
    /// What it came to play.
    pub(crate) rules: Rules,
    /// How far it has come.
    pub(crate) stage: Stage,
    /// The lobby that it is in.
    pub(crate) room: Option<Room>,
    /// The battle, running or over.
    pub(crate) fight: Option<Fight>,
    /// The tile that the keys are on.
    pub(crate) cursor: [u32; 2],
    /// Whether it has been asked about leaving in the middle of a battle.
    pub(crate) leaving: Leaving,
    /// What a friend types to join.
    pub(crate) invitation: Option<String>,
    /// A settlement that overtook the start of its battle.
    early: Option<protocol::event::BattleSettled>,
    /// What is done again, as its first answer was lost.
    repeated: Option<Deed>,
    log: Vec<Line>,
    deeds: Deeds,
}

/// How far a game has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// In a queue.
    Searching(Search),
    /// A match asks for consent.
    Proposed(Proposal),
    /// In a lobby, or about to be.
    Waiting,
    /// A battle has begun; it may be over.
    Playing,
    /// Nothing more will come; the sentence says why.
    Gone(String),
}

/// A search for a stranger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    /// In which queue.
    pub(crate) queue: QueueName,
    /// Since when.
    pub(crate) since: Instant,
    /// What others have waited, in seconds.
    pub(crate) estimate: Option<u32>,
    /// How it goes, as far as it was asked.
    pub(crate) status: Option<String>,
}

/// A match that asks for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proposal {
    /// The search that it would end.
    pub(crate) search: Search,
    /// Which match.
    pub(crate) match_id: MatchId,
    /// How many would play.
    pub(crate) players: u32,
    /// Until when.
    pub(crate) until: Instant,
    /// Whether this player has agreed.
    pub(crate) consent: Consent,
}

/// Whether a player has agreed to a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Not yet.
    Open,
    /// It has; the others may not.
    Given,
}

/// Whether a player means to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    /// It does not.
    No,
    /// It may: it has been asked whether it gives the battle up.
    Asked,
}

/// A lobby as one member sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// Which one.
    pub(crate) lobby_id: LobbyId,
    /// This player's peer id in it.
    pub(crate) me: PeerId,
    /// Who is host.
    pub(crate) host: PeerId,
    /// Everybody else.
    pub(crate) others: BTreeMap<PeerId, PlayerId>,
}

impl Room {
    /// Whether this player is host.
    pub(crate) fn is_mine(&self) -> bool {
        self.me == self.host
    }
}

impl Game {
    /// A game in a lobby of one's own, or in one that is asked to let this player in.
    pub(crate) fn in_lobby(me: PlayerId, rules: Rules, room: Option<Room>) -> Self {
        Self::at(Stage::Waiting, me, rules, room)
    }

    /// A game against whomever a queue finds.
    pub(crate) fn in_queue(
        me: PlayerId,
        rules: Rules,
        started: MatchmakingStarted,
        now: Instant,
    ) -> Self {
        let search = Search {
            queue: started.queue,
            since: now,
            estimate: started.estimated_wait_seconds,
            status: None,
        };
        let mut game = Self::at(Stage::Searching(search), me, rules, None);
        game.news("Looking for an opponent.");
        game
    }

    fn at(stage: Stage, me: PlayerId, rules: Rules, room: Option<Room>) -> Self {
        Self {
            me,
            rules,
            stage,
            room,
            fight: None,
            cursor: [1, 1],
            leaving: Leaving::No,
            invitation: None,
            early: None,
            repeated: None,
            log: Vec::new(),
            deeds: Deeds::default(),
        }
    }

    /// What a friend types to join; it is shown while nobody has.
    pub(crate) fn invite(&mut self, command: String) {
        self.news(format!("A friend joins with: {command}"));
        self.invitation = Some(command);
    }

    /// The next thing to ask of Switchboard; `None` while the one before is not answered.
    pub(crate) fn next_deed(&mut self) -> Option<Deed> {
        self.deeds.next()
    }

    /// What to send for a deed.
    pub(crate) fn action(&self, deed: &Deed) -> Action {
        deed.action(self.rules)
    }

    /// Whether everything that was wanted has been answered.
    pub(crate) fn is_idle(&self) -> bool {
        self.deeds.is_empty()
    }

    /// Wants something done, after everything that was wanted before.
    pub(crate) fn want(&mut self, deed: Deed) {
        self.deeds.push(deed);
    }

    /// Takes the answer to a deed.
    pub(crate) fn answered(
        &mut self,
        deed: &Deed,
        answer: Result<Event, RequestError>,
        now: Instant,
    ) {
        self.deeds.done();
        let repeated = self.repeated.take();
        match answer {
            Ok(event) => {
                self.succeeded(deed, now);
                self.hear(event, now);
            }
            Err(RequestError::Refused(refused))
                if matches!(
                    (deed, refused.code),
                    (Deed::Look, ErrorCode::NotInLobby)
                        | (Deed::Explain, ErrorCode::NotInMatchmaking)
                ) =>
            {
                self.go("Your place was not kept: start again.".to_owned());
            }
            // An attack would cost twice; whatever else was done already, the referee refuses to do again.
            Err(RequestError::Interrupted { .. }) if *deed != Deed::Attack => {
                self.repeated = Some(deed.clone());
                self.want(deed.clone());
            }
            Err(RequestError::Refused(_)) if repeated.as_ref() == Some(deed) => {}
            Err(RequestError::Refused(refused)) => {
                self.failed(deed);
                if !(*deed == Deed::Look && refused.code == ErrorCode::NoBattle) {
                    let (message, code) = (refused.message, refused.code.as_str());
                    self.trouble(format!("Refused: {message} ({code})"));
                }
            }
            Err(error) => {
                self.failed(deed);
                self.trouble(format!("Failed: {error}"));
            }
        }
    }

    /// The connection has ended.
    pub(crate) fn lost(&mut self, why: &str) {
        self.go(format!("The connection is lost. {why}"));
    }

    /// Everything that happened, in words.
    pub(crate) fn log(&self) -> &[Line] {
        &self.log
    }

    /// How the battle ended, if it has.
    pub(crate) fn settlement(&self) -> Option<&Settlement> {
        self.fight.as_ref()?.settled.as_ref()
    }

    /// Whether this player plays in the battle; others watch.
    pub(crate) fn plays(&self) -> bool {
        let fight = self.fight.as_ref();
        fight.is_some_and(|fight| fight.fighter(&self.me).is_some())
    }

    /// Whether the battle goes on, with this player in it.
    pub(crate) fn is_in_battle(&self) -> bool {
        self.plays() && self.settlement().is_none() && !matches!(self.stage, Stage::Gone(_))
    }

    /// Whether the rules wait for this player.
    pub(crate) fn is_my_turn(&self) -> bool {
        let turn = self.fight.as_ref().and_then(Fight::turn);
        self.is_in_battle() && turn == Some(&self.me)
    }

    /// Whether a player is this one.
    pub(crate) fn is_me(&self, player: &PlayerId) -> bool {
        *player == self.me
    }

    /// Those who play, this player first if it does.
    pub(crate) fn fighters(&self) -> Vec<&Fighter> {
        let mut fighters: Vec<_> = self
            .fight
            .iter()
            .flat_map(|fight| &fight.fighters)
            .collect();
        fighters.sort_by_key(|fighter| !self.is_me(&fighter.player_id));
        fighters
    }

    /// Whether one of those who play is in the lobby.
    pub(crate) fn is_here(&self, fighter: &Fighter) -> bool {
        let others = self.room.as_ref().map(|room| &room.others);
        self.is_me(&fighter.player_id)
            || others.is_some_and(|others| others.contains_key(&fighter.peer_id))
    }

    /// Whether another battle can be asked for: this one is over, and both who played are here.
    pub(crate) fn can_rematch(&self) -> bool {
        let fight = self.fight.as_ref().filter(|fight| fight.settled.is_some());
        self.plays()
            && fight.is_some_and(|fight| fight.fighters.iter().all(|one| self.is_here(one)))
    }

    fn succeeded(&mut self, deed: &Deed, now: Instant) {
        match deed {
            Deed::Accept(_) => {
                if let Stage::Proposed(proposal) = &mut self.stage {
                    proposal.consent = Consent::Given;
                }
                self.news("You agree to the match.");
            }
            Deed::Rematch => {
                let me = self.me.clone();
                if let Some(fight) = self.fight.as_mut().filter(|fight| fight.settled.is_some()) {
                    fight.rematch.insert(me);
                }
                self.news("You ask for a rematch.");
            }
            Deed::Tell(score) => {
                self.scored(&self.me.clone(), *score);
            }
            Deed::Attack => self.attacked(&self.me.clone(), None, now),
            Deed::Die => self.died(&self.me.clone()),
            Deed::Forfeit => self.news("You give up."),
            // Their answers say it all.
            Deed::Start | Deed::Place(_) | Deed::Decline(_) | Deed::Explain | Deed::Look => {}
        }
    }

    fn failed(&mut self, deed: &Deed) {
        if let Deed::Tell(_) = deed
            && let Some(scores) = self.fight.as_mut().and_then(Fight::scores_mut)
        {
            // What could not be told was not won.
            scores.hoped = scores.contestants.get(&self.me).map_or(0, |me| me.score);
        }
    }

    fn go(&mut self, why: String) {
        if !matches!(self.stage, Stage::Gone(_)) {
            self.news(&why);
            self.stage = Stage::Gone(why);
        }
    }
}
