//! The discs of one book that lie apart: in folders that are called otherwise than a disc, or under albums that name theirs.
//!
//! They are joined where author, reader, year and format are the same, and each tells another disc, or their numbers go on
//! in folders side by side. Where that is not so, it is said that the book may go on there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ferrotape_domain::Offer;

use super::folders::{author_above, folders, home};
use super::groups::disc_told;
use super::headings::{abridged, name_key};

/// The files of one folder and album, or of several that were joined.
#[derive(Clone, Copy)]
struct Lot<'l> {
    at: usize,
    files: &'l [&'l Offer],
}

impl Lot<'_> {
    /// The discs that its files tell; none where one of them tells none.
    fn discs(&self) -> BTreeSet<u32> {
        self.files.iter().map(|file| disc_told(file)).collect::<Option<_>>().unwrap_or_default()
    }

    /// Its lowest and its highest number, where each file has one.
    fn numbers(&self) -> Option<(u32, u32)> {
        let numbers: Option<Vec<u32>> = self.files.iter().map(|file| file.tags.track_number).collect();
        let numbers = numbers?;
        numbers.iter().min().copied().zip(numbers.iter().max().copied())
    }

    /// The most that its tags count to.
    fn most(&self, total: fn(&Offer) -> Option<u32>) -> Option<u32> {
        self.files.iter().filter_map(|file| total(file)).max()
    }

    fn home(&self) -> String {
        self.files.first().map(|file| home(file)).unwrap_or_default()
    }

    /// Whether its numbers go on in the other one, and its tags do not say that they end.
    fn is_before(&self, next: &Self) -> bool {
        let Some(((_, last), (first, _))) = self.numbers().zip(next.numbers()) else { return false };
        last < first && self.most(|file| file.tags.track_total) != Some(last)
    }
}

/// Which of these are one book, each the files of one folder and album: by their places here, every one once.
pub(super) fn joins(lots: &[Vec<&Offer>]) -> Vec<Vec<usize>> {
    let mut editions: BTreeMap<(String, [String; 5]), Vec<Lot<'_>>> = BTreeMap::new();
    for (at, files) in lots.iter().enumerate() {
        if let Some(first) = files.first() {
            editions.entry((book(first), edition(first))).or_default().push(Lot { at, files });
        }
    }
    let mut all: Vec<Vec<usize>> = editions.into_values().flat_map(joins_of_edition).collect();
    all.sort_by_key(|members| members.iter().min().copied());
    all
}

fn joins_of_edition(lots: Vec<Lot<'_>>) -> Vec<Vec<usize>> {
    let (told, mut rest): (Vec<Lot<'_>>, Vec<Lot<'_>>) =
        lots.into_iter().partition(|lot| !lot.discs().is_empty());
    let mut joined: Vec<Vec<usize>> = Vec::new();
    let mut seen = BTreeSet::new();
    if told.iter().flat_map(Lot::discs).all(|disc| seen.insert(disc)) {
        joined.extend((!told.is_empty()).then(|| places(&told)));
    } else {
        rest.extend(told);
    }
    rest.sort_by_key(|lot| (lot.numbers(), lot.at));
    let parent = |lot: &Lot<'_>| Path::new(&lot.home()).parent().map(Path::to_path_buf);
    let go_on = rest
        .windows(2)
        .all(|two| matches!(two, [one, next] if one.is_before(next) && parent(one) == parent(next)));
    let from_the_first = rest.first().and_then(Lot::numbers).is_some_and(|(first, _)| first <= 1);
    if go_on && from_the_first {
        joined.push(places(&rest));
    } else {
        joined.extend(rest.iter().map(|lot| vec![lot.at]));
    }
    joined
}

fn places(lots: &[Lot<'_>]) -> Vec<usize> {
    lots.iter().map(|lot| lot.at).collect()
}

/// Where the book at this place may go on, as a sentence: in another of the same name and author that is of a later disc, or
/// whose numbers go on behind its own.
pub(super) fn goes_on(lots: &[Vec<&Offer>], at: usize) -> Option<String> {
    let own = Lot { at, files: lots.get(at)?.as_slice() };
    let first = own.files.first()?;
    let last_disc = own.discs().last().copied().unwrap_or(1);
    let others = lots.iter().enumerate().filter(|(other, _)| *other != at);
    let others = others.map(|(at, files)| Lot { at, files });
    let is_its = |lot: &Lot<'_>| {
        lot.files.first().is_some_and(|other| book(other) == book(first) && author(other) == author(first))
    };
    others.filter(is_its).find_map(|lot| {
        let folder = Path::new(&lot.home()).file_name().unwrap_or_default().to_string_lossy().into_owned();
        match lot.discs().first() {
            Some(disc) if *disc > last_disc && own.most(|file| file.tags.disc_total) != Some(last_disc) => {
                Some(format!("disc {disc} may be in “{folder}”"))
            }
            _ if own.is_before(&lot) => Some(format!("it may go on in “{folder}”")),
            _ => None,
        }
    })
}

/// The name of the book that a file is of.
fn book(file: &Offer) -> String {
    let album = file.tags.album.as_deref().map(name_key).unwrap_or_default();
    if album.is_empty() { name_key(&folders(&file.path).0) } else { album }
}

fn author(file: &Offer) -> String {
    let tagged = file.tags.album_artists.first().or(file.tags.artists.first());
    tagged.map_or_else(|| name_key(&author_above(file)), |name| name_key(name))
}

/// What all discs of one edition share: author, reader, year, format, and whether it is abridged.
fn edition(file: &Offer) -> [String; 5] {
    let tags = &file.tags;
    let reader = tags.composers.first().map(|name| name_key(name)).unwrap_or_default();
    let year = tags.date.as_deref().and_then(|date| date.get(..4)).unwrap_or_default().to_owned();
    let ending = file.path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let shortened = format!("{:?}", tags.album.as_deref().and_then(abridged));
    [author(file), reader, year, ending, shortened]
}
