//! Ticks and timers from their sender to a consumer, on a clock that waits for nobody.

mod scene;
mod stopping;
mod ticks;
mod timers;
