//! The question: who it is by, and what it is called, in the search's own language.

use ferrotape_domain::{Wanted, WantedKind};

use crate::answers::{main_words, words};

/// The query; `None` where too little is known to ask for anything.
///
/// Tracks are no items of their own there: their titles stand in the item's description, if anywhere, so a title is looked
/// for in all of an item's texts and an album in its title.
pub(super) fn of(wanted: &Wanted) -> Option<String> {
    let by = if wanted.release_artists.is_empty() { &wanted.artists } else { &wanted.release_artists };
    let artist = words(wanted.artists.first().or(by.first()).unwrap_or_default());
    let title = main_words(&wanted.title);
    if artist.is_empty() || title.is_empty() {
        return None;
    }
    let album = match wanted.kind {
        WantedKind::Release => title.clone(),
        _ => main_words(wanted.release.as_deref().unwrap_or_default()),
    };
    let called = match (wanted.kind, album.is_empty()) {
        (WantedKind::Release, _) => format!("title:\"{album}\""),
        (_, false) => format!("(\"{title}\" OR title:\"{album}\")"),
        (_, true) => format!("\"{title}\""),
    };
    let parts = [
        "mediatype:(audio OR etree)".to_owned(),
        format!("creator:\"{artist}\""),
        called,
        "(collection:etree OR licenseurl:*creativecommons*)".to_owned(),
        "-collection:stream_only".to_owned(),
        "-access-restricted-item:true".to_owned(),
    ];
    Some(parts.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferrotape_domain::ArtistCredit;

    #[test]
    fn names_cannot_change_the_question() {
        let mut wanted = Wanted::of_kind(WantedKind::Recording);
        wanted.title = r#"Ember" OR collection:* (Live)"#.to_owned();
        assert_eq!(of(&wanted), None);
        wanted.artists = ArtistCredit::printed("The \\Fen\"");
        let query = of(&wanted).unwrap_or_default();
        assert!(query.contains("creator:\"The Fen\" AND \"Ember OR collection\" AND ("), "{query}");
        wanted.release = Some("Low Water: Demos".to_owned());
        assert!(of(&wanted).unwrap_or_default().contains("OR title:\"Low Water\")"));
    }
}
