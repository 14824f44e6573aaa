//! Names that are never audio nor a cue sheet, so that a scan need not open them.
//!
//! A file without an extension, or with an unknown or wrong one, is still opened: content decides.

use std::path::Path;

const EXTENSIONS: [&str; 46] = [
    "7z", "accurip", "avi", "bak", "bmp", "db", "doc", "docx", "epub", "ffp", "flv", "gif", "gz", "heic",
    "htm", "html", "ini", "jpe", "jpeg", "jpg", "json", "lnk", "log", "lrc", "m3u", "m3u8", "md", "md5",
    "mid", "midi", "mkv", "nfo", "partial", "pdf", "pls", "png", "rar", "rtf", "sfv", "srt", "tif", "tiff",
    "txt", "url", "webp", "zip",
];

/// Whether this is one of macOS's side files, `._x`, which belong to nobody else.
pub(super) fn is_side_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"._"))
}

/// Whether the name alone says that this is no audio.
pub(super) fn by_name(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| EXTENSIONS.binary_search(&extension.as_str()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_sorted_for_the_binary_search() {
        assert!(EXTENSIONS.is_sorted());
    }

    #[test]
    fn only_certain_names_are_left_out() {
        assert!(by_name(Path::new("Cover.JPG")));
        // What a download has brought so far; the first half of a song would pass for the song.
        assert!(by_name(Path::new("01 - Tide.mp3.partial")));
        assert!(is_side_file(Path::new("a/._01 - Tide.mp3")));
        assert!(!is_side_file(Path::new("01 - Tide.mp3")));
        assert!(!by_name(Path::new("01 - Tide.mp3")));
        assert!(!by_name(Path::new("no extension")));
        assert!(!by_name(Path::new("odd.xyz")));
    }
}
