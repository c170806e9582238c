//! Nobody makes an address: of all texts, only the one that was sealed opens, for the one it was sealed for.

#![no_main]

use std::sync::LazyLock;

use domain::Timestamp;
use domain::lobby::Contact;
use seal::Sealer;
use ids::{ConnectionId, PeerAddress, PlayerId};
use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;

fn ends() -> Timestamp {
    Timestamp::from_millis(2_000_000)
}

static SEALER: LazyLock<Sealer> = LazyLock::new(|| {
    let secret = SecretString::from("a secret for fuzzing, of no use elsewhere");
    Sealer::new(&secret).expect("it is long enough")
});

fuzz_target!(|text: &str| {
    let (ann, bob) = (contact("ann"), contact("bob"));
    let genuine = SEALER.seal(&bob, &ann);
    let Ok(address) = PeerAddress::parse(text) else {
        return;
    };
    let now = Timestamp::from_millis(1_000_000);
    if let Ok(opened) = SEALER.open(&address, &ann.connection_id, now) {
        assert_eq!(address, genuine, "an address that nobody has made");
        assert_eq!(opened.target, bob.connection_id);
    }
    assert!(SEALER.open(&address, &contact("eve").connection_id, now).is_err());
    assert!(SEALER.open(&address, &ann.connection_id, ends()).is_err());
});

fn contact(name: &str) -> Contact {
    Contact {
        player_id: PlayerId::parse(name).expect("a player id"),
        connection_id: ConnectionId::parse(format!("{name}=")).expect("a connection id"),
        expires_at: ends(),
        away: false,
    }
}
