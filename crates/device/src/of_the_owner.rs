//! What the owner keeps on a player beside our files, as far as a player counts it: it shows only so many tracks, folders and
//! playlists, whoever put them there.

use std::collections::HashSet;

use crate::allot::in_folder;
use crate::names::clash_key;
use crate::profile::Profile;
use crate::root::{OURS, Root};
use crate::storage::Entry;

/// Deeper than any player's folders.
const DEEPEST: usize = 64;
/// More files than any player shows.
const MOST_FILES: usize = 500_000;
/// Names of files that players show as tracks end like this.
const TRACKS: [&str; 17] = [
    "mp3", "m4a", "m4b", "aac", "mp4", "flac", "ogg", "oga", "opus", "wav", "wma", "aif", "aiff", "ape",
    "mpc", "wv", "dsf",
];
/// And of files that they show as playlists.
const PLAYLISTS: [&str; 4] = ["m3u", "m3u8", "pls", "wpl"];

/// What counts of the owner's.
#[derive(Debug, Default)]
pub(crate) struct OfTheOwner {
    pub(crate) tracks: usize,
    pub(crate) playlists: usize,
    /// Keys of the folders that lead to tracks.
    pub(crate) folders: HashSet<String>,
}

impl OfTheOwner {
    /// Whether the profile has such a limit.
    pub(crate) fn counts(profile: &Profile) -> bool {
        let rules = &profile.folders;
        rules.max_tracks > 0 || rules.max_folders > 0 || profile.playlists.max_playlists > 0
    }

    /// Looks through the player. `ours` are keys of our files' paths.
    pub(crate) fn on(root: &Root, ours: &HashSet<String>) -> Self {
        let mut found = Self::default();
        found.look_below(root, "", 0, ours);
        found
    }

    /// Whether there is a track in it. Links are not followed, and what cannot be read does not count.
    fn look_below(&mut self, root: &Root, folder: &str, depth: usize, ours: &HashSet<String>) -> bool {
        let mut has_tracks = false;
        if depth > DEEPEST {
            return has_tracks;
        }
        for name in root.names_in(folder).unwrap_or_default() {
            if is_hidden(&name) || self.tracks >= MOST_FILES {
                continue;
            }
            let path = in_folder(folder, &name);
            let (is_track, is_list) = (ends_as(&name, &TRACKS), ends_as(&name, &PLAYLISTS));
            // Our own are many, and need no look.
            if (is_track || is_list) && ours.contains(&clash_key(&path)) {
                continue;
            }
            match root.metadata(&path) {
                Ok(Some(Entry::Folder)) => has_tracks |= self.look_below(root, &path, depth + 1, ours),
                Ok(Some(Entry::File { .. })) => {
                    self.tracks += usize::from(is_track);
                    self.playlists += usize::from(is_list);
                    has_tracks |= is_track;
                }
                Ok(Some(Entry::Other) | None) | Err(_) => {}
            }
        }
        if has_tracks && !folder.is_empty() {
            self.folders.insert(clash_key(folder));
        }
        has_tracks
    }
}

/// Hidden folders and macOS's side files; also what Windows hides.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
        || [OURS, "$RECYCLE.BIN", "System Volume Information"]
            .iter()
            .any(|one| name.eq_ignore_ascii_case(one))
}

fn ends_as(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    endings.iter().any(|one| ending.eq_ignore_ascii_case(one))
}
