//! Which file the `FILE` line of a sheet means.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::Path;

use ferrotape_audio::{CueFile, CueSheet, read_cue_sheet, whole_file_tags};

use super::near::{Hangs, Near, folded};
use crate::disc_folders::disc_in;

/// The files of one folder, by what a sheet there may call them.
#[derive(Default)]
pub(super) struct Beside<'f> {
    exact: HashMap<&'f OsStr, &'f Path>,
    by_name: HashMap<String, &'f Path>,
    /// `None` where several have it.
    by_stem: HashMap<String, Option<&'f Path>>,
    near: Option<&'f Near>,
}

/// What a `FILE` line says: a name, and often the folder it is in.
struct Line<'w> {
    name: &'w Path,
    folder: Option<&'w str>,
    /// All of the folders, as they are written.
    above: &'w str,
    is_absolute: bool,
}

/// What the folder in a line says of the files beside a sheet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fits {
    /// It names none, or that of the sheet.
    Own,
    /// A path from another computer says little, and may mean what is here.
    FromElsewhere,
    /// That of the sheet may have been called so.
    Renamed,
    /// Another disc is meant. These call their files alike: the folder tells them apart.
    Other,
}

impl<'w> Line<'w> {
    /// Of Windows and of everybody else.
    fn of(written: &'w str) -> Self {
        let is_absolute = written.starts_with(['/', '\\']) || written.as_bytes().get(1) == Some(&b':');
        let (above, name) = written.rsplit_once(['/', '\\']).unwrap_or(("", written));
        let is_folder = |part: &&str| !part.is_empty() && *part != "." && !part.ends_with(':');
        let folder = above.rsplit(['/', '\\']).find(is_folder);
        Self { name: Path::new(name), folder, above, is_absolute }
    }

    /// Beside a sheet in `folder`.
    fn fits(&self, folder: Option<&Path>) -> Fits {
        let Some(named) = self.folder.filter(|named| !is_called(folder, named)) else { return Fits::Own };
        let own = folder.and_then(Path::file_name).map(folded).unwrap_or_default();
        if self.is_absolute {
            Fits::FromElsewhere
        } else if named == ".." || disc_in(named) != disc_in(&own) {
            Fits::Other
        } else {
            Fits::Renamed
        }
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

    /// The file of this name, else the only one of its name but for the extension: the album was compressed later.
    fn called(&self, name: &Path) -> Option<&'f Path> {
        let of_name =
            |name: &OsStr| self.exact.get(name).or_else(|| self.by_name.get(&folded(name))).copied();
        name.file_name().and_then(of_name).or_else(|| self.of_stem(name.file_stem()))
    }

    fn of_stem(&self, stem: Option<&OsStr>) -> Option<&'f Path> {
        self.by_stem.get(&folded(stem?)).copied().flatten()
    }

    /// What the lines of the sheet at `path` would mean if they named no folder.
    fn found<'s>(&self, sheet: &'s CueSheet, path: &Path) -> Vec<Found<'s, 'f>> {
        let own_name = path.file_stem().filter(|_| sheet.files.len() == 1);
        let lines = sheet.files.iter().map(|file| {
            let line = Line::of(&file.name);
            let called = self.called(line.name);
            let sound = called.or_else(|| self.of_stem(own_name));
            Found { file, called, sound, fits: line.fits(path.parent()), line }
        });
        lines.collect()
    }

    /// The files that the lines of the sheet at `path` mean: of their names, else, of an only line, of the sheet's own name.
    pub(super) fn meant(&self, sheet: &CueSheet, path: &Path) -> Meant<'f> {
        let folder = path.parent();
        let lines = self.found(sheet, path);
        let in_use = || lines.iter().filter(|found| !found.file.tracks.is_empty());
        // Of a folder of which one file is there, all that lines say is about it.
        let elsewhere: HashSet<String> = in_use()
            .filter(|found| self.is_elsewhere(&found.line, folder))
            .filter_map(|found| found.line.folder.map(str::to_lowercase))
            .collect();
        let is_elsewhere =
            |line: &Line| line.folder.is_some_and(|named| elsewhere.contains(&named.to_lowercase()));
        let is_whole = is_whole_disc(&lines);
        let is_ours = |found: &Found| match found.fits {
            Fits::Own => true,
            Fits::FromElsewhere => !is_elsewhere(&found.line),
            Fits::Renamed => is_whole && !is_elsewhere(&found.line),
            Fits::Other => false,
        };
        let others =
            in_use().find(|found| found.file.tracks.len() == 1 && found.sound.is_some() && !is_ours(found));
        Meant {
            files: lines.iter().map(|found| found.sound.filter(|_| is_ours(found))).collect(),
            others: others.and_then(|found| found.line.folder).map(str::to_owned),
            hangs: in_use().filter_map(Found::hangs).max(),
        }
    }
}

/// What the lines of a sheet mean beside it.
pub(super) struct Meant<'f> {
    /// Of each `FILE`.
    pub(super) files: Vec<Option<&'f Path>>,
    /// The folder in lines that are called as files of one track beside the sheet, and not taken to mean these.
    pub(super) others: Option<String>,
    /// On what around the folder this hangs.
    pub(super) hangs: Option<Hangs>,
}

/// A line, and what it would mean if it named no folder.
struct Found<'w, 'f> {
    file: &'w CueFile,
    line: Line<'w>,
    fits: Fits,
    /// What is called as in the line.
    called: Option<&'f Path>,
    /// That, or what is called as the sheet.
    sound: Option<&'f Path>,
}

impl Found<'_, '_> {
    fn hangs(&self) -> Option<Hangs> {
        let hangs = if self.called.is_some() { Hangs::OnNames } else { Hangs::OnAll };
        self.line.folder.map(|_| hangs)
    }
}

/// Whether all lines about sound name one folder, and all of their files lie beside the sheet: its folder was renamed.
fn is_whole_disc(lines: &[Found]) -> bool {
    let is_sound = |found: &&Found| found.file.tracks.iter().any(|track| track.is_sound);
    let mut sounds =
        lines.iter().filter(is_sound).map(|found| (found.line.above.to_lowercase(), found.sound));
    let Some((above, Some(_))) = sounds.next() else { return false };
    sounds.all(|(other, sound)| other == above && sound.is_some())
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
            // What else will lie there nobody knows yet.
            if line.fits(path.parent()) == Fits::Other {
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
    use std::path::PathBuf;

    use super::*;

    /// With a track in each of these files.
    fn sheet_of(lines: &[&str]) -> CueSheet {
        let line = |line: &&str| format!("FILE \"{line}\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n");
        CueSheet::parse(&lines.iter().map(line).collect::<String>())
    }

    #[test]
    fn a_line_means_the_file_of_its_name_else_the_only_one_that_is_called_so() {
        let meant = |name: &str, only_file: bool, files: &[&'static str]| {
            let mut files: Vec<&'static Path> = files.iter().map(|file| Path::new(*file)).collect();
            files.sort_unstable();
            let lines = if only_file { vec![name] } else { vec![name, "other.wav"] };
            let found = Beside::of(&files).meant(&sheet_of(&lines), Path::new("Low Water.cue"));
            found.files[0].map(|path| path.to_str().unwrap())
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
            let path = Path::new(folder).join("x.cue");
            Beside::of(&files).with(near).meant(&sheet_of(&[name]), &path).files[0].is_some()
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
    /// How many files the sheet at `path` means, whether it is told that it means others, and on what that hangs.
    fn meant(lines: &[&str], path: &str, near: &[&str]) -> (usize, bool, Option<Hangs>) {
        let (path, sheet) = (Path::new(path), sheet_of(lines));
        let folder = path.parent().unwrap();
        let files = ["Track01.flac", "Track02.flac"].map(|name| folder.join(name));
        let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
        let near = Near::of(near.iter().map(Path::new), &HashSet::from([folder]));
        let meant = Beside::of(&files).with(&near).meant(&sheet, path);
        (meant.files.iter().flatten().count(), meant.others.is_some(), meant.hangs)
    }

    #[test]
    fn a_folder_that_was_renamed_keeps_its_sheet_where_all_of_its_files_are_there() {
        let of = |folder: &str, numbers: &[u32]| -> Vec<String> {
            numbers.iter().map(|number| format!("{folder}\\Track0{number}.wav")).collect()
        };
        let counts = |lines: &[String], path: &str, near: &[&str]| {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let (files, is_told, hangs) = meant(&lines, path, near);
            assert_eq!((files == 0, hangs), (is_told, Some(Hangs::OnNames).max(hangs)), "{lines:?} {path}");
            files
        };
        let whole = of("Mara Quill - Low Water (2004) [FLAC]", &[1, 2]);
        assert_eq!(counts(&whole, "m/Low Water/x.cue", &[]), 2);
        assert_eq!(counts(&of("Low Water", &[1, 2]), "m/2004 - Low Water/x.cue", &[]), 2);
        assert_eq!(counts(&of("Disc 1", &[1, 2]), "m/CD1/x.cue", &[]), 2);
        // Not all of its files, and files of two folders.
        assert_eq!(counts(&of("Low Water", &[1, 2, 3]), "m/Tides/x.cue", &[]), 0);
        assert_eq!(counts(&[of("Ebb", &[1]), of("Flood", &[2])].concat(), "m/Tides/x.cue", &[]), 0);
        // Another disc, or another album of which a file is there.
        for (named, own) in [("CD2", "CD1"), ("CD2", "Low Water"), ("Tides (Disc 2)", "Tides (Disc 1)")] {
            assert_eq!(counts(&of(named, &[1, 2]), &format!("m/{own}/x.cue"), &[]), 0, "{named} {own}");
        }
        for lines in [of("Flood", &[1, 2]), of("C:\\rips\\Flood", &[1, 2])] {
            assert_eq!(counts(&lines, "m/Ebb/x.cue", &["m/Flood/Track02.flac"]), 0, "{lines:?}");
        }
    }

    #[test]
    fn what_names_no_folder_hangs_on_nothing_around() {
        assert_eq!(meant(&["Track01.wav"], "m/Low Water/x.cue", &[]), (1, false, None));
        // What the sheet's own name must find may be anything there.
        let (files, _, hangs) = meant(&["C:\\rips\\a.wav"], "m/Low Water/Track01.cue", &[]);
        assert_eq!((files, hangs), (1, Some(Hangs::OnAll)));
    }
}
