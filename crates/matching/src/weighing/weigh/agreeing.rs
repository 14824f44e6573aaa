//! What agrees beside the words of title, artist and version: length, number, release, and who else confirms a name.

use super::{AlbumFit, Weighing};
use crate::readings::describe::Album;
use crate::readings::names::{Agreement, Names};
use crate::texts::normalise::{edits, fold, squash, typo_allowance};
use crate::texts::numerals::numbers;
use crate::versions::table::Kind;
use crate::weighing::fit::TitleFit;
use crate::weighing::guests::Settled;
use crate::weighing::kinds::{AS_LONG, Agreeing};
use crate::weighing::part_title::Beyond;
use crate::weighing::place::{Place, PlaceFit, has_another_of_its_title};

impl Weighing<'_> {
    /// Whether its number agrees, and its length nearly to the second: on one album that is one track.
    pub(super) fn is_at_its_place(&self) -> bool {
        self.place_fit().agrees() && self.apart().is_some_and(|apart| apart <= AS_LONG)
    }

    pub(super) fn place_fit(&self) -> PlaceFit {
        self.sought.place.compare(Place::of(self.file))
    }

    /// What agrees beside the titles.
    pub(super) fn beyond(&self) -> Beyond {
        let unnamed = |album: &Album| album.folded.is_empty();
        Beyond {
            same_release: self.same_release(),
            release_unknown: unnamed(&self.sought.album) || unnamed(&self.readings.album),
            same_place: self.place_fit().agrees(),
            apart: self.apart(),
        }
    }

    /// What agrees beside the words of the versions.
    pub(super) fn agreeing(&self, album: AlbumFit) -> Agreeing {
        let same_album = album == AlbumFit::Same;
        Agreeing {
            apart: self.apart(),
            untimed: self.sought.duration.is_none(),
            same_album,
            place: if same_album { self.place_fit() } else { PlaceFit::Unknown },
            id: self.isrc_agrees || self.mbid_agrees,
            one_track: !self.sought.title.claims.is_empty() && self.is_one_track(album),
        }
    }

    /// Whether it is the wanted track of that album for all that is not words of a version. A studio album may have its title
    /// once more as a live bonus track: then there is another file of it or another number, and where no number is known only
    /// an album that is live by its name tells; where no playing time is wanted that must be the very album. A single is called
    /// after its studio recording.
    fn is_one_track(&self, album: AlbumFit) -> bool {
        let (sought, theirs) = (self.sought, &self.readings.album);
        let place = self.place_fit();
        let is_live =
            || [&sought.album, theirs].iter().any(|one| one.claims.iter().any(|(c, _)| c.kind == Kind::Live));
        let is_untimed = || sought.duration.is_none() && album == AlbumFit::Same && is_live();
        album <= AlbumFit::Edition
            && (self.is_close() || is_untimed())
            && !place.differs()
            && theirs.base != sought.title.base
            && (place.agrees() || is_live())
            && !has_another_of_its_title(self.index, self.file)
    }

    /// Where no playing time is wanted, title, first artist and album are all that can agree.
    pub(super) fn settled(
        &self,
        trusted: bool,
        title: Option<TitleFit>,
        names: Agreement,
        album: AlbumFit,
    ) -> Settled {
        let one_album = album == AlbumFit::Same || self.readings.album.has_name_of(&self.sought.album);
        let same = one_album && title == Some(TitleFit::Same) && names == Agreement::Same;
        let id_agrees = self.isrc_agrees || self.mbid_agrees;
        Settled {
            trusted: trusted || same && self.sought.duration.is_none(),
            settled: self.apart().is_some() || album <= AlbumFit::Edition || id_agrees,
        }
    }

    pub(super) fn is_close(&self) -> bool {
        self.apart().is_some_and(|apart| apart <= 2_000)
    }

    pub(super) fn apart(&self) -> Option<u32> {
        self.sought.duration.zip(self.file.duration).map(|(a, b)| a.abs_diff(b))
    }

    /// Whether both sides name the same release: letter by letter, in the tag or as the folder; or with a slip, unless
    /// the release is called like the title, where the slip would prove itself.
    pub(super) fn same_release(&self) -> bool {
        let (wanted, offered) = (&self.sought.album, &self.readings.album);
        if wanted.folded.is_empty() {
            return false;
        }
        let folder = fold(parent_folder(self.file.path));
        let same = |text: &str| squash(&wanted.folded) == squash(text) || wanted.base == text;
        let slipped = || {
            let allowed = typo_allowance(wanted.base.chars().count());
            wanted.base != self.sought.title.base
                && numbers(&wanted.base) == numbers(&offered.base)
                && edits(&wanted.base, &offered.base, allowed).is_some()
        };
        same(&offered.folded) || same(&offered.base) || same(&folder) || slipped()
    }

    /// Whether the album tag or the folder is called exactly like the wanted title.
    pub(super) fn title_confirmed(&self) -> bool {
        let wanted = squash(&self.sought.title.whole());
        [self.file.album, parent_folder(self.file.path)].iter().any(|text| squash(&fold(text)) == wanted)
    }

    /// Whether the album artist, or the folder the album lies in, spells the wanted artist rightly.
    pub(super) fn artist_confirmed(&self) -> bool {
        let folder = self.file.path.rsplit(['/', '\\']).nth(2).unwrap_or_default();
        [self.file.album_artists, folder].into_iter().filter(|text| !text.is_empty()).any(|text| {
            let names = Names::of(text.split('\u{1f}'));
            self.sought.names.agreement(&names, self.sought.lead) >= Agreement::Listed
        })
    }
}

/// The folder that a file lies in.
pub(super) fn parent_folder(path: &str) -> &str {
    path.rsplit(['/', '\\']).nth(1).unwrap_or_default()
}
