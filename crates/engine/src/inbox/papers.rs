//! What folders and files are called that come with an album. What is called otherwise may be anything that lies there.

use crate::disc_folders::{is_number, words};

/// Whether a name without its ending is that of a cover, a booklet, a log: whole words, since `Backup`, `Logins` and
/// `Art Blakey` begin alike.
pub(super) fn is_paper(name: &str) -> bool {
    const PAPERS: [&str; 25] = [
        "album", "albumart", "art", "artwork", "back", "booklet", "booklets", "cover", "covers", "digipak",
        "folder", "front", "inlay", "insert", "inside", "liner", "log", "logs", "lyric", "lyrics", "obi",
        "scan", "scans", "sleeve", "tray",
    ];
    const BESIDE_THEM: [&str; 13] = [
        "and", "cd", "disc", "disk", "dpi", "inner", "large", "left", "notes", "outer", "page", "right",
        "small",
    ];
    let words = words(name);
    // As a well-known player of Windows calls its covers, with numbers of its own behind.
    if words.first().is_some_and(|word| word.starts_with("albumart")) {
        return true;
    }
    let is_known = |word: &String| PAPERS.contains(&word.as_str());
    let goes_with_them = |word: &String| BESIDE_THEM.contains(&word.as_str()) || is_number(word);
    words.iter().any(is_known) && words.iter().all(|word| is_known(word) || goes_with_them(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_an_album_is_told_from_what_begins_alike() {
        for paper in [
            "cover",
            "Cover1",
            "Front Cover",
            "booklet_03",
            "Booklet Page 12",
            "Scans",
            "Artwork",
            "AlbumArt_{9C0E}_Large",
            "cd2 back",
            "Liner Notes",
            "folder",
        ] {
            assert!(is_paper(paper), "{paper}");
        }
        for other in [
            "Backup",
            "backup-codes",
            "Cover letter",
            "logins",
            "Articles",
            "Art Blakey",
            "Back in Black",
            "Front 242",
            "Inside Out",
            "Backstreet Boys",
            "notes",
            "tax",
            "",
            "12",
        ] {
            assert!(!is_paper(other), "{other}");
        }
    }
}
