//! The `--json` forms of players.

use ferrotape_engine::device::{
    DeviceError, Ejected, FoundMtp, FoundPlayer, MtpLook, MtpPlayer, UsbIdentity,
};
use serde_json::{Value, json};

pub(crate) fn player(found: &FoundPlayer) -> Value {
    let usb = found.usb.as_ref().map(identity);
    json!({
        "name": found.name(), "mount": found.mount.to_string_lossy(), "device": found.device.to_string_lossy(),
        "volume_id": found.volume_id, "label": found.label, "file_system": found.file_system,
        "bytes_total": found.bytes_total, "bytes_free": found.bytes_free, "read_only": found.read_only,
        "removable": found.removable, "likely": found.looks_like_one(), "profile": found.profile, "why": found.why,
        "usb": usb,
    })
}

fn identity(usb: &UsbIdentity) -> Value {
    json!({
        "vendor": usb.vendor, "product": usb.product, "manufacturer": usb.manufacturer,
        "model": usb.model, "serial": usb.serial,
    })
}

/// A device that speaks MTP, and what it tells of itself.
pub(crate) fn device(found: &FoundMtp, seen: Result<&MtpLook, &DeviceError>) -> Value {
    let storages = seen.map(|look| look.storages.as_slice()).unwrap_or_default().iter().map(|storage| {
        json!({
            "name": storage.name, "bytes_total": storage.bytes_total, "bytes_free": storage.bytes_free,
            "writable": storage.writable,
        })
    });
    json!({
        "name": found.name(), "usb": identity(&found.usb), "storages": storages.collect::<Vec<_>>(),
        "profile": seen.ok().and_then(|look| look.profile.clone()), "why": seen.ok().map(|look| look.why.clone()),
        "trouble": seen.err().map(ToString::to_string),
    })
}

/// A device that is filled.
pub(crate) fn mtp_player(player: &MtpPlayer) -> Value {
    let storage = player.about();
    json!({
        "name": player.device().name(), "usb": identity(&player.device().usb), "storage": storage.name,
        "bytes_total": storage.bytes_total, "bytes_free": storage.bytes_free,
    })
}

pub(crate) fn ejected(name: &str, ejected: &Ejected) -> Value {
    let unmounted: Vec<_> = ejected.unmounted.iter().map(|mount| mount.to_string_lossy()).collect();
    json!({
        "name": name, "unmounted": unmounted, "powered_off": ejected.powered_off, "remarks": ejected.remarks,
    })
}
