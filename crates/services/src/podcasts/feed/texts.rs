//! Texts: references to characters resolved, markup taken out.

use std::borrow::Cow;

use quick_xml::escape::resolve_predefined_entity;

/// The longest name of a character has 31 letters.
const LONGEST_NAME: usize = 40;
/// Elements whose words are none for people.
const UNSAID: [&str; 3] = ["script", "style", "head"];
/// Elements that stand on lines of their own.
const BLOCKS: [&str; 14] =
    ["p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote"];

/// Resolves `&amp;`, `&#233;`, `&eacute;`; what is no such reference stays as it is.
pub(super) fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        resolved.push_str(before);
        let near = from.get(..from.floor_char_boundary(LONGEST_NAME)).unwrap_or(from);
        let end = near.find(';').map(|end| end + 1).filter(|end| {
            near.get(1..end - 1)
                .is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#'))
        });
        let (reference, behind) = from.split_at(end.unwrap_or(1));
        if end.is_some() {
            resolved.push_str(&htmlize::unescape(reference));
        } else {
            resolved.push('&');
        }
        rest = behind;
    }
    resolved.push_str(rest);
    Cow::Owned(resolved)
}

/// The value of one reference without its `&` and `;`.
pub(super) fn reference(name: &str) -> Cow<'_, str> {
    match resolve_predefined_entity(name) {
        Some(letter) => Cow::Borrowed(letter),
        None => Cow::Owned(resolved(&format!("&{name};")).into_owned()),
    }
}

/// One line of text, as titles and names are: markup that was written twice is resolved once more.
pub(super) fn line(text: &str) -> String {
    resolved(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text for people from HTML, at most this many bytes of it: a line for each paragraph and entry of a list.
pub(super) fn plain(html: &str, most: usize) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        words.push_str(before);
        if words.len() > most.saturating_mul(2) {
            rest = "";
            break;
        }
        let Some(name) = tag_name(tag) else {
            words.push('<');
            rest = tag.get(1..).unwrap_or_default();
            continue;
        };
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        rest = tag.get(end..).unwrap_or_default();
        if UNSAID.contains(&name.as_str()) && !tag.starts_with("</") {
            let close = format!("</{name}");
            rest = find_caseless(rest, &close).and_then(|at| rest.get(at..)).unwrap_or_default();
        } else if BLOCKS.contains(&name.as_str()) {
            words.push('\n');
        }
    }
    words.push_str(rest);
    tidied(&resolved(&words), most)
}

/// `p` of `<p class="x">` and of `</p>`; a comment is `!`. `None` where a bracket is only that.
fn tag_name(tag: &str) -> Option<String> {
    let inside = tag.get(1..)?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if name.starts_with(['!', '?']) {
        return Some("!".to_owned());
    }
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
    let name = name.get(..end)?;
    name.starts_with(|letter: char| letter.is_ascii_alphabetic()).then(|| name.to_ascii_lowercase())
}

fn find_caseless(text: &str, ascii: &str) -> Option<usize> {
    let is = |window: &[u8]| window.eq_ignore_ascii_case(ascii.as_bytes());
    text.as_bytes().windows(ascii.len()).position(is)
}

/// Without empty lines and doubled spaces.
fn tidied(text: &str, most: usize) -> String {
    let mut tidy = String::new();
    for line in text.lines() {
        for (at, word) in line.split_whitespace().enumerate() {
            let gap = match (at, tidy.is_empty()) {
                (_, true) => "",
                (0, false) => "\n",
                _ => " ",
            };
            if tidy.len() + gap.len() + word.len() + "…".len() > most {
                tidy.push('…');
                return tidy;
            }
            tidy.push_str(gap);
            tidy.push_str(word);
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_and_ampersands_kept() {
        let table = [
            ("Caf&eacute;&nbsp;", "Café\u{a0}"),
            ("R&D & x=1&y=2;", "R&D & x=1&y=2;"),
            ("&#233;&#xE9;&#0;", "éé\u{fffd}"),
            ("&unknown; &;&", "&unknown; &;&"),
            ("a?x=1&amp;y=2&copy=3", "a?x=1&y=2&copy=3"),
        ];
        for (text, expected) in table {
            assert_eq!(resolved(text), expected, "{text}");
        }
        assert_eq!(line(" Tom &amp;\n Jerry "), "Tom & Jerry");
    }

    #[test]
    fn html_becomes_text_for_people() {
        let table = [
            ("<p>One &amp; <b>two</b></p><p>three<br/>four</p>", "One & two\nthree\nfour"),
            ("<ul><li>a</li>\n<li>b</li></ul>", "a\nb"),
            ("1 < 2 and <3", "1 < 2 and <3"),
            ("a<script>alert('<p>')</SCRIPT>b<!-- c -->", "ab"),
            ("a<script>for ever", "a"),
            ("plain &lt;p&gt;", "plain <p>"),
            ("cut <a href='", "cut"),
        ];
        for (html, expected) in table {
            assert_eq!(plain(html, 1000), expected, "{html}");
        }
        assert_eq!(plain("one two three", 11), "one two…");
    }
}
