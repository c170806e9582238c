//! The screens, as they are drawn.

use std::time::Duration;

use insta::assert_snapshot;
use protocol::event::{EndReason, MatchmakingStatus, Outcome};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{Link, LinkState, draw};
use crate::play::game::Press;
use crate::play::game::tests::{Scene, attacked, away, left, me, other, proposed, settled, synced};

const CONNECTED: Link = Link {
    round_trip: Some(Duration::from_millis(12)),
    waiting_since: None,
    state: LinkState::Connected,
};

fn drawn(scene: &Scene, link: Link, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a screen");
    terminal
        .draw(|frame| draw(frame, &scene.game, link, scene.now))
        .expect("a drawing");
    terminal.backend().to_string()
}

fn screen(scene: &Scene) -> String {
    drawn(scene, CONNECTED, 60, 24)
}

#[test]
fn a_host_sees_how_a_friend_joins() {
    assert_snapshot!(screen(&Scene::host()), @r#"
    "Noughts and crosses                       ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                        Lobby K7QX2M                        "
    "                                                            "
    "                     A friend joins with                    "
    "            switchboard play noughts join K7QX2M            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "────────────────────────────────────────────────────────────"
    "A friend joins with: switchboard play noughts join K7QX2M   "
    "                                                            "
    "                                                            "
    "                                                            "
    "q leave                                                     "
    "#);
}

#[test]
fn whoever_is_to_move_sees_the_tile_that_the_keys_are_on() {
    assert_snapshot!(screen(&Scene::noughts(&me())), @r#"
    "Noughts and crosses                       ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "                    Your turn   1:00 left                   "
    "                                                            "
    "                          │       │                         "
    "                      1   │   2   │   3                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      4   │  [5]  │   6                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      7   │   8   │   9                     "
    "                          │       │                         "
    "                                                            "
    "                           X  you                           "
    "                      O  your opponent                      "
    "────────────────────────────────────────────────────────────"
    "A friend joins with: switchboard play noughts join K7QX2M   "
    "Player 2 has joined.                                        "
    "The battle begins.                                          "
    "                                                            "
    "arrows/Enter/1-9 mark  f give up  q leave                   "
    "#);
}

#[test]
fn a_battle_shows_the_board_and_whose_turn_it_is() {
    let mut scene = Scene::noughts(&me());
    scene.mark(["x.o", ".x.", "..."], Some(&other()));
    scene.pass(Duration::from_secs(17));
    assert_snapshot!(screen(&scene), @r#"
    "Noughts and crosses                       ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "            Waiting for your opponent   0:43 left           "
    "                                                            "
    "                     ╲ ╱  │       │  ╭─╮                    "
    "                      ╳   │   2   │  │ │                    "
    "                     ╱ ╲  │       │  ╰─╯                    "
    "                   ───────┼───────┼───────                  "
    "                          │  ╲ ╱  │                         "
    "                      4   │   ╳   │   6                     "
    "                          │  ╱ ╲  │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      7   │   8   │   9                     "
    "                          │       │                         "
    "                                                            "
    "                           X  you                           "
    "                      O  your opponent                      "
    "────────────────────────────────────────────────────────────"
    "A friend joins with: switchboard play noughts join K7QX2M   "
    "Player 2 has joined.                                        "
    "The battle begins.                                          "
    "                                                            "
    "arrows/Enter/1-9 mark  f give up  q leave                   "
    "#);
}

#[test]
fn an_opponent_who_is_away_is_counted_down() {
    let mut scene = Scene::noughts(&other());
    scene.hear(away());
    scene.pass(Duration::from_secs(11));
    assert_snapshot!(screen(&scene), @r#"
    "Noughts and crosses                       ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "            Waiting for your opponent   0:49 left           "
    "                                                            "
    "                          │       │                         "
    "                      1   │   2   │   3                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      4   │   5   │   6                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      7   │   8   │   9                     "
    "                          │       │                         "
    "                                                            "
    "          X  your opponent  away, 19 s to come back         "
    "                           O  you                           "
    "────────────────────────────────────────────────────────────"
    "A friend joins with: switchboard play noughts join K7QX2M   "
    "Player 2 has joined.                                        "
    "The battle begins.                                          "
    "Your opponent is away, and has 30 seconds to come back.     "
    "arrows/Enter/1-9 mark  f give up  q leave                   "
    "#);
}

#[test]
fn the_end_says_who_has_won_and_offers_a_rematch() {
    let mut scene = Scene::noughts(&me());
    scene.mark(["xxx", "oo.", "..."], None);
    scene.hear(settled("b1", Outcome::Win, EndReason::Line));
    assert_snapshot!(screen(&scene), @r#"
    "Noughts and crosses                       ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "                  You win: three in a row.                  "
    "                                                            "
    "                     ╲ ╱  │  ╲ ╱  │  ╲ ╱                    "
    "                      ╳   │   ╳   │   ╳                     "
    "                     ╱ ╲  │  ╱ ╲  │  ╱ ╲                    "
    "                   ───────┼───────┼───────                  "
    "                     ╭─╮  │  ╭─╮  │                         "
    "                     │ │  │  │ │  │   6                     "
    "                     ╰─╯  │  ╰─╯  │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      7   │   8   │   9                     "
    "                          │       │                         "
    "                                                            "
    "                           X  you                           "
    "                      O  your opponent                      "
    "────────────────────────────────────────────────────────────"
    "A friend joins with: switchboard play noughts join K7QX2M   "
    "Player 2 has joined.                                        "
    "The battle begins.                                          "
    "The battle is settled. You win: three in a row.             "
    "r rematch  q leave                                          "
    "#);
}

#[test]
fn an_opponent_who_has_left_is_not_there_for_a_rematch() {
    let mut scene = Scene::noughts(&me());
    scene.hear(left());
    scene.hear(settled("b1", Outcome::Win, EndReason::Forfeit));
    assert_snapshot!(screen(&scene), @r#"
    "Noughts and crosses                       ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "              You win: your opponent forfeits.              "
    "                                                            "
    "                          │       │                         "
    "                      1   │   2   │   3                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      4   │   5   │   6                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      7   │   8   │   9                     "
    "                          │       │                         "
    "                                                            "
    "                           X  you                           "
    "                 O  your opponent  has left                 "
    "────────────────────────────────────────────────────────────"
    "The battle begins.                                          "
    "Your opponent has lost its connection.                      "
    "A friend joins with: switchboard play noughts join K7QX2M   "
    "The battle is settled. You win: your opponent forfeits.     "
    "q leave                                                     "
    "#);
}

#[test]
fn a_small_window_shows_a_small_board() {
    let mut scene = Scene::noughts(&me());
    scene.mark(["x.o", ".x.", "..."], Some(&other()));
    assert_snapshot!(drawn(&scene, CONNECTED, 50, 16), @r#"
    "Noughts and crosses             ● connected, 12 ms"
    "──────────────────────────────────────────────────"
    "       Waiting for your opponent   1:00 left      "
    "                                                  "
    "                     X │ 2 │ O                    "
    "                    ───┼───┼───                   "
    "                     4 │ X │ 6                    "
    "                    ───┼───┼───                   "
    "                     7 │ 8 │ 9                    "
    "                                                  "
    "                      X  you                      "
    "                 O  your opponent                 "
    "──────────────────────────────────────────────────"
    "Player 2 has joined.                              "
    "The battle begins.                                "
    "arrows/Enter/1-9 mark  f give up  q leave         "
    "#);
}

#[test]
fn a_window_that_is_too_small_says_so() {
    assert_snapshot!(drawn(&Scene::host(), CONNECTED, 30, 5), @r#"
    "This window is too small for a"
    "game: 50 by 16 are needed.    "
    "                              "
    "                              "
    "                              "
    "#);
}

#[test]
fn a_search_shows_how_long_it_takes() {
    let mut scene = Scene::searcher();
    scene.hear(MatchmakingStatus {
        ticket_id: ids::TicketId::parse("t1").expect("an id"),
        queue: ids::QueueName::parse("ranked").expect("a name"),
        waited_seconds: 64,
        estimated_wait_seconds: Some(9),
        compatible_now: 0,
        limiting_rule: Some("skill".to_owned()),
    });
    scene.pass(Duration::from_secs(64));
    assert_snapshot!(screen(&scene), @r#"
    "Score attack                              ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                   Looking for an opponent                  "
    "                                                            "
    "                   Queue ranked, for 1:04                   "
    "            Others have waited about 9 s lately.            "
    "                                                            "
    "       Nobody would do at present; kept out by: skill.      "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "────────────────────────────────────────────────────────────"
    "Looking for an opponent.                                    "
    "                                                            "
    "                                                            "
    "                                                            "
    "e how it goes  q leave                                      "
    "#);
}

#[test]
fn a_proposed_match_asks_for_consent() {
    let mut scene = Scene::searcher();
    scene.hear(proposed());
    scene.pass(Duration::from_millis(4_500));
    assert_snapshot!(screen(&scene), @r#"
    "Score attack                              ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                    An opponent is found                    "
    "                                                            "
    "                   A match for 2 players.                   "
    "                  Do you agree? 16 s left.                  "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "────────────────────────────────────────────────────────────"
    "Looking for an opponent.                                    "
    "A match is proposed: 20 seconds to agree.                   "
    "                                                            "
    "                                                            "
    "Enter agree  d decline  q leave                             "
    "#);
}

#[test]
fn a_score_attack_shows_both_scores_and_who_is_frozen() {
    let mut scene = Scene::scores();
    scene.hear(synced(other(), 30));
    for _ in 0..12 {
        scene.press(Press::Go);
    }
    scene.granted();
    scene.hear(attacked(other()));
    scene.pass(Duration::from_millis(1_200));
    assert_snapshot!(screen(&scene), @r#"
    "Score attack                              ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "                      Fight   9:59 left                     "
    "                                                            "
    "you                                         12 (12 to spend)"
    "██████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░"
    "frozen for 4 s                                              "
    "                                                            "
    "your opponent                               30 (20 to spend)"
    "████████████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░"
    "alive                                                       "
    "                                                            "
    "An attack takes 10 points and freezes for 5 s.              "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "────────────────────────────────────────────────────────────"
    "Looking for an opponent.                                    "
    "Matched, in lobby K7QX2M.                                   "
    "The battle begins.                                          "
    "Your opponent freezes you.                                  "
    "space score  a attack  d die  f give up  q leave            "
    "#);
}

#[test]
fn a_draw_of_a_score_attack_says_so() {
    let mut scene = Scene::scores();
    scene.hear(settled("b1", Outcome::Draw, EndReason::TimeOut));
    assert_snapshot!(screen(&scene), @r#"
    "Score attack                              ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "                     A draw: time is up.                    "
    "                                                            "
    "you                                           0 (0 to spend)"
    "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░"
    "alive                                                       "
    "                                                            "
    "your opponent                                 0 (0 to spend)"
    "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░"
    "alive                                                       "
    "                                                            "
    "An attack takes 10 points and freezes for 5 s.              "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "                                                            "
    "────────────────────────────────────────────────────────────"
    "Looking for an opponent.                                    "
    "Matched, in lobby K7QX2M.                                   "
    "The battle begins.                                          "
    "The battle is settled. A draw: time is up.                  "
    "r rematch  q leave                                          "
    "#);
}

#[test]
fn one_who_leaves_a_battle_is_asked_whether_it_gives_it_up() {
    let mut scene = Scene::scores();
    scene.press(Press::Letter('q'));
    let keys = screen(&scene);
    let keys = keys.lines().last().unwrap_or_default();
    assert_snapshot!(keys, @r#""y leave and lose the battle  any other key stay             ""#);
}

#[test]
fn the_network_says_when_it_is_slow_and_when_it_is_gone() {
    let mut scene = Scene::noughts(&me());
    let slow = Link {
        waiting_since: Some(scene.now),
        ..CONNECTED
    };
    scene.pass(Duration::from_secs(3));
    let head = |text: String| text.lines().next().unwrap_or_default().to_owned();
    assert_snapshot!(head(drawn(&scene, slow, 60, 24)), @r#""Noughts and crosses                      ◌ no answer for 3 s""#);
    let coming_back = Link {
        state: LinkState::Reconnecting(3),
        ..CONNECTED
    };
    assert_snapshot!(head(drawn(&scene, coming_back, 60, 24)), @r#""Noughts and crosses                 ◌ coming back, attempt 3""#);
    let lost = Link {
        state: LinkState::Lost,
        ..CONNECTED
    };
    scene.game.lost("The server has stopped.");
    assert_snapshot!(drawn(&scene, lost, 60, 24), @r#"
    "Noughts and crosses                        ○ connection lost"
    "────────────────────────────────────────────────────────────"
    "       The connection is lost. The server has stopped.      "
    "                                                            "
    "                          │       │                         "
    "                      1   │   2   │   3                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      4   │   5   │   6                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      7   │   8   │   9                     "
    "                          │       │                         "
    "                                                            "
    "                           X  you                           "
    "                      O  your opponent                      "
    "────────────────────────────────────────────────────────────"
    "A friend joins with: switchboard play noughts join K7QX2M   "
    "Player 2 has joined.                                        "
    "The battle begins.                                          "
    "The connection is lost. The server has stopped.             "
    "q leave                                                     "
    "#);
}

#[test]
fn one_who_watches_sees_both_players_by_their_numbers() {
    assert_snapshot!(screen(&Scene::watcher()), @r#"
    "Noughts and crosses                       ● connected, 12 ms"
    "────────────────────────────────────────────────────────────"
    "              Waiting for player 1   1:00 left              "
    "                                                            "
    "                          │       │                         "
    "                      1   │   2   │   3                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      4   │   5   │   6                     "
    "                          │       │                         "
    "                   ───────┼───────┼───────                  "
    "                          │       │                         "
    "                      7   │   8   │   9                     "
    "                          │       │                         "
    "                                                            "
    "                         X  player 1                        "
    "                         O  player 2                        "
    "────────────────────────────────────────────────────────────"
    "The battle begins.                                          "
    "                                                            "
    "                                                            "
    "                                                            "
    "q leave                                                     "
    "#);
}
