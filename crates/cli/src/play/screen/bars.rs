//! The two scores of a score attack.

use std::time::Instant;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::presence;
use crate::play::game::{Fight, Fighter, Game, Scores, Standing, seconds_until};

/// The least score that fills a bar; higher ones fill it in steps of this.
const STEP: u64 = 50;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    game: &Game,
    fight: &Fight,
    scores: &Scores,
    now: Instant,
) {
    let highest = scores.contestants.values().map(|one| one.score).max();
    let highest = highest.unwrap_or_default().max(scores.hoped);
    let full = highest.max(1).div_ceil(STEP).saturating_mul(STEP);
    let mut lines = Vec::new();
    for fighter in game.fighters() {
        let Some(standing) = scores.contestants.get(&fighter.player_id) else {
            continue;
        };
        lines.push(name_line(game, scores, fighter, standing, area.width));
        lines.push(bar(game, scores, fighter, standing, full, area.width));
        lines.push(condition(game, fight, fighter, standing, now));
        lines.push(Line::default());
    }
    let cost = format!(
        "An attack takes {} points and freezes for {} s.",
        scores.attack_cost,
        scores.freeze.as_secs()
    );
    lines.push(Line::from(cost).dim());
    frame.render_widget(Paragraph::new(lines), area);
}

/// The score to show: one's own is known before Switchboard is.
fn shown(game: &Game, scores: &Scores, fighter: &Fighter, standing: &Standing) -> u64 {
    if game.is_me(&fighter.player_id) {
        scores.hoped.max(standing.score)
    } else {
        standing.score
    }
}

fn name_line(
    game: &Game,
    scores: &Scores,
    fighter: &Fighter,
    standing: &Standing,
    width: u16,
) -> Line<'static> {
    let score = shown(game, scores, fighter, standing);
    let name = game.name(&fighter.player_id);
    let points = format!(
        "{score} ({} to spend)",
        score.saturating_sub(standing.spent)
    );
    let room = usize::from(width).saturating_sub(name.chars().count());
    Line::from_iter([name.bold(), format!("{points:>room$}").into()])
}

fn bar(
    game: &Game,
    scores: &Scores,
    fighter: &Fighter,
    standing: &Standing,
    full: u64,
    width: u16,
) -> Line<'static> {
    let score = u128::from(shown(game, scores, fighter, standing));
    let width = usize::from(width);
    let filled = score * u128::try_from(width).unwrap_or_default() / u128::from(full);
    let filled = usize::try_from(filled).unwrap_or(width).min(width);
    let colour = if game.is_me(&fighter.player_id) {
        Color::Cyan
    } else {
        Color::Yellow
    };
    Line::from_iter([
        "█".repeat(filled).fg(colour),
        "░".repeat(width - filled).dim(),
    ])
}

fn condition(
    game: &Game,
    fight: &Fight,
    fighter: &Fighter,
    standing: &Standing,
    now: Instant,
) -> Line<'static> {
    let state: Span<'static> = if standing.dead {
        "dead".red()
    } else if let Some(until) = standing.frozen_until
        && until > now
        && fight.settled.is_none()
    {
        format!("frozen for {} s", seconds_until(until, now)).blue()
    } else {
        "alive".green()
    };
    let presence = presence(game, fight, fighter, now);
    let presence = presence.into_iter().flat_map(|one| ["   ".into(), one]);
    [state].into_iter().chain(presence).collect()
}
