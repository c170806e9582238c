//! Matches: tickets become a lobby, all at once.

use domain::battle::RulesName;
use domain::lobby::{Lobby, MAX_BANS, Origin};
use domain::matchmaking::{Attribute, Attributes, Match, Ticket};
use ids::MatchId;
use serde_json::json;
use store::{Saved, Store};

use crate::battle::*;
use crate::queue::*;
use crate::scene::*;

async fn undo(store: &Store, lobby: &Lobby, back: &[Ticket]) -> Saved {
    let undone = store.tickets().undo(lobby, back, now()).await;
    undone.expect("the store answers")
}

async fn fill(store: &Store, before: &Lobby, after: &Lobby, of: &Match) -> Saved {
    let filled = store.tickets().fill(before, after, of, now()).await;
    filled.expect("the store answers")
}

/// What a ticket may say at most: 2 KB, in the shape that takes most room in a table.
fn longest_attributes() -> Attributes {
    let texts = |name: u32| (0..32).map(move |text| format!("{name}{text}"));
    let list = |name: u32| {
        (
            format!("list-{name}"),
            Attribute::Texts(texts(name).collect()),
        )
    };
    (10..20).map(list).collect()
}

/// A lobby of two that waits for a third, and its ticket.
async fn waiting_for_a_third(store: &Store) -> (Lobby, Ticket) {
    let (of, lobby) = matched(store, &["one", "two"]).await;
    let ticket = backfill_ticket(&lobby, of);
    let after = with_ticket(&lobby, &ticket);
    let saved = store
        .lobbies()
        .enqueue(&lobby, &after, &ticket, now())
        .await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    (after, ticket)
}

#[tokio::test]
async fn tickets_that_are_claimed_become_a_lobby_with_everybody_in_it() {
    let store = empty().await;
    let (_, lobby) = matched(&store, &["one", "two"]).await;
    assert_eq!(pooled(&store).await, [].into());
    assert_eq!(stored(&store, "M").await, Some(lobby.clone()));
    invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
}

#[tokio::test]
async fn a_match_with_a_ticket_that_is_gone_or_changed_is_not_made() {
    let store = empty().await;
    let (one, two) = (queued(&store, "one").await, queued(&store, "two").await);
    let of = match_of([&one, &two]);
    let changed = two.returned();
    let saved = store.tickets().save(&two, &changed).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    assert_eq!(
        claim(&store, &of, &lobby_of("M", &of)).await,
        Saved::LostRace
    );
    assert_eq!(remove(&store, &changed).await, Saved::Done);
    assert_eq!(
        claim(&store, &of, &lobby_of("M", &of)).await,
        Saved::LostRace
    );
    assert_eq!(stored(&store, "M").await, None);
    assert_eq!(found(&store, &one.reference()).await, Some(one.clone()));
    assert_eq!(pooled(&store).await, [one.ticket_id].into());
}

#[tokio::test]
async fn a_match_is_not_made_into_a_lobby_that_is_there_already() {
    let store = empty().await;
    let there = opened(&store, "M", "host").await;
    let (one, two) = (queued(&store, "one").await, queued(&store, "two").await);
    let of = match_of([&one, &two]);
    assert_eq!(
        claim(&store, &of, &lobby_of("M", &of)).await,
        Saved::LostRace
    );
    assert_eq!(stored(&store, "M").await, Some(there));
    assert_eq!(pooled(&store).await, [one.ticket_id, two.ticket_id].into());
}

#[tokio::test]
async fn a_party_that_is_matched_leaves_its_lobby_for_the_new_one() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let lobby = does(&store, &lobby, join("guest")).await;
    let (_, party) = enqueued(&store, &lobby).await;
    let solo = queued(&store, "solo").await;
    let of = match_of([&party, &solo]);
    let new = lobby_of("M", &of);
    assert_eq!(claim(&store, &of, &new).await, Saved::Done);
    assert_eq!(stored(&store, "L").await, None);
    assert_eq!(stored(&store, "M").await, Some(new.clone()));
    assert_eq!(new.members.len(), 3);
    invariant_seats_say_what_the_lobby_says(&store, &new).await;
}

#[tokio::test]
async fn a_party_whose_lobby_has_no_such_ticket_any_more_is_not_matched() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let (lobby, party) = enqueued(&store, &lobby).await;
    let solo = queued(&store, "solo").await;
    let of = match_of([&party, &solo]);
    let mut out = lobby.clone();
    out.ticket = None;
    out.version += 1;
    let saved = store.lobbies().save(&lobby, Some(&out), now()).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    assert_eq!(
        claim(&store, &of, &lobby_of("M", &of)).await,
        Saved::LostRace
    );
    assert_eq!(stored(&store, "L").await, Some(out));
    assert_eq!(pooled(&store).await, [solo.ticket_id].into());
}

#[tokio::test]
async fn a_setting_of_the_partys_lobby_that_changes_keeps_no_match_from_being_made() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let (lobby, party) = enqueued(&store, &lobby).await;
    let mut renamed = lobby.clone();
    renamed.settings.name = Some("ours".to_owned());
    renamed.version += 1;
    let saved = store.lobbies().save(&lobby, Some(&renamed), now()).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    let of = match_of([&party]);
    assert_eq!(claim(&store, &of, &lobby_of("M", &of)).await, Saved::Done);
}

#[tokio::test]
async fn a_match_that_is_undone_puts_those_who_stay_back_in_their_old_place() {
    let store = empty().await;
    let (of, lobby) = matched(&store, &["stays", "goes"]).await;
    let back = [of.placed[0].ticket.returned()];
    assert_eq!(undo(&store, &lobby, &back).await, Saved::Done);
    assert_eq!(stored(&store, "M").await, None);
    let stays = found(&store, &back[0].reference()).await.expect("it waits");
    assert_eq!(stays.created_at, of.placed[0].ticket.created_at);
    assert_eq!(stays.version, 2);
    let seat = place(&store, "stays").await;
    assert_eq!(seat, Some(store::Place::Ticket(stays.reference())));
    assert_eq!(place(&store, "goes").await, None);
    assert_eq!(pooled(&store).await, [stays.ticket_id].into());
}

#[tokio::test]
async fn a_match_that_is_undone_has_had_no_battle() {
    let store = empty().await;
    let (one, two) = (queued(&store, "one").await, queued(&store, "two").await);
    let of = match_of([&one, &two]);
    let mut lobby = lobby_of("M", &of);
    lobby.battle = Some(battle("b", RulesName::ScoreAttack, &lobby));
    assert_eq!(claim(&store, &of, &lobby).await, Saved::Done);
    assert_eq!(stored(&store, "M").await, Some(lobby.clone()));
    assert_eq!(undo(&store, &lobby, &[one.returned()]).await, Saved::Done);
    for name in ["one", "two"] {
        let results = store.results().list(&player_id(name), None, 9, now()).await;
        assert_eq!(results.expect("the store answers").results, []);
    }
}

#[tokio::test]
async fn a_match_of_players_with_as_much_to_say_as_is_allowed_fits_into_its_lobby() {
    let store = empty().await;
    let mut tickets = Vec::new();
    for number in 0..32 {
        let ticket = Ticket {
            ticket_id: ticket_id(&format!("{number:-<64}")),
            players: vec![contact(&format!("{number:-<40}"))],
            attributes: longest_attributes(),
            ..ticket("any")
        };
        assert_eq!(try_join(&store, &ticket).await, Ok(()));
        tickets.push(ticket);
    }
    let of = match_of(&tickets);
    let mut lobby = lobby_of("M", &of);
    lobby.origin = Some(Origin {
        match_id: MatchId::parse("m").expect("a match id"),
        queue: queue(),
        tickets: of.placed.clone(),
    });
    // What may come later: a crowd in the seats that are left, everybody with the longest metadata, and bans.
    assert_eq!(claim(&store, &of, &lobby).await, Saved::Done);
    let mut later = lobby.clone();
    later.version += 1;
    later.bans = (0..MAX_BANS)
        .map(|ban| player_id(&format!("{ban:->128}")))
        .collect();
    let text = "x".repeat(2_000);
    let metadata = json!({ "text": text });
    for member in later.members.values_mut() {
        member.metadata = metadata.as_object().expect("an object").clone();
    }
    assert_eq!(save(&store, &lobby, Some(&later)).await, Saved::Done);
    assert_eq!(stored(&store, "M").await, Some(later));
}

#[tokio::test]
async fn a_match_whose_lobby_has_changed_is_not_undone() {
    let store = empty().await;
    let (of, lobby) = matched(&store, &["one", "two"]).await;
    let mut changed = lobby.clone();
    changed.settings.name = Some("ours".to_owned());
    changed.version += 1;
    assert_eq!(save(&store, &lobby, Some(&changed)).await, Saved::Done);
    let back = [of.placed[0].ticket.returned()];
    assert_eq!(undo(&store, &lobby, &back).await, Saved::LostRace);
    assert_eq!(stored(&store, "M").await, Some(changed.clone()));
    invariant_seats_say_what_the_lobby_says(&store, &changed).await;
    assert_eq!(pooled(&store).await, [].into());
}

#[tokio::test]
async fn an_empty_seat_is_filled_and_the_ticket_for_it_is_gone() {
    let store = empty().await;
    let (before, backfill) = waiting_for_a_third(&store).await;
    let again = found(&store, &backfill.reference()).await;
    assert_eq!(again.as_ref(), Some(&backfill));
    let third = queued(&store, "third").await;
    let of = Match {
        backfill: Some(backfill),
        ..match_of([&third])
    };
    let after = filled(&before, &of);
    assert_eq!(fill(&store, &before, &after, &of).await, Saved::Done);
    assert_eq!(stored(&store, "M").await, Some(after.clone()));
    assert_eq!(after.members.len(), 3);
    invariant_seats_say_what_the_lobby_says(&store, &after).await;
    assert_eq!(pooled(&store).await, [].into());
}

#[tokio::test]
async fn a_seat_is_not_filled_in_a_lobby_that_has_changed_nor_by_who_has_gone() {
    let store = empty().await;
    let (before, backfill) = waiting_for_a_third(&store).await;
    let third = queued(&store, "third").await;
    let of = Match {
        backfill: Some(backfill.clone()),
        ..match_of([&third])
    };
    let after = filled(&before, &of);
    let mut renamed = before.clone();
    renamed.version += 1;
    assert_eq!(save(&store, &before, Some(&renamed)).await, Saved::Done);
    assert_eq!(fill(&store, &before, &after, &of).await, Saved::LostRace);
    assert_eq!(remove(&store, &third).await, Saved::Done);
    let after = filled(&renamed, &of);
    assert_eq!(fill(&store, &renamed, &after, &of).await, Saved::LostRace);
    assert_eq!(stored(&store, "M").await, Some(renamed));
    assert_eq!(pooled(&store).await, [backfill.ticket_id].into());
    assert_eq!(place(&store, "third").await, None);
}

#[tokio::test]
async fn a_match_of_thirty_two_is_one_operation_however_they_came() {
    let store = empty().await;
    let names: Vec<_> = (0..32).map(|number| format!("player-{number}")).collect();
    let mut tickets = Vec::new();
    for name in &names {
        tickets.push(queued(&store, name).await);
    }
    let solos = match_of(&tickets);
    let lobby = lobby_of("solos", &solos);
    let earlier = store.operations();
    assert_eq!(claim(&store, &solos, &lobby).await, Saved::Done);
    let cost = store.operations().since(&earlier).to_string();
    assert_eq!(cost, "TransactWriteItems 1");
    invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
    let back: Vec<_> = tickets.iter().map(Ticket::returned).collect();
    assert_eq!(undo(&store, &lobby, &back).await, Saved::Done);
    assert_eq!(pooled(&store).await.len(), 32);
}

#[tokio::test]
async fn thirty_two_parties_of_one_are_claimed_in_one_operation_and_their_lobbies_are_gone() {
    let store = empty().await;
    let mut tickets = Vec::new();
    for number in 0..32 {
        let lobby = opened(&store, &format!("L{number}"), &format!("host-{number}")).await;
        tickets.push(enqueued(&store, &lobby).await.1);
    }
    let parties = match_of(&tickets);
    let lobby = lobby_of("M", &parties);
    assert_eq!(claim(&store, &parties, &lobby).await, Saved::Done);
    invariant_seats_say_what_the_lobby_says(&store, &lobby).await;
    for number in 0..32 {
        assert_eq!(stored(&store, &format!("L{number}")).await, None);
    }
    assert_eq!(pooled(&store).await, [].into());
}
