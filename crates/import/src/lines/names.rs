//! Names as they are printed and as files carry them.

use super::is_audio_path;
use crate::text::base_name;

/// What a printed name gives.
#[derive(Default)]
pub(crate) struct Named {
    pub(crate) artist: String,
    pub(crate) title: String,
    pub(crate) track_number: Option<u32>,
}

/// `Artist - Title`; a title alone when there is no dash.
pub(super) fn named(says: &str) -> Option<Named> {
    let says = says.trim();
    let (artist, title) = match says.split_once(" - ") {
        Some((artist, title)) if !title.trim().is_empty() => (artist.trim(), title.trim()),
        _ => ("", says),
    };
    let named = Named { artist: artist.to_owned(), title: title.to_owned(), track_number: None };
    (!title.is_empty()).then_some(named)
}

/// `01 - Artist - Title.mp3` with or without number and artist; with the parts of an address decoded.
pub(crate) fn of_file_name(path: &str) -> Option<Named> {
    let base = base_name(path);
    let decoded = percent_encoding::percent_decode_str(base).decode_utf8_lossy();
    let base = if path.contains("://") { decoded.as_ref() } else { base };
    let stem = match base.rsplit_once('.') {
        Some((stem, _)) if is_audio_path(base) => stem,
        _ => base,
    };
    let (number, rest) = without_number(stem.trim());
    let mut named = named(rest)?;
    named.track_number = number;
    Some(named)
}

/// A track number is a number that something but a space ends, or one with a leading zero: `99 Luftballons` has none.
pub(super) fn without_number(stem: &str) -> (Option<u32>, &str) {
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = stem.split_at(digits);
    let ends =
        rest.starts_with(" - ") || rest.starts_with(". ") || rest.starts_with('_') || rest.starts_with(") ");
    let leading_zero = number.starts_with('0') && rest.starts_with([' ', '-', '.']);
    let after = rest.trim_start_matches([' ', '-', '.', '_', ')']);
    if (1..=3).contains(&digits) && (ends || leading_zero) && !after.is_empty() {
        (number.parse().ok().filter(|number| *number > 0), after)
    } else {
        (None, stem)
    }
}
