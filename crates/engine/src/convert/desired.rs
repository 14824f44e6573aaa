//! What is wanted on the player, in the words of the room that fills it.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use ferrotape_audio::Preset;
use ferrotape_device::{Desired, DesiredPlaylist, DesiredTrack, Shelf};
use ferrotape_domain::{Offer, TagSet};

use super::ConvertRequest;
use super::companions::desired_companions;
use super::kept::Kept;
use super::step_1_plan::PlannedTrack;
use crate::selection::Selection;

/// Everything that is wanted on the player, by the lists of this run.
pub(super) fn desired(
    request: &ConvertRequest,
    selection: &Selection,
    (planned, fills): (&[PlannedTrack], &HashMap<i64, Vec<usize>>),
    kept: &BTreeMap<i64, Kept>,
) -> Desired {
    let mut all: Vec<DesiredTrack> = planned.iter().map(|track| desired_track(track, request)).collect();
    let mut kept_at: HashMap<&str, usize> = HashMap::new();
    for identity in kept.values().flat_map(|kept| &kept.identities) {
        kept_at.entry(identity).or_insert_with(|| {
            all.push(kept_track(identity));
            all.len() - 1
        });
    }
    let entries_of = |id: &i64| -> Vec<usize> {
        let identities = kept.get(id).into_iter().flat_map(|kept| &kept.identities);
        let kept = identities.filter_map(|identity| kept_at.get(identity.as_str())).copied();
        fills.get(id).cloned().unwrap_or_default().into_iter().chain(kept).collect()
    };
    let playlists = selection.lists.iter().map(|list| DesiredPlaylist {
        key: list.key.clone(),
        name: list.name.clone(),
        write_file: list.writes_playlist,
        entries: list.entries.iter().flat_map(entries_of).collect(),
    });
    let wanted = selection.wanted.iter().map(|wanted| (wanted.key.clone(), entries_of(&wanted.id)));
    Desired {
        companions: desired_companions(planned, &request.profile),
        playlists: playlists.collect(),
        wanted: wanted.collect(),
        tracks: all,
        keep_other_playlists: !request.only_these,
        delete_for_good: request.no_trash,
    }
}

/// Of a part its share of the file, as far as its bit rate tells.
pub(super) fn size_of(offer: &Offer) -> u64 {
    let part = offer.part.and(offer.facts.duration).zip(offer.facts.bitrate_kbps);
    let share = part.map(|(duration, kbps)| duration.as_millis().saturating_mul(u128::from(kbps)) / 8);
    share.and_then(|share| u64::try_from(share).ok()).map_or(offer.size, |share| share.min(offer.size))
}

fn desired_track(track: &PlannedTrack, request: &ConvertRequest) -> DesiredTrack {
    let expected = if track.copy_mp3 {
        track.source_size
    } else {
        expected_bytes(request.preset_used(), track.duration)
    };
    DesiredTrack {
        identity: track.identity.clone(),
        recipe: track.recipe.clone(),
        tags: track.tags.clone(),
        shelf: track.shelf.clone(),
        duration: track.duration,
        // Tags and cover come on top of the audio.
        expected_bytes: expected + 60_000,
        label: track.label.clone(),
        worth: 0,
        can_be_made: track.reachable,
    }
}

/// About how large the audio will be. Variable bitrates differ by music; these are what loud rock takes.
fn expected_bytes(preset: Preset, duration: Option<Duration>) -> u64 {
    let kbps = match preset {
        Preset::V0 => 270,
        Preset::V2 => 215,
        Preset::Cbr(kbps) => u64::from(kbps),
    };
    let milliseconds = u64::try_from(duration.unwrap_or_default().as_millis()).unwrap_or(0);
    milliseconds.saturating_mul(kbps) / 8
}

fn kept_track(identity: &str) -> DesiredTrack {
    DesiredTrack {
        identity: identity.to_owned(),
        recipe: String::new(),
        tags: TagSet::default(),
        shelf: Shelf::Music,
        duration: None,
        expected_bytes: 0,
        label: String::new(),
        worth: 0,
        can_be_made: false,
    }
}
