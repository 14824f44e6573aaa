//! The ID3v2 tag in front of an MP3, in the style a player needs, of a size that is fixed in advance.
//!
//! The size is reserved before the sound is encoded and the tag written when the loudness is known; what is
//! left over is padding. The `id3` crate writes the tag; timed lyrics (it ends them with a stray byte, and other
//! readers then refuse the frame) and Apple's frames that it does not know are given to it as bytes.
//! Rejected: unsynchronisation (some players mishear it).

use ferrotape_domain::{Chapter, Cover, ReplayGain, SyncedLyrics, TagSet};
use id3::frame::{
    Comment, Content, ExtendedLink, ExtendedText, InvolvedPeopleList, InvolvedPeopleListItem, Lyrics,
    Picture, PictureType, TableOfContents, UniqueFileIdentifier, Unknown,
};
use id3::{Encoder, Encoding, Frame, Tag, TagLike, Version};

use crate::tags::gain::{self, GainForm};
use crate::tags::style::{Id3Version, TagStyle, TextStyle, ValueStyle};
use crate::tags::table::{Row, TABLE};

/// Longest text of an ordinary field, of one that may have lines, and of lyrics, in characters.
const MOST_TEXT: usize = 1_000;
const MOST_LINES: usize = 4_000;
const MOST_LYRICS: usize = 100_000;
/// A table of contents has one byte for its number of entries; longer ones are tables of tables.
const MOST_IN_ONE_TABLE: usize = 255;
const MOST_CHAPTERS: usize = 4_000;

/// The size a tag needs with the longest gains there are, of the track and of its album, and its padding.
pub(crate) fn reserved_size(
    tags: &TagSet,
    cover: Option<&Cover>,
    (style, form): (&TagStyle, Option<GainForm>),
) -> Result<usize, String> {
    let mut longest = tags.clone();
    longest.track_gain = Some(ReplayGain { gain_db: -99.99, peak: 99.999_999 });
    longest.album_gain = longest.track_gain;
    Ok(encode(&longest, cover, (style, form))?.len() + usize::from(style.padding_bytes))
}

/// The tag, exactly `size` bytes long.
pub(crate) fn tag_of_size(
    tags: &TagSet,
    cover: Option<&Cover>,
    shape: (&TagStyle, Option<GainForm>),
    size: usize,
) -> Result<Vec<u8>, String> {
    let mut bytes = encode(tags, cover, shape)?;
    if bytes.len() > size {
        return Err("the tag grew after its room was reserved".to_owned());
    }
    bytes.resize(size, 0);
    let body = u32::try_from(size - 10).ok().filter(|body| *body < 1 << 28).ok_or("the tag is too large")?;
    let field = [body >> 21 & 127, body >> 14 & 127, body >> 7 & 127, body & 127].map(|part| part as u8);
    if let Some(place) = bytes.get_mut(6..10) {
        place.copy_from_slice(&field);
    }
    Ok(bytes)
}

fn encode(
    tags: &TagSet,
    cover: Option<&Cover>,
    (style, form): (&TagStyle, Option<GainForm>),
) -> Result<Vec<u8>, String> {
    let writer = Writer::new(*style);
    let mut tag = Tag::with_version(writer.version);
    let mut add = |frame: Frame| {
        tag.add_frame(frame);
    };
    if form == Some(GainForm::R128) {
        let gains = gain::r128(tags).into_iter().filter_map(|(name, text)| Some((name, text?)));
        gains.flat_map(|(name, text)| writer.frames_of("TXXX", name, vec![text])).for_each(&mut add);
    }
    let tags = &gain::with_form(tags, form.filter(|form| *form == GainForm::ReplayGain));
    writer.people(tags).into_iter().for_each(&mut add);
    writer
        .texts(tags)
        .into_iter()
        .flat_map(|(place, values)| writer.frames(place, values))
        .for_each(&mut add);
    if let Some(more) = &tags.more {
        for (name, values) in &more.user {
            let values = writer.fitted("TXXX", values, "; ");
            writer.frames_of("TXXX", name, values).into_iter().for_each(&mut add);
        }
        more.synced_lyrics.iter().filter(|lyrics| !lyrics.lines.is_empty()).for_each(|lyrics| {
            add(writer.synced_lyrics(lyrics));
        });
        writer.chapters(&more.chapters).into_iter().for_each(&mut add);
    }
    cover.map(picture).into_iter().for_each(&mut add);
    let mut bytes = Vec::new();
    Encoder::new().version(writer.version).encode(&tag, &mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Latin-1, which has no say in a picture but is what car units insist on.
fn picture(cover: &Cover) -> Frame {
    let kind = if cover.picture.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    let picture = Picture {
        mime_type: kind.to_owned(),
        picture_type: PictureType::CoverFront,
        description: String::new(),
        data: cover.picture.clone(),
    };
    Frame::with_content("APIC", Content::Picture(picture)).set_encoding(Some(Encoding::Latin1))
}

struct Writer {
    style: TagStyle,
    version: Version,
    /// For texts that are not, or must not be, Latin-1.
    unicode: Encoding,
}

impl Writer {
    fn new(style: TagStyle) -> Self {
        let version = match style.version {
            Id3Version::V23 => Version::Id3v23,
            Id3Version::V24 => Version::Id3v24,
        };
        let unicode = match (style.version, style.text) {
            (Id3Version::V24, TextStyle::Utf8 | TextStyle::Latin1WherePossible) => Encoding::UTF8,
            _ => Encoding::UTF16,
        };
        Self { style, version, unicode }
    }

    /// Where `row` is written to; empty when it is not.
    fn place(&self, row: &Row) -> &'static str {
        let names = match self.style.version {
            Id3Version::V23 if row.id3v23 != "=" => row.id3v23,
            _ => row.id3v24,
        };
        names.split('|').next().unwrap_or_default()
    }

    fn encoding(&self, texts: &[&str]) -> Encoding {
        let latin = || texts.iter().all(|text| text.chars().all(|letter| u32::from(letter) <= 0xff));
        match self.style.text {
            TextStyle::Latin1WherePossible if latin() => Encoding::Latin1,
            _ => self.unicode,
        }
    }

    fn texts(&self, tags: &TagSet) -> Vec<(&'static str, Vec<String>)> {
        let mut texts: Vec<(&'static str, Vec<String>)> = Vec::new();
        for row in TABLE {
            let place = self.place(row);
            if place.is_empty() || is_people(place) {
                continue;
            }
            let values = self.fitted(place, &row.access.get(tags), row.between);
            match (place.strip_suffix('/'), values.first()) {
                (_, None) => {}
                (None, _) => texts.push((place, values)),
                (Some(number), Some(total)) if self.style.totals || number == "MVIN" => {
                    let number = texts.iter_mut().find(|(place, _)| *place == number);
                    let number = number.and_then(|(_, values)| values.first_mut());
                    number.into_iter().for_each(|number| *number = format!("{number}/{total}"));
                }
                _ => {}
            }
        }
        texts
    }

    /// `values` cleaned, without empty ones, and joined where the style has room for one only.
    fn fitted(&self, place: &str, values: &[String], between: &str) -> Vec<String> {
        let values: Vec<String> =
            values.iter().map(|text| clean(place, text)).filter(|text| !text.is_empty()).collect();
        let separate = self.style.values == ValueStyle::Separate && self.style.version == Id3Version::V24;
        match values.as_slice() {
            [] | [_] => values,
            [first, ..] if between.is_empty() => vec![first.clone()],
            // What Latin-1 would need NUL for, and only text frames may have several values.
            _ if separate && place.starts_with('T') => values,
            _ => vec![clean(place, &values.join(between))],
        }
    }

    /// The frame for `values`, or one each for links that may stand several times.
    fn frames(&self, place: &str, values: Vec<String>) -> Vec<Frame> {
        match place.split_once(':') {
            Some((id, description)) => self.frames_of(id, description, values),
            None if place.starts_with('W') => {
                let links = values.into_iter().map(|link| Content::Link(web_address(&link)));
                links.map(|link| Frame::with_content(place, link)).collect()
            }
            None => self.frames_of(place, "", values),
        }
    }

    fn frames_of(&self, id: &str, description: &str, values: Vec<String>) -> Vec<Frame> {
        let value = values.join("\0");
        if value.is_empty() {
            return Vec::new();
        }
        let (lang, description) = ("und".to_owned(), description.to_owned());
        let encoding = self.encoding(&[&description, &value]);
        let content = match id {
            "TXXX" => Content::ExtendedText(ExtendedText { description, value }),
            "WXXX" => Content::ExtendedLink(ExtendedLink { description, link: web_address(&value) }),
            "UFID" => Content::UniqueFileIdentifier(UniqueFileIdentifier {
                owner_identifier: description,
                identifier: value.into_bytes(),
            }),
            "COMM" => Content::Comment(Comment { lang, description, text: value }),
            "USLT" => Content::Lyrics(Lyrics { lang, description, text: value }),
            "PCST" => self.bytes(vec![0; 4]),
            "MVNM" | "MVIN" => self.bytes([vec![number_of(encoding)], letters(encoding, &value)].concat()),
            _ => Content::Text(value),
        };
        vec![Frame::with_content(id, content).set_encoding(Some(encoding))]
    }

    fn bytes(&self, data: Vec<u8>) -> Content {
        Content::Unknown(Unknown { data, version: self.version })
    }

    /// The frames that list people and what they did. ID3v2.3 has one for all of them.
    fn people(&self, tags: &TagSet) -> Vec<Frame> {
        let mut lists: Vec<(&str, Vec<InvolvedPeopleListItem>)> = Vec::new();
        for row in TABLE {
            let Some((id, role)) = self.place(row).split_once(':').filter(|(id, _)| is_people(id)) else {
                continue;
            };
            for name in row.access.get(tags).iter().map(|name| clean(id, name)) {
                let (involvee, involvement) =
                    match name.strip_suffix(')').and_then(|name| name.rsplit_once(" (")) {
                        Some((name, instrument)) if role == "*" => {
                            (name.trim().to_owned(), instrument.to_owned())
                        }
                        _ if role == "*" => (name, "performer".to_owned()),
                        _ => (name, role.to_owned()),
                    };
                let person = InvolvedPeopleListItem { involvement, involvee };
                match lists.iter_mut().find(|(known, _)| *known == id) {
                    _ if person.involvee.is_empty() => {}
                    Some((_, people)) => people.push(person),
                    None => lists.push((id, vec![person])),
                }
            }
        }
        let frames = lists.into_iter().map(|(id, items)| {
            let names: Vec<&str> = items
                .iter()
                .flat_map(|person| [person.involvement.as_str(), person.involvee.as_str()])
                .collect();
            let encoding = self.encoding(&names);
            Frame::with_content(id, Content::InvolvedPeopleList(InvolvedPeopleList { items }))
                .set_encoding(Some(encoding))
        });
        frames.collect()
    }

    fn synced_lyrics(&self, lyrics: &SyncedLyrics) -> Frame {
        let description = clean("SYLT", &lyrics.description);
        let lines: Vec<(u32, String)> =
            lyrics.lines.iter().take(20_000).map(|(at, text)| (*at, clean("SYLT", text))).collect();
        let mut texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        texts.push(&description);
        let encoding = self.encoding(&texts);
        let letters = |text: &str| [letters(encoding, text), ending(encoding).to_vec()].concat();
        let mut data = vec![number_of(encoding)];
        let language = lyrics.language.as_bytes();
        data.extend(<[u8; 3]>::try_from(language).ok().filter(|code| code.is_ascii()).unwrap_or(*b"und"));
        // Times in milliseconds, of lyrics.
        data.extend([2, 1]);
        data.extend(letters(&description));
        for (at, text) in lines {
            data.extend(letters(&text));
            data.extend(at.to_be_bytes());
        }
        Frame::with_content("SYLT", self.bytes(data))
    }

    /// The chapters, and the tables of contents that put them in order.
    fn chapters(&self, chapters: &[Chapter]) -> Vec<Frame> {
        let chapters = chapters.get(..MOST_CHAPTERS).unwrap_or(chapters);
        let mut frames: Vec<Frame> =
            chapters.iter().enumerate().map(|(at, chapter)| self.chapter(at, chapter)).collect();
        let ids: Vec<String> = (0..chapters.len()).map(|at| format!("chp{at}")).collect();
        let table = |id: &str, top_level: bool, elements: Vec<String>| {
            let (element_id, frames) = (id.to_owned(), Vec::new());
            let table = TableOfContents { element_id, top_level, ordered: true, elements, frames };
            Frame::with_content("CTOC", Content::TableOfContents(table))
        };
        if ids.len() > MOST_IN_ONE_TABLE {
            let parts: Vec<String> =
                (0..ids.len().div_ceil(MOST_IN_ONE_TABLE)).map(|at| format!("toc{at}")).collect();
            let tables = parts.iter().zip(ids.chunks(MOST_IN_ONE_TABLE));
            frames.extend(tables.map(|(id, elements)| table(id, false, elements.to_vec())));
            frames.push(table("toc", true, parts));
        } else if !ids.is_empty() {
            frames.push(table("toc", true, ids));
        }
        frames
    }

    fn chapter(&self, at: usize, chapter: &Chapter) -> Frame {
        let title = self.frames_of("TIT2", "", vec![clean("TIT2", &chapter.title)]);
        let clock = |ms: u64| u32::try_from(ms).unwrap_or(u32::MAX);
        let content = id3::frame::Chapter {
            element_id: format!("chp{at}"),
            start_time: clock(chapter.start_ms),
            end_time: clock(chapter.end_ms),
            // Times hold, not places in the file.
            start_offset: u32::MAX,
            end_offset: u32::MAX,
            frames: title,
        };
        Frame::with_content("CHAP", Content::Chapter(content))
    }
}

fn is_people(place: &str) -> bool {
    ["TIPL", "TMCL", "IPLS"].iter().any(|id| place.starts_with(id))
}

/// How ID3v2 numbers letters.
fn number_of(encoding: Encoding) -> u8 {
    match encoding {
        Encoding::Latin1 => 0,
        Encoding::UTF16 => 1,
        Encoding::UTF16BE => 2,
        Encoding::UTF8 => 3,
    }
}

fn ending(encoding: Encoding) -> &'static [u8] {
    if matches!(encoding, Encoding::UTF16 | Encoding::UTF16BE) { &[0, 0] } else { &[0] }
}

fn letters(encoding: Encoding, text: &str) -> Vec<u8> {
    match encoding {
        Encoding::UTF8 => text.as_bytes().to_vec(),
        Encoding::Latin1 => {
            text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
        }
        Encoding::UTF16 | Encoding::UTF16BE => {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            [0xff, 0xfe].into_iter().chain(units).collect()
        }
    }
}

/// Links are Latin-1 in ID3v2 and ASCII on the web: anything else is written as the web writes it.
fn web_address(text: &str) -> String {
    let mut address = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            0x21..=0x7e => address.push(char::from(byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

/// Without NUL and control characters (lines stay where they belong), and of a sane length.
fn clean(place: &str, text: &str) -> String {
    let lines = matches!(place, "COMM" | "USLT" | "TDES");
    let most = match place {
        "USLT" => MOST_LYRICS,
        "COMM" | "TDES" => MOST_LINES,
        _ => MOST_TEXT,
    };
    let kept = text.chars().map(|c| if !lines && matches!(c, '\n' | '\t') { ' ' } else { c });
    let kept = kept.filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    kept.take(most).collect::<String>().trim().to_owned()
}
