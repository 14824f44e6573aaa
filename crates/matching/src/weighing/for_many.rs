//! Files whose artist tag speaks for a whole album: `Various Artists`, `Original Broadway Cast`, `Disney`. Services name who sings
//! each track of it, so that no name can agree: title, album, number and playing time must tell.

use std::sync::LazyLock;

use crate::readings::describe::{Album, Credit, From, Reading, Readings, Sought};
use crate::readings::names::{Agreement, Names, says_nobody};
use crate::search::collection::File;
use crate::texts::normalise::{fold, squash};
use crate::texts::phrases::{Words, contains_phrase};

/// What taggers write for everybody on a film's or a label's album.
static FOR_EVERYBODY: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "disney, walt disney, walt disney records, disney music, ost, o s t, score, original score, \
        motion picture soundtrack, original motion picture soundtrack, original game soundtrack, film soundtrack, \
        movie soundtrack, bande originale, banda sonora, colonna sonora, compilation, sampler, musical",
    )
});
static CASTS: LazyLock<Words> =
    LazyLock::new(|| Words::of("cast, elenco, besetzung, originalbesetzung, rollelisten"));

/// Whether an artist tag names nobody who plays, but all of an album's.
pub(crate) fn speaks_for_many(artists: &str) -> bool {
    let names_none = |text: &str| {
        let folded = fold(text);
        // `Cast` alone is a band.
        let is_cast = || folded.contains(' ') && folded.split(' ').any(|word| CASTS.has(word));
        says_nobody(text) || FOR_EVERYBODY.has(&folded) || is_cast()
    };
    !artists.is_empty() && artists.split('\u{1f}').all(names_none)
}

/// Whether a reading is of such a file, and names nobody else as who plays it. What the folders above say is no credit.
pub(crate) fn is_for_many(file: &File<'_>, reading: &Reading) -> bool {
    reading.from == From::Tags && reading.credit != Credit::Contradicted && speaks_for_many(file.artists)
}

/// Whether anything about such a file names somebody who is not wanted: its album artist, or the text before its title.
pub(crate) fn names_another(sought: &Sought, file: &File<'_>, readings: &Readings) -> bool {
    let is_another = |names: &Names, album: &Album| {
        let of_album = names.0.iter().all(|name| contains_phrase(&album.folded, &name.folded));
        sought.names.agreement(names, usize::MAX) == Agreement::Differs && !of_album
    };
    let by_album_artist = !speaks_for_many(file.album_artists)
        && is_another(&Names::of(file.album_artists.split('\u{1f}')), &readings.album);
    let title = squash(&sought.title.whole());
    let before_title = || {
        readings.all.iter().any(|other| {
            let is_text = matches!(other.from, From::FileName | From::ArtistInTitle);
            is_text
                && other.credit == Credit::Own
                && squash(&other.title.whole()) == title
                && is_another(other.names(), &readings.album)
        })
    };
    by_album_artist || before_title()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_speak_for_a_whole_album_name_nobody() {
        for artists in [
            "Various Artists",
            "Various",
            "OST",
            "Disney",
            "Soundtrack",
            "Original Broadway Cast",
            "La La Land Cast",
            "Cast of Low Water",
            "Various Artists\u{1f}Original Cast",
        ] {
            assert!(speaks_for_many(artists), "{artists}");
        }
        for artists in ["", "Mara Quill", "Cast", "Castaways", "Broadcast", "Mara Quill\u{1f}Original Cast"] {
            assert!(!speaks_for_many(artists), "{artists}");
        }
    }
}
