//! The verb that takes the library out.

use std::path::PathBuf;

use ferrotape_engine::export::Format;

/// Write your library, or lists of it, for other programs – and as a record that outlives the account.
///
/// Without LIST the whole library is meant. json is ferrotape's own format and holds everything an import gave; importing
/// it gives the same library again. m3u8, xspf, jspf (with MusicBrainz ids) and exportify (CSV) are a file per list,
/// tunemymusic (CSV) is all playlists in one, opml your podcasts. What a format has no place for is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape export --to library.json --with-plays\n  \
ferrotape export \"Road Trip\" --as xspf --to road_trip.xspf\n  \
ferrotape export --as jspf --to playlists/            a file per list\n  \
ferrotape export https://open.spotify.com/playlist/… --as exportify --to -\n  \
ferrotape export --as m3u8 --files --to playlists/    the files that your music was found in\n  \
ferrotape export --schema > library.schema.json")]
pub(crate) struct Export {
    /// Names of lists, or links to something imported before
    #[arg(value_name = "LIST")]
    pub(crate) what: Vec<String>,

    /// Only the list of this name; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) list: Vec<String>,

    /// Format: json, m3u8, xspf, jspf, exportify, tunemymusic or opml
    #[arg(long = "as", value_name = "FORMAT", default_value = "json", value_parser = parse_format)]
    pub(crate) format: Format,

    /// File, or folder for a file per list; - is standard output
    #[arg(long, value_name = "FILE|FOLDER", required_unless_present = "schema")]
    pub(crate) to: Option<PathBuf>,

    /// Write the listening history, too (json only)
    #[arg(long)]
    pub(crate) with_plays: bool,

    /// Name the files that your music was found in instead of Spotify's links (m3u8 only)
    #[arg(long)]
    pub(crate) files: bool,

    /// Leave out the addresses of podcasts' feeds that may be keys, as those of feeds for paying listeners; to show the
    /// export to others
    #[arg(long)]
    pub(crate) without_private_feeds: bool,

    /// Replace files that are there and differ
    #[arg(long)]
    pub(crate) force: bool,

    /// Print the JSON Schema of the json format, and nothing else
    #[arg(long, exclusive = true)]
    pub(crate) schema: bool,
}

fn parse_format(word: &str) -> Result<Format, String> {
    Format::from_word(word).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
        format!("“{word}” is no format of an export; there are {}", known.join(", "))
    })
}
