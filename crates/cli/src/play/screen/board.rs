//! A board of noughts and crosses.

use std::time::Instant;

use protocol::event::Mark;
use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::presence;
use crate::play::game::{Fight, Game, Tiles};

/// How many rows a tile of each size has.
const LARGE: usize = 3;
const SMALL: usize = 1;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    game: &Game,
    fight: &Fight,
    tiles: &Tiles,
    now: Instant,
) {
    // Three tiles, two lines between them, a gap, and the two players.
    let rows = |tile: usize| 3 * tile + 5;
    let size = if usize::from(area.height) >= rows(LARGE) {
        LARGE
    } else {
        SMALL
    };
    let mut lines = board(game, tiles, size);
    lines.push(Line::default());
    for fighter in &fight.fighters {
        let mark = fighter.mark.map_or("-", letter);
        let name = game.name(&fighter.player_id);
        let mut spans: Vec<Span<'_>> = vec![format!("{mark}  {name}").into()];
        if let Some(presence) = presence(game, fight, fighter, now) {
            spans.extend(["  ".into(), presence]);
        }
        lines.push(spans.into());
    }
    frame.render_widget(Paragraph::new(lines).alignment(Alignment::Center), area);
}

fn board(game: &Game, tiles: &Tiles, size: usize) -> Vec<Line<'static>> {
    let width = 2 * size + 1;
    let line = "─".repeat(width);
    let between = || Line::from(format!("{line}┼{line}┼{line}"));
    let mut lines = Vec::new();
    for row in 0..3 {
        if row > 0 {
            lines.push(between());
        }
        for slice in 0..size {
            let mut spans: Vec<Span<'static>> = Vec::new();
            for column in 0..3 {
                if column > 0 {
                    spans.push("│".into());
                }
                spans.push(tile(game, tiles, [row, column], size, slice));
            }
            lines.push(spans.into());
        }
    }
    lines
}

/// One row of characters of one tile.
fn tile(game: &Game, tiles: &Tiles, at: [u32; 2], size: usize, slice: usize) -> Span<'static> {
    let width = 2 * size + 1;
    let is_middle = slice == size / 2;
    let mark = tiles.mark(at);
    let is_chosen = game.is_my_turn() && game.cursor == at;
    let text = match mark {
        Some(mark) if size == LARGE => drawing(mark)[slice].to_owned(),
        Some(mark) => letter(mark).to_owned(),
        None if is_middle => (3 * at[0] + at[1] + 1).to_string(),
        None => String::new(),
    };
    let mut style = match mark {
        Some(Mark::Cross) => Style::new().fg(Color::Cyan).bold(),
        Some(Mark::Nought) => Style::new().fg(Color::Yellow).bold(),
        None => Style::new().dim(),
    };
    if tiles.line.contains(&at) {
        style = Style::new().fg(Color::Green).bold();
    }
    let text = if is_chosen {
        style = style.reversed();
        framed(&text, is_middle)
    } else {
        text
    };
    Span::styled(format!("{text:^width$}"), style)
}

/// The tile that the keys are on, for those who see no colours, too.
fn framed(text: &str, is_middle: bool) -> String {
    if is_middle {
        format!("[{text}]")
    } else {
        text.to_owned()
    }
}

fn letter(mark: Mark) -> &'static str {
    match mark {
        Mark::Cross => "X",
        Mark::Nought => "O",
    }
}

fn drawing(mark: Mark) -> [&'static str; LARGE] {
    match mark {
        Mark::Cross => ["╲ ╱", " ╳ ", "╱ ╲"],
        Mark::Nought => ["╭─╮", "│ │", "╰─╯"],
    }
}
