//! Matching through its public API, on made-up music.

mod benchmark;
mod catalogue;
mod rules;
