//! The client against a server that the test plays itself, over a real socket.

mod coming_back;
mod connecting;
mod ending;
mod moving;
mod requests;
mod server;
mod sessions;
mod streaming;
