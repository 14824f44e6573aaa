//! `.ferrotape/journal`: what we were about to do since the manifest was last written.
//!
//! One JSON line per step, on the disk before the step. After a kill or a power cut it tells which files are
//! ours although the manifest does not list them; each is believed only if its size and hash agree.

use std::io::{Read, Write};

use cap_std::fs::OpenOptions;
use serde::{Deserialize, Serialize};

use crate::error::DeviceError;
use crate::manifest::{CompanionRecord, FileRecord, PlaylistRecord, is_inside};
use crate::root::{OURS, Root};

pub(crate) const JOURNAL: &str = ".ferrotape/journal";
/// The manifest is written every few dozen files, so a journal is small.
const LARGEST: u64 = 64 * 1024 * 1024;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum Step {
    /// A folder is about to be made.
    Folder { path: String },
    /// A file is about to be renamed into place.
    File { record: FileRecord },
    /// A playlist is about to be renamed into place.
    Playlist { record: PlaylistRecord },
    /// A file beside a track is about to be renamed into place.
    Companion { record: CompanionRecord },
    /// The file at this path turned out not to be ours after all; earlier steps about it do not count.
    Void { path: String },
}

impl Step {
    fn is_sound(&self) -> bool {
        match self {
            Self::Folder { path } | Self::Void { path } => is_inside(path),
            Self::File { record } => is_inside(&record.path),
            Self::Companion { record } => is_inside(&record.path),
            Self::Playlist { record } => record.file.as_ref().is_none_or(|file| is_inside(&file.path)),
        }
    }
}

/// The steps on record; `None` when there is no journal. Torn or strange lines prove nothing and are left out.
pub(crate) fn load(root: &Root) -> Result<Option<Vec<Step>>, DeviceError> {
    if root.look(JOURNAL)?.flatten().is_none() {
        return Ok(None);
    }
    let file = root.dir().open(JOURNAL).map_err(|error| root.fault(error, "read", JOURNAL))?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| root.fault(error, "read", JOURNAL))?;
    let steps =
        bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Step>(line).ok());
    Ok(Some(steps.filter(Step::is_sound).collect()))
}

/// The journal being written.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    file: Option<cap_std::fs::File>,
}

impl Journal {
    /// Adds steps and brings them to the disk.
    pub(crate) fn append(&mut self, root: &Root, steps: &[Step]) -> Result<(), DeviceError> {
        let mut text = String::new();
        if self.file.is_none() {
            let options = OpenOptions::new().append(true).create(true).clone();
            let opened = root.dir().open_with(JOURNAL, &options);
            self.file = Some(opened.map_err(|error| root.fault(error, "opened", JOURNAL))?);
            root.sync_dir(OURS)?;
            // Ends a line that a power cut may have torn.
            text.push('\n');
        }
        for step in steps {
            let line =
                serde_json::to_string(step).map_err(|error| root.fault(error.into(), "written", JOURNAL))?;
            text.push_str(&line);
            text.push('\n');
        }
        let Some(file) = self.file.as_mut() else { return Ok(()) };
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
        written.map_err(|error| {
            // The line may be torn; the next opening ends it.
            self.file = None;
            root.fault(error, "written", JOURNAL)
        })
    }

    /// Forgets everything: the manifest knows it now.
    pub(crate) fn clear(&mut self, root: &Root) -> Result<(), DeviceError> {
        self.file = None;
        if root.look(JOURNAL)?.is_none() {
            return Ok(());
        }
        root.remove_file(JOURNAL)?;
        root.sync_dir(OURS)
    }
}
