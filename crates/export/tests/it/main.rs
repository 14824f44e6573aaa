//! The tests of the export: what is written is read by the import, and must be what went in.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod formats;
mod made;
mod round_trip;
mod schema;
