//! A target on a device that speaks MTP: what is different from a folder.
//!
//! The manifest lies on this computer, in the folder that belongs to the device. A copy of it is kept on the device, so
//! that another computer knows what is ours there. It is numbered: whichever of the two was written later is believed, and one
//! that somebody brings back from a backup is not.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::desks;
use crate::error::DeviceError;
use crate::manifest::{self, MANIFEST, Manifest};
use crate::profile::Profile;
use crate::root::{OURS, Root};
use crate::storage::mtp::{LONGEST_NAME, Mtp, MtpPlayer};
use crate::storage::{Entry, Storage};
use crate::target::Target;

/// The hash of the copy as this computer saw it last: another one was put there by another computer.
const SEEN: &str = ".ferrotape/manifest.seen";
const SEEN_NEW: &str = ".ferrotape/manifest.seen.new";
const ARRIVED: &str = ".ferrotape/manifest.arrived";
/// A hash in hexadecimal and the end of its line.
const LONGEST_SEEN: u64 = 80;

impl Target {
    /// Takes hold of a device. `desk` is the folder on this computer that belongs to it; it is made if it is not there.
    ///
    /// As [`Target::open`], with one difference: what goes to the trash is read from the device into the trash in that
    /// folder.
    pub fn open_mtp(player: &MtpPlayer, desk: &Path, profile: Profile) -> Result<Self, DeviceError> {
        let mut target = Self::take(root(player, desk)?, names_for_mtp(profile))?;
        target.remarks.extend(is_another(&target, player, desk));
        Ok(target)
    }

    /// Takes a look at a device without changing anything on it or in the folder that belongs to it; see
    /// [`Target::preview`].
    pub fn preview_mtp(player: &MtpPlayer, desk: &Path, profile: Profile) -> Result<Self, DeviceError> {
        let root = Root::preview_on_device(Arc::clone(&player.storage), desk)?;
        let (arrived, remark) = believed(&root)?;
        let mut target = Self::look(root, names_for_mtp(profile), arrived)?;
        target.remarks.extend(remark);
        target.remarks.extend(is_another(&target, player, desk));
        Ok(target)
    }
}

fn root(player: &MtpPlayer, desk: &Path) -> Result<Root, DeviceError> {
    std::fs::create_dir_all(desk).map_err(|source| DeviceError::Io {
        path: desk.to_owned(),
        doing: "made",
        source,
    })?;
    Root::on_device(Arc::clone(&player.storage), desk)
}

/// What is said of a device whose name another one has, when nothing of ours was ever put on it.
fn is_another(target: &Target, player: &MtpPlayer, desk: &Path) -> Option<String> {
    let (name, _) = player.desk_names();
    let number = desk.file_name()?.to_str()?.strip_prefix(name.as_str())?;
    let is_new = target.is_new() && !number.is_empty();
    is_new
        .then(|| "another player of this name was filled before; this one is filled as a new one".to_owned())
}

fn names_for_mtp(mut profile: Profile) -> Profile {
    let names = &mut profile.names;
    names.max_name_units = names.max_name_units.min(LONGEST_NAME);
    names.max_folder_units = names.max_folder_units.min(LONGEST_NAME);
    profile
}

/// What the copy on the device is, beside the list that lies here.
enum Copy {
    /// It was seen before, there is none, or it says nothing.
    Known,
    /// Another computer wrote it later than what lies here.
    Later { hash: String, bytes: Vec<u8>, manifest: Manifest },
    /// Somebody put an older one back.
    Older,
}

/// Takes over the copy on the device where another computer has written it later, and puts ours in the place of an older
/// one. Gives what the user should know.
pub(crate) fn believe_later(root: &Root) -> Result<Option<String>, DeviceError> {
    let remark = desks::settle(root)?;
    match read_copy(root)? {
        Copy::Known => {}
        Copy::Later { hash, bytes, .. } => {
            root.write_new(ARRIVED, &bytes)?;
            root.rename_over(ARRIVED, MANIFEST)?;
            manifest::forget_new(root)?;
            remember(root, &hash)?;
        }
        Copy::Older => send_copy(root)?,
    }
    Ok(remark)
}

/// The list that is believed and what the user should know, for looking only: nothing is written, here or there.
fn believed(root: &Root) -> Result<(Option<Manifest>, Option<String>), DeviceError> {
    if let Some((manifest, remark)) = desks::looked_at(root)? {
        return Ok((Some(manifest), Some(remark)));
    }
    Ok(match read_copy(root)? {
        Copy::Later { manifest, .. } => (Some(manifest), None),
        Copy::Known | Copy::Older => (None, None),
    })
}

/// The hash of the copy on a device. Half of one is none.
pub(crate) fn copy_on(device: &Mtp) -> Result<Option<String>, DeviceError> {
    let bytes = match device.entry(MANIFEST)? {
        Some(Entry::File { bytes, .. }) if bytes <= manifest::LARGEST => device.beginning(MANIFEST, bytes)?,
        // Whatever that is, no copy of ours has this hash.
        Some(Entry::File { .. }) => return Ok(Some(String::new())),
        _ => return Ok(None),
    };
    Ok((!manifest::is_torn(&bytes)).then(|| blake3::hash(&bytes).to_hex().to_string()))
}

/// Whether the list on a device was written later than this one.
pub(crate) fn is_later_on(device: &Mtp, here: &Manifest) -> Result<bool, DeviceError> {
    match device.entry(MANIFEST)? {
        Some(Entry::File { bytes, .. }) if bytes <= manifest::LARGEST => {
            let copy = manifest::parse(&device.beginning(MANIFEST, bytes)?);
            Ok(copy.is_ok_and(|copy| copy.generation >= here.generation))
        }
        _ => Ok(false),
    }
}

fn read_copy(root: &Root) -> Result<Copy, DeviceError> {
    let Some(device) = root.device() else { return Ok(Copy::Known) };
    let Some(Entry::File { bytes, .. }) = device.entry(MANIFEST)? else { return Ok(Copy::Known) };
    let refuse = |reason: String| DeviceError::ManifestUnusable { path: root.path().join(MANIFEST), reason };
    if bytes > manifest::LARGEST {
        return Err(refuse(format!("it has {bytes} bytes, more than any of ours")));
    }
    let bytes = device.beginning(MANIFEST, bytes)?;
    let hash = blake3::hash(&bytes).to_hex().to_string();
    if seen(root)?.as_deref() == Some(hash.as_str()) {
        return Ok(Copy::Known);
    }
    let copy = match manifest::parse(&bytes) {
        Ok(copy) => copy,
        // A copy that was cut short: what it was made of is here. One that a later version wrote is whole.
        Err(_) if manifest::is_there(root) && manifest::is_torn(&bytes) => return Ok(Copy::Known),
        Err(reason) => return Err(refuse(reason)),
    };
    let here = manifest::load(root)?.map(|(manifest, _)| manifest);
    // Two that were written after the same one have the same number: what lies there was written to a device that was
    // there.
    let is_later = here.is_none_or(|here| copy.generation >= here.generation);
    Ok(if is_later { Copy::Later { hash, bytes, manifest: copy } } else { Copy::Older })
}

/// Puts a copy of the manifest on the device. One that does not take it is filled all the same.
pub(crate) fn send_copy(root: &Root) -> Result<(), DeviceError> {
    let Some(device) = root.device() else { return Ok(()) };
    match send(root, device) {
        Ok(hash) => {
            remember(root, &hash)?;
            desks::ensure_id(root, device)
        }
        Err(error) if error.is_target_gone() => Err(error),
        Err(_) => Ok(()),
    }
}

fn send(root: &Root, device: &Mtp) -> Result<String, DeviceError> {
    let fault = |error: io::Error| root.fault(error, "read", MANIFEST);
    let mut file = root.dir().open(MANIFEST).map_err(fault)?.into_std();
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(&mut file).map_err(fault)?;
    device.create_dir_all(OURS)?;
    device.remove_file(MANIFEST)?;
    device.send(&mut file, MANIFEST)?;
    Ok(hasher.finalize().to_hex().to_string())
}

pub(crate) fn seen(root: &Root) -> Result<Option<String>, DeviceError> {
    if root.look(SEEN)?.flatten().is_none() {
        return Ok(None);
    }
    let mut text = String::new();
    let read = root.dir().open(SEEN).and_then(|file| file.take(LONGEST_SEEN).read_to_string(&mut text));
    // What is no text is no hash.
    Ok(read.is_ok().then(|| text.trim().to_owned()))
}

fn remember(root: &Root, hash: &str) -> Result<(), DeviceError> {
    root.write_new(SEEN_NEW, format!("{hash}\n").as_bytes())?;
    root.rename_over(SEEN_NEW, SEEN)?;
    root.sync_dir(OURS)
}
