//! Files of one album's name and folder by the albums that a server has them on. The folder of what a server lists is made of
//! names alone, so that two albums of one name lie in it as one.

use std::collections::{BTreeMap, BTreeSet};

use crate::deciding::editions::{Held, are_apart};
use crate::search::album_at::AlbumAt;

/// So many albums of one name, of which no track stands at another's place, are one that the server splits by who sings or by the
/// dates of its songs, though tracks of it are missing: where all are of one year, or they have so many tracks.
const MANY_PARTS: usize = 3;
const MANY_TRACKS: usize = 8;

/// A band calls at most so many albums by its own name. As many parts, each of one year, may be those where tracks are missing
/// between them: `Wezer` of 1994, 2001 and 2008.
const MOST_OF_A_NAME: usize = 6;

/// What the files of one of a server's albums tell of it.
#[derive(Default)]
struct Part {
    /// Disc and track number of each.
    places: BTreeSet<(u16, u16)>,
    years: BTreeSet<u16>,
    release_groups: BTreeSet<u32>,
}

impl Part {
    fn add(&mut self, held: &Held<'_>) {
        self.places.insert(held.place());
        self.years.extend((held.file.year != 0).then_some(held.file.year));
        self.release_groups.extend((held.file.release_group != 0).then_some(held.file.release_group));
    }

    fn discs(&self) -> BTreeSet<u16> {
        self.places.iter().map(|(disc, _)| *disc).collect()
    }

    /// Whether a track of both stands at one place, or the same disc came out as another release group.
    fn is_surely_another(&self, other: &Self) -> bool {
        let of_two_groups = are_apart(&self.release_groups, &other.release_groups);
        !self.places.is_disjoint(&other.places) || of_two_groups && self.has_a_disc_of(other)
    }

    /// Whether the same disc came out in another year.
    fn is_of_another_year(&self, other: &Self) -> bool {
        let of_two_years = self.years.len() == 1 && other.years.len() == 1 && self.years != other.years;
        of_two_years && self.has_a_disc_of(other)
    }

    fn has_a_disc_of(&self, other: &Self) -> bool {
        !are_apart(&self.discs(), &other.discs())
    }
}

/// The files of one folder, those of each album by themselves. What a server only splits stays together.
pub(super) fn by_albums_of_server(files: Vec<Held<'_>>) -> Vec<Vec<Held<'_>>> {
    let mut parts: BTreeMap<AlbumAt, Part> = BTreeMap::new();
    for held in files.iter().filter(|held| held.file.album_at.is_known()) {
        parts.entry(held.file.album_at).or_default().add(held);
    }
    let parts: Vec<Part> = parts.into_values().collect();
    if parts.len() < 2 || are_of_one(&parts) {
        return vec![files];
    }
    let mut albums: BTreeMap<AlbumAt, Vec<Held<'_>>> = BTreeMap::new();
    for held in files {
        albums.entry(held.file.album_at).or_default().push(held);
    }
    albums.into_values().collect()
}

/// Whether these fill each other's gaps: servers split an album where its discs lie in folders of their own, or half of it is
/// tagged otherwise. Then no track is there twice, and none is missing on any disc.
fn are_of_one(parts: &[Part]) -> bool {
    let is_any = |tells: fn(&Part, &Part) -> bool| {
        let before = |at: usize| parts.get(..at).unwrap_or_default();
        parts.iter().enumerate().any(|(at, part)| before(at).iter().any(|other| tells(part, other)))
    };
    if is_any(Part::is_surely_another) {
        return false;
    }
    let places: BTreeSet<(u16, u16)> = parts.iter().flat_map(|part| part.places.iter().copied()).collect();
    let is_whole = have_no_gap(&places);
    let is_surely_split = places.len() >= MANY_TRACKS && (is_whole || !may_each_be_an_album(parts));
    if parts.len() >= MANY_PARTS && (is_surely_split || are_of_one_year(parts)) {
        return true;
    }
    is_whole && !is_any(Part::is_of_another_year)
}

/// Whether no track is missing on any disc, as far as these tell.
fn have_no_gap(places: &BTreeSet<(u16, u16)>) -> bool {
    let mut last = (0, 0);
    places.iter().all(|&(disc, track)| {
        let follows = if disc == last.0 { track == last.1 + 1 } else { track == 1 };
        last = (disc, track);
        follows
    })
}

/// Whether these may be so many albums of one name, each of its year.
fn may_each_be_an_album(parts: &[Part]) -> bool {
    parts.len() <= MOST_OF_A_NAME && parts.iter().all(|part| part.years.len() == 1)
}

/// Whether each of these tells its year, and all the same one.
fn are_of_one_year(parts: &[Part]) -> bool {
    let years: BTreeSet<u16> = parts.iter().flat_map(|part| part.years.iter().copied()).collect();
    years.len() == 1 && parts.iter().all(|part| !part.years.is_empty())
}
