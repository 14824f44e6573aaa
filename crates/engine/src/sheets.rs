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
mod said;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ferrotape_audio::Probed;
use ferrotape_domain::ListedFile;
use ferrotape_store::{ScannedPart, SheetDoubt};

use crate::Context;
use near::{AROUND, Around, Hangs};
use said::OfFile;

pub(crate) use doubted::{Doubted, tell as tell_doubted};
pub(crate) use meant::{Names, named_folder};
pub(crate) use near::{Near, folded};
pub(crate) use said::Said;

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
