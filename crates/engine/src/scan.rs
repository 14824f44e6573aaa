//! Scan: which audio files are there, what they are, what their tags say.
//!
//! Incremental: a file whose size and times are as before – that of its bytes, and that of its entry, which nobody can set
//! back – is not opened. A file that turns up elsewhere with the same
//! content is the same file moved. A file that is gone is marked, never forgotten; and when a folder cannot be read
//! at all, nothing in it is marked, for "could not ask" is not "has none".

mod gone;
mod listing;
mod reading;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ferrotape_audio::Unreadable;
use ferrotape_domain::{AudioSource, Fault, Unlisted};

use crate::{Context, EngineError};
pub(crate) use gone::mark_gone;
pub(crate) use listing::list;
use listing::{gone_files, list_sources};
use reading::read_changed;

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScanReport {
    /// Files listed in all sources.
    pub listed: u64,
    /// Files that were opened because they are new or changed.
    pub opened: u64,
    /// Files known by content that turned up in another place.
    pub moved: u64,
    /// Files that were there before and are gone; kept on record.
    pub missing: u64,
    /// Readable audio files below the sources now.
    pub audio: u64,
    /// Audio that cannot be read, with the reason; and places that could not be looked into.
    pub unreadable: Vec<UnreadableFile>,
    /// Sources that could not be asked at all.
    pub faults: Vec<Fault>,
    /// What was listed, with sizes and times, as one hash; empty where a source could not be asked.
    pub stamp: String,
}

impl ScanReport {
    /// What this look and an earlier one at the same sources found in one run: what each did, and all that either of
    /// them could not read.
    pub(crate) fn after(mut self, earlier: Self) -> Self {
        self.opened += earlier.opened;
        self.moved += earlier.moved;
        self.missing += earlier.missing;
        for file in earlier.unreadable {
            if self.unreadable.iter().all(|known| known.path != file.path) {
                self.unreadable.push(file);
            }
        }
        for fault in earlier.faults {
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
        self.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
        self
    }
}

/// A file or place that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableFile {
    /// Which one.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

impl From<Unlisted> for UnreadableFile {
    fn from(place: Unlisted) -> Self {
        Self { path: place.path, reason: place.reason }
    }
}

/// Brings the library's picture of `sources` up to date.
pub fn scan(sources: &[Arc<dyn AudioSource>], context: &Context) -> Result<ScanReport, EngineError> {
    for root in sources.iter().map(|source| source.root()) {
        crate::gather::finish_naming(&root)?;
    }
    let known = context.library.known_files()?;
    let mut report = ScanReport::default();
    let listing = list_sources(sources, &known, &mut report, context)?;
    let gone = gone_files(&known, &listing);
    read_changed(&listing, &known, &gone, &mut report, context)?;
    summarise(sources, &mut report, context)?;
    crate::refresh::watch_music(sources, context)?;
    Ok(report)
}

/// The report names the file already.
pub(crate) fn without_path(unreadable: &Unreadable, path: &Path) -> String {
    let text = unreadable.to_string();
    let prefix = format!("{}: ", path.display());
    text.strip_prefix(&prefix).map_or_else(|| text.clone(), str::to_owned)
}

fn kind_of(unreadable: &Unreadable, path: &Path) -> String {
    let kind = match unreadable {
        Unreadable::NotAudio { .. } => NOT_AUDIO,
        // It may as well be a video.
        Unreadable::CutOff { .. } if !is_named_like_audio(path) => NOT_AUDIO,
        Unreadable::NotReadableYet { .. } => "not_readable_yet",
        Unreadable::CutOff { .. } | Unreadable::Broken { .. } => BROKEN,
        Unreadable::Io { .. } => IO,
    };
    kind.to_owned()
}

/// Remembered so that the file is not opened again, but no news for the user.
pub(crate) const NOT_AUDIO: &str = "not_audio";
/// Begins as audio, and cannot be read to its end.
pub(crate) const BROKEN: &str = "broken";
/// The disk did not give it.
pub(crate) const IO: &str = "io";

/// A file that says it is audio by its name must not vanish from the account.
pub(crate) fn is_named_like_audio(path: &Path) -> bool {
    const EXTENSIONS: [&str; 23] = [
        "aac", "aif", "aifc", "aiff", "alac", "ape", "caf", "dff", "dsf", "flac", "m4a", "m4b", "mka", "mp2",
        "mp3", "mpc", "oga", "ogg", "opus", "rf64", "w64", "wav", "wv",
    ];
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

fn summarise(
    sources: &[Arc<dyn AudioSource>],
    report: &mut ScanReport,
    context: &Context,
) -> Result<(), EngineError> {
    let roots: Vec<PathBuf> = sources.iter().map(|source| source.root()).collect();
    report.audio = context.library.count_offers(&roots)?;
    for (path, kind, reason) in context.library.unreadable_files(&roots)? {
        if kind != NOT_AUDIO || is_named_like_audio(&path) {
            report.unreadable.push(UnreadableFile { path, reason });
        }
    }
    report.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(())
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::FaultKind;

    use super::*;

    #[test]
    fn two_looks_of_one_run_tell_what_either_could_not_read() {
        let fault = |reason: &str| Fault {
            source: "collection".to_owned(),
            kind: FaultKind::NeedsUser,
            reason: reason.to_owned(),
        };
        let look = |opened: u64, unreadable: &[(&str, &str)], faults: Vec<Fault>| {
            let file = |(path, reason): &(&str, &str)| UnreadableFile {
                path: PathBuf::from(path),
                reason: (*reason).to_owned(),
            };
            let unreadable = unreadable.iter().map(file).collect();
            ScanReport { listed: opened, opened, unreadable, faults, ..ScanReport::default() }
        };
        let first = look(2, &[("a.mp3", "locked"), ("c.mp3", "cut off")], vec![fault("away"), fault("slow")]);
        let last = look(3, &[("b.mp3", "broken"), ("c.mp3", "broken")], vec![fault("slow")]);
        let both = look(5, &[("a.mp3", "locked"), ("b.mp3", "broken"), ("c.mp3", "broken")], Vec::new());
        let both = ScanReport { listed: 3, faults: vec![fault("slow"), fault("away")], ..both };
        assert_eq!(last.after(first), both);
    }
}
