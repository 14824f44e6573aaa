//! The `--json` forms of players.

use ferrotape_engine::device::{Ejected, FoundPlayer};
use serde_json::{Value, json};

pub(crate) fn player(found: &FoundPlayer) -> Value {
    let usb = found.usb.as_ref().map(|usb| {
        json!({
            "vendor": usb.vendor, "product": usb.product, "manufacturer": usb.manufacturer,
            "model": usb.model, "serial": usb.serial,
        })
    });
    json!({
        "name": found.name(), "mount": found.mount.to_string_lossy(), "device": found.device.to_string_lossy(),
        "volume_id": found.volume_id, "label": found.label, "file_system": found.file_system,
        "bytes_total": found.bytes_total, "bytes_free": found.bytes_free, "read_only": found.read_only,
        "removable": found.removable, "likely": found.looks_like_one(), "profile": found.profile, "why": found.why,
        "usb": usb,
    })
}

pub(crate) fn ejected(name: &str, ejected: &Ejected) -> Value {
    let unmounted: Vec<_> = ejected.unmounted.iter().map(|mount| mount.to_string_lossy()).collect();
    json!({
        "name": name, "unmounted": unmounted, "powered_off": ejected.powered_off, "remarks": ejected.remarks,
    })
}
