//! Messages as they are written, sent and read.

mod messages;
mod requests;
