//! Which volume was mounted where, when a target was filled: so that an empty mount point is not taken for the
//! player that is not there.
//!
//! Kept in the library's folder, `players.json`. What is on a player is said by the manifest on the player; this only
//! says what a path used to lead to.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{System, disk_of, volume};

const FILE: &str = "players.json";
const FILE_NEW: &str = "players.json.new";
const VERSION: u32 = 1;
/// Thousands of players; more is no file of ours.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Volumes remembered for one path; the oldest goes.
const MOST_VOLUMES: usize = 32;

/// A path without links, as far as its folders are there; what is not there yet stays as it is written. `None` for an
/// empty path.
pub fn real_path(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let (folder, real) =
        path.ancestors().find_map(|folder| folder.canonicalize().ok().map(|real| (folder, real)))?;
    match path.strip_prefix(folder) {
        Ok(rest) if !rest.as_os_str().is_empty() => Some(real.join(rest)),
        _ => Some(real),
    }
}

/// Where a path lies now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The mount point it lies below.
    pub mount: PathBuf,
    /// The UUID of the file system mounted there, where there is one.
    pub volume: Option<String>,
}

impl System {
    /// Where a path lies; for one that is not there yet, where it would be made. `None` where the system does not
    /// tell.
    pub fn place_of(&self, path: &Path) -> Option<Place> {
        let path = std::path::absolute(path).ok()?;
        let real = path.ancestors().find_map(|folder| folder.canonicalize().ok())?;
        let table = self.mounts().ok()?;
        let mount = table.mount_at(&real)?;
        let volume = disk_of(self, mount).and_then(|disk| volume::id(self, &disk.name));
        Some(Place { mount: mount.point.clone(), volume })
    }
}

/// How a target stands to what was recorded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is recorded, or it is on a volume that was filled there before.
    AsBefore,
    /// Something was mounted there that is not there now: what can be seen is the empty mount point.
    Unmounted {
        /// Where it was mounted.
        mount: PathBuf,
    },
    /// Another volume is mounted there than any time before: another player.
    OtherVolume,
}

/// What was mounted at each target that was filled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPlaces {
    version: u32,
    /// By absolute path of the target.
    places: BTreeMap<String, Known>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    mount: PathBuf,
    /// Every volume that was filled there, the last one at the end.
    volumes: Vec<String>,
}

impl KnownPlaces {
    /// Reads the record in the library's folder; empty when there is none yet.
    pub fn load(folder: &Path) -> io::Result<Self> {
        let mut bytes = Vec::new();
        match File::open(folder.join(FILE)) {
            Ok(file) => file.take(LARGEST).read_to_end(&mut bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        let known: Self = serde_json::from_slice(&bytes)?;
        match known.version {
            VERSION => Ok(known),
            other => {
                Err(io::Error::other(format!("it is of version {other}, this ferrotape knows {VERSION}")))
            }
        }
    }

    /// Whether it is recorded what a target, by its absolute path, lay on when it was last filled.
    pub fn knows(&self, target: &str) -> bool {
        self.places.contains_key(target)
    }

    /// How a target, by its absolute path, stands to the record. `now` is where it lies.
    pub fn standing(&self, target: &str, now: &Place) -> Standing {
        let Some(known) = self.places.get(target) else { return Standing::AsBefore };
        // The mount point itself may be a folder of the disk below now, or be gone with its mount.
        if now.mount != known.mount && known.mount.starts_with(&now.mount) {
            return Standing::Unmounted { mount: known.mount.clone() };
        }
        match &now.volume {
            Some(volume) if !known.volumes.is_empty() && !known.volumes.contains(volume) => {
                Standing::OtherVolume
            }
            _ => Standing::AsBefore,
        }
    }

    /// Records that a target is filled where it lies now; whether that is news.
    pub fn remember(&mut self, target: &str, now: &Place) -> bool {
        let before = self.places.get(target).cloned();
        let mut known = before.clone().filter(|known| known.mount == now.mount).unwrap_or_default();
        known.mount.clone_from(&now.mount);
        // What lies on the root file system is a folder, whichever volume that is.
        if let Some(volume) = now.volume.as_ref().filter(|_| now.mount.parent().is_some()) {
            known.volumes.retain(|other| other != volume);
            known.volumes.push(volume.clone());
            let too_many = known.volumes.len().saturating_sub(MOST_VOLUMES);
            known.volumes.drain(..too_many);
        }
        let is_news = before.as_ref() != Some(&known);
        self.places.insert(target.to_owned(), known);
        is_news
    }

    /// Writes the record beside the old one and puts it in its place, on the disk when this returns.
    pub fn store(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(&Self { version: VERSION, ..self.clone() })?;
        let beside = folder.join(FILE_NEW);
        let mut file = File::create(&beside)?;
        file.write_all(&text)?;
        file.sync_all()?;
        drop(file);
        std::fs::rename(&beside, folder.join(FILE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(mount: &str, volume: Option<&str>) -> Place {
        Place { mount: mount.into(), volume: volume.map(str::to_owned) }
    }

    #[test]
    fn an_empty_mount_point_is_told_from_the_player_and_from_another_player() {
        let mut known = KnownPlaces::default();
        let (first, second) = (place("/m/P", Some("1111-1111")), place("/m/P", Some("2222-2222")));
        assert_eq!(known.standing("/m/P/x", &place("/", None)), Standing::AsBefore, "never filled");
        assert!(!known.knows("/m/P/x"));
        assert!(known.remember("/m/P/x", &first));
        assert!(!known.remember("/m/P/x", &first));
        assert_eq!(known.standing("/m/P/x", &first), Standing::AsBefore);
        assert_eq!(known.standing("/m/P/x", &second), Standing::OtherVolume);
        let gone = Standing::Unmounted { mount: "/m/P".into() };
        for below in [place("/", Some("root")), place("/m", None)] {
            assert_eq!(known.standing("/m/P/x", &below), gone);
        }
        known.remember("/m/P/x", &second);
        for one in [&first, &second] {
            assert_eq!(known.standing("/m/P/x", one), Standing::AsBefore);
        }
        // Filled all the same, by the user's word: from now on it is a folder.
        assert!(known.remember("/m/P/x", &place("/", Some("root"))));
        assert!(known.knows("/m/P/x"));
        for on_disk in [place("/", None), place("/", Some("new root"))] {
            assert_eq!(known.standing("/m/P/x", &on_disk), Standing::AsBefore);
            assert!(!known.remember("/m/P/x", &on_disk), "nothing is new");
        }
        // And a player again, when one is mounted there.
        assert!(known.remember("/m/P/x", &second));
        assert_eq!(known.standing("/m/P/x", &place("/", None)), gone);
    }

    #[test]
    fn the_record_outlives_the_program_and_has_limits() {
        let folder = tempfile::tempdir().unwrap();
        let mut known = KnownPlaces::load(folder.path()).unwrap();
        for n in 0..100 {
            known.remember("/m/P", &place("/m/P", Some(&format!("{n:04}"))));
        }
        known.store(folder.path()).unwrap();
        let again = KnownPlaces::load(folder.path()).unwrap();
        assert_eq!(again.places, known.places);
        assert_eq!(again.places["/m/P"].volumes.len(), MOST_VOLUMES);
        for bad in ["", "{", "{\"version\":9,\"places\":{}}"] {
            std::fs::write(folder.path().join(FILE), bad).unwrap();
            assert!(KnownPlaces::load(folder.path()).is_err(), "{bad}");
        }
    }
}
