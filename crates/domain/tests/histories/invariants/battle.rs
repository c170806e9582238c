//! Of battles.

use std::collections::{BTreeMap, BTreeSet};

use domain::battle::{self, Battle, Game, Side};
use domain::lobby::{Event, Lobby};

use super::ensure;
use super::hearing::heard;
use crate::deed::Happening;
use crate::world::World;

/// The battle as it was and as it is, where it is the same one.
fn same_battle(happening: &Happening) -> Option<(&Battle, &Battle)> {
    let (before, after) = happening.change()?;
    let (before, after) = (before.battle.as_ref()?, after?.battle.as_ref()?);
    (before.battle_id == after.battle_id).then_some((before, after))
}

fn running(lobby: &Lobby) -> Option<&Battle> {
    lobby.battle.as_ref().filter(|battle| battle.is_running())
}

/// Every battle that has begun goes on, or is written down as settled, once. Or nobody is left of it.
pub(super) fn invariant_every_battle_is_settled_exactly_once(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    let record = &world.record;
    let going_on = world.store.items().filter_map(running);
    let going_on: BTreeSet<_> = going_on.map(|battle| &battle.battle_id).collect();
    for battle_id in &record.begun {
        let settled = record.settled.get(battle_id).map_or(0, Vec::len);
        let goes_on = going_on.contains(battle_id) || record.lapsed.contains(battle_id);
        ensure(settled + usize::from(goes_on) == 1, || {
            format!("{battle_id:?} was settled {settled} times; goes on: {goes_on}")
        })?;
    }
    Ok(())
}

/// Once it is settled, only who wants another changes.
pub(super) fn invariant_a_settled_battle_never_changes(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, after)) = same_battle(happening) else {
        return Ok(());
    };
    let mut expected = before.clone();
    expected.rematch.clone_from(&after.rematch);
    let holds = before.is_running() || expected == *after;
    ensure(holds, || format!("{before:?} became {after:?}"))
}

/// Scores, what attacks have used up, and death: none of them goes back. What is used up was there.
pub(super) fn invariant_a_score_never_falls(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, after)) = same_battle(happening) else {
        return Ok(());
    };
    let (Game::ScoreAttack(before), Game::ScoreAttack(after)) = (&before.game, &after.game) else {
        return Ok(());
    };
    for side in [Side::First, Side::Second] {
        let (was, is) = (before.contestants.get(side), after.contestants.get(side));
        let grows = was.score <= is.score && was.spent <= is.spent && was.dead <= is.dead;
        ensure(grows && is.spent <= is.score, || {
            format!("{was:?} became {is:?}")
        })?;
    }
    Ok(())
}

/// At most one mark comes with a deed, and that of the one whose turn it was and whose deed it is; no mark goes.
pub(super) fn invariant_turns_alternate(_: &World, happening: &Happening) -> Result<(), String> {
    let Some((before, after)) = same_battle(happening) else {
        return Ok(());
    };
    let (Game::NoughtsAndCrosses(was), Game::NoughtsAndCrosses(is)) = (&before.game, &after.game)
    else {
        return Ok(());
    };
    let tiles = was.board.iter().flatten().zip(is.board.iter().flatten());
    let changed: Vec<_> = tiles.filter(|(was, is)| was != is).collect();
    let turn = was.turn();
    let is_own = happening.is_by(&before.players.get(turn).player_id);
    let holds = match changed[..] {
        [] => true,
        [(None, Some(mark))] => mark.side() == turn && is_own && is.turn() == turn.other(),
        [..] => false,
    };
    ensure(holds, || format!("{was:?} became {is:?}"))
}

/// Whoever makes a move that changes the game plays it.
pub(super) fn invariant_only_those_who_play_change_a_battle(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, after)) = same_battle(happening) else {
        return Ok(());
    };
    let mut players = before.players.iter();
    let plays = players.any(|(_, player)| happening.is_by(&player.player_id));
    let holds = plays || before.game == after.game;
    ensure(holds, || format!("{before:?} became {after:?}"))
}

/// A battle begins because the host starts it, because both who played ask for another, or with a match.
pub(super) fn invariant_a_battle_begins_as_those_wish_who_may(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let id = |battle: &Option<Battle>| battle.as_ref().map(|battle| battle.battle_id.clone());
    if id(&before.battle) == id(&after.battle) {
        return Ok(());
    }
    let last = before.battle.as_ref();
    let rematch = last.is_some_and(|last| {
        let mut players = last.players.iter();
        let wants = |player_id| last.rematch.contains(player_id) || happening.is_by(player_id);
        players.all(|(_, player)| wants(&player.player_id))
    });
    let is_over = last.is_none_or(|last| !last.is_running());
    let holds = is_over && (rematch || happening.is_by(&after.host));
    ensure(holds, || format!("{last:?} and then {:?}", after.battle))
}

/// Nobody who is there plays two battles; and nobody plays against itself.
pub(super) fn invariant_nobody_plays_two_battles(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    let mut playing = BTreeSet::new();
    for lobby in world.store.lobbies(world.now) {
        let Some(battle) = running(lobby) else {
            continue;
        };
        for (_, player) in battle.players.iter() {
            let member = lobby.members.get(&player.player_id);
            let is_there = member.is_some_and(|member| member.contact.expires_at > world.now);
            let is_new = !is_there || playing.insert(&player.player_id);
            ensure(is_new, || format!("{:?} does", player.player_id))?;
        }
        let (first, second) = (&battle.players.first, &battle.players.second);
        ensure(first.player_id != second.player_id, || format!("{first:?}"))?;
    }
    Ok(())
}

/// After a change no battle goes on that time has decided.
pub(super) fn invariant_what_time_has_decided_is_settled(
    world: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let deadline = running(after).and_then(Battle::deadline);
    let holds = before == after || deadline.is_none_or(|deadline| deadline > world.now);
    ensure(holds, || format!("it was {deadline:?}"))
}

/// A battle that goes on has an alarm that has not rung yet, and rings before time decides.
pub(super) fn invariant_an_alarm_is_set_before_time_decides(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    for lobby in world.store.items() {
        let Some(battle) = running(lobby) else {
            continue;
        };
        let is_set = battle.alarm.is_some_and(|at| {
            let alarm = (at, lobby.lobby_id.clone(), lobby.era.clone());
            world.record.alarms.contains(&alarm)
        });
        ensure(is_set && battle.alarm <= battle.deadline(), || {
            format!("{battle:?} has {:?}", world.record.alarms)
        })?;
    }
    Ok(())
}

/// Those who play a battle are members as long as it goes on, and it awaits those of them who are away until their time is
/// over. One that is over awaits nobody.
pub(super) fn invariant_a_battle_awaits_those_of_its_players_who_are_away(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    for lobby in world.store.lobbies(world.now) {
        let mut expected = BTreeMap::new();
        for (_, player) in running(lobby)
            .iter()
            .flat_map(|battle| battle.players.iter())
        {
            let member = lobby.members.get(&player.player_id);
            let member = member.ok_or_else(|| format!("{player:?} is not in {lobby:?}"))?;
            if member.contact.away {
                expected.insert(player.player_id.clone(), member.contact.expires_at);
            }
        }
        let awaited = lobby.battle.as_ref().map(|battle| &battle.away);
        ensure(awaited.is_none_or(|awaited| *awaited == expected), || {
            format!("{awaited:?} are awaited, and should be {expected:?}")
        })?;
    }
    Ok(())
}

/// Where a deed settles a battle, everyone who was there and can hear it hears so once, and as it is written down; where it
/// does not, nobody does.
pub(super) fn invariant_the_end_of_a_battle_is_heard_once_by_everyone_there(
    world: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, after)) = happening.change() else {
        return Ok(());
    };
    let ended = running(before).filter(|battle| {
        let after = after.and_then(running);
        after.is_none_or(|after| after.battle_id != battle.battle_id)
    });
    let settled = ended.and_then(|battle| world.record.settled.get(&battle.battle_id)?.last());
    for contact in before.members.values().map(|member| &member.contact) {
        let told_at = happening.told_at(contact);
        let hearer = told_at.as_ref().unwrap_or(contact);
        let ends: Vec<_> = heard(happening, hearer)
            .filter_map(|event| {
                if let Event::Battle(battle::Event::Settled(settlement)) = event {
                    Some(settlement)
                } else {
                    None
                }
            })
            .collect();
        let expected: Vec<_> = settled.into_iter().filter(|_| told_at.is_some()).collect();
        ensure(ends == expected, || {
            format!("{hearer:?} heard {ends:?} of {settled:?}")
        })?;
    }
    Ok(())
}
