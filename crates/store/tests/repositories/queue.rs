//! What the tests about queues begin with.

use std::collections::{BTreeMap, BTreeSet};

use domain::lobby::{Contact, JoinPolicy, Lobby, Member, Metadata, Settings, Visibility};
use domain::matchmaking::{Attribute, Match, Owner, Placed, State, Team, Ticket, TicketRef};
use ids::{PeerId, QueueName, TicketId};
use store::{JoinConflict, Saved, Store};

use crate::scene::*;

pub(crate) fn queue() -> QueueName {
    QueueName::parse("1v1").expect("a queue")
}

pub(crate) fn ticket_id(text: &str) -> TicketId {
    TicketId::parse(text).expect("a ticket id")
}

/// A ticket of one player, with attributes of every kind.
pub(crate) fn ticket(name: &str) -> Ticket {
    let texts = |texts: [&str; 2]| BTreeSet::from(texts.map(str::to_owned));
    let attributes = [
        ("skill", Attribute::Number(-1_000_000_000)),
        ("mode", Attribute::Text("Ünser \"Spiel\"".to_owned())),
        ("blocked", Attribute::Texts(texts(["a", "b"]))),
        ("friends", Attribute::Texts(BTreeSet::new())),
        (
            "regions",
            Attribute::Latencies(BTreeMap::from([("eu".to_owned(), 60_000)])),
        ),
    ];
    let attributes = attributes.map(|(name, attribute)| (name.to_owned(), attribute));
    Ticket {
        ticket_id: ticket_id(&format!("t-{name}")),
        queue: queue(),
        owner: Owner::Player,
        players: vec![contact(name)],
        attributes: attributes.into(),
        created_at: now(),
        version: 1,
        state: State::Waiting,
    }
}

/// The ticket of a lobby's members.
pub(crate) fn party_ticket(lobby: &Lobby) -> Ticket {
    let members = lobby.members.values();
    Ticket {
        owner: Owner::Party {
            lobby_id: lobby.lobby_id.clone(),
            era: lobby.era.clone(),
        },
        players: members.map(|member| member.contact.clone()).collect(),
        ..ticket(&format!("party-{}", lobby.host.as_str()))
    }
}

/// A lobby with a ticket.
pub(crate) fn with_ticket(lobby: &Lobby, ticket: &Ticket) -> Lobby {
    Lobby {
        ticket: Some(ticket.reference()),
        version: lobby.version + 1,
        ..lobby.clone()
    }
}

/// A lobby whose party waits, stored.
pub(crate) async fn enqueued(store: &Store, lobby: &Lobby) -> (Lobby, Ticket) {
    let ticket = party_ticket(lobby);
    let after = with_ticket(lobby, &ticket);
    let saved = store.lobbies().enqueue(lobby, &after, &ticket, now()).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    (after, ticket)
}

pub(crate) async fn try_join(store: &Store, ticket: &Ticket) -> Result<(), JoinConflict> {
    reachable(store, &ticket.players).await;
    let joined = store.tickets().join(ticket, now()).await;
    joined.expect("the store answers")
}

/// A ticket of one player, stored.
pub(crate) async fn queued(store: &Store, name: &str) -> Ticket {
    let ticket = ticket(name);
    assert_eq!(try_join(store, &ticket).await, Ok(()));
    ticket
}

pub(crate) async fn found(store: &Store, ticket: &TicketRef) -> Option<Ticket> {
    let found = store.tickets().find(ticket, now()).await;
    found.expect("the store answers")
}

pub(crate) async fn pooled(store: &Store) -> BTreeSet<TicketId> {
    let tickets = store.tickets().of_pool(&queue(), now()).await;
    let tickets = tickets.expect("the store answers").into_iter();
    tickets.map(|ticket| ticket.ticket_id).collect()
}

pub(crate) async fn remove(store: &Store, ticket: &Ticket) -> Saved {
    let removed = store.tickets().remove(ticket, now()).await;
    removed.expect("the store answers")
}

/// These tickets, each a team of its own.
pub(crate) fn match_of<'t>(tickets: impl IntoIterator<Item = &'t Ticket>) -> Match {
    let placed = tickets.into_iter().zip(1..).map(|(ticket, team)| Placed {
        team: Team::new(team).expect("counted from one"),
        ticket: ticket.clone(),
    });
    Match {
        placed: placed.collect(),
        backfill: None,
    }
}

/// The lobby of a match: its players in their order, as members.
pub(crate) fn lobby_of(id: &str, of: &Match) -> Lobby {
    let players = of.placed.iter().flat_map(|placed| &placed.ticket.players);
    let players: Vec<_> = players.cloned().collect();
    let settings = Settings {
        max_players: 64,
        visibility: Visibility::Private,
        join_policy: JoinPolicy::Ask,
        locked: true,
        ..settings()
    };
    let host = players.first().expect("a match has players");
    let mut lobby = lobby_with(id, host.player_id.as_str(), settings, now());
    seat_all(&mut lobby, players.into_iter().skip(1));
    lobby
}

/// Makes members of them.
pub(crate) fn seat_all(lobby: &mut Lobby, players: impl IntoIterator<Item = Contact>) {
    for contact in players {
        let member = Member {
            peer_id: lobby.free_peer_id(),
            arrival: lobby.arrivals,
            team: None,
            metadata: Metadata::new(),
            contact,
        };
        lobby.arrivals += 1;
        let player_id = member.contact.player_id.clone();
        lobby.members.insert(player_id, member);
    }
    assert_eq!(lobby.host().peer_id, PeerId::FIRST);
}

pub(crate) async fn claim(store: &Store, of: &Match, lobby: &Lobby) -> Saved {
    let claimed = store.tickets().claim(of, lobby, now()).await;
    claimed.expect("the store answers")
}

/// A match of solo players, claimed.
pub(crate) async fn matched(store: &Store, names: &[&str]) -> (Match, Lobby) {
    let mut tickets = Vec::new();
    for name in names {
        tickets.push(queued(store, name).await);
    }
    let of = match_of(&tickets);
    let lobby = lobby_of("M", &of);
    assert_eq!(claim(store, &of, &lobby).await, Saved::Done);
    (of, lobby)
}

/// A matched lobby's ticket for its empty seats.
pub(crate) fn backfill_ticket(lobby: &Lobby, of: Match) -> Ticket {
    Ticket {
        owner: Owner::Backfill {
            lobby_id: lobby.lobby_id.clone(),
            era: lobby.era.clone(),
            present: of.placed,
            banned: lobby.bans.clone(),
        },
        players: lobby.seated().cloned().collect(),
        ..ticket("backfill")
    }
}

/// The lobby once these are in it.
pub(crate) fn filled(before: &Lobby, of: &Match) -> Lobby {
    let mut after = before.clone();
    let newcomers = of.placed.iter().flat_map(|placed| &placed.ticket.players);
    seat_all(&mut after, newcomers.cloned());
    after.version += 1;
    after.ticket = None;
    after
}
