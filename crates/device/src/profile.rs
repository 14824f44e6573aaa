//! What a player can take, as data.
//!
//! A profile is read, never computed: another player is another value of the same struct. `generic` is the
//! meeting point of everything measured on FAT32, exFAT and cheap players, so it works on all of them.

/// Everything ferrotape needs to know about a kind of player.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// A stable word: `generic`.
    pub name: &'static str,
    /// How file and folder names must look.
    pub names: NameRules,
    /// Where things go.
    pub folders: FolderRules,
    /// How playlists are written.
    pub playlists: PlaylistRules,
    /// Which MP3 files it plays.
    pub mp3: Mp3Rules,
    /// How it reads tags.
    pub tags: TagRules,
    /// The largest file it can store, in bytes (FAT32: 4 GiB − 1).
    pub max_file_bytes: u64,
}

/// Rules for one name and for a whole path.
#[derive(Debug, Clone, PartialEq)]
pub struct NameRules {
    /// Longest name of one file or folder, in UTF-16 units (FAT and exFAT: 255).
    pub max_name_units: usize,
    /// Longest name of one file or folder, in bytes of UTF-8 (ext4 and others: 255).
    pub max_name_bytes: usize,
    /// Longest name of a folder made from tags, in UTF-16 units; leaves room for the title below it.
    pub max_folder_units: usize,
    /// Longest path below the root, in UTF-16 units.
    pub max_path_units: usize,
    /// What stands in for characters that FAT and exFAT refuse.
    pub replacements: &'static [(char, char)],
    /// What stands in for any other character that cannot be kept.
    pub otherwise: char,
    /// Whether characters beyond U+FFFF (emoji) are kept.
    pub keep_beyond_bmp: bool,
}

/// Where things go below the root.
#[derive(Debug, Clone, PartialEq)]
pub struct FolderRules {
    /// Folder of the tracks.
    pub music: &'static str,
    /// Folder of the playlists.
    pub playlists: &'static str,
    /// Stands in for a missing artist.
    pub unknown_artist: &'static str,
    /// Album artist of a compilation that names none.
    pub various_artists: &'static str,
    /// Stands in for a missing title.
    pub untitled: &'static str,
}

/// The character or characters at the end of a playlist line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newline {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
}

/// How a playlist names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStyle {
    /// From the playlist's folder, with forward slashes: `../Music/A/B.mp3`.
    RelativeToPlaylist,
}

/// How playlists are written. The text is UTF-8 without a byte order mark.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaylistRules {
    /// Extension without the dot.
    pub extension: &'static str,
    /// End of line.
    pub newline: Newline,
    /// How files are named.
    pub paths: PathStyle,
}

/// Which MP3 files may be copied as they are, and what must be inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Mp3Rules {
    /// Highest bit rate, in kbit/s.
    pub max_kbps: u32,
    /// Sample rates in Hz, ascending.
    pub sample_rates: &'static [u32],
    /// Whether variable bit rate plays.
    pub vbr: bool,
    /// Longest side of the embedded cover (baseline JPEG, 4:2:0), in pixels.
    pub cover_max_side: u32,
    /// Largest embedded cover, in bytes.
    pub cover_max_bytes: u64,
    /// Whether covers may be progressive JPEGs or of full colour resolution (4:4:4).
    pub cover_any_jpeg: bool,
    /// Whether covers may be PNGs.
    pub cover_png: bool,
}

/// Which ID3v2 a player reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagVersion {
    /// ID3v2.3.
    V23,
    /// ID3v2.4.
    V24,
}

/// How tags must be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRules {
    /// Which ID3v2.
    pub version: TagVersion,
    /// Whether it reads UTF-8 (ID3v2.4 only); UTF-16 otherwise.
    pub utf8: bool,
    /// Whether it shows several values of one field (ID3v2.4 only); joined to one text otherwise.
    pub several_values: bool,
    /// Whether it understands `3/12` as a track number.
    pub totals: bool,
    /// Whether it needs an ID3v1 tag at the end.
    pub id3v1: bool,
}

impl TagRules {
    /// ID3v2.3 with UTF-16 and one value per field: what every player knows.
    pub const V23: Self =
        Self { version: TagVersion::V23, utf8: false, several_values: false, totals: false, id3v1: false };
    /// ID3v2.4 with UTF-8, several values and totals.
    pub const V24: Self =
        Self { version: TagVersion::V24, utf8: true, several_values: true, totals: true, id3v1: false };
}

impl Profile {
    /// A player nothing is known about: FAT32 or exFAT, plain MP3.
    pub const GENERIC: Self = Self {
        name: "generic",
        names: NameRules {
            max_name_units: 255,
            max_name_bytes: 255,
            max_folder_units: 64,
            max_path_units: 240,
            // The look of the name is kept where a near character exists: AC/DC becomes AC-DC.
            replacements: &[
                ('/', '-'),
                ('\\', '-'),
                ('|', '-'),
                (':', '-'),
                ('"', '\''),
                ('<', '('),
                ('>', ')'),
                ('*', '_'),
                ('?', '_'),
            ],
            otherwise: '_',
            keep_beyond_bmp: true,
        },
        folders: FolderRules {
            music: "Music",
            playlists: "Playlists",
            unknown_artist: "Unknown Artist",
            various_artists: "Various Artists",
            untitled: "Untitled",
        },
        playlists: PlaylistRules {
            extension: "m3u8",
            newline: Newline::CrLf,
            paths: PathStyle::RelativeToPlaylist,
        },
        mp3: Mp3Rules {
            max_kbps: 320,
            sample_rates: &[32_000, 44_100, 48_000],
            vbr: true,
            cover_max_side: 500,
            cover_max_bytes: 300_000,
            cover_any_jpeg: false,
            cover_png: false,
        },
        tags: TagRules::V23,
        max_file_bytes: 4 * 1024 * 1024 * 1024 - 1,
    };

    /// Every built-in profile, the default first.
    pub const BUILT_IN: [Self; 1] = [Self::GENERIC];

    /// The profile for a player nothing is known about.
    pub fn generic() -> Self {
        Self::GENERIC
    }

    /// The built-in profile of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::BUILT_IN.into_iter().find(|profile| profile.name == name)
    }
}
