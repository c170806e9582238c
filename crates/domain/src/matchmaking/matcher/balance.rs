//! Who is on which team.

use super::seats::{Seat, Seats, Shapes};

/// Those who stay on one team.
pub(super) struct Party {
    /// How many.
    pub(super) players: usize,
    /// Their numbers together, by which teams are balanced.
    pub(super) number: i128,
}

/// Finds a team for each party: the sizes as even as can be, then the numbers. `taken` is how many players, and `numbers` what
/// sum of numbers, the teams have already. The parties are known to have seats; each is answered with its team, from 0.
pub(super) fn seat(
    seats: &Seats,
    taken: &[u32],
    mut numbers: Vec<i128>,
    parties: &[Party],
) -> Vec<usize> {
    let sizes = |order: &[usize]| -> Vec<usize> {
        order.iter().map(|party| parties[*party].players).collect()
    };
    // The big ones first, because the small ones fit in between.
    let mut order: Vec<usize> = (0..parties.len()).collect();
    order.sort_by_key(|party| {
        let party = &parties[*party];
        std::cmp::Reverse((party.players, party.number))
    });
    let goal = goal(seats, taken, &sizes(&order));
    let reach = seats.within_reach(goal, &sizes(&order), Seat::All);
    let mut loads = taken.to_vec();
    let mut teams = vec![0; parties.len()];
    for (party, later) in order.into_iter().zip(&reach[1..]) {
        let players = u32::try_from(parties[party].players).unwrap_or(u32::MAX);
        let can_take = |team: &usize| {
            let mut after = loads.clone();
            after[*team] += players;
            seats.is_among(&after, *later)
        };
        let open = (0..loads.len()).filter(can_take);
        let team = open.min_by_key(|team| (numbers[*team], loads[*team]));
        let team = team.expect("each shape within reach has a team for the next party");
        loads[team] += players;
        numbers[team] += parties[party].number;
        teams[party] = team;
    }
    swap(parties, &mut teams, &mut numbers);
    teams
}

/// The most even way in which these parties can be seated.
fn goal(seats: &Seats, taken: &[u32], sizes: &[usize]) -> Shapes {
    let begun = seats.taken(taken);
    let begun = begun.expect("a match is looked for only where the teams have seats");
    let all = sizes
        .iter()
        .fold(begun, |shapes, players| seats.add(shapes, *players));
    let whole = all.and(seats.enough());
    seats.most_even(if whole.is_empty() { all } else { whole })
}

/// Swaps parties of the same size for as long as that brings two teams closer to each other.
fn swap(parties: &[Party], teams: &mut [usize], numbers: &mut [i128]) {
    let mut is_better = true;
    while is_better {
        is_better = false;
        for one in 0..parties.len() {
            for other in one + 1..parties.len() {
                let (from, to) = (teams[one], teams[other]);
                if from == to || parties[one].players != parties[other].players {
                    continue;
                }
                let shift = parties[one].number - parties[other].number;
                let before = numbers[from] - numbers[to];
                if (before - 2 * shift).abs() < before.abs() {
                    numbers[from] -= shift;
                    numbers[to] += shift;
                    teams.swap(one, other);
                    is_better = true;
                }
            }
        }
    }
}
