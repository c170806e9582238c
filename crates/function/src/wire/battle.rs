//! How what happened in a battle looks on the wire.

use domain::battle::{
    Event as Happened, Fallen, Mark, PlayerView, RulesName, Settlement, Standing, Verdict, View,
    Why, noughts_and_crosses, score_attack,
};
use domain::lobby::Contact;
use ids::PlayerId;
use protocol::battle::Rules;
use protocol::event::{self, BattlePlayer, Effect, EndReason, Event, Outcome};

/// The event that the hearer of news of a battle gets.
pub(super) fn encode(to: &Contact, event: Happened) -> Event {
    match event {
        Happened::Started(view) => started(*view).into(),
        Happened::Attacked { by, seconds } => event::Attacked {
            by,
            effect: Effect::Freeze,
            seconds,
        }
        .into(),
        Happened::ScoreSynced { player, score } => event::ScoreSynced { player, score }.into(),
        Happened::PlayerDied(fallen) => event::PlayerDied {
            player: match fallen {
                Fallen::Player(player) => event::Fallen::Player(player),
                Fallen::All => event::Fallen::All,
            },
        }
        .into(),
        Happened::MarkPlaced {
            player,
            row,
            column,
            state,
            seconds_left,
        } => event::MarkPlaced {
            player,
            tile: [row, column],
            state: standing(state),
            seconds_left,
        }
        .into(),
        Happened::RematchRequested { player } => event::RematchRequested { player }.into(),
        Happened::Settled(settlement) => event::BattleSettled {
            battle_id: settlement.battle_id.clone(),
            rules: rules(settlement.rules),
            settlement: settled(&settlement, &to.player_id),
        }
        .into(),
        Happened::State(view) => seen(*view, &to.player_id).into(),
    }
}

/// A battle that is over, as one who played it sees it later; `None` where it did not.
#[must_use]
pub fn battle_result(settlement: Settlement, player_id: &PlayerId) -> Option<event::BattleResult> {
    let result = outcome(settlement.result_of(player_id)?);
    let players = settlement.players.into_iter();
    let players = players.map(|player| event::PlayerResult {
        player_id: player.player_id,
        result: outcome(player.result),
        score: player.score,
    });
    Some(event::BattleResult {
        battle_id: settlement.battle_id,
        rules: rules(settlement.rules),
        settled_at: settlement.settled_at.as_secs(),
        result,
        reason: reason(settlement.why),
        players: players.collect(),
    })
}

fn started(view: View) -> event::BattleStarted {
    event::BattleStarted {
        battle_id: view.battle_id,
        rules: rules(view.rules),
        players: view.players.into_iter().map(player).collect(),
        state: standing(view.state),
        seconds_left: view.seconds_left,
    }
}

fn seen(view: View, by: &PlayerId) -> event::BattleState {
    event::BattleState {
        battle_id: view.battle_id,
        rules: rules(view.rules),
        players: view.players.into_iter().map(player).collect(),
        state: standing(view.state),
        settled: view.settled.map(|settlement| settled(&settlement, by)),
        seconds_left: view.seconds_left,
    }
}

fn player(view: PlayerView) -> BattlePlayer {
    BattlePlayer {
        player_id: view.player_id,
        peer_id: view.peer_id,
        mark: view.mark.map(mark),
        away_seconds: view.away_seconds,
    }
}

fn standing(standing: Standing) -> event::State {
    match standing {
        Standing::ScoreAttack(view) => scores(view),
        Standing::NoughtsAndCrosses(view) => board(view),
    }
}

fn scores(view: score_attack::View) -> event::State {
    let contestants = view.contestants.into_iter();
    let contestants = contestants.map(|(player_id, contestant)| {
        let seen = event::Contestant {
            score: contestant.score,
            spent: contestant.spent,
            frozen_seconds: contestant.frozen_seconds,
            dead: contestant.dead,
        };
        (player_id, seen)
    });
    event::State::ScoreAttack {
        attack_cost: view.attack_cost,
        freeze_seconds: view.freeze_seconds,
        contestants: contestants.collect(),
    }
}

fn board(view: noughts_and_crosses::View) -> event::State {
    event::State::NoughtsAndCrosses {
        board: view.board.map(|row| row.map(|tile| tile.map(mark))),
        turn: view.turn,
        line: view.line,
    }
}

/// How a battle ended, as somebody in its lobby hears it.
fn settled(settlement: &Settlement, hearer: &PlayerId) -> event::Settlement {
    let players = settlement.players.iter();
    let scores = players.map(|player| Some((player.player_id.clone(), player.score?)));
    let players = settlement.players.iter();
    let results = players.map(|player| (player.player_id.clone(), outcome(player.result)));
    event::Settlement {
        result: settlement.result_of(hearer).map(outcome),
        reason: reason(settlement.why),
        scores: scores.collect(),
        results: results.collect(),
    }
}

fn rules(name: RulesName) -> Rules {
    match name {
        RulesName::ScoreAttack => Rules::ScoreAttack,
        RulesName::NoughtsAndCrosses => Rules::NoughtsAndCrosses,
    }
}

fn mark(mark: Mark) -> event::Mark {
    match mark {
        Mark::Cross => event::Mark::Cross,
        Mark::Nought => event::Mark::Nought,
    }
}

fn outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Win => Outcome::Win,
        Verdict::Lose => Outcome::Lose,
        Verdict::Draw => Outcome::Draw,
    }
}

fn reason(why: Why) -> EndReason {
    match why {
        Why::Score => EndReason::Score,
        Why::Line => EndReason::Line,
        Why::Full => EndReason::Full,
        Why::Forfeit => EndReason::Forfeit,
        Why::TimeOut => EndReason::TimeOut,
    }
}
