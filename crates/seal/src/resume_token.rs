//! Resume tokens: what proves on a new connection that one is an earlier player.
//!
//! A token is `base64url(version, expiry, MAC, player id)`, sealed by the same secret as addresses are, for another purpose.
//! Whoever has it is that player, so it is a secret between the client and Switchboard, and ends with what it could take up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use ids::PlayerId;
use subtle::ConstantTimeEq;

use crate::Sealer;

/// Changes with the layout, so that an old token is refused and not misread.
const VERSION: u8 = 1;
/// Seconds since 1970, big-endian; good until 2106.
const EXPIRY_BYTES: usize = 4;
/// 192 bits: a token is worth more than an address, and not much longer for it.
const MAC_BYTES: usize = 24;
/// Keeps this MAC from being any other MAC under the same secret.
const PURPOSE: &[u8] = b"switchboard resume token";

impl Sealer {
    /// A token for a player, good until then.
    #[must_use]
    pub fn resume_token(&self, player_id: &PlayerId, until: Timestamp) -> String {
        let expiry = u32::try_from(until.as_secs_ceil()).unwrap_or(u32::MAX);
        let expiry = expiry.to_be_bytes();
        let player = player_id.as_str().as_bytes();
        let mut bytes = vec![VERSION];
        bytes.extend(expiry);
        bytes.extend(self.token_mac(expiry, player));
        bytes.extend(player);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whose token it is; `None` where it was not made here, was changed since, or is over.
    #[must_use]
    pub fn open_resume_token(&self, token: &str, now: Timestamp) -> Option<PlayerId> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (&version, rest) = bytes.split_first()?;
        let (expiry, rest) = rest.split_first_chunk::<EXPIRY_BYTES>()?;
        let (mac, player) = rest.split_first_chunk::<MAC_BYTES>()?;
        let is_genuine = self.token_mac(*expiry, player).ct_eq(mac);
        let is_over = now.as_secs() >= u64::from(u32::from_be_bytes(*expiry));
        if !bool::from(is_genuine) || version != VERSION || is_over {
            return None;
        }
        PlayerId::parse(std::str::from_utf8(player).ok()?).ok()
    }

    fn token_mac(&self, expiry: [u8; EXPIRY_BYTES], player: &[u8]) -> [u8; MAC_BYTES] {
        let whole = self.mac_of(PURPOSE, &[&[VERSION], &expiry, player]);
        let mut cut = [0; MAC_BYTES];
        cut.copy_from_slice(&whole[..MAC_BYTES]);
        cut
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use super::*;

    fn sealer(secret: &str) -> Sealer {
        Sealer::new(&SecretString::from(secret)).expect("long enough")
    }

    fn own() -> Sealer {
        sealer("a secret of at least 32 characters")
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn ann() -> PlayerId {
        PlayerId::parse("ann").expect("an id")
    }

    #[test]
    fn a_token_is_its_players_until_it_is_over() {
        let token = own().resume_token(&ann(), at(100));
        assert_eq!(own().open_resume_token(&token, at(99)), Some(ann()));
        assert_eq!(own().open_resume_token(&token, at(100)), None);
    }

    #[test]
    fn another_secret_makes_another_token() {
        let token = sealer("another secret of 32 characters!").resume_token(&ann(), at(100));
        assert_eq!(own().open_resume_token(&token, at(1)), None);
    }

    #[test]
    fn a_player_cannot_be_exchanged_for_a_longer_or_a_shorter_one() {
        let token = own().resume_token(&ann(), at(100));
        let mut bytes = URL_SAFE_NO_PAD.decode(token).expect("made here");
        bytes.push(b'a');
        let longer = URL_SAFE_NO_PAD.encode(&bytes);
        assert_eq!(own().open_resume_token(&longer, at(1)), None);
        let shorter = URL_SAFE_NO_PAD.encode(&bytes[..bytes.len() - 2]);
        assert_eq!(own().open_resume_token(&shorter, at(1)), None);
    }

    proptest! {
        #[test]
        fn no_change_to_a_token_goes_unnoticed(at_byte in any::<prop::sample::Index>(), flip in 1_u8..=255) {
            let token = own().resume_token(&ann(), at(100));
            let mut bytes = URL_SAFE_NO_PAD.decode(token).expect("made here");
            let place = at_byte.index(bytes.len());
            bytes[place] ^= flip;
            prop_assert_eq!(own().open_resume_token(&URL_SAFE_NO_PAD.encode(bytes), at(1)), None);
        }

        #[test]
        fn no_text_makes_opening_panic(text in "\\PC{0,200}") {
            prop_assert_eq!(own().open_resume_token(&text, at(1)), None);
        }
    }
}
