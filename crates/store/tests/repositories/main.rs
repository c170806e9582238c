//! The repositories over DynamoDB in this process: what they promise, also where many do the same at once.

mod closing;
mod connections;
mod counts;
mod creating;
mod expiry;
mod listing;
mod races;
mod saving;
mod scene;
