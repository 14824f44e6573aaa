//! What cannot be told from the wanted recording and is not proven to be it: neither a playing time is wanted nor does the
//! album agree, so that a title and a name fit every version, length and player there is.
//!
//! Of the user's own files there is mostly one, and it is it. In a place for everybody there are all of them.

use crate::classical::performers::leaves_out_who_plays;
use crate::readings::describe::{Reading, Sought};
use crate::search::collection::{File, is_kept_whole};
use crate::texts::normalise::is_seen_whole;

/// Shorter files are mostly previews and samples, in milliseconds.
const SHORT: u32 = 30_000;

/// Whether all of the wanted title and all of the file's were compared: what is longer is alike only as far as it is looked at.
pub(crate) fn is_compared_whole(sought: &Sought, file: &File<'_>) -> bool {
    let are_seen = is_seen_whole(&sought.printed) && is_seen_whole(file.title);
    are_seen || (sought.printed == file.title && is_kept_whole(file.title))
}

/// Why a file that nothing speaks against is asked about where nothing but title and name agree; `is_itself` unless it is
/// another version that the user allows in place of the wanted one.
pub(crate) fn unproven(
    sought: &Sought,
    file: &File<'_>,
    reading: &Reading,
    is_itself: bool,
) -> Option<String> {
    if file.is_public {
        let says = "it is from a place for everybody, and neither playing time nor album proves that it is this recording";
        return Some(says.to_owned());
    }
    if leaves_out_who_plays(sought, file, reading) {
        return Some("it names the composer and none of the wanted players".to_owned());
    }
    // A list that names no album leaves nothing to compare, and another version has its own album.
    let is_comparable = is_itself && !sought.album.folded.is_empty();
    let short = file.duration.filter(|length| *length < SHORT && is_comparable)?;
    let seconds = short / 1_000;
    Some(format!(
        "it plays for {seconds} s only, and neither playing time nor album proves that it is the whole recording"
    ))
}
