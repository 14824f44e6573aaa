//! Players, as text.

use std::path::Path;

use ferrotape_engine::device::{DeviceError, Ejected, FoundMtp, FoundPlayer, MtpLook, MtpPlayer, Profiles};

use crate::output::{line, plain, size};

pub(crate) fn players(found: &[FoundPlayer], devices: &[(FoundMtp, Result<MtpLook, DeviceError>)]) {
    if found.is_empty() && devices.is_empty() {
        line(
            "No player is mounted. Plug it in, set it to USB storage (MSC) and open it in your file manager. On a phone, \
             choose “file transfer” (MTP).",
        );
    }
    devices.iter().for_each(|(device, seen)| over_mtp(device, seen));
    for player in found {
        let read_only = if player.read_only { ", read-only" } else { "" };
        line(&format!(
            "{} at {}: {}, {} of {} free{read_only}",
            plain(&player.name()),
            plain(&player.mount.display().to_string()),
            player.file_system,
            size(player.bytes_free),
            size(player.bytes_total)
        ));
        let kind = match &player.profile {
            Some(profile) => format!("player  {}", plain(profile)),
            None if player.looks_like_one() => "player  perhaps".to_owned(),
            None => "player  no; it is filled only when it is named".to_owned(),
        };
        line(&format!("  {kind}: {}", plain(&player.why)));
        if let Some(id) = &player.volume_id {
            line(&format!("  volume  {}", plain(id)));
        }
    }
}

fn over_mtp(device: &FoundMtp, seen: &Result<MtpLook, DeviceError>) {
    line(&format!("{} over MTP", plain(&device.name())));
    match seen {
        Ok(look) => {
            for storage in &look.storages {
                let read_only = if storage.writable { "" } else { ", read-only" };
                let (free, total) = (size(storage.bytes_free), size(storage.bytes_total));
                line(&format!("  storage {}: {free} of {total} free{read_only}", plain(&storage.name)));
            }
            let kind = look.profile.as_deref().unwrap_or("perhaps");
            line(&format!("  player  {}: {}", plain(kind), plain(&look.why)));
        }
        Err(error) => line(&format!("  cannot be filled now: {}", plain(&error.to_string()))),
    }
    if let Some(serial) = &device.usb.serial {
        line(&format!("  serial  {}", plain(serial)));
    }
}

/// Every profile, those of the user's own included.
pub(crate) fn profiles(profiles: &Profiles, folder: &Path) {
    let widest = profiles.all().map(|profile| profile.name.len()).max().unwrap_or_default();
    for profile in profiles.all() {
        let sure = profile.confidence();
        line(&format!("{:<widest$}  {} ({sure})", plain(&profile.name), plain(&profile.title)));
    }
    line("\nWhat is known of one, and from where: ferrotape player show NAME");
    line(&format!("Your own are files in {}; `ferrotape player new NAME` begins one.", folder.display()));
}

/// Which player a run fills, where it was looked for.
pub(crate) fn filling(player: &FoundPlayer) {
    line(&format!(
        "Filling {} at {}, {} free",
        plain(&player.name()),
        plain(&player.mount.display().to_string()),
        size(player.bytes_free)
    ));
}

/// Which device a run fills. Its folders have to be listed first.
pub(crate) fn filling_over_mtp(player: &MtpPlayer) {
    line(&format!(
        "Filling {} ({}) over MTP, {} free. Looking at its folders may take a while.",
        plain(&player.device().name()),
        plain(&player.about().name),
        size(player.about().bytes_free)
    ));
}

pub(crate) fn ejected(name: &str, ejected: &Ejected) {
    for remark in &ejected.remarks {
        line(&format!("  {}", plain(remark)));
    }
    line(&format!("It is safe to unplug {}.", plain(name)));
}
