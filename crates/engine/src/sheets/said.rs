//! What the sheets of a folder say of its files: of several about one file the one that is sure.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ferrotape_audio::{CueFile, CueSheet, CueTrack, fill_from_sheet, read_cue_sheet, whole_file_tags};
use ferrotape_domain::{Cancel, TagSet};

use super::meant::Beside;
use super::near::{Hangs, Near};
use super::{MOST_SHEETS, MOST_WARNINGS, doubted, folder_of};

/// What sheets say of files.
#[derive(Default)]
pub(crate) struct Said {
    by_file: HashMap<PathBuf, OfFile>,
    /// Files that are another track, or other tracks, by another sheet: which of them is right nobody can say.
    unsure: HashSet<PathBuf>,
    /// What all sheets that cut such a file call its tracks.
    pub(super) names: HashMap<PathBuf, Vec<(String, String)>>,
    /// On what around a folder its sheets hang, where they do.
    pub(super) hangs: HashMap<PathBuf, Hangs>,
}

/// One `FILE` of a sheet, by its place there: a sheet may have 999, and all of them keep it.
pub(super) struct OfFile(Arc<CueSheet>, usize);

impl OfFile {
    pub(super) fn parts(&self) -> Option<(&CueSheet, &CueFile)> {
        Some((&*self.0, self.0.files.get(self.1)?))
    }

    fn names(&self) -> Vec<(String, String)> {
        self.parts().map(|(sheet, file)| doubted::names_of(sheet, file)).unwrap_or_default()
    }

    pub(super) fn tracks(&self) -> usize {
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
    pub(super) fn of(&self, path: &Path) -> Option<&OfFile> {
        self.by_file.get(path).filter(|_| !self.unsure.contains(path))
    }

    /// Whether sheets cut a file differently.
    pub(super) fn is_cut_differently(&self, path: &Path) -> bool {
        self.unsure.contains(path) && self.by_file.get(path).is_some_and(|said| said.tracks() > 1)
    }

    /// Fills what the tags of a file do not say, where a sheet says that the whole file is one track.
    pub(crate) fn fill(&self, path: &Path, tags: &mut TagSet) {
        if let Some(said) = self.of(path).and_then(OfFile::whole) {
            fill_from_sheet(tags, &said);
        }
    }
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
