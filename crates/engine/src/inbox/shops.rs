//! Where something was bought, as far as its tags say: shops write themselves into the comment.

use ferrotape_domain::TagSet;

/// What a shop's comment holds, and what people call the shop.
const SHOPS: [(&str, &str); 9] = [
    ("bandcamp.com", "Bandcamp"),
    ("beatport.com", "Beatport"),
    ("7digital", "7digital"),
    ("qobuz", "Qobuz"),
    ("boomkat.com", "Boomkat"),
    ("junodownload", "Juno Download"),
    ("hdtracks", "HDtracks"),
    ("bleep.com", "Bleep"),
    ("magnatune", "Magnatune"),
];
const LONGEST_PAGE: usize = 300;

/// A note for people, and the page that the comment names. Bandcamp's “Visit https://….bandcamp.com” is no page of a
/// label that sells from an address of its own, so any address next to such a visit counts.
pub(super) fn note(zip: Option<&str>, tags: &TagSet) -> (String, Option<String>) {
    let comment = tags.comment.as_deref().unwrap_or_default();
    let low = comment.to_lowercase();
    let shop = SHOPS.iter().find(|(sign, _)| low.contains(sign)).map(|(_, name)| *name);
    let page = page_in(comment).filter(|_| shop.is_some() || low.trim_start().starts_with("visit http"));
    let from = shop.map_or_else(String::new, |shop| format!(" from {shop}"));
    let note = match (zip, shop) {
        (Some(zip), _) => format!("bought{from} as {zip}"),
        (None, Some(_)) => format!("bought{from}"),
        (None, None) => "put into the inbox".to_owned(),
    };
    (note, page)
}

fn page_in(comment: &str) -> Option<String> {
    let start = comment.find("https://").or_else(|| comment.find("http://"))?;
    let page: String = comment.get(start..)?.chars().take_while(|c| !c.is_whitespace()).collect();
    let is_plain = page.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '@'));
    let page = page.trim_end_matches(['.', ',', ')']);
    (is_plain && page.len() <= LONGEST_PAGE).then(|| page.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(comment: &str) -> TagSet {
        TagSet { comment: Some(comment.to_owned()), ..TagSet::default() }
    }

    #[test]
    fn shops_are_known_by_their_comment() {
        let (note_is, page) = note(Some("A - B.zip"), &with("Visit https://mara-quill.bandcamp.com"));
        assert_eq!(note_is, "bought from Bandcamp as A - B.zip");
        assert_eq!(page.as_deref(), Some("https://mara-quill.bandcamp.com"));
        let (note_is, page) = note(Some("A - B.zip"), &with("Visit https://tinparade.example/"));
        assert_eq!(
            (note_is.as_str(), page.as_deref()),
            ("bought as A - B.zip", Some("https://tinparade.example/"))
        );
        let (note_is, page) = note(None, &with("see http://me:secret@x.example"));
        assert_eq!((note_is.as_str(), page), ("put into the inbox", None));
        assert_eq!(note(None, &with("Purchased at Beatport.com")).0, "bought from Beatport");
    }
}
