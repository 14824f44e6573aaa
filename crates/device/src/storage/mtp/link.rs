//! The conversation with one storage of a device: one request at a time, each waited for.
//!
//! `mtp-rs` is asynchronous; nothing else here is. Its futures are driven to their end on the thread that asks, and
//! need no runtime: USB is served by threads of the library's own.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::executor::block_on;
use futures::stream;
use mtp_rs::{ByteRange, Error, MtpDevice, NewObjectInfo, ObjectHandle, Storage, StorageInfo};

use super::kept::Kept;
use super::tree::{Object, Tree};

/// What is handed to the device at once.
const PIECE: usize = 256 * 1024;
/// How long a device that is busy is left alone, and how often.
const PAUSE: Duration = Duration::from_millis(500);
const PATIENCE: usize = 10;

/// How long, and how often, a device is asked again for what it took a moment ago.
const MOMENT: Duration = Duration::from_millis(100);
const MOMENTS: usize = 20;

/// One open storage.
pub(super) struct Link {
    device: MtpDevice,
    storage: Storage,
    tree: Tree,
}

impl Drop for Link {
    fn drop(&mut self) {
        // A device that is gone has nothing to close.
        let _ = block_on(self.device.clone().close());
    }
}

/// Asks for what a device has taken or made a moment ago, until it knows that.
fn in_a_moment<T>(mut ask: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    for _ in 0..MOMENTS {
        match ask() {
            Err(Error::StaleHandle) => std::thread::sleep(MOMENT),
            told => return told,
        }
    }
    Err(Error::StaleHandle)
}

/// The folder an object lies in, and its own name.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

impl Link {
    pub(super) fn new(device: MtpDevice, storage: Storage) -> Self {
        Self { device, storage, tree: Tree::default() }
    }

    /// Runs a step; once more with everything listed anew where the device has given its objects other numbers, and
    /// again where it was busy.
    pub(super) fn step<T>(&mut self, mut act: impl FnMut(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let (mut is_renumbered, mut waits) = (false, 0);
        loop {
            match act(self) {
                Err(Error::StaleHandle) if !is_renumbered => {
                    is_renumbered = true;
                    self.tree.forget_all();
                }
                Err(Error::Busy) if waits < PATIENCE => {
                    waits += 1;
                    std::thread::sleep(PAUSE);
                }
                other => return other,
            }
        }
    }

    /// What the storage says of itself now.
    pub(super) fn info(&mut self) -> Result<StorageInfo, Error> {
        block_on(self.storage.refresh())?;
        Ok(self.storage.info().clone())
    }

    /// Lists a folder, unless that was done.
    fn list(&mut self, folder: Option<ObjectHandle>, fresh: bool) -> Result<(), Error> {
        if self.tree.knows(folder, fresh) {
            return Ok(());
        }
        let began = Instant::now();
        let seen = block_on(self.storage.collect_objects(folder))?;
        // A file that cannot be seen must not be taken for one that is not there.
        if !seen.skipped.is_empty() {
            let many = seen.skipped.len();
            return Err(Error::invalid_data(format!("the player does not describe {many} of its files")));
        }
        self.tree.keep(folder, seen.objects.into_iter().map(Object::from), began.elapsed());
        Ok(())
    }

    fn child(&mut self, folder: Option<ObjectHandle>, name: &str) -> Result<Option<Object>, Error> {
        self.list(folder, false)?;
        Ok(self.tree.child(folder, name).cloned())
    }

    /// What is at a path that is not the root.
    pub(super) fn find(&mut self, path: &str) -> Result<Option<Object>, Error> {
        let (parent, name) = split(path);
        match self.folder(parent)? {
            Some(folder) => self.child(folder, name),
            None => Ok(None),
        }
    }

    /// A folder's handle, which the root has not; `None` where there is no such folder.
    #[expect(clippy::option_option, reason = "that there is no folder is not that it is the root")]
    pub(super) fn folder(&mut self, path: &str) -> Result<Option<Option<ObjectHandle>>, Error> {
        let mut at = None;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            match self.child(at, name)? {
                Some(object) if object.is_folder => at = Some(object.handle),
                _ => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    pub(super) fn names_in(&mut self, folder: &str) -> Result<Vec<String>, Error> {
        let Some(handle) = self.folder(folder)? else { return Ok(Vec::new()) };
        self.list(handle, false)?;
        Ok(self.tree.names(handle))
    }

    /// Makes a folder and those above it; `false` where a file is in the way.
    pub(super) fn make_folders(&mut self, path: &str) -> Result<bool, Error> {
        let mut at = None;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            at = match self.child(at, name)? {
                Some(object) if object.is_folder => Some(object.handle),
                Some(_) => return Ok(false),
                None => Some(self.make_folder(at, name)?),
            };
        }
        Ok(true)
    }

    fn make_folder(&mut self, parent: Option<ObjectHandle>, name: &str) -> Result<ObjectHandle, Error> {
        let handle = block_on(self.storage.create_folder(parent, name))?;
        self.tree.add(parent, Object { handle, name: name.to_owned(), bytes: 0, is_folder: true });
        // Nothing can be in it yet, but QEMU knows no number of what is made in a folder that it was not asked about.
        in_a_moment(|| self.list(Some(handle), false))?;
        Ok(handle)
    }

    /// Whether the name is free now, also of what came there since the folder was listed.
    pub(super) fn is_free(&mut self, path: &str) -> Result<bool, Error> {
        let (parent, name) = split(path);
        let Some(folder) = self.folder(parent)? else { return Ok(true) };
        self.list(folder, true)?;
        Ok(self.tree.child(folder, name).is_none())
    }

    /// Sends a whole file under a free name. What arrived is described by the device itself. A transfer that breaks
    /// leaves nothing behind if the device still answers.
    pub(super) fn send(&mut self, source: &mut File, bytes: u64, path: &str) -> Result<Object, Error> {
        let (parent, name) = split(path);
        let folder = self.folder(parent)?.ok_or(Error::NotFound)?;
        source.rewind().map_err(unreadable)?;
        let sent = block_on(self.storage.upload(
            folder,
            NewObjectInfo::file(name, bytes),
            stream::iter(pieces(Read::by_ref(source).take(bytes))),
        ));
        let handle = match sent {
            Ok(handle) => handle,
            Err(failed) => {
                if let Some(partial) = failed.partial {
                    let _ = block_on(self.storage.delete(partial));
                }
                self.tree.forget(folder);
                return Err(failed.source);
            }
        };
        match self.arrived(handle, (folder, name), bytes) {
            Ok(object) => Ok(object),
            Err(error) => {
                // It may be sent once more, and must not lie there twice.
                let _ = block_on(self.storage.delete(handle));
                self.tree.forget(folder);
                Err(error)
            }
        }
    }

    /// What was sent, as the device has it. It may know the file only a moment after it took it (QEMU does so when its file system
    /// has told of it), or by another number than it said; sent once more, the file might be there twice.
    fn arrived(
        &mut self,
        handle: ObjectHandle,
        (folder, name): (Option<ObjectHandle>, &str),
        bytes: u64,
    ) -> Result<Object, Error> {
        match in_a_moment(|| block_on(self.storage.get_object_info(handle))) {
            Err(Error::StaleHandle) => {
                self.tree.forget(folder);
                let there = self.child(folder, name)?;
                there.filter(|object| !object.is_folder && object.bytes == bytes).ok_or(Error::StaleHandle)
            }
            told => {
                let object = Object::from(told?);
                self.tree.add(folder, object.clone());
                Ok(object)
            }
        }
    }

    /// The plain file at a path.
    pub(super) fn file(&mut self, path: &str) -> Result<Object, Error> {
        self.find(path)?.filter(|object| !object.is_folder).ok_or(Error::NotFound)
    }

    /// Deletes a file, if it is still as it was listed. One that is not there is deleted already.
    pub(super) fn remove(&mut self, path: &str) -> Result<bool, Error> {
        // A device may keep a file under the name with other capitals, and is believed (`check.rs`). Where several are alike and
        // none has this very name, any may be the user's.
        let (parent, name) = split(path);
        let Some(folder) = self.folder(parent)? else { return Ok(true) };
        self.list(folder, false)?;
        let Some(object) = self.tree.only_child(folder, name).cloned() else { return Ok(true) };
        let now = Object::from(block_on(self.storage.get_object_info(object.handle))?);
        if object.is_folder || now.bytes != object.bytes || now.name != object.name {
            self.forget_folder_of(path)?;
            return Ok(false);
        }
        self.delete(&object).map(|()| true)
    }

    /// Deletes a folder, if nothing is in it when the device is asked: it would delete that as well.
    pub(super) fn remove_folder(&mut self, path: &str) -> Result<bool, Error> {
        let Some(folder) = self.find(path)?.filter(|object| object.is_folder) else { return Ok(true) };
        self.tree.forget(Some(folder.handle));
        self.list(Some(folder.handle), false)?;
        if !self.tree.names(Some(folder.handle)).is_empty() {
            return Ok(false);
        }
        self.delete(&folder).map(|()| true)
    }

    pub(super) fn delete(&mut self, object: &Object) -> Result<(), Error> {
        block_on(self.storage.delete(object.handle))?;
        self.tree.remove(object.handle);
        Ok(())
    }

    /// Gives a file another name in its folder.
    pub(super) fn rename(&mut self, path: &str, name: &str) -> Result<(), Error> {
        let object = self.file(path)?;
        block_on(self.storage.rename(object.handle, name))?;
        self.forget_folder_of(path)
    }

    fn forget_folder_of(&mut self, path: &str) -> Result<(), Error> {
        if let Some(folder) = self.folder(split(path).0)? {
            self.tree.forget(folder);
        }
        Ok(())
    }

    /// Reads a whole file and gives its size. The inner error is that of writing it down; the device is read to the end all
    /// the same, because a transfer that is broken off may leave it deaf.
    pub(super) fn fetch(&mut self, path: &str, to: &mut dyn Kept) -> Result<io::Result<u64>, Error> {
        let object = self.file(path)?;
        let mut download = block_on(self.storage.download(object.handle, ByteRange::Full))?;
        // A device may give out all of it and say only then that it was busy, and it is asked again.
        let (mut written, mut bytes) = (to.start_anew(), 0);
        while let Some(piece) = block_on(download.next_chunk()) {
            let piece = piece?;
            bytes += piece.len() as u64;
            written = written.and_then(|()| to.write_all(&piece));
        }
        // What is read may be deleted after.
        if bytes != object.bytes {
            return Err(Error::invalid_data(format!(
                "the player gave {bytes} of its {} bytes",
                object.bytes
            )));
        }
        Ok(written.map(|()| bytes))
    }

    /// Reads a piece of a file. A device may give it in several.
    pub(super) fn piece(&mut self, path: &str, offset: u64, bytes: u32) -> Result<Vec<u8>, Error> {
        let object = self.file(path)?;
        let mut piece = Vec::new();
        loop {
            let have = u32::try_from(piece.len()).unwrap_or(bytes);
            let rest = bytes.saturating_sub(have);
            if rest == 0 {
                return Ok(piece);
            }
            let more = block_on(self.storage.read_range(object.handle, offset + u64::from(have), rest))?;
            if more.is_empty() {
                return Ok(piece);
            }
            piece.extend(more);
        }
    }
}

/// A file of ours that cannot be read is no fault of the device's.
fn unreadable(error: io::Error) -> Error {
    Error::invalid_data(format!("the finished file on this computer could not be read: {error}"))
}

/// A file's bytes, piece by piece.
fn pieces(mut source: impl Read) -> impl Iterator<Item = io::Result<Bytes>> {
    std::iter::from_fn(move || {
        let mut piece = Vec::with_capacity(PIECE);
        match source.by_ref().take(PIECE as u64).read_to_end(&mut piece) {
            Ok(0) => None,
            Ok(_) => Some(Ok(Bytes::from(piece))),
            Err(error) => Some(Err(error)),
        }
    })
}
