//! Folders between an album and its files that say nothing of what is played: of a disc or side (`CD 2`, `Side A`), of a
//! format (`FLAC`, `24bit`).

use crate::texts::normalise::fold;
use crate::texts::phrases::contains_phrase;
use crate::versions::album_pieces::is_year;

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
/// What boxes are called, whose discs are albums of their own.
const BOXES: &[&str] = &[
    "box",
    "boxed",
    "boxset",
    "coffret",
    "originals",
    "original album",
    "original albums",
    "complete albums",
    "complete studio",
    "complete recordings",
    "complete works",
];

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

/// How many folders lie between a file and its album's that say nothing of the album.
pub(crate) fn folders_between(path: &str) -> usize {
    let nearest = path.rsplit(['/', '\\']).skip(1).take(MOST_BETWEEN);
    nearest.take_while(|folder| says_nothing_of_an_album(folder)).count()
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
/// the album's: `CD3 Depths` is the third of a box, and so is `Box/Depths [CD3]`. Where no tag names the album, the folders do.
pub(crate) fn disc_by_folders(path: &str, album: &str) -> Option<u16> {
    // Few paths name one, and this is asked of every file that comes near.
    let may_name = |part: &[u8]| path.as_bytes().windows(part.len()).any(|at| at.eq_ignore_ascii_case(part));
    if !may_name(b"cd") && !may_name(b"dis") {
        return None;
    }
    let mut folders = speaking_folders(path).enumerate();
    let (at, (before, disc)) = folders.find_map(|(at, folder)| Some((at, disc_in(folder)?)))?;
    let above = path.rsplit(['/', '\\']).nth(at + 2).map(fold).unwrap_or_default();
    let is_tagged = !album.is_empty();
    let album = if is_tagged {
        fold(album.split(['(', '[', '{']).next().unwrap_or_default())
    } else {
        before.clone()
    };
    let of_album = |folded: &str| !album.is_empty() && contains_phrase(folded, &album);
    if of_album(&before) {
        return (of_album(&above) || !is_of_a_box(&above)).then_some(disc);
    }
    let is_above =
        if is_tagged { folders.any(|(_, folder)| of_album(&fold(folder))) } else { !above.is_empty() };
    is_above.then_some(disc)
}

/// Whether a folder, folded, is called as a box of several albums.
fn is_of_a_box(folder: &str) -> bool {
    BOXES.iter().any(|words| contains_phrase(folder, words))
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

/// What an album's folder is called without its disc, format and year: `Depths` of `Depths (1999) [FLAC]`, `Depths CD2`,
/// `[1999] Depths`.
pub(crate) fn without_disc(folder: &str) -> &str {
    let mut name = folder.trim();
    while let Some(shorter) = without_last_mark(name) {
        name = shorter;
    }
    let dated = name.strip_prefix(['(', '[']).and_then(|rest| rest.split_once([')', ']']));
    let undated =
        dated.filter(|(year, _)| is_year(year)).map(|(_, rest)| rest.trim_start_matches([' ', '-', '_']));
    undated.filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// Without the last piece in brackets, or the disc at the end, where these tell nothing of the album.
fn without_last_mark(name: &str) -> Option<&str> {
    let inner = name.strip_suffix([')', ']']);
    let (before, mark) = match inner {
        Some(inner) => inner.rsplit_once(['(', '['])?,
        None => {
            let at = NUMBERED.iter().filter_map(|word| last_word_like(name, word)).max()?;
            name.split_at_checked(at)?
        }
    };
    let is_only_disc = disc_in(mark).is_some_and(|(before, _)| before.is_empty())
        && fold(mark).split(' ').count() <= 2
        && mark.ends_with(|letter: char| letter.is_ascii_digit());
    let says_nothing = is_only_disc || (inner.is_some() && (is_year(mark.trim()) || is_of_format(mark)));
    let before = before.trim_end_matches([' ', '-', '_', ',', '.']);
    (says_nothing && !before.is_empty()).then_some(before)
}

/// Where the last word that begins so stands, in whatever case.
fn last_word_like(name: &str, start: &str) -> Option<usize> {
    let lower = name.to_ascii_lowercase();
    let is_word =
        |at: &usize| lower.get(..*at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
    lower.rmatch_indices(start).map(|(at, _)| at).find(is_word)
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
            ("Arbor Vitae/Timber [CD3]/a.flac", Some(3)),
            ("Box/Timber [CD3]/a.flac", None),
            ("Arbor Vitae - Boxset/Timber CD3/FLAC/a.flac", None),
            ("5 Original Albums/Timber (Disc 3)/a.flac", None),
            ("Timber (Box)/Timber [CD3]/a.flac", Some(3)),
        ] {
            assert_eq!(disc_by_folders(path, "Timber"), disc, "{path}");
        }
    }

    #[test]
    fn where_no_tag_names_an_album_its_folder_does() {
        for (path, disc) in [
            ("Arbor Vitae/Timber/CD2/a.flac", Some(2)),
            ("Arbor Vitae/Timber/Disk 2/FLAC/a.flac", Some(2)),
            ("Arbor Vitae - Timber [CD2]/a.flac", Some(2)),
            ("Box/Timber [CD3]/a.flac", None),
            ("Arbor Vitae/Timber/a.flac", None),
            ("CD2/a.flac", None),
        ] {
            assert_eq!(disc_by_folders(path, ""), disc, "{path}");
        }
        for folder in [
            "Timber",
            "Timber CD2",
            "Timber - CD 2",
            "Timber, Disc 2",
            "Timber (Disc 1)",
            "Timber [CD2]",
            "Timber (CD 2) [FLAC]",
            "Timber (2001) [FLAC]",
            "Timber [16-44] (Disk 1)",
            "[2001] Timber",
            "(2001) - Timber [CD1]",
        ] {
            assert_eq!(without_disc(folder), "Timber", "{folder}");
        }
        for folder in
            ["Timber (Live)", "Disco 2", "Timber 2", "CD2", "Disc 2 - Timber", "1999", "(1999)", "(Timber)"]
        {
            assert_eq!(without_disc(folder), folder);
        }
        assert_eq!(without_disc("Timber (Live) [CD2]"), "Timber (Live)");
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
