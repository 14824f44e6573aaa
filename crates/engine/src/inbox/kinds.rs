//! What a file may be by its name: only to spare opening what is certainly no music. Content decides.

use std::path::Path;

use super::unopened::is_part;
use crate::scan::is_named_like_audio;

/// What goes along with an album.
const BESIDE: [&str; 12] =
    ["accurip", "cue", "gif", "jpeg", "jpg", "lrc", "log", "pdf", "png", "txt", "webp", "rtf"];
/// What is neither music nor goes along.
const NEVER: [&str; 68] = [
    "7z", "ace", "apk", "arj", "avi", "bat", "bin", "bmp", "bz2", "cab", "cdi", "css", "csv", "db", "deb",
    "dll", "dmg", "doc", "docx", "epub", "exe", "flv", "gz", "htm", "html", "img", "ini", "iso", "jar", "js",
    "json", "lnk", "lz", "lzma", "m3u", "m3u8", "md", "md5", "mdf", "mds", "mkv", "mobi", "mov", "mpls",
    "msi", "nfo", "nrg", "ods", "odt", "opml", "pls", "rar", "rpm", "sfv", "sh", "tar", "tbz", "tbz2", "tgz",
    "txz", "tzst", "url", "webm", "wmv", "xls", "xml", "xz", "zst",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sound,
    Beside,
    Zip,
    Other,
    Unknown,
}

pub(super) fn kind_of(path: &Path) -> Kind {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        _ if is_named_like_audio(path) => Kind::Sound,
        Some("zip") => Kind::Zip,
        Some(extension) if BESIDE.contains(&extension) => Kind::Beside,
        Some(extension) if NEVER.contains(&extension) || is_part(path) => Kind::Other,
        _ => Kind::Unknown,
    }
}

pub(super) fn may_be_sound(path: &Path) -> bool {
    matches!(kind_of(path), Kind::Sound | Kind::Unknown)
}
