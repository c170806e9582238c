//! The timer function: what must happen later, when it is due.

mod check_up;
mod clean_up;
mod wake;

use function::{Context, Failure, matchmaking, now};
use schedule::Timer;

/// Handles one timer that is due. Done twice, or after its subject has moved on, it does nothing.
///
/// # Errors
/// Whatever kept it from being done: it has to come again.
pub async fn handle(context: &Context, timer: Timer) -> Result<(), Failure> {
    match timer {
        Timer::Tick { queue } => matchmaking::tick(context, &queue).await,
        Timer::Lobby { lobby_id, era, .. } => wake::wake(context, &lobby_id, &era, now()).await,
        Timer::CheckUp { lobby_id, era } => {
            check_up::check_up(context, &lobby_id, &era, now()).await
        }
        Timer::CleanUp { connection_id } => {
            clean_up::clean_up(context, &connection_id, now()).await
        }
    }
}
