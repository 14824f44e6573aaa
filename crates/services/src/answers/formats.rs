//! What the ending of a file's name says. Only a hint: formats are recognised by content once a file is here.

use ferrotape_domain::AudioFormat;

use crate::endings;

/// The ending of a name, in lower case; empty without one.
pub(crate) fn ending(name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let sound =
        !stem.is_empty() && ending.len() <= 8 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if sound { ending.to_ascii_lowercase() } else { String::new() }
}

/// The format that an ending stands for; `None` where it is none that ferrotape reads, or one of several: no catalogue
/// gives the bit rate that would tell what an MPEG-4 file holds.
pub(crate) fn format_of(name: &str) -> Option<AudioFormat> {
    match ending(name).as_str() {
        "m4a" | "m4b" | "mp4" => None,
        ending => endings::format_of(ending, None),
    }
}
