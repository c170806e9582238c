//! A game on the whole terminal.

use std::io::{IsTerminal as _, stdin, stdout};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures::StreamExt as _;
use ratatui::DefaultTerminal;
use tokio::time::{MissedTickBehavior, interval};

use super::game::{Press, Stage, Will};
use super::screen;
use super::table::Table;
use crate::{output, signals};

/// How often to draw while nothing happens: what counts down is then never a quarter of a second late.
const FRAME: Duration = Duration::from_millis(250);

/// Whether there is a terminal, both to read keys from and to draw on.
pub(super) fn has_terminal() -> bool {
    stdin().is_terminal() && stdout().is_terminal()
}

/// Plays until the player leaves. The terminal is as it was before, however that comes about.
pub(super) async fn play(mut table: Table) -> anyhow::Result<()> {
    let mut window = Window::open()?;
    let played = until_left(&mut window, &mut table).await;
    drop(window);
    // What was drawn is gone with the window; what came of it stays.
    let verdict = table.game.settlement();
    let verdict = verdict.map(|settlement| table.game.verdict(settlement));
    let (end, gives_up) = (table.game.stage.clone(), table.game.is_in_battle());
    table.leave().await;
    played?;
    match (verdict, end) {
        (Some(verdict), _) => output::line(verdict),
        (None, Stage::Gone(why)) => bail!("{why}"),
        (None, Stage::Playing) if gives_up => output::line("You have left, and lost the battle."),
        (None, Stage::Searching(_) | Stage::Proposed(_) | Stage::Waiting | Stage::Playing) => {}
    }
    Ok(())
}

async fn until_left(window: &mut Window, table: &mut Table) -> anyhow::Result<()> {
    let mut keys = EventStream::new();
    let mut frames = interval(FRAME);
    frames.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let stop = signals::stop();
    tokio::pin!(stop);
    loop {
        window.draw(table)?;
        tokio::select! {
            () = table.step() => {}
            key = keys.next() => {
                let event = key
                    .context("The terminal is gone.")?
                    .context("The terminal gives no keys.")?;
                // A resized window needs no more than to be drawn again.
                if let Event::Key(key) = event
                    && let Some(press) = press(key)
                    && table.game.press(press, Instant::now()) == Will::Leave
                {
                    return Ok(());
                }
            }
            _ = frames.tick() => {}
            stopped = &mut stop => return stopped,
        }
    }
}

/// The terminal, taken over until it is dropped. A panic gives it back too.
struct Window {
    terminal: DefaultTerminal,
}

impl Window {
    fn open() -> anyhow::Result<Self> {
        let terminal = ratatui::try_init().context("The terminal cannot be drawn on.")?;
        Ok(Self { terminal })
    }

    fn draw(&mut self, table: &Table) -> anyhow::Result<()> {
        let now = Instant::now();
        self.terminal
            .draw(|frame| screen::draw(frame, &table.game, table.link, now))
            .context("The terminal cannot be drawn on.")?;
        Ok(())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // Where this fails there is no terminal any more.
        ratatui::try_restore().ok();
    }
}

fn press(key: KeyEvent) -> Option<Press> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return (key.code == KeyCode::Char('c')).then_some(Press::Interrupt);
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "of a hundred keys these do something"
    )]
    match key.code {
        KeyCode::Up => Some(Press::Arrow(-1, 0)),
        KeyCode::Down => Some(Press::Arrow(1, 0)),
        KeyCode::Left => Some(Press::Arrow(0, -1)),
        KeyCode::Right => Some(Press::Arrow(0, 1)),
        KeyCode::Enter | KeyCode::Char(' ') => Some(Press::Go),
        KeyCode::Char(letter) => Some(Press::Letter(letter.to_ascii_lowercase())),
        KeyCode::Esc => Some(Press::Letter('q')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Press> {
        press(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn keys_mean_what_the_screen_says() {
        let plain = KeyModifiers::NONE;
        assert_eq!(key(KeyCode::Left, plain), Some(Press::Arrow(0, -1)));
        assert_eq!(key(KeyCode::Down, plain), Some(Press::Arrow(1, 0)));
        assert_eq!(key(KeyCode::Enter, plain), Some(Press::Go));
        assert_eq!(key(KeyCode::Char(' '), plain), Some(Press::Go));
        assert_eq!(key(KeyCode::Char('q'), plain), Some(Press::Letter('q')));
        assert_eq!(key(KeyCode::F(1), plain), None);
    }

    #[test]
    fn a_letter_means_the_same_with_shift_or_caps_lock() {
        let shifted = key(KeyCode::Char('Q'), KeyModifiers::SHIFT);
        assert_eq!(shifted, Some(Press::Letter('q')));
    }

    #[test]
    fn with_control_only_the_interrupt_means_anything() {
        let control = KeyModifiers::CONTROL;
        assert_eq!(key(KeyCode::Char('c'), control), Some(Press::Interrupt));
        assert_eq!(key(KeyCode::Char('d'), control), None);
    }

    #[test]
    fn a_key_that_is_let_go_of_does_nothing() {
        let plain = KeyModifiers::NONE;
        let released = KeyEvent::new_with_kind(KeyCode::Enter, plain, KeyEventKind::Release);
        assert_eq!(press(released), None);
    }
}
