//! What the engine wants to be on the target when all is done.

use std::collections::BTreeMap;
use std::time::Duration;

use ferrotape_domain::TagSet;
use serde::{Deserialize, Serialize};

/// Which of the player's shelves a track goes to: each has a folder and a way to name files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Shelf {
    /// Music.
    #[default]
    Music,
    /// An episode of a podcast, or one numbered part of it.
    Podcast {
        /// The episode's title, of one that is cut into parts.
        part_of: Option<String>,
    },
    /// An audiobook, or one numbered part of it.
    Audiobook,
}

/// One finished track that is wanted on the target.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredTrack {
    /// The recording's stable identity, e.g. the content id of its source. One identity is one file.
    pub identity: String,
    /// Hash of source content, settings and tags: an equal recipe makes equal bytes.
    pub recipe: String,
    /// The tags its place on the target is made from.
    pub tags: TagSet,
    /// Where it belongs.
    pub shelf: Shelf,
    /// About how large it will be, in bytes.
    pub expected_bytes: u64,
    /// How playlists and messages name it: `Artist - Title`.
    pub label: String,
    /// Playing time, for playlists.
    pub duration: Option<Duration>,
    /// When space runs short, what is worth more is filled first; where this is equal, earlier playlists.
    pub worth: u64,
    /// Whether it can be made now. If not (its source cannot be read at the moment), nothing is written, and
    /// what is on the target stays there, even in an older form.
    pub can_be_made: bool,
}

/// One playlist that is wanted on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredPlaylist {
    /// Its stable key in the library; a playlist may change its name but not its key.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// Indices into [`Desired::tracks`], in order, duplicates kept.
    pub entries: Vec<usize>,
    /// Whether a playlist file is written. `false` only lays claim to the tracks, so that a later run that does
    /// not name them keeps them: saved albums, a single link.
    pub write_file: bool,
}

/// What lies beside a track, where the player looks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanionKind {
    /// Timed lyrics, under the track's own name.
    Lyrics,
    /// The picture of the folder.
    Picture,
}

/// A file that is wanted beside a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredCompanion {
    /// Index into [`Desired::tracks`].
    pub track: usize,
    /// What it is.
    pub kind: CompanionKind,
    /// Hash of all that decides its bytes.
    pub made_from: String,
    /// About how large it will be; `None` where it is not known whether there is anything to put there.
    pub expected_bytes: Option<u64>,
}

/// Everything that is wanted on the target.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Desired {
    /// The tracks. Where several share an identity, the first speaks for all.
    pub tracks: Vec<DesiredTrack>,
    /// What lies beside them, as far as the profile wants it.
    pub companions: Vec<DesiredCompanion>,
    /// The playlists, most important first: when space runs short, earlier ones are filled first, but for what is worth more.
    pub playlists: Vec<DesiredPlaylist>,
    /// Whether what an earlier playlist names goes before whatever is worth more and only a later one names.
    pub by_list: bool,
    /// Which tracks answer which wanted thing, by the wanted thing's stable key and indices into
    /// [`Desired::tracks`]. Kept in the manifest, so that any later run, also with another library, knows what a
    /// file is there for. Keys that are not named here stay as they are.
    pub wanted: BTreeMap<String, Vec<usize>>,
    /// Files on the target that others take the place of, by identity, with indices of those into [`Desired::tracks`]: each
    /// stays as long as one of these does not come. It is one of the tracks itself, and cannot be made.
    pub gives_way: BTreeMap<String, Vec<usize>>,
    /// Files on the target whose sources were tagged anew, by identity, with the identities of the same sound as it is tagged
    /// now: they count as older forms of those.
    pub retagged: BTreeMap<String, String>,
    /// Whether playlists on the target that are not named here stay, with their files.
    pub keep_other_playlists: bool,
    /// What tells the library that wants this from others that fill the target, too; `None` counts as any of them.
    pub library: Option<String>,
    /// Whether removed files are deleted for good instead of going to the target's trash.
    pub delete_for_good: bool,
}
