//! Where a track goes: `Music/<Album artist>/<Album>/<NN> - <Title>.mp3`, or in fewer folders where the profile says so.
//!
//! Discs beyond the first, or of a set, go before the number (`2-03 - Title`); a compilation's titles carry the
//! artist (`03 - Artist - Title`); a track without album lies in its artist's folder. Podcasts and audiobooks have
//! folders of their own: `Podcasts/<Show>/<Date> - <Title>.mp3`, so that the order of names is that of publication, and
//! `Audiobooks/<Author>/<Book>/<NN> - <Title>.mp3`. It is a pure function of tags, shelf and profile, so that a name
//! does not depend on what else is wanted.

use ferrotape_domain::TagSet;

use crate::desired::{DesiredTrack, Shelf};
use crate::names::safe_name;
use crate::profile::{Characters, Folders, Profile};

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

/// The place of a track on its shelf.
pub(crate) fn spot_of(track: &DesiredTrack, profile: &Profile) -> Spot {
    match &track.shelf {
        Shelf::Music => track_spot(&track.tags, profile),
        Shelf::Podcast { part_of } => episode_spot(&track.tags, part_of.as_deref(), profile),
        Shelf::Audiobook => book_spot(&track.tags, profile),
    }
}

/// An episode in the folder of its show; one that is cut into parts has a folder of its own.
fn episode_spot(tags: &TagSet, part_of: Option<&str>, profile: &Profile) -> Spot {
    let artist = artist_of(tags, profile);
    let show = present(tags.album.as_deref()).unwrap_or(artist).to_owned();
    let title = present(tags.title.as_deref()).unwrap_or(&profile.folders.untitled);
    let dated = |title: &str| match (present(tags.date.as_deref()), tags.track_number) {
        (Some(date), _) => format!("{date} - {title}"),
        (None, Some(number)) if part_of.is_none() => format!("{number:03} - {title}"),
        (None, _) => title.to_owned(),
    };
    let (folders, name) = match part_of {
        Some(episode) => (vec![show, dated(episode)], counted(tags, title)),
        None => (vec![show], dated(title)),
    };
    on_shelf(&profile.podcasts.folder, folders, &name, profile)
}

fn book_spot(tags: &TagSet, profile: &Profile) -> Spot {
    let title = present(tags.title.as_deref()).unwrap_or(&profile.folders.untitled);
    let folders = [Some(artist_of(tags, profile)), present(tags.album.as_deref())];
    let folders = folders.into_iter().flatten().map(str::to_owned).collect();
    on_shelf(&profile.audiobooks.folder, folders, &counted(tags, title), profile)
}

/// `03 - Title`, or with more digits where there are more parts.
fn counted(tags: &TagSet, title: &str) -> String {
    let total = tags.track_total.unwrap_or(1).max(tags.track_number.unwrap_or(1));
    let digits = total.to_string().len().max(2);
    match tags.track_number {
        Some(number) if total > 1 => format!("{number:0digits$} - {title}"),
        _ => title.to_owned(),
    }
}

/// In as many folders as the profile lays out music.
fn on_shelf(shelf: &str, folders: Vec<String>, name: &str, profile: &Profile) -> Spot {
    let or = |name: String, instead: &str| if name.is_empty() { folder(instead, profile) } else { name };
    let mut all = split(shelf);
    let mut name = name.to_owned();
    match profile.folders.layout {
        Folders::ArtistAlbum => {
            all.extend(folders.iter().map(|text| or(folder(text, profile), &profile.folders.untitled)));
        }
        Folders::OneLevel => {
            all.push(or(folder(&folders.join(" - "), profile), &profile.folders.untitled));
        }
        Folders::None => name = folders.into_iter().chain([name]).collect::<Vec<_>>().join(" - "),
    }
    let stem = or(file_name(&name, profile), &profile.folders.untitled);
    Spot { folders: all, stem, tail: tail("mp3", profile) }
}

/// The place of a track of music.
fn track_spot(tags: &TagSet, profile: &Profile) -> Spot {
    // A name that is nothing but forbidden characters may come out empty.
    let or = |name: String, instead: &str| if name.is_empty() { folder(instead, profile) } else { name };
    let artist = or(folder(artist_of(tags, profile), profile), &profile.folders.unknown_artist);
    let album = present(tags.album.as_deref()).map(|album| folder(album, profile));
    let album = album.filter(|album| !album.is_empty());
    let mut folders = split(&profile.folders.music);
    let mut name = track_name(tags, profile);
    match profile.folders.layout {
        Folders::ArtistAlbum => folders.extend([Some(artist), album].into_iter().flatten()),
        Folders::OneLevel => folders.push(match album {
            Some(album) => folder(&format!("{artist} - {album}"), profile),
            None => artist,
        }),
        Folders::None => {
            let parts = [Some(artist), album, Some(name)];
            name = parts.into_iter().flatten().collect::<Vec<_>>().join(" - ");
        }
    }
    let stem = or(file_name(&name, profile), &profile.folders.untitled);
    Spot { folders, stem, tail: tail("mp3", profile) }
}

/// The place of a playlist.
pub(crate) fn playlist_spot(name: &str, profile: &Profile) -> Spot {
    let stem = folder(name, profile);
    let stem = if stem.is_empty() { folder("Playlist", profile) } else { stem };
    let tail = tail(&profile.playlists.extension, profile);
    Spot { folders: split(&profile.folders.playlists), stem, tail }
}

/// A folder of the profile's, which may be several deep, or the root itself.
fn split(folder: &str) -> Vec<String> {
    folder.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn tail(extension: &str, profile: &Profile) -> String {
    let tail = format!(".{extension}");
    if profile.names.characters == Characters::Iso9660 { tail.to_uppercase() } else { tail }
}

fn artist_of<'a>(tags: &'a TagSet, profile: &'a Profile) -> &'a str {
    let named = |names: &'a [String]| names.iter().find_map(|name| present(Some(name)));
    match named(&tags.album_artists) {
        Some(artist) => artist,
        None if tags.compilation => &profile.folders.various_artists,
        None => named(&tags.artists).unwrap_or(&profile.folders.unknown_artist),
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
    parts.push(present(tags.title.as_deref()).unwrap_or(&profile.folders.untitled).to_owned());
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
        let spot = track_spot(tags, &Profile::generic());
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
    fn a_profile_may_ask_for_fewer_folders() {
        let mut profile = Profile::generic();
        let place = |profile: &Profile| {
            let spot =
                track_spot(&TagSet { track_number: Some(3), ..tags("Nordlys", "Harbour", "Gull") }, profile);
            format!("{}|{}{}", spot.folders.join("/"), spot.stem, spot.tail)
        };
        profile.folders.layout = Folders::OneLevel;
        assert_eq!(place(&profile), "Music/Nordlys - Harbour|03 - Gull.mp3");
        profile.folders.layout = Folders::None;
        profile.folders.music = String::new();
        assert_eq!(place(&profile), "|Nordlys - Harbour - 03 - Gull.mp3");
        profile.names.characters = Characters::Iso9660;
        assert_eq!(place(&profile), "|NORDLYS___HARBOUR___03___GULL.MP3");
    }

    fn spoken(tags: &TagSet, shelf: Shelf, profile: &Profile) -> String {
        let track = DesiredTrack {
            identity: String::new(),
            recipe: String::new(),
            tags: tags.clone(),
            shelf,
            expected_bytes: 0,
            label: String::new(),
            duration: None,
            worth: 0,
            can_be_made: true,
        };
        let spot = spot_of(&track, profile);
        format!("{}/{}{}", spot.folders.join("/"), spot.stem, spot.tail)
    }

    #[test]
    fn episodes_sort_by_their_day() {
        let generic = Profile::generic();
        let whole = || Shelf::Podcast { part_of: None };
        let mut t = tags("Harbour Radio", "Low Tide", "Gulls: Part 2?");
        assert_eq!(spoken(&t, whole(), &generic), "Podcasts/Low Tide/Gulls- Part 2_.mp3");
        t.track_number = Some(7);
        assert_eq!(spoken(&t, whole(), &generic), "Podcasts/Low Tide/007 - Gulls- Part 2_.mp3");
        t.date = Some("2024-03-05".to_owned());
        assert_eq!(spoken(&t, whole(), &generic), "Podcasts/Low Tide/2024-03-05 - Gulls- Part 2_.mp3");
        let part =
            TagSet { title: Some("Intro".to_owned()), track_number: Some(1), track_total: Some(4), ..t };
        let of = || Shelf::Podcast { part_of: Some("Gulls".to_owned()) };
        assert_eq!(spoken(&part, of(), &generic), "Podcasts/Low Tide/2024-03-05 - Gulls/01 - Intro.mp3");
        let mut flat = generic.clone();
        flat.folders.layout = Folders::OneLevel;
        flat.podcasts.folder = "MUSIC/Talk".to_owned();
        assert_eq!(spoken(&part, of(), &flat), "MUSIC/Talk/Low Tide - 2024-03-05 - Gulls/01 - Intro.mp3");
        flat.folders.layout = Folders::None;
        flat.podcasts.folder = String::new();
        assert_eq!(spoken(&part, of(), &flat), "/Low Tide - 2024-03-05 - Gulls - 01 - Intro.mp3");
    }

    #[test]
    fn books_lie_with_their_author_and_count_their_parts() {
        let generic = Profile::generic();
        let mut t = tags("Mara Quill", "Salt", "The Fog");
        assert_eq!(spoken(&t, Shelf::Audiobook, &generic), "Audiobooks/Mara Quill/Salt/The Fog.mp3");
        (t.track_number, t.track_total) = (Some(3), Some(12));
        assert_eq!(spoken(&t, Shelf::Audiobook, &generic), "Audiobooks/Mara Quill/Salt/03 - The Fog.mp3");
        t.track_total = Some(120);
        assert_eq!(spoken(&t, Shelf::Audiobook, &generic), "Audiobooks/Mara Quill/Salt/003 - The Fog.mp3");
        t.artists = vec!["..".to_owned()];
        assert_eq!(spoken(&t, Shelf::Audiobook, &generic), "Audiobooks/Untitled/Salt/003 - The Fog.mp3");
    }

    #[test]
    fn tags_cannot_climb_or_hide() {
        assert_eq!(spot(&tags("..", "../..", "../../x")), "Music/Unknown Artist/-/-..-x.mp3");
        assert_eq!(spot(&tags("...", "...", "\0")), "Music/Unknown Artist/Untitled.mp3");
    }
}
