//! A list as a writer gets it: only what its format can hold, each entry with its row in the library's list.

use ferrotape_domain::{PlaylistKind, SpotifyUri, Wanted};

/// One entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'l> {
    /// From 1, in the whole list.
    pub(crate) row: u64,
    pub(crate) wanted: &'l Wanted,
    pub(crate) added: Option<&'l str>,
    /// Where the user has it, if that is to stand in the file.
    pub(crate) file: Option<&'l str>,
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
