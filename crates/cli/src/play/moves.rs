//! Moves for a game that plays by itself.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

/// The tiles to mark, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoughtsMoves(pub(crate) Vec<[u32; 2]>);

/// What to do in a score attack, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScoreMoves(pub(crate) Vec<ScoreMove>);

/// One thing to do in a score attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScoreMove {
    /// Tells a score.
    Score(u64),
    /// Attacks.
    Attack,
    /// Does nothing for a while.
    Wait(Duration),
    /// Gives up.
    Forfeit,
    /// Dies.
    Die,
}

impl NoughtsMoves {
    /// Reads `0,0 1,1`.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        text.split_whitespace()
            .map(tile)
            .collect::<anyhow::Result<_>>()
            .map(Self)
    }
}

impl ScoreMoves {
    /// Reads `score:30 attack die`.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        text.split_whitespace()
            .map(score_move)
            .collect::<anyhow::Result<_>>()
            .map(Self)
    }
}

fn tile(text: &str) -> anyhow::Result<[u32; 2]> {
    let numbers = text.split_once(',').and_then(|(row, column)| {
        let row = row.parse().ok()?;
        Some([row, column.parse().ok()?])
    });
    numbers.with_context(|| format!("`{text}` is no tile: write a row and a column, like `0,2`"))
}

fn score_move(text: &str) -> anyhow::Result<ScoreMove> {
    let (name, number) = text.split_once(':').unwrap_or((text, ""));
    let alone = |what| {
        ensure!(number.is_empty(), "`{name}` takes no number");
        Ok(what)
    };
    match name {
        "score" => number.parse().map(ScoreMove::Score).with_context(|| {
            format!("`{text}` tells no score: write a whole number, like `score:30`")
        }),
        "wait" => seconds(number).map(ScoreMove::Wait).with_context(|| {
            format!("`{text}` is no length of time: write seconds, like `wait:1.5`")
        }),
        "attack" => alone(ScoreMove::Attack),
        "forfeit" => alone(ScoreMove::Forfeit),
        "die" => alone(ScoreMove::Die),
        _ => bail!(
            "`{text}` is no move: write `score:N`, `attack`, `wait:SECONDS`, `forfeit` or `die`"
        ),
    }
}

fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_read_in_order() {
        let moves = NoughtsMoves::parse(" 0,0  1,2 ").expect("tiles");
        assert_eq!(moves.0, [[0, 0], [1, 2]]);
    }

    #[test]
    fn a_tile_off_the_board_is_left_for_the_server_to_refuse() {
        assert_eq!(NoughtsMoves::parse("7,7").expect("a tile").0, [[7, 7]]);
    }

    #[test]
    fn what_is_no_tile_is_named() {
        let error = NoughtsMoves::parse("0,0 b2")
            .expect_err("no tile")
            .to_string();
        assert_eq!(
            error,
            "`b2` is no tile: write a row and a column, like `0,2`"
        );
    }

    #[test]
    fn score_moves_are_read_in_order() {
        let moves = ScoreMoves::parse("score:30 attack wait:1.5 forfeit die").expect("moves");
        let expected = [
            ScoreMove::Score(30),
            ScoreMove::Attack,
            ScoreMove::Wait(Duration::from_millis(1_500)),
            ScoreMove::Forfeit,
            ScoreMove::Die,
        ];
        assert_eq!(moves.0, expected);
    }

    #[test]
    fn what_is_no_score_move_is_named() {
        for text in [
            "score:-1",
            "score",
            "wait:soon",
            "wait:-1",
            "die:1",
            "dance",
        ] {
            let error = ScoreMoves::parse(text).expect_err(text).to_string();
            assert!(
                error.contains(text.split(':').next().expect("a name")),
                "{error}"
            );
        }
    }
}
