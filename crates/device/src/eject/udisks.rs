//! The desktop's disk service, udisks2, over D-Bus. It unmounts for users what was mounted for them, without a
//! password, and knows how to cut the power.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::Duration;

use zbus::names::ErrorName;
use zbus::{Connection, DBusError, DynamicType, Message, OwnedObjectPath, OwnedVariant, Variant, block_on};

use super::holders::holders;
use super::{Ejected, Volume};
use crate::detect::System;
use crate::error::DeviceError;

const SERVICE: &str = "org.freedesktop.UDisks2";
const MANAGER: &str = "/org/freedesktop/UDisks2/Manager";
/// Everything was flushed before; what takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);

type Options = HashMap<&'static str, Variant<'static>>;

/// A connection to the service.
pub(crate) struct Udisks {
    bus: Connection,
}

/// What the service answered when it did not do it.
struct Refusal {
    /// The last part of the error's name: `DeviceBusy`.
    word: String,
    says: String,
}

impl Udisks {
    /// `None` where there is no bus or no such service.
    pub(crate) fn connect() -> Option<Self> {
        let bus = block_on(zbus::connection::Builder::system().method_timeout(PATIENCE).build()).ok()?;
        let disks = Self { bus };
        // Asked for something harmless; the bus starts the service if it knows it.
        disks.property(MANAGER, "Manager", "Version").ok()?;
        Some(disks)
    }

    /// Unmounts every volume and cuts the power of their drives.
    pub(crate) fn eject(&self, system: &System, volumes: &[Volume]) -> Result<Ejected, DeviceError> {
        let mut ejected = Ejected::default();
        let mut drives = BTreeSet::new();
        for volume in volumes {
            let block = self.block(&volume.device).map_err(|refusal| refusal.about(system, volume))?;
            drives.extend(self.drive_of(&block));
            match self.call(&block, "Filesystem", "Unmount", &(Options::new(),)) {
                Err(refusal) if refusal.word != "NotMounted" => return Err(refusal.about(system, volume)),
                _ => ejected.unmounted.push(volume.mount.clone()),
            }
        }
        for drive in drives {
            self.switch_off(&drive, &mut ejected);
        }
        Ok(ejected)
    }

    /// The player is safe to unplug already; what fails here is only told.
    fn switch_off(&self, drive: &str, ejected: &mut Ejected) {
        if self.says_yes(drive, "Ejectable")
            && let Err(refusal) = self.call(drive, "Drive", "Eject", &(Options::new(),))
        {
            ejected.remarks.push(format!("its medium could not be ejected ({})", refusal.says));
        }
        // All drives of one device lose their power together: the second is not there any more.
        if !ejected.powered_off && self.says_yes(drive, "CanPowerOff") {
            match self.call(drive, "Drive", "PowerOff", &(Options::new(),)) {
                Ok(_) => ejected.powered_off = true,
                Err(refusal) => {
                    ejected.remarks.push(format!("its power could not be cut ({})", refusal.says));
                }
            }
        }
    }

    /// The object of a block device.
    fn block(&self, device: &Path) -> Result<String, Refusal> {
        let named = HashMap::from([("path", Variant::from(device.display().to_string()))]);
        let answer = self.call(MANAGER, "Manager", "ResolveDevice", &(named, Options::new()))?;
        let blocks: Vec<OwnedObjectPath> = answer.body().deserialize().map_err(Refusal::from)?;
        let first = blocks.into_iter().next();
        first.map(|block| block.to_string()).ok_or_else(|| Refusal {
            word: "Unknown".to_owned(),
            says: format!("udisks does not know {}", device.display()),
        })
    }

    fn drive_of(&self, block: &str) -> Option<String> {
        let drive = OwnedObjectPath::try_from(self.property(block, "Block", "Drive").ok()?).ok()?;
        (drive.as_str() != "/").then(|| drive.to_string())
    }

    fn says_yes(&self, drive: &str, name: &str) -> bool {
        self.property(drive, "Drive", name).ok().and_then(|value| bool::try_from(value).ok()).unwrap_or(false)
    }

    fn property(&self, object: &str, interface: &str, name: &str) -> Result<OwnedVariant, Refusal> {
        let of = format!("{SERVICE}.{interface}");
        let body = (of.as_str(), name);
        let properties = Some("org.freedesktop.DBus.Properties");
        let asked = self.bus.call_method(Some(SERVICE), object, properties, "Get", &body);
        let answer = block_on(asked).map_err(Refusal::from)?;
        answer.body().deserialize().map_err(Refusal::from)
    }

    fn call<B>(&self, object: &str, interface: &str, method: &str, body: &B) -> Result<Message, Refusal>
    where
        B: serde::ser::Serialize + DynamicType,
    {
        let interface = format!("{SERVICE}.{interface}");
        let asked = self.bus.call_method(Some(SERVICE), object, Some(interface.as_str()), method, body);
        block_on(asked).map_err(Refusal::from)
    }
}

impl Refusal {
    fn named(name: &ErrorName, says: Option<&str>) -> Self {
        let word = name.rsplit('.').next().unwrap_or_default().to_owned();
        Self { says: says.map_or_else(|| word.clone(), str::to_owned), word }
    }

    fn about(self, system: &System, volume: &Volume) -> DeviceError {
        let mount = volume.mount.clone();
        if self.word == "DeviceBusy" {
            return DeviceError::Busy { holders: holders(system, &mount), mount };
        }
        DeviceError::NotUnmounted { mount, reason: self.says }
    }
}

impl From<zbus::Error> for Refusal {
    fn from(error: zbus::Error) -> Self {
        match &error {
            zbus::Error::MethodError(name, says, _) => Self::named(name, says.as_deref()),
            zbus::Error::FDO(error) => Self::named(&error.name(), error.description()),
            other => Self { word: "Failed".to_owned(), says: other.to_string() },
        }
    }
}
