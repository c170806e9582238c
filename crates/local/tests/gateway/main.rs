//! The front as its clients and its functions see it: real sockets on one side, a fake function on the other.

mod authorising;
mod connecting;
mod ending;
mod fake;
mod limits;
mod messages;
mod posting;
mod requests;
mod stopping;
mod world;
