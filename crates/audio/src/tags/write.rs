//! The ID3v2.3 tag in front of an MP3: UTF-16 text, one cover, a size fixed in advance.
//!
//! The size is reserved before the sound is encoded and the tag written when the loudness is known; what is
//! left over is padding. Rejected: ID3v2.4 (cars and old players show nothing), unsynchronisation (some mishear
//! it), a further ID3v1 tag (cut names, wrong letters).

use ferrotape_domain::{Cover, ReplayGain, TagSet};
use id3::frame::{
    Comment, Content, ExtendedLink, ExtendedText, Lyrics, Picture, PictureType, UniqueFileIdentifier,
};
use id3::{Encoder, Encoding, Tag, TagLike, Version};

use crate::tags::gain::{self, GainForm};
use crate::tags::table::{Frame, TABLE};

/// Longest text of an ordinary field, in characters.
const MOST_TEXT: usize = 1_000;
/// Longest lyrics.
const MOST_LYRICS: usize = 100_000;

/// The size a tag needs with the longest gains there are, of the track and of its album.
pub(crate) fn reserved_size(
    tags: &TagSet,
    cover: Option<&Cover>,
    form: Option<GainForm>,
) -> Result<usize, String> {
    let mut longest = tags.clone();
    longest.track_gain = Some(ReplayGain { gain_db: -99.99, peak: 99.999_999 });
    longest.album_gain = longest.track_gain;
    Ok(encode(&longest, cover, form)?.len())
}

/// The tag, exactly `size` bytes long.
pub(crate) fn tag_of_size(
    tags: &TagSet,
    cover: Option<&Cover>,
    form: Option<GainForm>,
    size: usize,
) -> Result<Vec<u8>, String> {
    let mut bytes = encode(tags, cover, form)?;
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

fn encode(tags: &TagSet, cover: Option<&Cover>, form: Option<GainForm>) -> Result<Vec<u8>, String> {
    let mut tag = Tag::with_version(Version::Id3v23);
    if form == Some(GainForm::R128) {
        let gains = gain::r128(tags).into_iter().filter_map(|(name, text)| Some((name, text?)));
        tag.extend(gains.map(|(name, text)| frame(Frame::Extended(name), text)));
    }
    let tags = gain::with_form(tags, form.filter(|form| *form == GainForm::ReplayGain));
    for row in TABLE {
        if let Some(text) =
            (row.get)(&tags).map(|text| clean(row.frame, &text)).filter(|text| !text.is_empty())
        {
            tag.add_frame(frame(row.frame, text));
        }
    }
    if let Some(cover) = cover {
        let picture = Picture {
            mime_type: "image/jpeg".to_owned(),
            picture_type: PictureType::CoverFront,
            description: String::new(),
            data: cover.jpeg.clone(),
        };
        let frame = id3::Frame::with_content("APIC", Content::Picture(picture));
        tag.add_frame(frame.set_encoding(Some(Encoding::Latin1)));
    }
    let mut bytes = Vec::new();
    Encoder::new().version(Version::Id3v23).encode(&tag, &mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn frame(kind: Frame, value: String) -> id3::Frame {
    let (lang, description) = ("und".to_owned(), String::new());
    let (id, content) = match kind {
        Frame::Text(id) => (id, Content::Text(value)),
        // Its text is never there; a name of its own keeps the match complete.
        Frame::Unwritten => {
            ("TXXX", Content::ExtendedText(ExtendedText { description: String::new(), value }))
        }
        Frame::Extended(name) => {
            ("TXXX", Content::ExtendedText(ExtendedText { description: name.to_owned(), value }))
        }
        Frame::Link(name) => {
            ("WXXX", Content::ExtendedLink(ExtendedLink { description: name.to_owned(), link: value }))
        }
        Frame::Ufid(owner) => (
            "UFID",
            Content::UniqueFileIdentifier(UniqueFileIdentifier {
                owner_identifier: owner.to_owned(),
                identifier: value.into_bytes(),
            }),
        ),
        Frame::Comment => ("COMM", Content::Comment(Comment { lang, description, text: value })),
        Frame::Lyrics => ("USLT", Content::Lyrics(Lyrics { lang, description, text: value })),
    };
    id3::Frame::with_content(id, content).set_encoding(Some(Encoding::UTF16))
}

/// Without NUL and control characters (lines stay in comments and lyrics), and of a sane length.
fn clean(kind: Frame, text: &str) -> String {
    let lines = matches!(kind, Frame::Comment | Frame::Lyrics);
    let most = if kind == Frame::Lyrics { MOST_LYRICS } else { MOST_TEXT };
    let kept = text.chars().filter(|c| !c.is_control() || (lines && matches!(c, '\n' | '\t')));
    kept.take(most).collect::<String>().trim().to_owned()
}
