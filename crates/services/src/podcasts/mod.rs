//! Podcasts from the feeds that their makers publish for everybody.

#![allow(dead_code, unused_imports, reason = "grows")]

mod addresses;
pub mod feed;
