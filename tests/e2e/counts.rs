//! What every action costs is what docs/access-patterns.md says, however many lobbies there are.

mod scenes;

use e2e::{World, settings};
use store::OperationCounts;

use scenes::Scenes;

const PAGE: &str = include_str!("../../docs/access-patterns.md");

/// How many other members there are wherever the page says *n*.
const OTHERS: u64 = 2;

/// A row of the page's table.
#[derive(Debug)]
struct Row {
    what: String,
    total: u64,
    /// By the operation's name at AWS.
    operations: Vec<(String, u64)>,
    posts: u64,
}

impl Row {
    /// Whether this is what was asked of DynamoDB, so many times.
    fn is(&self, counted: &OperationCounts, times: u64) -> bool {
        let mut operations = self.operations.iter();
        counted.total() == self.total * times
            && operations.all(|(name, count)| counted.of(name) == count * times)
    }
}

/// The table under "Operations of each action".
fn rows() -> Vec<Row> {
    let (_, section) = PAGE
        .split_once("## Operations of each action")
        .expect("the page has that section");
    let mut lines = section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .map(cells);
    let heading = lines.next().expect("the table has a heading");
    assert_eq!(heading[..2], ["action", "operations"]);
    assert_eq!(heading.last().map(String::as_str), Some("posts"));
    lines
        .skip(1)
        .map(|cells| {
            let counted = heading.iter().zip(&cells).skip(2);
            let operations = counted.take(heading.len() - 3);
            Row {
                what: cells[0].replace('`', ""),
                total: number(&cells[1]),
                operations: operations
                    .map(|(name, count)| (name.clone(), number(count)))
                    .collect(),
                posts: number(cells.last().expect("a row has cells")),
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

fn number(cell: &str) -> u64 {
    if cell == "n" {
        return OTHERS;
    }
    cell.parse().expect("a number, or n")
}

/// Does every row's action with so many lobbies stored, and compares.
async fn the_page_is_right_with(lobbies: u32) {
    let Some(world) = World::with(settings(), "what the server counts").await else {
        return;
    };
    let inside = world.inside().expect("the server is this test's own");
    inside.stores_lobbies(lobbies).await;
    let mut scenes = Scenes::new(&world, inside);
    let mut wrong = Vec::new();
    let (at_the_end, rows): (Vec<_>, Vec<_>) = rows()
        .into_iter()
        .partition(|row| row.what == "$disconnect, in no lobby");
    for row in rows {
        let counted = scenes.cost_of(&row.what).await;
        if !row.is(&counted.operations, 1) || counted.posts != row.posts {
            wrong.push(format!("{}: {counted}", row.what));
        }
    }
    // Nothing is heard when a player goes who is in no lobby, so all of them go, and the server's end is waited for.
    let remaining = scenes.everybody_leaves().await;
    let times = remaining.count;
    let counted = world.stops().await;
    for row in at_the_end {
        if !row.is(&counted, times) || row.posts > 0 {
            wrong.push(format!("{}, {times} times: {counted}", row.what));
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
        let is_there = rows()
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
        let counted = scenes.cost_of(action).await;
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
