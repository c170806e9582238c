//! Sealing: what Switchboard gives out and takes back, and nobody else can make. The addresses by which peers are named to each
//! other, so that nobody else can use the name; the tokens by which players come back ([`Sealer::resume_token`]); and what is kept for
//! them meanwhile ([`Sealer::hide`]).
//!
//! An address is `base64url(version, expiry, MAC, target connection)`. The MAC covers the expiry and both connections of the
//! pair in sorted order, under a secret that only the functions know. So the same seal works in both directions, the
//! string stays the same while both connections live, and a relayed frame needs no look-up: the sender's connection
//! comes from the platform, the target's from the address, and the MAC proves that the two were introduced.

mod kept_frame;
mod resume_token;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use domain::lobby::Contact;
use hmac::{Hmac, KeyInit, Mac};
use ids::{ConnectionId, PeerAddress};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use thiserror::Error;

/// Changes with the layout, so that an old address is refused and not misread.
const VERSION: u8 = 1;
/// Seconds since 1970, big-endian; good until 2106.
const EXPIRY_BYTES: usize = 4;
/// 128 bits: nobody guesses that within the two hours that an address lives.
const MAC_BYTES: usize = 16;
const HEADER_BYTES: usize = 1 + EXPIRY_BYTES + MAC_BYTES;
/// Keeps this MAC from being any other MAC under the same secret.
const PURPOSE: &[u8] = b"switchboard peer address";

/// The fewest characters of a secret worth the name.
pub const MIN_SECRET: usize = 32;

/// Makes addresses and checks them.
#[derive(Clone)]
pub struct Sealer {
    key: Hmac<Sha256>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// The secret is too short to keep anybody out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the sealing secret has fewer than {MIN_SECRET} characters")]
pub struct WeakSecret;

/// Why an address leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// Not made here, not for this receiver, or changed since.
    #[error("the address was not made for this connection")]
    Invalid,
    /// Genuine, and too old.
    #[error("the address has expired")]
    Expired,
}

/// An address that has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The connection it leads to.
    pub target: ConnectionId,
    /// The receiver's own address, for the target: the same seal the other way round.
    pub reply_address: PeerAddress,
}

impl Sealer {
    /// Takes the secret.
    ///
    /// # Errors
    /// [`WeakSecret`] where it has fewer than [`MIN_SECRET`] characters.
    pub fn new(secret: &SecretString) -> Result<Self, WeakSecret> {
        let secret = secret.expose_secret();
        if secret.chars().count() < MIN_SECRET {
            return Err(WeakSecret);
        }
        let key = Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
        Ok(Self { key })
    }

    /// The address of `target` for `receiver`, good until the first of their connections ends.
    #[must_use]
    pub fn seal(&self, target: &Contact, receiver: &Contact) -> PeerAddress {
        let expiry = target.expires_at.min(receiver.expires_at).as_secs_ceil();
        let expiry = u32::try_from(expiry).unwrap_or(u32::MAX).to_be_bytes();
        let mac = self.mac(expiry, &target.connection_id, &receiver.connection_id);
        write(expiry, mac, &target.connection_id)
    }

    /// Checks an address that came from `receiver`.
    ///
    /// # Errors
    /// [`SealError`], where it leads nowhere for this receiver.
    pub fn open(
        &self,
        address: &PeerAddress,
        receiver: &ConnectionId,
        now: Timestamp,
    ) -> Result<Opened, SealError> {
        let (expiry, mac, target) = read(address).ok_or(SealError::Invalid)?;
        let genuine = self.mac(expiry, &target, receiver).ct_eq(&mac);
        if !bool::from(genuine) {
            return Err(SealError::Invalid);
        }
        if now.as_secs() >= u64::from(u32::from_be_bytes(expiry)) {
            return Err(SealError::Expired);
        }
        let reply_address = write(expiry, mac, receiver);
        Ok(Opened {
            target,
            reply_address,
        })
    }

    /// An address that came to `old`, made anew for `new`, the connection that its receiver is on now; `None` where it was none
    /// of that connection's. `expiry_of` tells when the connection that it leads to ends, where that is known.
    #[must_use]
    pub fn readdress(
        &self,
        address: &PeerAddress,
        old: &ConnectionId,
        new: &Contact,
        expiry_of: impl Fn(&ConnectionId) -> Option<Timestamp>,
    ) -> Option<PeerAddress> {
        let (expiry, mac, target) = read(address)?;
        if !bool::from(self.mac(expiry, &target, old).ct_eq(&mac)) {
            return None;
        }
        let ends = u64::from(u32::from_be_bytes(expiry)) * 1_000;
        let target = Contact {
            player_id: new.player_id.clone(),
            expires_at: expiry_of(&target).unwrap_or(Timestamp::from_millis(ends)),
            connection_id: target,
            away: false,
        };
        Some(self.seal(&target, new))
    }

    fn mac(
        &self,
        expiry: [u8; EXPIRY_BYTES],
        one: &ConnectionId,
        other: &ConnectionId,
    ) -> [u8; MAC_BYTES] {
        let (first, second) = if one < other {
            (one, other)
        } else {
            (other, one)
        };
        let (first, second) = (first.as_str().as_bytes(), second.as_str().as_bytes());
        let whole = self.mac_of(PURPOSE, &[&[VERSION], &expiry, first, second]);
        let mut cut = [0; MAC_BYTES];
        cut.copy_from_slice(&whole[..MAC_BYTES]);
        cut
    }

    /// The MAC over all parts of something, under a purpose of its own.
    fn mac_of(&self, purpose: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.key.clone();
        mac.update(purpose);
        for part in parts {
            // The length keeps "ab" + "c" from being "a" + "bc".
            mac.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

fn write(
    expiry: [u8; EXPIRY_BYTES],
    mac: [u8; MAC_BYTES],
    connection: &ConnectionId,
) -> PeerAddress {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + connection.as_str().len());
    bytes.push(VERSION);
    bytes.extend(expiry);
    bytes.extend(mac);
    bytes.extend(connection.as_str().as_bytes());
    PeerAddress::parse(URL_SAFE_NO_PAD.encode(bytes)).expect("a connection id is short enough")
}

fn read(address: &PeerAddress) -> Option<([u8; EXPIRY_BYTES], [u8; MAC_BYTES], ConnectionId)> {
    let bytes = URL_SAFE_NO_PAD.decode(address.as_str()).ok()?;
    let (&version, rest) = bytes.split_first()?;
    let (expiry, rest) = rest.split_first_chunk()?;
    let (mac, connection) = rest.split_first_chunk()?;
    let connection = ConnectionId::parse(std::str::from_utf8(connection).ok()?).ok()?;
    (version == VERSION).then_some((*expiry, *mac, connection))
}

#[cfg(test)]
mod tests {
    use ids::PlayerId;
    use proptest::prelude::*;

    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(&SecretString::from("a secret of at least 32 characters")).expect("long enough")
    }

    fn contact(connection: &str, expires_at: u64) -> Contact {
        Contact {
            player_id: PlayerId::parse("p").expect("valid"),
            connection_id: ConnectionId::parse(connection).expect("valid"),
            expires_at: Timestamp::from_millis(expires_at * 1_000),
            away: false,
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    #[test]
    fn an_address_leads_its_receiver_to_its_target_and_back() {
        let (alice, bob) = (contact("alice=", 2_000), contact("bob=", 3_000));
        let address = sealer().seal(&bob, &alice);
        let opened = sealer()
            .open(&address, &alice.connection_id, now())
            .expect("genuine");
        assert_eq!(opened.target, bob.connection_id);
        let back = sealer().open(&opened.reply_address, &bob.connection_id, now());
        assert_eq!(back.expect("genuine").target, alice.connection_id);
        assert_eq!(opened.reply_address, sealer().seal(&alice, &bob));
    }

    #[test]
    fn an_address_stays_the_same_while_both_connections_live() {
        let (alice, bob) = (contact("alice=", 2_000), contact("bob=", 3_000));
        assert_eq!(sealer().seal(&bob, &alice), sealer().seal(&bob, &alice));
    }

    #[test]
    fn nobody_but_the_receiver_can_use_an_address() {
        let (alice, bob) = (contact("alice=", 2_000), contact("bob=", 3_000));
        let address = sealer().seal(&bob, &alice);
        for other in ["mallory=", "bob="] {
            let other = ConnectionId::parse(other).expect("valid");
            assert_eq!(
                sealer().open(&address, &other, now()),
                Err(SealError::Invalid)
            );
        }
    }

    #[test]
    fn an_address_ends_with_the_first_of_the_two_connections() {
        let (alice, bob) = (contact("alice=", 2_000), contact("bob=", 3_000));
        let address = sealer().seal(&bob, &alice);
        let open = |second: u64| {
            let then = Timestamp::from_millis(second * 1_000);
            sealer()
                .open(&address, &alice.connection_id, then)
                .map(|_| ())
        };
        assert_eq!(open(1_999), Ok(()));
        assert_eq!(open(2_000), Err(SealError::Expired));
    }

    #[test]
    fn another_secret_makes_another_address() {
        let other = SecretString::from("another secret of 32 characters!");
        let other = Sealer::new(&other).expect("long enough");
        let (alice, bob) = (contact("alice=", 2_000), contact("bob=", 3_000));
        let forged = other.seal(&bob, &alice);
        let opened = sealer().open(&forged, &alice.connection_id, now());
        assert_eq!(opened, Err(SealError::Invalid));
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert_eq!(
            Sealer::new(&SecretString::from("short")).err(),
            Some(WeakSecret)
        );
    }

    proptest! {
        #[test]
        fn no_change_to_an_address_goes_unnoticed(at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
            let (alice, bob) = (contact("alice=", 2_000), contact("bob=", 3_000));
            let address = sealer().seal(&bob, &alice);
            let mut bytes = URL_SAFE_NO_PAD.decode(address.as_str()).expect("made here");
            let place = at.index(bytes.len());
            bytes[place] ^= flip;
            let altered = PeerAddress::parse(URL_SAFE_NO_PAD.encode(bytes)).expect("short");
            let opened = sealer().open(&altered, &alice.connection_id, now());
            prop_assert_eq!(opened, Err(SealError::Invalid));
        }

        #[test]
        fn no_text_makes_opening_panic(text in "\\PC{1,200}") {
            let alice = contact("alice=", 2_000);
            let address = PeerAddress::parse(text).expect("short");
            prop_assert!(sealer().open(&address, &alice.connection_id, now()).is_err());
        }
    }
}
