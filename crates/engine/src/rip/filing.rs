//! Filing: a track that was read is encoded and put where it belongs.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_audio::{content_id, write_cd_flac};
use ferrotape_domain::{ContentId, DiscTrack, Provenance, Rights, TagSet};

use super::{RIPPED, Run, SOURCE};
use crate::shelves::{Ready, sum_of};

/// A track that lies in its place.
pub(super) struct Filed {
    pub(super) path: PathBuf,
    pub(super) content: ContentId,
    pub(super) sha256: String,
}

impl Run<'_> {
    /// Encodes a track's sound and puts it into its place.
    pub(super) fn file(
        &self,
        track: &DiscTrack,
        tags: &TagSet,
        (pcm, flac): (&Path, &Path),
        note: &str,
    ) -> io::Result<(PathBuf, Provenance)> {
        let mut sound = File::open(pcm)?;
        let bytes = sound.metadata()?.len();
        write_cd_flac(&mut sound, bytes, tags, &self.more_tags(), flac)?;
        let Filed { path, content, sha256 } = self.shelve(track, tags, flac)?;
        let remote_id = self.remote_id(track).unwrap_or_else(|| format!("unknown disc/{}", track.number));
        let origin = Provenance {
            content,
            file_name: String::new(),
            source: SOURCE.to_owned(),
            remote_id,
            url: None,
            page: None,
            rights: Rights::Own,
            note: note.to_owned(),
            at: self.context.now,
            sha256,
            said: TagSet::default(),
        };
        Ok((path, origin))
    }

    /// Fields of a rip that tags have not.
    pub(super) fn more_tags(&self) -> Vec<(&'static str, String)> {
        self.report.disc_id.iter().map(|id| ("MUSICBRAINZ_DISCID", id.clone())).collect()
    }

    /// Renames a finished track to where it belongs, safe on the disk.
    pub(super) fn shelve(&self, track: &DiscTrack, tags: &TagSet, flac: &Path) -> io::Result<Filed> {
        let sha256 = sum_of(flac)?;
        let content = content_id(&mut File::open(flac)?)?;
        let ready = Ready { at: flac, size: flac.metadata()?.len(), sha256: &sha256 };
        let mut shelf =
            self.shelves.shelf([RIPPED, self.report.artist.as_str(), self.report.album.as_str()])?;
        let (path, _) = self.shelves.put(&ready, &file_name(track, tags), &mut shelf)?;
        self.shelves.sync(&shelf)?;
        Ok(Filed { path, content, sha256 })
    }
}

/// How a track's file is called; not safe as a name.
pub(super) fn file_name(track: &DiscTrack, tags: &TagSet) -> String {
    let title = tags.title.as_deref().unwrap_or_default();
    let disc = tags.disc_number.map_or_else(String::new, |disc| format!("{disc}-"));
    format!("{disc}{:02} {title}.flac", track.number)
}
