//! Folders between an album and its files that say nothing of what is played: of a disc or side (`CD 2`, `Side A`), of a
//! format (`FLAC`, `24bit`).

use crate::texts::normalise::fold;
use crate::texts::phrases::contains_phrase;

/// Words that folders of discs and sides begin with.
const DISCS: &[&str] = &["cd", "disc", "disk", "disque", "side", "lp", "vinyl"];
/// Of these what numbers a disc: `Side 2` is on the first record.
const NUMBERED: &[&str] = &["cd", "disc", "disk", "disque"];
/// Words and numbers that only say how music was saved.
const FORMATS: &[&str] = &[
    "flac", "mp3", "wav", "wave", "aac", "m4a", "ogg", "vorbis", "opus", "alac", "aiff", "aif", "ape", "wv",
    "wavpack", "wma", "dsd", "dsf", "lossless", "lossy", "hi", "res", "hires", "cbr", "vbr", "v0", "v1",
    "v2", "web", "rip", "vinyl", "bit", "bits", "16bit", "24bit", "32bit", "khz", "44khz", "48khz", "96khz",
    "192khz", "kbps", "128kbps", "192kbps", "256kbps", "320kbps", "128", "160", "192", "224", "256", "320",
    "16", "24", "32", "44", "48", "88", "96",
];
/// How many such folders may lie between a file and its album's folder.
const MOST_BETWEEN: usize = 2;

/// The folders of a file that may speak for it, the nearest first: its own, and what is above those that say nothing.
pub(crate) fn speaking_folders(path: &str) -> impl Iterator<Item = &str> {
    let mut between = 0;
    let mut is_over = false;
    path.rsplit(['/', '\\']).skip(1).take_while(move |folder| {
        let goes_on = !is_over;
        if says_nothing_of_an_album(folder) && between < MOST_BETWEEN {
            between += 1;
        } else {
            is_over = true;
        }
        goes_on
    })
}

/// Whether a folder is called only after a format, a disc or a side: `FLAC`, `24bit`, `CD 2 - Live`, `Side A`.
pub fn says_nothing_of_an_album(folder: &str) -> bool {
    is_of_disc(folder) || is_of_format(folder)
}

/// `FLAC`, `MP3 320`, `24-96`.
fn is_of_format(folder: &str) -> bool {
    let folded = fold(folder);
    !folded.is_empty() && folded.split(' ').all(|word| FORMATS.contains(&word))
}

/// `CD1`, `Disc 2 - Live`, `[disc 3]`, `Side A`, `LP 1`.
fn is_of_disc(folder: &str) -> bool {
    let folded = fold(folder);
    let mut rests = DISCS.iter().filter_map(|word| folded.strip_prefix(word));
    rests.any(|rest| number_in_front(rest).is_some() || is_letter(rest))
}

/// ` a`, ` b live`: which side or disc.
fn is_letter(rest: &str) -> bool {
    let mut words = rest.strip_prefix(' ').unwrap_or_default().split(' ');
    words.next().is_some_and(|word| matches!(word.as_bytes(), [b'a'..=b'h']))
}

/// The number of one or two digits that a text begins with.
fn number_in_front(text: &str) -> Option<u16> {
    let text = text.trim_start();
    let (digits, after) = text.split_at(text.bytes().take_while(u8::is_ascii_digit).count());
    let is_whole = (1..=2).contains(&digits.len()) && !after.starts_with(char::is_alphanumeric);
    digits.parse().ok().filter(|_| is_whole)
}

/// Which disc of this album the folders say: `Timber/CD2`, `Depths (Disc 2)`. In a box called otherwise the number is not
/// the album's, and `CD3 Depths` is the third of a box.
pub(crate) fn disc_by_folders(path: &str, album: &str) -> Option<u16> {
    // Few paths name one, and this is asked of every file that comes near.
    let may_name = |part: &[u8]| path.as_bytes().windows(part.len()).any(|at| at.eq_ignore_ascii_case(part));
    if !may_name(b"cd") && !may_name(b"dis") {
        return None;
    }
    let album = fold(album.split(['(', '[', '{']).next().unwrap_or_default());
    let mut folders = speaking_folders(path);
    let (before, disc) = folders.by_ref().find_map(disc_in)?;
    let of_album = |folded: &str| !album.is_empty() && contains_phrase(folded, &album);
    (of_album(&before) || folders.any(|folder| of_album(&fold(folder)))).then_some(disc)
}

/// `CD2`, `Depths CD2`, `Depths (Disc 2)`: what stands before the number, folded, and the number.
fn disc_in(folder: &str) -> Option<(String, u16)> {
    let folded = fold(folder);
    let words: Vec<&str> = folded.split(' ').collect();
    let number = |at: usize| {
        let word = words.get(at)?;
        let rest = NUMBERED.iter().find_map(|disc| word.strip_prefix(disc))?;
        let next = words.get(at + 1).copied().unwrap_or_default();
        number_in_front(if rest.is_empty() { next } else { rest }).filter(|number| *number > 0)
    };
    (0..words.len()).find_map(|at| Some((words.get(..at)?.join(" "), number(at)?)))
}

/// What two folders of one album have in common, one of each format: `Low Water [MP3]`, `Low Water/FLAC`; and the folders
/// of discs and sides on the way there.
pub(crate) fn without_format(path: &str) -> String {
    let named = speaking_folders(path).filter(|folder| !is_of_format(folder)).map(fold);
    let plain = named.map(|folder| {
        let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
        folder.split(' ').filter(|word| !FORMATS.contains(word) || is_number(word)).collect::<String>()
    });
    plain.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_formats_and_discs_are_passed_over() {
        for folder in [
            "FLAC",
            "MP3 320",
            "24bit",
            "24-96",
            "16-44",
            "V0",
            "Hi-Res",
            "CD1",
            "Disc 2 - Live",
            "[disc 3]",
            "Disc A",
            "Side B",
            "LP 1",
            "Vinyl 2",
        ] {
            assert!(says_nothing_of_an_album(folder), "{folder}");
        }
        for folder in [
            "",
            "Low Water",
            "Live",
            "Disco",
            "CDs",
            "Side Men",
            "LPs",
            "Facets",
            "Discs",
            "1999",
            "FLAC Music",
        ] {
            assert!(!says_nothing_of_an_album(folder), "{folder}");
        }
        let speaking = |path| speaking_folders(path).collect::<Vec<_>>();
        assert_eq!(speaking("m/Low Water/Live/a.flac"), ["Live"]);
        assert_eq!(speaking("m/Low Water/Live/CD 1/FLAC/a.flac"), ["FLAC", "CD 1", "Live"]);
        assert_eq!(speaking("Live/FLAC/FLAC/FLAC/a.flac"), ["FLAC", "FLAC", "FLAC"], "two at most");
        assert_eq!(speaking("a.flac"), [""; 0]);
    }

    #[test]
    fn a_folder_tells_the_disc_of_its_own_album_only() {
        for (path, disc) in [
            ("Timber/CD2/a.flac", Some(2)),
            ("Timber/FLAC/Disc 02/a.flac", Some(2)),
            ("Timber/Disc 2 - Live/a.flac", Some(2)),
            ("Timber CD2/a.flac", Some(2)),
            ("Timber (Disc 2)/MP3/a.flac", Some(2)),
            ("Arbor Vitae - Timber (2001)/CD1/a.flac", Some(1)),
            ("The Complete Works/CD 07/a.flac", None),
            ("Timber/Side 2/a.flac", None),
            ("Timber/a.flac", None),
            ("CD2/a.flac", None),
        ] {
            assert_eq!(disc_by_folders(path, "Timber"), disc, "{path}");
        }
        assert_eq!(disc_by_folders("Timber/CD2/a.flac", ""), None);
    }

    #[test]
    fn folders_of_two_formats_of_one_album_are_alike() {
        let own = without_format("m/Low Water/a.flac");
        for path in ["x/Low Water [MP3]/a.mp3", "FLAC/Low Water/a.flac", "m/Low Water/MP3 320/a.mp3"] {
            assert_eq!(without_format(path), own, "{path}");
        }
        for path in ["m/Low Water (Bonus)/a.mp3", "m/Low Water/CD2/a.mp3", "m/Low Water/1/a.mp3", "a.mp3"] {
            assert_ne!(without_format(path), own, "{path}");
        }
    }
}
