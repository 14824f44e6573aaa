//! Which folder on this computer belongs to a device that speaks MTP.
//!
//! Two devices may have one name and one serial number, or none, and two cards one name. So each gets a number by chance, which
//! lies on it and in its folder here (`.ferrotape/id.txt`). For one that has none, because it was filled by a version that gave
//! none or lost it, the copy of the list on it tells, or else what of ours is there with the very bytes. By its name alone
//! nothing on a device is taken for ours.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

use crate::error::DeviceError;
use crate::journal::{self, Journal, Step};
use crate::manifest::{self, MANIFEST, Manifest};
use crate::notes::beginning_of;
use crate::on_the_way::is_whole;
use crate::over_mtp::{copy_on, is_later_on, seen, send_copy};
use crate::root::{OURS, Root};
use crate::storage::mtp::{Mtp, MtpPlayer};
use crate::storage::{Entry, Storage};

const ID: &str = ".ferrotape/id.txt";
/// One that may not be on the device yet.
const ID_NEW: &str = ".ferrotape/id.new";
const ID_DIGITS: usize = 32;
/// An id and the end of its line.
const LONGEST_ID: u64 = 40;

/// A folder that was filled from, and what it knows its device by.
struct Desk {
    path: PathBuf,
    root: Root,
    id: Option<String>,
    id_new: Option<String>,
    seen: Option<String>,
}

impl MtpPlayer {
    /// The folder below `desks` in which what belongs to this player is kept: the same for the same device and storage,
    /// whatever port it hangs on, and another one for another device of its name. It need not be there yet.
    pub fn desk_in(&self, desks: &Path) -> Result<PathBuf, DeviceError> {
        let (name, shared_name) = self.desk_names();
        let (mut used, free) = used_and_free(desks, &name)?;
        if let Some(name) = &shared_name {
            used.extend(used_and_free(desks, name)?.0);
        }
        let id = id_on(&self.storage)?;
        let has_it = |desk: &&Desk| id.is_some() && (desk.id == id || desk.id_new == id);
        if let Some(desk) = used.iter().find(has_it) {
            return Ok(desk.path.clone());
        }
        // Another storage of that name may have been in the device, and is not now.
        if id.is_some()
            && let Some(desk) = all_called(desks, shared_name.as_ref().unwrap_or(&name))?.iter().find(has_it)
        {
            return Ok(desk.path.clone());
        }
        let copy = if used.is_empty() { None } else { copy_on(&self.storage)? };
        for desk in used {
            if desk.is_of(&self.storage, id.is_some(), copy.as_deref())? {
                return Ok(desk.path);
            }
        }
        Ok(free)
    }
}

/// The folders of devices of that name, and one for another.
fn used_and_free(desks: &Path, name: &str) -> Result<(Vec<Desk>, PathBuf), DeviceError> {
    let (mut used, mut free, mut number) = (Vec::new(), None, 1);
    loop {
        let path = desks.join(if number == 1 { name.to_owned() } else { format!("{name} ({number})") });
        let is_there = path.exists();
        match Desk::at(&path)? {
            Some(desk) => used.push(desk),
            None if is_there => _ = free.get_or_insert(path),
            None => return Ok((used, free.unwrap_or(path))),
        }
        number += 1;
    }
}

/// The folders of all storages whose names begin so.
fn all_called(desks: &Path, name: &str) -> Result<Vec<Desk>, DeviceError> {
    let Ok(folders) = std::fs::read_dir(desks) else { return Ok(Vec::new()) };
    let is_called = |path: &PathBuf| {
        let own = path.file_name().and_then(|own| own.to_str());
        own.and_then(|own| own.strip_prefix(name)).is_some_and(|rest| rest.starts_with(" ("))
    };
    let paths = folders.flatten().map(|folder| folder.path()).filter(is_called);
    paths.filter_map(|path| Desk::at(&path).transpose()).collect()
}

impl Desk {
    /// `None` where nothing was filled from there, whatever else is noted there of a device.
    fn at(path: &Path) -> Result<Option<Self>, DeviceError> {
        if !path.is_dir() {
            return Ok(None);
        }
        let root = Root::open(path)?;
        let (id, id_new, seen) = (id_here(&root, ID)?, id_here(&root, ID_NEW)?, seen(&root)?);
        let is_used = manifest::is_filled(path) || id.is_some() || id_new.is_some() || seen.is_some();
        Ok(is_used.then(|| Self { path: path.to_owned(), root, id, id_new, seen }))
    }

    /// Whether it belongs to a device that does not say so by its id. `copy` is the hash of the list on the device.
    fn is_of(&self, device: &Mtp, has_id: bool, copy: Option<&str>) -> Result<bool, DeviceError> {
        match copy {
            // Both have one, and not the same.
            _ if has_id && self.id.is_some() => Ok(false),
            Some(copy) => Ok(self.has_sent(copy)? || self.is_overtaken_on(device)?),
            None if has_id => Ok(false),
            None => self.holds_any_on(device),
        }
    }

    /// Whether the list with this hash is the one that was sent from here last.
    fn has_sent(&self, copy: &str) -> Result<bool, DeviceError> {
        if self.seen.as_deref() == Some(copy) {
            return Ok(true);
        }
        // It was sent, and a kill came before that was noted.
        Ok(self.root.fingerprint(MANIFEST)?.is_some_and(|(_, hash)| hash == *copy))
    }

    /// Whether another computer filled the device since: its list there is the later one, and files of the one here are there. As that
    /// list is believed then, nothing is taken for ours by the one here.
    fn is_overtaken_on(&self, device: &Mtp) -> Result<bool, DeviceError> {
        if self.id.is_some() || self.id_new.is_some() || journal::load(&self.root)?.is_some() {
            return Ok(false);
        }
        match manifest::load(&self.root) {
            Ok(Some((here, _))) => Ok(is_later_on(device, &here)? && self.holds_any_on(device)?),
            _ => Ok(false),
        }
    }

    /// Whether any file of its list is on the device with the very bytes, or one that came since, of which the journal tells. The
    /// smallest are read first.
    fn holds_any_on(&self, device: &Mtp) -> Result<bool, DeviceError> {
        let manifest = match manifest::load(&self.root) {
            Ok(found) => found.map(|(manifest, _)| manifest).unwrap_or_default(),
            // What is wrong with it is told when it is opened.
            Err(DeviceError::ManifestUnusable { .. }) => return Ok(true),
            Err(error) => return Err(error),
        };
        let steps = journal::load(&self.root)?.unwrap_or_default();
        let came = steps.iter().filter_map(|step| match step {
            Step::File { record, .. } => Some(record),
            _ => None,
        });
        let mut files: Vec<_> = manifest.files.values().filter(|file| !file.adopted).chain(came).collect();
        if files.is_empty() {
            // A first run that was cut short before anything came, on a device that takes no files of ours but music.
            return Ok(self.id.is_none() && self.seen.is_none());
        }
        files.sort_by_key(|file| file.bytes);
        for file in files {
            let is_there =
                matches!(device.entry(&file.path)?, Some(Entry::File { bytes, .. }) if bytes == file.bytes);
            if is_there && device.fingerprint(&file.path)?.1 == file.sum {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Makes sure, before anything is changed, that the list that lies here speaks of the device, and that the device can be told from
/// others later. Gives what the user should know.
pub(crate) fn settle(root: &Root) -> Result<Option<String>, DeviceError> {
    let Some(device) = root.device() else { return Ok(None) };
    if let Some(id) = id_on(device)? {
        refuse_another(root, &id)?;
        if id_here(root, ID)?.is_none_or(|here| here != id) {
            root.write_new(ID_NEW, line(&id).as_bytes())?;
            keep_new_id(root)?;
        }
        return Ok(None);
    }
    if let Some(kept) = confirmed_if_doubtful(root)? {
        let bytes =
            manifest::to_bytes(&kept).map_err(|error| root.fault(error.into(), "written", MANIFEST))?;
        manifest::store(root, &bytes)?;
        // It tells of what came to that device or to another.
        Journal::default().clear(root)?;
        give_id(root, device)?;
        send_copy(root)?;
        return Ok(Some(remark(&kept)));
    }
    // One that lost it gets another with the next list.
    root.remove_file(ID)?;
    if !manifest::is_there(root) && journal::load(root)?.is_none() {
        give_id(root, device)?;
    }
    Ok(None)
}

/// As [`settle`], for looking only: the list to be believed instead of the one that lies here, and what the user should know.
pub(crate) fn looked_at(root: &Root) -> Result<Option<(Manifest, String)>, DeviceError> {
    let Some(device) = root.device() else { return Ok(None) };
    if let Some(id) = id_on(device)? {
        return refuse_another(root, &id).map(|()| None);
    }
    let kept = confirmed_if_doubtful(root)?;
    Ok(kept.map(|kept| {
        let remark = remark(&kept);
        (kept, remark)
    }))
}

/// Gives the device an id if none is known of it.
pub(crate) fn ensure_id(root: &Root, device: &Mtp) -> Result<(), DeviceError> {
    if id_here(root, ID)?.is_some() { Ok(()) } else { give_id(root, device) }
}

/// A device that takes no id is filled all the same.
fn give_id(root: &Root, device: &Mtp) -> Result<(), DeviceError> {
    root.write_new(ID_NEW, line(&new_id()).as_bytes())?;
    root.sync_dir(OURS)?;
    match send_id(root, device) {
        Ok(()) => keep_new_id(root),
        Err(error) if error.is_target_gone() => Err(error),
        Err(_) => root.remove_file(ID_NEW),
    }
}

fn send_id(root: &Root, device: &Mtp) -> Result<(), DeviceError> {
    let file = root.dir().open(ID_NEW).map_err(|error| root.fault(error, "read", ID_NEW))?;
    device.create_dir_all(OURS)?;
    device.remove_file(ID)?;
    device.send(&mut file.into_std(), ID)
}

fn keep_new_id(root: &Root) -> Result<(), DeviceError> {
    root.rename_over(ID_NEW, ID)?;
    root.sync_dir(OURS)
}

/// Fails where the folder belongs to a device with another id.
fn refuse_another(root: &Root, id: &str) -> Result<(), DeviceError> {
    let here = id_here(root, ID)?;
    if here.is_none_or(|here| here == id) || id_here(root, ID_NEW)?.is_some_and(|new| new == id) {
        return Ok(());
    }
    let reason = "what is known of it here is of another device of its name".to_owned();
    Err(DeviceError::NotOpened { player: root.path().display().to_string(), reason })
}

/// What of the list is on the device with the very bytes, where an id or a copy of the list was put on the device and it has
/// neither: somebody deleted them, or it is another device.
fn confirmed_if_doubtful(root: &Root) -> Result<Option<Manifest>, DeviceError> {
    let Some(device) = root.device() else { return Ok(None) };
    let was_told = id_here(root, ID)?.is_some() || seen(root)?.is_some();
    if !was_told || !manifest::is_there(root) || copy_on(device)?.is_some() {
        return Ok(None);
    }
    let Some((manifest, _)) = manifest::load(root)? else { return Ok(None) };
    confirmed(root, manifest).map(Some)
}

fn confirmed(root: &Root, mut manifest: Manifest) -> Result<Manifest, DeviceError> {
    let mut files = BTreeMap::new();
    for (identity, file) in manifest.files {
        if is_whole(root, &file.path, file.bytes, &file.sum)? {
            files.insert(identity, file);
        }
    }
    manifest.files = files;
    for list in manifest.playlists.values_mut() {
        if let Some(file) = &list.file
            && !is_whole(root, &file.path, file.bytes, &file.sum)?
        {
            list.file = None;
        }
    }
    let mut companions = BTreeMap::new();
    for (path, companion) in manifest.companions {
        let is_there = match &companion.file {
            Some(file) => is_whole(root, &file.path, file.bytes, &file.sum)?,
            None => true,
        };
        if is_there {
            companions.insert(path, companion);
        }
    }
    manifest.companions = companions;
    let idle = manifest.idle_folders();
    manifest.folders.retain(|folder| !idle.contains(folder));
    manifest.generation += 1;
    Ok(manifest)
}

fn remark(kept: &Manifest) -> String {
    let files = match kept.files.len() {
        1 => "1 file that is as ferrotape wrote it counts as its own".to_owned(),
        many => format!("{many} files that are as ferrotape wrote them count as its own"),
    };
    format!(
        "the list of what ferrotape put on it is not on it any more: it was deleted there, or this is another player of its \
         name. {files}; all else on it is yours, and stays"
    )
}

/// The id on a device. What is no id, as one that was cut short, is none.
fn id_on(device: &Mtp) -> Result<Option<String>, DeviceError> {
    match device.entry(ID)? {
        Some(Entry::File { bytes, .. }) if bytes <= LONGEST_ID => Ok(id_in(device.beginning(ID, bytes)?)),
        _ => Ok(None),
    }
}

fn id_here(root: &Root, path: &str) -> Result<Option<String>, DeviceError> {
    Ok(beginning_of(root, path, LONGEST_ID)?.and_then(id_in))
}

fn id_in(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let id = text.trim();
    (id.len() == ID_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.to_owned())
}

fn line(id: &str) -> String {
    format!("{id}\n")
}

fn new_id() -> String {
    // The keys of these are the system's random numbers.
    let number = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", number(), number())
}
