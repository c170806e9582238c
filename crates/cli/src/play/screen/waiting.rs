//! What there is to see before a battle.

use std::time::Instant;

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Stylize as _;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use crate::play::game::{Consent, Game, Proposal, Search, Stage, how_long, seconds_until};

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, game: &Game, now: Instant) {
    let mut lines = vec![Line::default(); usize::from(area.height / 4)];
    lines.extend(match &game.stage {
        Stage::Searching(search) => searching(search, now),
        Stage::Proposed(proposal) => proposed(proposal, now),
        Stage::Waiting | Stage::Playing => waiting(game),
        Stage::Gone(why) => vec![Line::from(why.clone()).red()],
    });
    let text = Paragraph::new(lines)
        .alignment(Alignment::Center)
        .wrap(Wrap { trim: true });
    frame.render_widget(text, area);
}

fn searching(search: &Search, now: Instant) -> Vec<Line<'static>> {
    let waited = how_long(now.saturating_duration_since(search.since));
    let estimate = search.estimate.map_or_else(
        || "Nobody was matched here lately.".to_owned(),
        |seconds| format!("Others have waited about {seconds} s lately."),
    );
    let mut lines = vec![
        Line::from("Looking for an opponent").bold(),
        Line::default(),
        Line::from(format!("Queue {}, for {waited}", search.queue)),
        Line::from(estimate).dim(),
    ];
    if let Some(status) = &search.status {
        lines.extend([Line::default(), Line::from(status.clone())]);
    }
    lines
}

fn proposed(proposal: &Proposal, now: Instant) -> Vec<Line<'static>> {
    let left = seconds_until(proposal.until, now);
    let what = match proposal.consent {
        Consent::Open => format!("Do you agree? {left} s left."),
        Consent::Given => format!("You agree. The others have {left} s left."),
    };
    vec![
        Line::from("An opponent is found").bold().green(),
        Line::default(),
        Line::from(format!("A match for {} players.", proposal.players)),
        Line::from(what),
    ]
}

fn waiting(game: &Game) -> Vec<Line<'static>> {
    let Some(room) = &game.room else {
        return vec![Line::from("The host has been asked to let you in.")];
    };
    let mut lines = vec![
        Line::from(format!("Lobby {}", room.lobby_id)).bold(),
        Line::default(),
    ];
    if !room.others.is_empty() {
        lines.push("The battle is about to begin.".into());
    } else if let Some(command) = &game.invitation {
        lines.extend([
            Line::from("A friend joins with"),
            Line::from(command.clone()).cyan(),
        ]);
    } else {
        lines.push("Nobody else is here.".into());
    }
    lines
}
