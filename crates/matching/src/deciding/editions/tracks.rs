//! The tracks of an album, each with its copies, and what makes two files one track.

use std::cmp::Reverse;
use std::path::Path;

use ferrotape_domain::Advisory;

use crate::Index;
use crate::deciding::copies::{COPY_APART, are_equal, are_two_tracks};
use crate::readings::describe::{Album, is_clean};
use crate::readings::folders::claims_of_folders;
use crate::readings::title::Title;
use crate::search::collection::File;
use crate::texts::normalise::{fold, squash};
use crate::versions::table::{Claim, Kind, Verdict, differences, rule};
use crate::weighing::advisory::is_called_clean;
use crate::weighing::place::Place;

/// One file of the album.
#[derive(Debug, Clone)]
pub(crate) struct Held<'a> {
    pub(super) at: u32,
    pub(crate) file: File<'a>,
    pub(super) disc: u16,
    pub(super) title: String,
    pub(super) claims: Vec<Claim>,
}

impl<'a> Held<'a> {
    /// `disc` is what its album's name tells, 0 when that tells none.
    pub(crate) fn new(at: u32, file: File<'a>, disc: u16) -> Self {
        let parsed = Title::parse(file.title);
        let stem = || Path::new(file.path).file_stem().unwrap_or_default().to_string_lossy();
        let title = match squash(&parsed.whole()) {
            title if !title.is_empty() => title,
            _ if file.track > 0 => format!("track {}", file.track),
            _ => squash(&fold(&stem())),
        };
        let disc = Place::of(&file).disc.max(disc).max(1);
        Self { at, file, disc, title, claims: parsed.claims }
    }

    /// Whether both are one track by title and number. One title may be that of several tracks.
    fn is_one_track(&self, other: &Self, index: &Index) -> bool {
        let is_numbered_alike = self.file.track > 0 && self.file.track == other.file.track;
        self.disc == other.disc
            && self.title == other.title
            && !self.is_another_version(other)
            && (is_numbered_alike || !are_two_tracks(index, self.at, other.at))
    }

    fn is_another_version(&self, other: &Self) -> bool {
        differences(&self.claims, &other.claims).iter().any(|found| found.verdict == Verdict::Reject)
    }

    /// Whether it is the same song by title and number, whatever shops mark of its words: an ISRC tells the clean version
    /// from the other.
    pub(super) fn is_one_song(&self, other: &Self) -> bool {
        let (number, theirs) = (self.file.track, other.file.track);
        self.disc == other.disc
            && self.title == other.title
            && (number == 0 || theirs == 0 || number == theirs)
            && !self.is_another_version(other)
    }

    pub(super) fn is_marked_clean(&self) -> bool {
        self.file.advisory == Some(Advisory::Clean)
    }

    pub(super) fn is_marked_explicit(&self) -> bool {
        self.file.advisory == Some(Advisory::Explicit)
    }

    /// Whether its mark, its title or its album's name says that it is the clean version.
    pub(crate) fn is_clean(&self) -> bool {
        self.is_marked_clean() || is_clean(&self.claims) || is_called_clean(&Album::of(self.file.album))
    }

    fn is_copy_of(&self, other: &Self) -> bool {
        let apart = self.file.duration.zip(other.file.duration).map(|(a, b)| a.abs_diff(b));
        are_equal(self.file.content, other.file.content) || apart.is_none_or(|apart| apart <= COPY_APART)
    }

    /// Disc and track number; 0 where it has none.
    pub(crate) fn place(&self) -> (u16, u16) {
        (self.disc, self.file.track)
    }

    /// Lower is better.
    fn quality(&self) -> impl Ord + use<> {
        let file = &self.file;
        (Reverse(file.lossless), Reverse(file.bitrate_kbps), Reverse(file.filled_tags), self.at)
    }

    /// What its folders plainly say that the album is not.
    pub(super) fn versions_by_folders(&self) -> Vec<Kind> {
        let album = Album::of(self.file.album);
        let claims = claims_of_folders(self.file.path, &album, &[self.file.artists, self.file.album_artists]);
        let plain = claims.into_iter().filter(|(_, plain)| *plain).map(|(claim, _)| claim.kind);
        plain.filter(|kind| rule(*kind).extra != Verdict::Allow).collect()
    }
}

/// One track: its copies.
#[derive(Debug, Clone)]
pub(crate) struct Track<'a> {
    pub(super) disc: u16,
    /// 0 when no copy tells it.
    pub(super) number: u16,
    pub(super) copies: Vec<Held<'a>>,
}

impl<'a> Track<'a> {
    pub(super) fn of(held: Held<'a>) -> Self {
        Self { disc: held.disc, number: held.file.track, copies: vec![held] }
    }

    pub(super) fn is_one_track(&self, held: &Held<'_>, index: &Index) -> bool {
        self.copies.iter().any(|copy| copy.is_one_track(held, index))
    }

    pub(super) fn is_copy_of(&self, held: &Held<'_>) -> bool {
        self.copies.iter().all(|copy| copy.is_copy_of(held))
    }

    pub(super) fn add(&mut self, held: Held<'a>) {
        self.number = if self.number == 0 { held.file.track } else { self.number };
        self.copies.push(held);
    }

    /// Where it stands in the order of the album; what has no number is last.
    pub(crate) fn place(&self) -> (u16, u16) {
        (self.disc, if self.number == 0 { u16::MAX } else { self.number })
    }

    /// The best of its copies.
    pub(crate) fn best(&self) -> Option<&Held<'a>> {
        self.copies.iter().min_by_key(|copy| copy.quality())
    }
}
