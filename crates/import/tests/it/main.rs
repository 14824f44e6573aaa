//! The tests of the import, through its public API.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod cases;
mod contract;
mod csv_files;
mod fuzz;
mod hostile;
mod links;
mod m3u_files;
mod packages;
mod same_words;
mod shapes;
