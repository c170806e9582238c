//! Ticks over real tables in this process, and over players who may be gone.

mod agreeing;
mod failing;
mod matching;
mod scene;
mod undoing;
