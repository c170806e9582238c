//! The repositories over DynamoDB in this process: what they promise, also where many do the same at once.

mod battle;
mod closing;
mod connections;
mod counts;
mod creating;
mod crossing;
mod expiry;
mod layered;
mod listing;
mod matching;
mod parties;
mod pools;
mod queue;
mod queueing;
mod races;
mod results;
mod saving;
mod scene;
