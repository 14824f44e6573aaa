//! Where a track goes: `Music/<Album artist>/<Album>/<NN> - <Title>.mp3`.
//!
//! Discs beyond the first, or of a set, go before the number (`2-03 - Title`); a compilation's titles carry the
//! artist (`03 - Artist - Title`); a track without album lies in its artist's folder. It is a pure function of
//! tags and profile, so that a name does not depend on what else is wanted.

use ferrotape_domain::TagSet;

use crate::names::safe_name;
use crate::profile::Profile;

/// The wanted place of a file before clashes are settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Folders from the root down; each name is safe.
    pub(crate) folders: Vec<String>,
    /// The name without extension; safe, not yet cut to the room its folders leave.
    pub(crate) stem: String,
    /// The extension with its dot.
    pub(crate) tail: String,
}

/// The place of a track.
pub(crate) fn track_spot(tags: &TagSet, profile: &Profile) -> Spot {
    let mut folders = vec![profile.folders.music.to_owned(), folder(artist_of(tags, profile), profile)];
    if let Some(album) = present(tags.album.as_deref()) {
        folders.push(folder(album, profile));
    }
    // A name that is nothing but forbidden characters may come out empty.
    if let Some(artist) = folders.get_mut(1).filter(|name| name.is_empty()) {
        *artist = profile.folders.unknown_artist.to_owned();
    }
    folders.retain(|name| !name.is_empty());
    let stem = file_name(&track_name(tags, profile), profile);
    let stem = if stem.is_empty() { profile.folders.untitled.to_owned() } else { stem };
    Spot { folders, stem, tail: ".mp3".to_owned() }
}

/// The place of a playlist.
pub(crate) fn playlist_spot(name: &str, profile: &Profile) -> Spot {
    let stem = folder(name, profile);
    let stem = if stem.is_empty() { "Playlist".to_owned() } else { stem };
    Spot {
        folders: vec![profile.folders.playlists.to_owned()],
        stem,
        tail: format!(".{}", profile.playlists.extension),
    }
}

fn artist_of<'a>(tags: &'a TagSet, profile: &Profile) -> &'a str
where
    'static: 'a,
{
    let named = |names: &'a [String]| names.iter().find_map(|name| present(Some(name)));
    match named(&tags.album_artists) {
        Some(artist) => artist,
        None if tags.compilation => profile.folders.various_artists,
        None => named(&tags.artists).unwrap_or(profile.folders.unknown_artist),
    }
}

fn track_name(tags: &TagSet, profile: &Profile) -> String {
    let mut parts = Vec::new();
    if let (Some(number), true) = (tags.track_number, present(tags.album.as_deref()).is_some()) {
        let of_a_set = tags.disc_total.is_some_and(|total| total > 1);
        match tags.disc_number {
            Some(disc) if disc > 1 || (of_a_set && disc == 1) => parts.push(format!("{disc}-{number:02}")),
            _ => parts.push(format!("{number:02}")),
        }
    }
    if tags.compilation {
        parts.extend(tags.artists.iter().find_map(|name| present(Some(name))).map(str::to_owned));
    }
    parts.push(present(tags.title.as_deref()).unwrap_or(profile.folders.untitled).to_owned());
    parts.join(" - ")
}

fn present(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn folder(text: &str, profile: &Profile) -> String {
    let rules = &profile.names;
    safe_name(text, rules, rules.max_folder_units.min(rules.max_name_units), rules.max_name_bytes)
}

fn file_name(text: &str, profile: &Profile) -> String {
    let rules = &profile.names;
    safe_name(text, rules, rules.max_name_units, rules.max_name_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(tags: &TagSet) -> String {
        let spot = track_spot(tags, &Profile::GENERIC);
        format!("{}/{}{}", spot.folders.join("/"), spot.stem, spot.tail)
    }

    fn tags(artist: &str, album: &str, title: &str) -> TagSet {
        TagSet {
            title: Some(title.to_owned()),
            artists: vec![artist.to_owned()],
            album: (!album.is_empty()).then(|| album.to_owned()),
            ..TagSet::default()
        }
    }

    #[test]
    fn albums_discs_compilations_and_singles_have_their_places() {
        let mut t = tags("Nordlys", "Harbour", "Gull");
        t.track_number = Some(3);
        assert_eq!(spot(&t), "Music/Nordlys/Harbour/03 - Gull.mp3");
        t.disc_number = Some(1);
        t.disc_total = Some(2);
        assert_eq!(spot(&t), "Music/Nordlys/Harbour/1-03 - Gull.mp3");
        t.compilation = true;
        assert_eq!(spot(&t), "Music/Various Artists/Harbour/1-03 - Nordlys - Gull.mp3");
        assert_eq!(spot(&tags("Nordlys", "", "Gull")), "Music/Nordlys/Gull.mp3");
        assert_eq!(spot(&TagSet::default()), "Music/Unknown Artist/Untitled.mp3");
    }

    #[test]
    fn tags_cannot_climb_or_hide() {
        assert_eq!(spot(&tags("..", "../..", "../../x")), "Music/Unknown Artist/-/-..-x.mp3");
        assert_eq!(spot(&tags("...", "...", "\0")), "Music/Unknown Artist/Untitled.mp3");
    }
}
