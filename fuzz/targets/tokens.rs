//! Nobody makes a token: whatever is sent as one, it is believed only if it was signed, and then it says who its bearer is.

#![no_main]

use std::sync::LazyLock;

use identity::{Grant, Issuer, KeySet, Permissions, SharedSecret};
use ids::PlayerId;
use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;

/// When tokens are looked at, in seconds since 1970.
const NOW: u64 = 1_800_000_000;

/// The published keys of an issuer, of every kind that is accepted.
const KEYS: &[u8] = include_bytes!("../corpus/keys/published.json");

static BACKEND: LazyLock<SharedSecret> = LazyLock::new(|| {
    let secret = SecretString::from("a secret for fuzzing, of no use elsewhere");
    SharedSecret::new(&secret).expect("it is long enough")
});

static ISSUER: LazyLock<(Issuer, KeySet)> = LazyLock::new(|| {
    let issuer = Issuer::new("https://login.example.org".to_owned(), "game".to_owned());
    (issuer, KeySet::parse(KEYS).expect("they are published"))
});

fuzz_target!(|token: &str| {
    let grant = Grant {
        player_id: PlayerId::parse("ann").expect("a player id"),
        permissions: Permissions::default(),
        expires_at: NOW + 60,
    };
    if let Ok(identity) = BACKEND.verify(token, NOW) {
        assert_eq!(token, BACKEND.sign(&grant), "a token that nobody has signed");
        assert_eq!(identity.player_id, grant.player_id);
    }
    let (issuer, keys) = &*ISSUER;
    if let Ok(key_id) = Issuer::key_id(token) {
        assert!(!key_id.is_empty() || token.contains('.'));
    }
    // Nobody has the private keys.
    assert!(issuer.verify(token, keys, NOW).is_err());
});
