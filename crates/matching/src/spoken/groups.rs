//! The files of one book: those of one album, or of one folder where no album is named.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use ferrotape_domain::Offer;

use super::folders::{disc_of, home};
use super::headings::{disc_in_name, name_key};
use super::joined::{goes_on, joins};
use super::natural::natural_order;
use super::shelf::File;

/// The files of one book, in the order of listening.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) files: Vec<&'a File<'a>>,
    /// Where the book may go on, as a sentence.
    goes_on: Option<String>,
}

/// Takes files apart by folder and album, and joins the discs of one book that lie in several; a file whose title is the
/// book's stands alone.
pub(super) fn groups<'a>(files: impl Iterator<Item = &'a File<'a>>, alone: bool) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<_, Vec<&'a File<'a>>> = BTreeMap::new();
    for file in files {
        let own = if alone { file.offer.path.to_string_lossy().into_owned() } else { String::new() };
        groups.entry((home(file.offer), file.album.clone(), own)).or_default().push(file);
    }
    let mut lots: Vec<Vec<&'a File<'a>>> = groups.into_values().collect();
    lots.iter_mut().for_each(|files| files.sort_by(|a, b| order(a.offer, b.offer)));
    if alone {
        return lots.into_iter().map(|files| Group { files, goes_on: None }).collect();
    }
    let offers_of = |lots: &[Vec<&'a File<'a>>]| -> Vec<Vec<&'a Offer>> {
        lots.iter().map(|files| files.iter().map(|file| file.offer).collect()).collect()
    };
    let mut joined: Vec<Vec<&'a File<'a>>> = Vec::new();
    for members in joins(&offers_of(&lots)) {
        let mut files: Vec<&'a File<'a>> =
            members.iter().filter_map(|at| lots.get(*at)).flatten().copied().collect();
        files.sort_by(|a, b| order(a.offer, b.offer));
        joined.push(files);
    }
    let offers = offers_of(&joined);
    let all = joined.into_iter().enumerate();
    all.map(|(at, files)| Group { files, goes_on: goes_on(&offers, at) }).collect()
}

/// The disc that a file is of, as its album or folder is called; tags of rips that were made disc by disc may all say 1.
pub(super) fn disc_named(offer: &Offer) -> Option<u32> {
    let folder = || {
        let name = offer.path.parent().and_then(|folder| folder.file_name())?;
        let name = name.to_string_lossy().replace('_', " ");
        disc_of(&name).or_else(|| disc_in_name(&name))
    };
    let disc = offer.tags.album.as_deref().and_then(disc_in_name).or_else(folder);
    disc.filter(|disc| *disc > 0)
}

/// The disc that a file says it is of.
pub(super) fn disc_told(offer: &Offer) -> Option<u32> {
    let named_by_album = || offer.tags.album.as_deref().and_then(disc_in_name).is_some();
    let tagged = offer.tags.disc_number.filter(|disc| *disc > 0 && !named_by_album());
    tagged.or_else(|| disc_named(offer))
}

/// The same; 1 where nothing tells.
fn disc(offer: &Offer) -> u32 {
    disc_told(offer).unwrap_or(1)
}

fn order(a: &Offer, b: &Offer) -> Ordering {
    let key = |offer: &Offer| (disc(offer), offer.tags.track_number.unwrap_or(u32::MAX));
    let name = |offer: &Offer| offer.path.to_string_lossy().into_owned();
    let part = |offer: &Offer| offer.part.map_or(0, |part| part.start);
    key(a).cmp(&key(b)).then_with(|| natural_order(&name(a), &name(b))).then(part(a).cmp(&part(b)))
}

fn is_m4b(offer: &Offer) -> bool {
    offer.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("m4b"))
}

/// All files of the book or podcast that `chosen` is one of, in order: what a person means who chooses it for the whole.
pub fn around(chosen: &Offer, offers: &[Offer]) -> Vec<i64> {
    let album = |offer: &Offer| offer.tags.album.as_deref().map(name_key).unwrap_or_default();
    let (home_of, name) = (home(chosen), album(chosen));
    // Of a file that is a book as it is, an untagged neighbour is no part.
    let alone = name.is_empty() && is_m4b(chosen);
    if alone {
        let same = offers.iter().filter(|offer| offer.content == chosen.content);
        return in_order(same.collect());
    }
    let mut lots: BTreeMap<String, Vec<&Offer>> = BTreeMap::new();
    let same_album = |offer: &&Offer| album(offer) == name && is_m4b(offer) == is_m4b(chosen);
    for offer in offers.iter().filter(same_album) {
        lots.entry(home(offer)).or_default().push(offer);
    }
    let own = lots.keys().position(|home| *home == home_of);
    let mut lots: Vec<Vec<&Offer>> = lots.into_values().collect();
    lots.iter_mut().for_each(|files| files.sort_by(|a, b| order(a, b)));
    let members = joins(&lots).into_iter().find(|members| own.is_some_and(|own| members.contains(&own)));
    let members = members.unwrap_or_default();
    in_order(members.iter().filter_map(|at| lots.get(*at)).flatten().copied().collect())
}

fn in_order(mut files: Vec<&Offer>) -> Vec<i64> {
    files.sort_by(|a, b| order(a, b));
    files.into_iter().map(|offer| offer.file_id).collect()
}

impl Group<'_> {
    /// A book in one file, whose number, if it has one, is that in a series.
    fn is_one_file(&self) -> bool {
        let parts =
            |offer: &Offer| offer.tags.track_total.unwrap_or(1).max(offer.tags.disc_total.unwrap_or(1));
        matches!(self.files.as_slice(), [one] if is_m4b(one.offer) && parts(one.offer) < 2)
    }

    /// Which parts are not there, or stand twice, as the numbers say: those of the tags, else those of the names.
    pub(super) fn parts(&self) -> Parts {
        if self.is_one_file() {
            return Parts::All;
        }
        let mut discs: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for file in &self.files {
            discs.entry(disc(file.offer)).or_default().extend(file.offer.tags.track_number);
        }
        let numbered: usize = discs.values().map(Vec::len).sum();
        let several = discs.values().any(|numbers| numbers.len() > 1);
        let all_alike = discs.values().flatten().collect::<BTreeSet<_>>().len() <= 1;
        if numbered == 0 || (all_alike && several) {
            return match self.numbers_in_names() {
                // One file alone that carries the book's names is taken for the book: nothing speaks of others.
                _ if self.files.len() == 1 => Parts::All,
                Some(discs) => self.judge(&discs).map_or(Parts::All, Parts::TroubleInNames),
                None => Parts::Unknown,
            };
        }
        if numbered < self.files.len() {
            return Parts::Trouble("some of its files have no number".to_owned());
        }
        self.judge(&discs).map_or(Parts::All, Parts::Trouble)
    }

    /// What speaks for more of the book than these files, though their numbers leave nothing out: where it may go on, or
    /// that all of them are of disc 1. A book in one file is on no disc but that which it is named by.
    pub(super) fn may_be_more(&self) -> Option<String> {
        let disc = if self.is_one_file() { disc_named } else { disc_told };
        let is_first = |offer: &Offer| disc(offer) == Some(1) && offer.tags.disc_total.is_none();
        let is_disc_1 = self.files.iter().all(|file| is_first(file.offer));
        let alone = || "all of it here is disc 1, and nothing says how many discs there are".to_owned();
        self.goes_on.clone().or_else(|| is_disc_1.then(alone))
    }

    fn judge(&self, discs: &BTreeMap<u32, Vec<u32>>) -> Option<String> {
        let totals =
            |total: fn(&Offer) -> Option<u32>| self.files.iter().filter_map(|file| total(file.offer)).max();
        let last_disc = totals(|offer| offer.tags.disc_total).or(discs.keys().max().copied()).unwrap_or(1);
        if let Some(missing) = (1..=last_disc.min(999)).find(|disc| !discs.contains_key(disc)) {
            return Some(format!("disc {missing} is missing"));
        }
        // The discs of some books count on from one to the next.
        let mut all: Vec<u32> = discs.values().flatten().copied().collect();
        let total = totals(|offer| offer.tags.track_total);
        let counts_on = discs.len() > 1 && !has_twice(&mut all);
        if counts_on || discs.len() == 1 {
            return gaps(&all, total);
        }
        discs.values().find_map(|numbers| gaps(numbers, None))
    }

    /// The numbers by disc that the names of all files begin or end with, the lowest no higher than 1: others count
    /// something else. The only file of a disc is its first.
    fn numbers_in_names(&self) -> Option<BTreeMap<u32, Vec<u32>>> {
        let mut discs: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for file in &self.files {
            discs.entry(disc(file.offer)).or_default().push(file.offer.path.file_stem()?.to_str()?);
        }
        let by = |number: fn(&str) -> Option<u32>| {
            let of_disc = |names: &Vec<&str>| match names.len() {
                1 if discs.len() > 1 => Some(vec![1]),
                _ => names.iter().map(|name| number(name)).collect::<Option<Vec<u32>>>(),
            };
            let found: BTreeMap<u32, Vec<u32>> =
                discs.iter().map(|(disc, names)| Some((*disc, of_disc(names)?))).collect::<Option<_>>()?;
            let counts = |numbers: &Vec<u32>| numbers.iter().collect::<BTreeSet<_>>().len() == numbers.len();
            let lowest = found.values().flatten().min().copied();
            (lowest <= Some(1) && found.values().all(counts)).then_some(found)
        };
        by(first_number).or_else(|| by(last_number))
    }
}

/// Whether all of a book is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parts {
    /// None is missing, as far as the numbers tell.
    All,
    /// There are several files, and nothing to count them by.
    Unknown,
    /// What is wrong with them.
    Trouble(String),
    /// The same, by numbers in names: less sure than a length that agrees.
    TroubleInNames(String),
}

/// `03` of `03 - The Fog`.
fn first_number(name: &str) -> Option<u32> {
    let digits = name.trim_start().split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// `03` of `Salt, part 03`.
fn last_number(name: &str) -> Option<u32> {
    let digits = name.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn has_twice(numbers: &mut [u32]) -> bool {
    numbers.sort_unstable();
    numbers.windows(2).any(|two| matches!(two, [a, b] if a == b))
}

/// Prologues may have the number 0; from 1 on none may be missing.
fn gaps(numbers: &[u32], total: Option<u32>) -> Option<String> {
    let mut sorted = numbers.to_vec();
    if has_twice(&mut sorted) {
        let twice = sorted
            .windows(2)
            .find_map(|two| matches!(two, [a, b] if a == b).then(|| two.first().copied())?);
        return Some(format!("two of its files have the number {}", twice.unwrap_or_default()));
    }
    let last = sorted.last().copied().unwrap_or(0).max(total.unwrap_or(0)).min(9_999);
    let missing: Vec<String> = (1..=last)
        .filter(|number| sorted.binary_search(number).is_err())
        .map(|number| number.to_string())
        .collect();
    match missing.as_slice() {
        [] => None,
        [one] => Some(format!("part {one} of {last} is missing")),
        few if few.len() <= 6 => Some(format!("parts {} of {last} are missing", few.join(", "))),
        many => Some(format!("{} of {last} parts are missing", many.len())),
    }
}
