//! How well one file fits: every way to read its texts is weighed, the best one counts.

use ferrotape_domain::Evidence;

use crate::Policy;
use crate::collection::File;
use crate::describe::{Album, Credit, From, Reading, Readings, Sought};
use crate::evidence::Ledger;
use crate::fit::{TitleFit, from_film_only, title_fit};
use crate::kinds::{guest_evidence, version_evidence};
use crate::names::Agreement;
use crate::normalise::{edits, only_typos, squash, typo_allowance};
use crate::versions::{Claim, Kind};

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
    /// Whether nothing but letters of its title or artist speaks against it: it may well be the wanted recording.
    pub(crate) only_misspelt: bool,
    /// Folded title, claims and main artist: files with equal keys claim to be one recording.
    pub(crate) recording: String,
    pub(crate) duration: Option<u32>,
    pub(crate) exact: bool,
    pub(crate) album: AlbumFit,
    pub(crate) isrc_agrees: bool,
}

/// Adds a reason found later to a weighed file that was not rejected.
pub(crate) fn added(weighed: &mut Weighed, reason: Evidence) {
    let mut ledger = Ledger::of(std::mem::take(&mut weighed.reasons));
    ledger.push(reason);
    weighed.score = ledger.score();
    weighed.reasons = ledger.into_reasons();
}

/// How the albums compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AlbumFit {
    Same,
    Unknown,
    Differs,
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
    artist_evidence(&mut ledger, names, reading.credit);
    if names == Agreement::Differs {
        reject("another artist");
    }
    let album = album_evidence(&mut ledger, sought, &readings.album);
    let apart = duration_evidence(&mut ledger, sought.duration, file.duration, &mut reject);
    let close = apart.is_some_and(|apart| apart <= 2_000);
    let claims = offer_claims(reading, readings);
    if title == Some(TitleFit::Subtitle) && !close && !from_film_only(&sought.title, &reading.title) {
        reject("only one side has the subtitle");
    }
    if title == Some(TitleFit::Cut) && apart.is_none_or(|apart| apart > 5_000) {
        reject("the title is cut short, and the playing time does not settle what follows");
    }
    guest_evidence(&mut ledger, sought, reading, &readings.credit, close, &mut reject);
    version_evidence(&mut ledger, sought, &claims, &readings.album, close, policy, &mut reject);
    let misspelt =
        if title == Some(TitleFit::Typo) && !typo_is_sure(sought, reading, names, close, isrc_agrees) {
            Some("the title differs by letters that may make it another one")
        } else {
            (names == Agreement::Part && !isrc_agrees).then_some("the artist's name is only similar")
        };
    let only_misspelt = misspelt.is_some() && rejected.is_none();
    rejected = rejected.or(misspelt.map(str::to_owned));
    if isrc_agrees {
        ledger.add("isrc", 2.0, "ISRC agrees");
    }
    let score = if rejected.is_some() { ledger.score().min(REJECTED_AT_MOST) } else { ledger.score() };
    Some(Weighed {
        at,
        score,
        rejected,
        only_misspelt,
        recording: recording_key(reading, &claims, &readings.album),
        duration: file.duration,
        exact: title == Some(TitleFit::Same) && names >= Agreement::Listed,
        album,
        isrc_agrees,
        reasons: ledger.into_reasons(),
    })
}

/// A misspelt title is the wanted one only where nothing else is in doubt.
fn typo_is_sure(
    sought: &Sought,
    reading: &Reading,
    names: Agreement,
    close: bool,
    isrc_agrees: bool,
) -> bool {
    let known = names >= Agreement::Listed || isrc_agrees;
    known && close && only_typos(&sought.title.whole(), &reading.title.whole())
}

fn recording_key(reading: &Reading, claims: &[Claim], album: &Album) -> String {
    // Bare titles on two live albums are two performances.
    let special = if album.claims.is_empty() { "" } else { &album.base };
    let mut kinds: Vec<String> = claims
        .iter()
        .filter(|claim| !matches!(claim.kind, Kind::Explicit | Kind::Stereo))
        .map(|claim| format!("{:?}{}", claim.kind, claim.particulars.concat()))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    format!("{}|{}|{special}", squash(&reading.title.whole()), kinds.join("+"))
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

fn artist_evidence(ledger: &mut Ledger, names: Agreement, credit: Credit) {
    match names {
        Agreement::Same => ledger.add("artist", 2.0, "same artist"),
        Agreement::Listed => ledger.add("artist", 1.2, "one of the wanted artists"),
        Agreement::Typo => ledger.add("artist", 1.4, "same artist but for a typo"),
        Agreement::Romanised => ledger.add("artist", 1.0, "same artist in Latin letters"),
        Agreement::Part => ledger.add("artist", 0.4, "a similar artist name"),
        Agreement::Unknown => ledger.add("artist", -0.7, "artist unknown"),
        Agreement::Differs => ledger.add("artist", -2.5, "another artist"),
    }
    match credit {
        Credit::Indirect if names > Agreement::Unknown => {
            ledger.add("artist", -0.3, "artist taken from the album artist or folder");
        }
        Credit::Contradicted if names > Agreement::Unknown => {
            ledger.add("artist", -1.0, "only the album artist agrees, the track names another");
        }
        _ => {}
    }
}

fn album_evidence(ledger: &mut Ledger, sought: &Sought, offer: &Album) -> AlbumFit {
    let wanted = &sought.album;
    if wanted.folded.is_empty() || offer.folded.is_empty() {
        return AlbumFit::Unknown;
    }
    if squash(&wanted.folded) == squash(&offer.folded) {
        ledger.add("album", 1.0, "same album");
        return AlbumFit::Same;
    }
    let similar = wanted.base == offer.base
        || (offer.folded.len() >= 20 && wanted.folded.starts_with(&offer.folded))
        || edits(&wanted.folded, &offer.folded, typo_allowance(wanted.folded.len())).is_some();
    if similar {
        ledger.add("album", 0.7, "same album, perhaps another edition");
        return AlbumFit::Same;
    }
    ledger.add("album", if sought.duration.is_some() { -0.4 } else { -0.2 }, "another album");
    AlbumFit::Differs
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
            return Some(apart);
        }
    }
    // Seconds weigh more in a short track: 5 s of a jingle are most of it.
    if apart > (wanted / 100 * 15).max(3_000) {
        reject(&format!("{seconds} s {word}, much for so short a track"));
    }
    Some(apart)
}
