//! Exportify's CSV with the columns of its newest generation, every cell in quotes, as it writes them itself.
//!
//! Columns for what ferrotape does not know (pictures, popularity, the artists' links) stay empty. A row that is empty
//! altogether is a track that is gone.

use std::io;

use csv::{QuoteStyle, WriterBuilder};
use ferrotape_domain::{ArtistCredit, SpotifyKind, WantedKind};

use crate::account::{Cost, Teller};
use crate::entry::milliseconds;
use crate::list::{Entry, List};
use crate::places::uri;

const COLUMNS: [&str; 19] = [
    "Track URI",
    "Track Name",
    "Artist URI(s)",
    "Artist Name(s)",
    "Album URI",
    "Album Name",
    "Album Artist URI(s)",
    "Album Artist Name(s)",
    "Album Release Date",
    "Album Image URL",
    "Disc Number",
    "Track Number",
    "Track Duration (ms)",
    "Track Preview URL",
    "Explicit",
    "Popularity",
    "ISRC",
    "Added By",
    "Added At",
];

/// Writes one list.
pub(crate) fn write(list: &List<'_>, teller: &mut Teller) -> io::Result<Vec<u8>> {
    let mut table = WriterBuilder::new().quote_style(QuoteStyle::Always).from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    for entry in &list.entries {
        let credits = [&entry.wanted.artists, &entry.wanted.release_artists];
        if credits
            .iter()
            .any(|credit| credit.names().any(|name| name.contains("\\,") || name.ends_with('\\')))
        {
            let reason =
                "a backslash in its artists' names, which Exportify puts before commas, may be read as one";
            teller.entry(list, entry, Cost::Altered, reason);
        }
        table.write_record(row(entry))?;
    }
    table.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn row(entry: &Entry<'_>) -> [String; 19] {
    let wanted = entry.wanted;
    let added = entry.added.unwrap_or_default().to_owned();
    if wanted.kind == WantedKind::Unavailable {
        let mut gone: [String; 19] = Default::default();
        gone[18] = added;
        return gone;
    }
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let album = wanted.spotify_release.as_ref().filter(|link| link.kind == SpotifyKind::Album);
    let none = String::new;
    [
        uri(wanted).unwrap_or_default(),
        wanted.title.clone(),
        none(),
        names(&wanted.artists),
        album.map(ToString::to_string).unwrap_or_default(),
        wanted.release.clone().unwrap_or_default(),
        none(),
        names(&wanted.release_artists),
        wanted.released.clone().unwrap_or_default(),
        none(),
        number(wanted.disc_number),
        number(wanted.track_number),
        milliseconds(wanted).map(|ms| ms.to_string()).unwrap_or_default(),
        none(),
        wanted.explicit.map(|explicit| explicit.to_string()).unwrap_or_default(),
        none(),
        wanted.isrc.as_ref().map(ToString::to_string).unwrap_or_default(),
        none(),
        added,
    ]
}

/// `, ` between names, `\,` for a comma in one.
fn names(credit: &ArtistCredit) -> String {
    credit.names().map(|name| name.replace(',', "\\,")).collect::<Vec<_>>().join(", ")
}
