//! The keys, explained.

use ratatui::style::Stylize as _;
use ratatui::text::{Line, Span};

use crate::play::game::{Board, Consent, Game, Leaving, Stage};

/// What can be pressed now.
pub(super) fn line(game: &Game) -> Line<'static> {
    if game.leaving == Leaving::Asked {
        return explained(&[
            ("y", "leave and lose the battle"),
            ("any other key", "stay"),
        ]);
    }
    let mut keys = match &game.stage {
        Stage::Searching(_) => vec![("e", "how it goes")],
        Stage::Proposed(proposal) => match proposal.consent {
            Consent::Open => vec![("Enter", "agree"), ("d", "decline")],
            Consent::Given => Vec::new(),
        },
        Stage::Playing => playing(game),
        Stage::Waiting | Stage::Gone(_) => Vec::new(),
    };
    keys.push(("q", "leave"));
    explained(&keys)
}

fn playing(game: &Game) -> Vec<(&'static str, &'static str)> {
    let Some(fight) = game.fight.as_ref().filter(|_| game.plays()) else {
        return Vec::new();
    };
    if fight.settled.is_some() {
        return if game.can_rematch() {
            vec![("r", "rematch")]
        } else {
            Vec::new()
        };
    }
    match &fight.board {
        Board::Tiles(_) => vec![("arrows/Enter/1-9", "mark"), ("f", "give up")],
        Board::Scores(_) => vec![
            ("space", "score"),
            ("a", "attack"),
            ("d", "die"),
            ("f", "give up"),
        ],
    }
}

fn explained(keys: &[(&'static str, &'static str)]) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (key, what) in keys {
        if !spans.is_empty() {
            spans.push("  ".into());
        }
        spans.push((*key).bold().cyan());
        spans.push(format!(" {what}").into());
    }
    spans.into()
}
