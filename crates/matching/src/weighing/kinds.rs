//! Evidence from what both sides claim to be: versions and guests.

use crate::readings::describe::{Album, Reading, Sought, is_clean};
use crate::readings::names::{Agreement, Names};
use crate::texts::normalise::squash;
use crate::texts::numerals::MONTHS;
use crate::texts::phrases::contains_phrase;
use crate::versions::table::{Claim, Kind, Verdict, differences};
use crate::weighing::evidence::Ledger;
use crate::weighing::objection::{Against, Objections};
use crate::{Allowed, Policy};

/// What agrees beside the names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    /// Album and playing time; where none is wanted, album, title and first artist.
    pub(crate) trusted: bool,
    /// Either of the two, or at least no playing time speaks against it.
    pub(crate) settled: bool,
}

/// A guest that only one side names: an added guest usually means another recording, unless album and length agree
/// (`trusted`); a missing one a careless tag.
pub(crate) fn guest_evidence(
    ledger: &mut Ledger,
    sought: &Sought,
    reading: &Reading,
    credit: &str,
    Settled { trusted, settled }: Settled,
    against: &mut Objections,
) {
    let wanted_guests = Names::of(sought.title.guests.iter().map(String::as_str));
    let offer_guests = Names::of(reading.title.guests.iter().map(String::as_str));
    let lead = usize::MAX;
    let known = |names: &Names| sought.names.agreement(names, lead) > Agreement::Unknown;
    if !offer_guests.is_empty() && !known(&offer_guests) {
        let named = wanted_guests.agreement(&offer_guests, lead) > Agreement::Unknown;
        if !named {
            ledger.add("artist", -0.6, "with a guest the wanted recording does not name");
            if !trusted {
                against.raise(Against::Guest, "with a guest the wanted recording does not name");
            }
        }
    }
    if !wanted_guests.is_empty() && offer_guests.is_empty() {
        let credited = Names::of(std::iter::once(credit)).agreement(&wanted_guests, lead)
            > Agreement::Unknown
            || wanted_guests.0.iter().any(|guest| contains_phrase(credit, &guest.folded));
        if !credited {
            ledger.add("artist", -0.4, "the guest is not named");
            if !settled {
                against
                    .raise(Against::Guest, "the guest is not named, and no playing time or album settles it");
            }
        }
    }
}

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
    /// The playing time, closely.
    pub(crate) close: bool,
    /// No playing time is wanted, so none can agree.
    pub(crate) untimed: bool,
    /// The album and the number on it.
    pub(crate) place: bool,
    /// An ISRC or MusicBrainz id: it is this very mix.
    pub(crate) id: bool,
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
    let Agreeing { close, untimed, id, .. } = agreeing;
    let mut fit = VersionFit::default();
    let wanted_album = &sought.album;
    let same_album = !album.folded.is_empty() && squash(&album.folded) == squash(&wanted_album.folded);
    let (mut wanted, mut offered) = (sought.title.claims.clone(), claims.to_vec());
    if same_album && (close || untimed) {
        extend_by_one_album(&mut wanted, &mut offered, album);
    } else if !same_album {
        extend_by_album(&mut wanted, wanted_album, &offered, album);
        extend_by_album(&mut offered, album, &sought.title.claims, wanted_album);
    }
    let by_folders = told_by_folders(album, &sought.title.claims, agreeing);
    extend_by_folders(&mut offered, &by_folders, &sought.title.claims);
    for difference in differences(&wanted, &offered) {
        let only_album = |own: &[Claim]| own.iter().all(|claim| claim.kind != difference.kind);
        let by_album = only_album(&sought.title.claims) && only_album(claims);
        let plain = [album, wanted_album]
            .iter()
            .any(|album| album.claims.iter().any(|(claim, plain)| claim.kind == difference.kind && *plain))
            || by_folders.iter().any(|(claim, plain)| claim.kind == difference.kind && *plain);
        let mut verdict = difference.verdict;
        // That the wanted album is a live one does not prove that a bare title of no known album is not its live
        // take, and two descriptions of one album's take may share no word.
        let by_wanted_album = by_album && offered.iter().all(|claim| claim.kind != difference.kind);
        let elsewhere = by_wanted_album && !album.folded.is_empty() && album.base != wanted_album.base;
        let one_take = same_album
            && close
            && difference.kind == Kind::Live
            && both_claim(&wanted, &offered, Kind::Live)
            && !two_evenings(&wanted, &offered);
        if !elsewhere && ((by_album && !plain) || by_wanted_album || one_take) {
            verdict = verdict.min(Verdict::Doubt);
        }
        let offered_it = offered.iter().any(|claim| claim.kind == difference.kind);
        match allowance(policy.allowed, difference.kind, offered_it) {
            Allowance::StandsIn => {
                fit.any_length |= difference.kind != Kind::Remaster;
                ledger.add("version", -0.1, difference.says.clone());
                fit.stand_in.push(difference.says);
                continue;
            }
            Allowance::Never => verdict = Verdict::Reject,
            Allowance::ByTable => {}
        }
        // Another mix plays just as long; on one album only the label may be missing.
        let other_mix = difference.kind == Kind::Mono && !id && (offered_it || !same_album);
        match verdict {
            Verdict::Allow => ledger.add("version", -0.1, difference.says),
            Verdict::Doubt if close && !other_mix => {
                ledger.add("version", -0.8, difference.says);
                if !id {
                    fit.told.extend(label(difference.kind, offered_it));
                }
            }
            Verdict::Doubt | Verdict::Reject => {
                ledger.add("version", -2.0, difference.says.clone());
                against.raise(Against::Version, difference.says);
            }
        }
    }
    if !same_album && are_two_live_albums(sought, claims, album) {
        another_evening(ledger, &mut fit, policy.allowed.live, close, against);
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

/// Adds on both sides what the one album of both plainly says.
fn extend_by_one_album(wanted: &mut Vec<Claim>, offered: &mut Vec<Claim>, album: &Album) {
    let plain = album.claims.iter().filter(|(_, plain)| *plain);
    let said: Vec<&Claim> = plain.map(|(claim, _)| claim).collect();
    let (ours, theirs) = (wanted.clone(), offered.clone());
    wanted.extend(said_by_album(&said, &ours, &theirs));
    offered.extend(said_by_album(&said, &theirs, &ours));
}

/// On one album that says it is live, `Ember` and `Ember - Live at Fenmoor` are one take: what one title leaves to the
/// album, the other says.
fn said_by_album(said: &[&Claim], own: &[Claim], other: &[Claim]) -> Vec<Claim> {
    let unsaid = |claim: &&Claim| {
        said.iter().any(|known| known.kind == claim.kind) && own.iter().all(|known| known.kind != claim.kind)
    };
    other.iter().filter(unsaid).cloned().collect()
}

fn another_evening(
    ledger: &mut Ledger,
    fit: &mut VersionFit,
    allowed: bool,
    close: bool,
    against: &mut Objections,
) {
    let says = "live, but on another live album";
    if allowed {
        fit.any_length = true;
        fit.stand_in.push(says.to_owned());
    } else if close {
        ledger.add("version", -0.8, says);
    } else {
        against.raise(Against::Version, says);
    }
}

/// Whether both albums are live ones of different names, and the titles do not say themselves which performance they
/// are.
fn are_two_live_albums(sought: &Sought, offered: &[Claim], album: &Album) -> bool {
    let is_live = |album: &Album| album.claims.iter().any(|(claim, _)| claim.kind == Kind::Live);
    let says_which =
        |claims: &[Claim]| claims.iter().any(|c| c.kind == Kind::Live && !c.particulars.is_empty());
    let all_in =
        |few: &str, many: &str| few.split(' ').all(|word| many.split(' ').any(|other| other == word));
    let (ours, theirs) = (&sought.album, album);
    is_live(ours)
        && is_live(theirs)
        && !(says_which(&sought.title.claims) && says_which(offered))
        && !all_in(&ours.folded, &theirs.folded)
        && !all_in(&theirs.folded, &ours.folded)
        && ours.base != theirs.base
}

fn both_claim(a: &[Claim], b: &[Claim], kind: Kind) -> bool {
    [a, b].iter().all(|claims| claims.iter().any(|claim| claim.kind == kind))
}

/// Whether both say where, or both say when, a live recording was made, and each names something the other does
/// not (two places may share the word `arena`).
fn two_evenings(wanted: &[Claim], offered: &[Claim]) -> bool {
    let said = |claims: &[Claim], numbers: bool| -> Vec<String> {
        let live = claims.iter().filter(|claim| claim.kind == Kind::Live);
        let words = live.flat_map(|claim| claim.particulars.iter());
        words
            .filter(|word| {
                word.bytes().any(|b| b.is_ascii_digit()) == numbers && !MONTHS.contains(&word.as_str())
            })
            .cloned()
            .collect()
    };
    [false, true].into_iter().any(|numbers| {
        let (ours, theirs) = (said(wanted, numbers), said(offered, numbers));
        ours.iter().any(|word| !theirs.contains(word)) && theirs.iter().any(|word| !ours.contains(word))
    })
}

/// What a file's folders still say beside what agrees: an ISRC outweighs them, and the album with its number what is not plain.
/// What the wanted title says itself they may always say, too.
fn told_by_folders(album: &Album, wanted: &[Claim], agreeing: Agreeing) -> Vec<(Claim, bool)> {
    let outweighed = |plain: bool| agreeing.close && (agreeing.id || agreeing.place && !plain);
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

/// Adds what an album's name claims, unless the other side's own texts already settle that kind.
fn extend_by_album(claims: &mut Vec<Claim>, album: &Album, other: &[Claim], other_album: &Album) {
    for (claim, _) in &album.claims {
        let own = claims.iter().any(|known| known.kind == claim.kind);
        let shared = other_album.claims.iter().any(|(known, _)| known.kind == claim.kind);
        let spoken = other.iter().any(|known| known.kind == claim.kind);
        if !own && !shared {
            let particulars = if spoken {
                other.iter().filter(|c| c.kind == claim.kind).flat_map(|c| c.particulars.clone()).collect()
            } else {
                Vec::new()
            };
            claims.push(Claim { kind: claim.kind, particulars });
        }
    }
}
