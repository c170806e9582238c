//! Of what everybody knows by what it has heard.

use std::collections::BTreeSet;

use domain::lobby::Event;
use ids::ConnectionId;

use super::ensure;
use super::hearing::is_in;
use crate::clients::introduced;
use crate::deed::Happening;
use crate::view::View;
use crate::world::World;

/// Whoever is given an address of a member has given it its own, now or before. A host is given the address of one who
/// waits, and gives its own only by letting it in.
pub(super) fn invariant_introductions_are_mutual(
    world: &World,
    happening: &Happening,
) -> Result<(), String> {
    for notice in happening.notices() {
        if let Event::JoinRequested { .. } = notice.event {
            continue;
        }
        let waits = |other: &ConnectionId| {
            let Event::Resumed(lobby) = &notice.event else {
                return false;
            };
            let mut requests = lobby.requests.values();
            requests.any(|request| request.contact.connection_id == *other)
        };
        let one = &notice.to.connection_id;
        let mut others = introduced(notice).into_iter().filter(|other| !waits(other));
        let stranger = others.find(|other| !world.clients.knows(other, one));
        ensure(stranger.is_none(), || {
            format!("{stranger:?} does not know {one:?}")
        })?;
    }
    Ok(())
}

/// Any two members of a lobby have each other's addresses.
pub(super) fn invariant_members_know_each_other(
    world: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((_, Some(after))) = happening.change() else {
        return Ok(());
    };
    let members = after.members.values();
    let connections: BTreeSet<_> = members
        .map(|member| &member.contact.connection_id)
        .collect();
    for one in &connections {
        let mut others = connections.iter().filter(|other| *other != one);
        let stranger = others.find(|other| !world.clients.knows(one, other));
        ensure(stranger.is_none(), || {
            format!("{one:?} does not know {stranger:?}")
        })?;
    }
    Ok(())
}

/// Whoever is reached and knows only what it has heard knows who is in its lobby, under which number, and who the host
/// is; and whoever believes to be in a lobby is in one.
pub(super) fn invariant_what_is_heard_adds_up_to_what_is_true(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    let open = world.cast.iter();
    for contact in open.filter_map(|player| player.open(world.now)) {
        let mut lobbies = world.store.lobbies(world.now);
        let lobby = lobbies.find(|lobby| is_in(Some(lobby), contact));
        let believed = world.clients.view(&contact.connection_id);
        let holds = match (lobby.map(View::of), believed) {
            (None, None) => true,
            (Some(truth), Some(believed)) => {
                truth.members == believed.members
                    && truth.host == believed.host
                    && (believed.term.is_none() || truth.term == believed.term)
            }
            (None, Some(_)) | (Some(_), None) => false,
        };
        ensure(holds, || {
            format!("{contact:?} believes {believed:?}; true is {lobby:?}")
        })?;
    }
    Ok(())
}
