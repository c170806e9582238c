//! What a change of a lobby means for its players' seats.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::lobby::{Contact, Lobby};
use ids::PlayerId;

/// The seats to write and to delete with a lobby, so that they always say what the lobby says.
pub(crate) struct SeatChanges<'a> {
    /// Players who come in or begin to wait.
    pub(crate) taken: Vec<&'a Contact>,
    /// Players who stay, at a connection that ends at another time.
    pub(crate) renewed: Vec<&'a Contact>,
    /// Players who are out.
    pub(crate) freed: Vec<&'a PlayerId>,
}

impl<'a> SeatChanges<'a> {
    /// The difference. A seat that has expired counts as free already and is left for DynamoDB to delete: its player may
    /// have taken another since, and a sweep of everybody must fit into one transaction.
    pub(crate) fn between(before: &'a Lobby, after: Option<&'a Lobby>, now: Timestamp) -> Self {
        let old = seated(before);
        let new = after.map(seated).unwrap_or_default();
        let is_renewed =
            |contact: &&Contact| old[&contact.player_id].expires_at != contact.expires_at;
        let (stay, come): (Vec<&Contact>, Vec<_>) = new
            .values()
            .copied()
            .partition(|contact| old.contains_key(&contact.player_id));
        let gone = old
            .values()
            .filter(|contact| contact.expires_at > now && !new.contains_key(&contact.player_id));
        Self {
            taken: come,
            renewed: stay.into_iter().filter(is_renewed).collect(),
            freed: gone.map(|contact| &contact.player_id).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.renewed.is_empty() && self.freed.is_empty()
    }
}

fn seated(lobby: &Lobby) -> BTreeMap<&PlayerId, &Contact> {
    lobby
        .seated()
        .map(|contact| (&contact.player_id, contact))
        .collect()
}
