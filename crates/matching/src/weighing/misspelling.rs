//! Whether letters that differ are surely a slip of the pen, and not another word.
//!
//! `Lover` and `Loser` are one letter apart, and both are titles. Spelling alone cannot tell; what can is everything
//! around it: the same release, the same length, the same artist, a word that stands nowhere else in the collection.

use crate::Index;
use crate::classical::keys::is_lettered_note;
use crate::readings::names::Agreement;
use crate::texts::normalise::{are_numbers, counts, edits, only_typos, squash};
use crate::weighing::fit::TitleFit;
use crate::weighing::lengths::CLOSE;

/// What is known around a misspelling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) wanted_title: &'a str,
    pub(crate) offered_title: &'a str,
    /// The folded names that come nearest each other.
    pub(crate) wanted_artist: &'a str,
    pub(crate) offered_artist: &'a str,
    pub(crate) title: TitleFit,
    pub(crate) names: Agreement,
    /// Whether the album artist or the artist's folder spells the wanted artist rightly.
    pub(crate) artist_confirmed: bool,
    /// Whether both sides name exactly the same release.
    pub(crate) same_release: bool,
    /// Whether the album tag or the folder spells the wanted title rightly.
    pub(crate) title_confirmed: bool,
    /// How far the playing times are apart, in milliseconds.
    pub(crate) apart: Option<u32>,
}

/// Letters a title must have to be told from others by itself.
const TELLING_LETTERS: usize = 12;

impl Surroundings<'_> {
    /// Whether the differing letters of title and artist are slips; `true` where none differ.
    pub(crate) fn are_sure(&self, index: &Index) -> bool {
        let title = self.title != TitleFit::Typo || self.title_is_sure(index);
        let artist = self.names != Agreement::Near || self.artist_is_sure(index);
        title
            && artist
            && (self.names > Agreement::Near || self.title != TitleFit::Typo || self.both_are_sure())
    }

    fn within(&self, most: u32) -> bool {
        self.apart.is_some_and(|apart| apart <= most)
    }

    /// Two misspellings are two doubts: all the rest must agree.
    fn both_are_sure(&self) -> bool {
        self.within(CLOSE) && (self.same_release || self.artist_confirmed)
    }

    fn artist_is_sure(&self, index: &Index) -> bool {
        let telling = squash(self.wanted_title).chars().count() >= TELLING_LETTERS;
        let place = (self.same_release && self.within(4_000)) || (telling && self.within(CLOSE));
        let confirmed = self.artist_confirmed && !differ_in_a_number(self.wanted_artist, self.offered_artist);
        confirmed
            || (place
                && slips(self.wanted_artist, self.offered_artist).is_some_and(|slips| {
                    slips.iter().all(|slip| slip.kind == SlipKind::Doubled || slip.makes_a_new_word(index))
                }))
    }

    fn title_is_sure(&self, index: &Index) -> bool {
        if self.names < Agreement::Near {
            return false;
        }
        let Some(slips) = slips(self.wanted_title, self.offered_title) else { return false };
        let agreeing = self.wanted_title.split(' ').count() - slips.len();
        slips.iter().all(|slip| {
            // One release has hardly ever two tracks of one length whose titles are such a slip apart.
            let likely = match slip.kind {
                SlipKind::Doubled => self.within(4_000),
                SlipKind::Swapped => self.within(CLOSE) && (agreeing > 0 || self.title_confirmed),
                SlipKind::Dropped => self.within(CLOSE) && (agreeing > 1 || self.title_confirmed),
                SlipKind::Replaced | SlipKind::Two => false,
            };
            let new = slip.makes_a_new_word(index);
            (self.same_release && (likely || (new && self.apart.is_none_or(|apart| apart <= 4_000))))
                || (self.within(CLOSE) && (slip.is_long() || (new && slip.kind != SlipKind::Replaced)))
        })
    }
}

/// In which way a word was misspelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SlipKind {
    /// A letter stands twice: `Deennis`.
    Doubled,
    /// Two neighbours changed places: `Crsuh`.
    Swapped,
    /// A letter more or less: `Ameican`.
    Dropped,
    /// Another letter: `Angal`.
    Replaced,
    /// Two of these in a long word.
    Two,
}

#[derive(Debug)]
struct Slip<'a> {
    wanted: &'a str,
    offered: &'a str,
    kind: SlipKind,
}

impl Slip<'_> {
    /// Whether the offered word stands in no other file, in a collection that would know it.
    fn makes_a_new_word(&self, index: &Index) -> bool {
        let informed = index.len() >= INFORMED || index.files_with_word(self.wanted) > 1;
        informed
            && self.offered.chars().count() >= 3
            && !(self.offered.starts_with(self.wanted) || self.wanted.starts_with(self.offered))
            && index.files_with_word(self.offered) <= 1
    }

    fn is_long(&self) -> bool {
        only_typos(self.wanted, self.offered)
    }
}

/// Files that a collection must hold for a word it does not know to be no word.
const INFORMED: usize = 2_000;

/// The words that differ, when each may be a slip; `None` where one surely is another word: what counts (`Part A`,
/// `Part B`, `II`, `III`), a letter alone, a note (`in E`, `in Eb`), a short word with two letters changed, words more or fewer.
fn slips<'a>(wanted: &'a str, offered: &'a str) -> Option<Vec<Slip<'a>>> {
    if wanted.split(' ').count() != offered.split(' ').count() {
        return None;
    }
    let before = std::iter::once("").chain(wanted.split(' '));
    let differing = wanted.split(' ').zip(offered.split(' ')).zip(before).filter(|((x, y), _)| x != y);
    differing
        .map(|((wanted, offered), before)| {
            let letters = |word: &str| word.chars().all(char::is_alphabetic);
            let are_notes = is_lettered_note(wanted) && is_lettered_note(offered);
            let tell_apart = counts(before) || are_numbers(wanted, offered) || are_notes;
            let may_be = letters(wanted) && letters(offered) && !tell_apart;
            may_be.then(|| slip_kind(wanted, offered)).flatten().map(|kind| Slip { wanted, offered, kind })
        })
        .collect()
}

/// Whether two names differ in a number: `Johann Strauss I`, `Johann Strauss II`.
pub(crate) fn differ_in_a_number(wanted: &str, offered: &str) -> bool {
    wanted.split(' ').zip(offered.split(' ')).any(|(x, y)| x != y && are_numbers(x, y))
}

/// Whether two titles differ by at most two slips, each in a word of its own, and agree in half their letters or more.
pub(crate) fn are_slips_apart(wanted: &str, offered: &str) -> bool {
    slips(wanted, offered).is_some_and(|slips| {
        let long_enough =
            slips.iter().all(|slip| slip.wanted.chars().count().min(slip.offered.chars().count()) >= 4);
        (1..=2).contains(&slips.len()) && long_enough
    })
}

fn slip_kind(wanted: &str, offered: &str) -> Option<SlipKind> {
    let (a, b): (Vec<char>, Vec<char>) = (wanted.chars().collect(), offered.chars().collect());
    if a.len().max(b.len()) < 2 {
        return None;
    }
    match edits(wanted, offered, 2)? {
        1 if a.len() == b.len() => {
            let mut kinds: Vec<char> = a.clone();
            let mut others: Vec<char> = b.clone();
            kinds.sort_unstable();
            others.sort_unstable();
            Some(if kinds == others { SlipKind::Swapped } else { SlipKind::Replaced })
        }
        1 => {
            let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
            let at = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
            let doubled = at > 0 && long.get(at) == long.get(at - 1) && b.len() > a.len();
            Some(if doubled { SlipKind::Doubled } else { SlipKind::Dropped })
        }
        _ => (a.len().min(b.len()) >= 12).then_some(SlipKind::Two),
    }
}
