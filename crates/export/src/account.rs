//! What became of every entry: written or left out, and what a file does not say of those that were written.

use std::collections::BTreeMap;

use ferrotape_domain::PlaylistKind;

use crate::Format;
use crate::field::Field;
use crate::list::{Entry, List};

/// An export, before any of it is written to a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The files, at least one where there is a list.
    pub files: Vec<ExportFile>,
    /// One per list, in the library's order.
    pub lists: Vec<ListAccount>,
    /// What the files do not hold, or hold otherwise than the library does.
    pub remarks: Vec<Remark>,
    /// Rows kept on record (followed artists) that were written.
    pub noted: u64,
    /// Plays that were written.
    pub plays: u64,
    /// Private feeds whose addresses were left out, as asked.
    pub private_feeds_left: u64,
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// A name fit for every file system, with its ending.
    pub name: String,
    /// The whole content.
    pub bytes: Vec<u8>,
    /// Feeds in it whose addresses may be keys: then it is for the user alone.
    pub private_feeds: u64,
}

/// What became of one list's entries; `entries` is the sum of the other two counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAccount {
    /// What the list is.
    pub kind: PlaylistKind,
    /// Its name.
    pub name: String,
    /// Index into [`Export::files`]; `None` where nothing of the list is in any.
    pub file: Option<usize>,
    /// Entries of the list.
    pub entries: u64,
    /// Entries that are in the file.
    pub written: u64,
    /// Entries that are not, each with a remark.
    pub left_out: u64,
}

impl ListAccount {
    /// Whether every entry is accounted for.
    pub fn adds_up(&self) -> bool {
        self.entries == self.written + self.left_out
    }
}

/// What a remark costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// The entries are not in the file.
    LeftOut,
    /// It is in the file, written a little otherwise.
    Altered,
    /// The entries are in the file; this that is known of them is not.
    NotCarried,
}

impl Cost {
    /// A stable word for `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LeftOut => "left_out",
            Self::Altered => "altered",
            Self::NotCarried => "not_carried",
        }
    }
}

/// Something that an export does not hold as the library does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it costs.
    pub cost: Cost,
    /// Name of the list.
    pub list: String,
    /// How many entries of it; 0 where the list itself is meant.
    pub entries: u64,
    /// Their rows, from 1, with what each is. Of what is [`Cost::NotCarried`] the number says enough: it may be every
    /// entry of a large library, several times over.
    pub rows: Vec<(u64, String)>,
    /// What and why, as a part of a sentence.
    pub reason: String,
}

/// Keeps the account of an export while it is written.
#[derive(Debug, Default)]
pub(crate) struct Teller {
    /// By list, cost and reason.
    remarks: BTreeMap<(usize, Cost, String), Told>,
}

/// How many entries, and those that are named: row and label.
#[derive(Debug, Default)]
struct Told {
    entries: u64,
    rows: Vec<(u64, String)>,
}

impl Teller {
    /// Something about an entry.
    pub(crate) fn entry(&mut self, list: &List<'_>, entry: &Entry<'_>, cost: Cost, reason: &str) {
        let told = self.remarks.entry((list.at, cost, reason.to_owned())).or_default();
        told.entries += 1;
        if cost != Cost::NotCarried {
            told.rows.push((entry.row, entry.wanted.label()));
        }
    }

    /// Files of an entry are not there now: its only one, or some of an album.
    pub(crate) fn gone(&mut self, list: &List<'_>, entry: &Entry<'_>, paths: &[String]) {
        let reason = match entry.files.is_empty() {
            true => {
                "the file is not there now (plug its disk in, or look again with `ferrotape scan`), so the link stands there \
                 instead"
            }
            false => {
                "some of its files are not there now (plug their disk in, or look again with `ferrotape scan`)"
            }
        };
        let told = self.remarks.entry((list.at, Cost::Altered, reason.to_owned())).or_default();
        told.entries += 1;
        told.rows.push((entry.row, format!("{} ({})", entry.wanted.label(), paths.join(", "))));
    }

    /// Something about a list itself.
    pub(crate) fn list(&mut self, list: &List<'_>, cost: Cost, reason: impl Into<String>) {
        self.remarks.entry((list.at, cost, reason.into())).or_default();
    }

    /// Names all that a written entry says and the format has no place for.
    pub(crate) fn fields(&mut self, format: Format, list: &List<'_>, entry: &Entry<'_>) {
        for field in Field::ALL {
            if field.is_said(entry.wanted, entry.added) && !field.is_carried(format, entry) {
                self.entry(list, entry, Cost::NotCarried, field.says());
            }
        }
    }

    /// The remarks, list by list; `names` are the lists' names.
    pub(crate) fn finish(self, names: &[String]) -> Vec<Remark> {
        let remarks = self.remarks.into_iter().map(|((list, cost, reason), told)| Remark {
            cost,
            list: names.get(list).cloned().unwrap_or_default(),
            entries: told.entries,
            rows: told.rows,
            reason,
        });
        remarks.collect()
    }
}
