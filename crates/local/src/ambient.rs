//! The wall clock and randomness: the only place of the front that asks the machine for them.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the front takes its clock and its chance from"
)]

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;

/// Milliseconds since 1970, as API Gateway stamps its events.
pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

/// A fresh name in the shape that API Gateway gives connections, requests and messages: eleven random bytes in
/// base64, so sixteen characters of which the last is always `=`.
pub(crate) fn name() -> String {
    URL_SAFE.encode(bytes::<11>())
}

/// Bytes that nobody can guess.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    rand::fill(&mut bytes[..]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_shape_that_api_gateway_gives() {
        let name = name();
        assert_eq!(name.len(), 16);
        assert!(name.ends_with('=') && !name.ends_with("=="), "{name}");
        assert!(ids::ConnectionId::parse(name).is_ok());
    }

    #[test]
    fn no_two_names_are_the_same() {
        assert_ne!(name(), name());
    }
}
