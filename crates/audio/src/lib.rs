//! Everything that is done to sound: recognise it, read its tags, decode it, measure it, make an MP3 of it.
//!
//! * [`probe()`] looks at a file at scan time: what it is, what its tags say, which bytes it is.
//! * [`read_cue_sheet`] and [`parts_of`] find the recordings in an album that is one file.
//! * [`read_all_tags`] reads what a scan leaves out and a finished track needs.
//! * [`listen()`] hears what a file sounds like, how long it really plays and whether it is whole.
//! * [`cover_for`] and [`folder_picture`] find and prepare the one cover picture.
//! * [`SoundReader`] gives the decoded samples.
//! * [`make_mp3`] makes the finished MP3 in one pass with bounded memory; the same request gives the same bytes.
//! * [`finish_mp3`] makes the same MP3, or one with other tags, of sound that was encoded before; [`sound_id`] tells
//!   whether it was.
//! * [`CuttableMp3`], [`join_mp3`] and [`change_mp3_volume`] change MP3s without encoding, exact to the sample.
//! * [`write_cd_flac`] keeps what was read off a CD; [`retag_cd_flac`] gives it other names.
//! * [`measure_loudness`] measures a file without making anything of it, for albums and for levels.
//!
//! Files are recognised by content, never by extension. Originals are opened for reading only. Every input is
//! hostile: sizes, counts and lengths have limits, and a panic inside a decoder becomes an error for that file.

mod cores;
mod cue;
mod decode;
mod encode;
mod flac;
mod formats;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod limits;
mod listen;
mod make;
mod mpeg;
mod probe;
mod sound;
mod tags;

pub use cores::Cores;
pub use cue::{
    CueFile, CueSheet, CueTrack, NamedPart, Start, fill_from_sheet, parts_of, read_cue_sheet, whole_file_tags,
};
pub use decode::reader::SoundReader;
pub use flac::{is_cd_sound, part_of_cd_flac, retag_cd_flac, write_cd_flac};
pub use listen::{LISTEN_VERSION, check_end, listen, listen_to_part};
pub use make::again::{finish_mp3, is_as_wanted};
pub use make::measure::{LOUDNESS_VERSION, level_may_change, measure_loudness};
pub use make::pieces::{CuttableMp3, JoinedMp3, change_mp3_volume, join_mp3};
pub use make::quick_sum::QuickSum;
pub use make::request::{
    LoudnessRequest, LoudnessUse, MadeMp3, MakeError, Method, Mp3Request, NotALoudnessUse, NotAPreset,
    Preset, Way,
};
pub use make::sound_id::{SOUND_VERSION, SoundId, bytes_of_frames, quick_sound_id, sound_id};
pub use make::source_read::SourceRead;
pub use make::{make_mp3, write_album_gain};
pub use mpeg::gain::GainChange;
pub use probe::{
    Probed, SOUND_BEGINS_WITHIN, Unreadable, content_id, content_id_of, may_begin_sound, probe,
    read_all_tags, whole_sum,
};
pub use tags::cover::{CoverProblem, CoverRules, cover_for, folder_picture, ready_cover};
pub use tags::lrc::{lrc_text, read_lrc, timed_lyrics, without_times};
pub use tags::style::{Id3Version, TagStyle, TextStyle, ValueStyle};
pub use tags::table::tag_table;
pub use tags::v1::id3v1_tag;
