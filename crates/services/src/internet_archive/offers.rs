//! From an item to offers: one for each recording that somebody put there, in the best form it is had in.

use std::collections::BTreeMap;
use std::time::Duration;

use ferrotape_domain::{RemoteOffer, Rights, Sums, TagSet, Wanted};

use super::archive::id_of;
use super::concerts::tells_of_a_concert;
use super::creators::{is_by_another, without_label};
use super::released::{day_of_release, without_day};
use super::wire::{About, File, Item};
use crate::answers::{date, format_of, is_public_domain, rights_of, seconds, versions_beyond, with_versions};

/// Concerts whose artists agree to it in writing.
const LIVE: &str = "etree";
const LIVE_RIGHTS: &str = "the artist permits copies that nobody earns by (Live Music Archive)";
/// Anybody may put anything into these.
const OPEN_TO_ALL: [&str; 3] = ["opensource_audio", "opensource", "community"];

/// Why an item may be copied, if it may.
pub(super) fn rights(about: &About) -> Rights {
    if about.collection.has("stream_only") || about.is_restricted.is_true() {
        return Rights::Unknown;
    }
    let licensed = about.licenseurl.iter().map(rights_of).find(Rights::allow_a_copy);
    let of_anybody = OPEN_TO_ALL.iter().any(|open| about.collection.has(open));
    match licensed {
        Some(rights) if !(of_anybody && is_public_domain(&rights)) => rights,
        _ if about.collection.has(LIVE) => Rights::Permission(LIVE_RIGHTS.to_owned()),
        _ => Rights::Unknown,
    }
}

/// What may be had of an item for a wish; nothing where nothing says that it may be copied.
pub(super) fn of_item(item: &Item, wanted: &Wanted) -> Vec<RemoteOffer> {
    let rights = rights(&item.about);
    if !rights.allow_a_copy() {
        return Vec::new();
    }
    best_files(item).into_iter().filter_map(|files| offer(item, &files, &rights, wanted)).collect()
}

/// The files of one recording, best first.
type Forms<'a> = Vec<&'a File>;

/// All that came from one original, or from originals of one name, is one recording.
fn best_files(item: &Item) -> Vec<Forms<'_>> {
    let mut recordings: BTreeMap<&str, Forms<'_>> = BTreeMap::new();
    for file in item.files.0.iter().filter(|file| rank(file).is_some()) {
        let origin = file.original.first().filter(|_| !is_original(file)).unwrap_or(file.name());
        recordings.entry(stem(origin)).or_default().push(file);
    }
    let mut recordings: Vec<Forms<'_>> = recordings.into_values().collect();
    for forms in &mut recordings {
        forms.sort_by_key(|file| (rank(file), file.name().len()));
    }
    recordings
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn is_original(file: &File) -> bool {
    file.source.has("original")
}

/// How welcome a form is, the lower the better; `None` where it is not taken at all.
fn rank(file: &File) -> Option<u8> {
    if file.private.is_true() {
        return None;
    }
    let format = file.format.first().unwrap_or_default().to_ascii_lowercase();
    Some(match (format.as_str(), is_original(file)) {
        ("flac", true) => 0,
        ("24bit flac", true) => 1,
        ("flac" | "24bit flac", false) => 2,
        ("wave" | "aiff" | "apple lossless audio", true) => 3,
        ("vbr mp3" | "mp3" | "320kbps mp3" | "256kbps mp3", true) => 4,
        ("ogg vorbis", true) => 5,
        ("192kbps mp3" | "160kbps mp3" | "128kbps mp3", true) => 6,
        ("vbr mp3", false) => 7,
        _ => return None,
    })
}

fn offer(item: &Item, forms: &[&File], rights: &Rights, wanted: &Wanted) -> Option<RemoteOffer> {
    let (file, about) = (*forms.first()?, &item.about);
    let identifier = about.identifier.first()?;
    let id = id_of(identifier, file.name())?;
    // Derived files carry the tags that some originals lack.
    let said = |field: fn(&File) -> Option<&str>| forms.iter().find_map(|form| field(form));
    let creators = || about.creator.iter().map(str::to_owned).collect::<Vec<_>>();
    let artist = said(|file| file.artist.first().or(file.creator.first()));
    // Who sings another's songs often puts the other's name into the file.
    if artist.is_some_and(|artist| is_by_another(about, artist, wanted)) {
        return None;
    }
    let artists = artist.map_or_else(creators, |artist| vec![artist.to_owned()]);
    let tags = TagSet {
        title: said(|file| file.title.first()).map(str::to_owned),
        album: album(about, said(|file| file.album.first()), &artists, wanted),
        artists,
        album_artists: creators(),
        track_number: forms.iter().find_map(|form| form.track.track()),
        date: about.date.first().and_then(date),
        ..TagSet::default()
    };
    Some(RemoteOffer {
        id,
        file_name: file.name().rsplit('/').next().unwrap_or_default().to_owned(),
        duration: length(forms),
        tags,
        ..file_facts(file, identifier, rights)
    })
}

/// The album as the file names it, else as the item is called, with what only the item says of the version: whoever uploaded
/// a concert or a tribute often tagged the files with something else. Once a file is here this stands before its own word.
fn album(about: &About, of_file: Option<&str>, artists: &[String], wanted: &Wanted) -> Option<String> {
    let title = about.title.first();
    if let Some(title) = title.filter(|_| about.collection.has(LIVE)) {
        return Some(said_live(title.to_owned()));
    }
    let release = day_of_release(about, of_file, artists, wanted);
    let undated = |said: &str| release.as_ref().map_or_else(|| said.to_owned(), |day| without_day(said, day));
    let album = undated(of_file.or(title)?);
    let names = || artists.iter().map(String::as_str);
    let said = title.map(without_label);
    let beyond = versions_beyond(about.creator.iter().chain(said), names().chain([album.as_str()]));
    let album = with_versions(&album, &beyond);
    let known = || names().chain(of_file).chain(wanted.release.as_deref());
    let mut all_said = said.into_iter().chain(about.identifier.first());
    let is_concert = all_said.any(|said| tells_of_a_concert(&undated(said), known()));
    Some(if is_concert { said_live(album) } else { album })
}

/// `Fen Live at The Barn on 2003-05-08` says it; `Fen 2003-05-08` does not.
fn said_live(title: String) -> String {
    let says =
        title.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).any(|word| word == "live");
    if says { title } else { format!("{title} (Live)") }
}

fn length(forms: &[&File]) -> Option<Duration> {
    forms.iter().find_map(|form| form.length.first().and_then(seconds))
}

/// What is known of a file whatever it holds.
pub(crate) fn file_facts(file: &File, identifier: &str, rights: &Rights) -> RemoteOffer {
    let format = format_of(file.name());
    let lossy = format.is_some_and(|format| !format.is_lossless());
    let kbps = file.bitrate.number().and_then(|kbps| u32::try_from(kbps).ok());
    RemoteOffer {
        id: String::new(),
        file_name: String::new(),
        tags: TagSet::default(),
        duration: None,
        format,
        bitrate_kbps: kbps.filter(|kbps| lossy && (8..=1000).contains(kbps)),
        size: file.size.number().filter(|size| *size > 0),
        sums: Sums { md5: file.md5.hex(32), sha1: file.sha1.hex(40), sha256: None },
        rights: rights.clone(),
        folder: String::new(),
        page: Some(format!("https://archive.org/details/{identifier}")),
    }
}
