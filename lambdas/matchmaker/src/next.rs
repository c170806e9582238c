//! What a tick leaves for the next one.

use domain::Timestamp;
use domain::matchmaking::Pool;
use function::{Failure, matchmaking};
use schedule::Timer;

use crate::work::{AllDone, Shift};

/// Has the queue worked again, at once where somebody came in between and otherwise when time alone changes something; and
/// writes down how long those waited who were matched. Nothing is written where there is nothing new.
pub(crate) async fn prepare(
    shift: &Shift<'_>,
    pool: Pool,
    next: Option<Timestamp>,
    done: &AllDone,
) -> Result<(), Failure> {
    let Shift {
        context,
        queue,
        now,
    } = *shift;
    if done.look_again || next.is_some_and(|next| next <= now) {
        matchmaking::tick(context, &queue.name).await?;
    }
    let mut known = pool.clone();
    for matched in &done.matched {
        known.remember(matched, now);
    }
    if let Some(next) = next.filter(|next| *next > now && is_unarmed(&pool, *next, now)) {
        let timer = Timer::Tick {
            queue: queue.name.clone(),
        };
        // Before it is written that it was sent.
        context.schedule.timer(timer, next, now).await?;
        known.next_tick_at = Some(next);
    }
    if known != pool {
        context
            .store
            .tickets()
            .save_pool(&queue.name, &known)
            .await?;
    }
    Ok(())
}

/// Whether no timer is on its way that comes by then. One whose time has passed has come, or was lost.
fn is_unarmed(pool: &Pool, next: Timestamp, now: Timestamp) -> bool {
    pool.next_tick_at
        .is_none_or(|armed| armed <= now || armed > next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_timer_is_sent_only_where_none_comes_by_then() {
        let now = at(1_000);
        let armed = |millis| Pool {
            next_tick_at: Some(at(millis)),
            ..Pool::default()
        };
        assert!(is_unarmed(&Pool::default(), at(2_000), now));
        assert!(
            is_unarmed(&armed(3_000), at(2_000), now),
            "it comes too late"
        );
        assert!(!is_unarmed(&armed(2_000), at(2_000), now));
        assert!(
            !is_unarmed(&armed(1_500), at(2_000), now),
            "it looks what comes next"
        );
        assert!(is_unarmed(&armed(1_000), at(2_000), now), "it has come");
    }
}
