//! A lobby's time has come: a turn or a battle is over, or an absence has lasted too long.

use domain::Timestamp;
use domain::lobby::{Action, Lobby, Refusal};
use function::lobby::{Decide, Deed, change};
use function::{Context, Failure, announce};
use ids::{LobbyEra, LobbyId};

/// Has a lobby see what time it is, and tells everybody what came of it. Two operations; one where nothing did.
pub(crate) async fn wake(
    context: &Context,
    lobby_id: &LobbyId,
    era: &LobbyEra,
    now: Timestamp,
) -> Result<(), Failure> {
    match change(context, lobby_id, now, &Alarm(era)).await {
        Ok(notices) => {
            announce(context, notices, now).await;
            Ok(())
        }
        // It has gone, and perhaps another has its id.
        Err(Failure::Lobby(_)) => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// What a timer wants of the lobby that it is about.
struct Alarm<'a>(&'a LobbyEra);

impl Decide for Alarm<'_> {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        if lobby.era == *self.0 {
            return Ok(Action::Wake.into());
        }
        let lobby_id = lobby.lobby_id.clone();
        Err(Refusal::NotFound { lobby_id }.into())
    }

    fn is_about_the_expired(&self) -> bool {
        true
    }
}
