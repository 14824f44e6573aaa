//! The sections of a profile. Every field is followed by what writes the player; none is a mere note.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a player is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// As a disk.
    MassStorage,
    /// By MTP; as a folder only where the system mounts it as one.
    Mtp,
    /// Only through a database of the maker's that ferrotape cannot write.
    MakersDatabase,
}

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Nobody says so; it follows from kin of the player.
    Guessed,
    /// Users or other programs say so.
    Reported,
    /// The maker says so.
    Documented,
    /// Tried on the file system, firmware or source code itself.
    Measured,
}

/// One thing that is known of a player, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What is so.
    pub says: String,
    /// Where that was read or tried.
    pub source: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// How a player is recognised. See [`crate::Signature`] for the order in which signals count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectRules {
    /// USB vendor and product in hexadecimal, `071b:3203`; with a word after it, the product's name must hold that.
    pub usb: Vec<String>,
    /// Files or folders below the root that only this kind of player has.
    pub markers: Vec<String>,
    /// Names of its disk, in any case.
    pub labels: Vec<String>,
    /// What Rockbox calls the models it is built for, where it is one of several kinds that run Rockbox.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
}

/// Which characters a name may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Characters {
    /// All that the file system takes.
    All,
    /// None beyond U+FFFF: no emoji.
    Bmp,
    /// Those of Latin-1; others are written in its letters.
    Latin1,
    /// Those of ASCII; others are written in its letters.
    Ascii,
    /// `A–Z`, `0–9` and `_`, as in ISO 9660.
    Iso9660,
}

/// Rules for one name and for a whole path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameRules {
    /// Longest name of one file or folder, in UTF-16 units (FAT and exFAT: 255).
    pub max_name_units: usize,
    /// Longest name of one file or folder, in bytes of UTF-8 (ext4 and others: 255).
    pub max_name_bytes: usize,
    /// Longest name of a folder made from tags, in UTF-16 units; leaves room for the title below it.
    pub max_folder_units: usize,
    /// Longest path below the root, in UTF-16 units.
    pub max_path_units: usize,
    /// Which characters are kept.
    pub characters: Characters,
    /// What stands in for characters that FAT and exFAT refuse, or that the player cannot show.
    pub replacements: BTreeMap<char, char>,
    /// What stands in for any other character that cannot be kept.
    pub otherwise: char,
}

/// Which folders lie between the music folder and a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Folders {
    /// `Artist/Album/01 - Title.mp3`
    ArtistAlbum,
    /// `Artist - Album/01 - Title.mp3`
    OneLevel,
    /// `Artist - Album - 01 - Title.mp3`
    None,
}

/// Where things go below the root.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderRules {
    /// Folder of the tracks; may be several names deep.
    pub music: String,
    /// Folder of the playlists.
    pub playlists: String,
    /// What lies between the music folder and a track.
    pub layout: Folders,
    /// Most files and folders in one folder, with what lies beside the tracks; another folder of the same name with a number
    /// takes the rest.
    pub max_files: usize,
    /// Most tracks on the player; more do not fit.
    pub max_tracks: usize,
    /// Most folders on the player, all levels together; tracks that need another do not fit.
    pub max_folders: usize,
    /// Stands in for a missing artist.
    pub unknown_artist: String,
    /// Album artist of a compilation that names none.
    pub various_artists: String,
    /// Stands in for a missing title.
    pub untitled: String,
}

/// The character or characters at the end of a playlist line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Newline {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
}

/// How a playlist names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathStyle {
    /// From the playlist's folder: `../Music/A/B.mp3`.
    Relative,
    /// The same with backslashes: `..\Music\A\B.mp3`.
    RelativeBackslash,
    /// From the player's root: `/Music/A/B.mp3`.
    FromRoot,
    /// The same with backslashes: `\Music\A\B.mp3`.
    FromRootBackslash,
}

/// In which letters a playlist is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextEncoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark; a playlist of nothing but ASCII has none, for it needs none.
    Utf8Mark,
    /// Latin-1. File names must be kept to it as well.
    Latin1,
}

/// How playlists are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaylistRules {
    /// Whether the player reads any.
    pub write: bool,
    /// Extension without the dot.
    pub extension: String,
    /// End of line.
    pub newline: Newline,
    /// How files are named.
    pub paths: PathStyle,
    /// In which letters.
    pub encoding: TextEncoding,
    /// Whether lines with title and playing time go before each file.
    pub titles: bool,
    /// Most entries of one playlist; a longer one is written as several.
    pub max_entries: usize,
    /// Most bytes of one playlist; a longer one is written as several.
    pub max_bytes: usize,
    /// Most playlists that the player reads; those named first are written, the others are told.
    pub max_playlists: usize,
}

/// Which MP3 files may be copied as they are, and how others are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudioRules {
    /// Lowest bit rate, in kbit/s; of a variable one its mean.
    pub min_kbps: u16,
    /// Highest bit rate, in kbit/s.
    pub max_kbps: u16,
    /// Sample rates in Hz, ascending.
    pub sample_rates: Vec<u32>,
    /// Whether variable bit rate plays.
    pub vbr: bool,
    /// What is done with loudness unless the user says otherwise.
    pub loudness: LoudnessWish,
}

/// What is done with loudness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoudnessWish {
    /// The player reads ReplayGain, or its values do no harm: they are written as tags.
    Tags,
    /// The player does not read it: each track is brought to one loudness.
    Apply,
}

/// Which ID3v2 a player reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TagVersion {
    /// ID3v2.3.
    #[serde(rename = "2.3")]
    V23,
    /// ID3v2.4.
    #[serde(rename = "2.4")]
    V24,
}

/// In which letters tags are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagText {
    /// UTF-16, which every version knows.
    Utf16,
    /// UTF-8; only ID3v2.4 knows it.
    Utf8,
    /// Latin-1 where a text fits into it, UTF-16 elsewhere.
    Latin1,
}

/// How tags must be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRules {
    /// Which ID3v2.
    pub version: TagVersion,
    /// In which letters.
    pub text: TagText,
    /// Whether it shows several values of one field (ID3v2.4 only); joined to one text otherwise.
    pub several_values: bool,
    /// Whether it understands `3/12` as a track number.
    pub totals: bool,
    /// Whether it needs an ID3v1 tag at the end.
    pub id3v1: bool,
    /// Whether it sorts discs of a set among each other, so that the album's name must tell them apart:
    /// `Album (disc 2)`.
    pub disc_in_album: bool,
}

impl TagRules {
    /// These rules for ID3v2.4 with all that it can: UTF-8, several values, totals.
    #[must_use]
    pub fn as_v24(self) -> Self {
        Self { version: TagVersion::V24, text: TagText::Utf8, several_values: true, totals: true, ..self }
    }

    /// These rules for ID3v2.3 and what every player knows of it.
    #[must_use]
    pub fn as_v23(self) -> Self {
        let text = if self.text == TagText::Utf8 { TagText::Utf16 } else { self.text };
        Self { version: TagVersion::V23, text, several_values: false, totals: false, ..self }
    }
}

/// Whether long spoken word is cut into numbered files, for players that cannot be wound to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// One file stays one file.
    Never,
    /// At its chapters; a file without chapters stays whole.
    Chapters,
    /// Into pieces of about as many minutes as the profile says, at chapters where they are near.
    Minutes,
}

/// How podcasts, or audiobooks, are put on the player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpokenRules {
    /// Their folder; may be several names deep.
    pub folder: String,
    /// The genre that is written; empty keeps the file's own.
    pub genre: String,
    /// Whether tables of chapters are written (`CHAP`, `CTOC`).
    pub chapters: bool,
    /// Whether long files are cut.
    pub split: Split,
    /// How long the pieces are about, in minutes, where they are cut by time.
    pub split_minutes: u32,
}

/// Which pictures it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverRules {
    /// Whether the cover is put into the file.
    pub embed: bool,
    /// Longest side, in pixels.
    pub max_side: u32,
    /// Largest picture, in bytes.
    pub max_bytes: u64,
    /// Whether progressive JPEGs and those of full colour resolution (4:4:4) are shown; otherwise baseline 4:2:0 only.
    pub any_jpeg: bool,
    /// Whether PNGs are shown.
    pub png: bool,
    /// Name of the picture that is put into each folder of tracks, a JPEG; none when empty.
    pub file: String,
}

/// Lyrics beside the tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LyricsRules {
    /// Whether timed lyrics are put beside the track as `.lrc`.
    pub lrc: bool,
    /// In which letters.
    pub encoding: TextEncoding,
}

/// In which order the player plays the files of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileOrder {
    /// By name or tags; how the files were copied does not matter.
    Any,
    /// As the folder lists them, which on FAT is the order of copying until something is deleted.
    Directory,
    /// By the time of change, the earliest first.
    Modified,
}

/// How it is filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopyRules {
    /// The largest file it can store, in bytes (FAT32: 4 GiB − 1).
    pub max_file_bytes: u64,
    /// Most bytes of ours on it, however much room there is: what a disc holds. 0: any number.
    pub max_bytes: u64,
    /// Whether removed files are kept in a trash on the player; `false` deletes them.
    pub trash: bool,
    /// In which order it plays the files of a folder.
    pub order: FileOrder,
}
