//! `.ferrotape/journal` and its copy: what we were about to do since the manifest was last written.
//!
//! One JSON line per step, on the disk before the step. After a kill or a power cut it tells which files are
//! ours although the manifest does not list them; each is believed only if its size and hash agree.
//!
//! It is kept twice, the one after the other: a power cut may tear a file's entry while that is written anew, and exFAT's
//! check then deletes the file. What nothing tells of would count as the user's for ever.

use std::collections::HashMap;
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum Step {
    /// A folder is about to be made.
    Folder { path: String },
    /// A file is about to be renamed into place. From where is told since it turned out to be needed (`on_the_way.rs`).
    File {
        record: FileRecord,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// A playlist is about to be renamed into place.
    Playlist {
        record: PlaylistRecord,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// A file beside a track is about to be renamed into place.
    Companion {
        record: CompanionRecord,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// The file at this path turned out not to be ours after all; earlier steps about it do not count.
    Void { path: String },
}

impl Step {
    fn is_sound(&self) -> bool {
        match self {
            Self::Folder { path } | Self::Void { path } => is_inside(path),
            Self::File { record, from } => is_inside(&record.path) && may_come_from(from.as_deref()),
            Self::Companion { record, from } => is_inside(&record.path) && may_come_from(from.as_deref()),
            Self::Playlist { record, from } => {
                record.file.as_ref().is_none_or(|file| is_inside(&file.path))
                    && may_come_from(from.as_deref())
            }
        }
    }
}

/// A place among the music, or a file in the staging folder.
fn may_come_from(from: Option<&str>) -> bool {
    let is_staged = |from: &str| {
        let name = from.strip_prefix(crate::root::STAGING).and_then(|rest| rest.strip_prefix('/'));
        name.is_some_and(|name| name.ends_with(".tmp") && !name.contains(['/', '\\', '\0']))
    };
    from.is_none_or(|from| is_inside(from) || is_staged(from))
}

/// The steps on record; `None` when there is no journal. Torn or strange lines prove nothing and are left out.
pub(crate) fn load(root: &Root) -> Result<Option<Vec<Step>>, DeviceError> {
    let [first, second] = JOURNALS.map(|path| read(root, path));
    match (first, second) {
        (Ok(Some(steps)), Ok(Some(copied))) => Ok(Some(merged(steps, &copied))),
        (Ok(Some(steps)), _) | (_, Ok(Some(steps))) => Ok(Some(steps)),
        (Err(error), _) | (_, Err(error)) => Err(error),
        (Ok(None), Ok(None)) => Ok(None),
    }
}

/// All that either tells, in the order in which it was written. Each has all that was done, unless a power cut tore it or there
/// was no room for it; that one is longer than the other does not tell that it has more.
fn merged(steps: Vec<Step>, copied: &[Step]) -> Vec<Step> {
    if steps == copied {
        return steps;
    }
    let last: HashMap<&Step, usize> = copied.iter().enumerate().map(|(at, step)| (step, at)).collect();
    let mut rest = copied.iter();
    let mut all = Vec::with_capacity(steps.len().max(copied.len()));
    for step in steps {
        let at = copied.len() - rest.len();
        // What the copy has before this step was torn out of the first.
        if last.get(&step).is_some_and(|last| *last >= at) {
            all.extend(rest.by_ref().take_while(|told| **told != step).cloned());
        }
        all.push(step);
    }
    all.extend(rest.cloned());
    all
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
    /// Adds steps and brings them to the disk, all of them or none.
    pub(crate) fn append(&mut self, root: &Root, steps: &[Step]) -> Result<(), DeviceError> {
        let mut text = String::new();
        for step in steps {
            let line =
                serde_json::to_string(step).map_err(|error| root.fault(error.into(), "written", JOURNAL))?;
            text.push_str(&line);
            text.push('\n');
        }
        let ([path, copy_path], [file, copy]) = (JOURNALS, &mut self.files);
        let before = append_to(root, path, file, &text)?;
        // Not touched before the first is on the disk.
        let copied = append_to(root, copy_path, copy, &text);
        if copied.is_err()
            && let Some(file) = file.take()
        {
            let _ = file.set_len(before);
        }
        copied.map(drop)
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

/// Gives how long the file was. Where that fails it is so again, as far as it can be, for a full player needs the room; and it is
/// not open any more: a line may be torn, and the next opening ends it.
fn append_to(root: &Root, path: &str, open: &mut Option<File>, text: &str) -> Result<u64, DeviceError> {
    let fault = |error| root.fault(error, "written", path);
    let (mut file, begin) = if let Some(file) = open.take() {
        (file, "")
    } else {
        // A link would lead to a file that is not ours to write to.
        if root.look(path)? == Some(None) {
            root.remove_file(path)?;
        }
        let options = OpenOptions::new().append(true).create(true).clone();
        let opened = root.dir().open_with(path, &options);
        let file = opened.map_err(|error| root.fault(error, "opened", path))?;
        root.sync_dir(OURS)?;
        // Ends a line that a power cut may have torn.
        (file, "\n")
    };
    let before = file.metadata().map_err(fault)?.len();
    let text = [begin, text].concat();
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_data()) {
        let _ = file.set_len(before);
        return Err(fault(error));
    }
    *open = Some(file);
    Ok(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps that make a folder each, called by one letter.
    fn steps(letters: &str) -> Vec<Step> {
        letters.chars().map(|letter| Step::Folder { path: letter.to_string() }).collect()
    }

    #[test]
    fn what_either_tells_is_told_in_its_order() {
        for (journal, copy, all) in [
            ("abc", "abc", "abc"),
            ("abc", "ab", "abc"),
            ("ab", "abc", "abc"),
            ("", "abc", "abc"),
            // A line in the middle is torn.
            ("ac", "abc", "abc"),
            ("acd", "abd", "acbd"),
            // The copy had no room for what was tried first, and the end of the first is torn.
            ("abcdabcab", "abxy", "abcdabcabxy"),
            // The same once more.
            ("aba", "ab", "aba"),
            ("aa", "aba", "aba"),
        ] {
            assert_eq!(merged(steps(journal), &steps(copy)), steps(all), "{journal} {copy}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_its_place_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        root.create_dir_all(OURS).unwrap();
        let mine = folder.path().join("mine");
        std::fs::write(&mine, "mine").unwrap();
        for path in JOURNALS {
            std::os::unix::fs::symlink("../mine", folder.path().join(path)).unwrap();
        }
        Journal::default().append(&root, &steps("a")).unwrap();
        assert_eq!(load(&root).unwrap(), Some(steps("a")));
        assert_eq!(std::fs::read(&mine).unwrap(), b"mine");
    }

    #[test]
    fn what_one_of_them_did_not_take_is_in_neither() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        root.create_dir_all(OURS).unwrap();
        let mut journal = Journal::default();
        journal.append(&root, &steps("a")).unwrap();
        let long_before = JOURNALS.map(|path| std::fs::read(folder.path().join(path)).unwrap());
        for path in JOURNALS {
            let (place, aside) = (folder.path().join(path), folder.path().join("aside"));
            // A folder in its place stands for a player that is full.
            std::fs::rename(&place, &aside).unwrap();
            std::fs::create_dir(&place).unwrap();
            assert!(Journal::default().append(&root, &steps("b")).is_err());
            std::fs::remove_dir(&place).unwrap();
            std::fs::rename(&aside, &place).unwrap();
        }
        assert_eq!(JOURNALS.map(|path| std::fs::read(folder.path().join(path)).unwrap()), long_before);
        Journal::default().append(&root, &steps("c")).unwrap();
        assert_eq!(load(&root).unwrap(), Some(steps("ac")));
    }
}
