//! A target taken hold of: locked, its manifest read, what a kill left behind put right.

use std::collections::HashSet;
use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::astray;
use crate::claims::Claims;
use crate::desired::Desired;
use crate::error::DeviceError;
use crate::finish::Receipt;
use crate::journal::{self, Journal};
use crate::manifest::{self, MANIFEST, Manifest};
use crate::notes::{self, Setting};
use crate::order;
use crate::over_mtp;
use crate::placing::Waiting;
use crate::plan::SyncPlan;
use crate::planner;
use crate::profile::Profile;
use crate::recover::{self, Recovery};
use crate::root::{OURS, Root, TRASH};
use crate::space::space_of;
use crate::storage::parent_of;

const LOCK: &str = ".ferrotape/lock";
/// Ask Android and Rockbox not to list what lies in our folder (the trash holds MP3 files).
const MARKERS: [&str; 2] = [".ferrotape/.nomedia", ".ferrotape/database.ignore"];
/// The manifest is written after so many files or bytes; fewer than that are checked again after a kill. With many
/// files on the target it is a share of them, or the manifest itself would be most of what is written.
const CHECKPOINT_FILES: usize = 64;
const CHECKPOINT_SHARE: usize = 16;
const CHECKPOINT_BYTES: u64 = 256 * 1024 * 1024;
/// What a file takes in the manifest, which is written twice each time.
const LISTED_BYTES: u64 = 2 * 400;

/// A folder being filled: a mounted player or any other. Holds a lock on it until it is dropped.
///
/// Dropping it without [`Target::finish`] loses nothing that came to its place: the next [`Target::open`] finds it.
#[derive(Debug)]
pub struct Target {
    pub(crate) root: Arc<Root>,
    pub(crate) profile: Profile,
    pub(crate) ledger: Mutex<Ledger>,
    pub(crate) staged: AtomicU64,
    /// Bytes that what comes before playlists and the manifest leaves them.
    pub(crate) kept_free: AtomicU64,
    recovery: Recovery,
    is_new: bool,
    /// What opening found out and the user should know.
    pub(crate) remarks: Vec<String>,
    /// `None` when this is only a look.
    lock: Option<std::fs::File>,
}

/// What is ours on the target, and what the manifest on it does not know yet.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) manifest: Manifest,
    pub(crate) journal: Journal,
    pub(crate) receipt: Receipt,
    pub(crate) waiting: Waiting,
    /// What the run is about, until that is on record.
    pub(crate) claims: Option<Claims>,
    /// Whether files came in that are not put in order yet.
    pub(crate) order_is_due: bool,
    /// Whether the journal tells of what opening had no room to put right.
    keeps_journal: bool,
    /// Hash of the manifest file as it is on the target.
    stored: Option<blake3::Hash>,
    unlisted_files: usize,
    unlisted_bytes: u64,
}

impl Target {
    /// Takes hold of a folder; makes it if only its last part is missing.
    ///
    /// Files that an interrupted run had finished are taken over after a check of size and hash, half-written
    /// ones are swept away. Errors: [`DeviceError::NotAFolder`], [`DeviceError::NotWritable`],
    /// [`DeviceError::Locked`], [`DeviceError::ManifestUnusable`].
    pub fn open(path: &Path, profile: Profile) -> Result<Self, DeviceError> {
        make_leaf(path)?;
        Self::take(Root::open(path)?, profile)
    }

    pub(crate) fn take(root: Root, profile: Profile) -> Result<Self, DeviceError> {
        root.check_writable()?;
        prepare_our_folder(&root)?;
        let lock = take_lock(&root)?;
        let remarks = over_mtp::believe_later(&root)?.into_iter().collect();
        let (mut ledger, is_new) = read_ledger(&root)?;
        if ledger.stored.is_some() {
            // Half a manifest under its temporary name only takes room.
            let _ = manifest::forget_new(&root);
        }
        ledger.order_is_due = order::is_due(&root)?;
        let steps = journal::load(&root)?;
        let told = steps.as_deref().unwrap_or_default();
        let astray = astray::bring_back(&root, &ledger.manifest, told)?;
        let mut recovery = recover::adopt(&root, &mut ledger.manifest, told)?;
        recovery.astray = astray;
        recover::tidy(&root, &mut ledger.manifest, &mut recovery)?;
        ledger.keeps_journal = recovery.waits_for_room;
        if steps.is_some() {
            // A full target is no reason to stop here: the journal stays and says the same next time.
            match ledger.checkpoint(&root) {
                Err(error) if error.is_no_space() => {}
                other => other?,
            }
        }
        recover::sweep_proofs(&root, &mut recovery)?;
        Ok(Self {
            root: Arc::new(root),
            profile,
            ledger: Mutex::new(ledger),
            staged: AtomicU64::new(0),
            kept_free: AtomicU64::new(0),
            recovery,
            is_new,
            remarks,
            lock: Some(lock),
        })
    }

    /// Writes down on the player by which profile it is filled, for runs that name none. It is for once the user agreed to
    /// the plan: a run that was refused leaves the player as it was filled before.
    pub fn note_profile(&self) -> Result<(), DeviceError> {
        match notes::remember(&self.root, &self.profile) {
            // A full target is no reason to stop, or the space could never be freed.
            Err(error) if error.is_no_space() => Ok(()),
            noted => noted,
        }
    }

    /// Writes down on the player what the user said of how it is filled, for runs that say nothing.
    pub fn note_setting(&self, setting: Setting, word: &str) -> Result<(), DeviceError> {
        notes::remember_setting(&self.root, setting, word)
    }

    /// Takes a look at a folder without changing anything on it, for `--dry-run`: only [`Target::plan`] and
    /// the questions work. A folder that is not there yet counts as empty if its parent is there.
    pub fn preview(path: &Path, profile: Profile) -> Result<Self, DeviceError> {
        Self::look(Root::preview(path)?, profile, None)
    }

    /// `arrived` is a list that is believed instead of the one that lies here.
    pub(crate) fn look(
        mut root: Root,
        profile: Profile,
        arrived: Option<Manifest>,
    ) -> Result<Self, DeviceError> {
        // A run would move back first what a kill left outside of its folder.
        let aside = astray::by_place(&root)?;
        root.look_for_aside(aside);
        let (mut ledger, is_new) = match arrived {
            Some(manifest) => (Ledger { manifest, ..Ledger::default() }, false),
            None => read_ledger(&root)?,
        };
        ledger.order_is_due = order::is_due(&root)?;
        let steps = journal::load(&root)?.unwrap_or_default();
        let mut recovery = recover::adopt(&root, &mut ledger.manifest, &steps)?;
        recover::foresee(&mut root, &mut ledger.manifest, &mut recovery);
        Ok(Self {
            root: Arc::new(root),
            profile,
            ledger: Mutex::new(ledger),
            staged: AtomicU64::new(0),
            kept_free: AtomicU64::new(0),
            recovery,
            is_new,
            remarks: Vec::new(),
            lock: None,
        })
    }

    /// Fails if nothing can be written there; writes nothing to find out.
    pub fn check_writable(&self) -> Result<(), DeviceError> {
        self.root.check_writable()?;
        check_our_folder(&self.root)
    }

    /// Whether ferrotape keeps a list at `path` of what it put there; the list itself is not read. `false` where that
    /// cannot be told.
    pub fn has_list(path: &Path) -> bool {
        Root::preview(path).is_ok_and(|root| manifest::is_there(&root))
    }

    /// Compares what is wanted with what is there. Reads only.
    pub fn plan(&self, desired: &Desired) -> Result<SyncPlan, DeviceError> {
        self.root.check_alive()?;
        let ledger = self.ledger();
        let mut plan = if desired.retagged.is_empty() {
            planner::plan(&self.root, &self.profile, &ledger.manifest, desired)?
        } else {
            let mut manifest = ledger.manifest.clone();
            manifest.carry_along(&desired.retagged);
            planner::plan(&self.root, &self.profile, &manifest, desired)?
        };
        let order = self.profile.copy.order;
        plan.reorders =
            self.asks_for_order(&ledger)? && order::is_other(&self.root, &ledger.manifest, order)?;
        Ok(plan)
    }

    /// What opening put right after an interrupted run.
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// What opening found out of it and the user should know, each a sentence that goes on from its name.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Whether ferrotape has never put anything here. For a place that it had filled before, this may mean that
    /// the player is not plugged in and only its empty mount point is there.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The process that fills it at this moment, as far as the system tells one who only looks. It is asked, not tried: trying
    /// would hold the lock for a moment, and keep out who comes then.
    pub fn filled_by(&self) -> Option<u32> {
        self.root.look(LOCK).ok().flatten().flatten()?;
        holder_id(&self.root.dir().open(LOCK).ok()?.into_std())
    }

    /// The folder, as it was named.
    pub fn path(&self) -> &Path {
        self.root.path()
    }

    /// The profile it was opened with.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Bytes free on it now.
    pub fn bytes_free(&self) -> Result<u64, DeviceError> {
        Ok(space_of(&self.root)?.free)
    }

    /// How many files on it are ours.
    pub fn file_count(&self) -> usize {
        self.file_counts().0
    }

    /// How many files on it are ours, and how many are the user's that were adopted.
    pub fn file_counts(&self) -> (usize, usize) {
        self.ledger().manifest.counts()
    }

    /// The files of ours that answer the wanted thing of this key: identity and path.
    pub fn answering(&self, wanted_key: &str) -> Vec<(String, String)> {
        let ledger = self.ledger();
        let files = ledger.manifest.answers(wanted_key).filter_map(|one| ledger.manifest.files.get(one));
        files.map(|file| (file.identity.clone(), file.path.clone())).collect()
    }

    /// Where the file of a recording lies by what is on record; the disk is not asked.
    pub fn listed_at(&self, identity: &str) -> Option<String> {
        self.ledger().manifest.files.get(identity).map(|file| file.path.clone())
    }

    /// Identities of the files, ours and adopted, that are there for playlists other than these: they stay as they are in a run that
    /// names only these, unless it wants them too.
    pub fn held_by_others(&self, named: HashSet<String>) -> Result<HashSet<String>, DeviceError> {
        let ledger = self.ledger();
        let entries = planner::playlists_besides(&ledger.manifest, named).flat_map(|list| &list.entries);
        let identities: HashSet<&String> = entries.collect();
        let mut held = HashSet::new();
        for record in identities.into_iter().filter_map(|identity| ledger.manifest.files.get(identity)) {
            // One of the user's that was edited is theirs alone again.
            let as_adopted = |bytes| !record.adopted || bytes == record.bytes;
            if self.root.look(&record.path)?.flatten().is_some_and(as_adopted) {
                held.insert(record.identity.clone());
            }
        }
        Ok(held)
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Every step leaves the ledger whole before anything that may panic.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails where nothing may be written: the target is gone, or this is only a look.
    pub(crate) fn check_may_write(&self) -> Result<(), DeviceError> {
        if self.lock.is_none() {
            let reason = "it was opened for looking only".to_owned();
            return Err(DeviceError::NotWritable { path: self.root.path().to_owned(), reason });
        }
        self.root.check_alive()
    }
}

impl Ledger {
    /// Hash of the manifest as it is on the target.
    pub(crate) fn stored(&self) -> Option<blake3::Hash> {
        self.stored
    }

    /// Counts a file that came to its place.
    pub(crate) fn count_placed(&mut self, bytes: u64) {
        self.receipt.files_written += 1;
        self.receipt.bytes_written += bytes;
        self.unlisted_files += 1;
        self.unlisted_bytes = self.unlisted_bytes.saturating_add(bytes);
    }

    /// Counts a file that got another name.
    pub(crate) fn count_renamed(&mut self) {
        self.receipt.files_renamed += 1;
        self.unlisted_files += 1;
    }

    /// Writes the manifest where too many files, of too many bytes, would come together that it does not know.
    pub(crate) fn list_before(&mut self, root: &Root, files: usize, bytes: u64) -> Result<(), DeviceError> {
        let (most_files, most_bytes) = most_unlisted(self.manifest.files.len());
        let few = self.unlisted_files + files <= most_files
            && self.unlisted_bytes.saturating_add(bytes) <= most_bytes;
        if few || self.unlisted_files == 0 {
            return Ok(());
        }
        match self.checkpoint(root) {
            // The files themselves are in place and on record in the journal.
            Err(error) if error.is_no_space() => Ok(()),
            other => other,
        }
    }

    /// Brings everything to the disk, then the manifest, then drops the journal. Writes nothing when the
    /// manifest on the target is the same already.
    pub(crate) fn checkpoint(&mut self, root: &Root) -> Result<(), DeviceError> {
        let in_bytes = |manifest: &Manifest| {
            manifest::to_bytes(manifest).map_err(|error| root.fault(error.into(), "written", MANIFEST))
        };
        let mut bytes = in_bytes(&self.manifest)?;
        let mut hash = blake3::hash(&bytes);
        // One that was read from where a kill had left it lists still what is gone by now.
        let is_unlisted = self.stored.is_none() && !manifest::is_there(root);
        let nothing_to_list = is_unlisted && self.manifest == Manifest::default();
        if self.stored != Some(hash) && !nothing_to_list {
            // Of the list and its copy the later one is told by its number.
            if root.device().is_some() {
                self.manifest.generation += 1;
                bytes = in_bytes(&self.manifest)?;
                hash = blake3::hash(&bytes);
            }
            sync_or_note(root)?;
            manifest::store(root, &bytes)?;
            over_mtp::send_copy(root)?;
            self.stored = Some(hash);
            self.receipt.manifest_written = true;
        }
        // Which file lost a write is not known of those that nobody asked one by one. What the journal names is looked into by
        // the next opening, as after a kill.
        if !root.lost_a_write() && !self.keeps_journal {
            self.journal.clear(root)?;
        }
        self.unlisted_files = 0;
        self.unlisted_bytes = 0;
        Ok(())
    }
}

/// Brings everything to the disk. That some write failed was told of the track whose it was, and is kept in mind of all else; a
/// disk that takes nothing more says so twice.
fn sync_or_note(root: &Root) -> Result<(), DeviceError> {
    match root.sync_all() {
        Err(error) if !error.is_target_gone() => root.sync_all(),
        synced => synced,
    }
}

/// How many files, and of how many bytes, may come before the manifest with so many files is written again.
fn most_unlisted(listed: usize) -> (usize, u64) {
    let files = CHECKPOINT_FILES.max(listed / CHECKPOINT_SHARE);
    let share = (listed as u64).saturating_mul(LISTED_BYTES).saturating_mul(CHECKPOINT_SHARE as u64);
    (files, CHECKPOINT_BYTES.max(share))
}

/// Renames a manifest that cannot be used, so that the target can be filled again; returns its new path.
///
/// Everything on the target then counts as the user's: it is neither replaced nor removed, and new files get
/// other names. To be done only when the user asked for it.
pub fn set_manifest_aside(path: &Path) -> Result<PathBuf, DeviceError> {
    let root = Root::open(path)?;
    root.check_writable()?;
    let _lock = take_lock(&root)?;
    let aside = manifest::set_aside(&root)?;
    Journal::default().clear(&root)?;
    Ok(root.path().join(aside))
}

fn make_leaf(path: &Path) -> Result<(), DeviceError> {
    if path.exists() {
        return Ok(());
    }
    let parent = parent_of(path);
    if !parent.is_dir() {
        let reason = format!("{} does not exist either", parent.display());
        return Err(DeviceError::NotAFolder { path: path.to_owned(), reason });
    }
    match std::fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(DeviceError::NotWritable { path: path.to_owned(), reason: error.to_string() })
        }
        _ => Ok(()),
    }
}

fn prepare_our_folder(root: &Root) -> Result<(), DeviceError> {
    check_our_folder(root)?;
    root.create_dir_all(OURS)?;
    for marker in MARKERS {
        if root.metadata(marker)?.is_none() {
            root.open_or_create(marker)?;
        }
    }
    Ok(())
}

fn check_our_folder(root: &Root) -> Result<(), DeviceError> {
    for folder in [OURS, TRASH] {
        if root.metadata(folder)?.is_some_and(|there| !there.is_dir()) {
            let reason = "something that is not a folder has the name ferrotape needs for its own files – move it away"
                .to_owned();
            return Err(DeviceError::NotWritable { path: root.path().join(folder), reason });
        }
    }
    Ok(())
}

fn take_lock(root: &Root) -> Result<std::fs::File, DeviceError> {
    let file = root.open_or_create(LOCK)?.into_std();
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(DeviceError::Locked { root: root.path().to_owned(), holder: holder_of(&file) })
        }
        // Some network and FUSE file systems know no locks; filling them is still worth more than refusing.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(root.fault(error, "locked", LOCK)),
    }
}

/// The lock of a target that ferrotape has filled before; what it never filled gets no lock file by being asked.
pub(crate) fn lock_if_filled(root: &Root) -> Result<Option<std::fs::File>, DeviceError> {
    let is_filled = root.look(LOCK)?.flatten().is_some();
    is_filled.then(|| take_lock(root)).transpose()
}

/// Who holds the lock.
fn holder_of(file: &std::fs::File) -> String {
    let id = holder_id(file);
    id.map_or_else(|| "another ferrotape".to_owned(), |id| format!("another ferrotape (process {id})"))
}

/// The process that holds the lock, as far as the system tells; nothing is written into the lock file for it.
#[cfg(target_os = "linux")]
fn holder_id(file: &std::fs::File) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let inode = format!(":{} ", file.metadata().ok()?.ino());
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let line = locks.lines().find(|line| line.contains("FLOCK") && line.contains(&inode))?;
    line.split_whitespace().nth(4)?.parse().ok()
}

#[cfg(not(target_os = "linux"))]
fn holder_id(_file: &std::fs::File) -> Option<u32> {
    None
}

fn read_ledger(root: &Root) -> Result<(Ledger, bool), DeviceError> {
    let loaded = manifest::load(root)?;
    let is_new = loaded.is_none();
    let (manifest, stored) = match loaded {
        Some((manifest, hash)) => (manifest, hash),
        None => (Manifest::default(), None),
    };
    Ok((Ledger { manifest, stored, ..Ledger::default() }, is_new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_a_small_share_of_what_is_written() {
        assert_eq!(most_unlisted(0), (CHECKPOINT_FILES, CHECKPOINT_BYTES));
        assert_eq!(most_unlisted(5_000).1, CHECKPOINT_BYTES);
        let (files, bytes) = most_unlisted(500_000);
        assert!(files > 30_000 && bytes >= 16 * 500_000 * LISTED_BYTES, "{files} {bytes}");
    }
}
