//! A lobby's battle: who may do what to it, who hears of it, and what coming and going mean for it.

use ids::{BattleId, PeerId, PlayerId};

use super::{Contact, Departure, Event, Lobby, Member, Notice, Outcome, Refusal, govern};
use crate::Timestamp;
use crate::battle::noughts_and_crosses as noughts;
use crate::battle::{
    self, Action, Battle, Move, Options, Pair, Player, RulesName, Told, score_attack,
};

/// Does something to the battle.
pub(super) fn act(
    mut lobby: Lobby,
    by: &PlayerId,
    action: Action,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    if !lobby.members.contains_key(by) {
        return Err(Refusal::NotInLobby);
    }
    let attack = |what| Move::ScoreAttack(what);
    let told = match action {
        Action::Start {
            battle_id,
            rules,
            options,
        } => start(&mut lobby, by, battle_id, rules, options, now)?,
        Action::Attack => play(&mut lobby, by, attack(score_attack::Move::Attack), now)?,
        Action::SyncScore { score } => {
            let what = attack(score_attack::Move::SyncScore(score));
            play(&mut lobby, by, what, now)?
        }
        Action::Die => play(&mut lobby, by, attack(score_attack::Move::Die), now)?,
        Action::PlaceMark { row, column } => {
            let what = Move::NoughtsAndCrosses(noughts::Move { row, column });
            play(&mut lobby, by, what, now)?
        }
        Action::Forfeit => vec![of(&mut lobby)?.give_up(by, now)?],
        Action::Rematch { battle_id } => rematch(&mut lobby, by, battle_id, now)?,
        Action::View => {
            let view = Box::new(of(&mut lobby)?.view(now));
            vec![Told::to_only(by, battle::Event::State(view))]
        }
    };
    let notices = pass_on(&lobby, told);
    Ok(Outcome::new(Some(lobby), notices))
}

/// Begins a battle. What was there of an earlier one is forgotten; a player whom a match brings while it is away is awaited
/// from the beginning.
pub(super) fn begin(lobby: &mut Lobby, mut battle: Battle, now: Timestamp) -> Told {
    for Member { contact, .. } in lobby.members.values().filter(|member| member.contact.away) {
        battle.lose_touch(&contact.player_id, contact.expires_at);
    }
    let view = Box::new(battle.view(now));
    lobby.battle = Some(battle);
    Told::to_everyone(battle::Event::Started(view))
}

/// Settles the battle, if it is over by now.
pub(super) fn settle_due(lobby: &mut Lobby, now: Timestamp) -> Vec<Notice> {
    let battle = lobby.battle.as_mut();
    let told = battle.and_then(|battle| battle.settle_due(now));
    pass_on(lobby, told)
}

/// What is heard of the battle as its lobby ends.
pub(super) fn break_off(lobby: &Lobby, now: Timestamp) -> Vec<Notice> {
    let settlement = lobby.settlement_if_ended(now);
    let told = settlement.map(|settled| Told::to_everyone(battle::Event::Settled(settled)));
    pass_on(lobby, told)
}

/// A member is about to go of its own will, or the host's: if it plays, it has lost, unless the other has been away for longer.
pub(super) fn leave(
    lobby: &mut Lobby,
    by: &PlayerId,
    how: Departure,
    now: Timestamp,
) -> Vec<Notice> {
    let told = match (how, &mut lobby.battle) {
        (Departure::Left | Departure::Kicked | Departure::Banned, Some(battle)) => {
            battle.leave(by, now)
        }
        (Departure::Disconnected, _) | (_, None) => None,
    };
    pass_on(lobby, told)
}

/// A member is out. Its wish for another battle goes with it; where its connection has ended, it has been away until then.
pub(super) fn lose_touch(lobby: &mut Lobby, gone: &Contact, how: Departure) {
    let Some(battle) = &mut lobby.battle else {
        return;
    };
    battle.rematch.remove(&gone.player_id);
    if how == Departure::Disconnected {
        battle.lose_touch(&gone.player_id, gone.expires_at);
    }
}

/// A member's connection has ended: the battle waits for it until then.
pub(super) fn await_return(lobby: &mut Lobby, player_id: &PlayerId, until: Timestamp) {
    if let Some(battle) = &mut lobby.battle {
        battle.lose_touch(player_id, until);
    }
}

/// A member has come back.
pub(super) fn come_back(lobby: &mut Lobby, player_id: &PlayerId) {
    if let Some(battle) = &mut lobby.battle {
        battle.away.remove(player_id);
    }
}

/// Sets an alarm for the next moment at which time alone changes the battle, if none rings by then.
pub(super) fn set_alarm(lobby: &mut Lobby) -> Option<Timestamp> {
    let battle = lobby.battle.as_mut()?;
    let deadline = battle.deadline()?;
    let is_late = battle.alarm.is_none_or(|alarm| deadline < alarm);
    is_late.then(|| *battle.alarm.insert(deadline))
}

/// Sets the next alarm once the last one has rung. Where that is still to come, this was an older one, and nothing is to be done.
pub(super) fn set_next_alarm(lobby: &mut Lobby, now: Timestamp) -> Option<Timestamp> {
    let battle = lobby.battle.as_mut()?;
    battle.alarm = battle.alarm.filter(|alarm| *alarm > now);
    set_alarm(lobby)
}

/// Who plays: those who are named, or the host and the longest present other, from another team where there is one, and one
/// who is there rather than one who is away.
pub(super) fn contenders(
    lobby: &Lobby,
    named: Option<&[PeerId]>,
) -> Result<Pair<Player>, battle::Refusal> {
    let too_few = battle::Refusal::TooFewPlayers;
    let host = lobby.host();
    let members = lobby.members_by_arrival();
    let (first, second) = if let Some(named) = named {
        let [first, second] = named else {
            return Err(too_few);
        };
        let find = |peer_id| members.iter().find(|member| member.peer_id == peer_id);
        (find(*first).copied(), find(*second).copied())
    } else {
        let (here, away): (Vec<_>, Vec<_>) =
            members.iter().partition(|member| !member.contact.away);
        let mut others = here.into_iter().chain(away);
        let is_foe = |member: &&Member| member.team != host.team;
        let foe = others.clone().find(is_foe);
        let other = || others.find(|member| member.peer_id != host.peer_id);
        (Some(host), foe.or_else(other))
    };
    match (first, second) {
        (Some(first), Some(second)) if first.peer_id != second.peer_id => Ok(Pair {
            first: player(first),
            second: player(second),
        }),
        (_, _) => Err(too_few),
    }
}

/// What is heard of the battle, for each member who hears it.
pub(super) fn pass_on(lobby: &Lobby, told: impl IntoIterator<Item = Told>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for Told { to, event } in told {
        let members = lobby.members.values();
        let hearers = members.filter(|member| to.include(&member.contact.player_id));
        notices.extend(hearers.map(|hearer| Notice {
            to: hearer.contact.clone(),
            event: Event::Battle(event.clone()),
        }));
    }
    notices
}

fn start(
    lobby: &mut Lobby,
    by: &PlayerId,
    battle_id: BattleId,
    rules: RulesName,
    options: Options,
    now: Timestamp,
) -> Result<Vec<Told>, Refusal> {
    govern::only_host(lobby, by)?;
    may_begin(lobby)?;
    let players = contenders(lobby, options.players.as_deref())?;
    if players.iter().any(|(_, player)| !is_here(lobby, player)) {
        return Err(battle::Refusal::TooFewPlayers.into());
    }
    let battle = Battle::start(battle_id, rules, options, players, now);
    Ok(vec![begin(lobby, battle, now)])
}

/// Asks for another battle by the same rules; with the second player's asking it begins, and the other one is first. Asking
/// again changes nothing and is not passed on.
fn rematch(
    lobby: &mut Lobby,
    by: &PlayerId,
    battle_id: BattleId,
    now: Timestamp,
) -> Result<Vec<Told>, Refusal> {
    let battle = of(lobby)?;
    battle
        .players
        .side_of(by)
        .ok_or(battle::Refusal::NotPlaying)?;
    may_begin(lobby)?;
    let players = still_present(lobby).ok_or(battle::Refusal::TooFewPlayers)?;
    let battle = of(lobby)?;
    let is_new = battle.rematch.insert(by.clone());
    if battle.rematch.len() < 2 {
        let player = by.clone();
        let asked = Told::to_all_but(by, battle::Event::RematchRequested { player });
        return Ok(is_new.then_some(asked).into_iter().collect());
    }
    let (rules, options) = (battle.game.rules(), battle.options.clone());
    let next = Battle::start(battle_id, rules, options, players.swapped(), now);
    Ok(vec![begin(lobby, next, now)])
}

/// Those who played, if both are there; under the numbers that they have now.
fn still_present(lobby: &Lobby) -> Option<Pair<Player>> {
    let Pair { first, second } = &lobby.battle.as_ref()?.players;
    let both = Pair {
        first: player(lobby.members.get(&first.player_id)?),
        second: player(lobby.members.get(&second.player_id)?),
    };
    let is_complete = both.iter().all(|(_, player)| is_here(lobby, player));
    is_complete.then_some(both)
}

/// Whether a member can take up a battle: nobody is challenged behind its back, to lose it by not being there.
fn is_here(lobby: &Lobby, player: &Player) -> bool {
    let member = lobby.members.get(&player.player_id);
    member.is_some_and(|member| !member.contact.away)
}

fn may_begin(lobby: &Lobby) -> Result<(), Refusal> {
    if lobby.battle.as_ref().is_some_and(Battle::is_running) {
        return Err(battle::Refusal::AlreadyRunning.into());
    }
    if lobby.is_queued_party() {
        return Err(Refusal::InMatchmaking);
    }
    Ok(())
}

fn play(
    lobby: &mut Lobby,
    by: &PlayerId,
    what: Move,
    now: Timestamp,
) -> Result<Vec<Told>, Refusal> {
    Ok(of(lobby)?.play(by, what, now)?)
}

fn of(lobby: &mut Lobby) -> Result<&mut Battle, battle::Refusal> {
    lobby.battle.as_mut().ok_or(battle::Refusal::NoBattle)
}

fn player(member: &Member) -> Player {
    Player {
        player_id: member.contact.player_id.clone(),
        peer_id: member.peer_id,
    }
}
