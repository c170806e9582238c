//! What must always hold, by name: of what is stored, of each change to it, and of what is heard of that.

mod change;
mod hearing;
mod state;

use crate::deed::Happening;
use crate::world::World;

/// Checks invariants one after the other; the first that is broken is named.
macro_rules! hold {
    ($world:expr, $happening:expr; $($module:ident::$invariant:ident,)*) => {
        $($module::$invariant($world, $happening)
            .map_err(|why| format!(concat!(stringify!($invariant), " is broken: {}"), why))?;)*
    };
}

/// Checks every invariant after a deed.
pub(crate) fn check(world: &World, happening: &Happening) -> Result<(), String> {
    hold! { world, happening;
        state::invariant_no_lobby_is_over_capacity,
        state::invariant_every_lobby_has_one_host_and_it_is_a_member,
        state::invariant_peer_ids_are_unique,
        state::invariant_nobody_is_both_member_and_waiting,
        state::invariant_nobody_banned_is_in_or_waits,
        state::invariant_nobody_is_in_two_lobbies,
        change::invariant_versions_count_changes,
        change::invariant_terms_count_hosts,
        change::invariant_the_longest_present_is_the_next_host,
        change::invariant_what_stays_of_a_lobby_stays,
        change::invariant_nobody_whose_connection_has_ended_is_kept,
        change::invariant_nobody_comes_in_uninvited,
        change::invariant_only_the_host_governs,
        hearing::invariant_only_those_whom_it_concerns_hear,
        hearing::invariant_every_coming_and_going_is_heard_exactly_once,
        hearing::invariant_every_change_of_host_and_settings_is_heard,
        hearing::invariant_the_end_is_heard_by_everyone_there,
        hearing::invariant_introductions_are_mutual,
        hearing::invariant_members_know_each_other,
        hearing::invariant_what_is_heard_adds_up_to_what_is_true,
    }
    Ok(())
}

/// Breaks an invariant unless this holds.
fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}
