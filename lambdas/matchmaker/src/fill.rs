//! The empty seats of a match are filled.

use domain::lobby::{Action, Refusal, step};
use domain::matchmaking::{Ending, Match, Owner, Ticket};
use function::lobby::{arm, find};
use function::{Failure, announce};
use ids::LobbyId;
use store::Saved;
use tracing::info;

use crate::ended;
use crate::work::{Outcome, Shift};

/// How often a lobby is read anew that somebody changes at the same time. While a battle goes on, somebody always does.
const RACES_TO_RUN: usize = 8;

/// Lets the players of a match into the lobby that has asked for them, in one write, and tells everybody. Where the lobby asks no
/// longer, or has no room for them any more, its ticket is taken out, and its host hears so.
pub(crate) async fn fill(
    shift: Shift<'_>,
    of: Match,
    asked_by: &Ticket,
) -> Result<Outcome, Failure> {
    let lobby_id = match &asked_by.owner {
        Owner::Backfill { lobby_id, .. } | Owner::Party { lobby_id, .. } => lobby_id,
        Owner::Player => return Err(Failure::Broken("a lobby's ticket is a player's".to_owned())),
    };
    for _ in 0..RACES_TO_RUN {
        match try_to_fill(shift, &of, asked_by, lobby_id).await {
            Ok(Saved::Done) => {
                let name = &shift.queue.name;
                info!(queue = %name, "the empty seats of a match were filled");
                return Ok(Outcome::Matched(Box::new(of)));
            }
            // The lobby or one of the tickets has changed.
            Ok(Saved::LostRace) => {}
            Ok(Saved::SeatTaken | Saved::PlayerGone) => return Ok(Outcome::LookAgain),
            Err(Failure::Lobby(_)) => {
                let Shift { context, now, .. } = shift;
                ended::shared(context, lobby_id, asked_by, Ending::PartyChanged, now).await?;
                return Ok(Outcome::LookAgain);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(Outcome::LookAgain)
}

async fn try_to_fill(
    shift: Shift<'_>,
    of: &Match,
    asked_by: &Ticket,
    lobby_id: &LobbyId,
) -> Result<Saved, Failure> {
    let Shift { context, now, .. } = shift;
    let lobby = find(context, lobby_id, now).await?;
    let fill = Action::Fill {
        newcomers: of.placed.clone(),
        ticket_id: asked_by.ticket_id.clone(),
    };
    let outcome = step(&lobby, fill, now)?;
    let Some(after) = &outcome.lobby else {
        let lobby_id = lobby_id.clone();
        return Err(Refusal::NotFound { lobby_id }.into());
    };
    arm(context, &lobby, &outcome.alarms, now).await?;
    let tickets = context.store.tickets();
    let saved = tickets.fill(&lobby, after, of, now).await?;
    if saved == Saved::Done {
        announce(context, outcome.notices, now).await;
    }
    Ok(saved)
}
