//! What is made is judged by other people's programs: ffmpeg, ffprobe, mpg123, mp3val and mutagen.
//!
//! All sound and all pictures are generated here; artists and titles are invented.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod again;
mod changing;
mod chapters;
mod copying;
mod covers;
mod cutting;
mod hostile;
mod lengths;
mod listening;
mod loudness;
mod many_lengths;
mod more_formats;
mod parts;
mod probing;
mod tag_round_trip;
mod tags;
mod tools;
