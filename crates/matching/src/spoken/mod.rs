//! Which files are a wanted podcast, episode or audiobook, and why. Pure, as all of matching.
//!
//! Spoken word has no ISRC and few versions, but its titles repeat (`Episode 12`, `Part 2`, a daily show of one name), so
//! names decide only together: an episode's title **and** its show, a book's title **and** its author, with every number
//! equal. What is merely near goes to a person, and a file that is marked as music is never taken for spoken word.
//!
//! | wanted | file | result |
//! |---|---|---|
//! | `#12 – Harbour` of `Low Tide` | `12. Harbour`, album `Low Tide`, genre `Podcast` | chosen |
//! | `Harbour, Part 2` of `Low Tide` | `Harbour, Part 1`, album `Low Tide` | none: numbers must agree |
//! | `Harbour` of `Low Tide`, 40:00 | `S2E3 / Harbour`, the same day or length | chosen: the number only counts it |
//! | `Harbour` of `Low Tide` | `12. Harbour`, and neither day nor length can be compared | review: only one says 12 |
//! | `Harbour` of `Low Tide`, 40:00 | the same names, 25:00 | review: "15 min shorter" |
//! | `Trailer` of `Low Tide`, no day, length or publisher | `Trailer`, album `The Low Tide` | review: its podcast may be another |
//! | `Low Tide`, for which a feed was taken | album `Low Tide with Mara Quill`, of that feed | chosen |
//! | `Low Tide` and another `Low Tide`, each with a feed | album `Low Tide`, of the first one's feed | that one's alone |
//! | the same | album `Low Tide`, of both feeds | that of both |
//! | the same | album `Low Tide`, of no known feed | review: nothing says of which |
//! | `Low Tide` by Mara Quill, without a feed | album `Low Tide`, of a feed that was taken for another only | none |
//! | the same | album `Low Tide`, album artist `Other Person`, of a feed that was not taken for it | none |
//! | the same | album `Low Tide`, of a feed that is doubted for it | review: it may be another podcast's |
//! | `Low Tide` | three items `News` of its feed, one day and one length | chosen: 3 files |
//! | `Harbour` of `Low Tide`, no day, length or publisher; two `Low Tide` are wanted | album `Low Tide` | review: of which |
//! | `Salt` by Mara Quill | album `Salt (Unabridged)`, artist `Mara Quill`, parts 1–9 | chosen: 9 files |
//! | `Salt` by Mara Quill | `Salt (Disc 1)` and `Salt (Disc 2)` in two folders, of one year, reader and format | chosen: both |
//! | `Salt` by Mara Quill | `Salt (Disc 1)`, nothing else, and no length is known | review: nothing says how many discs |
//! | `Salt` by Mara Quill | album `Salt`, parts 1–9 but for 4 | review: "part 4 is missing" |
//! | `Salt` by Mara Quill | the same, no numbers in tags or names, and no length is known | review: nothing tells |
//! | `Salt (Abridged)` by Mara Quill | album `Salt`, artist `Mara Quill` | review: nothing says that it is abridged |
//! | `Salt` by Mara Quill | album `Salt (in German, read by Oda Brenn)` | review: "this reading is in German, …" |
//! | `Salt` by Mara Quill | album `Salt (version 2)`, and no other | chosen: the same text |
//! | `Salt` by Mara Quill | album `Salt`, artist `Mara Quill`, genre `Rock` | review: music, as its genre says |

mod books;
mod chapters;
mod episodes;
mod file_titles;
mod folders;
mod groups;
mod headings;
mod joined;
mod mark;
mod namesakes;
mod natural;
mod own_feeds;
mod shelf;
mod shows;

use ferrotape_domain::{Evidence, Match, Offer, Wanted, WantedKind};

pub use episodes::full_date;
pub use file_titles::{published, title_in_name, titles_of};
pub use groups::around;
pub use headings::{NumberedTitle, name_key};
pub use mark::{Mark, mark, may_be_music};
pub use natural::natural_order;
pub use own_feeds::podcast_key;
pub use shelf::{FeedItem, Shelf};

use crate::question::{Near, Refused};
use shelf::File;

/// The answer to a wanted podcast, episode or audiobook.
#[derive(Debug, Clone, PartialEq)]
pub enum SpokenChoice {
    /// This file is it.
    File(Match),
    /// These files are, in order.
    Files {
        /// [`Offer::file_id`]s in the order of listening.
        files: Vec<i64>,
        /// Why, as a sentence without full stop.
        why: String,
        /// Those that may be its files or another podcast's of its name: [`Offer::file_id`]s, in no order.
        unsure: Vec<i64>,
    },
    /// A person must say which of these it is; for a book or a podcast, one file stands for all of it.
    Review(Vec<Match>, String),
    /// Nothing comes near; the text tells what was looked for.
    None(String),
}

/// The answer, and all that came near, best first; of a podcast what is left out goes first.
#[derive(Debug, Clone, PartialEq)]
pub struct SpokenAnswer {
    /// The answer.
    pub choice: SpokenChoice,
    /// What was looked at.
    pub near: Vec<Near>,
}

/// Candidates that a review shows at most.
const SHOWN: usize = 5;
/// How sure what is chosen is: the names agree in every word, and nothing speaks against it.
const SURE: f32 = 0.97;
/// How sure what goes to a person is.
const UNSURE: f32 = 0.5;

/// Finds what `wanted` is among the files of the shelf; `None` for a kind that is no spoken word.
pub fn choose_spoken(shelf: &Shelf<'_>, wanted: &Wanted, refused: &Refused<'_>) -> Option<SpokenAnswer> {
    Some(match wanted.kind {
        WantedKind::Episode => episodes::choose(shelf, wanted, refused),
        WantedKind::Show => shows::choose(shelf, wanted, refused),
        WantedKind::Audiobook => books::choose(shelf, wanted, refused),
        WantedKind::Recording | WantedKind::Release | WantedKind::LocalFile | WantedKind::Unavailable => {
            return None;
        }
    })
}

/// The book that is wanted, or that a chapter is wanted of; and that chapter's title.
pub fn book_and_chapter(wanted: &Wanted) -> (&str, Option<&str>) {
    let chapter = wanted.title.as_str();
    match wanted.release.as_deref() {
        Some(book) if !book.is_empty() && name_key(book) != name_key(chapter) => {
            (book, Some(chapter).filter(|chapter| !chapter.is_empty()))
        }
        _ => (chapter, None),
    }
}

/// One file that was weighed: what speaks for it, and what against.
struct Weighed<'a> {
    file: &'a File<'a>,
    evidence: Vec<Evidence>,
    /// Why it must not be taken without asking: a stable word and a sentence; the gravest first.
    doubts: Vec<(&'static str, String)>,
    /// Its title is the wanted one but for a number that only counts the episode.
    is_counted: bool,
}

impl<'a> Weighed<'a> {
    fn of(file: &'a File<'a>) -> Self {
        Self { file, evidence: Vec::new(), doubts: Vec::new(), is_counted: false }
    }

    fn says(&mut self, kind: &'static str, weight: f32, says: impl Into<String>) {
        self.evidence.push(Evidence { kind, weight, says: says.into() });
    }

    fn doubts(&mut self, kind: &'static str, says: impl Into<String>) {
        let says = says.into();
        self.evidence.push(Evidence { kind, weight: -2.0, says: says.clone() });
        self.doubts.push((kind, says));
    }

    fn reason(&self) -> String {
        self.doubts.iter().map(|(_, says)| says.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn found(&self) -> Match {
        let objection =
            self.doubts.first().map(|(kind, _)| ferrotape_domain::Objection { kind, says: self.reason() });
        let less = 0.05 * self.doubts.len().saturating_sub(1) as f32;
        let score = if objection.is_none() { SURE } else { (UNSURE - less).max(0.3) };
        let file_id = self.file.offer.file_id;
        Match { file_id, score, evidence: self.evidence.clone(), substitute: None, objection }
    }

    fn near(&self) -> Near {
        let rejected = (!self.doubts.is_empty()).then(|| self.reason());
        Near { found: self.found(), rejected }
    }
}

/// What speaks for a file whose album says something else than the wanted podcast's name.
const OF_ITS_FEED: &str = "of the feed that was taken for this podcast";

/// Those with the fewest doubts first, then by path.
fn best_first(weighed: &mut [Weighed<'_>]) {
    weighed.sort_by(|a, b| {
        let key = |one: &Weighed<'_>| one.doubts.len();
        key(a).cmp(&key(b)).then_with(|| a.file.offer.path.cmp(&b.file.offer.path))
    });
}

fn near_of(weighed: &[Weighed<'_>]) -> Vec<Near> {
    weighed.iter().map(Weighed::near).collect()
}

/// Which of two copies of the same sound is the better one; the greater is.
fn quality(offer: &Offer) -> (bool, u32, usize) {
    let tags = &offer.tags;
    let filled = [tags.title.is_some(), tags.date.is_some(), tags.album.is_some(), !offer.cover.is_empty()];
    let filled = filled.into_iter().filter(|is| *is).count();
    (offer.facts.format.is_lossless(), offer.facts.bitrate_kbps.unwrap_or(0), filled)
}
