//! Other ways to read what is wanted: inputs are no cleaner than files.
//!
//! A list may say `Oda Brenn - Ember` with no artist beside it, number its titles (`007-Ember`), or repeat the album in
//! the title. Each such reading is weighed beside the plain one; most wanted things have none.

use ferrotape_domain::{ArtistCredit, Wanted};

use crate::readings::album_in_title::without_album;
use crate::readings::describe::{Album, MOST_ARTISTS, Sought};
use crate::readings::names::{Agreement, Names};
use crate::readings::paths::without_track_number;
use crate::search::collection::kept;

/// What is wanted as it stands, and read otherwise.
pub(crate) fn readings(wanted: &Wanted) -> Vec<Sought> {
    let mut all = vec![Sought::of(wanted)];
    let mut read_as = |title: &str, artists: Option<&str>, cut: bool| {
        let mut other = Wanted { title: title.trim().to_owned(), ..wanted.clone() };
        if let Some(artist) = artists {
            other.artists = ArtistCredit::of_names(&[artist.trim()]);
        }
        if !other.title.is_empty() && all.len() < MOST {
            let album_cut = cut;
            all.push(Sought { album_cut, ..Sought::of(&other) });
        }
    };
    let title = kept(&wanted.title);
    let unnumbered = unnumbered(title);
    if unnumbered != title {
        read_as(unnumbered, None, false);
    }
    let album = Album::of(kept(wanted.release.as_deref().unwrap_or_default()));
    let names = Names::of(wanted.artists.names().take(MOST_ARTISTS).map(kept));
    let bare = without_album(unnumbered, !names.is_empty(), &[&album]);
    if let Some(bare) = &bare {
        read_as(bare, None, true);
    }
    for (text, cut) in [(Some(unnumbered), false), (bare.as_deref(), true)] {
        let Some(text) = text else { continue };
        let Some((artist, title)) = text.split_once(" - ") else { continue };
        if names.is_empty() {
            read_as(title, Some(artist), cut);
        } else if names.agreement(&Names::of(std::iter::once(artist)), usize::MAX) == Agreement::Same {
            read_as(title, None, cut);
        }
    }
    all
}

const MOST: usize = 6;

/// `007-Ember`, `012 - Ember`: three digits and a dash are a track number, not a title's own.
fn unnumbered(title: &str) -> &str {
    let digits = title.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits == 3 && title.get(digits..).is_some_and(|rest| rest.trim_start().starts_with('-'));
    if numbered { without_track_number(title) } else { title }
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::WantedKind;

    use super::*;

    fn titles(title: &str, artist: &str, album: &str) -> Vec<String> {
        let wanted = Wanted {
            title: title.to_owned(),
            artists: if artist.is_empty() {
                ArtistCredit::default()
            } else {
                ArtistCredit::of_names(&[artist])
            },
            release: Some(album.to_owned()),
            ..Wanted::of_kind(WantedKind::Recording)
        };
        readings(&wanted).into_iter().skip(1).map(|sought| sought.title.base).collect()
    }

    #[test]
    fn untidy_lists_are_read_in_other_ways() {
        assert_eq!(titles("Oda Brenn - Ember", "", "Cinders"), ["ember"]);
        assert_eq!(titles("Oda Brenn - Ember", "Oda Brenn", "Cinders"), ["ember"]);
        assert_eq!(titles("007-Ember", "Oda Brenn", "Cinders"), ["ember"]);
        assert_eq!(titles("Ember (Cinders)", "Oda Brenn", "Cinders"), ["ember"]);
        assert_eq!(titles("Ember - Ashes", "Oda Brenn", "Cinders"), Vec::<String>::new());
        assert_eq!(titles("1979", "Oda Brenn", "Cinders"), Vec::<String>::new());
    }
}
