//! One row of a table as a wanted thing.

use std::time::Duration;

use ferrotape_domain::{ArtistCredit, Isrc, Mbid, SpotifyId, SpotifyKind, SpotifyUri, Wanted, WantedKind};

use super::columns::{Dialect, Layout};
use crate::links::{Link, parse_link, wanted_kind};
use crate::text::date;

/// What a row says.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) wanted: Wanted,
    pub(crate) added: Option<String>,
    /// A defect that does not cost the row.
    pub(crate) remark: Option<String>,
}

/// Reads a row; `Err` tells why it cannot be used.
pub(crate) fn read(cells: &[String], layout: &Layout) -> Result<Row, String> {
    let columns = &layout.columns;
    let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
    if let Some(header) = layout.header {
        let beyond = cells.get(header..).unwrap_or_default();
        if beyond.iter().any(|cell| !cell.is_empty()) {
            return Err(format!(
                "it has {} cells where the header has {header}; a quote is missing",
                cells.len()
            ));
        }
        // A table made by a program is never short of cells; what is cut may end in half a name or number.
        // But where the last columns are for further artists, few songs fill them.
        let least = if layout.dialect == Dialect::YouTubeSongs {
            columns.artist.map_or(header, |at| at + 1)
        } else {
            header
        };
        if cells.len() < least && layout.dialect != Dialect::Generic {
            return Err(format!("it ends after {} of {header} cells", cells.len()));
        }
    }
    // Of a track that is gone, Exportify may still know when it was added.
    let exportify = matches!(layout.dialect, Dialect::Watsonbox | Dialect::ExportifyNet);
    let says_more =
        |(at, cell): (usize, &String)| !(cell.is_empty() || exportify && columns.added == Some(at));
    if !cells.iter().enumerate().any(says_more) {
        let added = non_empty(cell(columns.added));
        return if exportify { Ok(Row { added, ..unavailable() }) } else { Err("it is empty".into()) };
    }
    if layout.dialect == Dialect::YouTubePlaylist {
        let wanted = Wanted::of_kind(WantedKind::Recording);
        return Ok(Row { wanted, added: non_empty(cell(columns.added)), remark: None });
    }
    let (mut wanted, remark) = from_link(cell(columns.link), columns.link_is_spotify);
    if wanted.title.is_empty() {
        cell(columns.title).clone_into(&mut wanted.title);
    }
    if wanted.artists.is_empty() {
        // From video sites TuneMyMusic has one text for both.
        if let (Dialect::TuneMyMusic, "", Some((artist, title))) =
            (layout.dialect, cell(columns.artist), cell(columns.title).split_once(" - "))
        {
            title.trim().clone_into(&mut wanted.title);
            wanted.artists = whole(artist);
        }
    }
    if layout.dialect == Dialect::YouTubeSongs {
        // `Artist Name 1`, `2`, … to the end of the row.
        let names = cells.get(columns.artist.unwrap_or(cells.len())..).unwrap_or_default();
        let names: Vec<&str> = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        wanted.artists = ArtistCredit::of_names(&names);
    }
    if wanted.artists.is_empty() {
        wanted.artists = credit(cell(columns.artist), cell(columns.artist_links), layout);
    }
    if wanted.title.is_empty() && wanted.spotify.is_none() && wanted.kind != WantedKind::LocalFile {
        return Err(remark.unwrap_or_else(|| "it has neither a title nor a link".into()));
    }
    fill(&mut wanted, &cell, layout);
    Ok(Row { wanted, added: non_empty(cell(columns.added)), remark })
}

fn unavailable() -> Row {
    Row { wanted: Wanted::of_kind(WantedKind::Unavailable), added: None, remark: None }
}

fn non_empty(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn fill<'c>(wanted: &mut Wanted, cell: &impl Fn(Option<usize>) -> &'c str, layout: &Layout) {
    let columns = &layout.columns;
    let number = |at| cell(at).parse::<u32>().ok().filter(|number| *number > 0);
    wanted.release = wanted.release.take().or_else(|| non_empty(cell(columns.album)));
    wanted.release_artists = credit(cell(columns.album_artist), cell(columns.album_artist_links), layout);
    wanted.track_number = number(columns.track);
    wanted.disc_number = number(columns.disc);
    wanted.released = date(cell(columns.released));
    wanted.duration = wanted.duration.or_else(|| duration(cell(columns.duration), columns.duration_in_ms));
    wanted.isrc = Isrc::parse(cell(columns.isrc)).ok();
    wanted.recording_mbid = Mbid::parse(cell(columns.recording_mbid)).ok();
    wanted.explicit = match cell(columns.explicit).to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let album = parse_link(cell(columns.album_link)).ok();
    wanted.spotify_release = match album {
        Some(Link::Spotify(uri)) if uri.kind == SpotifyKind::Album => Some(uri),
        _ => None,
    };
}

/// The thing a link cell names, with nothing but that known.
fn from_link(cell: &str, must_be_spotify: bool) -> (Wanted, Option<String>) {
    let recording = || Wanted::of_kind(WantedKind::Recording);
    if cell.is_empty() {
        return (recording(), None);
    }
    if let Ok(id) = SpotifyId::parse(cell) {
        let uri = SpotifyUri { kind: SpotifyKind::Track, id };
        return (Wanted { spotify: Some(uri), ..recording() }, None);
    }
    match parse_link(cell) {
        Ok(Link::LocalFile(wanted)) => (*wanted, None),
        Ok(Link::Spotify(uri)) => match wanted_kind(uri.kind) {
            Some(kind) => (Wanted { spotify: Some(uri), ..Wanted::of_kind(kind) }, None),
            None => {
                (recording(), Some(format!("its link is that of a {}, not of a track", uri.kind.as_str())))
            }
        },
        Ok(_) | Err(_) if must_be_spotify => {
            (recording(), Some("its link is none of Spotify's; only its names are used".into()))
        }
        Ok(_) | Err(_) => (recording(), None),
    }
}

/// Takes a credit apart only where the parts are certain: by the writer's rule, checked by the number of links.
fn credit(text: &str, links: &str, layout: &Layout) -> ArtistCredit {
    let linked = links.split([',', ';']).filter(|link| !link.trim().is_empty()).count();
    match layout.dialect {
        // The newest generation escapes commas always; local files and our own exports have no links.
        Dialect::Watsonbox if linked == 0 && layout.columns.album_artist_links.is_some() => {
            ArtistCredit::of_names(&unescaped_names(text))
        }
        Dialect::Watsonbox if linked > 0 => {
            let names = unescaped_names(text);
            if names.len() == linked { ArtistCredit::of_names(&names) } else { whole(text) }
        }
        Dialect::ExportifyNet if text.contains(';') => {
            ArtistCredit::of_names(&text.split(';').collect::<Vec<_>>())
        }
        Dialect::ExportifyNet if linked > 1 => {
            let names: Vec<&str> = text.split(',').collect();
            if names.len() == linked { ArtistCredit::of_names(&names) } else { whole(text) }
        }
        // No rule of theirs gives a backslash another meaning.
        Dialect::TuneMyMusic | Dialect::Soundiiz => ArtistCredit::printed(text),
        _ => whole(text),
    }
}

fn whole(text: &str) -> ArtistCredit {
    ArtistCredit::printed(text.replace("\\,", ",").trim())
}

/// Splits at `, `, where a comma of a name itself is written `\,`.
fn unescaped_names(text: &str) -> Vec<String> {
    const KEPT: &str = "\u{1f}";
    text.replace("\\,", KEPT).split(", ").map(|name| name.replace(KEPT, ",").trim().to_owned()).collect()
}

/// `198093` (milliseconds), `225s`, `3:45`, or few digits (seconds).
/// `3:45`, `225s`, or a number. Where the header names no unit, no track is as long as ten thousand seconds and none as
/// short as ten.
fn duration(text: &str, in_ms: bool) -> Option<Duration> {
    let found = if let Some(seconds) = text.strip_suffix('s') {
        Duration::from_secs(seconds.trim().parse().ok()?)
    } else if text.contains(':') {
        let parts: Option<Vec<u64>> = text.split(':').map(|part| part.parse().ok()).collect();
        Duration::from_secs(
            parts?.iter().try_fold(0u64, |sum, part| sum.checked_mul(60)?.checked_add(*part))?,
        )
    } else {
        let number: u64 = text.parse().ok()?;
        if number < 10_000 && !in_ms { Duration::from_secs(number) } else { Duration::from_millis(number) }
    };
    Some(found).filter(|length| !length.is_zero() && length.as_secs() < 7 * 24 * 3600)
}
