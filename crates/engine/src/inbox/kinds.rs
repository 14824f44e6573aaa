//! What a file may be by its name: only to spare opening what is certainly no music. Content decides.

use std::path::Path;

use crate::scan::is_named_like_audio;

/// What goes along with an album.
const BESIDE: [&str; 12] =
    ["accurip", "cue", "gif", "jpeg", "jpg", "lrc", "log", "pdf", "png", "txt", "webp", "rtf"];
/// What is neither music nor goes along.
const NEVER: [&str; 55] = [
    "7z", "apk", "avi", "bat", "bin", "bmp", "bz2", "css", "csv", "db", "deb", "dll", "dmg", "doc", "docx",
    "epub", "exe", "gz", "htm", "html", "img", "ini", "iso", "jar", "js", "json", "lnk", "m3u", "m3u8", "md",
    "md5", "mkv", "mobi", "mov", "mpls", "msi", "nfo", "ods", "odt", "opml", "pls", "rar", "rpm", "sfv",
    "sh", "tar", "tbz2", "tgz", "txz", "url", "webm", "xls", "xml", "xz", "zst",
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
        Some(extension) if NEVER.contains(&extension) => Kind::Other,
        _ => Kind::Unknown,
    }
}

pub(super) fn may_be_sound(path: &Path) -> bool {
    matches!(kind_of(path), Kind::Sound | Kind::Unknown)
}
