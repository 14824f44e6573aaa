//! The text of a sheet: which encoding, and the words of a line.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// The text, and the name of the encoding where that is a guess.
pub(crate) fn text_of(bytes: &[u8]) -> (String, Option<&'static str>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
        return (text.into_owned(), None);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), None);
    }
    let encoding = utf_16_without_mark(bytes).unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(None, Utf8Detection::Deny)
    });
    (encoding.decode_without_bom_handling(bytes).0.into_owned(), Some(encoding.name()))
}

/// The commands of a sheet are plain letters, so half of all bytes of UTF-16 are zero.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, 1..=255, ..] => Some(encoding_rs::UTF_16BE),
        [1..=255, 0, ..] => Some(encoding_rs::UTF_16LE),
        _ => None,
    }
}

/// Takes the first word off `line`: a run of other than spaces, or what stands between quotes.
pub(super) fn word(line: &str) -> (&str, &str) {
    let line = line.trim_start();
    if let Some(quoted) = line.strip_prefix('"') {
        return quoted.split_once('"').unwrap_or((quoted, ""));
    }
    line.split_once(char::is_whitespace).unwrap_or((line, ""))
}

/// The whole rest of a line as one text, with or without quotes; quotes inside of it stay.
pub(super) fn text(rest: &str) -> String {
    let rest = rest.trim();
    let inner = rest.strip_prefix('"').map(|rest| rest.strip_suffix('"').unwrap_or(rest));
    inner.unwrap_or(rest).trim().to_owned()
}
