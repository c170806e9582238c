//! `place_mark`: marks a tile.

use domain::battle::{Action, Event as Happened};
use domain::lobby::Event;
use function::{Caller, Context, Failure, Reply};
use protocol::battle::PlaceMark;

use crate::{answer, play};

/// Everyone hears `mark_placed`, and `battle_settled` where that ends the battle.
pub(crate) async fn place_mark(
    context: &Context,
    from: &Caller,
    message: &PlaceMark,
) -> Result<Reply, Failure> {
    let [row, column] = message.tile;
    let place = Action::PlaceMark { row, column };
    let notices = play(context, from, place).await?;
    answer(context, from, is_answer, notices).await
}

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Battle(Happened::MarkPlaced { .. }))
}
