//! Who may be in one match.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Attribute, Attributes, Ticket};

/// The attribute that rules on latencies read, unless they name another.
pub const LATENCIES: &str = "latency_ms";

/// Something that keeps tickets out of one match, and how it loosens while they wait. The tickets that are in it already
/// have to get on with a newcomer, not with each other. How far it has loosened is told by the longest waiting one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it compares.
    pub kind: RuleKind,
    /// The attribute that it reads.
    pub attribute: String,
    /// How much it lets pass at first.
    pub most: Limit,
    /// How much it lets pass later, the soonest first.
    pub widen: Vec<Widening>,
}

/// What a rule compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// Two numbers are so far apart at most.
    Distance,
    /// Two players have a region to which they need so many milliseconds together at most.
    LatencySum,
    /// There is a region to which each player needs so many milliseconds at most.
    CommonRegion,
    /// All have the same.
    Equal,
    /// Nobody meets a player whom it has named.
    Blocklist,
}

/// How much a rule lets pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// So much; for rules that compare nothing which can be measured, zero.
    Most(u64),
    /// Anything: the rule does not count any more.
    Unlimited,
}

/// How much a rule lets pass after a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Widening {
    /// How long the longest waiting ticket has waited.
    pub after_seconds: u32,
    /// How much passes from then on.
    pub most: Limit,
}

impl RuleKind {
    /// What it is called in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Distance => "distance",
            Self::LatencySum => "latency_sum",
            Self::CommonRegion => "common_region",
            Self::Equal => "equal",
            Self::Blocklist => "blocklist",
        }
    }

    /// Whether it reads latencies.
    pub(super) fn is_about_regions(self) -> bool {
        match self {
            Self::LatencySum | Self::CommonRegion => true,
            Self::Distance | Self::Equal | Self::Blocklist => false,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.kind.as_str(), self.attribute)
    }
}

impl Rule {
    /// How much passes when the longest waiting ticket has waited so long.
    #[must_use]
    pub fn limit(&self, waited_millis: u64) -> Limit {
        let reached = |step: &&Widening| u64::from(step.after_seconds) * 1_000 <= waited_millis;
        let step = self.widen.iter().rev().find(reached);
        step.map_or(self.most, |step| step.most)
    }

    /// How many seconds a ticket has to wait until this rule loosens next, if it ever does.
    pub(super) fn loosens_after(&self, waited_millis: u64) -> Option<u32> {
        let mut steps = self.widen.iter().map(|step| step.after_seconds);
        steps.find(|seconds| u64::from(*seconds) * 1_000 > waited_millis)
    }

    /// Whether the attributes say what this rule has to know. Nobody has to say whom it does not want to meet.
    pub(super) fn can_read(&self, attributes: &Attributes) -> bool {
        let attribute = attributes.get(&self.attribute);
        match self.kind {
            RuleKind::Distance => matches!(attribute, Some(Attribute::Number(_))),
            RuleKind::LatencySum | RuleKind::CommonRegion => {
                matches!(attribute, Some(Attribute::Latencies(regions)) if !regions.is_empty())
            }
            RuleKind::Equal => attribute.is_some(),
            RuleKind::Blocklist => matches!(attribute, None | Some(Attribute::Texts(_))),
        }
    }

    pub(super) fn is_distance(&self) -> bool {
        self.kind == RuleKind::Distance
    }

    pub(super) fn is_about_equality(&self) -> bool {
        self.kind == RuleKind::Equal
    }

    /// Whether a newcomer may join those who are in a match already.
    pub(super) fn admits(&self, limit: Limit, present: &[&Ticket], newcomer: &Ticket) -> bool {
        let Limit::Most(most) = limit else {
            return true;
        };
        let mut others = present.iter();
        match self.kind {
            RuleKind::Distance => others.all(|other| {
                let numbers = self.number(other).zip(self.number(newcomer));
                numbers.is_some_and(|(one, other)| one.abs_diff(other) <= most)
            }),
            RuleKind::LatencySum => others.all(|other| {
                let regions = self.regions(other).zip(self.regions(newcomer));
                regions.is_some_and(|(one, other)| {
                    shared_sum(one, other).is_some_and(|sum| sum <= most)
                })
            }),
            RuleKind::CommonRegion => self.share_a_region(most, present, newcomer),
            RuleKind::Equal => others.all(|other| {
                let attribute = &self.attribute;
                other.attributes.get(attribute) == newcomer.attributes.get(attribute)
            }),
            RuleKind::Blocklist => {
                others.all(|other| !self.blocks(other, newcomer) && !self.blocks(newcomer, other))
            }
        }
    }

    fn share_a_region(&self, most: u64, present: &[&Ticket], newcomer: &Ticket) -> bool {
        let is_near = |ticket: &Ticket, region: &String| {
            let latency = self.regions(ticket).and_then(|regions| regions.get(region));
            latency.is_some_and(|latency| u64::from(*latency) <= most)
        };
        let mut regions = self.regions(newcomer).into_iter().flat_map(BTreeMap::keys);
        regions.any(|region| {
            is_near(newcomer, region) && present.iter().all(|other| is_near(other, region))
        })
    }

    fn blocks(&self, one: &Ticket, other: &Ticket) -> bool {
        let blocked = self.texts(one);
        let blocked = blocked.filter(|blocked| !blocked.is_empty());
        blocked.is_some_and(|blocked| {
            let mut players = other.players.iter();
            players.any(|player| blocked.contains(player.player_id.as_str()))
        })
    }

    /// The region to which a ticket needs least, of those rules that read latencies.
    pub(super) fn nearest_region<'a>(&self, ticket: &'a Ticket) -> Option<&'a str> {
        let regions = self.regions(ticket)?.iter();
        let nearest = regions.min_by_key(|(_, latency)| **latency);
        nearest.map(|(region, _)| region.as_str())
    }

    fn number(&self, ticket: &Ticket) -> Option<i64> {
        match ticket.attributes.get(&self.attribute)? {
            Attribute::Number(number) => Some(*number),
            Attribute::Text(_) | Attribute::Texts(_) | Attribute::Latencies(_) => None,
        }
    }

    fn regions<'a>(&self, ticket: &'a Ticket) -> Option<&'a BTreeMap<String, u32>> {
        match ticket.attributes.get(&self.attribute)? {
            Attribute::Latencies(regions) => Some(regions),
            Attribute::Number(_) | Attribute::Text(_) | Attribute::Texts(_) => None,
        }
    }

    fn texts<'a>(&self, ticket: &'a Ticket) -> Option<&'a BTreeSet<String>> {
        match ticket.attributes.get(&self.attribute)? {
            Attribute::Texts(texts) => Some(texts),
            Attribute::Number(_) | Attribute::Text(_) | Attribute::Latencies(_) => None,
        }
    }
}

/// The least that two need together to a region that both know.
fn shared_sum(one: &BTreeMap<String, u32>, other: &BTreeMap<String, u32>) -> Option<u64> {
    let both = one
        .iter()
        .filter_map(|(region, latency)| Some((latency, other.get(region)?)));
    both.map(|(one, other)| u64::from(*one) + u64::from(*other))
        .min()
}
