//! What was seen of a device's folders: each is listed once, because listing is slow over MTP.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use mtp_rs::{ObjectHandle, ObjectInfo};

use crate::names::clash_key;

/// A listing that must be fresh is believed for so many times as long as it took: then listing anew, which is slow on
/// some devices, takes a small share of all the time.
const FRESH_FOR: u32 = 10;

/// A file or folder on the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) handle: ObjectHandle,
    pub(super) name: String,
    /// Its size; of a folder 0.
    pub(super) bytes: u64,
    pub(super) is_folder: bool,
}

impl From<ObjectInfo> for Object {
    fn from(info: ObjectInfo) -> Self {
        let is_folder = info.is_folder();
        Self { handle: info.handle, name: info.filename, bytes: info.size, is_folder }
    }
}

/// A folder as it was listed.
#[derive(Debug)]
struct Listing {
    listed: Instant,
    took: Duration,
    /// By the form in which FAT and phones take names for the same. MTP allows several files of one name.
    objects: HashMap<String, Vec<Object>>,
}

/// The listings of a session, by folder; the root has no handle.
#[derive(Debug, Default)]
pub(super) struct Tree {
    listings: HashMap<Option<ObjectHandle>, Listing>,
}

impl Tree {
    /// Whether a folder was listed in this session, and not too long ago where it must be fresh.
    pub(super) fn knows(&self, folder: Option<ObjectHandle>, fresh: bool) -> bool {
        let listing = self.listings.get(&folder);
        listing.is_some_and(|listing| {
            !fresh || listing.listed.elapsed() < listing.took.saturating_mul(FRESH_FOR)
        })
    }

    /// Keeps what is in a folder, which took so long to list.
    pub(super) fn keep(
        &mut self,
        folder: Option<ObjectHandle>,
        objects: impl Iterator<Item = Object>,
        took: Duration,
    ) {
        let mut listing = Listing { listed: Instant::now(), took, objects: HashMap::new() };
        for object in objects {
            listing.objects.entry(clash_key(&object.name)).or_default().push(object);
        }
        self.listings.insert(folder, listing);
    }

    /// The object of that name, else one that FAT takes for it.
    pub(super) fn child(&self, folder: Option<ObjectHandle>, name: &str) -> Option<&Object> {
        let alike = self.listings.get(&folder)?.objects.get(&clash_key(name))?;
        alike.iter().find(|object| object.name == name).or_else(|| alike.first())
    }

    /// The object of that name; where there is none, the one that FAT takes for it, if there is only one.
    pub(super) fn only_child(&self, folder: Option<ObjectHandle>, name: &str) -> Option<&Object> {
        let alike = self.listings.get(&folder)?.objects.get(&clash_key(name))?;
        match alike.as_slice() {
            [one] => Some(one),
            several => several.iter().find(|object| object.name == name),
        }
    }

    pub(super) fn names(&self, folder: Option<ObjectHandle>) -> Vec<String> {
        let objects = self.listings.get(&folder).into_iter().flat_map(|listing| listing.objects.values());
        objects.flatten().map(|object| object.name.clone()).collect()
    }

    pub(super) fn add(&mut self, folder: Option<ObjectHandle>, object: Object) {
        if let Some(listing) = self.listings.get_mut(&folder) {
            listing.objects.entry(clash_key(&object.name)).or_default().push(object);
        }
    }

    pub(super) fn remove(&mut self, handle: ObjectHandle) {
        self.listings.remove(&Some(handle));
        for listing in self.listings.values_mut() {
            listing.objects.retain(|_, alike| {
                alike.retain(|object| object.handle != handle);
                !alike.is_empty()
            });
        }
    }

    /// What was seen of one folder, or of all, is not believed any more.
    pub(super) fn forget(&mut self, folder: Option<ObjectHandle>) {
        self.listings.remove(&folder);
    }

    pub(super) fn forget_all(&mut self) {
        self.listings.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(handle: u64, name: &str) -> Object {
        Object { handle: ObjectHandle(handle), name: name.to_owned(), bytes: 1, is_folder: false }
    }

    #[test]
    fn names_are_found_as_fat_finds_them() {
        let mut tree = Tree::default();
        assert!(!tree.knows(None, false));
        tree.keep(
            None,
            [object(1, "Ärger.mp3"), object(2, "ärger.mp3"), object(3, "b.mp3")].into_iter(),
            Duration::from_secs(60),
        );
        assert!(tree.knows(None, true));
        let handle = |tree: &Tree, name: &str| tree.child(None, name).map(|object| object.handle.0);
        assert_eq!(handle(&tree, "ärger.mp3"), Some(2));
        assert_eq!(handle(&tree, "A\u{308}RGER.MP3"), Some(1));
        assert_eq!(handle(&tree, "c.mp3"), None);
        let only = |tree: &Tree, name: &str| tree.only_child(None, name).map(|object| object.handle.0);
        assert_eq!((only(&tree, "ärger.mp3"), only(&tree, "B.MP3")), (Some(2), Some(3)));
        assert_eq!(only(&tree, "ÄRGER.mp3"), None, "it may be either");
        tree.remove(ObjectHandle(2));
        assert_eq!(only(&tree, "ÄRGER.mp3"), Some(1));
        assert_eq!(handle(&tree, "ärger.mp3"), Some(1));
        assert_eq!(tree.names(None).len(), 2);
    }
}
