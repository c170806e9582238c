//! The local server: API Gateway's WebSocket behaviour in this process, over the same handlers.
//!
//! [`Gateway`] is the front: it accepts sockets, chooses routes, builds the events that API Gateway would build and
//! hands them to one [`Integration`] per function. [`Connections`] is what the handlers post through. The front
//! knows no handler, no store and no protocol: whatever it does, the platform does. [`serve`] puts the real functions and
//! tables behind it, and has happen later what is to happen later.

mod ambient;
mod authorizer;
mod connections;
mod end;
mod event;
mod gateway;
mod integration;
mod later;
mod requests;
mod routes;
mod serve;
mod session;
mod settings;
mod socket;

pub use ::authorizer::Authentication;
pub use domain::Timestamp;
pub use domain::matchmaking::Queues;
pub use function::{limit, turn};

pub use authorizer::Authorizer;
pub use connections::{Connections, PostError, Posted};
pub use gateway::{Gateway, GatewayError, ListenError, Running};
pub use integration::{Integration, IntegrationError, IntegrationResponse};
pub use later::Scheduled;
pub use routes::{Routes, RoutesError};
pub use serve::{ServeError, Server, ServerSettings, serve};
pub use settings::{Farewells, Settings};
