//! Nobody makes a resume token: of all texts, only the one that was sealed opens, and only until it is over.

#![no_main]

use std::sync::LazyLock;

use domain::Timestamp;
use seal::Sealer;
use ids::PlayerId;
use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;

static SEALER: LazyLock<Sealer> = LazyLock::new(|| {
    let secret = SecretString::from("a secret for fuzzing, of no use elsewhere");
    Sealer::new(&secret).expect("it is long enough")
});

fuzz_target!(|text: &str| {
    let player = PlayerId::parse("bob").expect("a player id");
    let ends = Timestamp::from_millis(2_000_000);
    if let Some(opened) = SEALER.open_resume_token(text, Timestamp::from_millis(1_000_000)) {
        assert_eq!(text, SEALER.resume_token(&player, ends), "a token that nobody has made");
        assert_eq!(opened, player);
    }
    assert!(SEALER.open_resume_token(text, ends).is_none());
});
