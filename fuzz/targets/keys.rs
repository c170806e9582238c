//! Whatever an issuer publishes as its keys is read or refused.

#![no_main]

use identity::KeySet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    if let Ok(keys) = KeySet::parse(json) {
        assert!(!keys.contains("\u{0}no such key\u{0}"));
    }
});
