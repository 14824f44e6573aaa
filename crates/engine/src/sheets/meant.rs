//! Which file the `FILE` line of a sheet means.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;

use ferrotape_audio::{CueSheet, read_cue_sheet, whole_file_tags};

/// The files of one folder, by what a sheet there may call them.
#[derive(Default)]
pub(super) struct Beside<'f> {
    exact: HashMap<&'f OsStr, &'f Path>,
    by_name: HashMap<String, &'f Path>,
    /// `None` where several have it.
    by_stem: HashMap<String, Option<&'f Path>>,
}

fn folded(text: &OsStr) -> String {
    text.to_string_lossy().to_lowercase()
}

/// The name in a `FILE` line. Whatever folders it names, no other is looked into.
fn own_name(written: &str) -> &Path {
    Path::new(written.rsplit(['/', '\\']).next().unwrap_or_default())
}

impl<'f> Beside<'f> {
    /// `files` are in the order of their paths: of two names that differ in case alone the first is meant.
    pub(super) fn of(files: &[&'f Path]) -> Self {
        let mut beside = Self::default();
        for path in files.iter().copied() {
            let (Some(name), Some(stem)) = (path.file_name(), path.file_stem()) else { continue };
            beside.exact.insert(name, path);
            beside.by_name.entry(folded(name)).or_insert(path);
            beside.by_stem.entry(folded(stem)).and_modify(|only| *only = None).or_insert(Some(path));
        }
        beside
    }

    /// The file that a `FILE` line means: of its name, else of its name but for the extension (the album was compressed
    /// later), else of the sheet's own name.
    pub(super) fn meant(&self, name: &str, sheet: &Path, only_file: bool) -> Option<&'f Path> {
        let name = own_name(name);
        let of_name =
            |name: &OsStr| self.exact.get(name).or_else(|| self.by_name.get(&folded(name))).copied();
        let of_stem = |stem: Option<&OsStr>| self.by_stem.get(&folded(stem?)).copied().flatten();
        let of_sheet = || of_stem(sheet.file_stem().filter(|_| only_file));
        name.file_name().and_then(of_name).or_else(|| of_stem(name.file_stem())).or_else(of_sheet)
    }
}

/// A sheet, and the names but for the extension, small, of all files that it would be about if they lay beside it.
pub(crate) struct Names {
    sheet: CueSheet,
    stems: HashMap<String, usize>,
}

impl Names {
    /// Of the sheet that lies at `at` and is to lie at `path`; `None` where it cannot be read.
    pub(crate) fn read(path: &Path, at: &Path) -> Option<Self> {
        let sheet = read_cue_sheet(at).ok()?;
        let mut stems = HashMap::new();
        for (at, file) in sheet.files.iter().enumerate().filter(|(_, file)| !file.tracks.is_empty()) {
            let own = path.file_stem().filter(|_| sheet.files.len() == 1);
            for stem in own_name(&file.name).file_stem().into_iter().chain(own) {
                stems.entry(folded(stem)).or_insert(at);
            }
        }
        Some(Self { sheet, stems })
    }

    pub(crate) fn may_mean(&self, path: &Path) -> bool {
        path.file_stem().is_some_and(|stem| self.stems.contains_key(&folded(stem)))
    }

    /// Whether it calls the file at `path` by this title.
    pub(crate) fn calls_it(&self, path: &Path, title: &str) -> bool {
        let at = path.file_stem().and_then(|stem| self.stems.get(&folded(stem)));
        let file = at.and_then(|at| self.sheet.files.get(*at));
        let said = file.and_then(|file| whole_file_tags(&self.sheet, file)?.title);
        said.is_some_and(|said| said.to_lowercase() == title.trim().to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_means_the_file_of_its_name_else_the_only_one_that_is_called_so() {
        let meant = |name: &str, only_file: bool, files: &[&'static str]| {
            let mut files: Vec<&'static Path> = files.iter().map(|file| Path::new(*file)).collect();
            files.sort_unstable();
            let found = Beside::of(&files).meant(name, Path::new("Low Water.cue"), only_file);
            found.map(|path| path.to_str().unwrap())
        };
        assert_eq!(meant("C:\\rips\\a.wav", false, &["A.wav", "a.flac", "a.wav"]), Some("a.wav"));
        assert_eq!(meant("a.WAV", false, &["a.flac", "a.wav"]), Some("a.wav"));
        assert_eq!(meant("a.wav", false, &["a.flac", "b.flac"]), Some("a.flac"));
        assert_eq!(meant("a.wav", false, &["a.flac", "A.mp3"]), None, "either may be meant");
        assert_eq!(meant("x.wav", true, &["low water.flac"]), Some("low water.flac"));
        assert_eq!(meant("x.wav", false, &["low water.flac"]), None);
    }
}
