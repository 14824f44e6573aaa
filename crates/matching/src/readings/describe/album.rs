//! An album's name: what it is called, what it claims for its tracks, and which production it is of.

use ferrotape_domain::{ReleaseKind, ReleaseKinds};

use crate::classical::work::AlbumWorks;
use crate::texts::normalise::{fold, repair_mojibake, squash};
use crate::versions::album_claims::{claims_of_album, claims_of_folder, is_live_by};
use crate::versions::productions::Production;
use crate::versions::table::{Claim, Kind};

/// An album name: what it is called without edition words, and what it claims.
#[derive(Debug, Default)]
pub(crate) struct Album {
    pub(crate) printed: String,
    /// Folded whole.
    pub(crate) folded: String,
    /// Folded, without brackets and dash suffixes.
    pub(crate) base: String,
    /// The production of a musical or film that it names.
    production: Option<Production>,
    /// What it claims for its tracks, and whether plainly.
    pub(crate) claims: Vec<(Claim, bool)>,
    /// What of it only the type of the release says, not the name.
    pub(crate) by_type: Vec<Kind>,
    /// What the folders of a file claim beside it, and whether plainly.
    pub(crate) by_folders: Vec<(Claim, bool)>,
}

impl Album {
    /// An album that only its folder names.
    pub(super) fn of_folder(name: &str) -> Self {
        let album = Self::of(name);
        Self { claims: claims_of_folder(&repair_mojibake(name)), ..album }
    }

    pub(crate) fn of(name: &str) -> Self {
        if name.is_empty() {
            return Self::default();
        }
        let repaired = repair_mojibake(name);
        let folded = fold(&repaired);
        let base = repaired.split(['(', '[', '{']).next().map(fold).filter(|b| !b.is_empty());
        Self {
            base: base.unwrap_or_else(|| folded.clone()),
            production: Production::of(&repaired),
            claims: claims_of_album(&repaired),
            folded,
            printed: name.trim().to_owned(),
            by_type: Vec::new(),
            by_folders: Vec::new(),
        }
    }

    /// Adds that it is live where its name is that word and one of these names: `Live Cream`.
    pub(super) fn say_live_by<'a>(&mut self, mut artists: impl Iterator<Item = &'a str>) {
        let is_said = self.claims.iter().any(|(claim, _)| claim.kind == Kind::Live);
        if !is_said && artists.any(|artist| is_live_by(&self.folded, artist)) {
            self.claims.push((Claim { kind: Kind::Live, particulars: Vec::new() }, true));
        }
    }

    /// Adds what the type of the release says: `album; live`. A mix by a DJ may have its tracks whole.
    pub(super) fn say_type(&mut self, kinds: ReleaseKinds) {
        for kind in kinds.kinds() {
            let (kind, plain) = match kind {
                ReleaseKind::Live => (Kind::Live, true),
                ReleaseKind::Remix => (Kind::Remix, true),
                ReleaseKind::Demo => (Kind::Demo, true),
                ReleaseKind::DjMix => (Kind::Medley, false),
                ReleaseKind::Interview => (Kind::Named, false),
            };
            match self.claims.iter_mut().find(|(claim, _)| claim.kind == kind) {
                Some((_, known)) => *known |= plain,
                None => {
                    self.claims.push((Claim { kind, particulars: Vec::new() }, plain));
                    self.by_type.push(kind);
                }
            }
        }
    }

    /// Whether both name a production of one show or film, and not the same.
    pub(crate) fn is_other_production(&self, other: &Self) -> bool {
        let both = self.production.as_ref().zip(other.production.as_ref());
        both.is_some_and(|(one, other)| one.is_other_than(other))
    }

    /// Whether both have one name without words of an edition; how its words are parted is nothing.
    pub(crate) fn has_name_of(&self, other: &Self) -> bool {
        let name = squash(&self.base);
        !name.is_empty() && name == squash(&other.base)
    }

    /// The classical works its name lists.
    pub(crate) fn works(&self) -> AlbumWorks {
        AlbumWorks::of(&self.folded)
    }
}
