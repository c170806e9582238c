//! A rule as it is configured.

use super::super::{LATENCIES, Limit, Rule, RuleKind, Widening};
use super::QueuesError;
use super::fields::Fields;

/// How often a rule can be widened.
const MAX_STEPS: usize = 8;

/// The longest name of an attribute, as on the wire.
const MAX_NAME: usize = 32;

/// Reads a rule. It widens before tickets give up, or never.
pub(super) fn read(fields: &Fields<'_>, give_up_seconds: u32) -> Result<Rule, QueuesError> {
    let kind = kind(fields)?;
    let most = match bounds(kind) {
        None => {
            fields.are_among(&["kind", "attribute", "widen"])?;
            Limit::Most(0)
        }
        Some(most) => {
            fields.are_among(&["kind", "attribute", "most", "widen"])?;
            Limit::Most(fields.whole("most", 0..=most)?)
        }
    };
    let steps = fields.objects("widen", MAX_STEPS)?;
    let mut widen: Vec<Widening> = Vec::new();
    for step in &steps {
        let before = widen
            .last()
            .map_or((0, most), |step| (step.after_seconds, step.most));
        widen.push(read_step(step, kind, before, give_up_seconds)?);
    }
    Ok(Rule {
        kind,
        attribute: attribute(fields, kind)?,
        most,
        widen,
    })
}

fn kind(fields: &Fields<'_>) -> Result<RuleKind, QueuesError> {
    let kinds = [
        RuleKind::Distance,
        RuleKind::LatencySum,
        RuleKind::CommonRegion,
        RuleKind::Equal,
        RuleKind::Blocklist,
    ];
    let named = fields.text("kind")?;
    let mut known = kinds.into_iter();
    known.find(|kind| kind.as_str() == named).ok_or_else(|| {
        let known = kinds.map(RuleKind::as_str).join(", ");
        fields.wrong(
            "kind",
            format!("must be one of {known}, but is \"{named}\""),
        )
    })
}

/// The most that a rule can measure, if it measures: attributes on the wire go from -1,000,000,000 to 1,000,000,000, and
/// latencies to a minute.
fn bounds(kind: RuleKind) -> Option<u64> {
    match kind {
        RuleKind::Distance => Some(2_000_000_000),
        RuleKind::LatencySum => Some(120_000),
        RuleKind::CommonRegion => Some(60_000),
        RuleKind::Equal | RuleKind::Blocklist => None,
    }
}

fn attribute(fields: &Fields<'_>, kind: RuleKind) -> Result<String, QueuesError> {
    let named = if kind.is_about_regions() {
        fields.optional_text("attribute")?.unwrap_or(LATENCIES)
    } else {
        fields.text("attribute")?
    };
    let length = named.chars().count();
    if (1..=MAX_NAME).contains(&length) {
        Ok(named.to_owned())
    } else {
        let wish = format!("must have 1 to {MAX_NAME} characters, but has {length}");
        Err(fields.wrong("attribute", wish))
    }
}

/// One step, which is later and looser than the one before it.
fn read_step(
    fields: &Fields<'_>,
    kind: RuleKind,
    before: (u32, Limit),
    give_up_seconds: u32,
) -> Result<Widening, QueuesError> {
    fields.are_among(&["after_seconds", "most"])?;
    let (earlier, tighter) = before;
    let last = u64::from(give_up_seconds).max(1);
    let after_seconds = fields.whole("after_seconds", 1..=last)?;
    if after_seconds <= earlier {
        let wish =
            format!("must be more than the {earlier} of the step before, but is {after_seconds}");
        return Err(fields.wrong("after_seconds", wish));
    }
    let most = match bounds(kind) {
        None => {
            let kind = kind.as_str();
            if fields.has("most") {
                let wish = format!("must be null, which lifts the rule: {kind} has no measure");
                return Err(fields.wrong("most", wish));
            }
            Limit::Unlimited
        }
        Some(bound) => {
            let most = fields.optional_whole("most", 0..=bound)?;
            most.map_or(Limit::Unlimited, Limit::Most)
        }
    };
    if most <= tighter {
        let wish = "must be more than in the step before, or null, which lifts the rule";
        return Err(fields.wrong("most", wish));
    }
    Ok(Widening {
        after_seconds,
        most,
    })
}
