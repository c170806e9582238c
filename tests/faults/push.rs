//! The way to the clients.

use std::sync::Arc;

use futures::future::BoxFuture;
use ids::ConnectionId;
use push::{Deliver, Posted, PushError};
use tokio::time::sleep;

use crate::invocation::Invocation;
use crate::plan::Fault;
use crate::shared::Shared;

pub(crate) struct Lines(pub(crate) Arc<Shared>);

impl Lines {
    async fn try_to_post(&self, to: &ConnectionId, frame: String) -> Result<Posted, PushError> {
        let Shared { chance, plan, .. } = &*self.0;
        let odds = plan.climate.posts / 4;
        let is = |fault| plan.strikes(chance, fault, odds);
        let way = if is(Fault::PostSlow) {
            chance.between(100, 2_500)
        } else {
            chance.between(1, 20)
        };
        sleep(way).await;
        if is(Fault::PostThrottled) {
            return Err(PushError::Unavailable("429: too many posts".into()));
        }
        if is(Fault::PostLost) {
            return Ok(Posted::Delivered);
        }
        if plan.strikes(chance, Fault::PostGone, odds / 4) {
            // Its client's farewell never comes.
            self.0.cut(to);
            self.0
                .note(|| format!("{} is cut as it is posted to", to.as_str()));
        }
        if !self.0.deliver(to, frame) {
            return Ok(Posted::Gone);
        }
        if is(Fault::PostUnanswered) {
            return Err(PushError::Unavailable("the answer was lost".into()));
        }
        Ok(Posted::Delivered)
    }

    /// Asks the platform something about a connection, or has it do something.
    async fn manage<T>(&self, what: impl FnOnce(&Shared) -> T) -> Result<T, PushError> {
        let invocation = Invocation::current();
        let Shared { chance, plan, .. } = &*self.0;
        Invocation::before(invocation.as_ref()).await;
        sleep(chance.between(1, 20)).await;
        if plan.strikes(chance, Fault::PostThrottled, plan.climate.posts / 4) {
            return Err(PushError::Unavailable("429: too many requests".into()));
        }
        let done = what(&self.0);
        Invocation::after(invocation.as_ref()).await;
        Ok(done)
    }
}

impl Deliver for Lines {
    fn post<'a>(
        &'a self,
        to: &'a ConnectionId,
        frame: String,
    ) -> BoxFuture<'a, Result<Posted, PushError>> {
        let invocation = Invocation::current();
        Box::pin(async move {
            Invocation::before(invocation.as_ref()).await;
            let from = invocation.as_ref().and_then(|one| one.caller.as_ref());
            self.0.history().posts(from, to, &frame);
            let posted = self.try_to_post(to, frame).await;
            Invocation::after(invocation.as_ref()).await;
            posted
        })
    }

    fn is_open<'a>(
        &'a self,
        connection_id: &'a ConnectionId,
    ) -> BoxFuture<'a, Result<bool, PushError>> {
        Box::pin(self.manage(|shared| shared.is_open(connection_id)))
    }

    fn close<'a>(
        &'a self,
        connection_id: &'a ConnectionId,
    ) -> BoxFuture<'a, Result<(), PushError>> {
        Box::pin(self.manage(|shared| {
            if shared.cut(connection_id) {
                shared.note(|| format!("{} is closed", connection_id.as_str()));
            }
        }))
    }
}
