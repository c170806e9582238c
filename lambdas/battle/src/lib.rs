//! The battle function: starts, plays and settles battles, and lists their results.

mod attack;
mod die;
mod forfeit;
mod get;
mod mark;
mod play;
mod rematch;
mod results;
mod score;
mod start;

use domain::battle::Event as Happened;
use domain::lobby::{Event, Notice};
use function::lobby::{Natural, tell};
use function::{Answer, Call, Caller, Context, Failure, Reply};
use protocol::battle::Action;

use play::play;

/// Handles one of this function's actions.
pub async fn handle(context: &Context, call: Call) -> Answer {
    let (asked, action) = match call.read_action() {
        Ok(read) => read,
        Err(answer) => return answer,
    };
    let caller = &call.caller;
    asked.answer(match action {
        Action::StartBattle(message) => start::start_battle(context, caller, message).await,
        Action::Attack(_) => attack::attack(context, caller).await,
        Action::SyncScore(message) => score::sync_score(context, caller, &message).await,
        Action::Die(_) => die::die(context, caller).await,
        Action::PlaceMark(message) => mark::place_mark(context, caller, &message).await,
        Action::ForfeitBattle(_) => forfeit::forfeit_battle(context, caller).await,
        Action::RequestRematch(_) => rematch::request_rematch(context, caller).await,
        Action::GetBattle(_) => get::get_battle(context, caller).await,
        Action::ListResults(message) => results::list_results(context, caller, message).await,
    })
}

/// Tells everybody, and answers the caller with the part of its own that is the answer, if there is one.
async fn answer(
    context: &Context,
    from: &Caller,
    is_answer: fn(&Event) -> bool,
    notices: Vec<Notice>,
) -> Result<Reply, Failure> {
    Ok(tell(context, from, Natural::Answer(is_answer), notices).await)
}

/// Tells everybody; that it is done is all there is to answer.
async fn done(context: &Context, from: &Caller, notices: Vec<Notice>) -> Result<Reply, Failure> {
    Ok(tell(context, from, Natural::None, notices).await)
}

/// Whether this is news of a battle's beginning.
fn is_started(event: &Event) -> bool {
    matches!(event, Event::Battle(Happened::Started(_)))
}
