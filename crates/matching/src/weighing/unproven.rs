//! What cannot be told from the wanted recording and is not proven to be it: neither a playing time is wanted nor does the
//! album agree, so that a title and a name fit every version, length and player there is.
//!
//! Of the user's own files there is mostly one, and it is it. In a place for everybody there are all of them.

use crate::classical::performers::leaves_out_who_plays;
use crate::readings::describe::{Reading, Sought};
use crate::search::collection::File;
use crate::weighing::objection::{Against, Objections};

/// Shorter files are mostly previews and samples, in milliseconds.
const SHORT: u32 = 30_000;

/// What is asked about where nothing but title and name agree.
pub(crate) fn object_to_unproven(
    sought: &Sought,
    file: &File<'_>,
    reading: &Reading,
    against: &mut Objections,
) {
    if file.is_public {
        let says = "it is from a place for everybody, and neither playing time nor album proves that it is this recording";
        against.raise(Against::Unproven, says);
    }
    // A list that names no album leaves nothing to compare.
    let short = file.duration.filter(|length| *length < SHORT && !sought.album.folded.is_empty());
    if let Some(length) = short {
        let says = format!(
            "it plays for {} s only, and neither playing time nor album proves that it is the whole recording",
            length.div_ceil(1_000)
        );
        against.raise(Against::Unproven, says);
    }
    if leaves_out_who_plays(sought, file, reading) {
        against.raise(Against::Unproven, "it names the composer and none of the wanted players");
    }
}
