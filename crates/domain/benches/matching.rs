//! How long one pass of the matcher takes: `cargo bench -p domain`.
//!
//! Prints a table for each shipped queue, with as many tickets as stand in its first column, all of which came within the
//! same minute, their skills on a normal curve. Time is also divided by N log2 N: where that does not grow, neither does the
//! time faster. The last column is what it takes to do nothing but copy the same tickets, as a plan does with those it names: it
//! tells how much of the growth is memory that does not fit into the processor's cache any more.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::Timestamp;
use domain::lobby::Contact;
use domain::matchmaking::{Attribute, Owner, Queue, Queues, State, Ticket, plan};
use ids::{ConnectionId, PlayerId, QueueName, TicketId};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// How many wait.
const SIZES: [u32; 4] = [100, 1_000, 10_000, 100_000];

/// The moment of the pass, and since when its tickets came in at the earliest.
const NOW: u64 = 1_800_000_000_000;
const LATELY: u64 = 60_000;

/// How often a pass is measured: for about so long, but a few times at least.
const PATIENCE: Duration = Duration::from_secs(1);
const LEAST_RUNS: u32 = 5;

#[expect(clippy::print_stdout, reason = "the table is what this is for")]
fn main() {
    let queues = Queues::shipped();
    for name in queues.names() {
        let queue = queues.get(name).expect("it is one of them");
        println!("{name}: one pass, the middle of several");
        println!(
            "{:>8} {:>8} {:>12} {:>18} {:>12}",
            "N", "matches", "time", "time / N log2 N", "copying"
        );
        for size in SIZES {
            println!("{}", row(queue, size));
        }
        println!();
    }
}

/// One line of the table.
fn row(queue: &Queue, size: u32) -> String {
    let tickets = tickets(&queue.name, size);
    let now = Timestamp::from_millis(NOW);
    let matches = plan(queue, &tickets, now).found.len();
    let time = measure(|| plan(queue, black_box(&tickets), now));
    let copying = measure(|| black_box(&tickets).clone());
    let steps = f64::from(size) * f64::from(size).log2();
    let nanos = time.as_secs_f64() * 1e9 / steps;
    let [time, copying] = [time, copying].map(|time| time.as_secs_f64() * 1e3);
    format!("{size:>8} {matches:>8} {time:>9.2} ms {nanos:>15.1} ns {copying:>9.2} ms")
}

/// The middle of the times that several runs take. What becomes of their result is not counted.
fn measure<T>(run: impl Fn() -> T) -> Duration {
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < LEAST_RUNS as usize || begun.elapsed() < PATIENCE {
        let start = Instant::now();
        let result = black_box(run());
        times.push(start.elapsed());
        drop(result);
    }
    times.sort_unstable();
    times[times.len() / 2]
}

/// Players who came in one after the other. The same ones each time.
fn tickets(queue: &QueueName, size: u32) -> Vec<Ticket> {
    let mut random = StdRng::seed_from_u64(size.into());
    let ticket = |number| {
        let ago = random.random_range(0..LATELY);
        let skill = Attribute::Number(skill(&mut random));
        let player = Contact {
            player_id: PlayerId::parse(format!("player-{number}")).expect("a player id"),
            connection_id: ConnectionId::parse(format!("socket-{number}"))
                .expect("a connection id"),
            expires_at: Timestamp::from_millis(NOW) + Duration::from_hours(1),
            away: false,
        };
        Ticket {
            ticket_id: TicketId::parse(format!("ticket-{number}")).expect("a ticket id"),
            queue: queue.clone(),
            owner: Owner::Player,
            players: vec![player],
            attributes: BTreeMap::from([("skill".to_owned(), skill)]),
            created_at: Timestamp::from_millis(NOW - ago),
            version: 1,
            state: State::Waiting,
        }
    };
    (0..size).map(ticket).collect()
}

/// About 1,500, give or take 300: the sum of twelve throws is as good as a normal curve.
fn skill(random: &mut StdRng) -> i64 {
    let throws = (0..12).map(|_| random.random_range(-300..=300));
    1_500 + throws.sum::<i64>() / 2
}
