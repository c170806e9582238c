//! Noughts and crosses.

use domain::battle::Action::{Attack, Die, Forfeit};
use domain::battle::noughts_and_crosses::{Mark, Tile, View};
use domain::battle::{Event, Options, Refusal, RulesName, Standing, Verdict, Why};

use crate::scene::{Scene, each, who_hears_the_end};
use crate::words::{mark, player, score};

/// Ann and Bob have placed these, in turns, Ann first.
#[track_caller]
fn after(tiles: &[Tile]) -> Scene {
    let mut scene = Scene::noughts();
    place(&mut scene, tiles);
    scene
}

#[track_caller]
fn place(scene: &mut Scene, tiles: &[Tile]) {
    for (tile, name) in tiles.iter().zip(["ann", "bob"].iter().cycle()) {
        let [row, column] = *tile;
        scene.plays(name, mark(row, column));
    }
}

#[track_caller]
fn view(scene: &Scene) -> View {
    match scene.battle().view(scene.now).state {
        Standing::NoughtsAndCrosses(view) => view,
        Standing::ScoreAttack(_) => panic!("another game"),
    }
}

/// Ann's row at the top, one tile short of it.
const ALMOST: [Tile; 4] = [[0, 0], [1, 0], [0, 1], [1, 1]];

/// A full board without a row, one tile short of it.
const ALMOST_FULL: [Tile; 8] = [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 0],
    [1, 2],
    [2, 1],
    [2, 0],
];

#[test]
fn the_first_player_has_crosses_and_begins() {
    let mut scene = Scene::noughts();
    let marks: Vec<_> = scene.battle().view(scene.now).players;
    let marks: Vec<_> = marks.iter().map(|player| player.mark).collect();
    assert_eq!(marks, [Some(Mark::Cross), Some(Mark::Nought)]);
    assert_eq!(view(&scene).turn, Some(player("ann")));
    assert_eq!(scene.refuses("bob", mark(1, 1)), Refusal::OutOfTurn);
    scene.plays("ann", mark(1, 1));
    assert_eq!(view(&scene).board[1][1], Some(Mark::Cross));
}

#[test]
fn everyone_hears_of_a_mark_and_how_it_stands_then() {
    let mut scene = Scene::noughts();
    scene.waits(10);
    let told = scene.plays("ann", mark(0, 2));
    let event = Event::MarkPlaced {
        player: player("ann"),
        row: 0,
        column: 2,
        state: Standing::NoughtsAndCrosses(view(&scene)),
        seconds_left: Some(60),
    };
    assert_eq!(told, each(["ann", "bob", "cat"], &event));
    assert_eq!(view(&scene).turn, Some(player("bob")));
}

#[test]
fn turns_alternate() {
    let mut scene = after(&[[0, 0]]);
    assert_eq!(scene.refuses("ann", mark(0, 1)), Refusal::OutOfTurn);
    scene.plays("bob", mark(0, 1));
    assert_eq!(scene.refuses("bob", mark(0, 2)), Refusal::OutOfTurn);
}

#[test]
fn a_taken_tile_is_refused_whoever_took_it() {
    let scene = after(&[[0, 0], [0, 1]]);
    assert_eq!(scene.refuses("ann", mark(0, 0)), Refusal::TileTaken);
    assert_eq!(scene.refuses("ann", mark(0, 1)), Refusal::TileTaken);
}

#[test]
fn a_tile_off_the_board_is_refused() {
    let scene = Scene::noughts();
    for (row, column) in [(3, 0), (0, 3), (3, 3), (u32::MAX, 0), (0, u32::MAX)] {
        assert_eq!(
            scene.refuses("ann", mark(row, column)),
            Refusal::OffTheBoard
        );
    }
}

#[test]
fn whoever_only_watches_places_nothing() {
    let scene = Scene::noughts();
    assert_eq!(scene.refuses("cat", mark(0, 0)), Refusal::NotPlaying);
}

#[test]
fn a_mark_that_is_placed_again_is_refused_because_it_is_the_others_turn() {
    let scene = after(&[[0, 0]]);
    assert_eq!(scene.refuses("ann", mark(0, 0)), Refusal::OutOfTurn);
}

#[test]
fn three_in_a_row_win_and_everyone_hears_of_the_mark_and_then_of_the_end() {
    let mut scene = after(&ALMOST);
    let told = scene.plays("ann", mark(0, 2));
    assert_eq!(scene.ended(), (Why::Line, Verdict::Win, Verdict::Lose));
    assert_eq!(view(&scene).line, [[0, 0], [0, 1], [0, 2]]);
    assert_eq!(view(&scene).turn, None);
    let names = ["ann", "bob", "cat"];
    let placed = Event::MarkPlaced {
        player: player("ann"),
        row: 0,
        column: 2,
        state: Standing::NoughtsAndCrosses(view(&scene)),
        seconds_left: None,
    };
    let mut expected = each(names, &placed);
    expected.extend(each(names, &Event::Settled(scene.settlement())));
    assert_eq!(told, expected);
}

#[test]
fn every_row_column_and_diagonal_wins() {
    let lines: [[Tile; 3]; 8] = [
        [[0, 0], [0, 1], [0, 2]],
        [[1, 0], [1, 1], [1, 2]],
        [[2, 0], [2, 1], [2, 2]],
        [[0, 0], [1, 0], [2, 0]],
        [[0, 1], [1, 1], [2, 1]],
        [[0, 2], [1, 2], [2, 2]],
        [[0, 0], [1, 1], [2, 2]],
        [[0, 2], [1, 1], [2, 0]],
    ];
    for line in lines {
        let tiles = (0..3).flat_map(|row| (0..3).map(move |column| [row, column]));
        let elsewhere: Vec<Tile> = tiles.filter(|tile| !line.contains(tile)).collect();
        let (one, other) = (elsewhere[0], elsewhere[1]);
        let scene = after(&[line[0], one, line[1], other, line[2]]);
        assert_eq!(scene.ended(), (Why::Line, Verdict::Win, Verdict::Lose));
        assert_eq!(view(&scene).line, line);
    }
}

#[test]
fn noughts_win_as_well() {
    let scene = after(&[[0, 0], [1, 0], [0, 1], [1, 1], [2, 2], [1, 2]]);
    assert_eq!(scene.ended(), (Why::Line, Verdict::Lose, Verdict::Win));
}

#[test]
fn a_full_board_without_a_row_is_a_draw() {
    let mut scene = after(&ALMOST_FULL);
    scene.plays("ann", mark(2, 2));
    assert_eq!(scene.ended(), (Why::Full, Verdict::Draw, Verdict::Draw));
    assert_eq!(view(&scene).turn, None);
    let settlement = scene.settlement();
    let mut players = settlement.players.iter();
    assert!(
        players.all(|player| player.score.is_none()),
        "there is no score"
    );
}

#[test]
fn a_row_on_the_last_tile_wins() {
    let full = [
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 0],
        [1, 1],
        [2, 0],
        [1, 2],
        [2, 1],
        [2, 2],
    ];
    let scene = after(&full);
    assert_eq!(scene.ended(), (Why::Line, Verdict::Win, Verdict::Lose));
}

#[test]
fn nothing_is_placed_once_it_is_over() {
    let mut scene = after(&ALMOST);
    scene.plays("ann", mark(0, 2));
    for name in ["ann", "bob"] {
        assert_eq!(scene.refuses(name, mark(2, 2)), Refusal::Over);
    }
    assert_eq!(scene.refuses("cat", mark(2, 2)), Refusal::NotPlaying);
}

#[test]
fn whoever_lets_a_turn_pass_has_lost() {
    let mut scene = Scene::noughts();
    scene.waits(60);
    let told = scene.wakes();
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
    assert_eq!(who_hears_the_end(&told), ["ann", "bob", "cat"]);
    let mut scene = after(&[[1, 1]]);
    scene.waits(60);
    scene.wakes();
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Win, Verdict::Lose));
}

#[test]
fn each_turn_has_its_time_from_its_beginning() {
    let mut scene = Scene::noughts();
    scene.waits(59);
    scene.plays("ann", mark(0, 0));
    scene.waits(59);
    assert_eq!(scene.battle().view(scene.now).seconds_left, Some(1));
    assert_eq!(scene.wakes(), []);
    scene.plays("bob", mark(1, 1));
    assert_eq!(scene.battle().view(scene.now).seconds_left, Some(60));
}

#[test]
fn a_mark_that_comes_after_its_time_does_not_count_and_the_one_who_placed_it_hears_why() {
    let mut scene = Scene::noughts();
    scene.waits(60);
    let told = scene.plays("ann", mark(0, 0));
    assert_eq!(who_hears_the_end(&told), ["ann", "bob", "cat"]);
    assert_eq!(told.len(), 3);
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
    assert_eq!(view(&scene).board[0][0], None);
}

#[test]
fn a_turn_may_be_set_to_take_another_time() {
    let options = Options {
        turn_seconds: Some(5),
        ..Options::default()
    };
    let mut scene = Scene::set(RulesName::NoughtsAndCrosses, options);
    scene.waits(5);
    scene.wakes();
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
}

#[test]
fn whoever_gives_up_has_lost_whosever_turn_it_is() {
    for (name, ann, bob) in [
        ("ann", Verdict::Lose, Verdict::Win),
        ("bob", Verdict::Win, Verdict::Lose),
    ] {
        let mut scene = after(&ALMOST);
        scene.plays(name, Forfeit);
        assert_eq!(scene.ended(), (Why::Forfeit, ann, bob));
        assert_eq!(view(&scene).turn, None, "it is nobody's turn any more");
        assert_eq!(view(&scene).line, [] as [Tile; 0]);
    }
}

#[test]
fn moves_of_another_game_are_refused() {
    let scene = Scene::noughts();
    for action in [Attack, Die, score(1)] {
        assert_eq!(scene.refuses("ann", action), Refusal::WrongRules);
    }
}
