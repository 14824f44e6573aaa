//! Devices that speak MTP and are plugged in. They are listed without being opened: whoever has one open keeps the
//! others away from it.

use crate::detect::{System, UsbIdentity};
use crate::error::DeviceError;

/// A device that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMtp {
    /// What its USB side says.
    pub usb: UsbIdentity,
    pub(super) address: Address,
}

/// How it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// The port it hangs on.
    Usb(u64),
    /// A description of a made-up one.
    #[cfg(feature = "virtual-mtp")]
    MadeUp(std::path::PathBuf),
}

impl FoundMtp {
    /// What people call it: what it says it is, with its maker where that does not say so already.
    pub fn name(&self) -> String {
        let maker = self.usb.manufacturer.as_deref().unwrap_or_default();
        match self.usb.model.as_deref() {
            Some(model) if maker.is_empty() || model.to_lowercase().contains(&maker.to_lowercase()) => {
                model.to_owned()
            }
            Some(model) => format!("{maker} {model}"),
            None if maker.is_empty() => format!("the device {}:{}", self.usb.vendor, self.usb.product),
            None => maker.to_owned(),
        }
    }

    /// Whether it is called like this: by its name, its model alone or its serial number.
    pub(crate) fn is_called(&self, named: &str) -> bool {
        let named = named.trim().to_lowercase();
        let own = [Some(self.name()), self.usb.model.clone(), self.usb.serial.clone()];
        own.into_iter().flatten().any(|own| own.to_lowercase() == named)
    }
}

/// Every device that speaks MTP, in the order of their names. None where the system is a made-up one that has none.
///
/// Errors: [`DeviceError::CannotLook`].
pub fn find_mtp(system: &System) -> Result<Vec<FoundMtp>, DeviceError> {
    let mut found = if system.is_real() { on_usb()? } else { made_up(system)? };
    found.sort_by_cached_key(|device| (device.name(), device.usb.serial.clone()));
    Ok(found)
}

fn on_usb() -> Result<Vec<FoundMtp>, DeviceError> {
    let listed = mtp_rs::MtpDevice::list_devices().map_err(|error| DeviceError::CannotLook {
        reason: format!("USB devices could not be listed: {error}"),
    })?;
    let device = |device: mtp_rs::MtpDeviceInfo| FoundMtp {
        usb: UsbIdentity {
            vendor: format!("{:04x}", device.vendor_id),
            product: format!("{:04x}", device.product_id),
            manufacturer: device.manufacturer.as_deref().and_then(words),
            model: device.product.as_deref().and_then(words),
            serial: device.serial_number.as_deref().and_then(words),
        },
        address: Address::Usb(device.location_id),
    };
    Ok(listed.into_iter().map(device).collect())
}

#[cfg(feature = "virtual-mtp")]
fn made_up(system: &System) -> Result<Vec<FoundMtp>, DeviceError> {
    super::made_up::find(system)
}

#[cfg(not(feature = "virtual-mtp"))]
#[expect(clippy::unnecessary_wraps, reason = "with made-up devices it may fail")]
fn made_up(_system: &System) -> Result<Vec<FoundMtp>, DeviceError> {
    Ok(Vec::new())
}

/// The words of a device may be anything: bounded, and without control characters.
pub(super) fn words(said: &str) -> Option<String> {
    const LONGEST: usize = 128;
    let words: String = said.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let words = words.trim();
    (!words.is_empty()).then(|| words.to_owned())
}
