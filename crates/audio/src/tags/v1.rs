//! The ID3v1.1 tag behind the sound, for players that know nothing else.
//!
//! It is Latin-1 and short by nature: letters beyond it become `?`, texts are cut at 30 bytes (the comment at 28, for
//! the track number), the genre is one of Winamp's list or none. Hence only where a profile or the user asks for it.

use ferrotape_domain::TagSet;
use lofty::id3::v1::GENRES;

/// The tag's 128 bytes.
pub fn id3v1_tag(tags: &TagSet) -> [u8; 128] {
    let mut tag = [0; 128];
    let mut put = |at: usize, most: usize, text: &str| {
        let place = tag.iter_mut().skip(at).take(most);
        place.zip(latin1(text)).for_each(|(place, byte)| *place = byte);
    };
    put(0, 3, "TAG");
    put(3, 30, tags.title.as_deref().unwrap_or_default());
    put(33, 30, &tags.artists.join(", "));
    put(63, 30, tags.album.as_deref().unwrap_or_default());
    put(93, 4, tags.date.as_deref().unwrap_or_default());
    let number = tags.track_number.and_then(|number| u8::try_from(number).ok()).filter(|number| *number > 0);
    put(97, if number.is_some() { 28 } else { 30 }, tags.comment.as_deref().unwrap_or_default());
    if let Some(number) = number {
        tag[126] = number;
    }
    tag[127] = genre(&tags.genres);
    tag
}

/// The number of the first genre that has one; 255 is none.
fn genre(genres: &[String]) -> u8 {
    let numbers = genres
        .iter()
        .filter_map(|name| GENRES.iter().position(|known| known.eq_ignore_ascii_case(name.trim())));
    numbers.filter_map(|number| u8::try_from(number).ok()).next().unwrap_or(u8::MAX)
}

/// `text` in Latin-1 without control characters. Marks that stand over the letter before them are left out rather
/// than shown as `?`.
pub(crate) fn latin1(text: &str) -> impl Iterator<Item = u8> {
    let text = text.trim().chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter));
    let text = text.map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    text.filter(|letter| !letter.is_control()).map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_or_asked_about() {
        let tags = TagSet {
            title: Some("Ünter dem Öl – eine sehr lange Überschrift".to_owned()),
            artists: vec!["東京".to_owned(), "Ane\u{301}".to_owned()],
            date: Some("1999-12-31".to_owned()),
            track_number: Some(7),
            genres: vec!["Sludge Waltz".to_owned(), "hip-hop".to_owned()],
            ..TagSet::default()
        };
        let tag = id3v1_tag(&tags);
        assert_eq!(&tag[3..33], b"\xdcnter dem \xd6l ? eine sehr lange");
        assert_eq!(&tag[33..43], b"??, Ane\0\0\0");
        assert_eq!((&tag[93..97], tag[125], tag[126], tag[127]), (&b"1999"[..], 0, 7, 7));
    }
}
