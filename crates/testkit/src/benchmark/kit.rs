//! What every class draws from: names that are not used twice, numbers from a seed.

use std::collections::BTreeSet;

use super::scripts::{Both, Script};
use super::words;
use crate::Random;

/// A recording as its makers know it.
#[derive(Debug, Clone)]
pub(super) struct Take {
    /// The title without what tells its version.
    pub(super) title: String,
    /// What tells its version: ` (Live at Fenmoor)`, or nothing.
    pub(super) suffix: String,
    pub(super) artists: Vec<String>,
    pub(super) album: String,
    pub(super) track: u32,
    pub(super) year: u32,
    pub(super) seconds: f64,
    pub(super) isrc: Option<String>,
    pub(super) explicit: Option<bool>,
    /// Title and artist in Latin letters, where they are written in others.
    pub(super) latin: Option<(String, String)>,
}

impl Take {
    pub(super) fn full(&self) -> String {
        format!("{}{}", self.title, self.suffix)
    }

    pub(super) fn artist(&self) -> &str {
        self.artists.first().map_or("", String::as_str)
    }

    /// The same with this version told after the title.
    pub(super) fn told(&mut self, suffix: impl Into<String>) {
        self.suffix = suffix.into();
    }
}

/// A file as it lies on a disk.
#[derive(Debug, Clone)]
pub(super) struct Planted {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) artist: String,
    pub(super) album: String,
    pub(super) album_artist: String,
    pub(super) track: u32,
    pub(super) year: u32,
    pub(super) isrc: Option<String>,
    /// 0 where the header does not tell.
    pub(super) seconds: f64,
    pub(super) lossless: bool,
    pub(super) kbps: u32,
}

impl Planted {
    /// A path that fits the tags, as programs write it.
    pub(super) fn shelve(&mut self) {
        let ending = if self.lossless { "flac" } else { "mp3" };
        let part = |text: &str| text.replace(['/', ':', '?', '*', '"'], "_");
        let (artist, album, title) = (part(&self.album_artist), part(&self.album), part(&self.title));
        self.path = format!("Music/{artist}/{album}/{:02} - {title}.{ending}", self.track);
    }

    /// No tag at all; the name of the file must tell.
    pub(super) fn untagged(&mut self, path: String) {
        self.path = path;
        for text in [&mut self.title, &mut self.artist, &mut self.album, &mut self.album_artist] {
            text.clear();
        }
        (self.track, self.year, self.isrc) = (0, 0, None);
    }
}

/// Names and numbers.
pub(super) struct Kit {
    pub(super) random: Random,
    used: BTreeSet<String>,
    codes: u32,
}

impl Kit {
    pub(super) fn new() -> Self {
        Self { random: Random::seeded(0), used: BTreeSet::new(), codes: 0 }
    }

    /// Starts a class: its numbers depend on its name only, so that a new class leaves the others' rows alone.
    pub(super) fn begin(&mut self, class: &str) {
        let seed = class.bytes().fold(20_261_123_u64, |seed, byte| {
            seed.wrapping_mul(0x0100_0000_01B3).wrapping_add(u64::from(byte))
        });
        self.random = Random::seeded(seed);
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.random.below(end as u64)).unwrap_or(0)
    }

    pub(super) fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(super) fn one<T: Copy + Default>(&mut self, of: &[T]) -> T {
        self.random.pick(of).copied().unwrap_or_default()
    }

    /// From `from` up to but without `to`.
    pub(super) fn between(&mut self, from: f64, to: f64) -> f64 {
        from + self.random.unit() * (to - from)
    }

    /// Whether nobody used this before; from now on it is used.
    pub(super) fn is_new(&mut self, text: &str) -> bool {
        self.used.insert(text.to_lowercase())
    }

    /// A title nobody in this catalogue has.
    pub(super) fn title(&mut self) -> String {
        loop {
            let mut title = format!("{} {}", self.one(words::FIRST), self.one(words::SECOND));
            if self.is_new(&title) {
                return title;
            }
            // There are more triples than any catalogue needs.
            title = format!("{title} {}", self.one(words::SECOND));
            if self.is_new(&title) {
                return title;
            }
        }
    }

    pub(super) fn person(&mut self) -> String {
        format!("{} {}", self.one(words::GIVEN), self.one(words::FAMILY))
    }

    pub(super) fn artist(&mut self) -> String {
        if self.below(3) == 0 { self.one(words::BANDS).to_owned() } else { self.person() }
    }

    /// An artist that is none of these.
    pub(super) fn other_artist(&mut self, than: &[String]) -> String {
        loop {
            let artist = self.artist();
            if !than.contains(&artist) {
                return artist;
            }
        }
    }

    pub(super) fn album(&mut self) -> String {
        match self.below(4) {
            0 => self.one(words::SECOND).to_owned(),
            1 => format!("{} and {}", self.one(words::FIRST), self.one(words::FIRST)),
            _ => format!("{} {}", self.one(words::FIRST), self.one(words::SECOND)),
        }
    }

    pub(super) fn isrc(&mut self) -> String {
        self.codes += 1;
        format!("QZA1B26{:05}", self.codes)
    }

    pub(super) fn take(&mut self) -> Take {
        let isrc = (self.below(3) == 0).then(|| self.isrc());
        Take {
            title: self.title(),
            suffix: String::new(),
            artists: vec![self.artist()],
            album: self.album(),
            track: u32::try_from(self.below(14)).unwrap_or(0) + 1,
            year: 1975 + u32::try_from(self.below(50)).unwrap_or(0),
            seconds: self.between(140.0, 320.0).round(),
            isrc,
            explicit: None,
            latin: None,
        }
    }

    /// Gives the take a title and an artist in another script.
    pub(super) fn in_script(&mut self, take: &mut Take, script: &Script) {
        loop {
            let (one, two): (Both, Both) = (self.one(script.first), self.one(script.second));
            let artist: Both = self.one(script.artists);
            let title = format!("{}{}{}", one.0, script.joint.0, two.0);
            if !self.is_new(&format!("{}|{title}", artist.0)) {
                continue;
            }
            take.latin = Some((format!("{}{}{}", one.1, script.joint.1, two.1), artist.1.to_owned()));
            (take.title, take.artists) = (title, vec![artist.0.to_owned()]);
            take.album =
                format!("{}{}{}", self.one(script.first).0, script.joint.0, self.one(script.second).0);
            return;
        }
    }

    /// The take as a well-tagged file.
    pub(super) fn file(&mut self, take: &Take) -> Planted {
        let lossless = self.below(3) == 0;
        let mut file = Planted {
            path: String::new(),
            title: take.full(),
            artist: take.artists.join(", "),
            album: take.album.clone(),
            album_artist: take.artist().to_owned(),
            track: take.track,
            year: take.year,
            isrc: if self.coin() { take.isrc.clone() } else { None },
            seconds: take.seconds + self.between(-0.9, 0.9),
            lossless,
            kbps: if lossless { 900 } else { self.one(&[128, 192, 256, 320]) },
        };
        file.shelve();
        file
    }
}
