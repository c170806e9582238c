//! What happened, in words.

use super::Game;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Whether it deserves a place on the screen.
    pub(crate) kind: Kind,
    /// What it was.
    pub(crate) text: String,
}

/// How much a thing matters to one who sees the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is told to everyone.
    News,
    /// It is told to everyone, and went wrong.
    Trouble,
    /// The screen shows it by itself; a script has no screen.
    Detail,
}

impl Game {
    pub(super) fn news(&mut self, text: impl Into<String>) {
        self.write(Kind::News, text.into());
    }

    pub(super) fn trouble(&mut self, text: impl Into<String>) {
        self.write(Kind::Trouble, text.into());
    }

    pub(super) fn detail(&mut self, text: impl Into<String>) {
        self.write(Kind::Detail, text.into());
    }

    fn write(&mut self, kind: Kind, text: String) {
        self.log.push(Line { kind, text });
    }
}
