//! Texts that stand in another field, or only in the file's name.

use super::kit::{Kit, Planted, Take};
use super::words;

pub(super) fn swapped(_: &mut Kit, _: &Take, file: &mut Planted) {
    std::mem::swap(&mut file.title, &mut file.artist);
    file.album_artist.clear();
    file.path = format!("Music/Swapped/{:02}.mp3", file.track);
}

pub(super) fn artist_in_title(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let dash = kit.one(&[" - ", " – ", ": ", " — "]);
    file.title = format!("{}{dash}{}", take.artist(), take.full());
    (file.artist, file.album_artist) = (String::new(), String::new());
    file.path = format!("Music/Loose/{:02}.mp3", file.track);
}

pub(super) fn artist_in_title_too(_: &mut Kit, take: &Take, file: &mut Planted) {
    file.title = format!("{} - {}", take.artist(), take.full());
    file.path = format!("Music/Loose/{}.mp3", take.track);
}

pub(super) fn artist_is_uploader(kit: &mut Kit, take: &Take, file: &mut Planted) {
    file.title = format!("{} - {}", take.artist(), take.full());
    file.artist = kit.one(&["Vesper Music Channel", "Unknown Artist", "Best Tunes 4U", "uploads"]).to_owned();
    (file.album, file.album_artist) = (String::new(), String::new());
    file.path = format!("Music/Loose/{}.mp3", take.track);
}

fn named(take: &Take) -> (String, String, String) {
    let part = |text: &str| text.replace(['/', ':', '?', '*', '"'], "_");
    (part(take.artist()), part(&take.full()), part(&take.album))
}

pub(super) fn name_artist_title(_: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, title, _) = named(take);
    file.untagged(format!("Downloads/{artist} - {title}.mp3"));
}

pub(super) fn name_number_artist_title(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, title, _) = named(take);
    let dot = kit.one(&[" - ", ". ", " "]);
    file.untagged(format!("Downloads/{:02}{dot}{artist} - {title}.mp3", take.track));
}

pub(super) fn name_underscores(_: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, title, _) = named(take);
    file.untagged(format!("Downloads/{}-{}.mp3", artist.replace(' ', "_"), title.replace(' ', "_")));
}

pub(super) fn name_folders(_: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, title, album) = named(take);
    file.untagged(format!("Music/{artist}/{album}/{:02} {title}.mp3", take.track));
}

pub(super) fn name_folder_artist_album(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, title, album) = named(take);
    let folder = match kit.below(3) {
        0 => format!("{artist} - {album}"),
        1 => format!("{artist} - {album} ({})", take.year),
        _ => format!("{artist} - {} - {album}", take.year),
    };
    file.untagged(format!("Music/{folder}/{:02} - {title}.mp3", take.track));
}

pub(super) fn name_long(_: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, title, album) = named(take);
    file.untagged(format!("Downloads/{artist} - {album} - {:02} - {title}.mp3", take.track));
}

pub(super) fn name_title_artist(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, title, _) = named(take);
    if kit.coin() {
        file.untagged(format!("Downloads/{title} - {artist}.mp3"));
    } else {
        file.untagged(format!("Downloads/{title} ({artist}).mp3"));
    }
}

pub(super) fn name_lower(_: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, title, _) = named(take);
    let name = format!("{artist} {title}").to_lowercase().replace([' ', '(', ')', '\''], "-");
    file.untagged(format!("Downloads/{name}.mp3"));
}

pub(super) fn sparse(_: &mut Kit, take: &Take, file: &mut Planted) {
    let (artist, _, album) = named(take);
    (file.artist, file.album, file.album_artist) = (String::new(), String::new(), String::new());
    file.path = format!("Music/{artist}/{album}/{:02}.mp3", take.track);
}

pub(super) fn no_album(_: &mut Kit, take: &Take, file: &mut Planted) {
    (file.album, file.album_artist, file.track, file.year) = (String::new(), String::new(), 0, 0);
    file.path = format!("Loose/{}.mp3", take.track);
}

pub(super) fn album_artist_only(_: &mut Kit, _: &Take, file: &mut Planted) {
    file.artist.clear();
}

pub(super) fn no_duration(_: &mut Kit, _: &Take, file: &mut Planted) {
    file.seconds = 0.0;
}

pub(super) fn several_artists(kit: &mut Kit, take: &mut Take) {
    let more = if kit.coin() { 1 } else { 2 };
    for _ in 0..more {
        let other = kit.other_artist(&take.artists);
        take.artists.push(other);
    }
}

pub(super) fn joined(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let joint = kit
        .one(&[" & ", " and ", " x ", ", ", "; ", " / ", " + ", " vs. ", " with ", " og ", " y ", " und "]);
    file.artist = take.artists.join(joint);
    file.shelve();
}

pub(super) fn joined_wanted(kit: &mut Kit, take: &mut Take) {
    let other = kit.other_artist(&take.artists);
    let joint = kit.one(&[" & ", " and ", " x ", " + "]);
    take.artists = vec![format!("{}{joint}{other}", take.artist())];
}

pub(super) fn joined_otherwise(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let joint = kit.one(&[", ", " / ", "; ", " feat. "]);
    for old in [" & ", " and ", " x ", " + "] {
        if let Some((one, two)) = take.artist().split_once(old) {
            file.artist = format!("{one}{joint}{two}");
        }
    }
    file.shelve();
}

pub(super) fn reversed(_: &mut Kit, take: &Take, file: &mut Planted) {
    file.artist = take.artists.iter().rev().cloned().collect::<Vec<_>>().join(" & ");
    file.shelve();
}

pub(super) fn guest(kit: &mut Kit, take: &mut Take) {
    let other = kit.other_artist(&take.artists);
    take.artists.push(other);
}

pub(super) fn guest_to_title(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let guest = take.artists.get(1).map_or("", String::as_str);
    let (open, close) = kit.one(&[
        (" (feat. ", ")"),
        (" [ft. ", "]"),
        (" feat. ", ""),
        (" (with ", ")"),
        (" featuring ", ""),
    ]);
    file.title = format!("{}{open}{guest}{close}", take.full());
    take.artist().clone_into(&mut file.artist);
    file.shelve();
}

pub(super) fn guest_in_wanted_title(kit: &mut Kit, take: &mut Take) {
    guest(kit, take);
    let guest = take.artists.get(1).cloned().unwrap_or_default();
    take.told(format!(" (feat. {guest})"));
}

pub(super) fn guest_to_artist(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let guest = take.artists.get(1).map_or("", String::as_str);
    let joint = kit.one(&[" feat. ", " ft ", " featuring ", ", ", " & ", "; "]);
    file.artist = format!("{}{joint}{guest}", take.artist());
    file.title.clone_from(&take.title);
    file.shelve();
}

pub(super) fn guest_dropped(_: &mut Kit, take: &Take, file: &mut Planted) {
    take.artist().clone_into(&mut file.artist);
    file.title.clone_from(&take.title);
    file.shelve();
}

pub(super) fn the_band(kit: &mut Kit, take: &mut Take) {
    take.artists = vec![format!("The {} {}s", kit.one(words::FIRST), kit.one(words::SECOND))];
}

pub(super) fn the_moved(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let bare = take.artist().trim_start_matches("The ").to_owned();
    file.artist = if kit.coin() { format!("{bare}, The") } else { bare };
    file.album_artist.clone_from(&file.artist);
    file.shelve();
}
