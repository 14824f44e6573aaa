//! The manifest as it lies on a target: read, and written so that of it and what it is to become one is whole at any instant.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use serde::de::IgnoredAny;

use super::{Manifest, parse};
use crate::error::DeviceError;
use crate::journal::JOURNALS;
use crate::root::{OURS, Root, STAGING};

pub(crate) const MANIFEST: &str = ".ferrotape/manifest.json";
const MANIFEST_NEW: &str = ".ferrotape/manifest.new";
/// About half a million files; a larger manifest is not one of ours.
pub(crate) const LARGEST: u64 = 256 * 1024 * 1024;
/// So often a manifest is looked at before it is called unusable, and so long after one another.
const LOOKS: usize = 3;
const PAUSE: Duration = Duration::from_millis(50);

/// Whether ferrotape filled this folder: its manifest lies there, or what a first run that was cut short has left of it. Where
/// none of that can be read any more, the folder in which its files were made still tells; one that was only looked at, or whose
/// plan was not agreed to, has none.
pub fn is_filled(folder: &Path) -> bool {
    let mut lists = [MANIFEST, MANIFEST_NEW].into_iter().chain(JOURNALS);
    lists.any(|path| folder.join(path).is_file()) || folder.join(STAGING).is_dir()
}

/// A manifest, and the hash of its bytes where it is in its place.
type Loaded = (Manifest, Option<blake3::Hash>);

/// Reads the manifest; `None` when this target has none. Also returns the hash of its bytes, unless a kill or a power cut left
/// it under its temporary name: then it is still to be put in place.
pub(crate) fn load(root: &Root) -> Result<Option<Loaded>, DeviceError> {
    load_patiently(root, || std::thread::sleep(PAUSE))
}

/// Who only looks holds no lock, and may have come while it is written: the one was not whole yet, and then the other was not
/// any more. Looked at once more, one of them is.
fn load_patiently(root: &Root, mut wait: impl FnMut()) -> Result<Option<Loaded>, DeviceError> {
    for _ in 1..LOOKS {
        match load_now(root) {
            Err(DeviceError::ManifestUnusable { .. }) => wait(),
            Ok(None) if is_there(root) => wait(),
            settled => return settled,
        }
    }
    load_now(root)
}

fn load_now(root: &Root) -> Result<Option<Loaded>, DeviceError> {
    // Whole, it is the later one, also where it is not for us; cut short, the one in its place has not been touched yet.
    let unread = match read(root, MANIFEST_NEW) {
        Ok(Some(Ok((manifest, _)))) => return Ok(Some((manifest, None))),
        Ok(Some(Err(unusable))) if unusable.is_whole => return Err(unusable.at(root, MANIFEST_NEW)),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    match (read(root, MANIFEST)?, unread) {
        (Some(Ok((manifest, bytes))), _) => Ok(Some((manifest, Some(blake3::hash(&bytes))))),
        // The one that the disk does not give may be the whole one.
        (_, Some(error)) => Err(error),
        (Some(Err(unusable)), None) => Err(unusable.at(root, MANIFEST)),
        (None, None) => Ok(None),
    }
}

/// A manifest and its bytes, or why it cannot be used.
type Usable = Result<(Manifest, Vec<u8>), Unusable>;

#[derive(Debug)]
struct Unusable {
    reason: String,
    /// Nothing cut it short: a later version wrote it, or something else.
    is_whole: bool,
}

impl Unusable {
    fn at(self, root: &Root, path: &str) -> DeviceError {
        DeviceError::ManifestUnusable { path: root.path().join(path), reason: self.reason }
    }
}

/// Whether these bytes end in the middle of something. What is whole was written so, by whomever.
pub(crate) fn is_torn(bytes: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(bytes).is_err()
}

/// What lies there.
fn read(root: &Root, path: &str) -> Result<Option<Usable>, DeviceError> {
    let Some(size) = root.look(path)? else { return Ok(None) };
    let unusable = |reason: String, is_whole| Ok(Some(Err(Unusable { reason, is_whole })));
    match size {
        Some(bytes) if bytes <= LARGEST => {}
        Some(bytes) => return unusable(format!("it has {bytes} bytes, more than any of ours"), true),
        None => return unusable("it is not a file".to_owned(), false),
    }
    let mut bytes = Vec::new();
    let file = root.dir().open(path).map_err(|error| root.fault(error, "read", path))?;
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| root.fault(error, "read", path))?;
    match parse(&bytes) {
        Ok(manifest) => Ok(Some(Ok((manifest, bytes)))),
        Err(reason) => unusable(reason, !is_torn(&bytes)),
    }
}

/// Whether there is a manifest, in its place or where a kill left it.
pub(crate) fn is_there(root: &Root) -> bool {
    [MANIFEST, MANIFEST_NEW].iter().any(|path| matches!(root.look(path), Ok(Some(_))))
}

/// Puts the manifest in place of the old one, on the disk when this returns. The files it lists must be there.
///
/// It is written twice and not renamed: on FAT, a file that was renamed is an empty one after a power cut until its entry is
/// written once more. Of the two one is whole at any instant.
pub(crate) fn store(root: &Root, bytes: &[u8]) -> Result<(), DeviceError> {
    complete(root)?;
    let written = root.write_new(MANIFEST_NEW, bytes).and_then(|()| root.sync_dir(OURS));
    if written.is_err() {
        // Half of it only takes room, and what may not have reached the disk must not pass for whole.
        let _ = root.remove_file(MANIFEST_NEW);
    }
    written?;
    put_in_place(root, bytes)
}

/// Ends a replacement that was cut short, by a kill or by a full player: the manifest in its place may be the torn one, so the
/// other is not written to before that is whole.
fn complete(root: &Root) -> Result<(), DeviceError> {
    match read(root, MANIFEST_NEW) {
        Ok(Some(Ok((_, bytes)))) => put_in_place(root, &bytes),
        Ok(Some(Err(unusable))) if unusable.is_whole => Err(unusable.at(root, MANIFEST_NEW)),
        Ok(_) => Ok(()),
        Err(error) => match read(root, MANIFEST)? {
            Some(Ok(_)) => Ok(()),
            _ => Err(error),
        },
    }
}

/// Of what is whole under its temporary name already.
fn put_in_place(root: &Root, bytes: &[u8]) -> Result<(), DeviceError> {
    root.write_new(MANIFEST, bytes)?;
    root.sync_dir(OURS)?;
    forget_new(root)
}

/// Renames the manifest, and what is whole under its temporary name, so that [`load`] finds none; gives where the manifest is
/// then, or the other where there was only that.
pub(crate) fn set_aside(root: &Root) -> Result<String, DeviceError> {
    // In this order, so that a kill in between leaves no older one to be believed.
    let in_place = root.look(MANIFEST)?.is_some().then(|| move_aside(root, MANIFEST)).transpose()?;
    let is_whole = match read(root, MANIFEST_NEW)? {
        Some(Ok(_)) => true,
        Some(Err(unusable)) => unusable.is_whole,
        None => false,
    };
    let new = is_whole.then(|| move_aside(root, MANIFEST_NEW)).transpose()?;
    forget_new(root)?;
    in_place.or(new).map_or_else(|| move_aside(root, MANIFEST), Ok)
}

fn move_aside(root: &Root, path: &str) -> Result<String, DeviceError> {
    for number in 1..1000 {
        let aside = format!("{MANIFEST}.set-aside-{number}");
        match root.rename_new(path, &aside) {
            Ok(()) => return Ok(aside),
            Err(DeviceError::Occupied { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Err(DeviceError::Occupied { path: format!("{MANIFEST}.set-aside-999") })
}

/// Removes what [`load`] would take for later than the manifest in its place.
pub(crate) fn forget_new(root: &Root) -> Result<(), DeviceError> {
    if root.look(MANIFEST_NEW)?.is_none() {
        return Ok(());
    }
    root.remove_file(MANIFEST_NEW)?;
    root.sync_dir(OURS)
}

#[cfg(test)]
mod tests {
    use super::super::tests::example;
    use super::super::to_bytes;
    use super::*;

    fn folder_of_ours() -> (tempfile::TempDir, Root) {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        root.create_dir_all(OURS).unwrap();
        (folder, root)
    }

    #[test]
    fn the_only_whole_one_is_not_written_to() {
        let (folder, root) = folder_of_ours();
        let [place, new] = [MANIFEST, MANIFEST_NEW].map(|path| folder.path().join(path));
        let whole = to_bytes(&example()).unwrap();
        // As a player that filled up, or a power cut, leaves them.
        std::fs::write(&place, &whole[..20]).unwrap();
        std::fs::write(&new, &whole).unwrap();
        // Another name of the same file: it changes with what is written into that.
        let witness = folder.path().join("witness");
        std::fs::hard_link(&new, &witness).unwrap();
        let later = to_bytes(&Manifest::default()).unwrap();
        store(&root, &later).unwrap();
        assert_eq!(std::fs::read(&witness).unwrap(), whole);
        assert_eq!(std::fs::read(&place).unwrap(), later);
        assert!(!new.exists());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_reaches_no_other_file() {
        let (folder, root) = folder_of_ours();
        let [place, new] = [MANIFEST, MANIFEST_NEW].map(|path| folder.path().join(path));
        let [before, later] = [example(), Manifest::default()].map(|manifest| to_bytes(&manifest).unwrap());
        let other = folder.path().join("other");
        // A copy of the player that is made of links.
        std::fs::write(&place, &before).unwrap();
        std::fs::hard_link(&place, &other).unwrap();
        store(&root, &later).unwrap();
        assert_eq!((std::fs::read(&other).unwrap(), std::fs::read(&place).unwrap()), (before, later.clone()));
        // Links to a file of the user's.
        for link in [&new, &place] {
            std::fs::write(&other, "mine").unwrap();
            std::fs::remove_file(&place).unwrap();
            std::os::unix::fs::symlink("../other", link).unwrap();
            store(&root, &later).unwrap();
            assert_eq!(std::fs::read(&other).unwrap(), b"mine", "{}", link.display());
            assert_eq!(std::fs::read(&place).unwrap(), later);
            assert!(place.symlink_metadata().unwrap().is_file() && !new.exists());
        }
    }

    #[test]
    fn what_could_not_be_put_in_its_place_is_read_all_the_same() {
        let (folder, root) = folder_of_ours();
        std::fs::create_dir(folder.path().join(MANIFEST)).unwrap();
        let bytes = to_bytes(&example()).unwrap();
        for _ in 0..2 {
            assert!(store(&root, &bytes).is_err());
            assert_eq!(load(&root).unwrap(), Some((example(), None)));
        }
    }

    #[test]
    fn a_look_while_it_is_written_finds_it_all_the_same() {
        let (folder, root) = folder_of_ours();
        let [place, new] = [MANIFEST, MANIFEST_NEW].map(|path| folder.path().join(path));
        let whole = to_bytes(&example()).unwrap();
        // It came before the new one was there, and the old one was written to already.
        std::fs::write(&place, &whole[..20]).unwrap();
        let found = load_patiently(&root, || std::fs::write(&new, &whole).unwrap());
        assert_eq!(found.unwrap(), Some((example(), None)));
        // It came before the new one was whole.
        std::fs::write(&new, &whole[..20]).unwrap();
        let settle = || {
            std::fs::write(&place, &whole).unwrap();
            std::fs::remove_file(&new).unwrap();
        };
        assert_eq!(load_patiently(&root, settle).unwrap(), Some((example(), Some(blake3::hash(&whole)))));
        // The first of all, which is written to its place.
        std::fs::remove_file(&place).unwrap();
        std::fs::write(&new, "").unwrap();
        let found = load_patiently(&root, || std::fs::write(&new, &whole).unwrap());
        assert_eq!(found.unwrap(), Some((example(), None)));
        // What is damaged stays so.
        std::fs::remove_file(&new).unwrap();
        std::fs::write(&place, &whole[..20]).unwrap();
        let mut waited = 0;
        let refused = load_patiently(&root, || waited += 1).unwrap_err();
        assert!(matches!(refused, DeviceError::ManifestUnusable { .. }), "{refused}");
        assert_eq!(waited, LOOKS - 1);
    }

    #[test]
    fn a_folder_whose_first_run_was_cut_short_is_filled_too() {
        let (folder, _root) = folder_of_ours();
        assert!(!is_filled(folder.path()));
        for path in [MANIFEST, MANIFEST_NEW].into_iter().chain(JOURNALS) {
            let path = folder.path().join(path);
            std::fs::write(&path, "").unwrap();
            assert!(is_filled(folder.path()), "{}", path.display());
            std::fs::remove_file(path).unwrap();
        }
        // All of them may be lost.
        std::fs::create_dir(folder.path().join(STAGING)).unwrap();
        assert!(is_filled(folder.path()));
    }
}
