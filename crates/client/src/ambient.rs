//! Chance: the only place of the client that asks the machine for it.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the client takes its chance from"
)]

/// A number from 0 up to but not including 1, to spread attempts by.
pub(crate) fn fraction() -> f64 {
    rand::random()
}

/// A text that no other client draws.
pub(crate) fn name() -> String {
    format!("{:032x}", rand::random::<u128>())
}
