//! A collection of any size, file by file: invented words as frequent as words are, artists with many namesakes,
//! albums in folders, copies, some files with nothing but a name.

use std::path::PathBuf;
use std::time::Duration;

use ferrotape_domain::{ArtistCredit, AudioFacts, AudioFormat, ContentId, Offer, TagSet, Wanted, WantedKind};
use ferrotape_testkit::Random;

const SYLLABLES: &[&str] = &[
    "ba", "bel", "bri", "cor", "da", "del", "dro", "el", "fa", "fen", "gal", "gri", "ha", "hol", "il", "ka",
    "kes", "la", "lin", "lo", "ma", "mer", "mo", "na", "nor", "o", "or", "pa", "pel", "qui", "ra", "ril",
    "sa", "sel", "sti", "ta", "tor", "tu", "ul", "va", "ver", "wen", "ya", "zel", "zo",
];
/// What half of all titles are about.
const COMMON: &[&str] = &[
    "love", "you", "the", "me", "my", "in", "of", "night", "heart", "a", "i", "to", "on", "time", "and",
    "girl", "it", "life", "world", "down", "up", "home", "dream", "day", "baby", "rain", "blue", "light",
    "fire", "man",
];
const WORDS: usize = 40_000;
const GIVEN: u64 = 400;
const FAMILIES: u64 = 6_000;
/// Tracks of an album.
const ALBUM: u64 = 12;
/// Every so many files one is a copy of another.
const COPY: u64 = 10;

/// The collection: nothing is held but its words.
pub(super) struct Crowd {
    words: Vec<String>,
    files: u64,
}

/// What one recording is called.
struct Track {
    title: String,
    artist: String,
    album: String,
    number: u32,
    seconds: u64,
}

impl Crowd {
    pub(super) fn of(files: u64) -> Self {
        let mut random = Random::seeded(7);
        let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
        while words.len() < WORDS {
            let syllables = 2 + random.below(3);
            words.push((0..syllables).filter_map(|_| random.pick(SYLLABLES).copied()).collect());
        }
        Self { words, files }
    }

    pub(super) fn len(&self) -> u64 {
        self.files
    }

    /// A word; the first ones are by far the most frequent.
    fn word(&self, random: &mut Random) -> &str {
        let at = (self.words.len() as f64).powf(random.unit()) - 1.0;
        self.words.get(at as usize).map_or("", String::as_str)
    }

    fn phrase(&self, random: &mut Random, most: u64) -> String {
        let words = 1 + random.below(most);
        let mut phrase = String::new();
        for at in 0..words {
            if at > 0 {
                phrase.push(' ');
            }
            let word = self.word(random);
            let mut letters = word.chars();
            phrase.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
        }
        phrase
    }

    fn track(&self, number: u64) -> Track {
        let album = number / ALBUM;
        let mut of_album = Random::seeded(album.wrapping_mul(31) + 1);
        // A few artists have thousands of tracks, most have a dozen.
        let artist = (self.files as f64 / 20.0 * of_album.unit().powi(2)) as u64;
        let mut of_artist = Random::seeded(artist.wrapping_mul(97) + 3);
        let name = |random: &mut Random, most: u64, from: usize| {
            let at = from + usize::try_from(random.below(most)).unwrap_or(0);
            let word = self.words.get(at).map_or("", String::as_str);
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
        };
        let artist = if of_artist.below(3) == 0 {
            format!("The {}", self.phrase(&mut of_artist, 2))
        } else {
            format!("{} {}", name(&mut of_artist, GIVEN, COMMON.len()), name(&mut of_artist, FAMILIES, 1_000))
        };
        let mut of_track = Random::seeded(number.wrapping_mul(131) + 5);
        Track {
            title: self.phrase(&mut of_track, 4),
            artist,
            album: self.phrase(&mut of_album, 3),
            number: u32::try_from(number % ALBUM).unwrap_or(0) + 1,
            seconds: 120 + of_track.below(240),
        }
    }

    /// The recording of a file; a copy has that of another file.
    fn recording(number: u64) -> u64 {
        if number % COPY == COPY - 1 { number / 2 } else { number }
    }

    pub(super) fn file(&self, number: u64) -> Offer {
        let track = self.track(Self::recording(number));
        let mut random = Random::seeded(number.wrapping_mul(257) + 11);
        let Track { title, artist, album, number: place, seconds } = track;
        let folder = if Self::recording(number) == number { "Music" } else { "Copies" };
        let path = format!("{folder}/{artist}/{album} {}/{place:02} - {title}.mp3", number / ALBUM);
        let tags = match random.below(20) {
            0 => TagSet::default(),
            1 => {
                TagSet { title: Some(format!("{artist} - {title}")), album: Some(album), ..TagSet::default() }
            }
            _ => TagSet {
                title: Some(title),
                artists: vec![artist.clone()],
                album: Some(album),
                album_artists: vec![artist],
                track_number: Some(place),
                date: Some((1970 + number % 55).to_string()),
                ..TagSet::default()
            },
        };
        Offer {
            file_id: i64::try_from(number).unwrap_or(0) + 1,
            path: PathBuf::from(path),
            part: None,
            size: seconds * 32_000,
            content: ContentId(format!("{number:032x}")),
            facts: AudioFacts {
                format: AudioFormat::Mp3,
                duration: Some(Duration::from_millis(seconds * 1_000 + random.below(900))),
                sample_rate: 44_100,
                channels: 2,
                bits_per_sample: None,
                bitrate_kbps: Some(if random.below(2) == 0 { 192 } else { 320 }),
            },
            tags,
            cover: String::new(),
        }
    }

    /// A wanted recording; two of three are in the collection.
    pub(super) fn wanted(&self, number: u64) -> Wanted {
        let mut random = Random::seeded(number.wrapping_mul(521) + 13);
        let there = number % 3 < 2;
        let mut file = random.below(self.files);
        if !there {
            // Beyond the collection, and no copy of what is in it.
            file = (self.files + file) / COPY * COPY + COPY;
        }
        let track = self.track(Self::recording(file));
        Wanted {
            title: track.title,
            artists: ArtistCredit::of_names(&[track.artist]),
            release: Some(track.album),
            duration: Some(Duration::from_millis(track.seconds * 1_000 + 400)),
            ..Wanted::of_kind(WantedKind::Recording)
        }
    }
}
