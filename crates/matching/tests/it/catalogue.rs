//! Made-up recordings and files: invented names only, the same on every run.

use std::path::PathBuf;
use std::time::Duration;

use ferrotape_domain::{
    Advisory, ArtistCredit, AudioFacts, AudioFormat, Cancel, Choice, ContentId, Isrc, Mbid, Offer, Players,
    ReleaseKinds, Silent, TagSet, Wanted, WantedKind,
};
use ferrotape_matching::{Index, Knowledge, Policy, Question, choose, choose_all};

/// A file as a test states it; everything else is filled in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Made {
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) artist: String,
    pub(crate) album: String,
    pub(crate) album_artist: String,
    pub(crate) seconds: f64,
    pub(crate) flac: bool,
    pub(crate) kbps: u32,
    pub(crate) track: u32,
    pub(crate) disc: u32,
    pub(crate) isrc: String,
    /// `album; live`
    pub(crate) release_type: String,
    pub(crate) conductor: String,
    /// Several are separated by `; `.
    pub(crate) performers: String,
    pub(crate) advisory: Option<Advisory>,
    pub(crate) date: String,
    pub(crate) genre: String,
    /// MusicBrainz id of its release group.
    pub(crate) release_group: String,
    /// `subsonic:home al-1`
    pub(crate) album_id: String,
}

impl Made {
    pub(crate) fn new(path: &str, title: &str, artist: &str, album: &str, seconds: f64) -> Self {
        let text = str::to_owned;
        Self {
            path: text(path),
            title: text(title),
            artist: text(artist),
            album: text(album),
            seconds,
            kbps: 256,
            ..Self::default()
        }
    }
}

/// Numbers the files from 1 in the order given.
pub(crate) fn offers(files: &[Made]) -> Vec<Offer> {
    files.iter().enumerate().map(|(at, file)| offer(i64::try_from(at).unwrap() + 1, file)).collect()
}

pub(crate) fn offer(file_id: i64, file: &Made) -> Offer {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Offer {
        file_id,
        path: PathBuf::from(&file.path),
        part: None,
        size: 1_000_000,
        content: ContentId(format!("{file_id:032x}")),
        facts: AudioFacts {
            format: if file.flac { AudioFormat::Flac } else { AudioFormat::Mp3 },
            duration: (file.seconds > 0.0).then(|| Duration::from_secs_f64(file.seconds)),
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: file.flac.then_some(16),
            bitrate_kbps: Some(if file.flac { 900 } else { file.kbps }),
        },
        tags: TagSet {
            title: filled(&file.title),
            artists: filled(&file.artist).into_iter().collect(),
            album: filled(&file.album),
            album_artists: filled(&file.album_artist).into_iter().collect(),
            track_number: (file.track > 0).then_some(file.track),
            disc_number: (file.disc > 0).then_some(file.disc),
            isrc: filled(&file.isrc).and_then(|isrc| Isrc::parse(&isrc).ok()),
            release_kinds: ReleaseKinds::of_words([file.release_type.as_str()]),
            players: players(file),
            advisory: file.advisory,
            date: filled(&file.date),
            genres: filled(&file.genre).into_iter().collect(),
            release_group_mbid: filled(&file.release_group).and_then(|id| Mbid::parse(&id).ok()),
            album_id: filled(&file.album_id).map(String::into_boxed_str),
            ..TagSet::default()
        },
        cover: String::new(),
    }
}

fn players(file: &Made) -> Option<Box<Players>> {
    let names =
        |text: &str| text.split("; ").filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let players = Players { conductors: names(&file.conductor), others: names(&file.performers) };
    (players != Players::default()).then(|| Box::new(players))
}

/// What an export with playing times says of a recording; 0 seconds for one without.
pub(crate) fn wanted(title: &str, artists: &[&str], album: &str, seconds: f64) -> Wanted {
    Wanted {
        title: title.to_owned(),
        artists: ArtistCredit::of_names(artists),
        release: (!album.is_empty()).then(|| album.to_owned()),
        duration: (seconds > 0.0).then(|| Duration::from_secs_f64(seconds)),
        ..Wanted::of_kind(WantedKind::Recording)
    }
}

/// A small generator of numbers; the same seed gives the same numbers everywhere.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// What the default policy decides for one wanted recording, nothing refused and nothing heard.
pub(crate) fn choose_one(index: &Index, wanted: &Wanted) -> Choice {
    choose(index, Question { wanted, policy: &Policy::default() }, &Knowledge::nothing())
}

/// The same for many at once.
pub(crate) fn choose_each(index: &Index, wanted: &[&Wanted]) -> Vec<Choice> {
    let policy = Policy::default();
    let questions: Vec<Question<'_>> =
        wanted.iter().map(|wanted| Question { wanted, policy: &policy }).collect();
    choose_all(index, &questions, &Knowledge::nothing(), &Silent, &Cancel::default())
}
