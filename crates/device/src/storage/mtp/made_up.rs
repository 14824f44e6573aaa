//! Made-up devices for tests: each a file `mtp/NAME.json` below the root of a made-up system, backed by folders.

use std::fs;
use std::path::{Path, PathBuf};

use futures::executor::block_on;
use mtp_rs::virtual_device::{VirtualDeviceConfig, VirtualStorageConfig};
use mtp_rs::{Error, MtpDevice};
use serde::Deserialize;

use super::find::{Address, FoundMtp};
use crate::detect::{System, UsbIdentity};
use crate::error::DeviceError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    manufacturer: String,
    model: String,
    serial: String,
    /// Four hexadecimal digits each.
    vendor: String,
    product: String,
    storages: Vec<StorageDescription>,
    #[serde(default)]
    no_rename: bool,
    #[serde(default)]
    whole_files_only: bool,
    /// `claimed`, `denied` or `locked`: what opening it meets.
    trouble: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StorageDescription {
    name: String,
    /// Relative to the description.
    folder: PathBuf,
    capacity: u64,
    #[serde(default)]
    read_only: bool,
}

pub(super) fn find(system: &System) -> Result<Vec<FoundMtp>, DeviceError> {
    let folder = system.inside(Path::new("/mtp"));
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files
        .filter(|file| file.extension().is_some_and(|end| end == "json"))
        .map(|file| {
            let said = read(&file).map_err(|reason| DeviceError::CannotLook { reason })?;
            let usb = UsbIdentity {
                vendor: said.vendor,
                product: said.product,
                manufacturer: Some(said.manufacturer),
                model: Some(said.model),
                serial: Some(said.serial),
            };
            Ok(FoundMtp { usb, address: Address::MadeUp(file) })
        })
        .collect()
}

fn read(file: &Path) -> Result<Description, String> {
    let text = fs::read(file).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", file.display()))
}

pub(super) fn open(file: &Path) -> Result<MtpDevice, Error> {
    let said = read(file).map_err(Error::invalid_data)?;
    match said.trouble.as_deref() {
        Some("claimed") => return Err(Error::ExclusiveAccess),
        Some("denied") => return Err(Error::PermissionDenied),
        // What a device without any storage comes to.
        Some("locked") => return Err(Error::AccessDenied),
        Some(other) => return Err(Error::invalid_data(format!("no trouble is called {other}"))),
        None => {}
    }
    let beside = file.parent().unwrap_or(Path::new("."));
    let storage = |storage: StorageDescription| VirtualStorageConfig {
        description: storage.name,
        capacity: storage.capacity,
        backing_dir: beside.join(storage.folder),
        read_only: storage.read_only,
    };
    let config = VirtualDeviceConfig {
        manufacturer: said.manufacturer,
        model: said.model,
        serial: said.serial,
        storages: said.storages.into_iter().map(storage).collect(),
        supports_rename: !said.no_rename,
        supports_partial_object: !said.whole_files_only,
        supports_partial_object_64: !said.whole_files_only,
        watch_backing_dirs: false,
        ..VirtualDeviceConfig::default()
    };
    block_on(MtpDevice::builder().open_virtual(config))
}
