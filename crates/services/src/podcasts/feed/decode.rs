//! Bytes to clean text.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Where a declaration must stand to be seen.
const HEAD: usize = 256;

pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// Letters had to be replaced.
    pub(super) has_lost: bool,
}

/// What the bytes say as letters. Text that is sound UTF-8 is taken for that whatever is declared: hosts declare
/// Latin-1 for all they send, and no other text is UTF-8 by chance.
pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    if let Some((encoding, skipped)) = Encoding::for_bom(bytes) {
        return decoded(encoding, bytes.get(skipped..).unwrap_or_default());
    }
    let encoding = match bytes {
        [b'<', 0, ..] => UTF_16LE,
        [0, b'<', ..] => UTF_16BE,
        _ if !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => {
            // One that needs two bytes for a letter would have been seen above.
            let told = [charset(content_type), declared(bytes)].into_iter().flatten();
            told.into_iter().find(|told| told.is_ascii_compatible()).unwrap_or(UTF_8)
        }
    };
    decoded(encoding, bytes)
}

fn decoded<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    if encoding == UTF_8 {
        return Decoded { text: patched(bytes), has_lost: false };
    }
    let (text, has_lost) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, has_lost }
}

/// UTF-8 in which single letters of Windows-1252 stand, as where texts of several origins were put together.
fn patched(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    Cow::Owned(text)
}

/// `text/xml; charset="iso-8859-1"`.
fn charset(content_type: Option<&str>) -> Option<&'static Encoding> {
    let parameters = content_type?.split(';').skip(1);
    let mut pairs = parameters.filter_map(|one| one.split_once('='));
    let (_, label) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
}

/// `<?xml … encoding="…"?>`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(HEAD)).unwrap_or_default());
    let declaration = head.split_once("<?xml")?.1.split('>').next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let label = value.get(1..)?.split(quote).next()?;
    Encoding::for_label(label.as_bytes())
}

pub(super) struct Clean {
    pub(super) text: String,
    pub(super) had_words_before: bool,
}

/// The text from its first `<` on, without characters that XML does not know, and with `&lt;` for each `<` that
/// begins nothing.
pub(super) fn clean(text: &str) -> Clean {
    let start = text.find('<').unwrap_or(text.len());
    let (before, mut rest) = text.split_at(start);
    let had_words_before = before.chars().any(|letter| !letter.is_whitespace() && is_known(letter));
    let mut clean = String::with_capacity(rest.len() + 64);
    while let Some(at) = rest.find('<') {
        let (words, tag) = rest.split_at(at);
        push(&mut clean, words);
        let verbatim = [("<![CDATA[", "]]>"), ("<!--", "-->")];
        let end = verbatim.into_iter().find(|(open, _)| tag.starts_with(open)).map(|(open, close)| {
            let inside = tag.get(open.len()..).unwrap_or_default();
            inside.find(close).map_or(tag.len(), |end| open.len() + end + close.len())
        });
        if end.is_none() && !begins_something(tag) {
            clean.push_str("&lt;");
            rest = tag.get(1..).unwrap_or_default();
            continue;
        }
        let (piece, behind) = tag.split_at(end.unwrap_or(1));
        push(&mut clean, piece);
        rest = behind;
    }
    push(&mut clean, rest);
    Clean { text: clean, had_words_before }
}

fn begins_something(tag: &str) -> bool {
    let mut letters = tag.chars().skip(1);
    match letters.next() {
        Some('/') => letters.next().is_some_and(begins_a_name),
        Some('?') => true,
        Some('!') => tag.get(..9).is_some_and(|begin| begin.eq_ignore_ascii_case("<!doctype")),
        Some(letter) => begins_a_name(letter),
        None => false,
    }
}

fn begins_a_name(letter: char) -> bool {
    letter.is_alphabetic() || matches!(letter, '_' | ':')
}

/// Characters of XML 1.0.
fn is_known(letter: char) -> bool {
    match letter {
        '\t' | '\n' | '\r' => true,
        '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        other => other >= ' ',
    }
}

fn push(clean: &mut String, piece: &str) {
    if piece.chars().all(is_known) {
        clean.push_str(piece);
    } else {
        clean.extend(piece.chars().filter(|letter| is_known(*letter)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_what_they_are() {
        let xml = |declared: &str, word: &[u8]| {
            let mut bytes = format!("<?xml version='1.0' encoding='{declared}'?><t>").into_bytes();
            bytes.extend_from_slice(word);
            bytes
        };
        let table: [(&str, Vec<u8>, Option<&str>); 8] = [
            ("the header cannot be true", xml("ISO-8859-1", b"Caf\xe9"), Some("text/xml; charset=utf-16")),
            ("as declared", xml("ISO-8859-1", b"Caf\xe9"), None),
            ("the header counts more", xml("koi8-r", b"Caf\xe9"), Some("text/xml; charset=\"iso-8859-1\"")),
            ("undeclared", b"<t>Caf\xe9".to_vec(), None),
            ("declared wrongly", xml("UTF-8", b"Caf\xe9"), None),
            ("the header is wrong", xml("UTF-8", "Café".as_bytes()), Some("text/xml; charset=iso-8859-1")),
            ("half and half", [b"<t>Caf\xe9 ".as_slice(), "Café".as_bytes()].concat(), None),
            (
                "by its mark",
                [b"\xef\xbb\xbf<t>".as_slice(), "Café".as_bytes()].concat(),
                Some("a/b; charset=koi8-r"),
            ),
        ];
        for (what, bytes, header) in table {
            let text = decode(&bytes, header).text.into_owned();
            assert!(text.contains("Café") && !text.contains('\u{fffd}'), "{what}: {text}");
        }
        let wide: Vec<u8> = "<t>Café".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide, None).text, "<t>Café");
    }

    #[test]
    fn only_what_begins_something_keeps_its_bracket() {
        let table = [
            ("\u{feff} \n<a>I <3 you</a>", "<a>I &lt;3 you</a>", false),
            ("Warning: x<a/>", "<a/>", true),
            ("<a><![CDATA[1 <2 & <b>]]>a<b</a>", "<a><![CDATA[1 <2 & <b>]]>a<b</a>", false),
            ("<a><!-- 1 <2 -->\u{8}</a><", "<a><!-- 1 <2 --></a>&lt;", false),
            ("<!DOCTYPE rss><a></ a><!x>", "<!DOCTYPE rss><a>&lt;/ a>&lt;!x>", false),
            ("<![CDATA[<1", "<![CDATA[<1", false),
            ("", "", false),
        ];
        for (text, expected, words) in table {
            let clean = clean(text);
            assert_eq!((clean.text.as_str(), clean.had_words_before), (expected, words), "{text}");
        }
    }
}
