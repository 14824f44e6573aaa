//! Cue sheets beside the sound: which of a folder's files a sheet is about, and whether it changed.
//!
//! A sheet cuts a file into its tracks, or names a file that is one track as a whole.
//!
//! Sheets are not listed as files of their own. Every file of a folder with sheets keeps a stamp of these and of the names
//! of its files, so that they are looked at again when a sheet came, went or changed, or may mean another file.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_audio::{
    CueFile, CueSheet, Probed, fill_from_sheet, parts_of, read_cue_sheet, whole_file_tags,
};
use ferrotape_domain::{ListedFile, TagSet};
use ferrotape_store::ScannedPart;

use crate::Context;

/// Sheets of one folder that are read.
const MOST_SHEETS: usize = 100;
/// What is said of one sheet.
const MOST_WARNINGS: usize = 3;
/// Raised when more is read from sheets: what lies beside one is then looked at again.
const READING: &[u8] = b"2";

/// The sheets that a listing showed, by folder.
#[derive(Default)]
pub(crate) struct Sheets {
    by_folder: HashMap<PathBuf, Vec<ListedFile>>,
    stamps: HashMap<PathBuf, i64>,
}

/// What sheets say of files.
#[derive(Default)]
pub(crate) struct Said {
    by_file: HashMap<PathBuf, (CueSheet, CueFile)>,
    /// Files that are another track by another sheet: which of them is right nobody can say.
    unsure: HashSet<PathBuf>,
}

/// Whether the name says that it is a sheet.
pub(crate) fn is_sheet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("cue"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn put_name(stamp: &mut blake3::Hasher, path: &Path) {
    // No name has a zero byte in it.
    stamp.update(path.file_name().unwrap_or_default().as_encoded_bytes()).update(&[0]);
}

/// Not 0, which says that there are none.
fn number_of(stamp: &blake3::Hasher) -> i64 {
    let hash = stamp.finalize();
    i64::from_le_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default()) | 1
}

impl Sheets {
    /// Takes the sheets out of `listed`, which is in the order of its paths.
    pub(crate) fn take_from(listed: &mut Vec<ListedFile>) -> Self {
        let mut by_folder: HashMap<PathBuf, Vec<ListedFile>> = HashMap::new();
        for sheet in listed.extract_if(.., |file| is_sheet(&file.path)) {
            by_folder.entry(folder_of(&sheet.path).to_owned()).or_default().push(sheet);
        }
        let mut stamps: HashMap<PathBuf, blake3::Hasher> = HashMap::new();
        for (folder, sheets) in &by_folder {
            let stamp = stamps.entry(folder.clone()).or_default();
            stamp.update(READING);
            for sheet in sheets {
                put_name(stamp, &sheet.path);
                stamp.update(&sheet.size.to_le_bytes()).update(&sheet.modified_ns.to_le_bytes());
            }
        }
        for file in listed {
            if let Some(stamp) = stamps.get_mut(folder_of(&file.path)) {
                put_name(stamp, &file.path);
            }
        }
        let stamps = stamps.into_iter().map(|(folder, stamp)| (folder, number_of(&stamp))).collect();
        Self { by_folder, stamps }
    }

    /// Changes when the sheets beside `path` do, or the names of the files they may mean, but not when all of them
    /// move; 0 where there are no sheets.
    pub(crate) fn stamp(&self, path: &Path) -> i64 {
        self.stamps.get(folder_of(path)).copied().unwrap_or(0)
    }

    /// Reads the sheets beside the files that are to be opened. `seen` has every listed file.
    pub(crate) fn read(&self, to_open: &[ListedFile], seen: &HashSet<PathBuf>, context: &Context) -> Said {
        let folders: HashSet<&Path> = to_open.iter().filter_map(|file| file.path.parent()).collect();
        let with_sheets = folders.into_iter().filter(|folder| self.by_folder.contains_key(*folder));
        let with_sheets: HashSet<&Path> = with_sheets.collect();
        let mut beside: HashMap<&Path, Vec<&Path>> = HashMap::new();
        for file in seen {
            if let Some(folder) = file.parent().filter(|folder| with_sheets.contains(folder)) {
                beside.entry(folder).or_default().push(file);
            }
        }
        let mut said = Said::default();
        for (folder, files) in &mut beside {
            files.sort_unstable();
            for sheet in self.by_folder.get(*folder).into_iter().flatten().take(MOST_SHEETS) {
                read_one(&sheet.path, files, &mut said, context);
            }
        }
        said
    }
}

fn read_one(path: &Path, beside: &[&Path], said: &mut Said, context: &Context) {
    let warn = |says: String| context.warn(path.display().to_string(), says);
    let sheet = match read_cue_sheet(path) {
        Ok(sheet) => sheet,
        Err(error) => return warn(format!("the cue sheet was left out: {error}")),
    };
    for problem in sheet.problems.iter().take(MOST_WARNINGS) {
        warn(problem.clone());
    }
    said.take(&sheet, path, beside).into_iter().for_each(warn);
}

impl Said {
    /// Takes down what the sheet at `path` says of the files beside it, which are in the order of their paths; gives what
    /// is to be said about that.
    pub(crate) fn take(&mut self, sheet: &CueSheet, path: &Path, beside: &[&Path]) -> Vec<String> {
        let mut problems = Vec::new();
        for file in sheet.files.iter().filter(|file| !file.tracks.is_empty()) {
            match meant(&file.name, path, sheet.files.len() == 1, beside) {
                Some(sound) => self.put(sound, sheet, file),
                // Files that are one track each often get other names, and their tags say all of it.
                None if file.tracks.len() == 1 => {}
                None => {
                    let says = format!("the cue sheet is about “{}”, which is not beside it", file.name);
                    problems.push(says);
                }
            }
        }
        problems
    }

    /// Of two sheets about one file the one with more tracks, else the first.
    fn put(&mut self, sound: &Path, sheet: &CueSheet, file: &CueFile) {
        let Some((other, of_other)) = self.by_file.get(sound) else {
            self.by_file.insert(sound.to_owned(), (sheet.clone(), file.clone()));
            return;
        };
        let names = |sheet: &CueSheet, file: &CueFile| {
            whole_file_tags(sheet, file).map(|tags| (tags.title, tags.artists, tags.album, tags.track_number))
        };
        let are_whole = of_other.tracks.len() == 1 && file.tracks.len() == 1;
        if are_whole && names(other, of_other) != names(sheet, file) {
            self.unsure.insert(sound.to_owned());
        }
        if of_other.tracks.len() < file.tracks.len() {
            self.by_file.insert(sound.to_owned(), (sheet.clone(), file.clone()));
        }
    }

    /// Fills what the tags of a file do not say, where a sheet says that the whole file is one track.
    pub(crate) fn fill(&self, path: &Path, tags: &mut TagSet) {
        let said = self.by_file.get(path).filter(|_| !self.unsure.contains(path));
        if let Some(said) = said.and_then(|(sheet, file)| whole_file_tags(sheet, file)) {
            fill_from_sheet(tags, &said);
        }
    }
}

/// The file beside the sheet that a `FILE` line means: of its name, else of its name but for the extension (the album
/// was compressed later), else of the sheet's own name. Whatever folders the line names, no other is looked into.
fn meant<'f>(name: &str, sheet: &Path, only_file: bool, beside: &[&'f Path]) -> Option<&'f Path> {
    let folded = |text: &std::ffi::OsStr| text.to_string_lossy().to_lowercase();
    let name = Path::new(name.rsplit(['/', '\\']).next().unwrap_or_default());
    let by_name = |path: &&&Path| path.file_name().map(folded) == name.file_name().map(folded);
    let only_of_stem = |stem: Option<&std::ffi::OsStr>| {
        let stem = folded(stem?);
        let mut of_stem = beside.iter().filter(|path| path.file_stem().map(folded).as_ref() == Some(&stem));
        of_stem.next().filter(|_| of_stem.next().is_none())
    };
    let exact = beside.iter().find(|path| path.file_name() == name.file_name());
    let found = exact.or_else(|| beside.iter().find(by_name)).or_else(|| only_of_stem(name.file_stem()));
    found.or_else(|| only_file.then(|| only_of_stem(sheet.file_stem())).flatten()).copied()
}

/// The parts of a file that was just opened: by the sheet beside it, which people can mend, else by the one inside.
pub(crate) fn parts(path: &Path, probed: &Probed, said: &Said, context: &Context) -> Vec<ScannedPart> {
    let inside = || probed.sheet.as_ref().and_then(|sheet| Some((sheet, sheet.files.first()?)));
    let cuts = |said: &&(CueSheet, CueFile)| said.1.tracks.len() > 1;
    let beside = said.by_file.get(path).filter(cuts).map(|(sheet, file)| (sheet, file));
    let Some((sheet, file)) = beside.or_else(inside) else { return Vec::new() };
    let (parts, problems) = parts_of(sheet, file, &probed.facts, &probed.tags);
    for problem in problems.into_iter().take(MOST_WARNINGS) {
        context.warn(path.display().to_string(), format!("its cue sheet: {problem}"));
    }
    parts.into_iter().map(|found| ScannedPart { part: found.part, tags: found.tags }).collect()
}
