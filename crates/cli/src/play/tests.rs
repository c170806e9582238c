//! Games that play by themselves, against a Switchboard in this process.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use client::{Client, Options, Session};
use ids::{LobbyId, QueueName};
use local::{Server, ServerSettings};
use protocol::lobby::JoinLobby;
use tokio::time::timeout;

use super::game::Game;
use super::script::{self, Script};
use super::table::Table;
use super::{NoughtsMoves, ScoreMoves, Seat, skill};
use crate::args::Target;
use crate::server;

const DEADLINE: Duration = Duration::from_mins(1);
/// How long whoever is away has: short, for nobody comes back here.
const GRACE: Duration = Duration::from_millis(200);

async fn switchboard() -> (Server, Target) {
    patient_switchboard(GRACE).await
}

async fn patient_switchboard(grace: Duration) -> (Server, Target) {
    let settings = ServerSettings {
        grace,
        ..server::settings(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    };
    let server = server::start(settings).await.expect("a server");
    let url = server.url();
    (server, Target { url, token: None })
}

async fn seat(target: &Target, script: Script) -> Seat {
    Seat::take(target, Some(script))
        .await
        .expect("a connection")
}

fn tiles(text: &str) -> Script {
    NoughtsMoves::parse(text).expect("tiles").into()
}

fn moves(text: &str) -> Script {
    ScoreMoves::parse(text).expect("moves").into()
}

fn friday() -> LobbyId {
    LobbyId::parse("friday").expect("an id")
}

/// Plays to the end, and returns what was shown.
async fn played(seat: Seat, game: Game) -> Vec<String> {
    played_with(seat, game, |_, _| {}).await
}

/// Plays to the end, and returns what was shown; `watch` sees each line, and the session that it came by.
async fn played_with(seat: Seat, game: Game, mut watch: impl FnMut(&str, &Session)) -> Vec<String> {
    let session = seat.session.clone();
    let table = Table::new(seat.session, seat.events, game);
    let script = seat.script.expect("a script");
    let mut lines = Vec::new();
    let show = |line: &str| {
        watch(line, &session);
        lines.push(line.to_owned());
    };
    timeout(DEADLINE, script::play(table, script, show))
        .await
        .expect("an end in time")
        .expect("a settled battle");
    lines
}

/// Two friends play noughts and crosses; what each was shown.
async fn noughts(host: &str, guest: &str) -> (Vec<String>, Vec<String>) {
    let (server, target) = switchboard().await;
    let host = seat(&target, tiles(host)).await;
    let opened = host.open(Some(friday()), &target).await.expect("a lobby");
    let guest = seat(&target, tiles(guest)).await;
    let joined = guest.join(friday()).await.expect("a seat");
    let shown = tokio::join!(played(host, opened), played(guest, joined));
    server.stop().await;
    shown
}

fn last(lines: &[String]) -> &str {
    lines.last().expect("something was shown")
}

#[tokio::test]
async fn a_game_is_won_whatever_was_refused_on_the_way() {
    let (host, guest) = noughts("0,0 0,0 1,1 2,2", "0,0 0,1 3,3 0,2").await;
    assert_eq!(
        last(&host),
        "The battle is settled. You win: three in a row."
    );
    assert_eq!(
        last(&guest),
        "The battle is settled. You lose: three in a row."
    );
    let refused = |lines: &[String]| {
        let refused = lines.iter().filter(|line| line.starts_with("Refused: "));
        refused.count()
    };
    assert_eq!((refused(&host), refused(&guest)), (1, 2));
}

#[tokio::test]
async fn a_full_board_is_a_draw() {
    let (host, guest) = noughts("0,0 0,1 1,2 2,0 2,2", "1,1 0,2 1,0 2,1").await;
    for lines in [host, guest] {
        assert_eq!(
            last(&lines),
            "The battle is settled. A draw: no tile is left."
        );
    }
}

#[tokio::test]
async fn a_script_without_moves_gives_up() {
    let (host, guest) = noughts("", "").await;
    assert_eq!(last(&host), "The battle is settled. You lose: you forfeit.");
    assert_eq!(
        last(&guest),
        "The battle is settled. You win: your opponent forfeits."
    );
}

#[tokio::test]
async fn an_opponent_who_drops_out_has_lost_when_its_time_is_up() {
    let (server, target) = switchboard().await;
    let host = seat(&target, tiles("0,0 0,1 0,2")).await;
    let opened = host.open(Some(friday()), &target).await.expect("a lobby");
    let (guest, events) = Client::connect(&target.url, Options::default())
        .await
        .expect("a connection");
    guest.hello().await.expect("a welcome");
    let join = JoinLobby {
        lobby_id: friday(),
        password: None,
        metadata: None,
    };
    guest.join_lobby(join).await.expect("a seat");
    // It goes when the battle has begun: the host's first mark says that it has.
    let drops_out = async move {
        let mut events = events;
        while let Some(incoming) = events.next().await {
            if matches!(
                &incoming,
                client::Incoming::Event(protocol::Event::MarkPlaced(_))
            ) {
                guest.abort();
                return;
            }
        }
    };
    let (lines, ()) = tokio::join!(played(host, opened), drops_out);
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("Your opponent is away")),
        "{lines:?}"
    );
    assert_eq!(
        last(&lines),
        "The battle is settled. You win: your opponent forfeits."
    );
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_cut_off_at_every_turn_comes_back_and_wins() {
    let (server, target) = patient_switchboard(DEADLINE).await;
    let host = seat(&target, tiles("0,0 0,1 0,2")).await;
    let opened = host.open(Some(friday()), &target).await.expect("a lobby");
    let guest = seat(&target, tiles("1,0 1,1")).await;
    let joined = guest.join(friday()).await.expect("a seat");
    let (mut cuts, mut is_back) = (0, false);
    let cut = |line: &str, session: &Session| {
        // The first of these lines comes before a mark is sent, the second as the other is about to send one.
        let is_now = line == "Your turn." || line.starts_with("You mark");
        if is_now && !is_back {
            cuts += 1;
            session.cut();
        }
        is_back = line == "You are back.";
    };
    let (lines, others) = tokio::join!(played_with(host, opened, cut), played(guest, joined));
    let count = |wanted: &str| lines.iter().filter(|line| *line == wanted).count();
    assert!(
        cuts >= 3 && count("You are back.") >= 3,
        "{cuts}: {lines:?}"
    );
    assert_eq!(
        last(&lines),
        "The battle is settled. You win: three in a row."
    );
    assert!(
        others.iter().any(|line| line == "Your opponent is back."),
        "{others:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn strangers_of_like_skill_fight_to_the_death() {
    let (server, target) = switchboard().await;
    let ranked = QueueName::parse("ranked").expect("a name");
    let mut games = Vec::new();
    for (script, rating) in [("score:30 die", 1_500), ("score:12 die", 1_540)] {
        let seat = seat(&target, moves(script)).await;
        let skill = skill(rating).expect("a skill");
        let game = seat.search(ranked.clone(), Some(skill)).await;
        games.push((seat, game.expect("a place in the queue")));
    }
    let (other, one) = (games.pop().expect("two"), games.pop().expect("two"));
    let (one, other) = tokio::join!(played(one.0, one.1), played(other.0, other.1));
    assert_eq!(
        last(&one),
        "The battle is settled. You win 30 : 12: both have died."
    );
    assert_eq!(
        last(&other),
        "The battle is settled. You lose 12 : 30: both have died."
    );
    server.stop().await;
}
