//! That what is no seat, no ticket, no pool and no result is an error that says where, and never a panic.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::battle::{PlayerResult, RulesName, Settlement, Verdict, Why};
use domain::lobby::Contact;
use domain::matchmaking::{
    Attribute, Attributes, Owner, Placed, Pool, Proposal, State, Team, Ticket, TicketRef,
};
use ids::{BattleId, ConnectionId, LobbyEra, LobbyId, MatchId, PlayerId, QueueName, TicketId};
use serde::de::DeserializeOwned;

use super::*;
use crate::{Place, StoreError};

fn contact() -> Contact {
    Contact {
        player_id: PlayerId::parse("player").expect("a player id"),
        connection_id: ConnectionId::parse("C=").expect("a connection id"),
        expires_at: Timestamp::from_millis(7_200_001),
        away: false,
    }
}

fn ticket() -> Ticket {
    let ticket_id = TicketId::parse("t").expect("a ticket id");
    Ticket {
        queue: QueueName::parse("1v1").expect("a queue"),
        owner: Owner::Player,
        players: vec![contact()],
        attributes: Attributes::from([("skill".to_owned(), Attribute::Number(-3))]),
        created_at: Timestamp::from_millis(1),
        version: 1,
        state: State::Proposed(Proposal {
            match_id: MatchId::parse("m").expect("a match id"),
            tickets: vec![ticket_id.clone()],
            team: Team::FIRST,
            deadline: Timestamp::from_millis(2),
            accepted: [contact().player_id].into(),
        }),
        ticket_id,
    }
}

/// A ticket that asks for more players for a lobby of those who came by another.
fn backfill() -> Ticket {
    let present = Placed {
        team: Team::FIRST,
        ticket: ticket(),
    };
    Ticket {
        owner: Owner::Backfill {
            lobby_id: LobbyId::parse("L").expect("a lobby id"),
            era: LobbyEra::parse("era").expect("an era"),
            present: vec![present],
            banned: [PlayerId::parse("banned").expect("a player id")].into(),
        },
        ..ticket()
    }
}

fn settlement() -> Settlement {
    let player = PlayerResult {
        player_id: contact().player_id,
        result: Verdict::Draw,
        score: Some(0),
    };
    Settlement {
        battle_id: BattleId::parse("b").expect("a battle id"),
        rules: RulesName::ScoreAttack,
        settled_at: Timestamp::from_millis(1),
        why: Why::TimeOut,
        players: vec![player],
    }
}

fn ticket_of(item: Item) -> Result<Ticket, StoreError> {
    read(keys::TICKETS, item).and_then(TicketItem::into_ticket)
}

fn nonsense() -> AttributeValue {
    AttributeValue::S("non#sense".to_owned())
}

/// Without each of these attributes, and with nonsense in each, an item is an error that names the table.
fn assert_needed<T: DeserializeOwned, U: std::fmt::Debug>(
    table: &'static str,
    whole: &Item,
    attributes: &[&str],
    then: impl Fn(T) -> Result<U, StoreError>,
) {
    let read_it = |item| read::<T>(table, item).and_then(&then);
    assert!(read_it(whole.clone()).is_ok());
    for attribute in attributes {
        let mut lacking = whole.clone();
        assert!(lacking.remove(*attribute).is_some(), "{attribute}");
        let mut senseless = whole.clone();
        senseless.insert((*attribute).to_owned(), nonsense());
        for item in [lacking, senseless] {
            let error = read_it(item).expect_err("it is malformed").to_string();
            assert!(error.contains(&format!("of the table {table}")), "{error}");
        }
    }
}

#[test]
fn a_ticket_of_every_kind_comes_back_as_it_was() {
    for ticket in [ticket(), backfill()] {
        let item = write(TicketItem::from(&ticket));
        assert_eq!(ticket_of(item).expect("a ticket"), ticket);
    }
}

#[test]
fn a_ticket_that_lacks_something_or_says_nonsense_is_an_error() {
    let needed = [
        "queue",
        "owner",
        "players",
        "attributes",
        "created_at_millis",
        "version",
        "expires_at_millis",
    ];
    let whole = write(TicketItem::from(&ticket()));
    assert_needed(keys::TICKETS, &whole, &needed, TicketItem::into_ticket);
}

#[test]
fn a_ticket_of_nobody_and_a_team_without_a_number_are_errors() {
    let mut item = write(TicketItem::from(&ticket()));
    let nobody = AttributeValue::L(Vec::new());
    item.insert("players".to_owned(), nobody);
    let error = ticket_of(item).expect_err("a ticket has players");
    assert!(error.to_string().ends_with("a ticket of nobody"), "{error}");

    let mut item = write(TicketItem::from(&ticket()));
    let proposal = item
        .get("proposal")
        .and_then(|proposal| proposal.as_m().ok());
    let mut proposal: HashMap<_, _> = proposal.expect("a map").clone();
    proposal.insert("team".to_owned(), AttributeValue::N("0".to_owned()));
    item.insert("proposal".to_owned(), AttributeValue::M(proposal));
    let error = ticket_of(item).expect_err("teams are counted from one");
    assert!(
        error.to_string().ends_with("a team without a number"),
        "{error}"
    );
}

#[test]
fn a_seat_is_in_a_lobby_or_in_a_queue_and_anything_else_is_an_error() {
    let seat = |item| read(keys::PLAYERS, item).and_then(SeatItem::into_seat);
    let reference = ticket().reference();
    let mut queued = write(SeatItem::by_ticket(&reference, &contact()));
    let place = seat(queued.clone()).expect("a seat").place;
    assert_eq!(place, Place::Ticket(reference));
    let needed = ["queue", "ticket_id", "expires_at_millis"];
    let mut lacking: Vec<_> = Vec::new();
    for attribute in needed {
        let mut item = queued.clone();
        item.remove(attribute);
        lacking.push(item);
    }
    queued.insert("era".to_owned(), AttributeValue::S("era".to_owned()));
    queued.insert("lobby_id".to_owned(), AttributeValue::S("L".to_owned()));
    for item in lacking.into_iter().chain([queued]) {
        let error = seat(item).expect_err("it is nowhere, or in two places");
        assert!(
            error.to_string().contains("of the table players"),
            "{error}"
        );
    }
}

#[test]
fn a_seat_as_it_was_before_there_were_queues_is_in_its_lobby() {
    let texts = [
        ("player_id", "player"),
        ("kind", "seat"),
        ("lobby_id", "L"),
        ("era", "era"),
    ];
    let numbers = [("expires_at", "2"), ("expires_at_millis", "1001")];
    let texts = texts.map(|(name, text)| (name, AttributeValue::S(text.to_owned())));
    let numbers = numbers.map(|(name, number)| (name, AttributeValue::N(number.to_owned())));
    let item = texts.into_iter().chain(numbers);
    let item = item.map(|(name, value)| (name.to_owned(), value)).collect();
    let seat = read(keys::PLAYERS, item).and_then(SeatItem::into_seat);
    let place = Place::Lobby {
        lobby_id: LobbyId::parse("L").expect("a lobby id"),
        era: LobbyEra::parse("era").expect("an era"),
    };
    assert_eq!(seat.expect("a seat").place, place);
}

#[test]
fn a_pool_or_a_result_that_lacks_something_or_says_nonsense_is_an_error() {
    let TicketRef { queue, .. } = ticket().reference();
    let pool = write(PoolItem::new(&queue, &Pool::default()));
    assert_needed(keys::TICKETS, &pool, &["recent_waits"], |item: PoolItem| {
        Ok(Pool::from(item))
    });
    let result = write(ResultItem::new(&settlement(), &contact().player_id));
    let needed = [
        "rules",
        "why",
        "players",
        "settled_at_millis",
        "expires_at_millis",
    ];
    assert_needed(keys::RESULTS, &result, &needed, ResultItem::into_settlement);
}
