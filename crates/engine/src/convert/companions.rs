//! What lies beside the tracks where a player looks for it: timed lyrics, and the picture of a folder.

use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};

use ferrotape_audio::{CoverRules, lrc_text, timed_lyrics};
use ferrotape_device::{
    CompanionKind, DesiredCompanion, DeviceError, PlannedCompanion, Profile, Target, lyrics_file,
};
use rayon::prelude::*;

use super::ConvertRequest;
use super::covers::Covers;
use super::recipes::hashed;
use super::step_1_plan::{ConversionPlan, CoverSource, PlannedTrack};
use super::style::cover_rules;
use crate::{Context, refresh};

/// About what a picture of 500 dots a side takes, in bytes.
const USUAL_PICTURE: u64 = 60_000;
/// Part of what every companion is made from. Raise it when the same would give other bytes.
const MAKER: &str = "1";
/// So many are held in memory and then put in their places together.
const AT_ONCE: usize = 64;

/// All that may lie beside these tracks; whether there is something is found out when it is made.
pub(super) fn desired_companions(tracks: &[PlannedTrack], profile: &Profile) -> Vec<DesiredCompanion> {
    let mut companions = Vec::new();
    for (track, planned) in tracks.iter().enumerate().filter(|(_, planned)| planned.reachable) {
        let mut want = |kind, made_from: String, expected_bytes| {
            companions.push(DesiredCompanion { track, kind, made_from, expected_bytes });
        };
        // Lyrics of a whole file are not about one part of it.
        if profile.lyrics.lrc && planned.part.is_none() {
            let beside = refresh::stamp(&lyrics_beside(&planned.source)).unwrap_or_default();
            let mut text = format!("{MAKER} {} {beside} {:?}", planned.identity, profile.lyrics.encoding);
            if let Some(found) = &planned.timed_lyrics {
                text.push_str(&format!(" {found:?}"));
            }
            want(CompanionKind::Lyrics, hashed(&text), lyrics_bytes(planned));
        }
        if !profile.cover.file.is_empty() && planned.picture != CoverSource::None {
            let text = format!("{MAKER} {:?} {:?}", planned.picture, folder_picture_rules(profile));
            want(CompanionKind::Picture, hashed(&text), Some(picture_bytes(planned, profile)));
        }
    }
    companions
}

/// `None` where only the file itself tells whether it holds timed lyrics.
fn lyrics_bytes(track: &PlannedTrack) -> Option<u64> {
    let beside = lyrics_beside(&track.source).metadata().ok().filter(Metadata::is_file);
    let looked_up = || track.timed_lyrics.as_ref().map(|lyrics| lrc_text(lyrics).len() as u64);
    beside.map(|found| found.len()).or_else(looked_up)
}

/// A picture in a folder becomes no larger; of one inside a file, about what a scaled one takes.
fn picture_bytes(track: &PlannedTrack, profile: &Profile) -> u64 {
    let most = u64::try_from(folder_picture_rules(profile).max_bytes).unwrap_or(u64::MAX).min(USUAL_PICTURE);
    match &track.picture {
        CoverSource::Folder(_, size, _) => most.min(*size),
        CoverSource::Embedded(_) | CoverSource::None => most,
    }
}

/// Makes those that are planned and puts them in their places. Whether all of them are.
pub(super) fn put_companions(
    request: &ConvertRequest,
    plan: &ConversionPlan,
    target: &Target,
    context: &Context,
) -> Result<bool, DeviceError> {
    let planned = &plan.sync.companions;
    if planned.is_empty() {
        return Ok(true);
    }
    let covers = Covers::new(folder_picture_rules(&request.profile), context.library.folder());
    for some in planned.chunks(AT_ONCE) {
        let make = |one| made(one, plan, request, &covers);
        let made: Vec<_> = some.par_iter().filter_map(|one| Some((one, make(one)?))).collect();
        target.put_companions(&made)?;
        if context.cancel.is_stopped() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What is put there, nothing included; `None` where that could not be found out, so that it is tried again.
fn made(
    one: &PlannedCompanion,
    plan: &ConversionPlan,
    request: &ConvertRequest,
    covers: &Covers,
) -> Option<Option<Vec<u8>>> {
    let track = plan.tracks.get(one.track)?;
    let bytes = make(one.kind, track, request, covers);
    let picture_opens = match &track.picture {
        CoverSource::Folder(path, ..) => File::open(path).is_ok(),
        CoverSource::Embedded(_) | CoverSource::None => true,
    };
    (bytes.is_some() || (picture_opens && File::open(&track.source).is_ok())).then_some(bytes)
}

fn make(
    kind: CompanionKind,
    track: &PlannedTrack,
    request: &ConvertRequest,
    covers: &Covers,
) -> Option<Vec<u8>> {
    match kind {
        CompanionKind::Lyrics => {
            let beside = lyrics_beside(&track.source);
            let own = timed_lyrics(
                &track.source,
                Some(&beside).filter(|beside| beside.is_file()).map(PathBuf::as_path),
            );
            let text = own.or_else(|| track.timed_lyrics.as_ref().map(lrc_text))?;
            Some(lyrics_file(&text, &request.profile.lyrics))
        }
        // A picture that cannot be used was told of when the track was made.
        CompanionKind::Picture => covers.of(&track.picture, &track.source).ok()?.map(|cover| cover.picture),
    }
}

/// The ending says JPEG, so it must be one.
fn folder_picture_rules(profile: &Profile) -> CoverRules {
    CoverRules { png: false, ..cover_rules(profile) }
}

pub(crate) fn lyrics_beside(source: &Path) -> PathBuf {
    source.with_extension("lrc")
}
