//! Folders that are called as the discs of an album: `CD 1`, `Disc 2 - Live`.

/// The number of the disc that a folder of music is called by.
pub(crate) fn disc_of(folder: &str) -> Option<u32> {
    match words(folder).as_slice() {
        [word, number, ..] if is_disc_word(word) && is_number(number) => {
            number.parse().ok().filter(|disc| *disc > 0)
        }
        _ => None,
    }
}

/// Whether a folder is called as a disc and nothing else, as one may be that holds no music.
pub(crate) fn is_only_disc(folder: &str) -> bool {
    disc_of(folder).is_some() && words(folder).len() == 2
}

fn is_disc_word(word: &str) -> bool {
    ["cd", "disc", "disk", "disque", "side"].contains(&word)
}

/// Of a page or a disc; years and the numbers in the names of bands are longer.
pub(crate) fn is_number(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|letter| letter.is_ascii_digit())
}

/// Small, and numbers by themselves: `CD1` is two words.
pub(crate) fn words(name: &str) -> Vec<String> {
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
    fn folders_of_discs_are_told_from_others() {
        for (folder, disc) in [
            ("CD1", 1),
            ("cd 2", 2),
            ("Disc-3", 3),
            ("DISK_1", 1),
            ("Disc 2 - Live", 2),
            ("CD01", 1),
            ("CD10", 10),
        ] {
            assert_eq!(disc_of(folder), Some(disc), "{folder}");
        }
        for other in ["CDs", "Discovery", "Disc", "Scans", "CD 2020 backups", "CD 0", "Disco 3", "1"] {
            assert_eq!(disc_of(other), None, "{other}");
        }
        assert!(is_only_disc("CD 1") && !is_only_disc("CD 20 backups"));
    }
}
