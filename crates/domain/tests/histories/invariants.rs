//! What must always hold, by name: of what is stored, of each change to it, and of what is heard of that.

mod battle;
mod change;
mod hearing;
mod knowing;
mod playing;
mod presence;
mod queue;
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
        presence::invariant_everybody_is_reached_at_one_connection,
        presence::invariant_nobody_is_away_past_its_time,
        presence::invariant_a_farewell_and_a_return_take_effect,
        presence::invariant_the_lobby_is_woken_when_an_absence_ends,
        presence::invariant_nobody_is_away_but_by_losing_its_connection,
        presence::invariant_the_other_members_hear_of_an_absence,
        presence::invariant_the_other_members_hear_of_a_return,
        presence::invariant_whoever_comes_back_hears_what_its_lobby_is_like,
        presence::invariant_everybody_is_told_where_it_is_reached_from_now_on,
        battle::invariant_every_battle_is_settled_exactly_once,
        battle::invariant_a_settled_battle_never_changes,
        battle::invariant_a_score_never_falls,
        battle::invariant_turns_alternate,
        battle::invariant_a_battle_begins_as_those_wish_who_may,
        battle::invariant_only_those_who_play_change_a_battle,
        battle::invariant_nobody_plays_two_battles,
        battle::invariant_what_time_has_decided_is_settled,
        battle::invariant_an_alarm_is_set_before_time_decides,
        battle::invariant_a_battle_awaits_those_of_its_players_who_are_away,
        battle::invariant_the_end_of_a_battle_is_heard_once_by_everyone_there,
        queue::invariant_a_ticket_goes_when_the_members_change,
        queue::invariant_a_party_in_a_queue_takes_nobody_in_and_battles_nobody,
        queue::invariant_only_a_match_with_free_seats_asks_for_more,
        queue::invariant_whoever_is_in_a_queue_has_heard_so,
        hearing::invariant_only_those_whom_it_concerns_hear,
        hearing::invariant_every_coming_and_going_is_heard_exactly_once,
        hearing::invariant_every_change_of_host_and_settings_is_heard,
        hearing::invariant_the_end_is_heard_by_everyone_there,
        knowing::invariant_introductions_are_mutual,
        knowing::invariant_members_know_each_other,
        knowing::invariant_what_is_heard_adds_up_to_what_is_true,
    }
    Ok(())
}

/// Breaks an invariant unless this holds.
fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}
