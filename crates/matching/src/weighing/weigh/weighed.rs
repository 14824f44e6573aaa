//! What came of weighing a file.

use ferrotape_domain::Evidence;

use crate::weighing::calibration;
use crate::weighing::evidence::Ledger;
use crate::weighing::objection::{Against, Objections};
use crate::weighing::place::PlaceFit;
use crate::weighing::sound::Sounding;

/// One file, weighed.
#[derive(Debug, Clone)]
pub(crate) struct Weighed {
    pub(crate) at: u32,
    /// How strongly the evidence speaks for it, 0 to 1; orders files, says nothing about how many such files are right.
    pub(crate) strength: f32,
    /// Whether both playing times are known.
    pub(crate) length_known: bool,
    pub(crate) reasons: Vec<Evidence>,
    /// Why it must not be chosen, when it must not.
    pub(crate) against: Objections,
    /// Set when it may only stand in for what is wanted, as the policy allows: what it is.
    pub(crate) stand_in: Option<String>,
    /// Set when it is most likely the thing itself under another label: what is told. It ranks as the thing itself, for
    /// a weaker file must not go before it just for being plainly named.
    pub(crate) told: Option<String>,
    /// Whether it stands in as a version that may well have another length.
    pub(crate) any_length: bool,
    /// Folded title, claims, and the name of an album that claims something: files with equal keys claim to be one recording.
    pub(crate) recording: String,
    pub(crate) duration: Option<u32>,
    pub(crate) exact: bool,
    /// Whether it is worth asking about, however little speaks for it: only a year stands behind its title.
    pub(crate) is_near: bool,
    /// Whether its title has the marks of the wanted one: `In the Flesh?`.
    pub(crate) same_marks: bool,
    /// Whether nothing tells who plays it.
    pub(crate) is_nobodys: bool,
    pub(crate) album: AlbumFit,
    /// How its place on the album compares with the wanted one.
    pub(crate) place: PlaceFit,
    /// How far its playing time is from the wanted one, in milliseconds.
    pub(crate) apart: Option<u32>,
    /// Whether an ISRC or MusicBrainz id agrees.
    pub(crate) id_agrees: bool,
    /// What it is to the others by its sound.
    pub(crate) sound: Sounding,
}

impl Weighed {
    /// How likely it is the wanted recording, from 0 to 1.
    pub(crate) fn score(&self) -> f32 {
        calibration::score(self.strength, self.against.gravest(), self.length_known)
    }

    /// Orders the ways to read one file: what fits before what does not, the thing itself before what stands in for it.
    pub(crate) fn rank(&self) -> (bool, bool, f32) {
        (self.fits(), self.stand_in.is_none(), self.strength)
    }

    /// Whether it may be the recording itself, for all that its texts say.
    pub(crate) fn may_be_it(&self) -> bool {
        self.fits() || self.against.only_letters() || self.against.only_unproven()
    }

    /// Nothing tells its playing time, and one is wanted: it may be anything of that name.
    pub(crate) fn object_to_no_length(&mut self) {
        self.against.raise(Against::Unmeasured, "nothing tells how long it plays");
        let ledger = Ledger::of(std::mem::take(&mut self.reasons));
        self.strength = ledger.strength(self.against.gravest());
        self.reasons = ledger.into_reasons();
    }

    /// Whether nothing forbids choosing it.
    pub(crate) fn fits(&self) -> bool {
        self.against.is_empty()
    }
}

/// Adds a reason found later to a weighed file.
pub(crate) fn added(weighed: &mut Weighed, reason: Evidence) {
    let mut ledger = Ledger::of(std::mem::take(&mut weighed.reasons));
    ledger.push(reason);
    weighed.strength = ledger.strength(weighed.against.gravest());
    weighed.reasons = ledger.into_reasons();
}

/// How the albums compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AlbumFit {
    Same,
    /// Perhaps another edition of it.
    Edition,
    Unknown,
    Differs,
}
