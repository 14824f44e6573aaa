//! What the tracks of a disc are called: by the image's cue sheet, by the disc's own texts, or by MusicBrainz.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ferrotape_audio::read_cue_sheet;
use ferrotape_domain::{DiscContents, DiscToc, DiscTrack, Fault, FaultKind, TagSet};

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
    /// It is about sound files, which need no ripping.
    #[error("{path}: it is about “{file}”, which is music already; put both into your inbox (`ferrotape inbox`)", path = path.display())]
    SoundFile {
        /// The sheet.
        path: PathBuf,
        /// What it names.
        file: String,
    },
}

/// What the cue sheet of an image says, by track. Its file must be raw and lie beside it.
pub fn image_texts(cue: &Path) -> Result<BTreeMap<u32, TagSet>, ImageProblem> {
    let path = || cue.to_owned();
    let sheet = read_cue_sheet(cue)
        .map_err(|error| ImageProblem::Unreadable { path: path(), reason: error.to_string() })?;
    let mut texts = BTreeMap::new();
    if sheet.files.is_empty() {
        return Err(ImageProblem::Unreadable { path: path(), reason: "it names no file".to_owned() });
    }
    for file in &sheet.files {
        let name = file.name.clone();
        let beside = cue.with_file_name(&name);
        if name.contains(['/', '\\']) || name == ".." || !beside.is_file() {
            return Err(ImageProblem::Elsewhere { path: path(), file: name });
        }
        if ferrotape_audio::probe(&beside).is_ok() {
            return Err(ImageProblem::SoundFile { path: path(), file: name });
        }
        for track in file.tracks.iter().filter(|track| track.is_sound) {
            let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            let tags = TagSet {
                title: filled(&track.title),
                artists: filled(&track.performer).or_else(|| filled(&sheet.performer)).into_iter().collect(),
                album: filled(&sheet.title),
                album_artists: filled(&sheet.performer).into_iter().collect(),
                composers: filled(&track.songwriter)
                    .or_else(|| filled(&sheet.songwriter))
                    .into_iter()
                    .collect(),
                date: filled(&sheet.date),
                genres: filled(&sheet.genre).into_iter().collect(),
                disc_number: sheet.disc.0,
                disc_total: sheet.disc.1,
                isrc: track.isrc.clone(),
                ..TagSet::default()
            };
            texts.insert(track.number, tags);
        }
    }
    Ok(texts)
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
    let letters = |title: &String| -> String {
        title.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    if tags.title.is_some() && tags.title.as_ref().map(letters) != found.title.as_ref().map(letters) {
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
