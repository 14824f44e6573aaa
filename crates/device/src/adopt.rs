//! Files of the user's that count for a wanted recording although we did not put them there.
//!
//! What is adopted stays the user's: it is listed in playlists and saves a second copy, and it is never changed, renamed,
//! moved or removed. It counts for whichever list names it, until it is gone or not as it was adopted, or another file takes its
//! place; then it is only forgotten.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::allot::in_folder;
use crate::error::DeviceError;
use crate::manifest::{FileRecord, Manifest};
use crate::names::clash_key;
use crate::root::OURS;
use crate::target::Target;

/// Deeper than any player's folders.
const DEEPEST: usize = 64;
/// More files than any player shows.
const MOST_FILES: usize = 500_000;

/// An MP3 on the target that is not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// Relative to the target.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// A stranger, and the recording that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// Where it lies.
    pub path: String,
    /// The recording's identity.
    pub identity: String,
    /// How playlists name it.
    pub label: String,
    /// Playing time in seconds.
    pub seconds: Option<u64>,
    /// Which sound the file holds that the recording was told by; see [`StagedFile::of_sound`](crate::StagedFile::of_sound).
    pub sound: String,
}

impl Target {
    /// Every MP3 that is not ours, by path; of those that were adopted the ones that no list names, which may be wanted as
    /// something else by another library. Links are not followed.
    pub fn strangers(&self) -> Result<Vec<Stranger>, DeviceError> {
        let ours = paths_in_use(&self.ledger().manifest);
        let mut found = Vec::new();
        self.look_below("", 0, &ours, &mut found)?;
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    fn look_below(
        &self,
        folder: &str,
        depth: usize,
        ours: &HashSet<String>,
        found: &mut Vec<Stranger>,
    ) -> Result<(), DeviceError> {
        if depth > DEEPEST {
            return Ok(());
        }
        for name in self.root.names_in(folder)? {
            // Hidden folders and macOS's side files.
            if name.starts_with('.') || name.eq_ignore_ascii_case(OURS) || found.len() >= MOST_FILES {
                continue;
            }
            let path = in_folder(folder, &name);
            match self.root.metadata(&path)? {
                Some(there) if there.is_dir() => self.look_below(&path, depth + 1, ours, found)?,
                Some(_) => {
                    let is_mp3 = path.to_ascii_lowercase().ends_with(".mp3");
                    let size = self.root.look(&path)?.flatten();
                    if let Some(bytes) = size.filter(|_| is_mp3 && !ours.contains(&clash_key(&path))) {
                        found.push(Stranger { path, bytes });
                    }
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Where a path of the target lies on this computer, to read from.
    pub fn place_of(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Where the recording lies on the target, if it does.
    pub fn holds_recording(&self, identity: &str) -> Option<String> {
        let ledger = self.ledger();
        let path = ledger.manifest.files.get(identity).map(|file| file.path.clone())?;
        self.root.look(&path).ok()?.flatten().map(|_| path)
    }

    /// Takes files in as the user's that count for recordings; gives how many were. Those that are gone meanwhile, or
    /// whose recording is there already, are passed over.
    pub fn adopt(&self, adoptions: &[Adoption]) -> Result<usize, DeviceError> {
        self.check_may_write()?;
        let mut adopted = 0;
        for adoption in adoptions {
            let Some((bytes, sums)) = self.root.fingerprint(&adoption.path)? else { continue };
            if self.holds_recording(&adoption.identity).is_some() {
                continue;
            }
            let record = FileRecord {
                identity: adoption.identity.clone(),
                recipe: String::new(),
                path: adoption.path.clone(),
                bytes,
                sum: sums.kept(),
                label: adoption.label.clone(),
                seconds: adoption.seconds,
                adopted: true,
                sound: adoption.sound.clone(),
            };
            let files = &mut self.ledger().manifest.files;
            files.retain(|_, file| !file.adopted || file.path != record.path);
            files.insert(record.identity.clone(), record);
            adopted += 1;
        }
        self.ledger().checkpoint(&self.root)?;
        Ok(adopted)
    }
}

fn paths_in_use(manifest: &Manifest) -> HashSet<String> {
    let named: HashSet<&String> = manifest.playlists.values().flat_map(|list| &list.entries).collect();
    let in_use = manifest.files.values().filter(|file| !file.adopted || named.contains(&file.identity));
    in_use.map(|file| clash_key(&file.path)).collect()
}
