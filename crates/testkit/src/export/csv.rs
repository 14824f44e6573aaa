//! Exportify's CSV in the dialects that differ in more than a column.

use super::{Track, spotify_uri};

/// A dialect of Exportify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvDialect {
    /// The current fork: 18 columns, every field quoted, ISRC.
    Watsonbox2026,
    /// As [`CsvDialect::Watsonbox2026`] with German column names.
    Watsonbox2026German,
    /// The first Exportify: nine columns.
    Watsonbox2015,
    /// The other current fork: byte order mark, quotes only where needed, artists joined by `;`.
    Pavelkomarov2026,
}

const WATSONBOX_2026: &str = "Track URI,Track Name,Artist URI(s),Artist Name(s),Album URI,Album Name,\
Album Artist URI(s),Album Artist Name(s),Album Release Date,Album Image URL,Disc Number,Track Number,\
Track Duration (ms),Track Preview URL,Explicit,Popularity,ISRC,Added By,Added At";
const WATSONBOX_2026_GERMAN: &str = "Track-URI,Track-Name,Künstler-URI(s),Künstlername(n),Album-URI,Albumname,\
Album-Künstler-URI(s),Album-Künstlername(n),Album-Veröffentlichungsdatum,Album-Bild-URL,Disc-Nummer,Track-Nummer,\
Track-Dauer (ms),Track-Vorschau-URL,Explizit,Popularität,ISRC,Hinzugefügt von,Hinzugefügt am";
const WATSONBOX_2015: &str = "Spotify URI,Track Name,Artist Name,Album Name,Disc Number,Track Number,Track Duration (ms),Added By,Added At";
const PAVELKOMAROV_2026: &str = "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),\
Popularity,Explicit,Added By,Added At,Genres,Record Label,Danceability,Energy,Key,Loudness,Mode,Speechiness,\
Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature";

/// The CSV of one playlist.
pub fn exportify_csv(tracks: &[Track], dialect: CsvDialect) -> String {
    let (header, end) = match dialect {
        CsvDialect::Watsonbox2026 => (WATSONBOX_2026, "\n"),
        CsvDialect::Watsonbox2026German => (WATSONBOX_2026_GERMAN, "\n"),
        CsvDialect::Watsonbox2015 => (WATSONBOX_2015, "\n"),
        CsvDialect::Pavelkomarov2026 => (PAVELKOMAROV_2026, "\r\n"),
    };
    if dialect == CsvDialect::Pavelkomarov2026 {
        let rows = tracks.iter().map(|track| pavelkomarov(track).join(",") + end);
        return format!("\u{feff}{header}{end}{}", rows.collect::<String>());
    }
    let header: Vec<String> = header.split(',').map(quoted).collect();
    let rows = tracks.iter().map(|track| {
        let fields = if dialect == CsvDialect::Watsonbox2015 { first(track) } else { watsonbox(track) };
        fields.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(",") + end
    });
    format!("{}{end}{}", header.join(","), rows.collect::<String>())
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn watsonbox(track: &Track) -> Vec<String> {
    // Commas inside one artist's name are escaped, because ", " joins several.
    let names = |text: &str| text.replace(',', "\\,");
    let album_artist = track.album_artist.as_deref().unwrap_or(&track.artist);
    vec![
        track.uri(),
        track.title.clone(),
        spotify_uri("artist", &track.artist),
        names(&track.artist),
        track.album_uri(),
        track.album.clone(),
        spotify_uri("artist", album_artist),
        names(album_artist),
        track.released.clone().unwrap_or_default(),
        String::new(),
        number(track.disc_number),
        number(track.track_number),
        number(track.duration_ms),
        String::new(),
        "false".into(),
        "10".into(),
        track.isrc.clone().unwrap_or_default(),
        String::new(),
        "2024-12-01T10:00:00Z".into(),
    ]
}

fn first(track: &Track) -> Vec<String> {
    vec![
        track.uri(),
        track.title.clone(),
        track.artist.clone(),
        track.album.clone(),
        number(track.disc_number),
        number(track.track_number),
        number(track.duration_ms),
        "somebody".into(),
        "2015-05-01T10:00:00Z".into(),
    ]
}

fn pavelkomarov(track: &Track) -> Vec<String> {
    let field = |text: &str| if text.contains([',', '"', '\n']) { quoted(text) } else { text.to_owned() };
    let mut fields = vec![
        track.uri(),
        field(&track.title),
        field(&track.album),
        field(&track.artist),
        track.released.clone().unwrap_or_default(),
        number(track.duration_ms),
        "10".into(),
        "False".into(),
        "somebody".into(),
        "2026-01-01T10:00:00Z".into(),
    ];
    fields.extend(std::iter::repeat_n(String::new(), 14));
    fields
}
