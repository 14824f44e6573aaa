//! Names that come as HTML.

/// The words of a short piece of HTML, on one line.
pub(crate) fn plain(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        match tag.strip_prefix(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '/' | '!')) {
            Some(inside) => {
                // A break between two names is a space between them.
                words.push_str(if tag.starts_with("br") || tag.starts_with("/p") || tag.starts_with("/li") {
                    " "
                } else {
                    ""
                });
                rest = inside.split_once('>').map_or("", |(_, behind)| behind);
            }
            None => {
                words.push('<');
                rest = tag;
            }
        }
    }
    words.push_str(rest);
    htmlize::unescape(words.as_str()).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn markup_is_taken_out_and_brackets_stay() {
        let table = [
            (
                r#"<a href="//example.org/wiki/User:Mara" title="User:Mara">Mara &amp; Quill</a>"#,
                "Mara & Quill",
            ),
            ("One<br/>Two", "One Two"),
            ("1 < 2 and &lt;3", "1 < 2 and <3"),
            ("<p>One</p><p>Two</p>", "One Two"),
            ("cut <a href='", "cut"),
            ("plain", "plain"),
        ];
        for (html, expected) in table {
            assert_eq!(plain(html), expected, "{html}");
        }
    }
}
