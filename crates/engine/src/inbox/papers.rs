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

/// Whether a name without its ending is that of one of `things` – songs, then album and artist –, or of a paper of theirs:
/// `Mara Quill - Low Water`, `Low Water Booklet`. `Mara Quill contract` is not.
pub(super) fn is_called_after<'a>(name: &str, things: impl IntoIterator<Item = &'a str>) -> bool {
    let is_digits = |word: &String| word.bytes().all(|letter| letter.is_ascii_digit());
    let mut left = words(name);
    let mut is_named = false;
    for thing in things {
        let thing = words(thing);
        // Anything has a number.
        if thing.iter().all(is_digits) {
            continue;
        }
        if let Some(at) = left.windows(thing.len()).position(|run| run == thing.as_slice()) {
            left.drain(at..at + thing.len());
            is_named = true;
        }
    }
    left.retain(|word| !is_digits(word));
    is_named && (left.is_empty() || is_paper(&left.join(" ")))
}

/// Whether a name without its ending has the words of `thing` in it.
pub(super) fn is_named_in(name: &str, thing: &str) -> bool {
    let (name, thing) = (words(name), words(thing));
    !thing.is_empty() && name.windows(thing.len()).any(|run| run == thing.as_slice())
}

/// Whether a file can be of nothing but music, by its ending.
pub(super) fn is_of_music(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| ["accurip", "cue", "log", "lrc"].contains(&ending.as_str()))
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
    #[test]
    fn what_is_called_after_an_album_is_told_from_what_names_it_too() {
        let things = || ["01 Ebb", "7", "Low Water", "Mara Quill"];
        for name in [
            "Mara Quill - Low Water",
            "low_water",
            "Low Water (2019) front",
            "Mara Quill - 01 Ebb",
            "Low Water 2",
        ] {
            assert!(is_called_after(name, things()), "{name}");
        }
        for name in ["Mara Quill contract", "Low Waters", "cv", "7", "12", "front", ""] {
            assert!(!is_called_after(name, things()), "{name}");
        }
        assert!(!is_called_after("", [""]) && !is_called_after("cv", [""]));
    }
}
