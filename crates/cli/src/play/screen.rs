//! How a game looks: pure, so that every screen can be tested.

mod bars;
mod board;
mod keys;
#[cfg(test)]
mod tests;
mod waiting;

use std::time::Instant;

use protocol::battle::Rules;
use protocol::event::{Outcome, Settlement};
use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Style, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::game::{Board, Fight, Fighter, Game, Kind, Stage, how_long, seconds_until};
use super::table::{Link, LinkState};

/// The smallest window that has room for a game.
const LEAST: (u16, u16) = (50, 16);
/// How long an answer may take before the screen says so.
const PATIENCE_SECONDS: u64 = 2;

/// Draws a game.
pub(crate) fn draw(frame: &mut Frame<'_>, game: &Game, link: Link, now: Instant) {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let text = format!(
            "This window is too small for a game: {} by {} are needed.",
            LEAST.0, LEAST.1
        );
        return frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
    }
    let news = if area.height < 22 { 2 } else { 4 };
    let [head, rule, body, news_rule, news, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(1),
        Constraint::Length(news),
        Constraint::Length(1),
    ])
    .areas(area);
    draw_head(frame, head, game, link, now);
    draw_rule(frame, rule);
    draw_body(frame, body, game, now);
    draw_rule(frame, news_rule);
    draw_news(frame, news, game);
    frame.render_widget(Paragraph::new(keys::line(game)), foot);
}

fn draw_head(frame: &mut Frame<'_>, area: Rect, game: &Game, link: Link, now: Instant) {
    let title = match game.rules {
        Rules::NoughtsAndCrosses => "Noughts and crosses",
        Rules::ScoreAttack => "Score attack",
    };
    frame.render_widget(Paragraph::new(title.bold()), area);
    let network = Paragraph::new(network(link, now)).alignment(Alignment::Right);
    frame.render_widget(network, area);
}

fn network(link: Link, now: Instant) -> Span<'static> {
    match link.state {
        LinkState::Lost => return "○ connection lost".red(),
        LinkState::Reconnecting(attempt) => {
            return format!("◌ coming back, attempt {attempt}").yellow();
        }
        LinkState::Connected => {}
    }
    let waited = link
        .waiting_since
        .map_or(0, |since| now.saturating_duration_since(since).as_secs());
    if waited >= PATIENCE_SECONDS {
        return format!("◌ no answer for {waited} s").yellow();
    }
    match link.round_trip {
        Some(time) => format!("● connected, {} ms", time.as_millis()).green(),
        None => "● connected".green(),
    }
}

fn draw_rule(frame: &mut Frame<'_>, area: Rect) {
    frame.render_widget(Paragraph::new("─".repeat(area.width.into()).dim()), area);
}

fn draw_news(frame: &mut Frame<'_>, area: Rect, game: &Game) {
    let room = usize::from(area.height);
    let news = game.log().iter().filter(|line| line.kind != Kind::Detail);
    let mut last: Vec<_> = news.rev().take(room).collect();
    last.reverse();
    let lines: Vec<Line<'_>> = last
        .into_iter()
        .map(|line| match line.kind {
            Kind::Trouble => Line::from(line.text.as_str()).yellow(),
            Kind::News | Kind::Detail => Line::from(line.text.as_str()).dim(),
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn draw_body(frame: &mut Frame<'_>, area: Rect, game: &Game, now: Instant) {
    match (&game.fight, &game.stage) {
        (Some(fight), Stage::Playing | Stage::Gone(_)) => {
            let [status, _, rest] = Layout::vertical([
                Constraint::Length(1),
                Constraint::Length(1),
                Constraint::Min(0),
            ])
            .areas(area);
            let line = status_line(game, fight, now);
            frame.render_widget(Paragraph::new(line).alignment(Alignment::Center), status);
            match &fight.board {
                Board::Tiles(tiles) => board::draw(frame, rest, game, fight, tiles, now),
                Board::Scores(scores) => bars::draw(frame, rest, game, fight, scores, now),
            }
        }
        (
            None,
            Stage::Searching(_)
            | Stage::Proposed(_)
            | Stage::Waiting
            | Stage::Playing
            | Stage::Gone(_),
        )
        | (Some(_), Stage::Searching(_) | Stage::Proposed(_) | Stage::Waiting) => {
            waiting::draw(frame, area, game, now);
        }
    }
}

/// What matters most at the moment: the result, whose turn it is, how long there is.
fn status_line(game: &Game, fight: &Fight, now: Instant) -> Line<'static> {
    if let Some(settlement) = &fight.settled {
        return Line::from(game.verdict(settlement)).style(verdict_style(game, settlement));
    }
    if let Stage::Gone(why) = &game.stage {
        return Line::from(why.clone()).red();
    }
    let what = match fight.turn() {
        Some(_) if game.is_my_turn() => "Your turn".bold().green(),
        Some(player) => format!("Waiting for {}", game.name(player)).into(),
        None => "Fight".bold(),
    };
    let time = fight.until.map(|until| {
        let left = std::time::Duration::from_secs(seconds_until(until, now));
        format!("   {} left", how_long(left)).dim()
    });
    [what].into_iter().chain(time).collect()
}

fn verdict_style(game: &Game, settlement: &Settlement) -> Style {
    let mine = settlement
        .results
        .iter()
        .find(|(player, _)| game.is_me(player))
        .map(|(_, result)| result);
    match mine {
        Some(Outcome::Win) => Style::new().bold().green(),
        Some(Outcome::Lose) => Style::new().bold().red(),
        Some(Outcome::Draw) | None => Style::new().bold(),
    }
}

/// How it is with a player beyond the battle itself: away, gone, or eager for another.
fn presence(game: &Game, fight: &Fight, fighter: &Fighter, now: Instant) -> Option<Span<'static>> {
    if fight.settled.is_none()
        && let Some(until) = fighter.away_until
    {
        let left = seconds_until(until, now);
        return Some(format!("away, {left} s to come back").yellow());
    }
    if !game.is_here(fighter) {
        return Some("has left".yellow());
    }
    fight
        .rematch
        .contains(&fighter.player_id)
        .then(|| "wants a rematch".cyan())
}
