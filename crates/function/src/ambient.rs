//! The world outside: the clock, and randomness for fresh ids.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the clock and chance come in"
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::Timestamp;
use ids::{BattleId, LobbyEra, LobbyId, MatchId, PlayerId, TicketId};
use rand::RngExt;
use tokio::time::sleep;
use uuid::Uuid;

/// What a made lobby id consists of: no digit or letter that is easily taken for another.
const CODE_ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// 32 to the sixth is a thousand million: with a hundred thousand lobbies open, one guess in ten thousand finds one.
const CODE_LENGTH: usize = 6;

/// The time now.
#[must_use]
pub fn now() -> Timestamp {
    #[cfg(feature = "simulation")]
    if let Some(now) = crate::simulation::now() {
        return now;
    }
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}

/// Waits until a time has come.
pub async fn until(at: Timestamp) {
    let millis = at.as_millis().saturating_sub(now().as_millis());
    sleep(Duration::from_millis(millis)).await;
}

/// A player id that nobody has.
#[must_use]
pub fn fresh_player_id() -> PlayerId {
    PlayerId::parse(fresh_uuid().simple().to_string()).expect("hexadecimal digits are allowed")
}

/// An era that no lobby has had.
#[must_use]
pub fn fresh_era() -> LobbyEra {
    LobbyEra::parse(fresh_uuid().simple().to_string()).expect("hexadecimal digits are allowed")
}

/// A ticket id that no ticket has had.
#[must_use]
pub fn fresh_ticket_id() -> TicketId {
    TicketId::parse(fresh_uuid().simple().to_string()).expect("hexadecimal digits are allowed")
}

/// A match id that no match has had.
#[must_use]
pub fn fresh_match_id() -> MatchId {
    MatchId::parse(fresh_uuid().simple().to_string()).expect("hexadecimal digits are allowed")
}

/// A battle id that no battle has had.
#[must_use]
pub fn fresh_battle_id() -> BattleId {
    BattleId::parse(fresh_uuid().simple().to_string()).expect("hexadecimal digits are allowed")
}

/// A short code to join a lobby by. Whether it is free is for the write to decide.
#[must_use]
pub fn fresh_lobby_code() -> LobbyId {
    let letter = || char::from(CODE_ALPHABET[usize::from(byte()) % CODE_ALPHABET.len()]);
    let code: String = (0..CODE_LENGTH).map(|_| letter()).collect();
    LobbyId::parse(code).expect("six letters are allowed")
}

/// Some number from 0 to 1, drawn by lot: two who lost the same race must not run the next one side by side.
pub(crate) fn fraction() -> f64 {
    #[cfg(feature = "simulation")]
    if let Some(fraction) = crate::simulation::draw(RngExt::random) {
        return fraction;
    }
    rand::rng().random()
}

/// Some byte. The alphabet divides its 256 values evenly.
fn byte() -> u8 {
    #[cfg(feature = "simulation")]
    if let Some(byte) = crate::simulation::draw(RngExt::random) {
        return byte;
    }
    rand::rng().random()
}

/// Random bytes that no frame was hidden with before.
pub(crate) fn nonce() -> [u8; 12] {
    #[cfg(feature = "simulation")]
    if let Some(nonce) = crate::simulation::draw(RngExt::random) {
        return nonce;
    }
    rand::rng().random()
}

fn fresh_uuid() -> Uuid {
    #[cfg(feature = "simulation")]
    if let Some(bytes) = crate::simulation::draw(RngExt::random) {
        return uuid::Builder::from_random_bytes(bytes).into_uuid();
    }
    Uuid::new_v4()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_six_letters_that_are_not_mistaken_for_others() {
        for _ in 0..1_000 {
            let code = fresh_lobby_code();
            assert_eq!(code.as_str().len(), CODE_LENGTH);
            assert!(!code.as_str().contains(['0', '1', 'I', 'O']), "{code}");
        }
    }
}
