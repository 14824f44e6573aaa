//! The places that the contract is asked of: a folder, and made-up devices that speak MTP.

use std::fs;
use std::path::{Path, PathBuf};

use ferrotape_device::{
    Desired, DeviceError, FoundMtp, MtpPlayer, Profile, Receipt, SyncPlan, System, Target, connect, find_mtp,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::perform;

/// A kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Folder,
    /// As phones are.
    Phone,
    /// It neither renames nor gives out pieces of files.
    Plain,
    /// A maker whose copies are read back whole.
    Garmin,
}

pub(crate) const KINDS: [Kind; 4] = [Kind::Folder, Kind::Phone, Kind::Plain, Kind::Garmin];

/// A place that can be filled.
pub(crate) struct Site {
    pub(crate) kind: Kind,
    below: TempDir,
    /// The folder on this computer that belongs to it.
    desk: PathBuf,
    profile: Profile,
}

/// A description of a made-up device with one storage.
pub(crate) fn description(kind: Kind) -> Value {
    let (manufacturer, vendor) = if kind == Kind::Garmin { ("Garmin", "091e") } else { ("Acme", "18d1") };
    let is_plain = kind == Kind::Plain;
    json!({
        "manufacturer": manufacturer, "model": "Walker", "serial": format!("{kind:?}-{}", serial()),
        "vendor": vendor, "product": "4ee1", "no_rename": is_plain, "whole_files_only": is_plain,
        "storages": [{ "name": "Internal", "folder": "../music", "capacity": 4_000_000_000_u64 }],
    })
}

/// The made-up devices of a process are told apart by their serial numbers.
fn serial() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Site {
    pub(crate) fn new(kind: Kind) -> Self {
        Self::described(kind, &description(kind))
    }

    pub(crate) fn described(kind: Kind, description: &Value) -> Self {
        let below = tempfile::tempdir().unwrap();
        fs::create_dir(below.path().join("mtp")).unwrap();
        fs::create_dir(below.path().join("music")).unwrap();
        let desk = if kind == Kind::Folder { below.path().join("music") } else { below.path().join("desk") };
        let site = Self { kind, below, desk, profile: Profile::generic() };
        site.describe(description);
        site
    }

    pub(crate) fn describe(&self, description: &Value) {
        fs::write(self.below.path().join("mtp/walker.json"), description.to_string()).unwrap();
    }

    pub(crate) fn with(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Another computer: what lies on this one is not there.
    pub(crate) fn on_another_computer(mut self) -> Self {
        self.desk = self.below.path().join("another desk");
        self
    }

    pub(crate) fn on_the_first_computer(mut self) -> Self {
        self.desk = self.below.path().join("desk");
        self
    }

    /// Where what is on it can be seen.
    pub(crate) fn music(&self) -> PathBuf {
        self.below.path().join("music")
    }

    /// Our own folder.
    pub(crate) fn ours(&self) -> PathBuf {
        self.desk.join(".ferrotape")
    }

    pub(crate) fn device(&self) -> FoundMtp {
        find_mtp(&System::at(self.below.path())).unwrap().swap_remove(0)
    }

    pub(crate) fn player(&self) -> MtpPlayer {
        connect(&self.device()).unwrap().storage(None).unwrap()
    }

    pub(crate) fn open(&self) -> Target {
        self.try_open().unwrap()
    }

    pub(crate) fn try_open(&self) -> Result<Target, DeviceError> {
        let profile = self.profile.clone();
        match self.kind {
            Kind::Folder => Target::open(&self.desk, profile),
            _ => Target::open_mtp(&connect(&self.device())?.storage(None)?, &self.desk, profile),
        }
    }

    pub(crate) fn preview(&self) -> Target {
        match self.kind {
            Kind::Folder => Target::preview(&self.desk, self.profile.clone()).unwrap(),
            _ => Target::preview_mtp(&self.player(), &self.desk, self.profile.clone()).unwrap(),
        }
    }

    /// Opens, plans, performs.
    pub(crate) fn sync(&self, desired: &Desired) -> (SyncPlan, Receipt) {
        let target = self.open();
        let plan = target.plan(desired).unwrap();
        let receipt = perform(&target, &plan);
        (plan, receipt)
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.music().join(path)).unwrap()
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.music().join(path).exists()
    }

    pub(crate) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.music().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
