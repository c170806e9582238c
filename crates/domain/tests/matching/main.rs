//! The rules of matchmaking one by one: each test is a rule, told as a short story about those who wait in a queue.

mod accepting;
mod balancing;
mod being_away;
mod comparing;
mod configuring;
mod crowding;
mod ending;
mod estimating;
mod explaining;
mod filling;
mod queueing;
mod scene;
mod seating;
