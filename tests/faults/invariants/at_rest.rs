//! What must hold once nothing goes wrong any more and everything has come to rest.

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use domain::battle::Battle;
use domain::lobby::Lobby;
use domain::matchmaking::{Ticket, plan};
use ids::{ConnectionId, PlayerId};
use serde_json::{Value, json};
use store::{Contents, Place, Seat, Trace};
use tokio::time::sleep;

use crate::client::Client;
use crate::platform::Platform;
use crate::shared::Shared;

/// How late a timer may be.
const LATE: Duration = Duration::from_secs(10);

/// Nothing is left that time or a tick should have seen to; and everybody can find out where it is, and leave.
pub(crate) async fn at_rest(platform: &Arc<Platform>, clients: &mut [Client]) {
    let shared = &platform.shared;
    for client in &mut *clients {
        client.is_greeted().await;
    }
    let contents = contents(shared);
    let held = every_battle_in_time(&contents);
    shared.history().check("a_battle_is_settled_in_time", held);
    let held = nobody_is_forgotten(platform, &contents);
    shared.history().check("nobody_waits_who_could_play", held);
    check_ghosts(shared, &contents);
    for client in &mut *clients {
        let held = finds_out(client, &contents).await;
        shared
            .history()
            .check("whoever_asks_hears_where_it_is", held);
    }
    for client in &mut *clients {
        let held = leaves(shared, client).await;
        shared.history().check("whoever_wants_to_can_leave", held);
    }
    sleep(LATE).await;
}

fn contents(shared: &Shared) -> Contents {
    let inspector = shared.inspector.get().expect("it is set before anything");
    inspector.contents().expect("every write was read before")
}

fn every_battle_in_time(contents: &Contents) -> Result<(), String> {
    let now = function::now();
    for lobby in contents.lobbies.iter().filter(|one| one.expires_at() > now) {
        let deadline = lobby.battle.as_ref().and_then(Battle::deadline);
        if deadline.is_some_and(|deadline| deadline + LATE < now) {
            return Err(format!("its time was up at {deadline:?}: {lobby:?}"));
        }
    }
    Ok(())
}

/// No tick has anything to do that none has done.
fn nobody_is_forgotten(platform: &Platform, contents: &Contents) -> Result<(), String> {
    let now = function::now();
    let queues = &platform.context.queues;
    for queue in queues.names().filter_map(|name| queues.get(name)) {
        let tickets = contents.tickets.iter();
        let tickets: Vec<_> = tickets
            .filter(|ticket| ticket.queue == queue.name && is_there(ticket, now))
            .cloned()
            .collect();
        let plan = plan(queue, &tickets, now);
        let found = plan.found.len() + plan.agreed.len();
        let over = plan.returned.len() + plan.ended.len();
        if found + over > 0 {
            return Err(format!("{plan:?}"));
        }
    }
    Ok(())
}

/// Whether a ticket counts as there: one whose players are all gone reads as absent.
fn is_there(ticket: &Ticket, now: Timestamp) -> bool {
    let mut players = ticket.players.iter();
    players.any(|player| player.expires_at > now)
}

/// Whoever's end was noticed is nowhere that others could see. What is kept for a player who may come back, nobody else sees.
fn check_ghosts(shared: &Shared, contents: &Contents) {
    let now = function::now();
    let lobbies = contents.lobbies.iter().filter(|one| one.expires_at() > now);
    let seated = lobbies.flat_map(Lobby::seated);
    let seated = seated.map(|contact| (&contact.connection_id, "in a lobby"));
    let waiting = contents.tickets.iter().filter(|one| is_there(one, now));
    let waiting = waiting.flat_map(|ticket| &ticket.players);
    let waiting = waiting.map(|contact| (&contact.connection_id, "in a queue"));
    let seen = seated.chain(waiting);
    let open = contents
        .connections
        .iter()
        .filter(|trace| trace.away_until.is_none());
    let known = open.map(|trace| (&trace.connection.connection_id, "connected"));
    for (connection_id, place) in seen.chain(known) {
        let mut history = shared.history();
        if history.is_gone(connection_id) {
            let how = format!("{} has ended and is still {place}", connection_id.as_str());
            history.broken("nothing_is_left_of_who_is_gone", &how);
        }
    }
}

/// A client may not have heard of what became of its wish: asking once more tells it.
async fn finds_out(client: &mut Client, contents: &Contents) -> Result<(), String> {
    let Some((player, place)) = place_of(client.connection_id(), contents) else {
        return Ok(());
    };
    let Place::Lobby { lobby_id, .. } = place else {
        return Ok(());
    };
    let lobby = contents
        .lobbies
        .iter()
        .find(|one| one.lobby_id == *lobby_id);
    let lobby = lobby.ok_or("a seat is in no lobby")?;
    if !lobby.members.contains_key(player) {
        return Ok(());
    }
    let origin = lobby.origin.as_ref();
    let goes_on = lobby.battle.as_ref().is_none_or(Battle::is_running);
    if let Some(origin) = origin.filter(|_| goes_on) {
        let content = json!({ "queue": origin.queue });
        let again = json!({ "action": "join_matchmaking", "content": content });
        return hears(client, again, "match_found", &json!(lobby_id)).await;
    }
    if lobby.host != *player {
        let content = json!({ "lobby_id": lobby_id });
        let again = json!({ "action": "join_lobby", "content": content });
        return hears(client, again, "join_request_accepted", &json!(lobby_id)).await;
    }
    Ok(())
}

async fn hears(
    client: &mut Client,
    message: Value,
    event: &str,
    lobby_id: &Value,
) -> Result<(), String> {
    let said = message.to_string();
    let answer = client.is_answered(message).await;
    let is_it = answer.as_ref().is_some_and(|answer| {
        answer["event"] == event && answer["content"]["lobby_id"] == *lobby_id
    });
    if is_it {
        Ok(())
    } else {
        Err(format!("{said} is answered by {answer:?}"))
    }
}

/// Leaves wherever it is.
async fn leaves(shared: &Shared, client: &mut Client) -> Result<(), String> {
    let contents = contents(shared);
    let Some((_, place)) = place_of(client.connection_id(), &contents) else {
        return Ok(());
    };
    let action = match place {
        Place::Lobby { .. } => "leave_lobby",
        Place::Ticket(_) => "leave_matchmaking",
    };
    let message = json!({ "action": action, "content": {} });
    let answer = client.is_answered(message).await;
    let event = answer.as_ref().map(|answer| &answer["event"]);
    match event {
        Some(event) if event == "lobby_left" || event == "matchmaking_cancelled" => Ok(()),
        _ => Err(format!("{action} is answered by {answer:?}")),
    }
}

fn place_of<'a>(
    connection_id: Option<&ConnectionId>,
    contents: &'a Contents,
) -> Option<(&'a PlayerId, &'a Place)> {
    let connection_id = connection_id?;
    let mut connections = contents.connections.iter();
    let is_it = |trace: &&Trace| trace.connection.connection_id == *connection_id;
    let connection = &connections.find(is_it)?.connection;
    let now = function::now();
    let mut seats = contents.seats.iter();
    let holds =
        |player: &PlayerId, seat: &Seat| *player == connection.player_id && seat.expires_at > now;
    let seat = seats.find(|(player, seat)| holds(player, seat));
    seat.map(|(player, seat)| (player, &seat.place))
}

/// Nothing is left of anybody whose end was handled, and nobody is anywhere but who has gone unnoticed.
pub(crate) fn once_everybody_has_gone(platform: &Platform) {
    let shared = &platform.shared;
    check_ghosts(shared, &contents(shared));
}

/// Everything that is left counts as gone.
pub(crate) fn once_every_connection_has_ended(platform: &Platform) {
    let shared = &platform.shared;
    let contents = contents(shared);
    let now = function::now();
    let connections = contents.connections.iter();
    let connections = connections.map(|trace| trace.connection.expires_at);
    let presences = contents.presences.iter().map(|one| one.expires_at);
    let seats = contents.seats.iter().map(|(_, one)| one.expires_at);
    let lobbies = contents.lobbies.iter().map(Lobby::expires_at);
    let players = contents.tickets.iter().flat_map(|ticket| &ticket.players);
    let tickets = players.map(|contact| contact.expires_at);
    let all = connections.chain(presences).chain(seats);
    let last = all.chain(lobbies).chain(tickets).max();
    if last.is_some_and(|last| last > now) {
        let how = format!("something is there until {last:?}: {contents:?}");
        shared
            .history()
            .broken("nothing_outlives_its_connection", &how);
    }
}
