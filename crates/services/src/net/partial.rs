//! A file that is coming: what is there of it, what it is a part of, and how it goes on.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ferrotape_domain::FETCHING;
use serde::{Deserialize, Serialize};

use super::body::{Head, Sink};
use super::download::{Download, NotAudio};
use super::request::{Reply, Trust};
use super::trouble::{Trouble, TroubleKind};

/// So much of what is no file is looked at.
const MOST_OF_ELSE: usize = 64 << 10;
/// So much stays free on the disk.
const SPARE_BYTES: u64 = 64 << 20;

/// How a request for a file ended.
pub(super) enum Ended {
    /// All of it is there.
    Whole,
    /// It is no file.
    Else(Box<NotAudio>),
}

/// What the bytes that are there are a part of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    /// Which file, of which line.
    of: String,
    /// What proves that it is the same: its strong ETag, or of a server of the user's its date; empty where it has none.
    etag: String,
    /// Bytes of the whole, as the first answer said.
    #[serde(default)]
    total: Option<u64>,
}

/// The file under its name for the time being.
pub(super) struct Partial<'a> {
    what: &'a Download<'a>,
    path: PathBuf,
    file: File,
    part: Part,
    /// Bytes that are there.
    there: u64,
    /// Bytes of the whole file, as the server says.
    total: Option<u64>,
    /// Whether bytes came with the last request.
    grew: bool,
    /// How far it came with the last request, in bytes from the beginning of the file.
    reached: u64,
    /// What comes instead of a file.
    other: Option<Vec<u8>>,
    /// How an answer began that is called plain text: hosts call so what they do not know, so its bytes decide.
    called_text: Option<Head>,
}

impl<'a> Partial<'a> {
    /// Opens what is there from before, if it is of this file and may be gone on with.
    pub(super) fn open(what: &'a Download<'a>) -> Result<Self, Trouble> {
        let path = beside(what.to, ".partial");
        let at = |error: io::Error| of_disk(&path, &error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(at)?;
        }
        let file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path).map_err(at)?;
        let there = file.metadata().map_err(at)?.len();
        let of = format!("{} {}", what.request.line.name, what.request.cache_key_shown());
        let known: Option<Part> = fs::read(beside(what.to, ".partial.json"))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let known = known.filter(|part| part.of == of);
        let mut partial = Self {
            what,
            path,
            file,
            part: Part::default(),
            there,
            total: None,
            grew: false,
            reached: 0,
            other: None,
            called_text: None,
        };
        match known {
            Some(part) if !part.etag.is_empty() || partial.has_sums() => {
                partial.total = part.total;
                partial.part = part;
            }
            _ => {
                partial.part.of = of;
                partial.start_anew()?;
            }
        }
        Ok(partial)
    }

    fn has_sums(&self) -> bool {
        let sums = self.what.sums;
        sums.md5.is_some() || sums.sha1.is_some() || sums.sha256.is_some()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the last request brought bytes.
    pub(super) fn has_grown(&self) -> bool {
        self.grew
    }

    /// How far the last request came, whether or not that could stay.
    pub(super) fn reached(&self) -> u64 {
        self.reached
    }

    /// What to ask with for the rest: a range, and the proof that it is the same file; `None` asks for all of it.
    pub(super) fn rest(&mut self) -> Option<(String, Option<String>)> {
        // A try that ends before an answer begins has brought nothing, whatever the one before it did.
        (self.grew, self.reached) = (false, 0);
        let may_go_on = !self.part.etag.is_empty() || self.has_sums();
        let proof = (!self.part.etag.is_empty()).then(|| self.part.etag.clone());
        (self.there > 0 && may_go_on).then(|| (format!("bytes={}-", self.there), proof))
    }

    /// Looks at what came when the answer has ended.
    pub(super) fn ended(&mut self, head: &Head) -> Result<Ended, Trouble> {
        if let Some(body) = self.other.take() {
            let (status, headers) = (head.status, head.headers.clone());
            let reply = Reply { status, headers, body, stale: None, moved: None, asked_again: None };
            return Ok(Ended::Else(Box::new(reply)));
        }
        let whole = self.total.or(self.what.size);
        match whole {
            Some(whole) if self.there < whole => Err(Trouble::passing("the file broke off")),
            Some(whole) if self.there > whole => {
                self.start_anew()?;
                Err(Trouble::passing("more came than the file has"))
            }
            _ if self.there == 0 => Err(Trouble::passing("the file came without a byte")),
            _ => Ok(Ended::Whole),
        }
    }

    /// After a break: nothing stays of what may not be gone on with.
    pub(super) fn settle(&mut self) {
        self.other = None;
        if self.part.etag.is_empty() && !self.has_sums() {
            // It is only thrown away; if that fails, the next run does it.
            drop(self.start_anew());
        }
    }

    /// Throws away what is there.
    pub(super) fn start_anew(&mut self) -> Result<(), Trouble> {
        self.file.set_len(0).map_err(|error| self.trouble(&error))?;
        (self.there, self.total) = (0, None);
        (self.part.etag, self.part.total) = (String::new(), None);
        Ok(())
    }

    pub(super) fn sync(&mut self) -> Result<(), Trouble> {
        self.file.sync_all().map_err(|error| self.trouble(&error))
    }

    /// Gives the file its name; how many bytes it has.
    pub(super) fn publish(&mut self) -> Result<u64, Trouble> {
        let to = self.what.to;
        fs::rename(&self.path, to).map_err(|error| of_disk(to, &error))?;
        // What it was a part of is of no use any more; left behind it does no harm.
        drop(fs::remove_file(beside(to, ".partial.json")));
        if let Some(folder) = to.parent() {
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(|error| of_disk(folder, &error))?;
        }
        Ok(self.there)
    }

    pub(super) fn trouble(&self, error: &io::Error) -> Trouble {
        of_disk(&self.path, error)
    }

    /// Writes down what comes from now on; on the disk before its first byte.
    fn take_down(&mut self, etag: String) -> Result<(), Trouble> {
        (self.part.etag, self.part.total) = (etag, self.total);
        let text = serde_json::to_vec(&self.part).unwrap_or_default();
        let (path, new) = (beside(self.what.to, ".partial.json"), beside(self.what.to, ".partial.json.new"));
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(&text)?;
            file.sync_all()
        });
        written.and_then(|()| fs::rename(&new, &path)).map_err(|error| of_disk(&path, &error))
    }

    /// A date will do for a server of the user's, where nobody puts new advertisements into a copy; many have nothing else.
    fn proof_in(&self, head: &Head) -> String {
        match strong_etag(head) {
            etag if etag.is_empty() && self.what.request.line.trust == Trust::Named => strong_date(head),
            etag => etag,
        }
    }

    fn begin_file(&mut self, head: &Head) -> Result<(), Trouble> {
        match head.status {
            206 => self.begin_rest(head)?,
            _ => self.begin_whole(head)?,
        }
        self.file.seek(SeekFrom::Start(self.there)).map_err(|error| self.trouble(&error))?;
        Ok(())
    }

    fn begin_whole(&mut self, head: &Head) -> Result<(), Trouble> {
        self.start_anew()?;
        self.total = head.header("content-length").and_then(|length| length.parse().ok());
        self.check_size()?;
        self.take_down(self.proof_in(head))
    }

    fn begin_rest(&mut self, head: &Head) -> Result<(), Trouble> {
        let is_of_it = |total: Option<u64>| self.total.is_none() || self.total == total;
        match head.header("content-range").and_then(content_range) {
            Some((start, total)) if start == self.there && is_of_it(total) && self.shows_the_same(head) => {
                self.total = total;
            }
            _ => {
                self.start_anew()?;
                return Err(Trouble::passing("it went on with something else than what was asked for"));
            }
        }
        self.check_size()
    }

    /// Whether a rest shows what the beginning showed. Servers that know `If-Range` show it; one that keeps silent may
    /// have passed over the question, so that only a promised sum can tell.
    fn shows_the_same(&self, head: &Head) -> bool {
        match self.proof_in(head) {
            proof if proof.is_empty() => self.has_sums(),
            proof => proof == self.part.etag || self.part.etag.is_empty(),
        }
    }

    fn check_size(&mut self) -> Result<(), Trouble> {
        let most = self.what.max_bytes;
        if self.total.is_some_and(|total| total > most) {
            let most = most >> 20;
            return Err(Trouble::hopeless(format!(
                "the file has more than {most} MiB, the most that is taken"
            )));
        }
        if let (Some(total), Some(size)) = (self.total, self.what.size)
            && total != size
        {
            let says = format!("the file has {total} bytes where {size} were promised");
            return Err(Trouble::hopeless(says));
        }
        let needed = self.total.unwrap_or(0).saturating_sub(self.there).saturating_add(SPARE_BYTES);
        match free_at(&self.path) {
            Some(free) if free < needed => {
                let says = format!(
                    "there is no room: {} MB are needed in {}, {} MB are free – make room there",
                    needed.div_ceil(1_000_000),
                    folder_of(&self.path).display(),
                    free / 1_000_000
                );
                Err(Trouble::new(TroubleKind::OfDisk, says))
            }
            _ => Ok(()),
        }
    }
}

impl Sink for Partial<'_> {
    fn begin(&mut self, head: &Head) -> Result<bool, Trouble> {
        (self.grew, self.other) = (false, None);
        let is_plain = matches!(head.status, 200 | 206) && head.media_type() == "text/plain";
        self.called_text = is_plain.then(|| head.clone());
        match head.status {
            200 | 206 if is_no_file(&head.media_type()) => self.other = Some(Vec::new()),
            200 | 206 => self.begin_file(head)?,
            // It has fewer bytes than are here: another file.
            416 => {
                self.start_anew()?;
                return Err(Trouble::passing("it has another file now"));
            }
            429 | 408 | 425 | 500.. => return Ok(false),
            _ => self.other = Some(Vec::new()),
        }
        Ok(true)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        if let Some(head) = self.called_text.take().filter(|_| !is_text(bytes)) {
            self.other = None;
            self.begin_file(&head)?;
        }
        if let Some(other) = &mut self.other {
            let room = MOST_OF_ELSE.saturating_sub(other.len());
            other.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
            return Ok(());
        }
        if self.there == 0 && looks_like_a_page(bytes) {
            return Err(Trouble::hopeless("it sends a web page instead of the file"));
        }
        self.there += bytes.len() as u64;
        if self.there > self.what.max_bytes {
            self.there = 0;
            drop(self.file.set_len(0));
            return Err(Trouble::hopeless("more comes than the most that is taken"));
        }
        // One without end would else fill the disk up to the most that any file may have.
        if let Some(whole) = self.total.or(self.what.size).filter(|whole| self.there > *whole) {
            (self.grew, self.reached) = (true, whole);
            self.start_anew()?;
            return Err(Trouble::passing("more came than the file has"));
        }
        self.file.write_all(bytes).map_err(|error| self.trouble(&error))?;
        (self.grew, self.reached) = (true, self.there);
        (self.what.came)(bytes.len() as u64);
        Ok(())
    }
}

fn beside(to: &Path, ending: &str) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    to.with_file_name(name)
}

fn of_disk(path: &Path, error: &io::Error) -> Trouble {
    let says = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("there is no room in {} – make room there", folder_of(path).display())
        }
        _ => format!("{}: {error}", path.display()),
    };
    Trouble::new(TroubleKind::OfDisk, says)
}

/// The folder that the user knows: files may come into one of their own in it first.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().unwrap_or(path);
    match folder.file_name().is_some_and(|name| name.to_string_lossy().ends_with(FETCHING)) {
        true => folder.parent().unwrap_or(folder),
        false => folder,
    }
}

/// An ETag that proves equal bytes.
fn strong_etag(head: &Head) -> String {
    let etag = head.header("etag").unwrap_or_default().trim();
    if etag.starts_with('"') && etag.len() > 2 { etag.to_owned() } else { String::new() }
}

/// When the file was last changed, if that was so long before the answer that it cannot have been changed since with the
/// same date.
fn strong_date(head: &Head) -> String {
    let value = |name: &str| head.header(name).unwrap_or_default().trim().to_owned();
    let at = |date: &str| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok();
    let changed = value("last-modified");
    match (at(&changed), at(&value("date"))) {
        (Some(then), Some(now)) if now.as_second() - then.as_second() >= 60 => changed,
        _ => String::new(),
    }
}

/// `bytes 100-199/200`: where it begins, and how many bytes the whole has.
fn content_range(value: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.trim().parse().ok()?, total.trim().parse().ok()))
}

fn is_no_file(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || media_type.ends_with("json")
        || media_type.ends_with("xml")
        || media_type.contains("html")
}

/// No audio begins like this, whatever its media type says.
fn looks_like_a_page(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    bytes.starts_with(b"<") || bytes.starts_with(b"{\"")
}

/// Whether a piece is text for people: no sound is without bytes that no text has.
fn is_text(bytes: &[u8]) -> bool {
    let letters = match std::str::from_utf8(bytes) {
        Ok(_) => bytes,
        // A letter may go on in the next piece.
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or_default(),
        Err(_) => return false,
    };
    !letters.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

#[cfg(unix)]
fn free_at(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(path).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize.max(1)))
}

/// Elsewhere there is no portable question; a full disk shows when it is full.
#[cfg(not(unix))]
fn free_at(_path: &Path) -> Option<u64> {
    None
}
