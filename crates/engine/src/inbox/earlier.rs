//! Music of a drop that was filed before: what lies in the drop still, and what went from it. It is the album's as well as
//! what comes now.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use ferrotape_audio::content_id;

use super::album::{file_of, lines_of_sheet, stem};
use super::filing::name_on_record;
use super::known::Known;
use super::listing::Dropped;
use super::staging::Gathered;
use crate::sheets::{MOST_SHEETS, folded, is_sheet};
use crate::shelves::Shelf;

#[derive(Default)]
pub(super) struct Earlier {
    /// Files of the drop, and where the same lies outside of the inboxes.
    pub(super) here: Vec<(PathBuf, PathBuf)>,
    /// Where that lies which came in a drop of this name lately. What is in the drop now under such a name is that very file.
    pub(super) from_drop: HashSet<PathBuf>,
    /// Where the same lies as in the drop, whatever it is.
    had: HashSet<PathBuf>,
}

impl Earlier {
    pub(super) fn of(drop: &Dropped, gathered: &Gathered, known: &Known) -> Self {
        let place_in = |name: &str| drop.path.join(name);
        let news = gathered.news.iter().filter(|news| !news.is_beside);
        let had = news.filter_map(|news| {
            let from = news.from.clone().unwrap_or_else(|| place_in(&news.name));
            Some((from, news.path()?.clone()))
        });
        let here: Vec<(PathBuf, PathBuf)> = had.chain(looked_at_before(drop, known)).collect();
        let from_drop = from_drop(drop, gathered, (&here, known));
        let beside = gathered.news.iter().filter_map(|news| news.path().cloned());
        let had = here.iter().map(|(_, place)| place.clone()).chain(beside).collect();
        Self { here, from_drop, had }
    }

    /// All places of what was filed before.
    pub(super) fn places(&self) -> impl Iterator<Item = &PathBuf> {
        self.had.iter().chain(&self.from_drop)
    }

    /// Whether the same as at this place lies in the drop.
    pub(super) fn has(&self, place: &Path) -> bool {
        self.had.contains(place)
    }

    /// What of a shelf only the drop's name tells of.
    pub(super) fn went_from(&self, shelf: &Shelf) -> Vec<PathBuf> {
        shelf.places().filter(|place| self.from_drop.contains(place) && !self.has(place)).collect()
    }
}

/// The music that was looked at before, as far as a sheet of the drop may name it: nothing else asks where it lies, and a
/// drop may hold thousands.
fn looked_at_before(drop: &Dropped, known: &Known) -> Vec<(PathBuf, PathBuf)> {
    if drop.music_before.is_empty() {
        return Vec::new();
    }
    let sheets = drop.files.iter().map(|file| &file.path).filter(|path| is_sheet(path)).take(MOST_SHEETS);
    let named: HashSet<String> = sheets
        .flat_map(|sheet| {
            let lines = lines_of_sheet(sheet).into_iter().map(|line| stem(&file_of(&line)).to_owned());
            lines.chain([low_stem(sheet)]).collect::<Vec<_>>()
        })
        .collect();
    let mut here = Vec::new();
    for path in drop.music_before.iter().filter(|path| named.contains(&low_stem(path))) {
        if let Ok(content) = File::open(path).and_then(|mut file| content_id(&mut file)) {
            here.extend(known.places_of(&content).map(|place| (path.clone(), place.to_owned())));
        }
    }
    here
}

/// Where what came in a drop of this name lies. Discs call their files alike: a place whose name a file of the drop has now
/// counts only if that file is what lies there. What lies loose has no name in common.
fn from_drop(
    drop: &Dropped,
    gathered: &Gathered,
    (here, known): (&[(PathBuf, PathBuf)], &Known),
) -> HashSet<PathBuf> {
    if drop.is_loose {
        return HashSet::new();
    }
    let pieces = gathered.pieces.iter().filter(|piece| piece.sound.is_some());
    let now = pieces.filter_map(|piece| piece.path.last().map(|name| stem(name).to_lowercase()));
    let news = gathered.news.iter().filter(|news| !news.is_beside);
    let now = now.chain(news.map(|news| stem(&file_of(&news.name)).to_owned()));
    let now: HashSet<String> = now.chain(drop.music_before.iter().map(|path| low_stem(path))).collect();
    let these: HashSet<&Path> = here.iter().map(|(_, place)| place.as_path()).collect();
    let name = name_on_record(drop);
    let places = known.came_in(&name);
    let is_ours = |place: &&Path| these.contains(place) || !now.contains(&low_stem(place));
    places.filter(is_ours).map(Path::to_owned).collect()
}

/// A file's name but for its ending, small.
pub(super) fn low_stem(path: &Path) -> String {
    path.file_stem().map(folded).unwrap_or_default()
}
