//! What must always hold, by name.

mod planned;
mod stored;

use domain::Timestamp;
use domain::matchmaking::Plan;

use crate::shift::Read;
use crate::world::World;

/// Checks invariants one after the other; the first that is broken is named.
macro_rules! hold {
    ($($module:ident::$invariant:ident $arguments:tt,)*) => {
        $($module::$invariant $arguments
            .map_err(|why| format!(concat!(stringify!($invariant), " is broken: {}"), why))?;)*
    };
}

/// After every deed.
pub(crate) fn of_the_state(world: &World) -> Result<(), String> {
    hold! {
        stored::invariant_nobody_is_in_two_matches(world),
        stored::invariant_everybody_is_where_its_seat_says(world),
        stored::invariant_no_ticket_is_lost(world),
        stored::invariant_nobody_loses_its_place(world),
        stored::invariant_teams_are_of_the_right_size(world),
        stored::invariant_parties_are_whole(world),
        stored::invariant_a_party_in_the_queue_is_all_there(world),
    }
    Ok(())
}

/// Of every plan, whatever comes of it.
pub(crate) fn of_the_plan(world: &World, read: &Read, plan: &Plan) -> Result<(), String> {
    hold! {
        planned::invariant_no_ticket_is_named_twice(read, plan),
        planned::invariant_nobody_who_is_away_is_found_a_match(plan),
        planned::invariant_equals_are_served_as_they_come(world, read, plan),
        planned::invariant_matches_have_teams_of_the_right_size(world, plan),
        planned::invariant_rules_hold_as_the_longest_waiting_has_them(world, read, plan),
        planned::invariant_there_is_another_look_while_anybody_waits(world, read, plan),
    }
    Ok(())
}

/// After a tick that was worked from beginning to end, with nothing in between.
pub(crate) fn after_a_whole_tick(world: &World, now: Timestamp) -> Result<(), String> {
    hold! {
        stored::invariant_nobody_is_kept_past_its_time(world, now),
    }
    Ok(())
}

/// When nothing is left to happen.
pub(crate) fn at_rest(world: &World) -> Result<(), String> {
    hold! {
        stored::invariant_nobody_is_stuck(world),
    }
    Ok(())
}

/// Breaks an invariant unless this holds.
fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}
