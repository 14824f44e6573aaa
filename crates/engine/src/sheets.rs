//! Cue sheets beside the sound: which of a folder's files a sheet is about, and whether it changed.
//!
//! A sheet cuts a file into its tracks, or names a file that is one track as a whole.
//!
//! Sheets are not listed as files of their own. Every file of a folder with sheets keeps a stamp of these and of the names
//! of its files, so that they are looked at again when a sheet came, went or changed, or may mean another file. Where
//! lines name folders the stamp has the folder's own name in it, too, and what lies in the folders around.

mod both;
mod doubted;
mod meant;
mod near;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ferrotape_audio::{
    CueFile, CueSheet, CueTrack, Probed, fill_from_sheet, read_cue_sheet, whole_file_tags,
};
use ferrotape_domain::{Cancel, ListedFile, TagSet};
use ferrotape_store::{ScannedPart, SheetDoubt};

use crate::Context;
use meant::Beside;
use near::{AROUND, Around, Hangs};

pub(crate) use doubted::{Doubted, tell as tell_doubted};
pub(crate) use meant::{Names, named_folder};
pub(crate) use near::{Near, folded};

/// Sheets of one folder that are read.
pub(crate) const MOST_SHEETS: usize = 100;
/// What is said of one sheet.
const MOST_WARNINGS: usize = 3;
/// Raised when more is read from sheets: what lies beside one is then looked at again.
const READING: &[u8] = b"6";

/// The sheets that a listing showed, by folder.
#[derive(Default)]
pub(crate) struct Sheets {
    by_folder: HashMap<PathBuf, Vec<ListedFile>>,
    /// Of the sheets and the files beside them; never 0 but for the bits of [`AROUND`].
    stamps: HashMap<PathBuf, i64>,
    /// Only looked for where a sheet names folders.
    around: OnceLock<Around>,
}

/// What sheets say of files.
#[derive(Default)]
pub(crate) struct Said {
    by_file: HashMap<PathBuf, OfFile>,
    /// Files that are another track, or other tracks, by another sheet: which of them is right nobody can say.
    unsure: HashSet<PathBuf>,
    /// What all sheets that cut such a file call its tracks.
    names: HashMap<PathBuf, Vec<(String, String)>>,
    /// On what around a folder its sheets hang, where they do.
    hangs: HashMap<PathBuf, Hangs>,
}

/// One `FILE` of a sheet, by its place there: a sheet may have 999, and all of them keep it.
struct OfFile(Arc<CueSheet>, usize);

impl OfFile {
    fn parts(&self) -> Option<(&CueSheet, &CueFile)> {
        Some((&*self.0, self.0.files.get(self.1)?))
    }

    fn names(&self) -> Vec<(String, String)> {
        self.parts().map(|(sheet, file)| doubted::names_of(sheet, file)).unwrap_or_default()
    }

    fn tracks(&self) -> usize {
        self.parts().map_or(0, |(_, file)| file.tracks.len())
    }

    /// What it says of a file that is one track.
    fn whole(&self) -> Option<TagSet> {
        self.parts().and_then(|(sheet, file)| whole_file_tags(sheet, file))
    }

    /// Whether both call a file that is one track the same.
    fn names_like(&self, other: &Self) -> bool {
        let names =
            |said: &Self| said.whole().map(|tags| (tags.title, tags.artists, tags.album, tags.track_number));
        names(self) == names(other)
    }

    /// Whether both make the same tracks of a file: called so, and beginning there.
    fn cuts_like(&self, other: &Self) -> bool {
        let (Some((sheet, file)), Some((its, of_it))) = (self.parts(), other.parts()) else { return false };
        let is_like = |one: &CueTrack, two: &CueTrack| {
            (one.number, one.start, one.has_no_end, &one.title, &one.performer)
                == (two.number, two.start, two.has_no_end, &two.title, &two.performer)
        };
        (&sheet.title, &sheet.performer, file.tracks.len())
            == (&its.title, &its.performer, of_it.tracks.len())
            && file.tracks.iter().zip(&of_it.tracks).all(|(one, two)| is_like(one, two))
    }
}

fn others_says(folder: &str) -> String {
    format!(
        "the cue sheet is about files in “{folder}”, so it names none beside it; if these are meant, take “{folder}” \
         out of its FILE lines"
    )
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

/// Not 0, which says that there are none; the bits of [`AROUND`] are free.
fn number_of(stamp: &blake3::Hasher) -> i64 {
    let hash = stamp.finalize();
    let number = i64::from_le_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default());
    (number & !AROUND) | (AROUND + 1)
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
                for number in [sheet.modified_ns, sheet.changed_ns] {
                    stamp.update(&number.to_le_bytes());
                }
                stamp.update(&sheet.size.to_le_bytes());
            }
        }
        for file in listed {
            if let Some(stamp) = stamps.get_mut(folder_of(&file.path)) {
                put_name(stamp, &file.path);
            }
        }
        let stamps = stamps.into_iter().map(|(folder, stamp)| (folder, number_of(&stamp))).collect();
        Self { by_folder, stamps, around: OnceLock::new() }
    }

    /// Whether the stamp that was `kept` of the file at `path` would be the same now. It is another when the sheets beside it
    /// are, or the names of the files they may mean, and where they name folders that of their own or what is around; but
    /// not when all of them move. `seen` has every listed file.
    pub(crate) fn is_as_kept(&self, path: &Path, kept: i64, seen: &HashSet<PathBuf>) -> bool {
        let Some(own) = self.stamps.get(folder_of(path)) else { return kept == 0 };
        let hangs = Hangs::kept_in(kept);
        let around = hangs.map_or(0, |hangs| self.around(seen).stamp(folder_of(path), hangs));
        kept == (*own | around)
    }

    /// The stamp to keep of a file that was opened, by what the sheets beside it `said`; 0 where there are none.
    pub(crate) fn stamp(&self, path: &Path, said: &Said) -> i64 {
        let folder = folder_of(path);
        let Some(own) = self.stamps.get(folder) else { return 0 };
        let hangs = said.hangs.get(folder).zip(self.around.get());
        *own | hangs.map_or(0, |(hangs, around)| around.stamp(folder, *hangs))
    }

    fn around(&self, seen: &HashSet<PathBuf>) -> &Around {
        self.around.get_or_init(|| {
            let folders: HashSet<&Path> = self.by_folder.keys().map(PathBuf::as_path).collect();
            Around::of(seen, &folders)
        })
    }

    /// Reads the sheets beside the files that are to be opened. `seen` has every listed file.
    pub(crate) fn read(&self, to_open: &[ListedFile], seen: &HashSet<PathBuf>, context: &Context) -> Said {
        let folders = to_open.iter().map(|file| folder_of(&file.path));
        let with_sheets = folders.filter(|folder| self.by_folder.contains_key(*folder));
        let with_sheets: HashSet<&Path> = with_sheets.collect();
        let mut said = Said::default();
        if with_sheets.is_empty() {
            return said;
        }
        // In the order of their paths, in which what is said of them comes, too.
        let mut beside: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
        for file in seen {
            if with_sheets.contains(folder_of(file)) {
                beside.entry(folder_of(file)).or_default().push(file);
            }
        }
        let near = &self.around(seen).near;
        let warn = |path: &Path, says: String| context.warn(path.display().to_string(), says);
        for (folder, files) in beside {
            let sheets = self.by_folder.get(folder).into_iter().flatten();
            let sheets = sheets.map(|sheet| (sheet.path.as_path(), sheet.path.as_path()));
            said.take_folder(sheets, (files, near), context.cancel, &warn);
        }
        said
    }
}

impl Said {
    /// Takes down what the sheets of one folder say of the `files` in it: of each sheet its path beside them, and where it
    /// is read; `near` are the files of other folders. Says by `warn` what is to be said.
    pub(crate) fn take_folder<'s>(
        &mut self,
        sheets: impl Iterator<Item = (&'s Path, &'s Path)>,
        (mut files, near): (Vec<&Path>, &Near),
        cancel: &Cancel,
        warn: &dyn Fn(&Path, String),
    ) {
        files.sort_unstable();
        let beside = Beside::of(&files).with(near);
        for (path, at) in sheets.take(MOST_SHEETS).take_while(|_| !cancel.is_stopped()) {
            match read_cue_sheet(at) {
                Ok(sheet) => {
                    sheet.problems.iter().take(MOST_WARNINGS).for_each(|says| warn(path, says.clone()));
                    self.take(sheet, path, &beside).into_iter().for_each(|says| warn(path, says));
                }
                Err(error) => warn(path, format!("the cue sheet was left out: {error}")),
            }
        }
    }

    /// Takes down what the sheet at `path` says of the files beside it; gives what is to be said about that.
    fn take(&mut self, sheet: CueSheet, path: &Path, beside: &Beside) -> Vec<String> {
        let sheet = Arc::new(sheet);
        let meant = beside.meant(&sheet, path);
        if let Some(hangs) = meant.hangs {
            let known = self.hangs.entry(folder_of(path).to_owned()).or_insert(hangs);
            *known = hangs.max(*known);
        }
        let mut problems: Vec<String> = meant.others.iter().map(|folder| others_says(folder)).collect();
        let files = sheet.files.iter().zip(meant.files).enumerate();
        for (at, (file, sound)) in files.filter(|(_, (file, _))| !file.tracks.is_empty()) {
            match sound {
                Some(sound) => problems.extend(self.put(sound, OfFile(Arc::clone(&sheet), at))),
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

    /// Of two sheets about one file the one that cuts it, else the first; none where they differ. More tracks are no proof:
    /// the other may be right, and a wrong cut gives the sound of one track the name of another.
    fn put(&mut self, sound: &Path, said: OfFile) -> Option<String> {
        let Some(other) = self.by_file.get(sound) else {
            self.by_file.insert(sound.to_owned(), said);
            return None;
        };
        let (had_cuts, cuts) = (other.tracks() > 1, said.tracks() > 1);
        if had_cuts != cuts {
            if cuts {
                self.unsure.remove(sound);
                self.by_file.insert(sound.to_owned(), said);
            }
            return None;
        }
        let is_same = if cuts { other.cuts_like(&said) } else { other.names_like(&said) };
        if cuts && !is_same {
            let names = [other.names(), said.names()].concat();
            self.names.entry(sound.to_owned()).or_default().extend(names);
        }
        let is_news = !is_same && self.unsure.insert(sound.to_owned());
        let name = sound.file_name().unwrap_or_default().display();
        (is_news && cuts).then(|| format!("another cue sheet cuts “{name}” differently, so neither counts"))
    }

    /// The sheet of a file, where it is sure.
    fn of(&self, path: &Path) -> Option<&OfFile> {
        self.by_file.get(path).filter(|_| !self.unsure.contains(path))
    }

    /// Whether sheets cut a file differently.
    fn is_cut_differently(&self, path: &Path) -> bool {
        self.unsure.contains(path) && self.by_file.get(path).is_some_and(|said| said.tracks() > 1)
    }

    /// Fills what the tags of a file do not say, where a sheet says that the whole file is one track.
    pub(crate) fn fill(&self, path: &Path, tags: &mut TagSet) {
        if let Some(said) = self.of(path).and_then(OfFile::whole) {
            fill_from_sheet(tags, &said);
        }
    }
}

/// What sheets make of a file.
#[derive(Default)]
pub(crate) struct Cut {
    pub(crate) parts: Vec<ScannedPart>,
    /// What is to be said of them.
    pub(crate) says: Vec<String>,
    /// Where they contradict each other.
    pub(crate) doubt: Option<SheetDoubt>,
}

/// The parts of a file that was just opened: by the sheet beside it and the one inside, of which neither counts where they
/// differ.
pub(crate) fn parts(path: &Path, probed: &Probed, said: &Said) -> Cut {
    // One of those beside it is wrong, and the one inside may be so as well. Each sheet was told of when it was read.
    if said.is_cut_differently(path) {
        let why =
            "two cue sheets beside it cut it differently, so neither counts; remove the wrong one".to_owned();
        let names = said.names.get(path).cloned().unwrap_or_default();
        return Cut { doubt: Some(SheetDoubt { why, names }), ..Cut::default() };
    }
    let inside = probed.sheet.as_ref().and_then(|sheet| Some((sheet, sheet.files.first()?)));
    let beside = said.of(path).filter(|said| said.tracks() > 1).and_then(OfFile::parts);
    let found = match (beside, inside) {
        (Some(beside), Some(inside)) => both::by_both(beside, inside, probed),
        (Some(one), None) | (None, Some(one)) => Some(both::by_one(one, probed)),
        (None, None) => return Cut::default(),
    };
    let Some((parts, problems)) = found else {
        let says = "the cue sheet inside of it and the one beside it make different tracks of it, so neither counts; \
                    remove the wrong one";
        let both = [beside, inside].into_iter().flatten();
        let names = both.flat_map(|(sheet, file)| doubted::names_of(sheet, file)).collect();
        let doubt = Some(SheetDoubt { why: says.to_owned(), names });
        return Cut { says: vec![says.to_owned()], doubt, ..Cut::default() };
    };
    let says = problems.into_iter().take(MOST_WARNINGS).map(|says| format!("its cue sheet: {says}"));
    let parts = parts.into_iter().map(|found| ScannedPart { part: found.part, tags: found.tags });
    Cut { parts: parts.collect(), says: says.collect(), doubt: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The titles that sheets of these texts, `01.cue` and so on, give the files of a folder.
    fn titles(sheets: &[String], files: &[&str], cancel: &Cancel) -> Vec<Option<String>> {
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> =
            (1..=sheets.len()).map(|at| dir.path().join(format!("{at:03}.cue"))).collect();
        for (path, text) in paths.iter().zip(sheets) {
            std::fs::write(path, text).unwrap();
        }
        let mut said = Said::default();
        let of_paths = paths.iter().map(|path| (path.as_path(), path.as_path()));
        said.take_folder(
            of_paths,
            (files.iter().map(Path::new).collect(), &Near::default()),
            cancel,
            &|_, _| {},
        );
        let title = |file: &&str| {
            let mut tags = TagSet::default();
            said.fill(Path::new(*file), &mut tags);
            tags.title
        };
        files.iter().map(title).collect()
    }

    fn track(file: &str, title: &str) -> String {
        format!("FILE \"{file}\" WAVE\nTRACK 01 AUDIO\nTITLE \"{title}\"\nINDEX 01 00:00:00\n")
    }

    #[test]
    fn a_folder_of_more_sheets_than_anybody_has_is_not_read_to_its_end() {
        let mut sheets: Vec<String> = vec!["REM nothing\n".to_owned(); MOST_SHEETS];
        sheets[MOST_SHEETS - 1] = track("a.wav", "Ebb");
        sheets.push(track("b.wav", "Flood"));
        let files = ["a.flac", "b.flac"];
        assert_eq!(titles(&sheets, &files, &Cancel::default()), [Some("Ebb".to_owned()), None]);
        let stopped = Cancel::default();
        stopped.stop();
        assert_eq!(titles(&sheets, &files, &stopped), [None, None]);
    }

    #[test]
    fn the_files_of_a_sheet_share_it() {
        let sheet = CueSheet::parse(&[track("a.wav", "Ebb"), track("b.wav", "Flood")].concat());
        let (mut said, files) = (Said::default(), ["a.wav", "b.wav"].map(Path::new));
        said.take(sheet, Path::new("one.cue"), &Beside::of(&files));
        let [a, b] = files.map(|file| &said.by_file[file]);
        assert!(Arc::ptr_eq(&a.0, &b.0) && (a.1, b.1) == (0, 1));
    }

    #[test]
    fn of_two_sheets_that_cut_a_file_differently_neither_counts() {
        let cut = |titles: &[&str]| {
            let mut text = "FILE \"a.wav\" WAVE\n".to_owned();
            for (at, title) in titles.iter().enumerate() {
                let number = at + 1;
                text += &format!("TRACK {number:02} AUDIO\nTITLE \"{title}\"\nINDEX 01 0{at}:00:00\n");
            }
            text
        };
        let tracks = |sheets: &[String]| {
            let (mut said, file, mut says) = (Said::default(), Path::new("a.wav"), Vec::<String>::new());
            for sheet in sheets {
                says.extend(said.take(CueSheet::parse(sheet), Path::new("x.cue"), &Beside::of(&[file])));
            }
            (said.of(file).map(OfFile::tracks), says.len())
        };
        let (two, three) = (cut(&["Ebb", "Flood"]), cut(&["Ebb", "Flood", "Slack"]));
        assert_eq!(tracks(&[two.clone(), two.clone()]), (Some(2), 0));
        assert_eq!(tracks(&[two.clone(), three]), (None, 1), "said once");
        assert_eq!(tracks(&[two.clone(), cut(&["Ebb", "Moor"])]), (None, 1));
        // What calls the whole file something is no other cut, and two of these are forgotten once it is cut.
        assert_eq!(tracks(&[cut(&["Moor"]), cut(&["Ebb"]), two]), (Some(2), 0));
    }
}
