//! Being cut off, and coming back as who one was.

use std::slice;
use std::time::Duration;

use client::ids::PeerId;
use client::protocol::battle::{ForfeitBattle, Rules};
use client::protocol::connection::{Hello, Ping, Sequence};
use client::protocol::event::{
    BattleState, ConnectionReplaced, GoAway, LobbyResumed, MatchmakingResumed, PeerMoved,
    PlayerAway, PlayerBack, PlayerJoined, ReceivedJoinRequest, ReceivedSessionDescription,
};
use client::protocol::lobby::UpdateLobby;
use client::protocol::{ErrorCode, Event, Message, Text};
use client::{Client, Options, RequestError};
use e2e::{Heard, Party, Player, World, accept, battle, offer, players_of, settings, wish};
use local::{ServerSettings, Settings};
use tokio::time::sleep;

/// Somebody is cut off, and another hears so.
async fn is_cut_off(who: &Player, witness: &Player) {
    who.vanishes();
    let away = witness.hears::<PlayerAway>().await;
    assert_eq!(&away.player_id, who.id());
}

fn sequence_of(heard: &Heard) -> u64 {
    let sequence = heard.json["sequence"].as_u64();
    sequence.unwrap_or_else(|| panic!("a kept frame has a sequence number: {}", heard.text))
}

/// Says `hello` with a token, on a connection of nobody's; why it is refused.
async fn is_not_taken_up(world: &World, token: &str) -> ErrorCode {
    let connected = Client::connect(world.url(), Options::default()).await;
    let (client, _events) = connected.expect("a connection");
    let hello = Hello {
        resume: Some(Text::new(token).expect("short enough")),
        last_sequence: None,
    };
    let refused = match client.request(hello).await {
        Err(RequestError::Refused(refused)) => refused.code,
        other => panic!("a token was to be refused: {other:?}"),
    };
    client.close().await;
    refused
}

#[tokio::test]
async fn a_member_that_is_cut_off_comes_back_to_its_seat_and_the_others_hear_its_new_address() {
    let world = World::patient().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    ann.vanishes();
    for other in [host, bob] {
        let away = other.hears::<PlayerAway>().await;
        assert_eq!((&away.player_id, away.peer_id.get()), (ann.id(), 2));
    }
    let back = world.comes_back("ann again", ann.token()).await;
    assert_eq!(back.id(), ann.id());
    let resumed = back.hears::<LobbyResumed>().await;
    assert_eq!(resumed.lobby.lobby_id, lobby.id);
    assert_eq!(resumed.peer_id.map(PeerId::get), Some(2));
    let members = resumed.members.iter().map(|member| member.peer_id.get());
    assert_eq!(members.collect::<Vec<_>>(), [1, 3]);
    for (other, member) in [host, bob].into_iter().zip(&resumed.members) {
        let heard = other.hears::<PlayerBack>().await;
        assert_eq!(&heard.player_id, ann.id());
        // Both addresses are good, and each is the other's.
        other.does(offer(&heard.connection_id, "to ann")).await;
        let received = back.hears::<ReceivedSessionDescription>().await;
        assert_eq!(received.connection_id, member.connection_id);
        back.does(offer(&member.connection_id, "from ann")).await;
        let received = other.hears::<ReceivedSessionDescription>().await;
        assert_eq!(received.connection_id, heard.connection_id);
    }
    world.ends().await;
}

#[tokio::test]
async fn what_is_said_to_somebody_who_is_away_is_said_in_order_when_it_comes_back() {
    let world = World::patient().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let to = lobby.address(guest, host);
    is_cut_off(guest, host).await;
    for number in 0..5 {
        host.does(offer(&to, &format!("offer {number}"))).await;
    }
    host.does(UpdateLobby::default()).await;
    let back = world.comes_back("guest again", guest.token()).await;
    let heard = back.looks_at_everything().await;
    let names: Vec<_> = heard.iter().map(Heard::name).collect();
    let mut expected = vec![ReceivedSessionDescription::NAME; 5];
    expected.extend(["lobby_updated", LobbyResumed::NAME]);
    assert_eq!(names, expected);
    let state = heard[6].content::<LobbyResumed>();
    for (number, frame) in heard[..5].iter().enumerate() {
        let received = frame.content::<ReceivedSessionDescription>();
        assert_eq!(received.sdp.as_str(), format!("offer {number}"));
        assert_eq!(received.connection_id, state.members[0].connection_id);
    }
    let numbers: Vec<_> = heard[..6].iter().map(sequence_of).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    host.hears::<PlayerBack>().await;
    world.ends().await;
}

#[tokio::test]
async fn what_was_heard_is_not_said_again_and_what_was_not_is() {
    let world = World::patient().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let to = lobby.address(guest, host);
    is_cut_off(guest, host).await;
    for number in 0..3 {
        host.does(offer(&to, &format!("offer {number}"))).await;
    }
    let second = world
        .comes_back("guest, the second time", guest.token())
        .await;
    let heard = second.looks_at_everything().await;
    let last_heard = sequence_of(&heard[1]);
    host.hears::<PlayerBack>().await;
    is_cut_off(&second, host).await;
    let hello = Hello {
        resume: Some(Text::new(second.token()).expect("short enough")),
        last_sequence: Sequence::new(last_heard).ok(),
    };
    let third = world.says_hello("guest, the third time", hello).await;
    let again = third.hears::<ReceivedSessionDescription>().await;
    assert_eq!(again.sdp.as_str(), "offer 2");
    let resumed = third.hears::<LobbyResumed>().await;
    assert_eq!(again.connection_id, resumed.members[0].connection_id);
    third.hears_nothing_more().await;
    host.hears::<PlayerBack>().await;
    world.ends().await;
}

#[tokio::test]
async fn a_frame_to_an_old_address_finds_its_peer_and_tells_the_new_one() {
    let world = World::patient().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let old = lobby.address(guest, host);
    is_cut_off(guest, host).await;
    let back = world.comes_back("guest again", guest.token()).await;
    back.hears::<LobbyResumed>().await;
    let new = host.hears::<PlayerBack>().await.connection_id;
    let Event::PeerMoved(moved) = host.does(offer(&old, "v=0")).await else {
        panic!("the new address was to be told");
    };
    let expected = PeerMoved {
        connection_id: old,
        new_connection_id: new,
    };
    assert_eq!(moved, expected);
    back.hears::<ReceivedSessionDescription>().await;
    world.ends().await;
}

#[tokio::test]
async fn so_much_is_kept_for_somebody_who_is_away_and_no_more() {
    let world = World::patient().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let to = lobby.address(guest, host);
    is_cut_off(guest, host).await;
    let large = "x".repeat(30_000);
    for _ in 0..3 {
        host.does(offer(&to, &large)).await;
    }
    let refused = host.is_refused(offer(&to, &large)).await;
    assert_eq!(refused.code, ErrorCode::MailboxFull);
    assert!(refused.retryable);
    let back = world.comes_back("guest again", guest.token()).await;
    assert_eq!(back.looks_at_everything().await.len(), 4);
    host.hears::<PlayerBack>().await;
    world.ends().await;
}

#[tokio::test]
async fn a_second_connection_takes_over_and_the_first_hears_why_and_is_closed() {
    let world = World::patient().await;
    let Party { players, .. } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let second = world.comes_back("guest elsewhere", guest.token()).await;
    second.hears::<LobbyResumed>().await;
    guest.hears::<ConnectionReplaced>().await;
    guest.is_disconnected().await;
    let back = host.hears::<PlayerBack>().await;
    host.does(offer(&back.connection_id, "v=0")).await;
    second.hears::<ReceivedSessionDescription>().await;
    // The end of the first connection changes nothing.
    host.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_stays_away_too_long_is_out_and_does_not_come_back() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    guest.vanishes();
    host.hears_it_go(guest).await;
    let refused = is_not_taken_up(&world, guest.token()).await;
    assert_eq!(refused, ErrorCode::ResumeRefused);
    world.ends().await;
}

#[tokio::test]
async fn no_forged_token_takes_anybody_up() {
    let world = World::start().await;
    let player = world.player("player").await;
    let mut forged = player.token().to_owned();
    let last = forged.pop().expect("a token has characters");
    forged.push(if last == 'A' { 'E' } else { 'A' });
    for token in ["x", forged.as_str(), player.id().as_str()] {
        let refused = is_not_taken_up(&world, token).await;
        assert_eq!(refused, ErrorCode::ResumeRefused, "{token}");
    }
    player.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_is_in_a_lobby_as_somebody_else_is_not_taken_up() {
    let world = World::patient().await;
    let (one, other) = (world.player("one").await, world.player("other").await);
    other.starts_lobby().await;
    let hello = Hello {
        resume: Some(Text::new(one.token()).expect("short enough")),
        last_sequence: None,
    };
    let refused = other.is_refused(hello).await;
    assert_eq!(refused.code, ErrorCode::AlreadyInLobby);
    one.does(Ping {}).await;
    world.ends().await;
}

#[tokio::test]
async fn a_host_that_is_cut_off_comes_back_as_host_and_hears_who_asked_meanwhile() {
    let world = World::patient().await;
    let Party { lobby, players } = world.party(["host", "ann"]).await;
    let [host, ann] = &players;
    is_cut_off(host, ann).await;
    let guest = world.player("guest").await;
    guest.asks_to_join(&lobby.id).await;
    let back = world.comes_back("host again", host.token()).await;
    let asked = back.hears::<ReceivedJoinRequest>().await;
    assert_eq!(&asked.player_id, guest.id());
    let resumed = back.hears::<LobbyResumed>().await;
    assert_eq!((resumed.host_peer_id.get(), resumed.term), (1, 1));
    assert_eq!(resumed.requests, slice::from_ref(&asked));
    back.does(accept(&asked.connection_id)).await;
    guest.hears_raw("join_request_accepted").await;
    ann.hears::<PlayerBack>().await;
    ann.hears::<PlayerJoined>().await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_waits_to_be_let_in_comes_back_and_still_waits() {
    let world = World::patient().await;
    let host = world.player("host").await;
    let lobby_id = host.starts_lobby().await;
    let guest = world.player("guest").await;
    guest.asks_to_join(&lobby_id).await;
    host.hears::<ReceivedJoinRequest>().await;
    guest.vanishes();
    let back = world.comes_back("guest again", guest.token()).await;
    let resumed = back.hears::<LobbyResumed>().await;
    assert_eq!((resumed.peer_id, resumed.members.len()), (None, 0));
    let asked = host.hears::<ReceivedJoinRequest>().await;
    host.does(accept(&asked.connection_id)).await;
    back.hears_raw("join_request_accepted").await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_waits_in_a_queue_keeps_its_place_while_it_is_away_and_is_matched_when_it_is_back()
{
    let world = World::patient().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    let started = ann.looks(wish(&world, "duel")).await;
    ann.vanishes();
    let back = world.comes_back("ann again", ann.token()).await;
    let resumed = back.hears::<MatchmakingResumed>().await;
    assert_eq!(resumed.ticket_id, started.ticket_id);
    bob.looks(wish(&world, "duel")).await;
    let found = back.is_matched().await;
    assert_eq!(players_of(&found), [ann.id().clone(), bob.id().clone()]);
    bob.is_matched().await;
    world.ends().await;
}

#[tokio::test]
async fn a_battle_is_all_there_for_a_player_who_comes_back_in_the_middle_of_it() {
    let world = World::patient().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(battle(Rules::NoughtsAndCrosses), &[bob])
        .await;
    is_cut_off(ann, bob).await;
    let back = world.comes_back("ann again", ann.token()).await;
    back.hears::<LobbyResumed>().await;
    let state = back.hears::<BattleState>().await;
    assert!(state.settled.is_none());
    assert!(
        state
            .players
            .iter()
            .all(|player| player.away_seconds.is_none())
    );
    bob.hears::<PlayerBack>().await;
    back.does(ForfeitBattle {}).await;
    back.looks_at_everything().await;
    bob.hears_raw("battle_settled").await;
    world.ends().await;
}

#[tokio::test]
async fn a_client_hears_in_time_that_its_connection_ends_and_moves_on() {
    let life = Duration::from_secs(8);
    let settings = ServerSettings {
        grace: Duration::from_mins(1),
        front: Settings {
            connection_lifetime: life,
            ..settings().front
        },
        ..settings()
    };
    let Some(world) = World::with(settings, "connections that end soon").await else {
        return;
    };
    let Party { players, .. } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    // Half of its life is over before the first ping that is answered by it.
    let heard = async {
        loop {
            guest.does(Ping {}).await;
            let heard = guest.looks_at_everything().await;
            if let Some(heard) = heard.iter().find(|heard| heard.name() == GoAway::NAME) {
                return heard.content::<GoAway>();
            }
            // Sleeps because it is heard only by who says something.
            sleep(Duration::from_millis(50)).await;
        }
    };
    let go_away = heard.await;
    assert!((1..=4).contains(&go_away.seconds), "{go_away:?}");
    let next = world.comes_back("guest, moved on", guest.token()).await;
    next.hears::<LobbyResumed>().await;
    // Whatever is said on a connection that ends soon is answered by that, too.
    for player in [host, guest, &next] {
        player.vanishes();
        player.looks_at_everything().await;
    }
    world.ends().await;
}
