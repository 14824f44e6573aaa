//! From a path to a wishlist.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use ferrotape_domain::{Cancel, Progress, Wishlist};

use crate::collector::Collector;
use crate::csv::Rows;
use crate::gather::{Found, Gathered, gather, is_unneeded};
use crate::guard::{Halt, Meter};
use crate::order::natural;
use crate::recognise::{HEAD, Recognised, recognise};
use crate::text::{TextBytes, base_name, is_utf16, without_mark};
use crate::{ImportError, Limits, csv, json, lines, xml};

/// Reads whatever lies at `path` and is recognised by its content: Spotify's data package (zip or folder), one of its
/// JSON files, a CSV, a playlist or library file of another program (docs/inputs.md), a text of links or names, or a
/// folder of any of these.
///
/// What is not understood is in [`Wishlist::problems`]; files that need no reading are in [`Wishlist::accounts`] with
/// zero rows and a format that says so. Rows are counted from 1, in CSV with the header as row 1. `Err` means that
/// nothing was imported at all.
pub fn read_path(
    path: &Path,
    limits: &Limits,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Wishlist, ImportError> {
    let meter = Meter::new(limits, progress, cancel);
    let mut gathered = gather(path, limits)?;
    let mut import = Import { path, meter: &meter, collector: Collector::new(limits.problems_per_file) };
    let mut readable = Vec::new();
    let mut aside = Aside::default();
    for found in std::mem::take(&mut gathered.files) {
        if is_unneeded(&found.label) {
            aside.unneeded.push(found.label);
            continue;
        }
        match import.look(&mut gathered, &found)? {
            Recognised::Unknown(says) => _ = aside.unknown.insert(found.label, says),
            Recognised::NoText => aside.no_text.push(found.label),
            kind => readable.push((kind, found)),
        }
    }
    aside.unknown.extend(std::mem::take(&mut gathered.unreadable));
    if readable.is_empty() {
        return Err(ImportError::NothingRecognised { path: path.to_owned(), seen: aside.seen() });
    }
    readable.sort_by(|(a, left), (b, right)| {
        let by_name = || natural(base_name(&left.label), base_name(&right.label));
        a.rank().cmp(&b.rank()).then_with(by_name).then_with(|| natural(&left.label, &right.label))
    });
    aside.leave_twice_told(&mut readable);
    for (kind, found) in &readable {
        import.file(&mut gathered, found, kind)?;
    }
    aside.tell(&mut import.collector);
    Ok(import.collector.finish())
}

struct Import<'a> {
    path: &'a Path,
    meter: &'a Meter<'a>,
    collector: Collector,
}

impl Import<'_> {
    fn look(&self, gathered: &mut Gathered, found: &Found) -> Result<Recognised, ImportError> {
        let mut head = Vec::new();
        let read = gathered.read(found, self.meter, |reader| reader.take(HEAD as u64).read_to_end(&mut head));
        let error = read.and_then(|read| read).err();
        if let Some(error) = &error {
            self.unless_ended(error)?;
        }
        Ok(match error {
            // What could be read may still tell what it is; the damage is told when it is read.
            Some(error) if head.is_empty() => Recognised::Unknown(format!("it cannot be read: {error}")),
            _ => recognise(&head, &found.label, self.meter.limits),
        })
    }

    fn file(&mut self, gathered: &mut Gathered, found: &Found, kind: &Recognised) -> Result<(), ImportError> {
        match kind {
            Recognised::Json(format) => {
                let (meter, collector) = (self.meter, &mut self.collector);
                let ended = gathered.read(found, meter, |reader| {
                    json_file(*format, reader, &found.label, meter.limits, collector)
                });
                self.unless_failed(ended, &found.label)?;
            }
            Recognised::Xml(format) => {
                let (meter, collector) = (self.meter, &mut self.collector);
                let ended = gathered.read(found, meter, |reader| {
                    let reader = BufReader::with_capacity(HEAD, reader);
                    xml::read(*format, reader, &found.label, meter.limits, collector)
                });
                self.unless_failed(ended, &found.label)?;
            }
            Recognised::Table(_) => {
                self.text(gathered, found, |text, collector| csv::read(text, &found.label, collector))?;
            }
            Recognised::Lines(format) => {
                self.text(gathered, found, |text, collector| {
                    lines::read(*format, text, &found.label, collector);
                })?;
            }
            Recognised::Unknown(_) | Recognised::NoText => {}
        }
        self.meter.file_done();
        let limit = self.meter.limits.rows;
        if self.collector.rows() > limit {
            return Err(ImportError::TooManyRows { path: self.path.to_owned(), limit });
        }
        if self.meter.is_stopped() { Err(ImportError::Stopped) } else { Ok(()) }
    }

    /// Reads a whole text; what a damaged file still gave is used but for its last, broken line.
    fn text(
        &mut self,
        gathered: &mut Gathered,
        found: &Found,
        read: impl FnOnce(&TextBytes, &mut Collector),
    ) -> Result<(), ImportError> {
        let limit = self.meter.limits.text_file_bytes;
        let mut bytes = Vec::new();
        let got = gathered.read(found, self.meter, |reader| reader.take(limit + 1).read_to_end(&mut bytes));
        if bytes.len() as u64 > limit {
            self.aside(
                &found.label,
                format!("it is larger than {limit} bytes, as no list is; it was left out"),
            );
            return Ok(());
        }
        if let Err(error) = got.and_then(|got| got) {
            self.unless_ended(&error)?;
            bytes.truncate(memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1));
            self.aside(&found.label, format!("it cannot be read further: {error}; the rest was left out"));
        }
        read(&TextBytes::of(bytes), &mut self.collector);
        Ok(())
    }

    fn aside(&mut self, file: &str, says: String) {
        let mut tally = self.collector.open(file, "not readable");
        self.collector.remark(&mut tally, None, says);
        self.collector.close(tally);
    }

    fn unless_failed(&mut self, ended: io::Result<Option<io::Error>>, file: &str) -> Result<(), ImportError> {
        match ended {
            Ok(None) => Ok(()),
            Ok(Some(error)) => self.unless_ended(&error),
            Err(error) => {
                self.aside(file, format!("it cannot be opened: {error}"));
                Ok(())
            }
        }
    }

    fn unless_ended(&self, error: &io::Error) -> Result<(), ImportError> {
        match Halt::of(error).filter(|halt| halt.ends_all()) {
            Some(Halt::Cancelled) => Err(ImportError::Stopped),
            Some(_) => Err(ImportError::TooLarge {
                path: self.path.to_owned(),
                limit: self.meter.limits.total_bytes,
            }),
            None => Ok(()),
        }
    }
}

fn json_file(
    format: json::JsonFormat,
    reader: &mut dyn Read,
    file: &str,
    limits: &Limits,
    collector: &mut Collector,
) -> Option<io::Error> {
    let mut reader = BufReader::with_capacity(HEAD, reader);
    // An error met here is met, and told, again by the reading itself.
    let (is_wide, is_marked) =
        reader.fill_buf().map_or((false, false), |head| (is_utf16(head), head.starts_with(b"\xef\xbb\xbf")));
    if is_wide {
        let mut bytes = Vec::new();
        let error = reader.take(limits.text_file_bytes).read_to_end(&mut bytes).err();
        let text = without_mark(bytes);
        return json::read(format, text.as_slice(), file, limits, collector).or(error);
    }
    if is_marked {
        reader.consume(3);
    }
    json::read(format, reader, file, limits, collector)
}

/// Files that are not read.
#[derive(Default)]
struct Aside {
    unneeded: Vec<String>,
    unknown: BTreeMap<String, String>,
    no_text: Vec<String>,
    /// Files whose rows another one tells better.
    twice_told: Vec<String>,
}

/// So many names are enough for a message.
const NAMED: usize = 5;

impl Aside {
    /// Apple tells each play twice: by day with its artist, and by itself, mostly without. The former counts.
    fn leave_twice_told(&mut self, readable: &mut Vec<(Recognised, Found)>) {
        if !readable.iter().any(|(kind, _)| *kind == Recognised::Table(Rows::AppleDaily)) {
            return;
        }
        let again = readable.extract_if(.., |(kind, _)| *kind == Recognised::Table(Rows::AppleActivity));
        self.twice_told.extend(again.map(|(_, found)| found.label));
    }

    fn tell(mut self, collector: &mut Collector) {
        // An archive may have its files in any order.
        for files in [&mut self.unneeded, &mut self.no_text] {
            files.sort_by(|a, b| natural(a, b));
        }
        for (file, says) in &self.unknown {
            let mut tally = collector.open(file, "not recognised");
            collector.remark(&mut tally, None, says.clone());
            collector.close(tally);
        }
        for file in &self.unneeded {
            let tally = collector.open(file, "not needed, not opened");
            collector.close(tally);
        }
        for file in &self.twice_told {
            let tally = collector.open(file, "not counted, the plays by day are the same ones");
            collector.close(tally);
        }
        if !self.no_text.is_empty() {
            let tally = collector.open(&some_of(self.no_text.iter()), "no list (pictures, audio, documents)");
            collector.close(tally);
        }
    }

    fn seen(&self) -> String {
        let mut seen = Vec::new();
        let unknown: Vec<String> =
            self.unknown.iter().map(|(file, says)| format!("{file} ({says})")).collect();
        if !unknown.is_empty() {
            seen.push(some_of(unknown.iter()));
        }
        if !self.unneeded.is_empty() {
            let names = some_of(self.unneeded.iter());
            seen.push(format!("{names} (of Spotify's, but without anything to import)"));
        }
        if !self.no_text.is_empty() {
            seen.push(format!("{} (no list)", some_of(self.no_text.iter())));
        }
        if seen.is_empty() { "it holds no files".to_owned() } else { seen.join("; ") }
    }
}

fn some_of<'n>(names: impl ExactSizeIterator<Item = &'n String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let shown = names.take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
