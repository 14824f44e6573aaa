//! What a file's name and folders say, where tags are missing or cut.

use std::borrow::Cow;

use crate::readings::copy_marks::without_copy_mark;
use crate::readings::disc_folders::folders_between;
use crate::readings::labels::with_label_in_brackets;

/// A file's name without its ending, and two of its folders.
#[derive(Debug, Clone)]
pub(crate) struct PathWords<'a> {
    /// File name without ending, underscores as spaces, without a leading track number.
    pub(crate) stem: Cow<'a, str>,
    /// The name as it stands, without its ending.
    raw: &'a str,
    /// The folder that is often the album.
    pub(crate) parent: &'a str,
    /// The folder above, often the artist.
    pub(crate) grandparent: &'a str,
    /// Whether no folder was passed over.
    pub(crate) is_nearest: bool,
}

/// One way to read a file's name.
#[derive(Debug)]
pub(crate) struct NameRead {
    pub(crate) text: String,
    /// Whether numbers before its pieces are words of them: `Mara Quill - 99 Lanterns`.
    pub(crate) keeps_numbers: bool,
    /// Whether a mark was cut off that may as well tell of a part: `Ebb (2)`.
    pub(crate) may_be_part: bool,
}

/// Folders that say nothing of what they hold.
const GENERIC: &[&str] = &[
    "",
    "_",
    "-",
    "music",
    "musik",
    "musique",
    "musica",
    "downloads",
    "download",
    "incoming",
    "various",
    "various artists",
    "mp3",
    "flac",
    "songs",
    "audio",
    "unknown",
    "unknown artist",
    "unknown album",
    "desktop",
    "documents",
    "home",
    "mnt",
    "media",
];

impl<'a> PathWords<'a> {
    /// Folders of discs, sides and formats are passed over: `Artist/Album/CD 1/01 Name.mp3`.
    pub(crate) fn of(path: &'a str) -> Self {
        Self::passing(path, folders_between(path))
    }

    /// With the nearest folder as the album's, whatever it is called.
    pub(crate) fn nearest(path: &'a str) -> Self {
        Self::passing(path, 0)
    }

    /// Other ways to read the folders, where the first names nobody who is wanted: as they stand, `Artist/FLAC/Name.mp3`; and
    /// with the album's passed over as well, which may only say of a version, `Artist/Album/Live/Name.mp3`.
    pub(crate) fn otherwise(path: &'a str) -> impl Iterator<Item = Self> {
        let between = folders_between(path);
        let nearest = (between > 0).then(|| Self::nearest(path));
        let above = path.rmatch_indices(['/', '\\']).nth(between + 1).and_then(|(at, _)| path.get(..=at));
        let beyond = above.map_or(0, folders_between);
        nearest.into_iter().chain(std::iter::once(Self::passing(path, between + 1 + beyond)))
    }

    fn passing(path: &'a str, between: usize) -> Self {
        let named = |part: Option<&'a str>| {
            part.filter(|part| !GENERIC.contains(&part.trim().to_lowercase().as_str())).unwrap_or_default()
        };
        let mut folders = path.rsplit(['/', '\\']).skip(1 + between);
        let parent = named(folders.next());
        let grandparent = named(folders.next());
        let raw = raw_stem(path);
        Self { stem: unnumbered(spaced(raw)), raw, parent, grandparent, is_nearest: between == 0 }
    }

    /// Only the name.
    pub(crate) fn stem_of(path: &'a str) -> Cow<'a, str> {
        unnumbered(Self::numbered_stem_of(path))
    }

    /// Only the name, with the number that begins it: a track's, or the first word of artist or title.
    pub(crate) fn numbered_stem_of(path: &'a str) -> Cow<'a, str> {
        spaced(raw_stem(path))
    }

    /// Every way to read the name, the usual one first: without a track's number, without a place on a record (`A1 Ebb`),
    /// with numbers as words of artist and title, without the mark of a copy, and with a label behind it in brackets.
    pub(crate) fn names(&self) -> Vec<NameRead> {
        let mut names = Vec::new();
        add_names(&mut names, self.raw, false);
        if let Some((text, is_sure)) = without_copy_mark(self.raw) {
            add_names(&mut names, text, !is_sure);
        }
        // `Ebb HQ`
        if let Some((text, is_sure)) = with_label_in_brackets(&spaced(self.raw)) {
            add_names(&mut names, &text, !is_sure);
        }
        names
    }
}

/// Letters of the id of a video.
const VIDEO_ID: usize = 11;

fn add_names(names: &mut Vec<NameRead>, raw: &str, may_be_part: bool) {
    let mut add = |text: &str, keeps_numbers: bool| {
        names.push(NameRead { text: text.to_owned(), keeps_numbers, may_be_part });
    };
    let whole = spaced(raw);
    let bare = without_track_number(&whole);
    add(bare, false);
    if let Some(named) = without_side_number(bare) {
        add(named, false);
    }
    if whole.bytes().any(|b| b.is_ascii_digit()) {
        add(bare, true);
        if bare.len() < whole.len() {
            add(&whole, true);
        }
    }
}

/// A file's name without its ending and without the id of a video.
fn raw_stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 5 => stem,
        _ => name,
    };
    without_video_id(stem)
}

/// `Artist - Name [dQw4w9WgXcQ]` and `Artist - Name-dQw4w9WgXcQ` without the id of a video, as programs that save those write it.
/// No word changes so often between capitals, small letters and digits.
fn without_video_id(stem: &str) -> &str {
    let in_brackets = || stem.strip_suffix(']').and_then(|stem| stem.rsplit_once('['));
    let behind_dash = || {
        let (name, id) = stem.split_at_checked(stem.len().checked_sub(VIDEO_ID)?)?;
        Some((name.strip_suffix('-')?, id))
    };
    let Some((name, id)) = in_brackets().or_else(behind_dash) else { return stem };
    let kind = |byte: u8| match byte {
        b'a'..=b'z' => Some(0),
        b'A'..=b'Z' => Some(1),
        b'0'..=b'9' => Some(2),
        b'-' | b'_' => Some(3),
        _ => None,
    };
    let kinds: Option<Vec<i32>> = id.bytes().map(kind).collect();
    let changes = kinds.map_or(0, |kinds| kinds.windows(2).filter(|two| two.first() != two.last()).count());
    let is_id = id.len() == VIDEO_ID && changes >= 5;
    if is_id && !name.trim().is_empty() { name.trim_end() } else { stem }
}

/// With spaces for underscores, and around a dash that separates.
fn spaced(stem: &str) -> Cow<'_, str> {
    if stem.contains(' ') || !stem.contains(['_', '-']) {
        Cow::Borrowed(stem)
    } else if stem.contains('_') {
        // "Some_Artist-Some_Title": here a bare dash separates.
        let mut spaced = stem.replace("_-_", " - ").replace('_', " ");
        let bare = |text: &str, at: usize| {
            let before = text.get(..at).is_some_and(|t| !t.ends_with(' '));
            before && text.get(at + 1..).is_some_and(|t| !t.starts_with(' '))
        };
        let tight: Vec<usize> =
            spaced.match_indices('-').map(|(at, _)| at).filter(|at| bare(&spaced, *at)).collect();
        if let [only] = tight.as_slice() {
            spaced.replace_range(*only..=*only, " - ");
        }
        Cow::Owned(spaced)
    } else if stem.matches('-').count() == 1 {
        Cow::Owned(stem.replace('-', " - "))
    } else {
        Cow::Borrowed(stem)
    }
}

fn unnumbered(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(without_track_number(text)),
        Cow::Owned(text) => Cow::Owned(without_track_number(&text).to_owned()),
    }
}

/// `01 - Name`, `01. Name`, `1-01 Name`, `01 Name` without the number; a name that is only a number stays.
pub(crate) fn without_track_number(text: &str) -> &str {
    let trimmed = text.trim_start();
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return text;
    }
    let Some(mut rest) = trimmed.get(digits..) else { return text };
    if let Some(after) = rest.strip_prefix(['-', '.']) {
        let more = after.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=2).contains(&more) && after.as_bytes().get(more).is_some_and(|b| *b == b' ' || *b == b'.') {
            rest = after.get(more..).unwrap_or(rest);
        }
    }
    let named = rest.trim_start_matches(['.', '-', ' ', '_', ')']);
    let separated = rest.len() > named.len();
    // Bare "7 Rings" may be a title; "07 Rings", "7. Rings", "7 - Rings" are not.
    let padded = trimmed.starts_with('0') || digits == 2 || rest.trim_start() != named;
    if separated && padded && !named.is_empty() { named } else { text }
}

/// `A1 Name`, `B2 - Name`, `c3. Name`: a name without its place on a record; `None` where it begins with none. It may as
/// well be part of the title, so a title without it only stands beside the whole one.
pub(crate) fn without_side_number(text: &str) -> Option<&str> {
    let numbered = text.trim_start().strip_prefix(|side: char| matches!(side, 'a'..='h' | 'A'..='H'))?;
    let digits = numbered.bytes().take_while(u8::is_ascii_digit).count();
    let rest = numbered.get(digits..).filter(|_| (1..=2).contains(&digits))?;
    let named = rest.trim_start_matches(['.', '-', '–', ' ', '_', ')']);
    (rest.len() > named.len() && !named.is_empty()).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_lose_numbers_and_underscores() {
        assert_eq!(PathWords::of("Artist/Album/01 - Name.mp3").stem, "Name");
        assert_eq!(PathWords::of("A/B/1-07. Name.flac").stem, "Name");
        assert_eq!(PathWords::of("A/B/Some_Artist-Some_Title.ogg").stem, "Some Artist - Some Title");
        assert_eq!(PathWords::of("A/B/7 Rings.mp3").stem, "7 Rings");
        assert_eq!(PathWords::of("A/B/1979.mp3").stem, "1979");
        assert_eq!(PathWords::of("Music/Name.mp3").parent, "");
    }

    #[test]
    fn a_number_that_begins_a_name_may_be_a_word_of_it() {
        let names = |path: &str| {
            let names = PathWords::of(path).names();
            let read = |name: NameRead| (name.text, name.keeps_numbers, name.may_be_part);
            names.into_iter().map(read).collect::<Vec<_>>()
        };
        let name = |text: &str, keeps: bool, part: bool| (text.to_owned(), keeps, part);
        assert_eq!(names("A/B/Ebb.mp3"), [name("Ebb", false, false)]);
        let ninety = [name("Lanterns", false, false), name("Lanterns", true, false)];
        assert_eq!(names("99 Lanterns.mp3"), [&ninety[..], &[name("99 Lanterns", true, false)]].concat());
        let whole = ["99 Lanterns", "10 99 Lanterns"].map(|text| name(text, true, false));
        assert_eq!(names("10 99 Lanterns.mp3")[1..], whole);
        assert_eq!(names("Ebb (2).mp3").last(), Some(&name("Ebb", false, true)));
        assert_eq!(names("Ebb - Copy.mp3").last(), Some(&name("Ebb", false, false)));
    }

    #[test]
    fn folders_between_album_and_file_are_passed_over() {
        let folders = |path| {
            let words = PathWords::of(path);
            (words.parent, words.grandparent)
        };
        for path in [
            "Mara Quill/Low Water/02 Ebb.mp3",
            "Mara Quill/Low Water/CD1/02 Ebb.mp3",
            "Mara Quill/Low Water/Disk 1/FLAC/02 Ebb.mp3",
            "Mara Quill\\Low Water\\CD 2 - Live\\02 Ebb.mp3",
        ] {
            assert_eq!(folders(path), ("Low Water", "Mara Quill"), "{path}");
        }
        assert_eq!(folders("x/Mara Quill - Low Water/CD1/Ebb.mp3"), ("Mara Quill - Low Water", "x"));
        assert_eq!(folders("Music/Mara Quill - Low Water/CD1/Ebb.mp3"), ("Mara Quill - Low Water", ""));
        assert_eq!(folders("Music/Low Water/FLAC/Ebb.mp3"), ("Low Water", ""));
        assert_eq!(folders("CD1/Ebb.mp3"), ("", ""));
        let otherwise = |path| {
            let all = PathWords::otherwise(path);
            all.map(|words| (words.parent, words.grandparent)).collect::<Vec<_>>()
        };
        assert_eq!(otherwise("Mara Quill/Low Water/Live/Ebb.mp3"), [("Low Water", "Mara Quill")]);
        assert_eq!(otherwise("a/Mara Quill/FLAC/Ebb.mp3"), [("", "Mara Quill"), ("a", "")]);
        let discs = otherwise("Mara Quill/Low Water/CD1/Live/MP3/Ebb.mp3");
        assert_eq!(discs, [("", "Live"), ("Low Water", "Mara Quill")]);
    }

    #[test]
    fn ids_of_videos_are_no_words() {
        let stem = |name: &str| PathWords::stem_of(name).into_owned();
        assert_eq!(stem("Mara Quill - Ebb [dQw4w9WgXcQ].mp3"), "Mara Quill - Ebb");
        assert_eq!(stem("Mara Quill - Ebb (Live) [a-1Bc_9xYz0].opus"), "Mara Quill - Ebb (Live)");
        assert_eq!(stem("Mara Quill - Ebb-dQw4w9WgXcQ.mp3"), "Mara Quill - Ebb");
        assert_eq!(stem("Mara Quill - Ebb-a-1Bc_9xYz0.mp3"), "Mara Quill - Ebb");
        assert_eq!(stem("Mara Quill - Ebb-LiveOslo123.mp3"), "Mara Quill - Ebb-LiveOslo123");
        for name in ["Ebb [Performance]", "Ebb [DemoVersion]", "Ebb [LiveOslo123]", "[dQw4w9WgXcQ]", "Ebb []"]
        {
            assert_eq!(stem(&format!("{name}.mp3")), name);
        }
    }

    #[test]
    fn a_place_on_a_record_is_no_title() {
        for text in ["A1 Ebb", "b2 - Ebb", "C3. Ebb", "D4) Ebb", "A10_Ebb", "H1-Ebb"] {
            assert_eq!(without_side_number(text), Some("Ebb"), "{text}");
        }
        for text in ["A1", "A1 ", "U2 Ebb", "A Ebb", "Ebb A1", "A1Ebb", "A100 Ebb", "1A Ebb", ""] {
            assert_eq!(without_side_number(text), None, "{text}");
        }
    }
}
