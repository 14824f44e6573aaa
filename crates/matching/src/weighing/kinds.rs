//! Evidence from what both sides claim to be: versions and guests.

use crate::readings::describe::{Album, Reading, Sought, is_clean};
use crate::readings::names::{Agreement, Names};
use crate::texts::numerals::MONTHS;
use crate::texts::phrases::contains_phrase;
use crate::versions::table::{Claim, Kind, Verdict, differences};
use crate::weighing::by_album::{extend_by_albums, goes_on, holds, open_by_album};
use crate::weighing::evidence::Ledger;
use crate::weighing::objection::{Against, Objections};
use crate::weighing::place::PlaceFit;
use crate::{Allowed, Policy};

/// Playing times that are this near to each other, in milliseconds, are equal.
pub(crate) const AS_LONG: u32 = 1_100;

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

/// Who tells of a difference.
#[derive(Debug, Clone, Copy)]
struct Told {
    kind: Kind,
    /// The file is what it says, not the wanted recording.
    by_file: bool,
    /// Only an album or a folder does.
    by_album: bool,
    /// Only a folder that may be a shelf does.
    by_shelf: bool,
    plain: bool,
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

/// Who tells of a difference in this kind.
fn told(
    kind: Kind,
    by_file: bool,
    sought: &Sought,
    claims: &[Claim],
    album: &Album,
    by_folders: &[(Claim, bool)],
) -> Told {
    let is_silent = |own: &[Claim]| own.iter().all(|claim| claim.kind != kind);
    let by_album = is_silent(&sought.title.claims) && is_silent(claims);
    let says = |all: &[(Claim, bool)]| all.iter().any(|(claim, _)| claim.kind == kind);
    let plainly = |all: &[(Claim, bool)]| all.iter().any(|(claim, plain)| claim.kind == kind && *plain);
    let names_its_single = |one: &Album| kind == Kind::Remix && is_single_of_another(one, sought);
    let by_album_plainly = |one: &Album| plainly(&one.claims) && !names_its_single(one);
    let plain = by_album_plainly(album) || by_album_plainly(&sought.album) || plainly(by_folders);
    // `Low Water Symphonic`, where `Low Water` is wanted.
    let is_its_version =
        matches!(kind, Kind::Named | Kind::Acoustic) && says(&album.claims) && goes_on(album, &sought.album);
    let by_shelf = by_album && !says(&album.claims) && says(by_folders) && !plainly(by_folders);
    Told { kind, by_file, by_album, by_shelf, plain: plain || is_its_version }
}

/// Whether an album is called after one remix, and that of another song: `Ember (Tarn Bell Remix)` with `Neap` on it.
fn is_single_of_another(album: &Album, sought: &Sought) -> bool {
    album.base != album.folded && album.folded.ends_with(" remix") && album.base != sought.title.base
}

impl Told {
    /// Whether the difference is no more than a doubt. That the wanted album is a live one does not prove that a bare
    /// title of no known album is not its live take, and two descriptions of one album's take may share no word.
    fn is_only_a_doubt(self, sought: &Sought, album: &Album, agreeing: Agreeing) -> bool {
        let by_wanted_album = self.by_album && !self.by_file;
        let elsewhere = by_wanted_album && !album.folded.is_empty() && album.base != sought.album.base;
        // `A Night at the Opera` is perhaps no live one: the very length on another album says that it is not.
        let is_studio = !self.plain && agreeing.is_within(AS_LONG);
        if elsewhere {
            return is_studio;
        }
        // An id and the length say more than the name of an album.
        let outweighed = self.by_album && agreeing.id && agreeing.close();
        self.by_album && !self.plain || by_wanted_album || outweighed
    }

    /// Whether all but the words agrees. Services call every track of a concert `Live` and every short piece `Interlude`, the
    /// files of that album do not; and two descriptions of one take may share no word.
    fn is_only_a_label(
        self,
        (wanted, offered): (&[Claim], &[Claim]),
        album: &Album,
        agreeing: Agreeing,
    ) -> bool {
        let is_live = self.kind == Kind::Live;
        if is_live && !self.by_file && agreeing.id && agreeing.close() {
            return true;
        }
        let one_take = is_live
            && agreeing.same_album
            && agreeing.close()
            && both_claim(wanted, offered, Kind::Live)
            && !two_evenings(wanted, offered);
        let is_left_out = || match self.kind {
            Kind::Live => true,
            Kind::Acoustic => {
                album.claims.iter().any(|(claim, _)| matches!(claim.kind, Kind::Live | Kind::Acoustic))
            }
            Kind::Named => names_a_piece(wanted),
            _ => false,
        };
        one_take || !self.by_file && agreeing.one_track && is_left_out()
    }

    /// Whether an agreeing playing time settles a doubt.
    fn is_settled(self, agreeing: Agreeing) -> bool {
        // Another mix plays just as long; on one album only the label may be missing.
        let other_mix = self.kind == Kind::Mono && !agreeing.id && (self.by_file || !agreeing.same_album);
        // So does a karaoke version, and on a shelf another number makes two weak signs.
        let other_on_shelf = self.by_shelf && !agreeing.id && self.kind == Kind::Karaoke;
        let misplaced = self.by_shelf && agreeing.place.differs() && !agreeing.is_within(AS_LONG);
        // `Ebb - Live` of `Alive 1997`: of the file there only the title leaves it out, and no playing time can agree.
        let by_live_album =
            self.kind == Kind::Live && !self.by_file && agreeing.untimed && agreeing.one_track;
        (agreeing.close() || by_live_album) && !other_mix && !other_on_shelf && !misplaced
    }
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

fn both_claim(a: &[Claim], b: &[Claim], kind: Kind) -> bool {
    [a, b].iter().all(|claims| claims.iter().any(|claim| claim.kind == kind))
}

/// Whether what is wanted only says that it stands between others: `Ebb (Interlude)`.
fn names_a_piece(wanted: &[Claim]) -> bool {
    const PIECES: [&str; 7] = ["interlude", "interludio", "zwischenspiel", "skit", "intro", "outro", "duet"];
    let named = wanted.iter().filter(|claim| claim.kind == Kind::Named);
    let mut words = named.flat_map(|claim| &claim.particulars).peekable();
    words.peek().is_some() && words.all(|word| PIECES.contains(&word.as_str()))
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
