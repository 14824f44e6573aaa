//! Naming: what was ripped while nobody could say how it is called gets its names when the disc is ripped again.
//!
//! Only a file without names that is where and as it was written: anything else is the user's. The same sound is written
//! beside, with its names, renamed to where a rip with names would have put it, and noted; only then the old file goes. A
//! run that is cut off leaves the old one, both, or the new one, and the next run goes on.

use std::fs;
use std::io;
use std::path::PathBuf;

use ferrotape_audio::retag_cd_flac;
use ferrotape_domain::{ContentId, DiscTrack, Offer, Provenance, TagSet, letters_of};

use super::filing::{Filed, file_name};
use super::texts::{has_no_names, unknown_album};
use super::{RIPPED, RipNews, Run, unusable};
use crate::EngineError;
use crate::shelves::{COPIES, sum_of};

/// A file that a track was ripped to.
pub(super) struct Had {
    pub(super) path: PathBuf,
    origin: Provenance,
    tags: TagSet,
}

impl Had {
    /// What is told of it, of a disc whose track is called so by now.
    fn news(&self, now: &TagSet) -> RipNews {
        let now = now.title.as_deref().map(letters_of);
        let is_same = |own: &&String| now == Some(letters_of(own));
        let called = self.tags.title.as_ref().filter(|own| !is_same(own)).cloned();
        RipNews::Had { path: self.path.clone(), note: self.origin.note.clone(), called }
    }

    /// Whether it is as it was written.
    fn is_unchanged(&self) -> bool {
        sum_of(&self.path).is_ok_and(|sum| sum == self.origin.sha256)
    }
}

fn is_there(file: &Offer) -> bool {
    file.path.is_file()
}

impl Run<'_> {
    /// What became of a track that was ripped before; `None` where no file with its sound is there.
    pub(super) fn had(&mut self, track: &DiscTrack, tags: &TagSet) -> Result<Option<RipNews>, EngineError> {
        let same = self.same.remove(&track.number).unwrap_or_default();
        let (nameless, named): (Vec<Had>, Vec<Had>) =
            same.into_iter().partition(|had| self.has_no_names(&had.tags, track));
        if let Some(named) = named.first() {
            // An earlier run was cut off between the two.
            if !nameless.is_empty() && named.is_unchanged() {
                nameless.iter().for_each(|had| self.let_go(had, track));
            }
            return Ok(Some(named.news(tags)));
        }
        let Some(first) = nameless.first() else { return Ok(None) };
        if self.has_no_names(tags, track) {
            return Ok(Some(first.news(tags)));
        }
        match nameless.iter().find(|had| self.is_ours(had, track)) {
            Some(had) => self.name(had, track, tags).map(Some),
            None => {
                self.report.left_nameless += 1;
                Ok(Some(first.news(tags)))
            }
        }
    }

    /// Whether the tags say no more of a track than its number.
    pub(super) fn has_no_names(&self, tags: &TagSet, track: &DiscTrack) -> bool {
        has_no_names(tags, track, &unknown_album(self.toc, self.report.disc_id.as_deref()))
    }

    /// The files that a track was ripped to, and that are there.
    pub(super) fn there(&self, track: &DiscTrack) -> Result<Vec<Had>, EngineError> {
        let Some(remote_id) = self.remote_id(track) else { return Ok(Vec::new()) };
        let origins = self.before.get(&remote_id).map(Vec::as_slice).unwrap_or_default();
        let had = |file: Offer, origin: &Provenance| Had {
            path: file.path,
            origin: origin.clone(),
            tags: file.tags,
        };
        let mut there = Vec::new();
        for origin in origins {
            let files = self.context.library.files_by_content(&origin.content)?;
            there.extend(files.into_iter().filter(is_there).map(|file| had(file, origin)));
        }
        if there.is_empty() {
            for origin in origins {
                there.extend(self.changed(&origin.content)?.map(|file| had(file, origin)));
            }
        }
        Ok(there)
    }

    /// The file that was this one before the user changed something in it, its tags for example; it sounds as long.
    fn changed(&self, content: &ContentId) -> Result<Option<Offer>, EngineError> {
        for former in self.context.library.former_contents(std::slice::from_ref(content))? {
            let files = self.context.library.files_at(&former.path)?;
            let as_long = |file: &Offer| file.facts.duration == former.facts.duration;
            if let Some(file) = files.into_iter().find(|file| is_there(file) && as_long(file)) {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// Whether a file without names is where and as it was written, and called so: a name that the user gave it is theirs.
    fn is_ours(&self, had: &Had, track: &DiscTrack) -> bool {
        let artist = had.tags.album_artists.first().map(String::as_str).unwrap_or_default();
        let album = had.tags.album.as_deref().unwrap_or_default();
        let name = file_name(track, &had.tags);
        let folders = [RIPPED, artist, album];
        let is_in_place = (1..=COPIES).any(|copy| self.shelves.is_in(folders, copy, &had.path));
        is_in_place && self.shelves.is_called(&name, &had.path) && had.is_unchanged()
    }

    fn name(&self, had: &Had, track: &DiscTrack, tags: &TagSet) -> Result<RipNews, EngineError> {
        let named = self.write_named(had, track, tags);
        let Filed { path, content, sha256 } = named.map_err(|error| unusable(self.request, &error))?;
        self.context.library.keep_provenance(&[Provenance { content, sha256, ..had.origin.clone() }])?;
        self.let_go(had, track);
        Ok(RipNews::Named { path, note: had.origin.note.clone() })
    }

    fn write_named(&self, had: &Had, track: &DiscTrack, tags: &TagSet) -> io::Result<Filed> {
        let flac = self.staging.join("track.flac");
        retag_cd_flac(&had.path, tags, &self.more_tags(), &flac)?;
        self.shelve(track, tags, &flac)
    }

    /// Removes a file without names, and the folders that are empty then: the same sound lies elsewhere with its names. What
    /// changed meanwhile stays.
    fn let_go(&self, had: &Had, track: &DiscTrack) {
        if !self.is_ours(had, track) || fs::remove_file(&had.path).is_err() {
            return;
        }
        // Album and artist; one that something is left in stays.
        let emptied = had.path.ancestors().skip(1).take(2);
        let _ = emptied.map(fs::remove_dir).find(Result::is_err);
    }
}
