//! Letters that go wrong: misspelt, misread, cut, stripped.

use super::kit::{Kit, Planted, Take};
use super::words;

/// One edit inside a word of at least five letters, as a hand on a keyboard makes it.
pub(super) fn misspell(kit: &mut Kit, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let mut places: Vec<usize> = Vec::new();
    let mut start = 0;
    for at in 0..=letters.len() {
        if letters.get(at).is_none_or(|letter| !letter.is_alphabetic()) {
            if at - start >= 5 {
                places.extend(start + 1..at - 1);
            }
            start = at + 1;
        }
    }
    let at = kit.random.pick(&places).copied().unwrap_or(letters.len() / 2);
    let another = char::from(b'a' + u8::try_from(kit.below(26)).unwrap_or(0));
    match kit.below(4) {
        0 if letters.get(at) != letters.get(at + 1) && at + 1 < letters.len() => letters.swap(at, at + 1),
        1 => letters.insert(at.min(letters.len()), another),
        2 if at < letters.len() => {
            letters.remove(at);
        }
        _ => {
            if let Some(letter) = letters.get_mut(at) {
                *letter = if *letter == another { 'x' } else { another };
            }
        }
    }
    letters.into_iter().collect()
}

pub(super) fn typo_title(kit: &mut Kit, take: &Take, file: &mut Planted) {
    file.title = misspell(kit, &take.full());
    file.shelve();
}

pub(super) fn typo_title_twice(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let once = misspell(kit, &take.full());
    file.title = misspell(kit, &once);
    file.shelve();
}

pub(super) fn typo_artist(kit: &mut Kit, take: &Take, file: &mut Planted) {
    file.artist = misspell(kit, take.artist());
    file.album_artist.clone_from(&file.artist);
    file.shelve();
}

pub(super) fn typo_both(kit: &mut Kit, take: &Take, file: &mut Planted) {
    typo_artist(kit, take, file);
    typo_title(kit, take, file);
}

/// UTF-8 read as Windows-1252, which is what old taggers did.
fn misread(text: &str) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let letter = |byte: u8| match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('?'),
        _ => char::from(byte),
    };
    text.bytes().map(letter).collect()
}

pub(super) fn accented(kit: &mut Kit, take: &mut Take) {
    let end = kit.one(words::SECOND);
    take.title = format!("{} {end}", kit.one(words::ACCENTED));
    take.artists = vec![format!("{} Norrström", kit.one(words::GIVEN))];
}

pub(super) fn mojibake(_: &mut Kit, _: &Take, file: &mut Planted) {
    for text in [&mut file.title, &mut file.artist, &mut file.album, &mut file.album_artist] {
        *text = misread(text);
    }
    file.path = misread(&file.path);
}

/// Windows-1251 read as Windows-1252.
pub(super) fn mojibake_cyrillic(_: &mut Kit, _: &Take, file: &mut Planted) {
    let letter = |c: char| match c {
        'А'..='я' => char::from_u32(u32::from(c) - 0x410 + 0xC0).unwrap_or(c),
        'Ё' => '¨',
        'ё' => '¸',
        _ => c,
    };
    for text in [&mut file.title, &mut file.artist, &mut file.album, &mut file.album_artist] {
        *text = text.chars().map(letter).collect();
    }
    file.path = format!("Music/{:02}.mp3", file.track);
}

/// Accents and all else beyond ASCII lost.
pub(super) fn stripped(_: &mut Kit, _: &Take, file: &mut Planted) {
    const PLAIN: &[(&str, &str)] = &[
        ("ÀÁÂÃÄÅ", "A"),
        ("àáâãäå", "a"),
        ("ÈÉÊË", "E"),
        ("èéêë", "e"),
        ("ìíîïİ", "i"),
        ("ÒÓÔÕÖØ", "O"),
        ("òóôõöø", "o"),
        ("ÙÚÛÜ", "U"),
        ("ùúûüű", "u"),
        ("çÇ", "c"),
        ("ñÑ", "n"),
        ("ýÝ", "y"),
        ("šŠ", "s"),
        ("čČ", "c"),
        ("ďĎ", "d"),
        ("řŘ", "r"),
        ("ěĚ", "e"),
        ("žŽżŻ", "z"),
        ("łŁ", "l"),
        ("ß", "ss"),
        ("ť", "t"),
    ];
    let plain = |text: &str| -> String {
        let one = |c: char| {
            let known = PLAIN.iter().find(|(from, _)| from.contains(c));
            known.map_or_else(|| c.to_string(), |(_, to)| (*to).to_owned())
        };
        text.chars().map(one).collect()
    };
    for text in [&mut file.title, &mut file.artist, &mut file.album, &mut file.album_artist] {
        *text = plain(text);
    }
    file.shelve();
}

pub(super) fn long_title(kit: &mut Kit, take: &mut Take) {
    let end = (kit.one(words::SECOND), kit.one(words::FIRST), kit.one(words::SECOND));
    take.title = format!("{} Beyond the {} of {} {}", take.title, end.0, end.1, end.2);
}

/// Thirty bytes per field, all that ID3v1 had.
pub(super) fn cut(_: &mut Kit, _: &Take, file: &mut Planted) {
    for text in [&mut file.title, &mut file.artist, &mut file.album] {
        *text = text.chars().take(30).collect::<String>().trim_end().to_owned();
    }
    file.album_artist.clear();
    file.path = format!("Music/track{:02}.mp3", file.track);
}

pub(super) fn loud(kit: &mut Kit, _: &Take, file: &mut Planted) {
    let up = kit.coin();
    for text in [&mut file.title, &mut file.artist, &mut file.album, &mut file.album_artist] {
        *text = if up { text.to_uppercase() } else { text.to_lowercase() };
        *text = text.replace('\'', "’").replace(", ", ",").replace(" - ", " – ");
    }
    file.shelve();
}

pub(super) fn signs(kit: &mut Kit, take: &mut Take) {
    let (a, b) = (kit.one(words::FIRST), kit.one(words::SECOND));
    let title = kit.title();
    take.title = match kit.below(5) {
        0 => format!("Don't {a} the {b}'s {title}"),
        1 => format!("{title}, {a} & {b}?"),
        2 => format!("{title} / {b}"),
        3 => format!("...{title}!"),
        _ => format!("{a}-{b}: {title}"),
    };
    take.artists = vec![match kit.below(3) {
        0 => format!("{}/{}", &a.to_uppercase(), &b.to_uppercase()),
        1 => format!("{a}$ {b}!"),
        _ => format!("M.{}.{}.", a.chars().next().unwrap_or('A'), b.chars().next().unwrap_or('B')),
    }];
}

/// Signs left out or written otherwise, as in file systems and old taggers.
pub(super) fn signs_lost(kit: &mut Kit, _: &Take, file: &mut Planted) {
    for text in [&mut file.title, &mut file.artist, &mut file.album_artist] {
        *text = if kit.coin() {
            text.replace(['/', ':', '?', '!'], "_")
        } else {
            text.replace(['\'', ',', '.', '?', '!', '$'], "").replace('/', " ").replace('&', "and")
        };
    }
    file.shelve();
}

/// The habits of another tagger: numbers in titles, underscores, lower case, other brackets.
pub(super) fn restyled(kit: &mut Kit, take: &Take, file: &mut Planted) {
    match kit.below(4) {
        0 => file.title = format!("{:02}. {}", take.track, file.title),
        1 => file.title = file.title.to_lowercase().replace('(', "[").replace(')', "]"),
        2 => file.title = file.title.replace(' ', "_"),
        _ => file.title = format!("{} - {}", take.track, file.title),
    }
    if kit.coin() {
        file.artist = file.artist.to_lowercase();
    }
    file.album =
        format!("{} [{}] {}", take.album, take.year, kit.one(&["(320)", "[FLAC]", "(Bonus Tracks)", ""]));
    file.shelve();
}

/// What video sites and rippers add.
pub(super) fn junk(kit: &mut Kit, _: &Take, file: &mut Planted) {
    let added = kit.one(&[
        " (Official Video)",
        " [Official Audio]",
        " (Lyric Video)",
        " [HQ]",
        " (HD)",
        " (Lyrics)",
        " [320kbps]",
        " (Official Music Video) [4K]",
    ]);
    file.title.push_str(added);
    file.shelve();
}
