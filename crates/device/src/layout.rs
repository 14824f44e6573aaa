//! Where a track goes: `Music/<Album artist>/<Album>/<NN> - <Title>.mp3`, or in fewer folders where the profile says so.
//!
//! Discs beyond the first, or of a set, go before the number (`2-03 - Title`); a compilation's titles carry the
//! artist (`03 - Artist - Title`); a track without album lies in its artist's folder. Podcasts and audiobooks have
//! folders of their own: `Podcasts/<Show>/<Date> - <Title>.mp3`, so that the order of names is that of publication, and
//! `Audiobooks/<Author>/<Book>/<NN> - <Title>.mp3`. Numbers have as many digits as their totals, so that the order of
//! names is theirs. It is a pure function of tags, shelf and profile, so that a name does not depend on what else is wanted.

use ferrotape_domain::TagSet;

use crate::desired::{DesiredTrack, Shelf};
use crate::folder_names::{BETWEEN, FolderName, folders_below, joined, of_profile};
use crate::names::{safe_name, units};
use crate::profile::{Characters, Folders, Profile};

/// The wanted place of a file before clashes are settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Folders from the root down.
    pub(crate) folders: Vec<FolderName>,
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

/// An episode in the folder of its show; one that is cut into parts has a folder of its own, unless there is but one level:
/// then its parts stand between the show's other episodes, by their day as these do.
fn episode_spot(tags: &TagSet, part_of: Option<&str>, profile: &Profile) -> Spot {
    let artist = artist_of(tags, profile);
    let show = present(tags.album.as_deref()).unwrap_or(artist).to_owned();
    let title = present(tags.title.as_deref()).unwrap_or(&profile.folders.untitled);
    let dated = |title: &str| match (present(tags.date.as_deref()), tags.track_number) {
        (Some(date), _) => vec![date.to_owned(), title.to_owned()],
        (None, Some(number)) if part_of.is_none() => vec![format!("{number:03}"), title.to_owned()],
        (None, _) => vec![title.to_owned()],
    };
    let (folders, name) = match part_of {
        Some(episode) if profile.folders.layout == Folders::OneLevel => {
            return part_spot(vec![show], [dated(episode), counted(tags, title)].concat(), profile);
        }
        Some(episode) => (vec![show, dated(episode).join(BETWEEN)], counted(tags, title)),
        None => (vec![show], dated(title)),
    };
    on_shelf(&profile.podcasts.folder, folders, &name.join(BETWEEN), profile)
}

/// A part of an episode in the folder of its show. However long its titles are, its number is kept.
fn part_spot(show: Vec<String>, name: Vec<String>, profile: &Profile) -> Spot {
    let rules = &profile.names;
    let folders = folders_below(&profile.podcasts.folder, &[show], profile);
    let tail = tail("mp3", profile);
    let taken: usize = folders.iter().map(|folder| units(&folder.name) + 1).sum();
    let room = rules.max_name_units.min(rules.max_path_units.saturating_sub(taken));
    let most = (room.saturating_sub(tail.len()), rules.max_name_bytes.saturating_sub(tail.len()));
    below(folders, &joined(&name, rules, most), profile)
}

fn book_spot(tags: &TagSet, profile: &Profile) -> Spot {
    let title = present(tags.title.as_deref()).unwrap_or(&profile.folders.untitled);
    let folders = [Some(artist_of(tags, profile)), present(tags.album.as_deref())];
    let folders = folders.into_iter().flatten().map(str::to_owned).collect();
    on_shelf(&profile.audiobooks.folder, folders, &counted(tags, title).join(BETWEEN), profile)
}

/// `03` and the title, or with more digits where there are more parts.
fn counted(tags: &TagSet, title: &str) -> Vec<String> {
    let total = tags.track_total.unwrap_or(1).max(tags.track_number.unwrap_or(1));
    match tags.track_number {
        Some(number) if total > 1 => vec![padded(number, tags.track_total, 2), title.to_owned()],
        _ => vec![title.to_owned()],
    }
}

/// A number with as many digits as the last one has, and at least so many.
fn padded(number: u32, total: Option<u32>, least: usize) -> String {
    let digits = number.max(total.unwrap_or(0)).to_string().len().max(least);
    format!("{number:0digits$}")
}

/// In as many folders as the profile lays out music.
fn on_shelf(shelf: &str, folders: Vec<String>, name: &str, profile: &Profile) -> Spot {
    let made: Vec<Vec<String>> = match profile.folders.layout {
        Folders::ArtistAlbum => folders.into_iter().map(|text| vec![text]).collect(),
        Folders::OneLevel => vec![folders],
        Folders::None => {
            let name = folders.into_iter().chain([name.to_owned()]).collect::<Vec<_>>().join(BETWEEN);
            return below(of_profile(shelf), &name, profile);
        }
    };
    below(folders_below(shelf, &made, profile), name, profile)
}

/// The place of a track of music.
fn track_spot(tags: &TagSet, profile: &Profile) -> Spot {
    let whole = |text: &str| -> String { safe_name(text, &profile.names, usize::MAX, usize::MAX) };
    let music = &profile.folders.music;
    // A name that is nothing but forbidden characters may come out empty.
    let artist: &str = match artist_of(tags, profile) {
        artist if whole(artist).is_empty() => &profile.folders.unknown_artist,
        artist => artist,
    };
    let album = present(tags.album.as_deref()).filter(|&album| !whole(album).is_empty());
    let both = [Some(artist), album].into_iter().flatten();
    let name = track_name(tags, profile);
    let made: Vec<Vec<String>> = match profile.folders.layout {
        Folders::ArtistAlbum => both.map(|text| vec![text.to_owned()]).collect(),
        Folders::OneLevel => vec![both.map(whole).collect()],
        Folders::None => {
            let parts: Vec<String> = both.map(|text| folder(text, profile)).chain([name]).collect();
            return below(of_profile(music), &parts.join(BETWEEN), profile);
        }
    };
    below(folders_below(music, &made, profile), &name, profile)
}

/// A file of that name in these folders.
fn below(folders: Vec<FolderName>, name: &str, profile: &Profile) -> Spot {
    let stem = file_name(name, profile);
    let stem = if stem.is_empty() { folder(&profile.folders.untitled, profile) } else { stem };
    Spot { folders, stem, tail: tail("mp3", profile) }
}

/// The place of a playlist.
pub(crate) fn playlist_spot(name: &str, profile: &Profile) -> Spot {
    let stem = folder(name, profile);
    let stem = if stem.is_empty() { folder("Playlist", profile) } else { stem };
    let tail = tail(&profile.playlists.extension, profile);
    Spot { folders: of_profile(&profile.folders.playlists), stem, tail }
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
        let track = padded(number, tags.track_total, 2);
        match tags.disc_number {
            Some(disc) if disc > 1 || (of_a_set && disc == 1) => {
                parts.push(format!("{}-{track}", padded(disc, tags.disc_total, 1)));
            }
            _ => parts.push(track),
        }
    }
    if tags.compilation {
        parts.extend(tags.artists.iter().find_map(|name| present(Some(name))).map(str::to_owned));
    }
    parts.push(present(tags.title.as_deref()).unwrap_or(&profile.folders.untitled).to_owned());
    parts.join(BETWEEN)
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

    fn path(spot: &Spot, between: &str) -> String {
        let folders: Vec<&str> = spot.folders.iter().map(|folder| folder.name.as_str()).collect();
        format!("{}{between}{}{}", folders.join("/"), spot.stem, spot.tail)
    }

    fn spot(tags: &TagSet) -> String {
        path(&track_spot(tags, &Profile::generic()), "/")
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
        let many = TagSet { disc_total: Some(12), track_total: Some(101), ..t.clone() };
        assert_eq!(spot(&many), "Music/Nordlys/Harbour/01-003 - Gull.mp3", "before 10-101 by name");
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
            path(&spot, "|")
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
        path(&spot_of(&track, profile), "/")
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
        let of_one = spoken(&part, of(), &flat);
        assert_eq!(of_one, "MUSIC/Talk/Low Tide/2024-03-05 - Gulls - 01 - Intro.mp3");
        let next =
            TagSet { date: Some("2024-03-12".to_owned()), title: Some("Ebb".to_owned()), ..part.clone() };
        assert!(of_one < spoken(&next, whole(), &flat), "by its day, between those that are not cut");
        let long = TagSet { title: Some("Chapter ".repeat(40)), ..part.clone() };
        let long = spoken(&long, Shelf::Podcast { part_of: Some("Gulls ".repeat(40)) }, &flat);
        assert!(long.contains("/2024-03-05 - Gulls") && long.contains(" - 01 - Chapter"), "{long}");
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
