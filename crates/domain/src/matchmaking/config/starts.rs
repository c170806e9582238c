//! The battle that starts with a match, as it is configured.

use super::super::StartsBattle;
use super::QueuesError;
use super::fields::Fields;
use crate::battle::{Options, RulesName};

/// Reads which battle starts, if one does. Its options are bounded as on the wire; who plays is not configured.
pub(super) fn read(queue: &Fields<'_>) -> Result<Option<StartsBattle>, QueuesError> {
    let Some(fields) = queue.optional_object("battle")? else {
        return Ok(None);
    };
    fields.are_among(&["rules", "options"])?;
    let named = fields.text("rules")?;
    let rules = RulesName::parse(named).ok_or_else(|| {
        let wish = "must be score_attack or noughts_and_crosses";
        fields.wrong("rules", format!("{wish}, but is \"{named}\""))
    })?;
    let options = fields.optional_object("options")?;
    let options = options.map_or_else(|| Ok(Options::default()), |fields| read_options(&fields))?;
    Ok(Some(StartsBattle { rules, options }))
}

fn read_options(fields: &Fields<'_>) -> Result<Options, QueuesError> {
    fields.are_among(&[
        "attack_cost",
        "freeze_seconds",
        "turn_seconds",
        "battle_seconds",
    ])?;
    Ok(Options {
        attack_cost: fields.optional_whole("attack_cost", 0..=1_000_000)?,
        freeze_seconds: fields.optional_whole("freeze_seconds", 1..=60)?,
        turn_seconds: fields.optional_whole("turn_seconds", 1..=3_600)?,
        battle_seconds: fields.optional_whole("battle_seconds", 1..=3_600)?,
        ..Options::default()
    })
}
