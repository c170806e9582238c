//! The client against a server that the test plays itself, over a real socket.

mod connecting;
mod ending;
mod requests;
mod server;
mod streaming;
