//! One run of a handler, which may be killed before or after any of its steps.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use ids::ConnectionId;
use tokio::sync::Notify;

use crate::plan::Fault;
use crate::shared::Shared;

/// How long the platform lets a handler take.
const LONGEST: Duration = Duration::from_secs(29);

/// A handler that is to be killed is so before or after one of so many first steps.
const STEPS: u32 = 14;

/// Of so many that are to be killed one stands still instead, until the platform's patience is at its end.
const STALLS: u32 = 8;

tokio::task_local! {
    static CURRENT: Arc<Invocation>;
}

/// The first handler of something is to be killed at a moment: 1 is before its first step, 2 after it, and so on.
#[derive(Clone, Debug)]
pub struct Kill {
    /// A route, or `resume` for a `hello` that comes back, or `tick` or a timer's kind.
    pub what: &'static str,
    /// When.
    pub moment: u32,
}

/// The invocation that the current task is.
pub(crate) struct Invocation {
    shared: Arc<Shared>,
    /// Over which connection it came, if over one.
    pub(crate) caller: Option<ConnectionId>,
    /// After so many moments it is killed: one before each step and one after it. Never, where it is 0.
    moments_left: AtomicU32,
    /// Whether it stands still instead.
    stalls: bool,
    killed: Notify,
}

/// What became of a handler.
pub(crate) enum Ended<T> {
    /// It has come to its end.
    Done(T),
    /// It was dropped where it stood.
    Killed,
}

impl Invocation {
    /// The one that this is called in.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// A moment before a step.
    pub(crate) async fn before(this: Option<&Arc<Self>>) {
        Self::moment(this, Fault::KilledBefore).await;
    }

    /// A moment after a step.
    pub(crate) async fn after(this: Option<&Arc<Self>>) {
        Self::moment(this, Fault::KilledAfter).await;
    }

    async fn moment(this: Option<&Arc<Self>>, fault: Fault) {
        let Some(this) = this else { return };
        let left = this.moments_left.load(Ordering::Relaxed);
        if left == 1 {
            if !this.stalls {
                this.shared.plan.count(fault);
                this.killed.notify_one();
            }
            std::future::pending::<()>().await;
        }
        this.moments_left
            .store(left.saturating_sub(1), Ordering::Relaxed);
    }
}

/// Runs a handler of something, maybe not to its end.
pub(crate) async fn run<T>(
    shared: &Arc<Shared>,
    what: &str,
    caller: Option<ConnectionId>,
    may_be_killed: bool,
    handler: impl Future<Output = T>,
) -> Ended<T> {
    let is_to_die = may_be_killed
        && !shared.plan.is_over()
        && shared.chance.in_a_thousand(shared.plan.climate.kills);
    let (moments, stalls) = match planned(shared, what) {
        Some(moment) => (moment, false),
        None if is_to_die => {
            let moment = shared.chance.below(2 * STEPS);
            (1 + moment, moment.is_multiple_of(STALLS))
        }
        None => (0, false),
    };
    let invocation = Arc::new(Invocation {
        shared: Arc::clone(shared),
        caller,
        moments_left: AtomicU32::new(moments),
        stalls,
        killed: Notify::new(),
    });
    let life = CURRENT.scope(Arc::clone(&invocation), handler);
    let life = AssertUnwindSafe(life).catch_unwind();
    tokio::select! {
        biased;
        () = invocation.killed.notified() => Ended::Killed,
        end = life => if let Ok(result) = end {
            Ended::Done(result)
        } else {
            shared.history().broken("nothing_panics", "a handler panicked");
            Ended::Killed
        },
        // Sleeps because this is the platform's own patience, on a clock that is paused.
        () = tokio::time::sleep(LONGEST) => {
            shared.plan.count(Fault::TimedOut);
            Ended::Killed
        }
    }
}

/// When this is to be killed, if it is.
fn planned(shared: &Shared, what: &str) -> Option<u32> {
    let mut kill = shared.kill.lock().unwrap_or_else(PoisonError::into_inner);
    let kill = kill.take_if(|kill| kill.what == what)?;
    Some(kill.moment)
}
