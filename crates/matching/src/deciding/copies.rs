//! Whether files that fit are one recording, which of its copies is taken, and what must be heard to know.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::path::Path;

use ferrotape_domain::{Choice, ContentId};

use crate::classical::performers::have_other_conductors;
use crate::readings::disc_folders::without_format;
use crate::readings::title::{Title, is_on_every_album};
use crate::search::collection::File;
use crate::weighing::advisory::are_marked_apart;
use crate::weighing::lengths::AS_LONG;
use crate::weighing::place::{Place, PlaceFit, are_of_two_albums, have_one_album};
use crate::weighing::weigh::{AlbumFit, Weighed};
use crate::{Index, Question};

/// [`ferrotape_domain::COPY_APART`] in milliseconds.
pub(crate) const COPY_APART: u32 = ferrotape_domain::COPY_APART.as_millis() as u32;
/// One recording lasts on several albums at most this much longer or shorter where all fit the wanted playing time.
const EDITIONS_APART: u32 = 9_000;
/// Files of one question that are compared with each other by their sound.
pub(crate) const MOST_COMPARED: usize = 12;
/// Strength from which on it is worth hearing whether a file is the recording.
const WORTH_FROM: f32 = 0.3;

/// Whether both are of one album by their tags, and their numbers or ISRCs tell that they are two of its tracks. Equal bytes are
/// one recording, whatever number a server gives them; so are files of one disc that last as long, unless they were made
/// together: editions and tags number one track differently.
pub(crate) fn are_two_tracks(index: &Index, a: u32, b: u32) -> bool {
    let Some((a, b)) = index.files.get(a).zip(index.files.get(b)) else { return false };
    if are_equal(a.content, b.content) {
        return false;
    }
    let isrcs_known = !a.isrc.is_empty() && !b.isrc.is_empty();
    if isrcs_known && a.isrc == b.isrc {
        return false;
    }
    let by_place = match Place::of(&a).compare(Place::of(&b)) {
        PlaceFit::OtherDisc => true,
        PlaceFit::OtherTrack => !may_be_numbered_anew(&a, &b),
        PlaceFit::Same | PlaceFit::SameTrack | PlaceFit::Unknown => false,
    };
    (isrcs_known || by_place) && are_of_one_album(&a, &b)
}

/// Whether two numbers on one disc may be those of one track in two editions: it lasts as long, and the files do not stand
/// beside each other as two tracks of one rip do.
fn may_be_numbered_anew(a: &File<'_>, b: &File<'_>) -> bool {
    let as_long = a.duration.zip(b.duration).is_some_and(|(a, b)| a.abs_diff(b) <= COPY_APART);
    as_long && !is_on_every_album(&Title::parse(a.title).whole()) && !are_of_one_rip(a, b)
}

/// Whether both lie in one folder, in one format and about as well encoded. The folder of what a server lists is made of names
/// alone: what is on two albums there is not of one rip.
fn are_of_one_rip(a: &File<'_>, b: &File<'_>) -> bool {
    let folder_and_ending = |path: &str| {
        let path = Path::new(path);
        (path.parent().map(Path::to_owned), path.extension().map(OsStr::to_ascii_lowercase))
    };
    let (less, more) = (a.bitrate_kbps.min(b.bitrate_kbps), a.bitrate_kbps.max(b.bitrate_kbps));
    let as_well = a.lossless || u32::from(less) * 5 >= u32::from(more) * 4;
    as_well && !are_of_two_albums(a, b) && folder_and_ending(a.path) == folder_and_ending(b.path)
}

/// Whether these are the identities of equal bytes; two parts of one file are not.
pub(crate) fn are_equal(a: &str, b: &str) -> bool {
    let is_whole = |identity: &str| ContentId::file_of(identity) == identity;
    a == b || (bytes_of(a) == bytes_of(b) && is_whole(a) && is_whole(b))
}

fn bytes_of(identity: &str) -> &str {
    identity.split_once(':').map_or(identity, |(bytes, _)| bytes)
}

fn are_of_one_album(a: &File<'_>, b: &File<'_>) -> bool {
    !a.album.is_empty() && have_one_album(a, b)
}

/// Whether two files that fit are one recording by more than their names and lengths.
fn are_proved(index: &Index, a: &Weighed, b: &Weighed) -> bool {
    let Some((one, other)) = index.files.get(a.at).zip(index.files.get(b.at)) else { return false };
    let isrc = !one.isrc.is_empty() && one.isrc == other.isrc;
    // A live album may bear the studio album's name. A library that is there in two formats has each album twice.
    let two_albums = one.lossless == other.lossless && are_of_two_albums(&one, &other);
    let place = are_at_one_place(&one, &other) && are_of_one_album(&one, &other) && !two_albums;
    isrc || are_equal(one.content, other.content) || place && are_as_long(a, b)
}

/// Whether disc and track are one. Where neither tells a disc the track alone will do for the files of two formats, in
/// folders that only the format tells apart: `Low Water` and `Low Water [MP3]`. Elsewhere there may be two discs.
fn are_at_one_place(a: &File<'_>, b: &File<'_>) -> bool {
    let (one, other) = (Place::of(a), Place::of(b));
    match one.compare(other) {
        PlaceFit::Same => true,
        PlaceFit::SameTrack => {
            let no_disc = one.disc == 0 && other.disc == 0;
            no_disc && a.lossless != b.lossless && without_format(a.path) == without_format(b.path)
        }
        _ => false,
    }
}

fn are_as_long(a: &Weighed, b: &Weighed) -> bool {
    a.duration.zip(b.duration).is_some_and(|(a, b)| a.abs_diff(b) <= COPY_APART)
}

/// Whether two files are one recording, where what shops mark or their sound tells it.
fn are_known_as_one(index: &Index, a: &Weighed, b: &Weighed) -> Option<bool> {
    let files = index.files.get(a.at).zip(index.files.get(b.at));
    let marked_apart = files.is_some_and(|(a, b)| are_marked_apart(&a, &b));
    if marked_apart { Some(false) } else { a.sound.is_same(b.at) }
}

/// Whether numbers, ISRCs or conductors tell that two files are two recordings.
fn are_told_apart(index: &Index, a: &Weighed, b: &Weighed) -> bool {
    let files = index.files.get(a.at).zip(index.files.get(b.at));
    are_two_tracks(index, a.at, b.at) || files.is_some_and(|(a, b)| have_other_conductors(&a, &b))
}

/// Whether two fitting files claim to be one recording. Without a wanted playing time their own must agree.
pub(crate) fn same_recording(index: &Index, a: &Weighed, b: &Weighed, duration_wanted: bool) -> bool {
    if let Some(are_one) = are_known_as_one(index, a, b) {
        return are_one;
    }
    if a.id_agrees && b.id_agrees {
        return true;
    }
    if are_told_apart(index, a, b) {
        return false;
    }
    let files = index.files.get(a.at).zip(index.files.get(b.at));
    let most = match duration_wanted {
        false => 3_000,
        // The wanted album's own track is it, though another album's comes nearer to the length.
        true if a.album == AlbumFit::Same && !files.is_some_and(|(a, b)| are_of_one_album(&a, &b)) => {
            EDITIONS_APART
        }
        true => COPY_APART,
    };
    let apart = a.duration.zip(b.duration).map(|(a, b)| a.abs_diff(b));
    apart.is_none_or(|apart| apart <= most) && (a.recording == b.recording || duration_wanted)
}

/// Whether `best` is what is wanted before `other` by something that tells recordings apart, however little their
/// strengths differ: the place on the album, an ISRC, or the playing time.
pub(crate) fn is_clear_of(best: &Weighed, other: &Weighed) -> bool {
    let by_place = best.place.agrees() && other.place.differs();
    let by_id = best.id_agrees && !other.id_agrees;
    let by_length = best.apart.zip(other.apart).is_some_and(|(ours, theirs)| {
        let is_nearer = theirs > ours.saturating_add(1_000);
        is_nearer && (ours <= AS_LONG || ours <= COPY_APART && theirs > COPY_APART)
    });
    by_place || by_id || by_length && best.sound.is_same(other.at) != Some(false)
}

/// Whether both are tracks of one album whose titles differ in marks only (`In the Flesh?`, `In the Flesh`), and `best` has
/// those that are wanted.
pub(crate) fn is_clear_by_marks(index: &Index, best: &Weighed, other: &Weighed) -> bool {
    let differ = best.exact && other.exact && best.same_marks && !other.same_marks;
    let Some((a, b)) = index.files.get(best.at).zip(index.files.get(other.at)).filter(|_| differ) else {
        return false;
    };
    let by_length = || are_of_one_album(&a, &b) && best.duration.is_some() && !are_as_long(best, other);
    are_two_tracks(index, best.at, other.at) || by_length()
}

/// Whether `other` may replace `best` for sounding better: nothing but the sound may differ.
pub(crate) fn is_copy(index: &Index, best: &Weighed, other: &Weighed) -> bool {
    if best.at == other.at {
        return true;
    }
    if let Some(are_one) = are_known_as_one(index, best, other) {
        return are_one && (other.stand_in.is_none() || best.stand_in.is_some());
    }
    best.recording == other.recording
        && best.exact
        && other.exact
        && are_as_long(best, other)
        && best.strength - other.strength <= 0.1
        && !are_told_apart(index, best, other)
}

/// Whether `other` is less surely what is wanted than `best`, where the sound does not tell that they are one: what
/// agrees less goes behind, however good it sounds.
fn is_less_sure(best: &Weighed, other: &Weighed) -> bool {
    if best.at == other.at || best.sound.is_same(other.at) == Some(true) {
        return false;
    }
    let by_place = best.place.agrees() && !other.place.agrees();
    let by_length =
        best.apart.zip(other.apart).is_some_and(|(ours, theirs)| ours <= AS_LONG && theirs > AS_LONG);
    by_place || by_length
}

/// Orders copies, lower is better; `best` is what they are copies of where that is known.
pub(crate) fn quality(index: &Index, weighed: &Weighed, best: Option<&Weighed>) -> impl Ord + use<> {
    let file = index.files.get(weighed.at);
    let lossless = file.is_some_and(|f| f.lossless);
    let bitrate = file.map_or(0, |f| f.bitrate_kbps);
    let tags = file.map_or(0, |f| f.filled_tags);
    let doubt = best.is_some_and(|best| is_less_sure(best, weighed));
    // A sampler's copy may be another master, and carries another cover: the wanted album goes before the sound.
    let album = weighed.album.min(AlbumFit::Unknown);
    (album, doubt, Reverse(lossless), Reverse(bitrate), Reverse(tags), weighed.at)
}

/// The files that should be heard before this choice stands: what a person would be asked about, several that fit where
/// no playing time is wanted, what may be another recording than the chosen one, and what tells no playing time. Empty
/// where the sound would change nothing. `near` are the files that were weighed, best first.
pub(crate) fn to_hear(index: &Index, question: Question<'_>, choice: &Choice, near: &[Weighed]) -> Vec<i64> {
    let timed = question.wanted.duration.is_some();
    let unmeasured = |one: &&Weighed| timed && one.duration.is_none() && one.against.only_unmeasured();
    let all = || -> Vec<&Weighed> {
        let fits = |one: &&Weighed| one.may_be_it() || unmeasured(one);
        near.iter().filter(|one| one.strength >= WORTH_FROM).filter(fits).take(MOST_COMPARED).collect()
    };
    let mut heard = match choice {
        Choice::Review(shown, _) if shown.len() > 1 => all(),
        Choice::Chosen(_) if !timed => all(),
        Choice::Chosen(found) => {
            let chosen = near.iter().find(|one| file_id(index, one) == Some(found.file_id));
            chosen.map(|chosen| rivals(index, question, chosen, near)).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    if heard.len() < 2 {
        heard = near.iter().filter(unmeasured).take(MOST_COMPARED).collect();
    }
    heard.into_iter().filter_map(|one| file_id(index, one)).collect()
}

/// The chosen file and those that may be another recording, or the better copy of this one; nothing where there are none.
fn rivals<'w>(
    index: &Index,
    question: Question<'_>,
    chosen: &'w Weighed,
    near: &'w [Weighed],
) -> Vec<&'w Weighed> {
    let rivals = |other: &&Weighed| {
        other.at != chosen.at
            && other.fits()
            && !other.any_length
            && !chosen.any_length
            && (other.stand_in.is_none() || chosen.stand_in.is_some())
            && chosen.sound.is_same(other.at).is_none()
            && !is_clear_of(chosen, other)
            && chosen.strength - other.strength < question.policy.margin
            && !are_proved(index, chosen, other)
    };
    let mut all: Vec<&Weighed> = near.iter().filter(rivals).take(MOST_COMPARED - 1).collect();
    if !all.is_empty() {
        all.insert(0, chosen);
    }
    all
}

fn file_id(index: &Index, weighed: &Weighed) -> Option<i64> {
    index.files.get(weighed.at).map(|file| file.file_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bytes_are_copies_and_parts_of_one_file_are_not() {
        let again = ContentId("0a1b".to_owned()).as_another("ebb").0;
        let table = [
            ("0a1b", "0a1b", true),
            ("0a1b", again.as_str(), true),
            ("0a1b", "0a1c", false),
            ("0a1b:0-55", "0a1b:55-", false),
            ("0a1b", "0a1b:0-55", false),
            ("0a1b:0-55", "0a1b:0-55", true),
            // What is not fetched yet is told by its place's name for it.
            ("subsonic:home 9", "subsonic:home 10", false),
            ("subsonic:as-home 9", "subsonic:as-home 10", false),
        ];
        for (one, other, are) in table {
            assert_eq!((are_equal(one, other), are_equal(other, one)), (are, are), "{one} {other}");
        }
    }
}
