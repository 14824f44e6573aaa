//! Files of one album's name and folder by the albums that a server has them on. The folder of what a server lists is made of
//! names alone, so that two albums of one name lie in it as one.

use std::collections::{BTreeMap, BTreeSet};

use crate::deciding::editions::{Held, are_apart};
use crate::search::album_at::AlbumAt;

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

    /// Whether its tags tell that it is another album: a track of both stands at one place, or the same disc came out in another
    /// year or as another release group.
    fn is_another(&self, other: &Self) -> bool {
        let of_two_years = self.years.len() == 1 && other.years.len() == 1 && self.years != other.years;
        let tells = of_two_years || are_apart(&self.release_groups, &other.release_groups);
        !self.places.is_disjoint(&other.places) || tells && !are_apart(&self.discs(), &other.discs())
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
    let before = |at: usize| parts.get(..at).unwrap_or_default();
    if parts.iter().enumerate().any(|(at, part)| before(at).iter().any(|other| part.is_another(other))) {
        return false;
    }
    let places: BTreeSet<(u16, u16)> = parts.iter().flat_map(|part| part.places.iter().copied()).collect();
    let mut last = (0, 0);
    places.into_iter().all(|(disc, track)| {
        let follows = if disc == last.0 { track == last.1 + 1 } else { track == 1 };
        last = (disc, track);
        follows
    })
}
