//! The scene of the stories: a lobby with a battle in it, a clock, and players called by their first names.

use std::time::Duration;

use domain::Timestamp;
use domain::battle::score_attack::ContestantView;
use domain::battle::{
    Action, Battle, Event, Options, Refusal, RulesName, Settlement, Standing, Verdict, Why,
};
use domain::lobby::{self, Lobby, Outcome, start, step};

use crate::words::{
    act, begin, begin_with, contact, era, friday, join, lose, player, score, settings,
};

/// When every story begins.
pub(crate) const DAWN: u64 = 1_800_000_000_000;

/// What somebody hears, by name.
pub(crate) type Heard<E> = Vec<(String, E)>;

/// A lobby as it is at one moment of its story.
pub(crate) struct Scene {
    /// What is stored; `None` once the lobby is no more.
    pub(crate) stored: Option<Lobby>,
    /// What the clock says.
    pub(crate) now: Timestamp,
    /// The alarms that have been set, in order.
    pub(crate) alarms: Vec<Timestamp>,
}

impl Scene {
    /// Ann has opened a lobby of four seats, and Bob and Cat have walked in.
    pub(crate) fn lobby_of_three() -> Self {
        Self::lobby_of(["bob", "cat"])
    }

    /// Ann has opened a lobby of four seats, and these have walked in.
    pub(crate) fn lobby_of<const N: usize>(guests: [&str; N]) -> Self {
        let now = Timestamp::from_millis(DAWN);
        let stored = start(friday(), era(), settings(), contact("ann"), now).lobby;
        let alarms = Vec::new();
        let mut scene = Self {
            stored,
            now,
            alarms,
        };
        for guest in guests {
            scene.does(join(guest));
        }
        scene
    }

    /// Ann and Bob play score attack, and Cat watches.
    pub(crate) fn score_attack() -> Self {
        let mut scene = Self::lobby_of_three();
        scene.plays("ann", begin("first", RulesName::ScoreAttack));
        scene
    }

    /// Ann and Bob play noughts and crosses, and Cat watches.
    pub(crate) fn noughts() -> Self {
        let mut scene = Self::lobby_of_three();
        scene.plays("ann", begin("first", RulesName::NoughtsAndCrosses));
        scene
    }

    /// Ann and Bob play by rules that are set like this, and Cat watches.
    pub(crate) fn set(rules: RulesName, options: Options) -> Self {
        let mut scene = Self::lobby_of_three();
        scene.plays("ann", begin_with("first", rules, options));
        scene
    }

    /// Somebody does something that is allowed. Returns what everybody hears.
    #[track_caller]
    pub(crate) fn does(&mut self, action: lobby::Action) -> Heard<lobby::Event> {
        let outcome = step(self.lobby(), action, self.now).expect("this is allowed");
        let Outcome {
            lobby,
            notices,
            alarms,
        } = outcome;
        self.stored = lobby;
        self.alarms.extend(alarms);
        let notices = notices.into_iter();
        notices
            .map(|notice| (notice.to.player_id.to_string(), notice.event))
            .collect()
    }

    /// Somebody's connection has ended, and it may stay away for so long. Returns what everybody hears.
    #[track_caller]
    pub(crate) fn loses(&mut self, name: &str, seconds: u64) -> Heard<lobby::Event> {
        self.does(lose(name, self.now + Duration::from_secs(seconds)))
    }

    /// The same, but what is heard of the battle only.
    #[track_caller]
    pub(crate) fn does_to_battle(&mut self, action: lobby::Action) -> Heard<Event> {
        of_battle(self.does(action))
    }

    /// Somebody does something to the battle that is allowed. Returns what everybody hears of it.
    #[track_caller]
    pub(crate) fn plays(&mut self, name: &str, action: Action) -> Heard<Event> {
        self.does_to_battle(act(name, action))
    }

    /// Somebody tries something that the battle's rules do not allow. Returns why.
    #[track_caller]
    pub(crate) fn refuses(&self, name: &str, action: Action) -> Refusal {
        let refusal = self.refuses_at_all(act(name, action));
        let lobby::Refusal::Battle(refusal) = refusal else {
            panic!("it is the lobby that refuses it: {refusal}");
        };
        refusal
    }

    /// Somebody tries something that is not allowed. Returns why.
    #[track_caller]
    pub(crate) fn refuses_at_all(&self, action: lobby::Action) -> lobby::Refusal {
        step(self.lobby(), action, self.now).expect_err("this is not allowed")
    }

    /// The alarm rings.
    #[track_caller]
    pub(crate) fn wakes(&mut self) -> Heard<Event> {
        self.does_to_battle(lobby::Action::Wake)
    }

    /// Time passes.
    pub(crate) fn waits(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
    }

    /// The lobby as it is now.
    #[track_caller]
    pub(crate) fn lobby(&self) -> &Lobby {
        self.stored.as_ref().expect("the lobby is still there")
    }

    /// The battle as it is now.
    #[track_caller]
    pub(crate) fn battle(&self) -> &Battle {
        self.lobby().battle.as_ref().expect("there is a battle")
    }

    /// How the battle has ended.
    #[track_caller]
    pub(crate) fn settlement(&self) -> Settlement {
        let settlement = self.battle().settlement.as_ref();
        settlement.expect("the battle is over").clone()
    }

    /// What ended the battle, and how it ended for Ann and Bob.
    #[track_caller]
    pub(crate) fn ended(&self) -> (Why, Verdict, Verdict) {
        end_of(&self.settlement())
    }
}

/// Ann and Bob play score attack and have these scores.
pub(crate) fn scored(ann: u64, bob: u64) -> Scene {
    let mut scene = Scene::score_attack();
    scene.plays("ann", score(ann));
    scene.plays("bob", score(bob));
    scene
}

/// How somebody who plays score attack stands, for all to see.
#[track_caller]
pub(crate) fn contestant(scene: &Scene, name: &str) -> ContestantView {
    match scene.battle().view(scene.now).state {
        Standing::ScoreAttack(view) => view.contestants[&player(name)],
        Standing::NoughtsAndCrosses(_) => panic!("another game"),
    }
}

/// How long Ann and Bob may still stay away, for all to see.
pub(crate) fn away_seconds(scene: &Scene) -> [Option<u32>; 2] {
    let players = scene.battle().view(scene.now).players;
    let away: Vec<_> = players.iter().map(|one| one.away_seconds).collect();
    away.try_into().expect("two play")
}

/// What ended a battle, and how it ended for Ann and Bob.
#[track_caller]
pub(crate) fn end_of(settlement: &Settlement) -> (Why, Verdict, Verdict) {
    let of = |name| settlement.result_of(&player(name)).expect("it played");
    (settlement.why, of("ann"), of("bob"))
}

/// What is heard of the battle, out of all that is heard.
pub(crate) fn of_battle(heard: Heard<lobby::Event>) -> Heard<Event> {
    let mut of_battle = Vec::new();
    for (name, event) in heard {
        if let lobby::Event::Battle(event) = event {
            of_battle.push((name, event));
        }
    }
    of_battle
}

/// Each of these hears this.
pub(crate) fn each<const N: usize, E: Clone>(names: [&str; N], event: &E) -> Heard<E> {
    let hears = |name: &str| (name.to_owned(), event.clone());
    names.map(hears).to_vec()
}

/// Who hears that the battle is settled.
pub(crate) fn who_hears_the_end(heard: &Heard<Event>) -> Vec<&str> {
    let ends = heard
        .iter()
        .filter(|(_, event)| matches!(event, Event::Settled(_)));
    ends.map(|(name, _)| name.as_str()).collect()
}
