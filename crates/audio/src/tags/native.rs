//! A file's tags under their own names, as [`table`](crate::tags::table) knows them.
//!
//! lofty parses every format's tags; here its results become plain lists of names and texts. Rejected: lofty's common
//! keys, which hide what they do not know, so that neither chapters nor timed lyrics nor a user's own fields came
//! through, and which keep half of the names in another crate.

use ferrotape_domain::{Chapter, SyncedLyrics};
use lofty::ape::ApeTag;
use lofty::id3::v1::{GENRES, Id3v1Tag};
use lofty::id3::v2::{
    ChapterFrame, Frame, Id3v2Tag, SyncTextContentType, SynchronizedTextFrame, TimestampFormat,
};
use lofty::iff::aiff::AiffTextChunks;
use lofty::iff::wav::RiffInfoList;
use lofty::mp4::{Atom, AtomData, AtomIdent, Ilst};
use lofty::ogg::tag::VorbisComments;

use crate::tags::table::Row;

/// Most fields and chapters looked at.
const MOST_FIELDS: usize = 4_000;
/// Functions of people that have a frame name of their own; any other is an instrument or a voice.
const FUNCTIONS: [&str; 5] = ["arranger", "producer", "engineer", "mix", "DJ-mix"];

/// Which column of the table names a tag's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// ID3v2 of any version.
    Id3v2,
    /// ID3v1, under ID3v2's names.
    Id3v1,
    Vorbis,
    Mp4,
    Ape,
    /// RIFF INFO or AIFF's text chunks.
    Chunks,
}

impl Kind {
    /// The names of `row` in tags of this kind.
    pub(crate) fn names(self, row: &Row) -> impl Iterator<Item = &'static str> {
        let (names, more) = match self {
            Self::Id3v2 | Self::Id3v1 if row.id3v23 == "=" => (row.id3v24, ""),
            Self::Id3v2 | Self::Id3v1 => (row.id3v24, row.id3v23),
            Self::Vorbis => (row.vorbis, ""),
            Self::Mp4 => (row.mp4, ""),
            Self::Ape => (row.ape, ""),
            Self::Chunks => (row.chunks, ""),
        };
        names.split('|').chain(more.split('|')).filter(|name| !name.is_empty())
    }

    /// The user's own name for a field; `None` where names are the format's.
    pub(crate) fn user_name(self, name: &str) -> Option<&str> {
        match self {
            Self::Id3v2 => name.strip_prefix("TXXX:"),
            Self::Mp4 => name.strip_prefix("----:"),
            Self::Vorbis | Self::Ape => Some(name),
            Self::Id3v1 | Self::Chunks => None,
        }
    }
}

/// One tag of a file.
#[derive(Debug)]
pub(crate) struct NativeTag {
    pub(crate) kind: Kind,
    /// Names and texts in the tag's order; a field of several values stands several times.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) synced_lyrics: Option<SyncedLyrics>,
    pub(crate) chapters: Vec<Chapter>,
}

impl NativeTag {
    pub(crate) fn new(kind: Kind, fields: impl Iterator<Item = (String, String)>) -> Self {
        let fields = fields.take(MOST_FIELDS).collect();
        Self { kind, fields, synced_lyrics: None, chapters: Vec::new() }
    }
}

pub(crate) fn id3v2(tag: &Id3v2Tag) -> NativeTag {
    let mut found = NativeTag::new(Kind::Id3v2, tag.into_iter().flat_map(frame_fields));
    // Lyrics without a description are the lyrics; others may be a translation.
    found.fields.sort_by_key(|(name, _)| name.starts_with("USLT:"));
    for (name, _) in &mut found.fields {
        if name.starts_with("USLT:") {
            name.truncate(4);
        }
    }
    let chapters = tag.into_iter().filter_map(|frame| match frame {
        Frame::Chapter(chapter) => Some(chapter_of(chapter)),
        _ => None,
    });
    found.chapters = chapters.take(MOST_FIELDS).collect();
    found.chapters.sort_by_key(|chapter| (chapter.start_ms, chapter.end_ms));
    found.synced_lyrics = tag.into_iter().find_map(synced_lyrics);
    found
}

fn frame_fields(frame: &Frame<'_>) -> Vec<(String, String)> {
    let id = frame.id_str();
    let values = |name: &str, text: &str| -> Vec<(String, String)> {
        text.split('\0').map(|value| (name.to_owned(), value.to_owned())).collect()
    };
    match frame {
        Frame::Text(text) if id == "TCON" => genres(&text.value),
        Frame::Text(text) => values(id, &text.value),
        Frame::Timestamp(time) => values(id, &time.timestamp.to_string()),
        Frame::UserText(text) => values(&format!("TXXX:{}", text.description), &text.content),
        Frame::Url(link) => values(id, link.url()),
        Frame::UserUrl(link) => values(&format!("WXXX:{}", link.description), &link.content),
        // A described comment is some program's own note (iTunNORM, ID3v1 Comment), not the user's.
        Frame::Comment(comment) if comment.description.is_empty() => values(id, &comment.content),
        Frame::UnsynchronizedText(lyrics) if lyrics.description.is_empty() => values(id, &lyrics.content),
        Frame::UnsynchronizedText(lyrics) => values("USLT:", &lyrics.content),
        Frame::KeyValue(people) => {
            people.key_value_pairs.iter().map(|(role, name)| person(role, name)).collect()
        }
        Frame::UniqueFileIdentifier(id) => {
            values(&format!("UFID:{}", id.owner), &String::from_utf8_lossy(&id.identifier))
        }
        Frame::Binary(_) if id == "PCST" => values(id, "1"),
        _ => Vec::new(),
    }
}

/// `17`, `(17)`, `(17)Rock` and plain names, one or several.
fn genres(text: &str) -> Vec<(String, String)> {
    let mut tag = Id3v2Tag::new();
    let id = lofty::id3::v2::FrameId::Valid("TCON".into());
    let text = lofty::id3::v2::TextInformationFrame::new(id, lofty::TextEncoding::UTF8, text.to_owned());
    tag.insert(Frame::Text(text));
    let genres = tag.genres().into_iter().flatten().map(|genre| ("TCON".to_owned(), genre.to_owned()));
    genres.collect()
}

fn person(role: &str, name: &str) -> (String, String) {
    if let Some(function) = FUNCTIONS.iter().find(|function| function.eq_ignore_ascii_case(role.trim())) {
        (format!("TIPL:{function}"), name.to_owned())
    } else if role.trim().is_empty() || role.trim().eq_ignore_ascii_case("performer") {
        ("TMCL:*".to_owned(), name.to_owned())
    } else {
        ("TMCL:*".to_owned(), format!("{} ({})", name.trim(), role.trim()))
    }
}

fn chapter_of(chapter: &ChapterFrame<'_>) -> Chapter {
    let title = chapter.children.iter().find_map(|frame| match frame {
        Frame::Text(text) if frame.id_str() == "TIT2" => Some(text.value.replace('\0', " ")),
        _ => None,
    });
    Chapter {
        title: title.unwrap_or_default().chars().take(1_000).collect(),
        start_ms: chapter.times.start.into(),
        end_ms: chapter.times.end.into(),
    }
}

fn synced_lyrics(frame: &Frame<'_>) -> Option<SyncedLyrics> {
    let Frame::Binary(binary) = frame else { return None };
    if frame.id_str() != "SYLT" {
        return None;
    }
    let found = SynchronizedTextFrame::parse(&binary.data, frame.flags()).ok()?;
    let fits =
        found.timestamp_format == TimestampFormat::MS && found.content_type == SyncTextContentType::Lyrics;
    let language = String::from_utf8_lossy(&found.language).to_lowercase();
    let lines = found.content.into_iter().take(20_000);
    fits.then(|| SyncedLyrics {
        language: Some(language)
            .filter(|language| language != "xxx" && language != "und")
            .unwrap_or_default(),
        description: found.description.unwrap_or_default(),
        lines: lines.map(|(at, text)| (at, text.trim_start_matches('\n').to_owned())).collect(),
    })
}

pub(crate) fn id3v1(tag: &Id3v1Tag) -> NativeTag {
    let genre = tag.genre.and_then(|genre| GENRES.get(usize::from(genre))).map(ToString::to_string);
    let fields = [
        ("TIT2", tag.title.clone()),
        ("TPE1", tag.artist.clone()),
        ("TALB", tag.album.clone()),
        ("TDRC", tag.year.map(|year| format!("{year:04}"))),
        ("COMM", tag.comment.clone()),
        ("TRCK", tag.track_number.map(|number| number.to_string())),
        ("TCON", genre),
    ];
    NativeTag::new(Kind::Id3v1, fields.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?))))
}

pub(crate) fn vorbis(tag: &VorbisComments) -> NativeTag {
    vorbis_fields(tag.items().map(|(name, text)| (name.to_owned(), text.to_owned())))
}

/// Vorbis comments from whoever read them.
pub(crate) fn vorbis_fields(fields: impl Iterator<Item = (String, String)>) -> NativeTag {
    let mut found = NativeTag::new(Kind::Vorbis, fields);
    found.chapters = vorbis_chapters(&found.fields);
    found.fields.retain(|(name, _)| chapter_number(name).is_none());
    found
}

/// `CHAPTER001=00:01:02.500` and `CHAPTER001NAME=…`; a chapter ends where the next begins.
fn vorbis_chapters(fields: &[(String, String)]) -> Vec<Chapter> {
    let numbered = || fields.iter().filter_map(|(name, text)| Some((chapter_number(name)?, text)));
    let mut chapters = Vec::new();
    for ((number, is_name), text) in numbered() {
        if let Some(start_ms) = clock_ms(text).filter(|_| !is_name) {
            let title = numbered().find(|((other, is_name), _)| *is_name && *other == number);
            let title = title.map(|(_, text)| text.chars().take(1_000).collect()).unwrap_or_default();
            chapters.push(Chapter { title, start_ms, end_ms: u32::MAX.into() });
        }
        if chapters.len() >= 1_000 {
            break;
        }
    }
    chapters.sort_by_key(|chapter| chapter.start_ms);
    let starts: Vec<u64> = chapters.iter().skip(1).map(|chapter| chapter.start_ms).collect();
    for (chapter, next) in chapters.iter_mut().zip(starts) {
        chapter.end_ms = next;
    }
    chapters
}

/// The number in `CHAPTER001` or `CHAPTER001NAME`, and whether it is the name.
fn chapter_number(name: &str) -> Option<(u32, bool)> {
    let upper = name.to_ascii_uppercase();
    let rest = upper.strip_prefix("CHAPTER")?;
    let (digits, is_name) = rest.strip_suffix("NAME").map_or((rest, false), |digits| (digits, true));
    Some((digits.parse().ok().filter(|_| digits.len() <= 4)?, is_name))
}

/// `HH:MM:SS.mmm`.
fn clock_ms(text: &str) -> Option<u64> {
    let mut parts = text.trim().split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = |text: &str| text.parse::<u64>().ok().filter(|value| *value < 10_000);
    let seconds = seconds.parse::<f64>().ok().filter(|seconds| (0.0..60.0).contains(seconds))?;
    Some((whole(hours)? * 60 + whole(minutes)?) * 60_000 + (seconds * 1_000.0).round() as u64)
}

pub(crate) fn mp4(tag: &Ilst) -> NativeTag {
    // spotDL marks as clean whatever is not explicit.
    let is_of_spotdl = tag
        .into_iter()
        .any(|atom| matches!(atom.ident(), AtomIdent::Freeform { mean, .. } if mean == "spotdl"));
    let fields = tag.into_iter().flat_map(atom_fields);
    let says_little = |(name, text): &(String, String)| is_of_spotdl && name == "rtng" && text == "2";
    NativeTag::new(Kind::Mp4, fields.filter(|field| !says_little(field)))
}

fn atom_fields(atom: &Atom<'_>) -> Vec<(String, String)> {
    let name = match atom.ident() {
        AtomIdent::Fourcc(letters) => letters.iter().map(|letter| char::from(*letter)).collect(),
        AtomIdent::Freeform { mean, name } if mean == "com.apple.iTunes" => format!("----:{name}"),
        AtomIdent::Freeform { .. } => return Vec::new(),
    };
    let texts = atom.data().filter_map(|data| match data {
        AtomData::UTF8(text) | AtomData::UTF16(text) => Some(text.clone()),
        AtomData::SignedInteger(number) => Some(number.to_string()),
        AtomData::UnsignedInteger(number) => Some(number.to_string()),
        AtomData::Bool(yes) => Some(u8::from(*yes).to_string()),
        AtomData::Unknown { data, .. } => binary_atom(&name, data),
        AtomData::Picture(_) => None,
    });
    let texts = texts.filter(|text| name != "rtng" || text != "0");
    texts
        .map(|text| (name.clone(), if name == "rtng" && text == "4" { "1".to_owned() } else { text }))
        .collect()
}

/// Number and total, two bytes each behind two of nothing; small numbers without a type.
fn binary_atom(name: &str, bytes: &[u8]) -> Option<String> {
    match (name, bytes) {
        ("trkn" | "disk", [_, _, high, low, total_high, total_low, ..]) => {
            let (number, total) =
                (u16::from_be_bytes([*high, *low]), u16::from_be_bytes([*total_high, *total_low]));
            Some(format!("{number}/{total}"))
        }
        ("rtng" | "pcst" | "shwm" | "cpil", [number]) => Some(number.to_string()),
        ("©mvi" | "©mvc" | "tmpo", [high, low]) => Some(u16::from_be_bytes([*high, *low]).to_string()),
        ("purl" | "egid" | "catg" | "keyw" | "desc" | "ldes", text) => String::from_utf8(text.to_vec()).ok(),
        _ => None,
    }
}

pub(crate) fn ape(tag: &ApeTag) -> NativeTag {
    let fields = tag.into_iter().flat_map(|entry| {
        let texts: Vec<String> = match entry.value() {
            lofty::tag::ItemValue::Text(text) | lofty::tag::ItemValue::Locator(text) => {
                text.split('\0').map(str::to_owned).collect()
            }
            lofty::tag::ItemValue::Binary(_) => Vec::new(),
        };
        texts.into_iter().map(|text| (entry.key().to_owned(), text)).collect::<Vec<_>>()
    });
    NativeTag::new(Kind::Ape, fields)
}

pub(crate) fn riff(tag: &RiffInfoList) -> NativeTag {
    NativeTag::new(Kind::Chunks, tag.into_iter().map(|(name, text)| (name.clone(), text.clone())))
}

pub(crate) fn aiff(tag: &AiffTextChunks) -> NativeTag {
    let one =
        |name: &str, text: &Option<String>| text.iter().map(|text| (name.to_owned(), text.clone())).collect();
    let notes = tag.annotations.iter().flatten().map(|text| ("ANNO".to_owned(), text.clone()));
    let comments = tag.comments.iter().flatten().map(|comment| ("ANNO".to_owned(), comment.text.clone()));
    let fields: [Vec<(String, String)>; 3] =
        [one("NAME", &tag.name), one("AUTH", &tag.author), one("(c) ", &tag.copyright)];
    NativeTag::new(Kind::Chunks, fields.into_iter().flatten().chain(notes).chain(comments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vorbis_chapters_end_where_the_next_begins() {
        let field = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let tag = vorbis_fields(
            [
                field("CHAPTER002", "00:01:02.500"),
                field("CHAPTER001", "00:00:00.000"),
                field("CHAPTER001NAME", "Dawn"),
                field("CHAPTER0x", "00:00:09"),
                field("Title", "A"),
            ]
            .into_iter(),
        );
        let ends: Vec<_> = tag.chapters.iter().map(|c| (c.title.as_str(), c.start_ms, c.end_ms)).collect();
        assert_eq!(ends, [("Dawn", 0, 62_500), ("", 62_500, u32::MAX.into())]);
        assert_eq!(tag.fields, [field("CHAPTER0x", "00:00:09"), field("Title", "A")]);
    }
}
