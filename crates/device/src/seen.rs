//! What of ours can be seen on a target now, by those who only look and never fill it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;

use crate::error::DeviceError;
use crate::manifest::{self, FileRecord, Manifest};
use crate::root::Root;

/// A target that is there, and our list of it. Without a list nothing of ours is on it.
#[derive(Debug)]
pub struct SeenTarget {
    root: Root,
    manifest: Manifest,
}

impl SeenTarget {
    /// Looks at a folder; `None` where it is not there, or only our own files of a device are, whose music lies on the
    /// device.
    pub fn at(target: &Path) -> Result<Option<Self>, DeviceError> {
        if !target.is_dir() {
            return Ok(None);
        }
        let root = Root::open(target)?;
        let manifest = manifest::load(&root)?.map(|(manifest, _)| manifest).unwrap_or_default();
        // Only the list of a device is numbered.
        Ok((manifest.generation == 0).then_some(Self { root, manifest }))
    }

    /// Whether all files that answer the wanted thing of this key are there, each with its size.
    pub fn holds(&self, wanted_key: &str) -> bool {
        let Some(identities) = self.manifest.wanted.get(wanted_key) else { return false };
        let is_there =
            |identity: &String| self.manifest.files.get(identity).is_some_and(|file| self.is_there(file));
        !identities.is_empty() && identities.iter().all(is_there)
    }

    /// Whether all that was made of the recording of this identity is there, each piece with its size.
    pub fn holds_all_of(&self, identity: &str) -> bool {
        let mut made = made_of(&self.manifest.files, identity).peekable();
        made.peek().is_some() && made.all(|file| self.is_there(file))
    }

    fn is_there(&self, file: &FileRecord) -> bool {
        matches!(self.root.look(&file.path), Ok(Some(Some(bytes))) if bytes == file.bytes)
    }
}

/// The files of a recording, or of its pieces.
fn made_of<'m>(
    files: &'m BTreeMap<String, FileRecord>,
    identity: &'m str,
) -> impl Iterator<Item = &'m FileRecord> {
    let from = files.range::<str, _>((Bound::Included(identity), Bound::Unbounded));
    from.map_while(move |(of, file)| Some((of.strip_prefix(identity)?, file)))
        .filter(|(rest, _)| rest.is_empty() || rest.starts_with(':'))
        .map(|(_, file)| file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(identity: &str, path: &str, bytes: u64) -> FileRecord {
        FileRecord {
            identity: identity.to_owned(),
            recipe: "r".to_owned(),
            path: path.to_owned(),
            bytes,
            sum: "00".to_owned(),
            label: "A - B".to_owned(),
            seconds: None,
            adopted: false,
            sound: String::new(),
        }
    }

    fn filled(target: &Path, generation: u64) {
        let records = [record("a", "Music/a.mp3", 3), record("b:0", "Music/b1.mp3", 3)];
        let records = records.into_iter().chain([record("b:9", "Music/b2.mp3", 3), record("bc", "x.mp3", 3)]);
        let files = records.map(|file| (file.identity.clone(), file)).collect();
        let wanted = [("one".to_owned(), vec!["a".to_owned()])].into();
        let manifest = Manifest { files, wanted, generation, ..Manifest::default() };
        std::fs::create_dir_all(target.join(".ferrotape")).unwrap();
        std::fs::create_dir_all(target.join("Music")).unwrap();
        std::fs::write(target.join(manifest::MANIFEST), manifest::to_bytes(&manifest).unwrap()).unwrap();
        for name in ["a", "b1", "b2"] {
            std::fs::write(target.join(format!("Music/{name}.mp3")), "abc").unwrap();
        }
    }

    #[test]
    fn only_what_is_there_with_its_size_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("player");
        assert!(SeenTarget::at(&target).unwrap().is_none(), "not there");
        filled(&target, 0);
        let seen = SeenTarget::at(&target).unwrap().unwrap();
        assert!(seen.holds("one") && !seen.holds("other"));
        assert!(seen.holds_all_of("a") && seen.holds_all_of("b") && !seen.holds_all_of("c"));
        std::fs::remove_file(target.join("Music/b2.mp3")).unwrap();
        assert!(!seen.holds_all_of("b"), "one of its pieces is gone");
        std::fs::write(target.join("Music/a.mp3"), "a").unwrap();
        assert!(!seen.holds("one") && !seen.holds_all_of("a"), "it was cut short");
        std::fs::remove_dir_all(target.join(".ferrotape")).unwrap();
        let emptied = SeenTarget::at(&target).unwrap().unwrap();
        assert!(!emptied.holds("one"), "there is no list");
    }

    #[test]
    fn the_folder_of_a_device_is_not_the_device() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), 3);
        assert!(SeenTarget::at(folder.path()).unwrap().is_none());
    }
}
