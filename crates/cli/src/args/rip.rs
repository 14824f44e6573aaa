//! The verb that rips CDs.

use std::path::PathBuf;

/// Rip a CD, or the image of one, into your collection.
///
/// Reads every track with cd-paranoia, compares it with what others read (AccurateRip), and keeps it as FLAC under
/// ripped/Artist/Album in your collection. Names come from the image's cue sheet, from the disc, or from MusicBrainz. A rip
/// that was cut off goes on at the track it had reached; a disc that was ripped before is not read again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape rip /dev/cdrom\n  ferrotape rip album.cue               a BIN/CUE image\n  \
ferrotape rip album.cue --no-lookup   ask nobody"
)]
pub(crate) struct Rip {
    /// The drive, or the cue sheet of an image
    #[arg(value_name = "IMAGE.cue|DRIVE")]
    pub(crate) disc: PathBuf,

    /// Ask neither AccurateRip nor MusicBrainz
    #[arg(long)]
    pub(crate) no_lookup: bool,

    /// The drive's read offset in samples, as AccurateRip's list has it
    #[arg(long, value_name = "SAMPLES", default_value_t = 0, allow_negative_numbers = true,
        value_parser = clap::value_parser!(i32).range(-587..=587))]
    pub(crate) offset: i32,
}
