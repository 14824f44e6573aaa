//! What services know of wanted things and of files – identifiers, names of sounds, covers, lyrics – and the ports to
//! those who know.

use std::time::Duration;

use crate::{Cancel, Fault, Heard, Isrc, Mbid, Wanted};

/// One thing that a service knows of a wanted thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// The recording it is, as MusicBrainz names it.
    Recording(Mbid),
    /// The release (album in one edition) it is wanted on.
    Release(Mbid),
    /// That release whatever its edition.
    ReleaseGroup(Mbid),
    /// A code of the recording.
    Isrc(Isrc),
    /// Its playing time, to the second or better.
    Length(Duration),
    /// Deezer's number of the track.
    DeezerTrack(u64),
}

impl Fact {
    /// Stable words for the kinds, for the database and `--json`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Recording(_) => "recording_mbid",
            Self::Release(_) => "release_mbid",
            Self::ReleaseGroup(_) => "release_group_mbid",
            Self::Isrc(_) => "isrc",
            Self::Length(_) => "duration_ms",
            Self::DeezerTrack(_) => "deezer_track",
        }
    }

    /// What it says, as text.
    pub fn value(&self) -> String {
        match self {
            Self::Recording(id) | Self::Release(id) | Self::ReleaseGroup(id) => id.to_string(),
            Self::Isrc(isrc) => isrc.to_string(),
            Self::Length(length) => length.as_millis().to_string(),
            Self::DeezerTrack(number) => number.to_string(),
        }
    }

    /// The fact that [`Fact::word`] and [`Fact::value`] tell; `None` where they tell none.
    pub fn from_words(word: &str, value: &str) -> Option<Self> {
        let mbid = || Mbid::parse(value).ok();
        match word {
            "recording_mbid" => mbid().map(Self::Recording),
            "release_mbid" => mbid().map(Self::Release),
            "release_group_mbid" => mbid().map(Self::ReleaseGroup),
            "isrc" => Isrc::parse(value).ok().map(Self::Isrc),
            "duration_ms" => value.parse().ok().map(Duration::from_millis).map(Self::Length),
            "deezer_track" => value.parse().ok().map(Self::DeezerTrack),
            _ => None,
        }
    }
}

/// By what a service recognised a wanted thing. A fact by names is never evidence that a file is the recording: the names
/// have spoken already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KnownBy {
    /// Its link, where the title agrees as well, or an identifier that it came with.
    Link,
    /// Its ISRC, where the title agrees as well.
    Isrc,
    /// Title, artist and playing time, where only one recording has them.
    Names,
}

impl KnownBy {
    /// A stable word for the database and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Isrc => "isrc",
            Self::Names => "names",
        }
    }

    /// What a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Link, Self::Isrc, Self::Names].into_iter().find(|by| by.as_str() == word)
    }
}

/// What a service answered of one wanted thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which of the things asked for, from 0.
    pub at: usize,
    /// What it knows; empty where it knows nothing.
    pub facts: Vec<(Fact, KnownBy)>,
}

/// Whether it is of use to ask a service of a wanted thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayKnow {
    /// It is.
    Yes,
    /// It has nothing to add to what is known.
    NothingNew,
    /// There is nothing to ask by: the thing lacks this, in words that go on from “it has no”.
    NothingToAskBy(&'static str),
}

/// A service that knows which recording a wanted thing is.
pub trait RecordingRegister: Send + Sync {
    /// Its name in messages and on record.
    fn name(&self) -> &str;

    /// Whether it could be asked of such a thing, and add something.
    fn may_know(&self, wanted: &Wanted) -> MayKnow;

    /// Tells what it knows, of several things at once, as it comes, also where that is nothing. What it does not tell of
    /// it was not asked. `Err`: the rest could not be asked; what was told before holds.
    fn identify(
        &self,
        wanted: &[&Wanted],
        cancel: &Cancel,
        known: &mut dyn FnMut(Known),
    ) -> Result<(), Fault>;
}

/// What a sound is called by a register of sounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundName {
    /// The recording, as MusicBrainz names it.
    pub recording: Mbid,
    /// Its title; may be empty.
    pub title: String,
    /// Its artists, each alone; may be empty.
    pub artists: Vec<String>,
    /// How alike the sounds are, from 0 to 1000.
    pub alike: u16,
}

/// A service that knows recordings by how they sound.
pub trait SoundRegister: Send + Sync {
    /// Its name in messages and on record.
    fn name(&self) -> &str;

    /// What it calls this sound, the most alike first; empty where it does not know it.
    fn names_of(&self, heard: &Heard, cancel: &Cancel) -> Result<Vec<SoundName>, Fault>;
}

/// A service that has pictures of releases.
pub trait CoverArchive: Send + Sync {
    /// Its name in messages and on record.
    fn name(&self) -> &str;

    /// The front cover of a release ([`Fact::Release`]), or of any of its editions ([`Fact::ReleaseGroup`]): the bytes
    /// of a JPEG or PNG as they came, not looked into. `None` where it has none.
    fn front_cover(&self, of: &Fact, cancel: &Cancel) -> Result<Option<Vec<u8>>, Fault>;
}

/// What lyrics are looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SungTrack {
    /// Its title.
    pub title: String,
    /// Its artist as printed.
    pub artist: String,
    /// Its album.
    pub album: Option<String>,
    /// Its playing time.
    pub duration: Duration,
}

/// The lyrics of one recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundLyrics {
    /// The words alone.
    pub plain: Option<String>,
    /// The words with times, as an `.lrc` file has them.
    pub synced: Option<String>,
    /// Nobody sings in it.
    pub instrumental: bool,
}

/// A service that has lyrics.
pub trait LyricsArchive: Send + Sync {
    /// Its name in messages and on record.
    fn name(&self) -> &str;

    /// The lyrics of a track; `None` where it has none that surely are. `may_be_of` tells of an album's name whether its
    /// tracks may be this very recording: what is sung on `Live 1999` is something else.
    fn lyrics(
        &self,
        track: &SungTrack,
        may_be_of: &dyn Fn(&str) -> bool,
        cancel: &Cancel,
    ) -> Result<Option<FoundLyrics>, Fault>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_back_from_their_words() {
        let mbid = Mbid::parse("f4a31f0a-51dd-4fa7-986d-3095c40c5ed9").unwrap();
        let all = [
            Fact::Recording(mbid.clone()),
            Fact::Release(mbid.clone()),
            Fact::ReleaseGroup(mbid),
            Fact::Isrc(Isrc::parse("GBLV62122216").unwrap()),
            Fact::Length(Duration::from_millis(215_373)),
            Fact::DeezerTrack(2_947_516_331),
        ];
        for fact in all {
            assert_eq!(Fact::from_words(fact.word(), &fact.value()), Some(fact));
        }
        assert_eq!(Fact::from_words("isrc", "none"), None);
    }
}
