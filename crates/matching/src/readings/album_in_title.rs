//! Titles that carry their album: `Ember Railway (Cinders)`, `Cinders - Ember Railway`.
//!
//! A bracket that only repeats the album is no subtitle and no version. What the album claims (`Live at …`) stays, for
//! there the bracket may be all that says so.

use crate::readings::describe::Album;
use crate::texts::normalise::fold;
use crate::versions::claims::claims_of_segment;

/// The title without the name of one of the albums; `None` where none stands in it. Without a known artist only
/// brackets count: `Oda Brenn - Cinders` is as likely an artist and a title that names its album.
pub(crate) fn without_album(title: &str, artist_known: bool, albums: &[&Album]) -> Option<String> {
    let title = title.trim();
    let is_album = |piece: &str| {
        let folded = fold(piece);
        let named = |album: &&Album| {
            !folded.is_empty() && album.claims.is_empty() && (folded == album.folded || folded == album.base)
        };
        albums.iter().any(named) && claims_of_segment(&folded, piece).is_empty()
    };
    let left = |rest: &str| Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty());
    for (open, close) in [('(', ')'), ('[', ']')] {
        // The bracket may hold brackets: the outermost that ends the title.
        if let Some(inside) = title.strip_suffix(close)
            && let Some((before, album)) = inside.match_indices(open).find_map(|(at, _)| {
                let (before, album) = (inside.get(..at)?, inside.get(at + 1..)?);
                is_album(album).then_some((before, album))
            })
            && !album.is_empty()
        {
            return left(before);
        }
    }
    for (at, dash) in title.match_indices(" - ").filter(|_| artist_known) {
        let (Some(before), Some(after)) = (title.get(..at), title.get(at + dash.len()..)) else { continue };
        if is_album(after) {
            return left(before);
        }
        // `Cinders - Tarn Remix` is the remix of `Cinders`, not a track called so.
        if is_album(before) && claims_of_segment(&fold(after), after).is_empty() {
            return left(after);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_albums_own_name_is_taken_out() {
        let cinders = Album::of("Cinders");
        let bare = |title: &str| without_album(title, true, &[&cinders]);
        assert_eq!(bare("Ember Railway (Cinders)").as_deref(), Some("Ember Railway"));
        assert_eq!(bare("Ember Railway - Cinders").as_deref(), Some("Ember Railway"));
        assert_eq!(bare("Cinders - Ember Railway").as_deref(), Some("Ember Railway"));
        assert_eq!(bare("Cinders"), None);
        assert_eq!(without_album("Oda Brenn - Cinders", false, &[&cinders]), None);
        assert_eq!(bare("Cinders - Tarn Remix"), None);
        assert_eq!(bare("Cinders - Live"), None);
        assert_eq!(bare("Ember Railway (Ashes)"), None);
        let live = Album::of("Live at Fenmoor");
        assert_eq!(without_album("Ember Railway (Live at Fenmoor)", true, &[&live]), None);
        let long = Album::of("Ashes: 35th Anniversary Edition (Deluxe)");
        let titled = "Ember (Ashes: 35th Anniversary Edition (Deluxe))";
        assert_eq!(without_album(titled, true, &[&long]).as_deref(), Some("Ember"));
    }
}
