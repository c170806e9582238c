//! Time and chance as a test decides them, for all handlers on its thread: one seed makes one run, again and again.
//!
//! Time is that of tokio's clock, which a test pauses; whatever is drawn comes from one generator. On other threads, and once
//! the [`Simulation`] is dropped, both come from the machine again.

use std::cell::RefCell;
use std::marker::PhantomData;

use domain::Timestamp;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::time::Instant;

thread_local! {
    static CURRENT: RefCell<Option<Ambience>> = const { RefCell::new(None) };
}

struct Ambience {
    began: Instant,
    epoch: Timestamp,
    chance: SmallRng,
}

/// While this lives, time and chance on this thread are its own.
#[derive(Debug)]
#[must_use = "the simulation ends when it is dropped"]
pub struct Simulation {
    /// It stays on its thread.
    _thread: PhantomData<*const ()>,
}

impl Simulation {
    /// From now on it is `epoch`, and chance comes from `seed`. Within a tokio runtime whose clock is paused, time passes only
    /// as that clock does.
    pub fn begin(seed: u64, epoch: Timestamp) -> Self {
        let ambience = Ambience {
            began: Instant::now(),
            epoch,
            chance: SmallRng::seed_from_u64(seed),
        };
        CURRENT.set(Some(ambience));
        Self {
            _thread: PhantomData,
        }
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        CURRENT.set(None);
    }
}

/// The simulated time, if time is simulated here.
pub(crate) fn now() -> Option<Timestamp> {
    CURRENT.with_borrow(|current| {
        let current = current.as_ref()?;
        Some(current.epoch + current.began.elapsed())
    })
}

/// What is drawn, if chance is simulated here.
pub(crate) fn draw<T>(draw: impl FnOnce(&mut SmallRng) -> T) -> Option<T> {
    CURRENT.with_borrow_mut(|current| Some(draw(&mut current.as_mut()?.chance)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ambient::{fresh_lobby_code, fresh_player_id, now};

    fn drawn(seed: u64) -> (String, String) {
        let _simulation = Simulation::begin(seed, Timestamp::from_millis(0));
        (
            fresh_player_id().to_string(),
            fresh_lobby_code().to_string(),
        )
    }

    #[tokio::test(start_paused = true)]
    async fn one_seed_draws_the_same_again_and_another_something_else() {
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    #[tokio::test(start_paused = true)]
    async fn time_passes_as_the_paused_clock_does_and_afterwards_is_the_machines() {
        let epoch = Timestamp::from_millis(1_000);
        let simulation = Simulation::begin(1, epoch);
        assert_eq!(now(), epoch);
        // Sleeps because the clock is paused: this is how its time passes.
        tokio::time::sleep(Duration::from_hours(1)).await;
        assert_eq!(now(), epoch + Duration::from_hours(1));
        drop(simulation);
        assert!(now() > epoch + Duration::from_hours(24));
    }
}
