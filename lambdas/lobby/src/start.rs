//! `start_lobby`: opens a lobby with the caller as its host.

use domain::lobby::{Contact, Event, Notice, Refusal, Settings, start};
use function::{Caller, Context, Failure, Reply, code_of, fresh_era, fresh_lobby_code, lobby};
use ids::LobbyId;
use protocol::lobby::StartLobby;
use protocol::{ErrorCode, event};
use store::CreateConflict;

use crate::{answer, settings};

/// How many made codes are tried before giving up. With a hundred thousand lobbies open, one in ten thousand is taken.
const CODES_TO_TRY: usize = 4;

/// How often a create is tried again that came at the same time as somebody else's.
const RACES_TO_RUN: usize = 8;

/// Answers `lobby_started` or `lobby_creation_failed`. Two operations: who, and the write that finds the id free.
pub(crate) async fn start_lobby(
    context: &Context,
    from: &Caller,
    mut message: StartLobby,
) -> Result<Reply, Failure> {
    let host = lobby::permitted(context, from, |may| may.host).await?;
    let wanted = message.lobby_id.take();
    let settings = settings::of_a_new_lobby(message).await?;
    let opened = match wanted {
        Some(lobby_id) => open(context, from, &host, lobby_id, &settings).await,
        None => open_with_made_code(context, from, &host, &settings).await,
    };
    match opened {
        Ok(notices) => answer(context, from, is_answer, notices).await,
        Err(Failure::Lobby(refusal)) => Ok(failed(code_of(&refusal), refusal.to_string())),
        Err(Failure::Refused(code @ ErrorCode::AlreadyInMatchmaking)) => {
            Ok(failed(code, code.sentence().to_owned()))
        }
        Err(failure) => Err(failure),
    }
}

fn failed(code: ErrorCode, reason: String) -> Reply {
    Reply::Event(event::LobbyCreationFailed { reason, code }.into())
}

async fn open_with_made_code(
    context: &Context,
    from: &Caller,
    host: &Contact,
    settings: &Settings,
) -> Result<Vec<Notice>, Failure> {
    for _ in 0..CODES_TO_TRY {
        match open(context, from, host, fresh_lobby_code(), settings).await {
            Err(Failure::Lobby(Refusal::Exists { .. })) => {}
            opened => return opened,
        }
    }
    Err(Failure::Busy("a lobby code"))
}

async fn open(
    context: &Context,
    from: &Caller,
    host: &Contact,
    lobby_id: LobbyId,
    settings: &Settings,
) -> Result<Vec<Notice>, Failure> {
    let outcome = start(
        lobby_id.clone(),
        fresh_era(),
        settings.clone(),
        host.clone(),
        from.now,
    );
    let Some(lobby) = outcome.lobby else {
        return Err(Failure::Broken(
            "a lobby that was just opened is none".to_owned(),
        ));
    };
    lobby::watch(context, &lobby.lobby_id, &lobby.era, from.now).await?;
    for _ in 0..RACES_TO_RUN {
        match context.store.lobbies().create(&lobby, from.now).await? {
            Ok(()) => return Ok(outcome.notices),
            Err(CreateConflict::LobbyExists) => return Err(Refusal::Exists { lobby_id }.into()),
            Err(CreateConflict::SeatTaken) => {
                let place = lobby::place_of(context, &host.player_id, from.now).await?;
                // Where it has gone again meanwhile, the next try succeeds.
                if let Some(elsewhere) = place {
                    return Err(lobby::taken(elsewhere));
                }
            }
            Err(CreateConflict::HostGone) => {
                return Err(Failure::Refused(ErrorCode::NotConnected));
            }
            Err(CreateConflict::LostRace) => {}
        }
    }
    Err(Failure::Busy("a lobby id"))
}

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Started(_))
}
