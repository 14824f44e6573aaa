//! Where the titles are not the same, and the place on the album and the playing time tell that it is the wanted track: one
//! title is part of the other, one names several songs, or the file has none.

use ferrotape_domain::is_placeholder;

use crate::readings::describe::{Reading, Sought};
use crate::texts::normalise::squash;
use crate::texts::phrases::contains_phrase;
use crate::weighing::fit::TitleFit;
use crate::weighing::lengths::{AS_LONG, CLOSE};

/// What agrees beside the titles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beyond {
    /// Both sides name one release.
    pub(crate) same_release: bool,
    /// Only one side names a release, or none.
    pub(crate) release_unknown: bool,
    /// The track stands there at the wanted number.
    pub(crate) same_place: bool,
    /// How far the playing times are apart, in milliseconds.
    pub(crate) apart: Option<u32>,
}

impl Beyond {
    fn within(self, most: u32) -> bool {
        self.apart.is_some_and(|apart| apart <= most)
    }

    fn is_at_its_place(self) -> bool {
        self.same_release && self.same_place && self.within(CLOSE)
    }

    /// Whether album, number and length leave no other track.
    pub(crate) fn is_sure(self) -> bool {
        self.is_at_its_place() && self.within(AS_LONG)
    }
}

/// How much of the titles agrees where they are not the same title; `None` where that says nothing.
pub(crate) fn part_fit(sought: &Sought, reading: &Reading, beyond: Beyond) -> Option<TitleFit> {
    let (wanted, offered) = (&sought.title, &reading.title);
    let (ours, theirs) = (wanted.whole(), offered.whole());
    let is_among = |whole: &str, songs: &[String]| songs.iter().any(|song| squash(song) == squash(whole));
    let is_one_song = is_among(&ours, &offered.songs) || is_among(&theirs, &wanted.songs);
    let is_likely = beyond.same_release || beyond.release_unknown || beyond.within(CLOSE);
    if is_one_song && is_likely {
        return Some(TitleFit::Songs);
    }
    if !beyond.is_at_its_place() {
        return None;
    }
    if says_no_title(&reading.folded) {
        return Some(TitleFit::Untitled);
    }
    let holds = |long: &str, short: &str| !short.is_empty() && contains_phrase(long, short);
    (holds(&ours, &theirs) || holds(&theirs, &ours)).then_some(TitleFit::Part)
}

/// Whether a folded title is what a ripper writes: `track 1`, `01`.
fn says_no_title(folded: &str) -> bool {
    let is_number = folded.len() <= 3 && folded.bytes().all(|b| b.is_ascii_digit());
    is_number || is_placeholder(folded)
}

/// Why a person is asked about such a title; `None` where nothing is left to ask.
pub(crate) fn part_says(fit: TitleFit, reading: &Reading, beyond: impl Fn() -> Beyond) -> Option<String> {
    match fit {
        TitleFit::Songs if beyond().is_sure() => None,
        TitleFit::Songs if reading.title.songs.is_empty() => {
            Some("several songs are wanted on one track, and its title names only one of them".to_owned())
        }
        TitleFit::Songs => Some(format!("its title names several songs, “{}”", reading.printed())),
        TitleFit::Part => {
            let says = "though artist, album, number and playing time do";
            Some(format!("only part of its title agrees, “{}”, {says}", reading.printed()))
        }
        TitleFit::Untitled => {
            Some("it has no title, and artist, album, number and playing time agree".to_owned())
        }
        _ => None,
    }
}
