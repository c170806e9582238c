//! Telling everybody what happened, after it has been saved.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::lobby::{Contact, Notice};
use futures::future::join_all;
use ids::ConnectionId;
use protocol::envelope::write_event;
use push::Posted;
use schedule::Timer;
use tracing::{debug, warn};

use crate::in_full::InFull;
use crate::presence::{self, Late};
use crate::{Context, wire};

/// What could not be delivered, as the connection is gone.
#[derive(Debug)]
pub struct Undelivered {
    /// To whom.
    pub to: Contact,
    /// In order.
    pub frames: Vec<String>,
}

/// Tells everybody. A hearer's frames go one after the other, different hearers' at the same time. What a hearer cannot be told
/// because its connection is gone is kept for it until it comes back. Nobody waits for the clean-up of such a connection: the
/// timer function does it, and the others hear of it then.
///
/// What cannot be delivered for another reason is logged and not tried again: the state has been saved, and the next event
/// or the hearer's own next action shows it.
pub async fn announce(context: &Context, notices: Vec<Notice>, now: Timestamp) {
    let undelivered = deliver(context, notices, now).await;
    keep_and_report(context, undelivered, now).await;
}

/// Keeps what could not be delivered, and has those connections cleaned up that nobody knows yet to have ended.
pub async fn keep_and_report(context: &Context, undelivered: Vec<Undelivered>, now: Timestamp) {
    let kept = undelivered
        .into_iter()
        .map(async |Undelivered { to, frames }| {
            if !to.away {
                report_gone(context, &to.connection_id, now).await;
            }
            for frame in frames {
                match presence::deliver_late(context, &to, frame, true, &|_| None, now).await {
                    Ok(Late::Delivered(_) | Late::Kept) => {}
                    Ok(Late::Full | Late::Gone) => {
                        debug!("an event is lost on a player who is away; the lobby shows it");
                    }
                    Err(failure) => warn!(
                        error = %InFull(&failure),
                        "an event for a player who is away could not be kept"
                    ),
                }
            }
        });
    join_all(kept).await;
}

/// Has a connection that turned out to be gone cleaned up. Where that cannot be scheduled, it is logged, and something else finds
/// it later.
pub async fn report_gone(context: &Context, connection_id: &ConnectionId, now: Timestamp) {
    let connection_id = connection_id.clone();
    let timer = Timer::CleanUp { connection_id };
    if let Err(error) = context.schedule.timer(timer, now, now).await {
        warn!(
            error = %InFull(&error),
            "a dead connection is not cleaned up; its farewell, a check-up or its expiry will"
        );
    }
}

/// Posts, and says what was not delivered because a connection is gone.
pub async fn deliver(context: &Context, notices: Vec<Notice>, now: Timestamp) -> Vec<Undelivered> {
    let mut hearers: BTreeMap<ConnectionId, (Contact, Vec<String>)> = BTreeMap::new();
    for notice in notices {
        let to = notice.to.clone();
        let frame = write_event(&wire::encode(&context.sealer, notice, now), None);
        let hearer = hearers.entry(to.connection_id.clone());
        hearer.or_insert_with(|| (to, Vec::new())).1.push(frame);
    }
    let posts = hearers.into_values().map(async |(to, frames)| {
        if to.away {
            return Some(Undelivered { to, frames });
        }
        let mut frames = frames.into_iter();
        while let Some(frame) = frames.next() {
            match context.push.post(&to.connection_id, frame.clone()).await {
                Ok(Posted::Delivered) => {}
                Ok(Posted::Gone) => {
                    let frames = std::iter::once(frame).chain(frames).collect();
                    return Some(Undelivered { to, frames });
                }
                Err(error) => warn!(
                    error = %InFull(&error),
                    "an event could not be delivered"
                ),
            }
        }
        None
    });
    join_all(posts).await.into_iter().flatten().collect()
}
