//! What can be set about a session.

use std::fmt;
use std::time::Duration;

use protocol::Text;
use protocol::connection::{Hello, Sequence};

use crate::{Options, SendError};

/// How a session behaves. [`SessionOptions::default`] suits a game.
#[derive(Clone, Debug, Default)]
pub struct SessionOptions {
    /// How each of its connections behaves.
    pub client: Options,
    /// How long to wait between attempts to connect again.
    pub backoff: Backoff,
    /// How long to go on trying.
    pub patience: Patience,
    /// What to do once Switchboard no longer knows the player.
    pub when_forgotten: WhenForgotten,
    /// Take up the player of an earlier session, perhaps of another process, instead of becoming a new one.
    pub resume: Option<ResumeToken>,
}

/// How long to wait between attempts: exponential, with full jitter, so that a thousand clients that were cut off at once do not
/// come back at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The most that the first attempt is put off by. It doubles with each attempt.
    pub first: Duration,
    /// The most that any attempt is put off by.
    pub most: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(200),
            most: Duration::from_secs(5),
        }
    }
}

impl Backoff {
    /// How long to wait before an attempt, the first being 1, for a `fraction` drawn evenly from 0 to 1.
    pub(crate) fn delay(self, attempt: u32, fraction: f64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let bound = self.first.saturating_mul(1 << doublings).min(self.most);
        bound.mul_f64(fraction.clamp(0.0, 1.0))
    }
}

/// How long a session goes on trying to connect again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patience {
    /// For as long as Switchboard keeps the player's place, and a little longer.
    #[default]
    Grace,
    /// For this long.
    For(Duration),
    /// This often.
    Attempts(u32),
}

/// What a session does once Switchboard no longer knows its player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenForgotten {
    /// It ends, with [`End::ResumeRefused`](crate::End::ResumeRefused).
    #[default]
    End,
    /// It goes on as a new player, and says so: [`SessionEvent::StartedOver`](crate::SessionEvent::StartedOver).
    StartOver,
}

/// What makes whoever has it the player that it was given to. A secret: `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ResumeToken(String);

impl ResumeToken {
    /// A token as it came in a `welcome`.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token itself, to be kept where only the player can read it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The `hello` that uses it.
    pub(crate) fn hello(&self, last_sequence: Option<u64>) -> Result<Hello, SendError> {
        let resume = Text::new(self.expose()).map_err(|problem| SendError::Invalid {
            field: "resume",
            problem,
        })?;
        Ok(Hello {
            resume: Some(resume),
            // One that is none of the service's is as good as none.
            last_sequence: last_sequence.and_then(|last| Sequence::new(last).ok()),
        })
    }
}

impl fmt::Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_put_off_by_twice_as_much_each_time_up_to_the_most() {
        let backoff = Backoff::default();
        let bounds: Vec<u128> = (1..=7)
            .map(|attempt| backoff.delay(attempt, 1.0).as_millis())
            .collect();
        assert_eq!(bounds, [200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        assert_eq!(backoff.delay(u32::MAX, 1.0), backoff.most);
    }

    #[test]
    fn the_delay_is_drawn_from_nothing_up_to_its_bound() {
        let backoff = Backoff::default();
        assert_eq!(backoff.delay(3, 0.0), Duration::ZERO);
        assert_eq!(backoff.delay(3, 0.5), Duration::from_millis(400));
    }

    #[test]
    fn a_token_does_not_show_itself() {
        assert_eq!(format!("{:?}", ResumeToken::new("hush")), "ResumeToken(…)");
    }
}
