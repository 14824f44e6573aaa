//! Everything that is done to sound: recognise it, read its tags, decode it, measure it, make an MP3 of it.
//!
//! * [`probe()`] looks at a file at scan time: what it is, what its tags say, which bytes it is.
//! * [`listen()`] hears what a file sounds like, how long it really plays and whether it is whole.
//! * [`cover_for`] and [`folder_picture`] find and prepare the one cover picture.
//! * [`make_mp3`] makes the finished MP3 in one pass with bounded memory; the same request gives the same bytes.
//!
//! Files are recognised by content, never by extension. Originals are opened for reading only. Every input is
//! hostile: sizes, counts and lengths have limits, and a panic inside a decoder becomes an error for that file.

mod artwork;
mod copy;
mod decode;
mod downmix;
mod encode;
mod extent;
mod limits;
mod listen;
mod listen_end;
mod loudness;
mod make;
mod mp3_length;
mod mp4;
mod mpeg_frames;
mod ogg_flac;
mod opus_sound;
mod probe;
mod read_tags;
mod request;
mod resample;
mod sniff;
mod tag_table;
mod write_tags;

pub use artwork::{CoverProblem, CoverRules, cover_for, folder_picture};
pub use listen::{LISTEN_VERSION, listen};
pub use make::make_mp3;
pub use probe::{Probed, Unreadable, content_id, probe};
pub use request::{MadeMp3, MakeError, Method, Mp3Request, NotAPreset, Preset};
