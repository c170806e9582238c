//! A match is made: its lobby opens, with everybody in it.

use domain::lobby::{Lobby, Notice, Opening, assemble};
use domain::matchmaking::Match;
use function::lobby::{arm, watch};
use function::{
    Failure, announce, deliver, fresh_battle_id, fresh_era, fresh_lobby_code, keep_and_report,
    matchmaking,
};
use futures::future::try_join;
use ids::MatchId;
use store::Saved;
use tracing::info;

use crate::fill;
use crate::work::{Outcome, Shift};

/// Takes the tickets out of the queue and opens the lobby, in one write, and tells everybody. Where a player turns out to be
/// gone, the match is taken back, and the others wait on in their old place.
pub(crate) async fn make(
    shift: Shift<'_>,
    match_id: MatchId,
    of: Match,
) -> Result<Outcome, Failure> {
    if let Some(lobby) = &of.backfill {
        let lobby = lobby.clone();
        return fill::fill(shift, of, &lobby).await;
    }
    let Shift {
        context,
        queue,
        now,
    } = shift;
    let opening = Opening {
        match_id,
        lobby_id: fresh_lobby_code(),
        era: fresh_era(),
        battle_id: fresh_battle_id(),
    };
    let outcome = assemble(&of, queue, opening, now);
    let Some(lobby) = outcome.lobby else {
        return Err(Failure::Broken("a match without anybody in it".to_owned()));
    };
    try_join(
        arm(context, &lobby, &outcome.alarms, now),
        watch(context, &lobby.lobby_id, &lobby.era, now),
    )
    .await?;
    if context.store.tickets().claim(&of, &lobby, now).await? != Saved::Done {
        return Ok(Outcome::LookAgain);
    }
    info!(queue = %queue.name, players = of.players(), "a match was made");
    if tell(shift, &lobby, outcome.notices).await? {
        Ok(Outcome::LookAgain)
    } else {
        Ok(Outcome::Matched(Box::new(of)))
    }
}

/// Tells everybody, and takes the match back where somebody is gone; whether it was.
async fn tell(shift: Shift<'_>, lobby: &Lobby, notices: Vec<Notice>) -> Result<bool, Failure> {
    let Shift { context, now, .. } = shift;
    let mut undelivered = deliver(context, notices, now).await;
    let unknown = undelivered.iter().map(|one| &one.to);
    let unknown = unknown.filter(|contact| !contact.away);
    let gone: Vec<_> = unknown.map(|contact| contact.player_id.clone()).collect();
    let taken_back = match gone.as_slice() {
        [] => Ok(None),
        gone => matchmaking::take_back(context, lobby, gone, now).await,
    };
    if !matches!(taken_back, Ok(None)) {
        // Of a match that is over for them there is nothing to keep.
        for one in &mut undelivered {
            one.frames.clear();
        }
    }
    keep_and_report(context, undelivered, now).await;
    let Some(notices) = taken_back? else {
        return Ok(false);
    };
    announce(context, notices, now).await;
    Ok(true)
}
