//! What folders and files are called that come with an album. What is called otherwise may be anything that lies there.

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

/// Whether a folder of music is called as a disc of an album: `CD 1`, `Disc 2 - Live`.
pub(super) fn is_disc(folder: &str) -> bool {
    matches!(words(folder).as_slice(), [word, number, ..] if is_disc_word(word) && is_number(number))
}

/// Whether a folder is called as a disc and nothing else, as one may be that holds no music.
pub(super) fn is_only_disc(folder: &str) -> bool {
    is_disc(folder) && words(folder).len() == 2
}

fn is_disc_word(word: &str) -> bool {
    ["cd", "disc", "disk", "disque", "side"].contains(&word)
}

/// Of a page or a disc; years and the numbers in the names of bands are longer.
fn is_number(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|letter| letter.is_ascii_digit())
}

/// Small, and numbers by themselves: `CD1` is two words.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for letter in name.to_lowercase().chars() {
        let kind = letter.is_alphanumeric().then(|| letter.is_ascii_digit());
        match words.last_mut().filter(|_| kind.is_some() && kind == before) {
            Some(word) => word.push(letter),
            None if kind.is_some() => words.push(letter.to_string()),
            None => {}
        }
        before = kind;
    }
    words
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
    fn folders_of_discs_are_told_from_others() {
        for disc in ["CD1", "cd 2", "Disc-3", "DISK_1", "Disc 2 - Live", "CD01"] {
            assert!(is_disc(disc), "{disc}");
        }
        for other in ["CDs", "Discovery", "Disc", "Scans", "CD 2020 backups"] {
            assert!(!is_disc(other), "{other}");
        }
        assert!(is_only_disc("CD 1") && !is_only_disc("CD 20 backups"));
    }
}
