//! `start_battle`: the host of a lobby has two of its members play.

use domain::battle::{Action, Options, RulesName};
use function::{Caller, Context, Failure, Reply, fresh_battle_id};
use protocol::Whole;
use protocol::battle::{BattleOptions, Rules, StartBattle};

use crate::{answer, is_started, play};

/// Everyone in the lobby hears `battle_started`.
pub(crate) async fn start_battle(
    context: &Context,
    from: &Caller,
    message: StartBattle,
) -> Result<Reply, Failure> {
    let start = Action::Start {
        battle_id: fresh_battle_id(),
        rules: rules(message.rules),
        options: options(&message.options.unwrap_or_default()),
    };
    let notices = play(context, from, start).await?;
    answer(context, from, is_started, notices).await
}

fn rules(rules: Rules) -> RulesName {
    match rules {
        Rules::ScoreAttack => RulesName::ScoreAttack,
        Rules::NoughtsAndCrosses => RulesName::NoughtsAndCrosses,
    }
}

/// A client's words for how a battle is set, and the rules'.
fn options(said: &BattleOptions) -> Options {
    Options {
        players: said.players.map(Vec::from),
        attack_cost: said.attack_cost.map(|cost| cost.get().into()),
        freeze_seconds: said.freeze_seconds.map(Whole::get),
        turn_seconds: said.turn_seconds.map(Whole::get),
        battle_seconds: said.battle_seconds.map(Whole::get),
    }
}
