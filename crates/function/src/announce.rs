//! Telling everybody what happened, after it has been saved.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::lobby::Notice;
use futures::future::join_all;
use ids::ConnectionId;
use protocol::envelope::write_event;
use push::Posted;
use schedule::Timer;
use tracing::warn;

use crate::in_full::InFull;
use crate::{Context, wire};

/// Tells everybody. A hearer's frames go one after the other, different hearers' at the same time. Nobody waits for the
/// clean-up of a connection that turns out to be dead: the timer function does it, and the others hear of it then.
///
/// What cannot be delivered for another reason is logged and not tried again: the state has been saved, and the next event
/// or the hearer's own next action shows it.
pub async fn announce(context: &Context, notices: Vec<Notice>, now: Timestamp) {
    let gone = deliver(context, notices, now).await;
    report_gone(context, &gone, now).await;
}

/// Has connections that a post found gone cleaned up.
pub async fn report_gone(context: &Context, gone: &[ConnectionId], now: Timestamp) {
    let reports = gone.iter().map(async |connection_id| {
        let connection_id = connection_id.clone();
        let timer = Timer::CleanUp { connection_id };
        if let Err(error) = context.schedule.timer(timer, now, now).await {
            warn!(
                error = %InFull(&error),
                "a dead connection is not cleaned up; its farewell or expiry will"
            );
        }
    });
    join_all(reports).await;
}

/// Posts, and says who turned out to be gone.
pub async fn deliver(context: &Context, notices: Vec<Notice>, now: Timestamp) -> Vec<ConnectionId> {
    let mut hearers: BTreeMap<ConnectionId, Vec<String>> = BTreeMap::new();
    for notice in notices {
        let to = notice.to.connection_id.clone();
        let frame = write_event(&wire::encode(&context.sealer, notice, now), None);
        hearers.entry(to).or_default().push(frame);
    }
    let posts = hearers.into_iter().map(async |(to, frames)| {
        for frame in frames {
            match context.push.post(&to, frame).await {
                Ok(Posted::Delivered) => {}
                Ok(Posted::Gone) => return Some(to),
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
