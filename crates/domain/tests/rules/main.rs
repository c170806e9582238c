//! The rules one by one: each test is a rule, told as a short story about Ann, who hosts, and those who come to her lobby.

mod accepting;
mod assembling;
mod being_away;
mod closing;
mod filling;
mod joining;
mod kicking;
mod leaving;
mod listing;
mod matched;
mod paging;
mod queueing;
mod rejecting;
mod scene;
mod starting;
mod sweeping;
mod telling_time;
mod updating;
mod versions;
