//! Whether a file still holds the bytes that were known of it.
//!
//! A content id looks at a file through windows (decision 0037). What was changed between them it does not show, so where
//! something was made of a file, a sum of all its bytes is kept, and a file that was written to since is compared by that.
//! Bytes that differ behind equal windows get an id of their own: its first half is that of the windows, its second that
//! of the sum.

use std::collections::HashMap;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use ferrotape_audio::whole_sum;
use ferrotape_domain::ContentId;
use ferrotape_store::{FileStamp, KnownFile};

/// Half of the digits of a content id.
const HALF: usize = 16;
/// A time without a fraction: out of a zip, or on a file system that keeps no finer ones.
const SECOND: i64 = 1_000_000_000;

/// How the file is now.
pub(crate) fn stamp_of(metadata: &Metadata) -> FileStamp {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified_ns = since.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or(0);
    FileStamp { size: metadata.len(), modified_ns, changed_ns: changed_ns(metadata) }
}

#[cfg(unix)]
fn changed_ns(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata.ctime().saturating_mul(SECOND).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed_ns(_: &Metadata) -> i64 {
    0
}

/// Whether both have the same windows, whatever lies between.
pub(crate) fn have_one_look(one: &ContentId, other: &ContentId) -> bool {
    look(one) == look(other)
}

/// What the windows of a content show, of the bytes that they were of first and of others.
pub(crate) fn look(content: &ContentId) -> &str {
    content.0.get(..HALF).unwrap_or(&content.0)
}

/// The id of bytes that have the windows of others and this sum.
pub(crate) fn of_its_own(windows: &ContentId, whole: &str) -> ContentId {
    ContentId(format!("{}{}", look(windows), whole.get(..HALF).unwrap_or(whole)))
}

/// Whether a file with the same windows was surely not written to since: rights, links and names change its entry, and
/// leave its time of change alone. Some file systems give the time when the file was made for that of its entry, so
/// that alone says nothing where the other time is known to differ.
pub(crate) fn is_untouched(now: &FileStamp, then: &FileStamp) -> bool {
    let is_known_to_differ =
        now.modified_ns != then.modified_ns && now.modified_ns != 0 && then.modified_ns != 0;
    let has_its_entry = now.changed_ns != 0 && now.changed_ns == then.changed_ns;
    (has_its_entry && !is_known_to_differ) || has_its_time(now, then)
}

/// Whether a file has the time of change of another, which nobody gives by chance to other bytes unless it is a coarse one.
pub(crate) fn has_its_time(now: &FileStamp, then: &FileStamp) -> bool {
    let is_coarse = now.modified_ns % SECOND == 0 && now.changed_ns != 0;
    now.modified_ns != 0 && now.modified_ns == then.modified_ns && !is_coarse
}

/// Whether the file at `path`, which has these windows, holds other bytes than were known of it.
pub(crate) fn is_another(
    (path, now, windows): (&Path, &FileStamp, &ContentId),
    (content, then, whole): (&ContentId, &FileStamp, &str),
) -> io::Result<bool> {
    if whole.is_empty() {
        return Ok(windows != content);
    }
    if !have_one_look(windows, content) {
        return Ok(true);
    }
    Ok(!is_untouched(now, then) && whole_sum(path)? != whole)
}

/// The known files of which there is a sum, by what their windows show.
pub(crate) struct Summed<'k> {
    by_look: HashMap<&'k str, Vec<(&'k KnownFile, &'k ContentId)>>,
}

impl<'k> Summed<'k> {
    pub(crate) fn of(known: &'k [KnownFile]) -> Self {
        let mut by_look: HashMap<&str, Vec<_>> = HashMap::new();
        for file in known.iter().filter(|file| !file.whole.is_empty()) {
            if let Some(content) = &file.content {
                by_look.entry(look(content)).or_default().push((file, content));
            }
        }
        Self { by_look }
    }

    /// Which content the file at `path` holds, and its sum where it was needed to tell. Reads a whole file only where
    /// something was made of bytes with these windows at the same place, or other bytes with them are known.
    pub(crate) fn settle(
        &self,
        path: &Path,
        now: &FileStamp,
        windows: ContentId,
    ) -> io::Result<(ContentId, String)> {
        let alike = self.by_look.get(look(&windows)).map(Vec::as_slice).unwrap_or_default();
        let here = alike.iter().find(|(known, _)| known.path == path);
        if let Some((known, content)) = here.filter(|(known, _)| is_untouched(now, &known.stamp())) {
            return Ok(((*content).clone(), known.whole.clone()));
        }
        if here.is_none() && alike.iter().all(|(_, content)| **content == windows) {
            return Ok((windows, String::new()));
        }
        let whole = whole_sum(path)?;
        let same = alike.iter().find(|(known, _)| known.whole == whole);
        let content = same.map_or_else(|| of_its_own(&windows, &whole), |(_, content)| (*content).clone());
        Ok((content, whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(modified_ns: i64, changed_ns: i64) -> FileStamp {
        FileStamp { size: 3, modified_ns, changed_ns }
    }

    #[test]
    fn a_fine_time_that_stayed_or_an_entry_that_nobody_wrote_tells_of_no_change() {
        let fine = 5 * SECOND + 1;
        assert!(is_untouched(&stamp(fine, 8), &stamp(fine, 8)));
        assert!(is_untouched(&stamp(0, 8), &stamp(5, 8)), "it was to be looked at again for another reason");
        assert!(is_untouched(&stamp(fine, 9), &stamp(fine, 8)), "rights or a link");
        assert!(
            !is_untouched(&stamp(5 * SECOND, 9), &stamp(5 * SECOND, 8)),
            "all files of a zip may have it"
        );
        assert!(is_untouched(&stamp(5 * SECOND, 0), &stamp(5 * SECOND, 0)), "nothing else can be told there");
        assert!(!is_untouched(&stamp(fine + 1, 9), &stamp(fine, 8)));
        assert!(!is_untouched(&stamp(fine + 1, 8), &stamp(fine, 8)), "its entry tells when it was made");
        assert!(
            has_its_time(&stamp(fine, 9), &stamp(fine, 8)) && !has_its_time(&stamp(fine, 8), &stamp(6, 8))
        );
        assert!(!has_its_time(&stamp(5 * SECOND, 9), &stamp(5 * SECOND, 9)));
        assert!(!is_untouched(&stamp(0, 0), &stamp(0, 0)));
    }

    #[test]
    fn bytes_that_differ_behind_equal_windows_get_an_id_of_their_own_and_keep_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        std::fs::write(&path, "one").unwrap();
        let windows = ContentId("0123456789abcdef0123456789abcdef".to_owned());
        let known = |content: &ContentId, whole: String| KnownFile {
            file_id: 1,
            path: path.clone(),
            size: 3,
            modified_ns: 7,
            changed_ns: 8,
            missing: false,
            content: Some(content.clone()),
            readable: true,
            cover: String::new(),
            sheets: 0,
            whole,
        };
        let settle = |known: &KnownFile, at: &Path, now: &FileStamp| {
            Summed::of(std::slice::from_ref(known)).settle(at, now, windows.clone()).unwrap()
        };
        let touched = stamp(9, 9);
        let unsummed = known(&windows, String::new());
        assert_eq!(
            settle(&unsummed, &path, &touched),
            (windows.clone(), String::new()),
            "nothing hangs on it"
        );

        let sum = whole_sum(&path).unwrap();
        let first = known(&windows, sum.clone());
        assert_eq!(settle(&first, &path, &touched), (windows.clone(), sum.clone()), "only touched");
        std::fs::write(&path, "two").unwrap();
        assert_eq!(settle(&first, &path, &stamp(7, 8)).0, windows, "its entry says that nobody wrote");
        let (own, whole) = settle(&first, &path, &touched);
        assert!(own != windows && have_one_look(&own, &windows) && whole != sum);
        let second = known(&own, whole.clone());
        assert_eq!(settle(&second, &path, &stamp(10, 10)), (own.clone(), whole));
        let elsewhere = folder.path().join("b.wav");
        std::fs::write(&elsewhere, "two").unwrap();
        assert_eq!(settle(&second, &elsewhere, &touched).0, own, "also at another place");
        assert_eq!(settle(&first, &elsewhere, &touched).0, windows, "no whole file is read for a first look");
    }
}
