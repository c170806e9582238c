//! docs/limits.md says what the code says.

use client::protocol::lobby::MAX_CRITERIA;
use client::protocol::matchmaking::{MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTES};
use client::protocol::signalling::MAX_CANDIDATES;
use client::protocol::{MAX_FRAME_BYTES, MAX_MESSAGE_BYTES, Metadata};
use domain::battle::score_attack::MAX_SCORE;
use domain::lobby::{MAX_BANS, MAX_REQUESTS};
use domain::matchmaking::{MAX_PLAYERS, MAX_WAITS};
use local::Settings;
use local::limit::{Kind, LimitSettings};
use store::{MAX_KEPT_BYTES, MAX_KEPT_FRAMES};

const PAGE: &str = include_str!("../../docs/limits.md");

/// The cells of a row of one of the page's tables, by its first.
fn row(section: &str, name: &str) -> Vec<&'static str> {
    let (_, section) = PAGE
        .split_once(&format!("## {section}"))
        .expect("the page has that section");
    let rows = section.lines().filter(|line| line.starts_with('|'));
    let mut rows = rows.map(|line| {
        line.trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect::<Vec<_>>()
    });
    rows.find(|cells| cells[0] == name)
        .unwrap_or_else(|| panic!("docs/limits.md has no row `{name}`"))
}

#[test]
fn the_page_has_the_limits_that_every_kind_comes_with() {
    let limits = LimitSettings::default();
    for kind in Kind::ALL {
        let cells = row("How often", &format!("`{}`", kind.name()));
        let limit = limits.of(kind);
        assert_eq!(
            cells[2..4],
            [limit.burst().to_string(), limit.per_second().to_string()],
            "{}",
            kind.name()
        );
    }
}

#[test]
fn the_page_has_the_bounds_of_everything_that_a_client_can_make_grow() {
    let front = Settings::default();
    let bytes = |most: usize| format!("{most} bytes");
    let json = |most: usize| format!("{most} bytes of JSON");
    for (what, most) in [
        ("a WebSocket frame", bytes(MAX_FRAME_BYTES)),
        ("a WebSocket frame", bytes(front.max_frame)),
        (
            "what is kept for a player who is away",
            format!(
                "{MAX_KEPT_FRAMES} frames, {MAX_KEPT_BYTES} bytes, the grace period and a minute"
            ),
        ),
        ("a message", bytes(MAX_MESSAGE_BYTES)),
        ("a message", bytes(front.max_message)),
        (
            "what a message becomes for its hearer",
            bytes(MAX_MESSAGE_BYTES),
        ),
        ("ICE candidates in one message", MAX_CANDIDATES.to_string()),
        ("metadata of a lobby or a player", json(Metadata::MAX_BYTES)),
        ("conditions of a listing's filter", MAX_CRITERIA.to_string()),
        ("attributes of a search", MAX_ATTRIBUTES.to_string()),
        (
            "attributes of a search, all together",
            json(MAX_ATTRIBUTE_BYTES),
        ),
        (
            "players who wait to be let into a lobby",
            MAX_REQUESTS.to_string(),
        ),
        ("bans of a lobby", MAX_BANS.to_string()),
        ("players of a match", MAX_PLAYERS.to_string()),
        (
            "waiting times that a queue remembers",
            MAX_WAITS.to_string(),
        ),
        ("the score of a player", MAX_SCORE.to_string()),
        (
            "connections, local server",
            front.max_connections.to_string(),
        ),
        (
            "messages of one client that are handled at a time, local server",
            front.max_in_flight.to_string(),
        ),
        (
            "what waits for a client to read it, local server",
            format!("{} MiB", front.max_unread / (1024 * 1024)),
        ),
    ] {
        assert_eq!(row("How much", what)[1], most, "{what}");
    }
}
