//! What a match, its seats and its battle mean for a lobby.

use std::collections::BTreeSet;

use ids::{PeerId, PlayerId, QueueName};

use super::{Lobby, Notice, assembly, depart};
use crate::Timestamp;
use crate::battle::{Battle, Settlement};
use crate::matchmaking::{Owner, Team, Ticket};

impl Lobby {
    /// How many seats are not taken.
    #[must_use]
    pub fn free_seats(&self) -> usize {
        let seats = usize::try_from(self.settings.max_players).unwrap_or(usize::MAX);
        seats.saturating_sub(self.taken_seats())
    }

    /// The team that the match gave this player, if it did.
    #[must_use]
    pub fn team_of(&self, player_id: &PlayerId) -> Option<Team> {
        let has = |ticket: &Ticket| {
            let mut players = ticket.players.iter();
            players.any(|player| player.player_id == *player_id)
        };
        let mut tickets = self.origin.as_ref()?.tickets.iter();
        let placed = tickets.find(|placed| has(&placed.ticket))?;
        Some(placed.team)
    }

    /// Whether nothing has happened to it since its match was made. Then the match can still be undone.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.version == 1 && self.origin.is_some()
    }

    /// What one of its players hears of the match that made it, if that was a match of this queue and it goes on: a battle of
    /// it may be over, but is not settled.
    #[must_use]
    pub fn news_of_match(&self, player_id: &PlayerId, queue: &QueueName) -> Option<Notice> {
        let origin = self.origin.as_ref()?;
        let is_over = self.battle.as_ref().is_some_and(|one| !one.is_running());
        let member = self.members.get(player_id)?;
        let goes_on = origin.queue == *queue && !is_over;
        goes_on.then(|| assembly::found(self, member)).flatten()
    }

    /// The tickets that go back to their queue if the match is undone because these players are gone: waiting again, in
    /// their old places. A party's cannot, as its lobby is no more.
    #[must_use]
    pub fn tickets_back(&self, gone: &[PlayerId]) -> Vec<Ticket> {
        let is_whole = |ticket: &Ticket| {
            let mut players = ticket.players.iter();
            players.all(|player| !gone.contains(&player.player_id))
        };
        let placed = self.origin.iter().flat_map(|origin| &origin.tickets);
        let tickets = placed.map(|placed| &placed.ticket);
        tickets
            .filter(|ticket| ticket.owner == Owner::Player && is_whole(ticket))
            .map(Ticket::returned)
            .collect()
    }

    /// How its battle ends, if it still runs, should the lobby be no more after this. Whoever deletes a lobby writes it down:
    /// the lobby itself can tell nobody any more.
    #[must_use]
    pub fn settlement_if_ended(&self, now: Timestamp) -> Option<Settlement> {
        let mut battle = self.battle.clone().filter(Battle::is_running)?;
        for gone in depart::over(self, now) {
            battle.lose_touch(&gone.player_id, gone.expires_at);
        }
        if battle.settle_due(now).is_none() {
            let swept = depart::sweep(self.clone(), now).lobby;
            let host = swept.map_or_else(|| self.host.clone(), |lobby| lobby.host);
            battle.break_off(&host, now);
        }
        battle.settlement
    }

    /// Whether it is in a queue as a party; then nobody comes in and no battle begins.
    pub(super) fn is_queued_party(&self) -> bool {
        self.ticket.is_some() && self.origin.is_none()
    }

    /// How many seats are taken.
    pub(super) fn taken_seats(&self) -> usize {
        self.members.len()
    }

    /// The peer ids that a newcomer cannot have.
    pub(super) fn taken_peer_ids(&self) -> BTreeSet<PeerId> {
        let members = self.members.values();
        members.map(|member| member.peer_id).collect()
    }
}
