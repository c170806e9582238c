//! Of plans.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::matchmaking::{Attribute, Limit, Match, Plan, RuleKind, State, Ticket};
use ids::TicketId;

use super::ensure;
use crate::shift::Read;
use crate::world::World;

/// One thing at most is done with each ticket, and with none that was not read.
pub(super) fn invariant_no_ticket_is_named_twice(read: &Read, plan: &Plan) -> Result<(), String> {
    let tickets = read.tickets.iter();
    let mut unnamed: BTreeMap<_, _> = tickets.map(|ticket| (&ticket.ticket_id, ticket)).collect();
    for ticket in all(plan) {
        let read = unnamed.remove(&ticket.ticket_id);
        ensure(read == Some(ticket), || {
            format!("{ticket:?}, and read was {read:?}")
        })?;
    }
    Ok(())
}

fn all(plan: &Plan) -> impl Iterator<Item = &Ticket> {
    let agreed = plan.agreed.iter().map(|(_, agreed)| agreed);
    let matched = plan.found.iter().chain(agreed).flat_map(Match::tickets);
    let returned = plan.returned.iter().map(|returned| &returned.ticket);
    let ended = plan.ended.iter().map(|ended| &ended.ticket);
    matched.chain(returned).chain(ended)
}

/// Those who are left of a plan and wait.
fn left<'a>(read: &'a Read, plan: &'a Plan) -> impl Iterator<Item = &'a Ticket> {
    let named: BTreeSet<&TicketId> = all(plan).map(|ticket| &ticket.ticket_id).collect();
    let tickets = read
        .tickets
        .iter()
        .filter(|ticket| ticket.state == State::Waiting);
    tickets.filter(move |ticket| !named.contains(&ticket.ticket_id))
}

/// Nobody is found a match while it, or another of its party, is away.
pub(super) fn invariant_nobody_who_is_away_is_found_a_match(plan: &Plan) -> Result<(), String> {
    let mut found = plan.found.iter().flat_map(Match::tickets);
    let away = found.find(|ticket| ticket.is_away());
    ensure(away.is_none(), || format!("{away:?}"))
}

/// In a queue without rules and parties, of those who are there nobody waits longer than somebody who is matched, and one is left
/// at most.
pub(super) fn invariant_equals_are_served_as_they_come(
    world: &World,
    read: &Read,
    plan: &Plan,
) -> Result<(), String> {
    if !world.queue.rules.is_empty() || world.queue.team_size.max > 1 {
        return Ok(());
    }
    let mut matched = Vec::new();
    for found in plan.found.iter().filter(|found| found.backfill.is_none()) {
        matched.extend(found.tickets().map(turn));
    }
    ensure(matched.is_sorted(), || format!("not in order: {matched:?}"))?;
    let left: Vec<_> = left(read, plan)
        .filter(|ticket| !ticket.is_backfill() && !ticket.is_away())
        .map(turn)
        .collect();
    ensure(left.len() <= 1, || format!("wait in vain: {left:?}"))?;
    let first = left.iter().min();
    let last = matched.last();
    ensure(first.is_none() || last < first, || {
        format!("{first:?} waits, {last:?} does not")
    })
}

fn turn(ticket: &Ticket) -> (Timestamp, &TicketId) {
    (ticket.created_at, &ticket.ticket_id)
}

/// Every new match has teams that are large enough and not too large.
pub(super) fn invariant_matches_have_teams_of_the_right_size(
    world: &World,
    plan: &Plan,
) -> Result<(), String> {
    let agreed = plan.agreed.iter().map(|(_, agreed)| agreed);
    for made in plan
        .found
        .iter()
        .chain(agreed)
        .filter(|made| made.backfill.is_none())
    {
        let mut loads = vec![0; world.queue.teams as usize];
        for placed in &made.placed {
            loads[placed.team.get() as usize - 1] += placed.ticket.players.len();
        }
        let (min, max) = (world.queue.team_size.min, world.queue.team_size.max);
        let is_right = |load: &usize| (min as usize..=max as usize).contains(load);
        ensure(loads.iter().all(is_right), || format!("{made:?}"))?;
    }
    Ok(())
}

/// In a match that is found, everybody gets on with everybody, as far as the longest waiting lets pass.
pub(super) fn invariant_rules_hold_as_the_longest_waiting_has_them(
    world: &World,
    read: &Read,
    plan: &Plan,
) -> Result<(), String> {
    for found in plan.found.iter().filter(|found| found.backfill.is_none()) {
        let first = found
            .tickets()
            .map(|ticket| ticket.created_at)
            .min()
            .unwrap_or_default();
        let waited = read.now.as_millis() - first.as_millis();
        for rule in &world.queue.rules {
            let holds = match (rule.kind, rule.limit(waited)) {
                (RuleKind::Distance, Limit::Most(most)) => {
                    let skills: Vec<_> = found.tickets().map(skill).collect();
                    let least = skills.iter().min().copied().unwrap_or_default();
                    skills.iter().all(|skill| skill.abs_diff(least) <= most)
                }
                (RuleKind::Blocklist, Limit::Most(_)) => found.tickets().all(|one| {
                    let mut others = found.tickets();
                    others.all(|other| one.ticket_id == other.ticket_id || !blocks(one, other))
                }),
                (_, Limit::Unlimited)
                | (RuleKind::LatencySum | RuleKind::CommonRegion | RuleKind::Equal, _) => true,
            };
            ensure(holds, || format!("{rule} in {found:?}"))?;
        }
    }
    Ok(())
}

fn skill(ticket: &Ticket) -> i64 {
    match ticket.attributes.get("skill") {
        Some(Attribute::Number(skill)) => *skill,
        other => panic!("no skill: {other:?}"),
    }
}

fn blocks(one: &Ticket, other: &Ticket) -> bool {
    let Some(Attribute::Texts(blocked)) = one.attributes.get("blocked") else {
        return false;
    };
    let mut players = other.players.iter();
    players.any(|player| blocked.contains(player.player_id.as_str()))
}

/// While anybody waits, or is asked, there is a time for the next look, and it is no later than anybody's patience lasts, or than
/// anybody may stay away.
pub(super) fn invariant_there_is_another_look_while_anybody_waits(
    world: &World,
    read: &Read,
    plan: &Plan,
) -> Result<(), String> {
    let patience = std::time::Duration::from_secs(world.queue.give_up_seconds.into());
    let patience = left(read, plan).map(|ticket| ticket.created_at + patience);
    let named: BTreeSet<&TicketId> = all(plan).map(|ticket| &ticket.ticket_id).collect();
    let unnamed = read.tickets.iter();
    let unnamed = unnamed.filter(|ticket| !named.contains(&ticket.ticket_id));
    let away = unnamed
        .flat_map(|ticket| &ticket.players)
        .filter(|by| by.away);
    let latest = patience.chain(away.map(|by| by.expires_at)).min();
    let is_in_time = latest.is_none_or(|latest| plan.next.is_some_and(|next| next <= latest));
    ensure(is_in_time, || {
        format!("{:?} is after {latest:?}", plan.next)
    })
}
