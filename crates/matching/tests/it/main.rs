//! Matching through its public API, on made-up music.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case should fail loudly")]

mod album_names;
mod album_places;
mod benchmark;
mod books_on_discs;
mod catalogue;
mod company;
mod file_names;
mod keys;
mod labels;
mod misspellings;
mod namesakes;
mod own_feeds;
mod part_titles;
mod places;
mod players;
mod policies;
mod releases;
mod rules;
mod same_names;
mod saved_albums;
mod sound;
mod spoken;
mod texts;
mod untagged;
mod whole_casts;
mod wrong_picks;
