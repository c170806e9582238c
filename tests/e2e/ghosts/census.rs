//! Where some players are, as the tables have it.

use std::collections::BTreeSet;
use std::ops::AddAssign;

use domain::Timestamp;
use e2e::{Inside, now};
use ids::PlayerId;

/// How many of some players are where. Whoever is away counts, and whoever is in a lobby or a queue that has expired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Census {
    /// On a connection that counts as open.
    pub(super) connected: usize,
    /// Members of a lobby.
    pub(super) members: usize,
    /// Waiting to be let into one.
    pub(super) waiting: usize,
    /// In a queue, alone or with their party.
    pub(super) queued: usize,
    /// In a battle that goes on.
    pub(super) playing: usize,
    /// With a place that is kept for them.
    pub(super) seated: usize,
}

impl Census {
    /// Counts them. What is kept for a player to come back to, and what it has won and lost, nobody else sees; it stays.
    pub(super) fn of(players: &BTreeSet<PlayerId>, inside: Inside<'_>) -> Self {
        let contents = inside.contents();
        let mut found = Self::default();
        let count = |kind: &mut usize, player: &PlayerId| {
            *kind += usize::from(players.contains(player));
        };
        let connections = contents.connections.iter();
        for open in connections.filter(|trace| trace.away_until.is_none()) {
            count(&mut found.connected, &open.connection.player_id);
        }
        for lobby in &contents.lobbies {
            for member in lobby.members.keys() {
                count(&mut found.members, member);
            }
            for waiting in lobby.requests.keys() {
                count(&mut found.waiting, waiting);
            }
            if let Some(battle) = lobby.battle.as_ref().filter(|battle| battle.is_running()) {
                count(&mut found.playing, &battle.players.first.player_id);
                count(&mut found.playing, &battle.players.second.player_id);
            }
        }
        for contact in contents.tickets.iter().flat_map(|ticket| &ticket.players) {
            count(&mut found.queued, &contact.player_id);
        }
        // A lobby that sweeps out whoever is past the grace period leaves the seat, which has expired at the same moment.
        let now = Timestamp::from_millis(1_000 * now());
        for (player, _) in contents
            .seats
            .iter()
            .filter(|(_, seat)| seat.expires_at > now)
        {
            count(&mut found.seated, player);
        }
        found
    }
}

impl AddAssign for Census {
    fn add_assign(&mut self, more: Self) {
        self.connected += more.connected;
        self.members += more.members;
        self.waiting += more.waiting;
        self.queued += more.queued;
        self.playing += more.playing;
        self.seated += more.seated;
    }
}
