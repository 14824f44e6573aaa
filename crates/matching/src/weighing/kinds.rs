//! Evidence from what both sides claim to be: their versions.

use crate::readings::describe::{Album, Sought, is_clean};
use crate::versions::table::{Claim, Kind, Verdict, differences};
use crate::weighing::by_album::{extend_by_albums, holds, open_by_album};
use crate::weighing::evidence::Ledger;
use crate::weighing::objection::{Against, Objections};
use crate::weighing::place::PlaceFit;
use crate::{Allowed, Policy};
use who_tells::told;

mod who_tells;

/// Playing times that are this near to each other, in milliseconds, are equal.
pub(crate) const AS_LONG: u32 = 1_100;

/// What the versions come to.
#[derive(Debug, Default)]
pub(crate) struct VersionFit {
    /// In what the file is not exactly what is wanted, though allowed to stand in for it.
    pub(crate) stand_in: Vec<String>,
    /// In what its label differs though it is most likely the thing itself: told, but no reason to take another.
    pub(crate) told: Vec<String>,
    /// Whether such a version may well have another length.
    pub(crate) any_length: bool,
}

/// What agrees beside the words of the versions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Agreeing {
    /// How far the playing times are apart, in milliseconds, where both are known.
    pub(crate) apart: Option<u32>,
    /// No playing time is wanted, so none can agree.
    pub(crate) untimed: bool,
    pub(crate) same_album: bool,
    /// The number on it; unknown on another album.
    pub(crate) place: PlaceFit,
    /// An ISRC or MusicBrainz id: it is this very mix.
    pub(crate) id: bool,
    /// Album, playing time and number, or an album that is live by its name where no number is known, and the album has no
    /// other file of that title: it is this track, and only the label may be missing.
    pub(crate) one_track: bool,
}

impl Agreeing {
    /// Whether the playing times agree closely.
    pub(crate) fn close(self) -> bool {
        self.is_within(2_000)
    }

    fn is_within(self, most: u32) -> bool {
        self.apart.is_some_and(|apart| apart <= most)
    }
}

pub(crate) fn version_evidence(
    ledger: &mut Ledger,
    sought: &Sought,
    claims: &[Claim],
    album: &Album,
    agreeing: Agreeing,
    policy: &Policy,
    against: &mut Objections,
) -> VersionFit {
    let mut fit = VersionFit::default();
    let (mut wanted, mut offered) = (sought.title.claims.clone(), claims.to_vec());
    extend_by_albums(&mut wanted, &mut offered, sought, album, agreeing);
    let by_folders = told_by_folders(album, &sought.title.claims, agreeing);
    extend_by_folders(&mut offered, &by_folders, &sought.title.claims);
    for difference in differences(&wanted, &offered) {
        let by_file = offered.iter().any(|claim| claim.kind == difference.kind);
        let told = told(difference.kind, by_file, sought, claims, album, &by_folders);
        match allowance(policy.allowed, difference.kind, by_file) {
            Allowance::StandsIn => {
                fit.any_length |= difference.kind != Kind::Remaster;
                ledger.add("version", -0.1, difference.says.clone());
                fit.stand_in.push(difference.says);
                continue;
            }
            Allowance::Never => {
                object(ledger, against, difference.says);
                continue;
            }
            Allowance::ByTable => {}
        }
        let lesser = told.is_only_a_label((wanted.as_slice(), offered.as_slice()), album, agreeing)
            || told.is_only_a_doubt(sought, album, agreeing);
        let verdict = if lesser { difference.verdict.min(Verdict::Doubt) } else { difference.verdict };
        match verdict {
            Verdict::Allow => ledger.add("version", -0.1, difference.says),
            Verdict::Doubt if told.is_settled(agreeing) => {
                ledger.add("version", -0.8, difference.says);
                if !agreeing.id {
                    fit.told.extend(label(difference.kind, by_file));
                }
            }
            Verdict::Doubt | Verdict::Reject => object(ledger, against, difference.says),
        }
    }
    let is_live_allowed = policy.allowed.live;
    if let Some(says) =
        object_to_open_version(ledger, sought, claims, album, agreeing, is_live_allowed, against)
    {
        fit.any_length = true;
        fit.stand_in.push(says.to_owned());
    }
    if policy.allowed.never_clean && is_clean(&offered) && is_clean(&wanted) {
        against.raise(Against::Version, "a clean version, which you never want");
    }
    if sought.explicit == Some(false) && !is_clean(&wanted) && claims.iter().any(|c| c.kind == Kind::Explicit)
    {
        ledger.add("version", -0.5, "explicit, but the wanted recording is not marked so");
    }
    fit
}

fn object(ledger: &mut Ledger, against: &mut Objections, says: String) {
    ledger.add("version", -2.0, says.clone());
    against.raise(Against::Version, says);
}

/// Objects to what the albums leave open of a version; where live recordings are allowed, tells what it stands in as.
fn object_to_open_version(
    ledger: &mut Ledger,
    sought: &Sought,
    claims: &[Claim],
    album: &Album,
    agreeing: Agreeing,
    is_live_allowed: bool,
    against: &mut Objections,
) -> Option<&'static str> {
    let are_two = !agreeing.same_album && are_two_live_albums(sought, claims, album);
    let (kind, says) = match are_two {
        true => (Kind::Live, "live, but on another live album"),
        false => open_by_album(sought, claims, album, agreeing)?,
    };
    if is_live_allowed && kind == Kind::Live {
        return Some(says);
    }
    if agreeing.close() {
        ledger.add("version", -0.8, says);
    } else {
        against.raise(Against::Version, says);
    }
    None
}

/// What is told of a file that is taken though only one side says that it is an edit or a mono mix.
fn label(kind: Kind, offered_it: bool) -> Option<String> {
    let name = match kind {
        Kind::Edit => "an edit",
        Kind::Mono => "mono",
        _ => return None,
    };
    Some(match offered_it {
        true => format!("marked as {name}, and as long as what is wanted"),
        false => format!("not marked as {name}, which is wanted, but as long"),
    })
}

/// What the user's policy says of a difference, before the table does.
enum Allowance {
    /// Allowed to stand in, labelled.
    StandsIn,
    Never,
    ByTable,
}

fn allowance(allowed: Allowed, kind: Kind, offered_it: bool) -> Allowance {
    match kind {
        Kind::Remaster if allowed.remaster => Allowance::StandsIn,
        Kind::Remaster => Allowance::Never,
        Kind::Edit | Kind::Extended | Kind::Mono | Kind::Stereo if allowed.edition => Allowance::StandsIn,
        Kind::Live if allowed.live && offered_it => Allowance::StandsIn,
        Kind::Clean if allowed.never_clean && offered_it => Allowance::Never,
        Kind::Clean if allowed.never_clean => Allowance::StandsIn,
        _ => Allowance::ByTable,
    }
}

/// Whether both albums are live ones of different names, and the titles do not say themselves which performance they
/// are.
fn are_two_live_albums(sought: &Sought, offered: &[Claim], album: &Album) -> bool {
    let is_live = |album: &Album| album.claims.iter().any(|(claim, _)| claim.kind == Kind::Live);
    let says_which =
        |claims: &[Claim]| claims.iter().any(|c| c.kind == Kind::Live && !c.particulars.is_empty());
    let (ours, theirs) = (&sought.album, album);
    let both_say = says_which(&sought.title.claims) && says_which(offered);
    let is_one_name = holds(&ours.folded, &theirs.folded)
        || holds(&theirs.folded, &ours.folded)
        || ours.has_name_of(theirs);
    is_live(ours) && is_live(theirs) && !both_say && !is_one_name
}

/// What a file's folders still say beside what agrees: an ISRC outweighs them, and the album with its number what is not plain.
/// What the wanted title says itself they may always say, too.
fn told_by_folders(album: &Album, wanted: &[Claim], agreeing: Agreeing) -> Vec<(Claim, bool)> {
    let outweighed = |plain: bool| agreeing.close() && (agreeing.id || agreeing.place.agrees() && !plain);
    let is_wanted = |kind: Kind| wanted.iter().any(|claim| claim.kind == kind);
    let claims = album.by_folders.iter();
    claims.filter(|(claim, plain)| is_wanted(claim.kind) || !outweighed(*plain)).cloned().collect()
}

/// Adds what a file's folders claim beside its album's tag. The wanted title may say more of it: which evening, which mix.
fn extend_by_folders(offered: &mut Vec<Claim>, by_folders: &[(Claim, bool)], wanted: &[Claim]) {
    for (claim, _) in by_folders {
        if offered.iter().any(|known| known.kind == claim.kind) {
            continue;
        }
        let same = wanted.iter().filter(|known| known.kind == claim.kind);
        let particulars = same.flat_map(|known| known.particulars.clone()).collect();
        offered.push(Claim { kind: claim.kind, particulars });
    }
}
