//! How well one file fits: every way to read its texts is weighed, the best one counts.

use ferrotape_domain::Evidence;

use crate::Policy;
use crate::collection::File;
use crate::describe::{Album, From, Reading, Readings, Sought, is_clean};
use crate::evidence::Ledger;
use crate::names::{Agreement, Names};
use crate::normalise::{edits, romanise, squash, typo_allowance};
use crate::title::numbers;
use crate::versions::{Claim, Kind, Verdict, contains_phrase, differences};

/// The highest score of a file that is certainly not to be chosen; it may still be shown.
const REJECTED_AT_MOST: f32 = 0.45;

/// One file, weighed.
#[derive(Debug, Clone)]
pub(crate) struct Weighed {
    pub(crate) at: u32,
    pub(crate) score: f32,
    pub(crate) reasons: Vec<Evidence>,
    /// Why it must not be chosen, when it must not.
    pub(crate) rejected: Option<String>,
    /// Folded title, claims and main artist: files with equal keys claim to be one recording.
    pub(crate) recording: String,
    pub(crate) duration: Option<u32>,
    pub(crate) exact: bool,
    pub(crate) album_agrees: bool,
    pub(crate) isrc_agrees: bool,
    pub(crate) remaster: bool,
}

/// Adds a reason found later to a weighed file that was not rejected.
pub(crate) fn added(weighed: &mut Weighed, reason: Evidence) {
    let mut ledger = Ledger::of(std::mem::take(&mut weighed.reasons));
    ledger.push(reason);
    weighed.score = ledger.score();
    weighed.reasons = ledger.into_reasons();
}

/// How the titles compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TitleFit {
    Cut,
    Typo,
    Romanised,
    Subtitle,
    Same,
}

/// Weighs a file; `None` when nothing in it comes near.
pub(crate) fn weigh(sought: &Sought, file: &File<'_>, at: u32, policy: &Policy) -> Option<Weighed> {
    let readings = Readings::of(file);
    let isrc_agrees = sought.isrc.as_deref().is_some_and(|isrc| isrc == file.isrc);
    let mut best: Option<Weighed> = None;
    for reading in &readings.all {
        let Some(weighed) = weigh_reading(sought, file, at, reading, &readings, isrc_agrees, policy) else {
            continue;
        };
        let better = best.as_ref().is_none_or(|known| {
            (weighed.rejected.is_none(), weighed.score) > (known.rejected.is_none(), known.score)
        });
        if better {
            best = Some(weighed);
        }
    }
    best
}

fn weigh_reading(
    sought: &Sought,
    file: &File<'_>,
    at: u32,
    reading: &Reading,
    readings: &Readings,
    isrc_agrees: bool,
    policy: &Policy,
) -> Option<Weighed> {
    let mut ledger = Ledger::default();
    let mut rejected: Option<String> = None;
    let mut reject = |why: &str| {
        rejected.get_or_insert_with(|| why.to_owned());
    };
    let title = title_fit(sought, reading);
    if title.is_none() && !isrc_agrees {
        return None;
    }
    let names = sought.names.agreement(&reading.names(), sought.lead);
    if names == Agreement::Differs && !isrc_agrees {
        return None;
    }
    title_evidence(&mut ledger, title, reading.from);
    if title.is_none() {
        reject("another title");
    }
    artist_evidence(&mut ledger, names, reading.indirect);
    if names == Agreement::Differs {
        reject("another artist");
    }
    let album_agrees = album_evidence(&mut ledger, sought, &readings.album);
    let apart = duration_evidence(&mut ledger, sought.duration, file.duration, &mut reject);
    let close = apart.is_some_and(|apart| apart <= 2_000);
    let claims = offer_claims(reading, readings);
    if title == Some(TitleFit::Subtitle) && !close && !from_film_only(&sought.title, &reading.title) {
        reject("only one side has the subtitle");
    }
    guest_evidence(&mut ledger, sought, reading, &readings.credit, close, &mut reject);
    version_evidence(&mut ledger, sought, &claims, &readings.album, close, policy, &mut reject);
    if isrc_agrees {
        ledger.add("isrc", 2.0, "ISRC agrees");
    }
    let score = if rejected.is_some() { ledger.score().min(REJECTED_AT_MOST) } else { ledger.score() };
    let remaster = claims.iter().any(|claim| claim.kind == Kind::Remaster);
    Some(Weighed {
        at,
        score,
        rejected,
        recording: recording_key(reading, &claims),
        duration: file.duration,
        exact: title == Some(TitleFit::Same) && names >= Agreement::Listed,
        album_agrees,
        isrc_agrees,
        remaster,
        reasons: ledger.into_reasons(),
    })
}

fn recording_key(reading: &Reading, claims: &[Claim]) -> String {
    let mut kinds: Vec<String> = claims
        .iter()
        .filter(|claim| !matches!(claim.kind, Kind::Explicit | Kind::Stereo))
        .map(|claim| format!("{:?}{}", claim.kind, claim.particulars.concat()))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    format!("{}|{}", squash(&reading.title.base), kinds.join("+"))
}

/// What the file says it is: its title's claims, and its name's.
fn offer_claims(reading: &Reading, readings: &Readings) -> Vec<Claim> {
    let mut claims = reading.title.claims.clone();
    for claim in &readings.name_claims {
        if claims.iter().all(|known| known.kind != claim.kind) {
            claims.push(claim.clone());
        }
    }
    claims
}

fn title_fit(sought: &Sought, reading: &Reading) -> Option<TitleFit> {
    let (a, b) = (&sought.title, &reading.title);
    let (whole_a, whole_b) = (a.whole(), b.whole());
    let (squash_a, squash_b) = (squash(&whole_a), squash(&whole_b));
    if squash_a == squash_b {
        return Some(TitleFit::Same);
    }
    // ID3v1 keeps 30 bytes: the rest must be what is wanted.
    let cut = (27..=30).contains(&reading.length) && reading.folded.len() >= 20;
    if cut && squash(&sought.title_folded).starts_with(&squash(&reading.folded)) {
        return Some(TitleFit::Cut);
    }
    if numbers(&whole_a) != numbers(&whole_b) && !from_film_only(a, b) {
        return None;
    }
    let shorter = squash_a.chars().count().min(squash_b.chars().count());
    if squash(&a.base) == squash(&b.base) && (a.subtitles.is_empty() || b.subtitles.is_empty()) {
        return Some(TitleFit::Subtitle);
    }
    if let Some(count) = edits(&squash_a, &squash_b, typo_allowance(shorter))
        && typo_is_plausible(&whole_a, &whole_b, count)
    {
        return Some(TitleFit::Typo);
    }
    let latin_a = romanise(&whole_a);
    let latin_b = romanise(&whole_b);
    if latin_a.is_some() || latin_b.is_some() {
        let a = squash(&latin_a.unwrap_or(whole_a));
        let b = squash(&latin_b.unwrap_or(whole_b));
        if edits(&a, &b, typo_allowance(a.len().min(b.len()))).is_some() {
            return Some(TitleFit::Romanised);
        }
    }
    None
}

/// Where one side alone has subtitles and each only says from which film or show it is.
fn from_film_only(a: &crate::title::Title, b: &crate::title::Title) -> bool {
    let from = |t: &crate::title::Title| t.subtitles.iter().all(|s| s.starts_with("from "));
    from(a) && from(b) && numbers(&a.base) == numbers(&b.base)
}

/// A typo changes a word or moves a space; a whole word more or less makes another title.
fn typo_is_plausible(a: &str, b: &str, count: usize) -> bool {
    let left = unmatched(a, b);
    let right = unmatched(b, a);
    left > 0 && right > 0 && (count <= 2 || left <= 3)
}

/// How many words of `a` have no partner in `b`.
fn unmatched(a: &str, b: &str) -> usize {
    let mut others: Vec<&str> = b.split(' ').collect();
    let mut count = 0;
    for word in a.split(' ') {
        match others.iter().position(|other| *other == word) {
            Some(at) => {
                others.swap_remove(at);
            }
            None => count += 1,
        }
    }
    count
}

fn title_evidence(ledger: &mut Ledger, fit: Option<TitleFit>, from: From) {
    match fit {
        Some(TitleFit::Same) => ledger.add("title", 2.5, "same title"),
        Some(TitleFit::Subtitle) => ledger.add("title", 1.2, "same title but for a subtitle"),
        Some(TitleFit::Romanised) => ledger.add("title", 1.2, "same title in Latin letters"),
        Some(TitleFit::Typo) => ledger.add("title", 1.5, "same title but for a typo"),
        Some(TitleFit::Cut) => ledger.add("title", 1.5, "title cut short, agrees as far as it goes"),
        None => ledger.add("title", -1.5, "another title"),
    }
    match from {
        From::Tags => {}
        From::ArtistInTitle => ledger.add("title", -0.1, "artist and title stand in one field"),
        From::Swapped => ledger.add("title", -0.2, "title and artist are swapped in the tags"),
        From::FileName | From::FileNameSwapped => ledger.add("file_name", -0.1, "read from the file name"),
    }
}

fn artist_evidence(ledger: &mut Ledger, names: Agreement, indirect: bool) {
    match names {
        Agreement::Same => ledger.add("artist", 2.0, "same artist"),
        Agreement::Listed => ledger.add("artist", 1.2, "one of the wanted artists"),
        Agreement::Typo => ledger.add("artist", 1.4, "same artist but for a typo"),
        Agreement::Romanised => ledger.add("artist", 1.0, "same artist in Latin letters"),
        Agreement::Part => ledger.add("artist", 0.4, "a similar artist name"),
        Agreement::Unknown => ledger.add("artist", -0.7, "artist unknown"),
        Agreement::Differs => ledger.add("artist", -2.5, "another artist"),
    }
    if indirect && names > Agreement::Unknown {
        ledger.add("artist", -0.3, "artist taken from the album artist or folder");
    }
}

fn album_evidence(ledger: &mut Ledger, sought: &Sought, offer: &Album) -> bool {
    let wanted = &sought.album;
    if wanted.folded.is_empty() || offer.folded.is_empty() {
        return false;
    }
    if squash(&wanted.folded) == squash(&offer.folded) {
        ledger.add("album", 1.0, "same album");
        return true;
    }
    let similar = wanted.base == offer.base
        || (offer.folded.len() >= 20 && wanted.folded.starts_with(&offer.folded))
        || edits(&wanted.folded, &offer.folded, typo_allowance(wanted.folded.len())).is_some();
    if similar {
        ledger.add("album", 0.7, "same album, perhaps another edition");
    } else {
        ledger.add("album", if sought.duration.is_some() { -0.4 } else { -0.2 }, "another album");
    }
    similar
}

/// Points for the playing time; returns how far apart the two are, in milliseconds.
fn duration_evidence(
    ledger: &mut Ledger,
    wanted: Option<u32>,
    offer: Option<u32>,
    reject: &mut dyn FnMut(&str),
) -> Option<u32> {
    let (Some(wanted), Some(offer)) = (wanted, offer) else {
        if wanted.is_some() {
            ledger.add("duration", -0.2, "playing time unknown");
        }
        return None;
    };
    let apart = wanted.abs_diff(offer);
    let seconds = (f64::from(apart) / 1_000.0).round();
    let word = if offer > wanted { "longer" } else { "shorter" };
    let says = format!("{seconds} s {word}");
    match apart {
        0..=1_100 => ledger.add("duration", 1.5, "same playing time"),
        1_101..=2_000 => ledger.add("duration", 1.3, says),
        2_001..=4_000 => ledger.add("duration", 0.6, says),
        4_001..=6_000 => ledger.add("duration", 0.3, says),
        6_001..=9_000 => ledger.add("duration", -0.4, says),
        _ => {
            reject(&says);
            ledger.add("duration", if apart > 20_000 { -2.5 } else { -1.5 }, says);
        }
    }
    Some(apart)
}

/// A guest that only one side names: an added guest usually means another recording, a missing one a careless tag.
fn guest_evidence(
    ledger: &mut Ledger,
    sought: &Sought,
    reading: &Reading,
    credit: &str,
    close: bool,
    reject: &mut dyn FnMut(&str),
) {
    let wanted_guests = Names::of(sought.title.guests.iter().map(String::as_str));
    let offer_guests = Names::of(reading.title.guests.iter().map(String::as_str));
    let lead = usize::MAX;
    let known = |names: &Names| sought.names.agreement(names, lead) > Agreement::Unknown;
    if !offer_guests.is_empty() && !known(&offer_guests) {
        let named = wanted_guests.agreement(&offer_guests, lead) > Agreement::Unknown;
        if !named {
            ledger.add("artist", -0.6, "with a guest the wanted recording does not name");
            if !close {
                reject("with a guest the wanted recording does not name");
            }
        }
    }
    if !wanted_guests.is_empty() && offer_guests.is_empty() {
        let credited = Names::of(std::iter::once(credit)).agreement(&wanted_guests, lead)
            > Agreement::Unknown
            || wanted_guests.0.iter().any(|guest| contains_phrase(credit, &guest.folded));
        if !credited {
            ledger.add("artist", -0.4, "the guest is not named");
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one call site; each is a different fact")]
fn version_evidence(
    ledger: &mut Ledger,
    sought: &Sought,
    claims: &[Claim],
    album: &Album,
    close: bool,
    policy: &Policy,
    reject: &mut dyn FnMut(&str),
) {
    let wanted_album = &sought.album;
    let same_album = !album.folded.is_empty() && squash(&album.folded) == squash(&wanted_album.folded);
    let mut wanted = sought.title.claims.clone();
    let mut offered = claims.to_vec();
    if !same_album {
        extend_by_album(&mut wanted, wanted_album, &offered, album);
        extend_by_album(&mut offered, album, &sought.title.claims, wanted_album);
    }
    for difference in differences(&wanted, &offered) {
        let only_album = |own: &[Claim]| own.iter().all(|claim| claim.kind != difference.kind);
        let by_album = only_album(&sought.title.claims) && only_album(claims);
        let plain = [album, wanted_album]
            .iter()
            .any(|album| album.claims.iter().any(|(claim, plain)| claim.kind == difference.kind && *plain));
        let mut verdict = difference.verdict;
        // That the wanted album is a live one does not prove that a bare title is not its live take, and two
        // descriptions of one album's take may share no word.
        let by_wanted_album = by_album && offered.iter().all(|claim| claim.kind != difference.kind);
        let one_take =
            same_album && close && difference.kind == Kind::Live && both_claim(&wanted, &offered, Kind::Live);
        if (by_album && !plain) || by_wanted_album || one_take {
            verdict = verdict.min(Verdict::Doubt);
        }
        if difference.kind == Kind::Remaster && !policy.allow_remaster {
            verdict = Verdict::Reject;
        }
        match verdict {
            Verdict::Allow => ledger.add("version", -0.1, difference.says),
            Verdict::Doubt if close => ledger.add("version", -0.8, difference.says),
            Verdict::Doubt | Verdict::Reject => {
                reject(&difference.says);
                ledger.add("version", -2.0, difference.says);
            }
        }
    }
    if sought.explicit == Some(false) && !is_clean(&wanted) && claims.iter().any(|c| c.kind == Kind::Explicit)
    {
        ledger.add("version", -0.5, "explicit, but the wanted recording is not marked so");
    }
}

fn both_claim(a: &[Claim], b: &[Claim], kind: Kind) -> bool {
    [a, b].iter().all(|claims| claims.iter().any(|claim| claim.kind == kind))
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
