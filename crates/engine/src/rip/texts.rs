//! What the tracks of a disc are called: by the image's cue sheet, by the disc's own texts, or by MusicBrainz.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ferrotape_audio::{CueSheet, CueTrack, read_cue_sheet};
use ferrotape_domain::{DiscContents, DiscToc, DiscTrack, Fault, FaultKind, TagSet, letters_of};

use super::RipRequest;
use crate::Context;
use crate::gather::time_of_day;

/// Why a cue sheet is no image of a disc.
#[derive(Debug, thiserror::Error)]
pub enum ImageProblem {
    /// It cannot be read.
    #[error("{path}: the cue sheet cannot be read ({reason})", path = path.display())]
    Unreadable {
        /// The sheet.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is about a file elsewhere.
    #[error("{path}: it is about “{file}”, which must lie beside it, under this name alone", path = path.display())]
    Elsewhere {
        /// The sheet.
        path: PathBuf,
        /// What it names.
        file: String,
    },
    /// The file that it is about is not there.
    #[error("{path}: it names “{file}”, which is not beside it", path = path.display())]
    Missing {
        /// The sheet.
        path: PathBuf,
        /// What it names.
        file: String,
    },
    /// It is about several files.
    #[error(
        "{path}: it is about {count} files (“{first}” and others), and only an image of one file can be read; a program such as \
         `binmerge` joins them", path = path.display()
    )]
    Several {
        /// The sheet.
        path: PathBuf,
        /// The first that it names.
        first: String,
        /// How many there are.
        count: usize,
    },
    /// It is about sound files, which need no ripping.
    #[error("{path}: it is about “{file}”, which is music already; put both into your inbox (`ferrotape inbox`)", path = path.display())]
    SoundFile {
        /// The sheet.
        path: PathBuf,
        /// What it names.
        file: String,
    },
}

/// An image of a disc.
pub struct DiscImage {
    /// The one file that its cue sheet is about.
    pub sound: PathBuf,
    /// What the sheet says, by track.
    pub texts: BTreeMap<u32, TagSet>,
}

/// What the cue sheet of an image says. Its file must be raw and lie beside it.
pub fn disc_image(cue: &Path) -> Result<DiscImage, ImageProblem> {
    let path = || cue.to_owned();
    let sheet = read_cue_sheet(cue)
        .map_err(|error| ImageProblem::Unreadable { path: path(), reason: error.to_string() })?;
    // Some sheets name their file before every track.
    let mut names: Vec<&String> = sheet.files.iter().map(|file| &file.name).collect();
    names.dedup();
    let found: Vec<PathBuf> = names.iter().map(|name| file_of(cue, name)).collect::<Result<_, _>>()?;
    let sound = match (names.as_slice(), found.into_iter().next()) {
        ([_], Some(sound)) => sound,
        ([first, ..], _) => {
            return Err(ImageProblem::Several { path: path(), first: (*first).clone(), count: names.len() });
        }
        ([], _) => {
            return Err(ImageProblem::Unreadable { path: path(), reason: "it names no file".to_owned() });
        }
    };
    let tracks = sheet.files.iter().flat_map(|file| &file.tracks).filter(|track| track.is_sound);
    let texts = tracks.map(|track| (track.number, tags_of(&sheet, track))).collect();
    Ok(DiscImage { sound, texts })
}

fn file_of(cue: &Path, written: &str) -> Result<PathBuf, ImageProblem> {
    let (path, file) = (cue.to_owned(), written.to_owned());
    let name = without_drive(written);
    if name.is_empty() || name.contains(['/', '\\']) || matches!(name, "." | "..") {
        return Err(ImageProblem::Elsewhere { path, file });
    }
    let Some(beside) = beside(cue, name) else { return Err(ImageProblem::Missing { path, file }) };
    match ferrotape_audio::probe(&beside) {
        Ok(_) => Err(ImageProblem::SoundFile { path, file }),
        Err(_) => Ok(beside),
    }
}

/// `disc.bin` of `C:\Rips\disc.bin`: programs on Windows write where it was when they made it.
fn without_drive(written: &str) -> &str {
    let is_windows = matches!(written.as_bytes(), [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic());
    if is_windows { written.rsplit('\\').next().unwrap_or(written) } else { written }
}

/// The file of that name; else the only one of that name in other letters, as Windows finds it.
fn beside(cue: &Path, name: &str) -> Option<PathBuf> {
    let exact = cue.with_file_name(name);
    if exact.is_file() {
        return Some(exact);
    }
    let is_it = |path: &PathBuf| {
        let found = path.file_name().and_then(|found| found.to_str());
        found.is_some_and(|found| found.to_lowercase() == name.to_lowercase()) && path.is_file()
    };
    let folder = std::fs::read_dir(cue.parent()?).ok()?;
    let mut fitting = folder.filter_map(|entry| Some(entry.ok()?.path())).filter(is_it);
    let only = fitting.next()?;
    fitting.next().is_none().then_some(only)
}

fn tags_of(sheet: &CueSheet, track: &CueTrack) -> TagSet {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    TagSet {
        title: filled(&track.title),
        artists: filled(&track.performer).or_else(|| filled(&sheet.performer)).into_iter().collect(),
        album: filled(&sheet.title),
        album_artists: filled(&sheet.performer).into_iter().collect(),
        composers: filled(&track.songwriter).or_else(|| filled(&sheet.songwriter)).into_iter().collect(),
        date: filled(&sheet.date),
        genres: filled(&sheet.genre).into_iter().collect(),
        disc_number: sheet.disc.0,
        disc_total: sheet.disc.1,
        isrc: track.isrc.clone(),
        ..TagSet::default()
    }
}

/// The tags of every track, none without title, artist and album; and why MusicBrainz gave none that could be taken.
pub(super) fn tags(
    request: &RipRequest,
    contents: &DiscContents,
    disc_id: Option<&str>,
    context: &Context,
) -> (BTreeMap<u32, TagSet>, Option<String>) {
    let toc = &contents.toc;
    let asked = if request.lookup { request.register.texts(toc, context.cancel) } else { Ok(None) };
    let (looked_up, trouble) = match asked {
        Ok(texts) => (texts.unwrap_or_default(), None),
        Err(fault) => (BTreeMap::new(), Some(why_not(&fault, context.now))),
    };
    let sources = [&request.texts, &contents.texts, &looked_up];
    let named = |texts: &&BTreeMap<u32, TagSet>| {
        toc.tracks.iter().all(|track| texts.get(&track.number).is_some_and(|tags| tags.title.is_some()))
    };
    let best = sources.into_iter().find(named);
    let best = best.or_else(|| sources.into_iter().find(|texts| !texts.is_empty()));
    let total = u32::try_from(toc.tracks.len()).ok();
    let mut all = BTreeMap::new();
    for track in &toc.tracks {
        let mut tags = best.and_then(|texts| texts.get(&track.number)).cloned().unwrap_or_default();
        if let Some(found) = looked_up.get(&track.number) {
            add(&mut tags, found);
        }
        tags.title.get_or_insert_with(|| unknown_title(track));
        (tags.track_number, tags.track_total) = (Some(track.number), total);
        all.insert(track.number, tags);
    }
    name_the_album(&mut all, toc, disc_id);
    (all, trouble)
}

/// Fills in what MusicBrainz knows beyond names, where it speaks of the same track.
fn add(tags: &mut TagSet, found: &TagSet) {
    let letters = |tags: &TagSet| tags.title.as_deref().map(letters_of);
    if tags.title.is_some() && letters(tags) != letters(found) {
        return;
    }
    tags.date = tags.date.take().or_else(|| found.date.clone());
    tags.recording_mbid = tags.recording_mbid.take().or_else(|| found.recording_mbid.clone());
    tags.release_mbid = tags.release_mbid.take().or_else(|| found.release_mbid.clone());
}

/// Who could not be asked, why, and until when.
fn why_not(fault: &Fault, now: i64) -> String {
    match &fault.kind {
        FaultKind::Temporary { retry_after_seconds: Some(seconds) } => {
            format!("{fault} (it is asked again from {} on)", time_of_day(now, *seconds))
        }
        _ => fault.to_string(),
    }
}

/// Whether the tags are those of a track of which nobody said anything.
pub(super) fn has_no_names(tags: &TagSet, track: &DiscTrack, unknown_album: &str) -> bool {
    tags.title.as_ref() == Some(&unknown_title(track)) && tags.album.as_deref() == Some(unknown_album)
}

fn unknown_title(track: &DiscTrack) -> String {
    format!("Track {:02}", track.number)
}

/// What a disc is called that nobody knows.
pub(super) fn unknown_album(toc: &DiscToc, disc_id: Option<&str>) -> String {
    disc_id.map_or_else(|| format!("Disc of {} sectors", toc.leadout), |id| format!("Disc {id}"))
}

fn name_the_album(all: &mut BTreeMap<u32, TagSet>, toc: &DiscToc, disc_id: Option<&str>) {
    let album = all.values().find_map(|tags| tags.album.clone());
    let album = album.unwrap_or_else(|| unknown_album(toc, disc_id));
    let mut artists: Vec<&String> = all.values().flat_map(|tags| &tags.artists).collect();
    artists.sort();
    artists.dedup();
    let of_tracks = match artists.as_slice() {
        [] => "Unknown Artist".to_owned(),
        [only] => (*only).clone(),
        _ => "Various Artists".to_owned(),
    };
    let artist = all.values().find_map(|tags| tags.album_artists.first().cloned()).unwrap_or(of_tracks);
    for tags in all.values_mut() {
        tags.album = Some(album.clone());
        tags.album_artists = vec![artist.clone()];
        if tags.artists.is_empty() {
            tags.artists = vec![artist.clone()];
        }
    }
}
