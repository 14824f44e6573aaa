//! Which file the `FILE` line of a sheet means.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ferrotape_audio::{CueSheet, read_cue_sheet, whole_file_tags};

/// The files of one folder, by what a sheet there may call them.
#[derive(Default)]
pub(super) struct Beside<'f> {
    exact: HashMap<&'f OsStr, &'f Path>,
    by_name: HashMap<String, &'f Path>,
    /// `None` where several have it.
    by_stem: HashMap<String, Option<&'f Path>>,
    near: Option<&'f Near>,
}

/// Files in the folders below and beside those with sheets: a path from another computer may mean one of them.
#[derive(Default)]
pub(crate) struct Near {
    /// By the folder above theirs: the folder's name, and the file's but for the extension, small.
    below: HashMap<PathBuf, HashSet<(String, String)>>,
}

impl Near {
    /// Of `files` those that are near one of the `folders`.
    pub(crate) fn of<'p>(files: impl Iterator<Item = &'p Path>, folders: &HashSet<&Path>) -> Self {
        let above: HashSet<&Path> = folders.iter().filter_map(|folder| folder.parent()).collect();
        let mut near = Self::default();
        for file in files {
            let Some(folder) = file.parent() else { continue };
            let (Some(top), Some(name), Some(stem)) = (folder.parent(), folder.file_name(), file.file_stem())
            else {
                continue;
            };
            if folders.contains(top) || above.contains(top) {
                near.below.entry(top.to_owned()).or_default().insert((folded(name), folded(stem)));
            }
        }
        near
    }

    /// Whether a folder below or beside `folder` is called so and has such a file.
    fn has(&self, folder: &Path, named: &str, stem: &OsStr) -> bool {
        let key = (named.to_lowercase(), folded(stem));
        let tops = [Some(folder), folder.parent()];
        let mut tops = tops.into_iter().flatten().filter_map(|top| self.below.get(top));
        tops.any(|files| files.contains(&key))
    }
}

fn folded(text: &OsStr) -> String {
    text.to_string_lossy().to_lowercase()
}

/// What a `FILE` line says: a name, and often the folder it is in.
struct Line<'w> {
    name: &'w Path,
    folder: Option<&'w str>,
    is_absolute: bool,
}

impl<'w> Line<'w> {
    /// Of Windows and of everybody else.
    fn of(written: &'w str) -> Self {
        let is_absolute = written.starts_with(['/', '\\']) || written.as_bytes().get(1) == Some(&b':');
        let (above, name) = written.rsplit_once(['/', '\\']).unwrap_or(("", written));
        let is_folder = |part: &&str| !part.is_empty() && *part != "." && !part.ends_with(':');
        Self { name: Path::new(name), folder: above.rsplit(['/', '\\']).find(is_folder), is_absolute }
    }

    /// Whether it may mean a file beside a sheet in `folder`. Discs call their files alike: the folder tells them apart. A
    /// path from another computer says little, and may mean what is here.
    fn may_be_in(&self, folder: Option<&Path>) -> bool {
        self.is_absolute || self.folder.is_none_or(|named| is_called(folder, named))
    }
}

/// The last folder that a `FILE` line names.
pub(crate) fn named_folder(written: &str) -> Option<&str> {
    Line::of(written).folder
}

/// Whether the folder has this name, or one that the collection makes of it: `Album` of `Artist - Album`, and `Album (2)`
/// where another disc was in the way.
fn is_called(folder: Option<&Path>, named: &str) -> bool {
    let Some(own) = folder.and_then(Path::file_name).map(folded) else { return false };
    let named = named.to_lowercase();
    let album = named.split_once(" - ").map(|(_, album)| album);
    let is_so = |own: &str| own == named || Some(own) == album;
    let before = own.strip_suffix(')').and_then(|own| own.rsplit_once(" ("));
    is_so(&own) || before.is_some_and(|(own, number)| number.parse::<u32>().is_ok() && is_so(own))
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

    /// The same, with what is near: see [`Near`].
    pub(super) fn with(self, near: &'f Near) -> Self {
        Self { near: Some(near), ..self }
    }

    /// Whether a line that names another folder than the sheet's means what is there.
    fn is_elsewhere(&self, line: &Line, folder: Option<&Path>) -> bool {
        let (Some(named), Some(folder), Some(near)) = (line.folder, folder, self.near) else { return false };
        let stem = line.name.file_stem();
        !is_called(Some(folder), named) && stem.is_some_and(|stem| near.has(folder, named, stem))
    }

    /// The file that a `FILE` line means: of its name, else of its name but for the extension (the album was compressed
    /// later), else of the sheet's own name.
    pub(super) fn meant(&self, name: &str, sheet: &Path, only_file: bool) -> Option<&'f Path> {
        let line = Line::of(name);
        if !line.may_be_in(sheet.parent()) || self.is_elsewhere(&line, sheet.parent()) {
            return None;
        }
        let name = line.name;
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
            let line = Line::of(&file.name);
            if !line.may_be_in(path.parent()) {
                continue;
            }
            let own = path.file_stem().filter(|_| sheet.files.len() == 1);
            for stem in line.name.file_stem().into_iter().chain(own) {
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

    #[test]
    fn a_folder_in_a_line_is_the_sheets_own_or_another_disc_is_meant() {
        let files = [Path::new("Low Water/CD1/a.flac")];
        let meant = |name: &str, folder: &str, near: &Near| {
            let sheet = Path::new(folder).join("x.cue");
            Beside::of(&files).with(near).meant(name, &sheet, true).is_some()
        };
        let nothing = Near::default();
        for own in ["CD1\\a.wav", "cd1/a.wav", ".\\a.wav", "Low Water\\CD1\\a.wav", "C:\\rips\\CD1\\a.wav"] {
            assert!(meant(own, "Low Water/CD1", &nothing), "{own}");
        }
        for other in ["CD2\\a.wav", "CD2/a.wav", "..\\a.wav", "CD1\\CD2\\a.wav"] {
            assert!(!meant(other, "Low Water/CD1", &nothing), "{other}");
        }
        assert!(meant("CD1\\a.wav", "Low Water/CD1 (2)", &nothing), "the collection's name");
        assert!(meant("Nia Orrin - Low Water\\a.wav", "Nia Orrin/Low Water", &nothing), "the same");
        assert!(!meant("CD1\\a.wav", "Low Water/CD11", &nothing));
        // A path from elsewhere means what is here, unless what it says is there as well.
        let far = "C:\\rips\\CD2\\a.wav";
        assert!(meant(far, "Low Water/CD1", &nothing));
        let folders = HashSet::from([Path::new("Low Water/CD1")]);
        let near = |other: &str| Near::of([Path::new(other)].into_iter(), &folders);
        for other in ["Low Water/CD2/A.flac", "Low Water/CD1/CD2/a.flac"] {
            assert!(!meant(far, "Low Water/CD1", &near(other)), "{other}");
        }
        assert!(meant(far, "Low Water/CD1", &near("Low Water/CD2/b.flac")));
    }
}
