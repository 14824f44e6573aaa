//! Test-only: made-up music, exports of the true shape, and judges that are not ours.
//!
//! - [`Sound`] writes a WAV file from a seed; [`MadeTrack`] and [`make_music`] turn a list of names into a folder
//!   of tagged files in any format (by `ffmpeg`).
//! - [`Band`] plays made-up pieces, again, live or without voice: for tests of what is heard.
//! - [`Export`] writes Spotify's "Download your data" as it looked in 2021, 2022 and 2025, as folder or zip, and
//!   the CSV dialects of Exportify.
//! - [`fake_spotify`] is a server that answers as Spotify does, with all the trouble that it makes.
//! - [`fake_catalogues`] are the openly licensed catalogues, with what is in them spoilt when asked to.
//! - [`fake_subsonic`] and [`fake_jellyfin`] are servers of the user's own, with a [`FakeCollection`] of any size.
//! - [`HttpServer`] is a web server whose answers a test makes, and spoils; [`MemoryOnly`] is what services are remembered in.
//! - [`fake_registers`] are those who know recordings, sounds, covers and lyrics, from one small table.
//! - [`fake_podcasts`] is all that podcasts come from: directories, feeds, hosts of sound.
//! - `FakeSystem` is a computer with disks to plug in, as Linux tells of them.
//! - [`tag_sets()`] makes tags in all scripts, [`mutagen_frames`] and [`ffmpeg_metadata`] read them from many files at once.
//! - [`seeds()`] makes short files in every format, for tests that break them.
//! - [`benchmark`] is a catalogue full of difficulties for matching, with the right answers, and counts the answers given.
//! - The judges ask `ffmpeg`, `mpg123`, `mp3val` and `mutagen` about files we wrote, so that no test has our own
//!   code confirm our own code; [`tree_snapshot`] tells whether a folder changed by a single byte.
//!
//! Only tests and `xtask` use this crate. Everything is invented and comes out the same on every run.

mod band;
pub mod benchmark;
mod collection;
mod error;
mod export;
pub mod fake_catalogues;
pub mod fake_jellyfin;
pub mod fake_podcasts;
pub mod fake_registers;
pub mod fake_spotify;
pub mod fake_subsonic;
#[cfg(unix)]
mod fake_system;
mod http;
mod judge;
mod memory;
mod music;
mod random;
mod seeds;
mod snapshot;
mod sound;
mod tag_judge;
mod tag_sets;
mod tool;

pub use band::Band;
pub use collection::FakeCollection;
pub use error::KitError;
pub use export::{
    Album, CsvDialect, Export, ExportPlaylist, Generation, PlayedRow, Row, Track, exportify_csv,
};
pub use export::{spotify_id, spotify_uri};
#[cfg(unix)]
pub use fake_system::{Bus, FakeDisk, FakeSystem};
pub use http::{Filling, HttpAnswer, HttpRequest, HttpServer, HttpTrouble, MadeBody, without_https};
pub use judge::{
    decoded_ffmpeg, decoded_mpg123, decoded_samples_ffmpeg, decoded_samples_mpg123, ffprobe_samples,
    mp3val_clean, mutagen_tags,
};
pub use memory::MemoryOnly;
pub use music::{MadeTrack, extension, make_music, make_track, write_cover};
pub use random::Random;
pub use seeds::seeds;
pub use snapshot::{FileState, changes, tree_snapshot};
pub use sound::Sound;
pub use tag_judge::{ffmpeg_metadata, ffprobe_tags, mutagen_frames};
pub use tag_sets::{TEXTS, tag_sets};
