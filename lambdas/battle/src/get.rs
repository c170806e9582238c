//! `get_battle`: all there is to see of the lobby's battle.

use domain::battle::{Action, Event as Happened};
use domain::lobby::Event;
use function::{Caller, Context, Failure, Reply};

use crate::{answer, play};

/// Answers `battle_state`. Three operations: who, where, the lobby; a write more where time has settled the battle and nobody
/// has noticed yet.
pub(crate) async fn get_battle(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let notices = play(context, from, Action::View).await?;
    answer(context, from, is_answer, notices).await
}

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Battle(Happened::State(_)))
}
