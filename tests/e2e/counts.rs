//! What every action costs is what docs/access-patterns.md says, however many lobbies there are.

mod fights;
mod scenes;
mod searches;

use std::time::Duration;

use domain::matchmaking::Queues;
use e2e::{Counts, World, settings, turn};
use local::ServerSettings;

use scenes::Scenes;
use searches::LOOK;

const PAGE: &str = include_str!("../../docs/access-patterns.md");

/// How many other members there are wherever the page says *n*.
const OTHERS: u64 = 2;

/// A row of one of the page's tables.
#[derive(Clone, Debug)]
struct Row {
    what: String,
    total: u64,
    /// By the operation's name at AWS.
    operations: Vec<(String, u64)>,
    messages: u64,
    posts: u64,
}

impl Row {
    /// Whether this is what was counted.
    fn is(&self, counted: &Counts) -> bool {
        let mut operations = self.operations.iter();
        counted.operations.total() == self.total
            && operations.all(|(name, count)| counted.operations.of(name) == *count)
            && (counted.messages, counted.posts) == (self.messages, self.posts)
    }

    /// Whether this is what was counted, or as many looks besides as joins before have armed timers for: those ring ten seconds
    /// later, whatever is played then, and find nothing left to be done.
    fn comes_to(self, look: &Self, counted: &Counts) -> bool {
        const TIMERS: usize = 16;
        let with_looks = std::iter::successors(Some(self), |row| Some(row.clone().and(look)));
        with_looks.take(TIMERS).any(|row| row.is(counted))
    }

    /// This, and another besides.
    fn and(mut self, other: &Self) -> Self {
        self.total += other.total;
        for ((name, count), (same, more)) in self.operations.iter_mut().zip(&other.operations) {
            assert_eq!(name, same, "both tables have the same columns");
            *count += more;
        }
        self.messages += other.messages;
        self.posts += other.posts;
        self
    }

    fn times(self, times: u64) -> Self {
        let operations = self.operations.into_iter();
        let operations = operations.map(|(name, count)| (name, times * count));
        Self {
            what: self.what,
            total: times * self.total,
            operations: operations.collect(),
            messages: times * self.messages,
            posts: times * self.posts,
        }
    }
}

/// The table of a section.
fn rows(section: &str) -> Vec<Row> {
    let (_, section) = PAGE
        .split_once(&format!("## {section}"))
        .expect("the page has that section");
    let mut lines = section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .map(cells);
    let heading = lines.next().expect("the table has a heading");
    assert_eq!(heading[1], "operations");
    assert_eq!(heading[heading.len() - 2..], ["queue", "posts"]);
    lines
        .skip(1)
        .map(|cells| {
            let counted = heading.iter().zip(&cells).skip(2);
            let operations = counted.take(heading.len() - 4);
            Row {
                what: cells[0].replace('`', ""),
                total: number(&cells[1]),
                operations: operations
                    .map(|(name, count)| (name.clone(), number(count)))
                    .collect(),
                messages: number(&cells[cells.len() - 2]),
                posts: number(&cells[cells.len() - 1]),
            }
        })
        .collect()
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|')
        .split('|')
        .map(|cell| cell.trim().to_owned())
        .collect()
}

/// A number, or so many times n, or both.
fn number(cell: &str) -> u64 {
    let number = |text: &str| text.parse::<u64>().expect("a number, or one with n");
    let Some((times, more)) = cell.split_once('n') else {
        return number(cell);
    };
    let times = if times.is_empty() { 1 } else { number(times) };
    let more = more.strip_prefix('+').map_or(0, number);
    times * OTHERS + more
}

/// A server with a queue for each scene that has to do with one, so that none finds what another left.
fn with_queues() -> ServerSettings {
    let teams = r#""teams": 2, "give_up_seconds": 300"#;
    let alone = r#""team_size": {"min": 1, "max": 1}"#;
    let mut queues: Vec<_> = ["joined", "left", "explained", "abandoned"]
        .map(|name| format!(r#"{{"name": "{name}", {teams}, {alone}}}"#))
        .into();
    for name in ["accepted", "declined"] {
        let asks = r#""acceptance_seconds": 60"#;
        queues.push(format!(r#"{{"name": "{name}", {teams}, {alone}, {asks}}}"#));
    }
    for (name, least) in [("party", 3), ("party-left", 3), ("roomy", 1)] {
        let sizes = format!(r#""team_size": {{"min": {least}, "max": 3}}"#);
        queues.push(format!(r#"{{"name": "{name}", {teams}, {sizes}}}"#));
    }
    let queues = Queues::parse(&format!("[{}]", queues.join(",")));
    ServerSettings {
        queues: queues.expect("queues for the scenes"),
        // Nobody's grace period ends in the middle of another's scene.
        grace: Duration::from_mins(10),
        turn: Some(turn("turn:turn.example.org")),
        ..settings()
    }
}

/// Does every row's action with so many lobbies stored, and compares.
async fn the_page_is_right_with(lobbies: u32) {
    let Some(world) = World::with(with_queues(), "what the server counts").await else {
        return;
    };
    let inside = world.inside().expect("the server is this test's own");
    inside.stores_lobbies(lobbies).await;
    let mut scenes = Scenes::new(&world, inside);
    let mut wrong = Vec::new();
    let parts = rows("Operations of a tick");
    let look = parts.iter().find(|part| part.what == LOOK);
    let look = look.expect("the page says what a look costs");
    let (at_the_end, rows): (Vec<_>, Vec<_>) = rows("Operations of each action")
        .into_iter()
        .partition(|row| row.what == "$disconnect, in no lobby");
    for row in rows {
        let cost = scenes.cost_of(&row.what).await;
        let expected = cost.ticked.iter().fold(row, |row, part| {
            let mut parts = parts.iter();
            let part = parts.find(|known| known.what == *part);
            row.and(part.expect("a part that the page knows"))
        });
        let what = expected.what.clone();
        if !expected.comes_to(look, &cost.counts) {
            wrong.push(format!("{what}: {}", cost.counts));
        }
    }
    // Nothing is heard when a player goes who is in no lobby, so all of them go, and the server's end is waited for.
    let remaining = scenes.everybody_leaves().await;
    let times = remaining.count;
    let operations = world.stops().await;
    let counted = Counts {
        operations,
        messages: 0,
        posts: 0,
    };
    for row in at_the_end {
        let expected = row.times(times);
        let what = expected.what.clone();
        if !expected.comes_to(look, &counted) {
            wrong.push(format!("{what}, {times} times: {counted}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/access-patterns.md says otherwise, with {lobbies} lobbies stored:\n{}",
        wrong.join("\n")
    );
}

#[tokio::test]
async fn every_action_costs_what_the_page_says_with_ten_lobbies_stored() {
    the_page_is_right_with(10).await;
}

#[tokio::test]
async fn every_action_costs_the_same_with_five_thousand_lobbies_stored() {
    the_page_is_right_with(5_000).await;
}

#[test]
fn every_route_has_a_row() {
    let routes: std::collections::BTreeMap<String, Vec<String>> =
        serde_json::from_str(include_str!("../../terraform/routes.json")).expect("a map of lists");
    let aliases = ["accept_request", "set_session_description"];
    for route in routes.into_values().flatten() {
        let rows = rows("Operations of each action");
        let is_there = rows
            .iter()
            .any(|row| row.what.split(',').next() == Some(route.as_str()));
        assert!(
            is_there || aliases.contains(&route.as_str()),
            "{route} has no row"
        );
    }
}

#[tokio::test]
async fn a_relayed_frame_costs_no_operation_and_one_post() {
    let Some(world) = World::with(settings(), "what the server counts").await else {
        return;
    };
    let inside = world.inside().expect("the server is this test's own");
    let mut scenes = Scenes::new(&world, inside);
    for action in [
        "send_session_description",
        "send_ice_candidate",
        "send_ice_candidates",
    ] {
        let counted = scenes.cost_of(action).await.counts;
        assert_eq!(
            (counted.operations.total(), counted.posts),
            (0, 1),
            "{action}"
        );
    }
    drop(scenes);
    world.ends().await;
}

#[tokio::test]
async fn where_the_host_goes_every_other_member_hears_two_events() {
    let Some(world) = World::with(settings(), "what the server counts").await else {
        return;
    };
    let inside = world.inside().expect("the server is this test's own");
    let e2e::Party { players, .. } = world.party(["host", "ann", "bob"]).await;
    let before = inside.counts();
    players[0].leaves().await;
    let spent = inside.counts().since(&before);
    assert_eq!(
        (spent.operations.total(), spent.posts),
        (4, 2 * OTHERS),
        "{spent}"
    );
    for player in &players {
        player.looks_at_everything().await;
    }
    world.ends().await;
}
