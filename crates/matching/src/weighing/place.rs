//! Where a track stands on its album: one title may stand there twice, as two recordings.
//!
//! `Ebb` on disc 1 and on the live disc of a deluxe edition, or two tracks called `Interlude`: names, album and even the
//! playing time agree, and only the numbers tell which is which. On another album the same recording stands at another
//! place, so numbers say something only where the album is one. Rippers and services count sides, records and hidden intros as
//! they like: where no other file of the album has the title, another number alone makes it no other recording.

use ferrotape_domain::Wanted;

use crate::Index;
use crate::readings::disc_folders::disc_by_folders;
use crate::readings::title::{Title, is_on_every_album};
use crate::search::collection::{File, small};
use crate::texts::normalise::{fold, squash};
use crate::versions::table::{Claim, Kind};
use crate::weighing::evidence::Ledger;
use crate::weighing::lengths::{AS_LONG, CLOSE};
use crate::weighing::objection::{Against, Objections};
use crate::weighing::weigh::AlbumFit;

/// Where tracks of two discs are counted on, the first disc has at least so many.
const LEAST_ON_A_DISC: u16 = 4;

/// Disc and track number; 0 where one is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) disc: u16,
    pub(crate) track: u16,
}

/// How two places on one album compare, from one place to two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PlaceFit {
    /// Disc and track are known and equal.
    Same,
    /// The track is; of the disc only one side tells.
    SameTrack,
    #[default]
    Unknown,
    OtherTrack,
    OtherDisc,
}

impl PlaceFit {
    /// Whether the numbers tell two tracks.
    pub(crate) fn differs(self) -> bool {
        self >= Self::OtherTrack
    }

    /// Whether they speak for one track.
    pub(crate) fn agrees(self) -> bool {
        self <= Self::SameTrack
    }
}

impl Place {
    pub(crate) fn wanted(wanted: &Wanted) -> Self {
        Self { disc: small(wanted.disc_number), track: small(wanted.track_number) }
    }

    /// A file's. Where its tag says disc 1 or nothing, as rippers do, the folder of a later disc knows better.
    pub(crate) fn of(file: &File<'_>) -> Self {
        let by_folders = if file.disc <= 1 { disc_by_folders(file.path, file.album) } else { None };
        Self { disc: by_folders.unwrap_or(file.disc), track: file.track }
    }

    pub(crate) fn compare(self, other: Self) -> PlaceFit {
        let discs_known = self.disc > 0 && other.disc > 0;
        if discs_known && self.disc != other.disc {
            return PlaceFit::OtherDisc;
        }
        // Without its number a disc is the first one, or one of an album that was not told apart by discs.
        if !discs_known && self.disc.max(other.disc) > 1 || self.track == 0 || other.track == 0 {
            return PlaceFit::Unknown;
        }
        match self.track == other.track {
            true if discs_known => PlaceFit::Same,
            true => PlaceFit::SameTrack,
            false => PlaceFit::OtherTrack,
        }
    }

    /// Whether one side may count the tracks on over all discs: disc 1, track 14 is disc 2, track 3.
    fn may_be_counted_on(self, other: Self) -> bool {
        let (first, later) = if self.disc < other.disc { (self, other) } else { (other, self) };
        later.track > 0 && first.track >= later.track.saturating_add(LEAST_ON_A_DISC)
    }
}

/// What is known of a file beside its numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) index: &'a Index,
    pub(crate) file: &'a File<'a>,
    pub(crate) album: AlbumFit,
    /// The wanted title, folded, and which version it says it is.
    pub(crate) title: &'a str,
    pub(crate) claims: &'a [Claim],
    /// How far the playing times are apart, in milliseconds.
    pub(crate) apart: Option<u32>,
    /// Whether an ISRC or MusicBrainz id agrees, or it only stands in for what is wanted.
    pub(crate) settled: bool,
}

/// Compares the wanted place with the file's. On one album another disc may have other recordings, and another number be
/// that of a namesake; editions of one name count differently, too.
pub(crate) fn place_evidence(
    ledger: &mut Ledger,
    wanted: Place,
    around: Around<'_>,
    against: &mut Objections,
) -> PlaceFit {
    if around.album > AlbumFit::Edition {
        return PlaceFit::Unknown;
    }
    let offered = Place::of(around.file);
    let fit = wanted.compare(offered);
    if !fit.differs() || around.album != AlbumFit::Same || around.settled {
        return fit;
    }
    let (says, is_doubt) = if fit == PlaceFit::OtherDisc {
        let says = format!("it is on disc {} of this album, not on disc {}", offered.disc, wanted.disc);
        (says, !around.may_be_on(wanted, offered))
    } else {
        let says = format!("it is track {} of this album, not track {}", offered.track, wanted.track);
        (says, !around.may_be_numbered(wanted, offered))
    };
    ledger.add("album", -0.3, says.clone());
    if is_doubt {
        against.raise(Against::Place, says);
    }
    fit
}

impl Around<'_> {
    /// Whether only the album may say that the file is the wanted version: then its place may not speak against it.
    fn is_version_by_album(&self) -> bool {
        use Kind::{Acapella, Acoustic, Demo, Instrumental, Karaoke, Live};
        let told = Title::parse(self.file.title).claims;
        let tells = |kind: Kind| told.iter().any(|claim| claim.kind == kind);
        let mut kinds = self.claims.iter().map(|claim| claim.kind);
        kinds.any(|kind| {
            matches!(kind, Live | Acoustic | Instrumental | Acapella | Karaoke | Demo) && !tells(kind)
        })
    }

    fn is_within(&self, most: u32) -> bool {
        self.apart.is_some_and(|apart| apart <= most)
    }

    /// Whether a file on another disc of the album may be what is wanted all the same. A later disc with the very number is
    /// most likely the live or instrumental one, unless its numbers go on where the disc before it ends.
    fn may_be_on(&self, wanted: Place, offered: Place) -> bool {
        if !self.is_within(CLOSE) || self.is_version_by_album() {
            return false;
        }
        if wanted.may_be_counted_on(offered) {
            return true;
        }
        let are_known = wanted.track > 0 && offered.track > 0;
        let is_parallel = wanted.track == offered.track && offered.disc > wanted.disc;
        !is_on_every_album(self.title)
            && are_known
            && (!is_parallel || self.numbers_go_on(wanted.disc, offered.disc))
            && !self.has_namesake(offered)
    }

    /// The same of another number. A title of every album is often there twice.
    fn may_be_numbered(&self, wanted: Place, offered: Place) -> bool {
        if is_on_every_album(self.title) {
            let is_next = wanted.track.abs_diff(offered.track) == 1;
            return is_next && self.is_within(AS_LONG) && !self.has_namesake(offered);
        }
        // Without a disc the number may be that of a line in a list.
        let is_sure = wanted.disc > 0 && self.apart.is_some();
        if is_sure && self.is_version_by_album() {
            return false;
        }
        !is_sure || self.is_within(CLOSE) || !self.has_namesake(offered)
    }

    /// Whether the album has another file of this title at another place.
    fn has_namesake(&self, offered: Place) -> bool {
        let name = |file: &File<'_>| {
            let title = Title::parse(file.title);
            let kinds: Vec<_> = title.claims.iter().map(|claim| claim.kind).collect();
            (squash(&title.whole()), kinds)
        };
        let own = name(self.file);
        let others = self.index.titled_alike(self.file);
        let mut others = others.iter().filter_map(|at| self.index.files.get(*at));
        others.any(|other| {
            have_one_album(&other, self.file)
                && Place::of(&other).compare(offered).differs()
                && name(&other) == own
        })
    }

    /// Whether the album's numbers on the later disc begin behind those of the first.
    fn numbers_go_on(&self, first: u16, later: u16) -> bool {
        let files = self.index.of_its_album(self.file).iter().filter_map(|at| self.index.files.get(*at));
        let places = files.filter(|file| have_one_album(file, self.file)).map(|file| Place::of(&file));
        let (mut last, mut next) = (0, u16::MAX);
        for place in places.filter(|place| place.track > 0) {
            if place.disc == first {
                last = last.max(place.track);
            } else if place.disc == later {
                next = next.min(place.track);
            }
        }
        last > 0 && next > last
    }
}

/// Whether two files name one album, or both none.
pub(crate) fn have_one_album(a: &File<'_>, b: &File<'_>) -> bool {
    a.album == b.album || squash(&fold(a.album)) == squash(&fold(b.album))
}

/// Whether the server that lists both has them on two albums, though those may have one name. Some servers take the folder of
/// each disc for an album: of two discs that tells nothing.
pub(crate) fn are_of_two_albums(a: &File<'_>, b: &File<'_>) -> bool {
    a.album_at.is_apart(b.album_at) && Place::of(a).compare(Place::of(b)) != PlaceFit::OtherDisc
}

/// Whether the file's album has another file of its title, in whatever version; a copy of it is none.
pub(crate) fn has_another_of_its_title(index: &Index, file: &File<'_>) -> bool {
    let base = Title::parse(file.title).base;
    let is_copy = |other: &File<'_>| {
        other.title == file.title
            && (other.disc, other.track) == (file.disc, file.track)
            && other.album == file.album
    };
    let others = index.titled_alike(file).iter().filter_map(|at| index.files.get(*at));
    let mut others = others.filter(|other| other.file_id != file.file_id && !is_copy(other));
    others.any(|other| have_one_album(&other, file) && Title::parse(other.title).base == base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_compared_by_what_both_sides_tell() {
        let at = |disc, track| Place { disc, track };
        for (one, other, fit) in [
            (at(1, 2), at(1, 2), PlaceFit::Same),
            (at(0, 2), at(1, 2), PlaceFit::SameTrack),
            (at(0, 2), at(0, 2), PlaceFit::SameTrack),
            (at(0, 2), at(2, 2), PlaceFit::Unknown),
            (at(0, 14), at(2, 2), PlaceFit::Unknown),
            (at(1, 2), at(1, 0), PlaceFit::Unknown),
            (at(1, 4), at(0, 9), PlaceFit::OtherTrack),
            (at(1, 2), at(2, 2), PlaceFit::OtherDisc),
            (at(1, 0), at(2, 0), PlaceFit::OtherDisc),
        ] {
            assert_eq!(one.compare(other), fit, "{one:?} / {other:?}");
            assert_eq!(other.compare(one), fit, "{other:?} / {one:?}");
        }
        assert!(at(1, 14).may_be_counted_on(at(2, 3)) && at(2, 3).may_be_counted_on(at(1, 14)));
        assert!(!at(1, 2).may_be_counted_on(at(2, 2)) && !at(1, 14).may_be_counted_on(at(2, 0)));
    }
}
