//! What a change of a lobby means for what hangs on it.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::battle::Settlement;
use domain::lobby::{Contact, Lobby};
use domain::matchmaking::TicketRef;
use ids::PlayerId;

/// What to write and to delete with a lobby, so that it always says what the lobby says.
pub(crate) struct Changes<'a> {
    /// Players who come in or begin to wait.
    pub(crate) taken: Vec<&'a Contact>,
    /// Players who stay, and are reached otherwise: away, or back at another connection.
    pub(crate) renewed: Vec<&'a Contact>,
    /// Players who are out.
    pub(crate) freed: Vec<&'a PlayerId>,
    /// The ticket that the lobby has no more.
    pub(crate) withdrawn: Option<&'a TicketRef>,
    /// How its battle has ended.
    pub(crate) settled: Option<Settlement>,
}

impl<'a> Changes<'a> {
    /// The difference. A seat that has expired counts as free already and is left for DynamoDB to delete: its player may
    /// have taken another since, and a sweep of everybody must fit into one transaction.
    pub(crate) fn between(before: &'a Lobby, after: Option<&'a Lobby>, now: Timestamp) -> Self {
        let old = seated(before);
        let new = after.map(seated).unwrap_or_default();
        let is_renewed = |contact: &&Contact| old[&contact.player_id] != *contact;
        let (stay, come): (Vec<&Contact>, Vec<_>) = new
            .values()
            .copied()
            .partition(|contact| old.contains_key(&contact.player_id));
        let gone = old
            .values()
            .filter(|contact| contact.expires_at > now && !new.contains_key(&contact.player_id));
        let kept = after.and_then(|after| after.ticket.as_ref());
        Self {
            taken: come,
            renewed: stay.into_iter().filter(is_renewed).collect(),
            freed: gone.map(|contact| &contact.player_id).collect(),
            withdrawn: before.ticket.as_ref().filter(|old| Some(*old) != kept),
            settled: settled(before, after, now),
        }
    }

    /// Whether nothing but the lobby itself is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            taken,
            renewed,
            freed,
            withdrawn,
            settled,
        } = self;
        let seats = taken.is_empty() && renewed.is_empty() && freed.is_empty();
        seats && withdrawn.is_none() && settled.is_none()
    }
}

fn seated(lobby: &Lobby) -> BTreeMap<&PlayerId, &Contact> {
    lobby
        .seated()
        .map(|contact| (&contact.player_id, contact))
        .collect()
}

/// How the lobby's battle has ended, if it has with this change. A lobby that is no more cannot tell; its rules can.
fn settled(before: &Lobby, after: Option<&Lobby>, now: Timestamp) -> Option<Settlement> {
    let Some(after) = after else {
        return before.settlement_if_ended(now);
    };
    let of = |lobby: &Lobby| lobby.battle.as_ref()?.settlement.clone();
    let new = of(after);
    new.filter(|new| of(before).as_ref() != Some(new))
}
