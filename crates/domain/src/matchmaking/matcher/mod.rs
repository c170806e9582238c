//! Who is matched with whom.
//!
//! Everybody in turn, the longest waiting first, looks for company among those who came later: the longest waiting of them
//! whom the rules let in, as loose as they have become for the one who looks. A ticket is seated whole. Seats are taken as long
//! as somebody is there for them; a match needs every team to have its least.
//!
//! # What it costs, and what it gives up for that
//!
//! The tickets stand in lines in which those who may meet by number and by equality lie side by side, so that looking for
//! the next one takes logarithmic time, and a pass over N tickets about N log N. These bounds keep it so:
//!
//! - One who looks considers the [`LOOKS`] longest waiting that the line offers, and where there are more and a rule is
//!   on latencies, as many again who are nearest to the same region. Where other rules keep all of those out, a match further
//!   back is missed until those in front are gone.
//! - Whoever was let in first may keep out others who would have completed the match. Then narrower stretches of numbers are
//!   tried, [`WINDOWS`] of them, and leaving out the first, [`SECOND_THOUGHTS`] times. Not everything is tried.
//! - Whether parties of different sizes fill the teams is answered exactly, but for [`PUZZLES`] searches a pass at most;
//!   beyond those, each takes the first seats that are free.
//! - Teams of the same sizes are balanced by number as well as swapping any two parties makes them, not by trying all teams.
//!
//! None of it matters to queues of teams of one: whoever gets on with the one who looks completes the match.

mod balance;
mod group;
mod line;
mod lines;
mod making;
mod search;
mod seats;

use self::search::Search;
use super::{Match, Queue, Ticket};
use crate::Timestamp;

/// How many others one who looks for company considers.
const LOOKS: usize = 128;

/// How many narrower stretches of numbers are tried.
const WINDOWS: u64 = 5;

/// How often the first who was let in is left out again.
const SECOND_THOUGHTS: usize = 3;

/// How often in a pass it is worked out which parties fill the teams.
const PUZZLES: u32 = 256;

/// Finds all matches among those who wait, who are sorted by their turn. Returns the matches, and who is left.
pub(super) fn find<'a>(
    queue: &'a Queue,
    waiting: &[&'a Ticket],
    now: Timestamp,
) -> (Vec<Match>, Vec<&'a Ticket>) {
    let (backfills, others): (Vec<&Ticket>, Vec<&Ticket>) =
        waiting.iter().partition(|ticket| ticket.is_backfill());
    // Those that the queue has no place for, because it is configured otherwise now, wait until they give up.
    let (players, mut left): (Vec<&Ticket>, Vec<_>) = others.into_iter().partition(|ticket| {
        queue.fits(ticket.players.len()) && queue.missing_attribute(&ticket.attributes).is_none()
    });
    let mut search = Search::new(queue, players, now);
    let mut found = Vec::new();
    for backfill in backfills {
        match search.fill(backfill) {
            Some(filled) => found.push(filled),
            None => left.push(backfill),
        }
    }
    found.extend(search.matches());
    left.extend(search.left());
    (found, left)
}
