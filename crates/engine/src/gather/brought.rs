//! What came, judged before it gets its name: whether it can be read, is whole, and what it is called.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_audio::{Unreadable, check_end, probe};
use ferrotape_domain::{Fault, FaultKind, Fetched, Provenance, RemoteOffer, TagSet};

use super::arriving::Arriving;
use super::something_else::{called, is_another};
use crate::scan::without_path;

/// How far a feed's length may be from a file's, for the times of its chapters to hold: feeds round.
const SAME_COPY: Duration = Duration::from_secs(3);
/// What is kept of a feed's word of one episode: chapters, and bytes of each text.
const MOST_CHAPTERS: usize = 200;
const LONGEST_TEXT: usize = 2_000;

/// A file that is in the collection, or comes into it as soon as the library knows of it.
pub(super) struct Brought {
    pub(super) at: PathBuf,
    /// Where it lies until then; `None` where it has its name, or is not to have one.
    pub(super) arriving: Option<Arriving>,
    /// Its size, where it comes into the collection now: it was fetched, or lay aside without a name.
    pub(super) bytes: Option<u64>,
    /// How long it plays.
    pub(super) length: Option<Duration>,
    pub(super) provenance: Provenance,
    /// Whether it is what came before, and only what its place says of it is new.
    pub(super) is_reworded: bool,
    /// What it calls itself, where that is something else than its place calls it.
    pub(super) called: Option<String>,
    /// Whether it is another thing by that, not only named otherwise.
    pub(super) is_another: bool,
    /// How it is cut off, where it is, and came just now.
    pub(super) cut_off: Option<String>,
}

/// What came, as it says itself and as its place says; it lies at the first of these paths, and is to lie at the second.
pub(super) fn came_as(
    (place, offer): (&str, &RemoteOffer),
    (lies, at): (&Path, &Path),
    fetched: Fetched,
    now: i64,
) -> Result<Brought, Fault> {
    let probed = probe(lies).map_err(|unreadable| not_read(place, offer, &unreadable, lies))?;
    let provenance = Provenance {
        content: probed.content,
        file_name: at.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        source: place.to_owned(),
        remote_id: offer.id.clone(),
        url: fetched.url,
        page: offer.page.clone(),
        rights: offer.rights.clone(),
        note: String::new(),
        at: now,
        sha256: fetched.sha256,
        said: fitting(offer, probed.facts.duration),
    };
    let called = called(provenance.is_of_feed(), offer, &probed.tags);
    let is_another = called.is_some() && is_another(offer, &probed.tags);
    let (bytes, length) = (Some(fetched.bytes), probed.facts.duration);
    let (arriving, is_reworded, cut_off) = (None, false, None);
    let at = at.to_owned();
    Ok(Brought { at, arriving, bytes, length, provenance, is_reworded, called, is_another, cut_off })
}

/// Why what came is none that can be taken. What the disk does not give now is not the file's fault.
pub(super) fn not_read(place: &str, offer: &RemoteOffer, unreadable: &Unreadable, lies: &Path) -> Fault {
    let why = without_path(unreadable, lies);
    if matches!(unreadable, Unreadable::Io { .. }) {
        let kind = FaultKind::Temporary { retry_after_seconds: None };
        let reason = format!("what came as {} {why}", offer.file_name);
        return Fault { source: place.to_owned(), kind, reason };
    }
    no_use(place, format!("what came as {} is no audio that can be read: {why}", offer.file_name))
}

pub(super) fn no_use(place: &str, reason: String) -> Fault {
    Fault { source: place.to_owned(), kind: FaultKind::Permanent, reason }
}

/// What came broken is asked for again after so many seconds.
pub(super) fn came_broken(place: &str, offer: &RemoteOffer, how: &str, seconds: u64) -> Fault {
    let kind = FaultKind::Temporary { retry_after_seconds: Some(seconds) };
    let reason = format!("{} came broken: {how}", offer.file_name);
    Fault { source: place.to_owned(), kind, reason }
}

/// What came, unless it is cut off: beside others that may be what is wanted it would be none to choose.
pub(super) fn uncut(brought: Brought, (place, offer): (&str, &RemoteOffer)) -> Result<Brought, Fault> {
    let Some(how) = brought.cut_off.clone() else { return Ok(brought) };
    brought.arriving.iter().for_each(Arriving::throw_away);
    Err(no_use(place, format!("{} came broken: {how}", offer.file_name)))
}

/// How what just came is cut off: converting it would find that out, too late for another place.
pub(super) fn how_cut_off(at: &Path) -> Option<String> {
    match check_end(at) {
        Err(unreadable @ Unreadable::Broken { .. }) => Some(without_path(&unreadable, at)),
        _ => None,
    }
}

/// Whether what came to the usual place under this name was another thing then: some feeds and servers use their names
/// again.
pub(super) fn is_of_another(usual: &Path, came: &[Provenance], same: &[&Provenance]) -> bool {
    let name = usual.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let is_usual = |then: &Provenance| then.file_name.is_empty() || then.file_name == name;
    came.iter().any(is_usual) && !same.iter().copied().any(is_usual)
}

/// What a place says of a file, as far as it fits the file that came: another copy's advertisements are not in the times of
/// its chapters.
pub(super) fn fitting(offer: &RemoteOffer, came: Option<Duration>) -> TagSet {
    let mut said = offer.tags.clone();
    let Some(more) = said.more.as_mut() else { return said };
    let ends = more.chapters.iter().map(|chapter| chapter.start_ms).max().map(Duration::from_millis);
    let fits = match (offer.duration, came) {
        (Some(told), Some(came)) => told.abs_diff(came) <= SAME_COPY,
        (None, Some(came)) => ends.is_none_or(|ends| ends < came),
        (_, None) => false,
    };
    if !fits {
        more.chapters = Vec::new();
    }
    // It is kept for every episode there ever was.
    more.chapters.truncate(MOST_CHAPTERS);
    for value in more.texts.values_mut().flatten() {
        value.truncate(value.floor_char_boundary(LONGEST_TEXT));
    }
    said
}

#[cfg(test)]
mod tests {
    use std::io;

    use ferrotape_domain::Rights;

    use super::*;

    #[test]
    fn what_the_disk_does_not_give_now_is_not_held_against_the_file() {
        let offer = RemoteOffer::bare("s1", "Ebb.flac", Rights::Own);
        let path = Path::new("/c/Ebb.flac");
        let fault = |unreadable: &Unreadable| not_read("shelf", &offer, unreadable, path);
        let source = io::Error::other("the disk is busy");
        let passing = fault(&Unreadable::Io { path: path.to_owned(), source });
        assert_eq!(passing.kind, FaultKind::Temporary { retry_after_seconds: None });
        assert!(passing.reason.starts_with("what came as Ebb.flac could not be read: the disk is busy"));
        let lasting = fault(&Unreadable::NotAudio { path: path.to_owned() });
        assert_eq!(lasting.kind, FaultKind::Permanent);
        assert_eq!(lasting.reason, "what came as Ebb.flac is no audio that can be read: not an audio file");
    }
}
