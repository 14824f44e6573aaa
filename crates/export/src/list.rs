//! A list as a writer gets it: only what its format can hold, each entry with its row in the library's list.

use std::time::Duration;

use ferrotape_domain::{PlaylistKind, SpotifyUri, Wanted};

/// A file of the user's that stands for an entry, or for a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// Where it is. One whose path has a line break is not used, nor what is beside it in an album.
    pub path: String,
    /// What it is called and how long it plays, where it is a part of what the entry is.
    pub part: Option<(String, Option<Duration>)>,
}

impl StandIn {
    /// Whether a line can hold its path.
    pub(crate) fn fits(&self) -> bool {
        !self.path.contains(['\n', '\r'])
    }
}

/// One entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'l> {
    /// From 1, in the whole list.
    pub(crate) row: u64,
    pub(crate) wanted: &'l Wanted,
    pub(crate) added: Option<&'l str>,
    /// Where the user has it, if that is to stand in the file: of an album its files in order.
    pub(crate) files: &'l [StandIn],
    /// Whether the address of its feed is left out, because it may be a key.
    pub(crate) without_feed: bool,
}

/// One list.
#[derive(Debug)]
pub(crate) struct List<'l> {
    /// Its place among the lists of the export.
    pub(crate) at: usize,
    pub(crate) kind: PlaylistKind,
    pub(crate) name: &'l str,
    pub(crate) link: Option<&'l SpotifyUri>,
    pub(crate) entries: Vec<Entry<'l>>,
}
