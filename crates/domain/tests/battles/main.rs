//! The rules of battles one by one: each test is a rule, told as a short story about Ann and Bob, who play, and Cat, who
//! watches.

mod alarms;
mod being_away;
mod coming_back;
mod configuring;
mod dying;
mod leaving;
mod noughts_and_crosses;
mod rematches;
mod scene;
mod score_attack;
mod starting;
mod watching;
mod words;
