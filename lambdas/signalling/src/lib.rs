//! The signalling function: relays session descriptions and ICE candidates between introduced peers.

mod ice_servers;
mod relay;

use function::{Answer, Call, Context};
use protocol::event::{ReceivedIceCandidate, ReceivedIceCandidates, ReceivedSessionDescription};
use protocol::signalling::Action;

/// Handles one of this function's actions.
pub async fn handle(context: &Context, call: Call) -> Answer {
    let (asked, action) = match call.read_action::<Action>() {
        Ok(read) => read,
        Err(answer) => return answer,
    };
    let asked = asked.for_frame(action.frame_id().cloned());
    let caller = &call.caller;
    asked.answer(match action {
        Action::SendSessionDescription(sent) => {
            relay::relay(context, caller, &sent.connection_id, |connection_id| {
                let (session_type, sdp) = (sent.session_type, sent.sdp);
                let frame_id = sent.frame_id;
                ReceivedSessionDescription {
                    connection_id,
                    session_type,
                    sdp,
                    frame_id,
                }
                .into()
            })
            .await
        }
        Action::SendIceCandidate(sent) => {
            relay::relay(context, caller, &sent.connection_id, |connection_id| {
                let (media, index, name) = (sent.media, sent.index, sent.name);
                let frame_id = sent.frame_id;
                ReceivedIceCandidate {
                    connection_id,
                    media,
                    index,
                    name,
                    frame_id,
                }
                .into()
            })
            .await
        }
        Action::SendIceCandidates(sent) => {
            relay::relay(context, caller, &sent.connection_id, |connection_id| {
                ReceivedIceCandidates {
                    connection_id,
                    candidates: sent.candidates.into_iter().map(Into::into).collect(),
                    frame_id: sent.frame_id,
                }
                .into()
            })
            .await
        }
        Action::GetIceServers(_) => ice_servers::ice_servers(context, caller).await,
    })
}
