//! Where a track stands on its album: one title may stand there twice, as two recordings.
//!
//! `Ebb` on disc 1 and on the live disc of a deluxe edition, or two tracks called `Interlude`: names, album and even the
//! playing time agree, and only the numbers tell which is which. On another album the same recording stands at another
//! place, so numbers say something only where the album is one.

use ferrotape_domain::Wanted;

use crate::readings::title::is_on_every_album;
use crate::search::collection::{File, small};
use crate::weighing::evidence::Ledger;
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

    pub(crate) fn of(file: &File<'_>) -> Self {
        Self { disc: file.disc, track: file.track }
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
    pub(crate) album: AlbumFit,
    /// The wanted title, folded.
    pub(crate) title: &'a str,
    /// How far the playing times are apart, in milliseconds.
    pub(crate) apart: Option<u32>,
    /// Whether an ISRC or MusicBrainz id agrees, or it only stands in for what is wanted.
    pub(crate) settled: bool,
}

/// Compares the wanted place with the file's. On one album another disc has other recordings; another number is a doubt
/// where the title is on every album or the playing time differs, for editions of one name count differently.
pub(crate) fn place_evidence(
    ledger: &mut Ledger,
    (wanted, offered): (Place, Place),
    around: Around<'_>,
    against: &mut Objections,
) -> PlaceFit {
    if around.album > AlbumFit::Edition {
        return PlaceFit::Unknown;
    }
    let fit = wanted.compare(offered);
    if !fit.differs() || around.album != AlbumFit::Same || around.settled {
        return fit;
    }
    let close = around.apart.is_some_and(|apart| apart <= 2_000);
    let (says, is_doubt) = if fit == PlaceFit::OtherDisc {
        let says = format!("it is on disc {} of this album, not on disc {}", offered.disc, wanted.disc);
        (says, !(close && wanted.may_be_counted_on(offered)))
    } else {
        let says = format!("it is track {} of this album, not track {}", offered.track, wanted.track);
        // Without a disc the number may be that of a line in a list.
        let is_sure = wanted.disc > 0 && around.apart.is_some();
        (says, is_on_every_album(around.title) || is_sure && !close)
    };
    ledger.add("album", -0.3, says.clone());
    if is_doubt {
        against.raise(Against::Words, says);
    }
    fit
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
