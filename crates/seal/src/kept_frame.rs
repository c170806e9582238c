//! Frames that are kept for a player who is away, so that whoever can read the tables cannot read what players say to each other.
//!
//! A frame is kept as `base64url(version, nonce, ChaCha20-Poly1305 of it)` (RFC 8439), under a key that is derived from the sealing
//! secret for this purpose and this player: for nobody else it can be opened.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ids::PlayerId;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::Sealer;

/// Changes with the layout, so that what was kept by another is dropped and not misread.
const VERSION: u8 = 1;
/// Keeps this key from being any MAC under the same secret.
const PURPOSE: &[u8] = b"switchboard kept frame";

impl Sealer {
    /// A frame as it may lie in a table. `nonce` is random, and another for each frame. A third longer than the frame, and 39
    /// characters.
    #[must_use]
    pub fn hide(&self, frame: &str, player_id: &PlayerId, nonce: [u8; NONCE_LEN]) -> String {
        let mut hidden = frame.as_bytes().to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.frame_key(player_id)
            .seal_in_place_append_tag(unique, Aad::empty(), &mut hidden)
            .expect("a frame is far below the 256 GB that one nonce is good for");
        URL_SAFE_NO_PAD.encode([&[VERSION], nonce.as_slice(), &hidden].concat())
    }

    /// The frame; `None` where it was hidden by another secret, for another player, or was changed since.
    #[must_use]
    pub fn reveal(&self, hidden: &str, player_id: &PlayerId) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(hidden).ok()?;
        let (&version, rest) = bytes.split_first()?;
        let (nonce, hidden) = rest.split_first_chunk::<NONCE_LEN>()?;
        let mut frame = hidden.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let key = self.frame_key(player_id);
        let frame = key.open_in_place(nonce, Aad::empty(), &mut frame).ok()?;
        let frame = std::str::from_utf8(frame).ok()?;
        (version == VERSION).then(|| frame.to_owned())
    }

    fn frame_key(&self, player_id: &PlayerId) -> LessSafeKey {
        let key = self.mac_of(PURPOSE, &[player_id.as_str().as_bytes()]);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key);
        LessSafeKey::new(key.expect("a MAC is as long as a key"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use super::*;

    const NONCE: [u8; NONCE_LEN] = [7; NONCE_LEN];

    fn sealer(secret: &str) -> Sealer {
        Sealer::new(&SecretString::from(secret)).expect("long enough")
    }

    fn own() -> Sealer {
        sealer("a secret of at least 32 characters")
    }

    fn player(name: &str) -> PlayerId {
        PlayerId::parse(name).expect("an id")
    }

    #[test]
    fn a_frame_is_opened_for_its_player_by_the_same_secret_and_not_otherwise() {
        let hidden = own().hide("v=0", &player("ann"), NONCE);
        assert_eq!(
            own().reveal(&hidden, &player("ann")).as_deref(),
            Some("v=0")
        );
        assert_eq!(own().reveal(&hidden, &player("bob")), None);
        let other = sealer("another secret of 32 characters!");
        assert_eq!(other.reveal(&hidden, &player("ann")), None);
    }

    #[test]
    fn it_is_as_much_longer_as_is_documented() {
        let frame = "x".repeat(3_000);
        let hidden = own().hide(&frame, &player("ann"), NONCE);
        assert_eq!(hidden.len(), 4_000 + 39);
    }

    proptest! {
        #[test]
        fn no_change_goes_unnoticed(at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
            let hidden = own().hide("a frame", &player("ann"), NONCE);
            let mut bytes = URL_SAFE_NO_PAD.decode(hidden).expect("made here");
            let place = at.index(bytes.len());
            bytes[place] ^= flip;
            prop_assert_eq!(own().reveal(&URL_SAFE_NO_PAD.encode(bytes), &player("ann")), None);
        }

        #[test]
        fn what_is_hidden_is_not_in_it_and_comes_back(frame in "\\PC{8,300}", nonce in any::<[u8; 12]>()) {
            let hidden = own().hide(&frame, &player("ann"), nonce);
            prop_assert!(!hidden.contains(&frame));
            prop_assert_eq!(own().reveal(&hidden, &player("ann")), Some(frame));
        }

        #[test]
        fn no_text_makes_opening_panic(text in "\\PC{0,200}") {
            prop_assert_eq!(own().reveal(&text, &player("ann")), None);
        }
    }
}
