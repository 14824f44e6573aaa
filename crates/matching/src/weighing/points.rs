//! Points for title, artist, album and playing time, each with the sentence that says why.

use ferrotape_domain::Match;

use crate::readings::describe::{Album, Credit, From, Sought};
use crate::readings::names::Agreement;
use crate::texts::normalise::{edits, squash, typo_allowance};
use crate::texts::numerals::numbers;
use crate::texts::scripts::{LatinLikeness, latin_likeness};
use crate::weighing::evidence::Ledger;
use crate::weighing::fit::TitleFit;
use crate::weighing::lengths::AS_LONG;
use crate::weighing::objection::{Against, Objections};
use crate::weighing::weigh::AlbumFit;

/// What is said of a file that is on another album than the wanted one.
const OTHER_ALBUM: &str = "another album";

/// Whether a file was taken by title and artist alone, from another album than the wanted one: neither a playing time nor an id
/// tells that it is this recording.
pub fn is_by_names_alone(found: &Match) -> bool {
    let tells = |kind: &str| matches!(kind, "duration" | "isrc" | "mbid" | "decision");
    let is_elsewhere = found.evidence.iter().any(|reason| reason.says == OTHER_ALBUM);
    is_elsewhere && !found.evidence.iter().any(|reason| tells(reason.kind))
}

pub(crate) fn title_evidence(ledger: &mut Ledger, fit: Option<TitleFit>, from: From) {
    match fit {
        Some(TitleFit::Same) => ledger.add("title", 2.5, "same title"),
        Some(TitleFit::Work) => {
            ledger.add("title", 2.3, "the same work and movement, printed in another way");
        }
        Some(TitleFit::Movement) => {
            ledger.add("title", 1.2, "the same movement, its work named by the album");
        }
        Some(TitleFit::Piece) => ledger.add("title", 1.2, "the same work, and perhaps another piece of it"),
        Some(TitleFit::Held) => ledger.add("title", 1.5, "one title holds the other"),
        Some(TitleFit::OtherWork) => {
            ledger.add("title", 0.8, "nearly the same title, but of another work or movement");
        }
        Some(TitleFit::OtherKey) => ledger.add("title", 0.8, "nearly the same title, but in another key"),
        Some(TitleFit::Subtitle) => ledger.add("title", 1.2, "same title but for a subtitle"),
        Some(TitleFit::Romanised) => ledger.add("title", 1.2, "same title in Latin letters"),
        Some(TitleFit::Typo) => ledger.add("title", 1.5, "same title but for a typo"),
        Some(TitleFit::Cut) => ledger.add("title", 1.5, "title cut short, agrees as far as it goes"),
        Some(TitleFit::Songs) => ledger.add("title", 1.5, "one of several songs of one track"),
        Some(TitleFit::Part) => ledger.add("title", 0.8, "one title is part of the other"),
        Some(TitleFit::Untitled) => ledger.add("title", 0.3, "it has no title of its own"),
        None => ledger.add("title", -1.5, "another title"),
    }
    match from {
        From::Tags => {}
        From::ArtistInTitle => ledger.add("title", -0.1, "artist and title stand in one field"),
        From::Swapped => ledger.add("title", -0.2, "title and artist are swapped in the tags"),
        From::FileName | From::FileNameSwapped => ledger.add("file_name", -0.1, "read from the file name"),
    }
}

pub(crate) fn artist_evidence(ledger: &mut Ledger, names: Agreement, credit: Credit) {
    match names {
        Agreement::Same => ledger.add("artist", 2.0, "same artist"),
        Agreement::Listed => ledger.add("artist", 1.2, "one of the wanted artists"),
        Agreement::Alias => ledger.add("artist", 1.5, "same artist under another form of the name"),
        Agreement::Typo => ledger.add("artist", 1.4, "same artist but for a typo"),
        Agreement::Romanised => ledger.add("artist", 1.0, "same artist in Latin letters"),
        Agreement::Near => ledger.add("artist", 1.0, "an artist's name that differs by letters"),
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

pub(crate) fn album_evidence(ledger: &mut Ledger, sought: &Sought, offer: &Album) -> AlbumFit {
    let wanted = &sought.album;
    if wanted.folded.is_empty() || offer.folded.is_empty() {
        return AlbumFit::Unknown;
    }
    if squash(&wanted.folded) == squash(&offer.folded) {
        ledger.add("album", 1.0, "same album");
        return AlbumFit::Same;
    }
    // Another cast is no other edition.
    let is_other = wanted.is_other_production(offer);
    let similar = wanted.has_name_of(offer)
        || is_cut_off(&wanted.folded, &offer.folded)
        // `Hits 4` is no misspelt `Hits 5`.
        || (numbers(&wanted.folded) == numbers(&offer.folded)
            && edits(&wanted.folded, &offer.folded, typo_allowance(wanted.folded.len())).is_some())
        || is_in_two_scripts(&wanted.folded, &offer.folded);
    if similar && !is_other {
        ledger.add("album", 0.7, "same album, perhaps another edition");
        return AlbumFit::Edition;
    }
    ledger.add("album", if sought.duration.is_some() { -0.4 } else { -0.2 }, OTHER_ALBUM);
    AlbumFit::Differs
}

/// `Gruppa krovi` and `Группа крови`.
fn is_in_two_scripts(wanted: &str, offered: &str) -> bool {
    let may_be = !wanted.is_ascii() || !offered.is_ascii();
    may_be && latin_likeness(wanted, offered) == Some(LatinLikeness::Sound)
}

/// Whether a long album name is only the beginning of the wanted one, as old tags cut them. `Tea for the Tillerman` was not cut
/// off before the `²` of another album.
fn is_cut_off(wanted: &str, offered: &str) -> bool {
    let rest = wanted.strip_prefix(offered).filter(|_| offered.len() >= 20);
    rest.is_some_and(|rest| rest.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Points for the playing time; returns how far apart the two are, in milliseconds. Where another length is allowed, it
/// is told and neither counts nor forbids.
pub(crate) fn duration_evidence(
    ledger: &mut Ledger,
    wanted: Option<u32>,
    offer: Option<u32>,
    any_length: bool,
    against: &mut Objections,
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
    if any_length && apart > 2_000 {
        ledger.add("duration", 0.5, format!("{says}, as such a version may be"));
        return Some(apart);
    }
    match apart {
        0..=AS_LONG => ledger.add("duration", 1.5, "same playing time"),
        1_101..=2_000 => ledger.add("duration", 1.3, says),
        2_001..=4_000 => ledger.add("duration", 0.6, says),
        4_001..=6_000 => ledger.add("duration", 0.3, says),
        6_001..=9_000 => ledger.add("duration", -0.6, says),
        _ => {
            against.raise(Against::Length, says.clone());
            ledger.add("duration", if apart > 20_000 { -2.5 } else { -1.5 }, says);
            return Some(apart);
        }
    }
    // Seconds weigh more in a short track: 5 s of a jingle are most of it.
    if apart > (wanted / 100 * 15).max(3_000) {
        against.raise(Against::Length, format!("{seconds} s {word}, much for so short a track"));
    }
    Some(apart)
}
