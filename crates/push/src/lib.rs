//! Delivery of a frame to a connection.
//!
//! A function does not know how: on AWS and in an emulator it is API Gateway's Management API ([`ManagementApi`]), in the
//! local server the socket is in the same process, and the server brings its own [`Deliver`].

mod management;

use std::error::Error;

use futures::future::BoxFuture;
use ids::ConnectionId;
use thiserror::Error;

pub use management::{ManagementApi, Settings};

/// Delivers frames.
pub trait Deliver: Send + Sync {
    /// Hands one text frame, 128 KB at most, to the platform for a connection.
    ///
    /// Frames posted to one connection one after another arrive in that order; frames posted at the same time in any.
    ///
    /// # Errors
    /// [`PushError`], where it is unknown whether the frame arrived. That the connection is gone is no error.
    fn post<'a>(
        &'a self,
        to: &'a ConnectionId,
        frame: String,
    ) -> BoxFuture<'a, Result<Posted, PushError>>;

    /// Whether the platform has a connection still.
    ///
    /// # Errors
    /// [`PushError`], where that is unknown.
    fn is_open<'a>(
        &'a self,
        connection: &'a ConnectionId,
    ) -> BoxFuture<'a, Result<bool, PushError>>;

    /// Has the platform close a connection, after what was posted to it before.
    ///
    /// # Errors
    /// [`PushError`], where it is unknown whether it is closed. That the connection is gone is no error.
    fn close<'a>(&'a self, connection: &'a ConnectionId) -> BoxFuture<'a, Result<(), PushError>>;
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Posted {
    /// The platform has it.
    Delivered,
    /// There is no such connection any more.
    Gone,
}

/// The platform did not take a frame.
#[derive(Debug, Error)]
pub enum PushError {
    /// It is longer than the platform carries.
    #[error("the frame is longer than a connection carries")]
    TooLong,
    /// It did not answer, or not with sense, in time.
    #[error("the connection could not be posted to")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}
