//! `.ferrotape/journal` and its copy: what we were about to do since the manifest was last written.
//!
//! One JSON line per step, on the disk before the step. After a kill or a power cut it tells which files are
//! ours although the manifest does not list them; each is believed only if its size and hash agree.
//!
//! It is kept twice, the one after the other: a power cut may tear a file's entry while that is written anew, and exFAT's
//! check then deletes the file. What nothing tells of would count as the user's for ever.

use std::io::{Read, Write};

use cap_std::fs::{File, OpenOptions};
use serde::{Deserialize, Serialize};

use crate::error::DeviceError;
use crate::manifest::{CompanionRecord, FileRecord, PlaylistRecord, is_inside};
use crate::root::{OURS, Root};

const JOURNAL: &str = ".ferrotape/journal";
/// It and its copy.
pub(crate) const JOURNALS: [&str; 2] = [JOURNAL, ".ferrotape/journal.copy"];
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
    let [first, second] = JOURNALS.map(|path| read(root, path));
    match (first, second) {
        // Each has all that was done, unless it was lost or cut short.
        (Ok(Some(a)), Ok(Some(b))) => Ok(Some(if b.len() > a.len() { b } else { a })),
        (Ok(Some(steps)), _) | (_, Ok(Some(steps))) => Ok(Some(steps)),
        (Err(error), _) | (_, Err(error)) => Err(error),
        (Ok(None), Ok(None)) => Ok(None),
    }
}

fn read(root: &Root, path: &str) -> Result<Option<Vec<Step>>, DeviceError> {
    if root.look(path)?.flatten().is_none() {
        return Ok(None);
    }
    let file = root.dir().open(path).map_err(|error| root.fault(error, "read", path))?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| root.fault(error, "read", path))?;
    let steps =
        bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Step>(line).ok());
    Ok(Some(steps.filter(Step::is_sound).collect()))
}

/// The journal being written.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    files: [Option<File>; 2],
}

impl Journal {
    /// Adds steps and brings them to the disk.
    pub(crate) fn append(&mut self, root: &Root, steps: &[Step]) -> Result<(), DeviceError> {
        let mut text = String::new();
        for step in steps {
            let line =
                serde_json::to_string(step).map_err(|error| root.fault(error.into(), "written", JOURNAL))?;
            text.push_str(&line);
            text.push('\n');
        }
        // The second is not touched before the first is on the disk.
        for (path, file) in JOURNALS.into_iter().zip(&mut self.files) {
            append_to(root, path, file, &text)?;
        }
        Ok(())
    }

    /// Forgets everything: the manifest knows it now.
    pub(crate) fn clear(&mut self, root: &Root) -> Result<(), DeviceError> {
        self.files = [None, None];
        let mut any = false;
        for path in JOURNALS {
            if root.look(path)?.is_some() {
                root.remove_file(path)?;
                any = true;
            }
        }
        if any { root.sync_dir(OURS) } else { Ok(()) }
    }
}

/// Where that fails the file is not open any more: the line may be torn, and the next opening ends it.
fn append_to(root: &Root, path: &str, open: &mut Option<File>, text: &str) -> Result<(), DeviceError> {
    let (mut file, begin) = if let Some(file) = open.take() {
        (file, "")
    } else {
        let options = OpenOptions::new().append(true).create(true).clone();
        let opened = root.dir().open_with(path, &options);
        let file = opened.map_err(|error| root.fault(error, "opened", path))?;
        root.sync_dir(OURS)?;
        // Ends a line that a power cut may have torn.
        (file, "\n")
    };
    let text = [begin, text].concat();
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
    written.map_err(|error| root.fault(error, "written", path))?;
    *open = Some(file);
    Ok(())
}
