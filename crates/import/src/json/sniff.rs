//! Which JSON this is, by the keys at its head; by its name only when it is empty.

use crate::text::base_name;

/// What a JSON file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonFormat {
    Library,
    Playlists,
    AccountHistory,
    ExtendedHistory,
    Spotdl,
    Backup,
    Jspf,
    Ferrotape,
    /// Listens of ListenBrainz in one list.
    Listens,
    /// Listens of ListenBrainz, one a line.
    ListenLines,
    AppleTracks,
    ApplePlaylists,
}

impl JsonFormat {
    /// For [`ferrotape_domain::FileAccount::format`].
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Library => "Spotify library (account data)",
            Self::Playlists => "Spotify playlists (account data)",
            Self::AccountHistory => "Spotify listening history (account data)",
            Self::ExtendedHistory => "Spotify extended listening history",
            Self::Spotdl => "spotDL file",
            Self::Backup => "spotify-backup JSON",
            Self::Jspf => "JSPF playlist",
            Self::Ferrotape => "ferrotape library (JSON)",
            Self::Listens | Self::ListenLines => "ListenBrainz listens",
            Self::AppleTracks => "Apple Music library (privacy package)",
            Self::ApplePlaylists => "Apple Music playlists (privacy package)",
        }
    }

    /// Whether its outermost list holds nothing but rows.
    pub(super) fn is_row_by_row(self) -> bool {
        use JsonFormat::{AccountHistory, ApplePlaylists, AppleTracks, ExtendedHistory, Listens};
        matches!(self, AccountHistory | ExtendedHistory | Listens | AppleTracks | ApplePlaylists)
    }

    /// Whether its rows lie inside the pieces that a file is cut into, so that a broken piece still gives some.
    pub(super) fn has_rows_in_pieces(self) -> bool {
        matches!(self, Self::Playlists | Self::Backup | Self::Jspf | Self::Ferrotape)
    }
}

/// Keys of `YourLibrary.json`, all of which hold lists.
pub(super) const LIBRARY_KEYS: [&str; 9] = [
    "tracks",
    "albums",
    "shows",
    "episodes",
    "audiobooks",
    "artists",
    "bannedTracks",
    "bannedArtists",
    "other",
];

/// Looks at a file's head. `Err` names what it looks like instead.
pub(crate) fn recognise(head: &[u8], file: &str, max_depth: usize) -> Result<JsonFormat, String> {
    let (keys, deepest) = keys_of(head);
    if deepest > max_depth {
        return Err(format!("its brackets nest deeper than {max_depth} levels, as no export's do"));
    }
    let has = |depth: usize, key: &str| keys.iter().any(|(at, name)| *at == depth && name == key);
    let in_list = head.trim_ascii_start().first() == Some(&b'[');
    if in_list {
        if has(2, "endTime") && has(2, "msPlayed") {
            return Ok(JsonFormat::AccountHistory);
        }
        if has(2, "ts") && has(2, "ms_played") {
            return Ok(JsonFormat::ExtendedHistory);
        }
        if has(2, "song_id") || has(2, "list_name") {
            return Ok(JsonFormat::Spotdl);
        }
        if has(2, "track_metadata") {
            return Ok(JsonFormat::Listens);
        }
        if has(2, "Container Type") && (has(2, "Playlist Item Identifiers") || has(2, "Container Identifier"))
        {
            return Ok(JsonFormat::ApplePlaylists);
        }
        if has(2, "Track Identifier") && has(2, "Title") {
            return Ok(JsonFormat::AppleTracks);
        }
    } else if has(1, "track_metadata") {
        return Ok(JsonFormat::ListenLines);
    } else if has(1, "format") && has(1, "version") && has(1, "lists") {
        return Ok(JsonFormat::Ferrotape);
    } else if has(1, "playlists") && !has(3, "tracks") {
        return Ok(JsonFormat::Playlists);
    } else if has(1, "playlists") {
        return Ok(JsonFormat::Backup);
    } else if has(1, "songs") && (has(1, "query") || has(3, "song_id")) {
        return Ok(JsonFormat::Spotdl);
    } else if has(1, "playlist") && (has(2, "track") || has(2, "title") || has(2, "creator")) {
        return Ok(JsonFormat::Jspf);
    } else if keys
        .iter()
        .find(|(depth, _)| *depth == 1)
        .is_some_and(|(_, key)| LIBRARY_KEYS.contains(&key.as_str()))
    {
        return Ok(JsonFormat::Library);
    }
    by_name(file, in_list).ok_or_else(|| "it is JSON, but no file of a data package that holds wishes".into())
}

/// For lists without a row that tells: the names that data packages use.
fn by_name(file: &str, in_list: bool) -> Option<JsonFormat> {
    let base = base_name(file).to_ascii_lowercase();
    let begins = |start: &str| base.starts_with(start);
    if !in_list {
        return (base == "yourlibrary.json").then_some(JsonFormat::Library);
    }
    if begins("streaming_history_") || begins("endsong") || begins("endvideo") {
        Some(JsonFormat::ExtendedHistory)
    } else if begins("streaminghistory") {
        Some(JsonFormat::AccountHistory)
    } else {
        None
    }
}

/// The keys in the head with the number of brackets around them, and the greatest number of brackets.
fn keys_of(head: &[u8]) -> (Vec<(usize, String)>, usize) {
    const ENOUGH: usize = 400;
    let mut keys = Vec::new();
    let (mut depth, mut deepest, mut at) = (0usize, 0, 0);
    while let Some(&byte) = head.get(at) {
        at += 1;
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => {
                let start = at;
                while let Some(&byte) = head.get(at).filter(|byte| **byte != b'"') {
                    at += if byte == b'\\' { 2 } else { 1 };
                }
                let text = head.get(start..at).unwrap_or_default();
                at += 1;
                let is_key = head.get(at..).unwrap_or_default().trim_ascii_start().first() == Some(&b':');
                if is_key && text.len() < 64 && keys.len() < ENOUGH {
                    keys.push((depth, String::from_utf8_lossy(text).into_owned()));
                }
            }
            _ => {}
        }
    }
    (keys, deepest)
}
