//! A queue as it is configured.

use ids::QueueName;
use serde_json::Value;

use super::super::{MAX_PLAYERS, Queue, Rule, TeamSize};
use super::fields::Fields;
use super::{QueuesError, rule, starts};

/// How many rules a queue has at most.
const MAX_RULES: usize = 8;

/// How long a ticket can wait at most: as long as a connection can last.
const MAX_WAIT: u64 = 7_200;

/// How long a ticket waits unless something else is configured.
const GIVE_UP_SECONDS: u32 = 300;

/// How long players can have to accept a match at most.
const MAX_ACCEPTANCE: u64 = 300;

/// Reads a queue.
pub(super) fn read(place: usize, value: &Value) -> Result<Queue, QueuesError> {
    let fields = Fields::of_queue(place, value)?;
    fields.are_among(&[
        "name",
        "teams",
        "team_size",
        "rules",
        "acceptance_seconds",
        "give_up_seconds",
        "battle",
    ])?;
    let name = fields.text("name")?;
    let name = QueueName::parse(name).map_err(|_| {
        let wish = "must be 1 to 32 characters out of a-z, 0-9, _ and -";
        fields.wrong("name", format!("{wish}, but is \"{name}\""))
    })?;
    let teams = fields.whole("teams", 1..=MAX_PLAYERS.into())?;
    let give_up_seconds = fields.optional_whole("give_up_seconds", 1..=MAX_WAIT)?;
    let give_up_seconds = give_up_seconds.unwrap_or(GIVE_UP_SECONDS);
    Ok(Queue {
        name,
        teams,
        team_size: team_size(&fields, teams)?,
        rules: rules(&fields, give_up_seconds)?,
        acceptance_seconds: fields.optional_whole("acceptance_seconds", 1..=MAX_ACCEPTANCE)?,
        give_up_seconds,
        battle: starts::read(&fields)?,
    })
}

fn team_size(queue: &Fields<'_>, teams: u32) -> Result<TeamSize, QueuesError> {
    let fields = queue.object("team_size")?;
    fields.are_among(&["min", "max"])?;
    let most = MAX_PLAYERS / teams;
    let max = fields.whole("max", 1..=most.into()).map_err(|_| {
        let wish = format!(
            "must be a whole number from 1 to {most}: a match has {MAX_PLAYERS} players at most, and this one {teams} teams"
        );
        fields.wrong("max", wish)
    })?;
    let min = fields.whole("min", 1..=u64::from(max))?;
    if teams * min < 2 {
        let wish = "must be 2 at least where there is one team: nobody is matched with nobody";
        return Err(fields.wrong("min", wish));
    }
    Ok(TeamSize { min, max })
}

fn rules(queue: &Fields<'_>, give_up_seconds: u32) -> Result<Vec<Rule>, QueuesError> {
    let mut rules: Vec<Rule> = Vec::new();
    for fields in queue.objects("rules", MAX_RULES)? {
        let rule = rule::read(&fields, give_up_seconds)?;
        let mut others = rules.iter();
        if others.any(|other| other.kind == rule.kind && other.attribute == rule.attribute) {
            let wish = format!("says the same as a rule before it ({rule}): leave one out");
            return Err(fields.wrong("kind", wish));
        }
        rules.push(rule);
    }
    Ok(rules)
}
