//! The scene of the stories: a queue, a clock, and tickets called by the first names of their players.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::Timestamp;
use domain::lobby::Contact;
use domain::matchmaking::{
    Attribute, Match, Owner, Placed, Plan, Queue, Queues, State, Team, Ticket, plan,
};
use ids::{ConnectionId, LobbyEra, LobbyId, MatchId, PlayerId, QueueName, TicketId};

/// When every story begins.
pub(crate) fn dawn() -> Timestamp {
    at(0)
}

/// So many milliseconds after a story begins.
pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + millis)
}

/// So many seconds after a story begins.
pub(crate) fn second(number: u64) -> Timestamp {
    at(number * 1_000)
}

/// Some who wait in a queue.
pub(crate) struct Scene {
    /// How they are matched.
    pub(crate) queue: Queue,
    /// Who waits.
    pub(crate) tickets: Vec<Ticket>,
    /// What the clock says.
    pub(crate) now: Timestamp,
}

impl Scene {
    /// A queue with this in its configuration, besides its name. What is said of size is left to the story.
    #[track_caller]
    pub(crate) fn of(fields: &str) -> Self {
        Self {
            queue: queue(fields),
            tickets: Vec::new(),
            now: dawn(),
        }
    }

    /// One against one, by these rules.
    #[track_caller]
    pub(crate) fn duels(rules: &str) -> Self {
        Self::of(&format!(
            r#""teams":2,"team_size":{{"min":1,"max":1}},"rules":[{rules}]"#
        ))
    }

    /// Somebody waits since the story's beginning, a millisecond after whoever was named before.
    pub(crate) fn waits(mut self, ticket: Ticket) -> Self {
        let after = u64::try_from(self.tickets.len()).expect("few wait");
        self.tickets.push(Ticket {
            created_at: dawn() + Duration::from_millis(after),
            ..ticket
        });
        self
    }

    /// These wait alone, one after the other.
    pub(crate) fn wait<const N: usize>(self, names: [&str; N]) -> Self {
        names
            .into_iter()
            .fold(self, |scene, name| scene.waits(solo(name)))
    }

    /// Somebody has come later.
    pub(crate) fn comes(mut self, ticket: Ticket, created_at: Timestamp) -> Self {
        self.tickets.push(Ticket {
            created_at,
            ..ticket
        });
        self
    }

    /// Time has passed.
    pub(crate) fn later(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// What is to be done now.
    pub(crate) fn plan(&self) -> Plan {
        plan(&self.queue, &self.tickets, self.now)
    }

    /// Who is matched now, as text: teams by number, each with its players in order of waiting.
    pub(crate) fn matched(&self) -> Vec<String> {
        self.plan().found.iter().map(teams).collect()
    }

    /// The plan is applied as far as it goes: matches are proposed, what came to nothing is put back or taken out.
    pub(crate) fn goes_on(&mut self) -> Plan {
        let plan = self.plan();
        for returned in &plan.returned {
            *self.ticket_mut(&returned.ticket.ticket_id) = returned.ticket.returned();
        }
        let ended = plan.ended.iter().map(|ended| &ended.ticket.ticket_id);
        let made = plan.agreed.iter().flat_map(|(_, made)| made.tickets());
        let gone: BTreeSet<_> = ended.chain(made.map(|ticket| &ticket.ticket_id)).collect();
        self.tickets
            .retain(|ticket| !gone.contains(&ticket.ticket_id));
        for (number, found) in (1..).zip(&plan.found) {
            let deadline = self.queue.deadline(self.now).expect("players are asked");
            for (_, after) in found.proposed(&match_id(number), deadline) {
                *self.ticket_mut(&after.ticket_id) = after.clone();
            }
        }
        plan
    }

    /// These accept the first match that was proposed last.
    #[track_caller]
    pub(crate) fn accept<const N: usize>(mut self, names: [&str; N]) -> Self {
        for name in names {
            let mut tickets = self.tickets.iter_mut();
            let own = tickets.find(|ticket| has(ticket, name));
            let own = own.expect("it waits");
            let accepted = own.accepted(&match_id(1), &player(name));
            *own = accepted.expect("it is asked");
        }
        self
    }

    /// Somebody takes its ticket out.
    pub(crate) fn leaves(mut self, name: &str) -> Self {
        self.tickets.retain(|ticket| !has(ticket, name));
        self
    }

    /// Somebody's ticket.
    #[track_caller]
    pub(crate) fn ticket(&self, name: &str) -> &Ticket {
        let mut tickets = self.tickets.iter();
        tickets.find(|ticket| has(ticket, name)).expect("it waits")
    }

    fn ticket_mut(&mut self, ticket_id: &TicketId) -> &mut Ticket {
        let mut tickets = self.tickets.iter_mut();
        let found = tickets.find(|ticket| ticket.ticket_id == *ticket_id);
        found.expect("a plan names tickets that were read")
    }
}

#[track_caller]
pub(crate) fn queue(fields: &str) -> Queue {
    let json = format!(r#"[{{"name":"test",{fields}}}]"#);
    let queues = Queues::parse(&json).unwrap_or_else(|error| panic!("{error}"));
    let name = QueueName::parse("test").expect("a queue's name");
    queues.get(&name).expect("it is there").clone()
}

fn has(ticket: &Ticket, name: &str) -> bool {
    let mut players = ticket.players.iter();
    players.any(|other| other.player_id == player(name))
}

pub(crate) fn player(name: &str) -> PlayerId {
    PlayerId::parse(name).expect("a player id")
}

pub(crate) fn contact(name: &str) -> Contact {
    Contact {
        player_id: player(name),
        connection_id: ConnectionId::parse(format!("{name}-socket")).expect("a connection id"),
        expires_at: dawn() + Duration::from_hours(2),
        away: false,
    }
}

pub(crate) fn match_id(number: u32) -> MatchId {
    MatchId::parse(format!("match-{number}")).expect("a match id")
}

/// Somebody who waits alone.
pub(crate) fn solo(name: &str) -> Ticket {
    party([name])
}

/// Some who wait as one.
pub(crate) fn party<const N: usize>(names: [&str; N]) -> Ticket {
    let owner = match names.len() {
        1 => Owner::Player,
        _ => Owner::Party {
            lobby_id: LobbyId::parse(names[0]).expect("a lobby id"),
            era: LobbyEra::parse("era").expect("an era"),
        },
    };
    Ticket {
        ticket_id: TicketId::parse(names[0]).expect("a ticket id"),
        queue: QueueName::parse("test").expect("a queue's name"),
        owner,
        players: names.map(contact).into(),
        attributes: BTreeMap::new(),
        created_at: dawn(),
        version: 1,
        state: State::Waiting,
    }
}

/// A lobby that asks for others: these are in it, on these teams.
pub(crate) fn lobby<const N: usize>(name: &str, present: [(u32, Ticket); N]) -> Ticket {
    let players = present
        .iter()
        .flat_map(|(_, ticket)| ticket.players.clone());
    let players = players.collect();
    let present = present.map(|(team, ticket)| Placed {
        team: Team::new(team).expect("a team"),
        ticket,
    });
    Ticket {
        ticket_id: TicketId::parse(name).expect("a ticket id"),
        owner: Owner::Backfill {
            lobby_id: LobbyId::parse(name).expect("a lobby id"),
            era: LobbyEra::parse("era").expect("an era"),
            present: present.into(),
            banned: BTreeSet::new(),
        },
        players,
        ..solo(name)
    }
}

/// A lobby that asks for others, but not for this one.
pub(crate) fn bans(mut lobby: Ticket, name: &str) -> Ticket {
    let Owner::Backfill { banned, .. } = &mut lobby.owner else {
        panic!("only a lobby bans anybody");
    };
    banned.insert(contact(name).player_id);
    lobby
}

/// The ticket says this, too.
pub(crate) fn says(mut ticket: Ticket, name: &str, attribute: Attribute) -> Ticket {
    ticket.attributes.insert(name.to_owned(), attribute);
    ticket
}

/// Somebody with a skill.
pub(crate) fn skilled(name: &str, skill: i64) -> Ticket {
    says(solo(name), "skill", Attribute::Number(skill))
}

/// Somebody who needs so many milliseconds to each of these regions.
pub(crate) fn located<const N: usize>(name: &str, regions: [(&str, u32); N]) -> Ticket {
    let regions = regions.map(|(region, latency)| (region.to_owned(), latency));
    says(
        solo(name),
        "latency_ms",
        Attribute::Latencies(regions.into()),
    )
}

/// Somebody who plays this mode.
pub(crate) fn mode(name: &str, mode: &str) -> Ticket {
    says(solo(name), "mode", Attribute::Text(mode.to_owned()))
}

/// Somebody who does not want to meet these.
pub(crate) fn blocking<const N: usize>(name: &str, blocked: [&str; N]) -> Ticket {
    let blocked = blocked.map(str::to_owned);
    says(solo(name), "blocked", Attribute::Texts(blocked.into()))
}

/// A match as text: `ann bob | cat dan`.
pub(crate) fn teams(found: &Match) -> String {
    let last = found.placed.iter().map(|placed| placed.team).max();
    let teams = 1..=last.map_or(0, Team::get);
    let names = |team| {
        let placed = found
            .placed
            .iter()
            .filter(|placed| placed.team.get() == team);
        let players = placed.flat_map(|placed| &placed.ticket.players);
        let names: Vec<_> = players.map(|player| player.player_id.as_str()).collect();
        names.join(" ")
    };
    teams.map(names).collect::<Vec<_>>().join(" | ")
}
