//! Folders that are called as the discs of an album: `CD 1`, `Disc 2 - Live`.

/// What stands before the number of a disc.
const OF_DISCS: [&str; 5] = ["cd", "disc", "disk", "disque", "side"];

/// The number of the disc that a folder of music is called by.
pub(crate) fn disc_of(folder: &str) -> Option<u32> {
    number_and_rest(folder).map(|(disc, _)| disc)
}

/// The same, of a folder that is called as a disc and nothing else: `CD 07 - Artist - Album` may be the seventh on a shelf.
pub(crate) fn only_disc_of(folder: &str) -> Option<u32> {
    number_and_rest(folder).filter(|(_, rest)| rest.is_empty()).map(|(disc, _)| disc)
}

/// `Disc 2 - Live`: 2 and `live`.
fn number_and_rest(folder: &str) -> Option<(u32, String)> {
    let low = folder.trim().to_lowercase();
    let rest = OF_DISCS.iter().find_map(|word| low.strip_prefix(word))?;
    let rest = rest.trim_start_matches([' ', '-', '_', '.', '#']);
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (number, rest) = rest.split_at(end);
    // `Disc 5fRx` is an identity of a disc, no number.
    if !is_number(number) || rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let disc = number.parse().ok().filter(|disc| *disc > 0)?;
    Some((disc, rest.trim_start_matches(|letter: char| !letter.is_alphanumeric()).to_owned()))
}

/// The number of the disc, or volume, that a name says anywhere: `Low Water (CD 2)`.
pub(crate) fn disc_in(name: &str) -> Option<u32> {
    let number = |pair: &[String]| match pair {
        [word, number] if OF_DISCS.contains(&word.as_str()) || matches!(word.as_str(), "vol" | "volume") => {
            number.parse::<u32>().ok().filter(|disc| *disc > 0 && is_number(number))
        }
        _ => None,
    };
    words(name).windows(2).find_map(number)
}

/// Of a page or a disc; years and the numbers in the names of bands are longer.
pub(crate) fn is_number(word: &str) -> bool {
    (1..=2).contains(&word.len()) && word.bytes().all(|letter| letter.is_ascii_digit())
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
        for other in
            ["CDs", "Discovery", "Disc", "Scans", "CD 2020 backups", "CD 0", "Disco 3", "1", "Disc 5fRx"]
        {
            assert_eq!(disc_of(other), None, "{other}");
        }
        assert_eq!(
            (only_disc_of("CD 1"), only_disc_of("[disc 2]"), only_disc_of("Disc-03 ")),
            (Some(1), None, Some(3))
        );
        for more in ["CD 20 backups", "CD 07 - Artist - Album", "CD 90s Hits", "Disc 2 - Live"] {
            assert_eq!(only_disc_of(more), None, "{more}");
        }
    }

    #[test]
    fn a_disc_may_be_said_anywhere_in_a_name() {
        for (name, disc) in [
            ("CD1", Some(1)),
            ("Low Water (Disc 02)", Some(2)),
            ("Tides Vol. 3 [FLAC]", Some(3)),
            ("cd 0", None),
            ("Low Water 2CD 2004", None),
            ("Discovery 2", None),
            ("2004 - Low Water", None),
        ] {
            assert_eq!(disc_in(name), disc, "{name}");
        }
    }
}
