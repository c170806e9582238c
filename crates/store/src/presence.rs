//! Where a player is reached, and what is kept for it until it is reached again.

use std::fmt;

use domain::Timestamp;
use ids::{ConnectionId, PlayerId};

use crate::Connection;

/// The most frames that are kept for one player.
pub const MAX_KEPT_FRAMES: usize = 128;

/// The most bytes of frames that are kept for one player, as they are stored: an item of DynamoDB's takes 400 KB, and is billed by the
/// kilobyte.
pub const MAX_KEPT_BYTES: usize = 128 * 1024;

/// Where a player is reached, or was last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Who.
    pub player_id: PlayerId,
    /// At which connection. Whether it is open, the connection says.
    pub connection_id: ConnectionId,
    /// Goes up by one with every change.
    pub version: u64,
    /// The sequence number of the last frame that was ever kept.
    pub last_sequence: u64,
    /// What could not be delivered, in order.
    pub kept: Vec<Kept>,
    /// Until when that connection is open at the latest.
    pub expires_at: Timestamp,
}

/// A frame that could not be delivered.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its place among all that were ever kept for this player. Goes up, not by one.
    pub sequence: u64,
    /// The frame as it was to be delivered, hidden from whoever can read the table.
    pub frame: String,
    /// To which connection: the addresses in it are good there only.
    pub addressed_to: ConnectionId,
    /// How long it is worth keeping.
    pub until: Timestamp,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is in it is the players' own business.
        f.debug_struct("Kept")
            .field("sequence", &self.sequence)
            .field("bytes", &self.frame.len())
            .finish_non_exhaustive()
    }
}

/// There is no room for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Presence {
    /// A player who has just come, and for whom nothing is kept.
    #[must_use]
    pub fn new(connection: &Connection) -> Self {
        Self {
            player_id: connection.player_id.clone(),
            connection_id: connection.connection_id.clone(),
            version: 1,
            last_sequence: 0,
            kept: Vec::new(),
            expires_at: connection.expires_at,
        }
    }

    /// The presence with one frame more, behind all others.
    ///
    /// Sequence numbers begin at the time in milliseconds, so that they go up even where an earlier presence of the same
    /// player has been forgotten.
    ///
    /// # Errors
    /// [`Full`], where with it there would be more than [`MAX_KEPT_FRAMES`] or [`MAX_KEPT_BYTES`].
    pub fn keeping(&self, frame: String, until: Timestamp, now: Timestamp) -> Result<Self, Full> {
        let mut kept = self.kept_at(now);
        let bytes: usize = kept.iter().map(|kept| kept.frame.len()).sum();
        if kept.len() >= MAX_KEPT_FRAMES || bytes + frame.len() > MAX_KEPT_BYTES {
            return Err(Full);
        }
        let sequence = now.as_millis().max(self.last_sequence + 1);
        kept.push(Kept {
            sequence,
            frame,
            addressed_to: self.connection_id.clone(),
            until,
        });
        Ok(Self {
            version: self.version + 1,
            last_sequence: sequence,
            kept,
            ..self.clone()
        })
    }

    /// The presence at another connection, without what its player has heard already.
    #[must_use]
    pub fn moved(&self, to: &Connection, heard: Option<u64>, now: Timestamp) -> Self {
        let kept = self.kept_at(now).into_iter();
        Self {
            connection_id: to.connection_id.clone(),
            version: self.version + 1,
            kept: kept
                .filter(|kept| heard.is_none_or(|heard| kept.sequence > heard))
                .collect(),
            expires_at: to.expires_at,
            ..self.clone()
        }
    }

    /// What is still worth keeping.
    fn kept_at(&self, now: Timestamp) -> Vec<Kept> {
        let kept = self.kept.iter();
        kept.filter(|kept| kept.until > now).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn presence() -> Presence {
        Presence::new(&connection("one"))
    }

    fn connection(name: &str) -> Connection {
        Connection {
            connection_id: ConnectionId::parse(name).expect("an id"),
            player_id: PlayerId::parse("ann").expect("an id"),
            connected_at: at(0),
            expires_at: at(7_200_000),
            permissions: None,
        }
    }

    fn keep(presence: &Presence, frame: &str, now: u64) -> Presence {
        let kept = presence.keeping(frame.to_owned(), at(now + 100), at(now));
        kept.expect("there is room")
    }

    fn frames(presence: &Presence) -> Vec<&str> {
        let kept = presence.kept.iter();
        kept.map(|kept| kept.frame.as_str()).collect()
    }

    #[test]
    fn what_is_kept_stays_in_order_with_numbers_that_go_up() {
        let kept = keep(&keep(&keep(&presence(), "a", 5), "b", 5), "c", 50);
        assert_eq!(frames(&kept), ["a", "b", "c"]);
        let numbers: Vec<_> = kept.kept.iter().map(|kept| kept.sequence).collect();
        assert_eq!(numbers, [5, 6, 50]);
    }

    #[test]
    fn what_is_not_worth_keeping_makes_room() {
        let kept = keep(&presence(), "old", 5);
        assert_eq!(frames(&keep(&kept, "new", 105)), ["new"]);
    }

    #[test]
    fn there_is_a_most_of_frames_and_of_bytes() {
        let mut many = presence();
        for _ in 0..MAX_KEPT_FRAMES {
            many = keep(&many, "x", 5);
        }
        assert_eq!(many.keeping("x".to_owned(), at(9), at(5)), Err(Full));
        let large = keep(&presence(), &"x".repeat(MAX_KEPT_BYTES), 5);
        assert_eq!(large.keeping("x".to_owned(), at(9), at(5)), Err(Full));
    }

    #[test]
    fn whoever_comes_back_takes_along_what_it_has_not_heard() {
        let kept = keep(&keep(&presence(), "a", 5), "b", 6);
        assert_eq!(
            frames(&kept.moved(&connection("two"), Some(5), at(7))),
            ["b"]
        );
        let all = kept.moved(&connection("two"), None, at(7));
        assert_eq!(frames(&all), ["a", "b"]);
        assert_eq!(all.connection_id.as_str(), "two");
    }
}
