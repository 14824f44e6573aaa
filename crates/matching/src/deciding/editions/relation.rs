//! What the files of another folder are to those of an edition: of the same one, of another, or of another album of the name.

use std::collections::BTreeSet;

use super::{Edition, Held, TWO_LENGTHS, TWO_TITLES, Track};
use crate::Index;
use crate::search::album_at::AlbumAt;
use crate::search::collection::File;

const TWO_YEARS: &str = "files of different editions share this album's name: their folders name other years";
const TWO_ALBUMS: &str =
    "two albums of this name are here: the release groups in their tags differ, and they share no title";
const TWO_DATES: &str =
    "files in two folders share this album's name, but no title, and their dates name other years";
const TWO_AT_SERVER: &str = "two albums of this name are on your server, and they share no title";
const NONE_HAS_ALL: &str =
    "files of different editions share this album's name, and none has all of its tracks";

/// What files of another folder are to those of an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// Of the same edition, as far as anything tells.
    Same,
    /// Most of their recordings are the same, but they are another edition.
    Alike { lacks_some: bool },
    /// Another album, or other recordings of it.
    Other(&'static str),
    /// Another album by what its tags tell, however little of it is there.
    Apart(&'static str),
}

impl<'a> Edition<'a> {
    /// Takes from files of another folder what this edition lacks, and its better copies, where they are of the same edition.
    /// Otherwise why a person must say which of the two is meant, unless what is there beside this one is little.
    pub(crate) fn take_from(&mut self, other: Self, index: &Index) -> Option<&'static str> {
        match self.relation(&other, index) {
            Relation::Same => {
                other.tracks.into_iter().for_each(|track| self.take(track, index));
                None
            }
            Relation::Alike { lacks_some } => lacks_some.then_some(NONE_HAS_ALL),
            Relation::Other(why) => {
                let is_much = other.tracks.len() * 2 >= self.tracks.len();
                // Of two that a server has under one name either may be the one that is wanted.
                (is_much || self.is_another_of_its_server(&other)).then_some(why)
            }
            Relation::Apart(why) => Some(why),
        }
    }

    fn take(&mut self, track: Track<'a>, index: &Index) {
        let is_own = |own: &&mut Track<'a>| track.copies.iter().any(|held| own.is_one_track(held, index));
        match self.tracks.iter_mut().find(is_own) {
            Some(own) => {
                // What another edition numbers anew would stand at another's place.
                let number = own.number;
                let fits = |held: &Held<'_>| number == 0 || held.file.track == 0 || held.file.track == number;
                track.copies.into_iter().filter(fits).for_each(|held| own.add(held));
            }
            None => self.tracks.push(track),
        }
    }

    fn files(&self) -> impl Iterator<Item = &File<'a>> {
        self.tracks.iter().flat_map(|track| &track.copies).map(|held| &held.file)
    }

    fn release_groups(&self) -> BTreeSet<u32> {
        self.files().map(|file| file.release_group).filter(|group| *group != 0).collect()
    }

    /// Whether its files all have one date's year, and the other's all another. Dates of several years are those of the songs,
    /// discs may have come out one by one, and one release group has editions of every year.
    fn is_of_another_year(&self, other: &Self) -> bool {
        let years = |edition: &Self| -> BTreeSet<u16> {
            edition.files().map(|file| file.year).filter(|year| *year != 0).collect()
        };
        let (ours, theirs) = (years(self), years(other));
        ours.len() == 1
            && theirs.len() == 1
            && ours != theirs
            && !are_apart(&self.discs(), &other.discs())
            && self.release_groups().is_disjoint(&other.release_groups())
    }

    /// Whether the server that lists both has them as two albums of one name and artist. Some take the folder of each disc for
    /// an album.
    fn is_another_of_its_server(&self, other: &Self) -> bool {
        let albums = |edition: &Self| -> BTreeSet<AlbumAt> {
            edition.files().map(|file| file.album_at).filter(|album| album.is_known()).collect()
        };
        let (ours, theirs) = (albums(self), albums(other));
        self.folder == other.folder
            && ours.iter().any(|album| theirs.iter().any(|other| album.is_apart(*other)))
            && ours.is_disjoint(&theirs)
            && !are_apart(&self.discs(), &other.discs())
    }

    fn discs(&self) -> BTreeSet<u16> {
        self.tracks.iter().map(|track| track.disc).collect()
    }

    fn relation(&self, other: &Self, index: &Index) -> Relation {
        let (mut same, mut two_lengths, mut two_titles, mut lacking) = (0_usize, 0_usize, 0_usize, 0_usize);
        for track in &other.tracks {
            let is_own = |own: &&Track<'a>| track.copies.iter().any(|held| own.is_one_track(held, index));
            match self.tracks.iter().find(is_own) {
                Some(own) if track.copies.iter().all(|held| own.is_copy_of(held)) => same += 1,
                Some(_) => two_lengths += 1,
                None if track.number > 0 && self.tracks.iter().any(|own| own.place() == track.place()) => {
                    two_titles += 1;
                }
                None => lacking += 1,
            }
        }
        let differ = two_lengths + two_titles;
        let of_two_years = !self.years.is_empty()
            && !other.years.is_empty()
            && self.years.iter().all(|year| !other.years.contains(year));
        // What shares no title with this one only fills its gaps: then the tags must not tell that it is another album.
        let of_two_groups = are_apart(&self.release_groups(), &other.release_groups());
        let shares_none = same + two_lengths == 0;
        if shares_none && of_two_groups {
            return Relation::Apart(TWO_ALBUMS);
        }
        let of_two_at_server = self.is_another_of_its_server(other);
        if shares_none && of_two_at_server {
            return Relation::Apart(TWO_AT_SERVER);
        }
        if let Some(why) = other.doubt {
            return Relation::Other(why);
        }
        if shares_none && differ == 0 && !of_two_years && self.is_of_another_year(other) {
            return Relation::Apart(TWO_DATES);
        }
        // A copy may bear the id of another group by mistake, but it adds nothing then.
        let may_be_two = of_two_years || of_two_at_server || (of_two_groups && lacking > 0);
        if differ == 0 && !may_be_two {
            return Relation::Same;
        }
        if same > 0 && same >= 3 * differ {
            return Relation::Alike { lacks_some: lacking > 0 };
        }
        Relation::Other(match (two_titles, two_lengths) {
            (0, 0) => TWO_YEARS,
            (titles, lengths) if lengths >= titles => TWO_LENGTHS,
            _ => TWO_TITLES,
        })
    }
}

/// Whether both tell something, and nothing in common.
pub(crate) fn are_apart<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}
