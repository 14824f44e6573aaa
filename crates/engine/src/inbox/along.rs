//! What may go along with new music, told by names before anything is copied: an inbox may hold many large papers that are
//! nothing of the music's. Whatever an album may take passes; which one takes it is told later, by content and tags.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use ferrotape_domain::TagSet;

use super::album::{AN_ALBUM, VARIOUS, stem};
use super::folder::parts;
use super::listing::Dropped;
use super::papers::{is_named_in, is_of_music, is_paper};
use super::staging::{Gathered, Piece};
use crate::disc_folders::{disc_of, only_disc_of};
use crate::sheets::is_sheet;

/// The music of a drop, by its folders.
pub(super) struct Along {
    is_loose: bool,
    folders: HashMap<Vec<String>, Music>,
}

/// The music of one folder.
#[derive(Default)]
struct Music {
    /// How many files of it are new.
    new: usize,
    /// What these are called, small, with and without their endings.
    names: HashSet<String>,
    /// What else they are called by: songs, albums and artists.
    things: HashSet<String>,
    /// Whether a sheet is there, which may call them anything.
    has_sheet: bool,
}

impl Along {
    pub(super) fn of(gathered: &Gathered, drop: &Dropped) -> Self {
        let mut folders: HashMap<Vec<String>, Music> = HashMap::new();
        for news in gathered.news.iter().filter(|news| !news.is_beside) {
            folders.entry(news.folders.clone()).or_default();
        }
        for path in drop.music_before.iter().filter_map(|path| path.parent()) {
            folders.entry(parts(path, drop)).or_default();
        }
        for piece in &gathered.pieces {
            let Some((name, folder)) = piece.path.split_last() else { continue };
            folders.entry(folder.to_vec()).or_default().add(name, piece);
        }
        for sheet in drop.files.iter().map(|file| &file.path).filter(|path| is_sheet(path)) {
            let folder = sheet.parent().map(|folder| parts(folder, drop));
            if let Some(music) = folder.and_then(|folder| folders.get_mut(&folder)) {
                music.has_sheet = true;
            }
        }
        Self { is_loose: drop.is_loose, folders }
    }

    /// Whether the file with these folders, and its own name, last, may go along with what is new.
    pub(super) fn may_go(&self, path: &[String]) -> bool {
        let Some((name, folder)) = path.split_last() else { return false };
        if self.folders.values().all(|music| music.new == 0) {
            return false;
        }
        if is_sheet(Path::new(name)) {
            return true;
        }
        match self.folders.get(folder) {
            Some(music) if music.names.contains(&stem(name).to_lowercase()) => true,
            // What lies loose in an inbox may be anything.
            _ if self.is_loose => false,
            Some(music) => music.new > 0 && music.may_take(name),
            None => self.may_go_around(name, folder),
        }
    }

    /// The same, of what lies in a folder without music.
    fn may_go_around(&self, name: &str, folder: &[String]) -> bool {
        let is_within = || folder.iter().any(|one| is_paper(one) || only_disc_of(one).is_some());
        let has_discs =
            || self.folders.keys().any(|one| one.last().is_some_and(|name| disc_of(name).is_some()));
        is_paper(stem(name)) || is_within() || has_discs()
    }
}

impl Music {
    fn add(&mut self, name: &str, piece: &Piece) {
        self.new += 1;
        let low = name.to_lowercase();
        self.names.insert(stem(&low).to_owned());
        self.names.insert(low);
        self.things.insert(stem(name).to_owned());
        if let Some(tags) = piece.sound.as_ref().map(|sound| &sound.tags) {
            self.things.extend(called_by(tags));
        }
    }

    fn may_take(&self, name: &str) -> bool {
        let is_more_than_songs = self.new >= AN_ALBUM || self.has_sheet;
        is_more_than_songs
            || is_of_music(name)
            || is_paper(stem(name))
            || self.things.iter().any(|thing| is_named_in(stem(name), thing))
    }
}

/// The album and artists that an album of such files may be filed by.
fn called_by(tags: &TagSet) -> impl Iterator<Item = String> {
    let joined = [tags.album_artists.join(", "), tags.artists.join(", "), VARIOUS.to_owned()];
    joined.into_iter().chain(tags.artists.first().cloned()).chain(tags.album.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn music(new: usize, things: &[&str], has_sheet: bool) -> Music {
        let things: HashSet<String> = things.iter().map(|thing| (*thing).to_owned()).collect();
        let names = things.iter().map(|thing| thing.to_lowercase()).collect();
        Music { new, names, things, has_sheet }
    }

    fn path(text: &str) -> Vec<String> {
        text.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn papers_that_no_album_takes_are_told_by_their_names() {
        let folders = [("Songs", music(1, &["01 Ebb", "Low Water"], false)), ("Old", music(0, &[], false))];
        let folders = folders.into_iter().map(|(folder, music)| (path(folder), music)).collect();
        let along = Along { is_loose: false, folders };
        for goes in ["01 Ebb.lrc", "cover.jpg", "Low Water front.png", "rip.log", "any.cue"] {
            assert!(along.may_go(&path(&format!("Songs/{goes}"))), "{goes}");
        }
        for stays in ["Songs/thesis.pdf", "Old/cover.jpg", "Papers/tax.pdf"] {
            assert!(!along.may_go(&path(stays)), "{stays}");
        }
        assert!(along.may_go(&path("Scans/page.pdf")) && along.may_go(&path("cover.jpg")));
    }

    #[test]
    fn what_may_be_an_albums_by_its_sheet_or_number_passes() {
        for (new, has_sheet, goes) in [(1, true, true), (3, false, true), (2, false, false), (0, true, false)]
        {
            let folders = HashMap::from([(Vec::new(), music(new, &["01 Ebb"], has_sheet))]);
            let along = Along { is_loose: false, folders };
            assert_eq!(along.may_go(&path("essay.pdf")), goes, "{new} {has_sheet}");
        }
    }

    #[test]
    fn of_what_lies_loose_only_what_is_called_like_a_song_passes() {
        let along =
            Along { is_loose: true, folders: HashMap::from([(Vec::new(), music(5, &["Ebb"], true))]) };
        assert!(along.may_go(&path("ebb.LRC")) && along.may_go(&path("other.cue")));
        assert!(!along.may_go(&path("cover.jpg")) && !along.may_go(&path("bill.pdf")));
    }
}
