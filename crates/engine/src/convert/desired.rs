//! What is wanted on the player, in the words of the room that fills it.

use std::collections::{BTreeMap, HashMap};

use ferrotape_audio::Preset;
use ferrotape_device::{Desired, DesiredPlaylist, DesiredTrack, Shelf};
use ferrotape_domain::{AudioFacts, Offer, TagSet};

use super::ConvertRequest;
use super::companions::desired_companions;
use super::giving_way::GivingWay;
use super::kept::Kept;
use super::step_1_plan::PlannedTrack;
use crate::selection::{Selection, What};

/// Everything that is wanted on the player, by the lists of this run.
pub(super) fn desired(
    request: &ConvertRequest,
    (selection, offers): (&Selection, &[Offer]),
    (planned, fills): (&[PlannedTrack], &HashMap<i64, Vec<usize>>),
    (kept, giving_way): (&BTreeMap<i64, Kept>, &GivingWay),
) -> Desired {
    let mut all: Vec<DesiredTrack> = planned.iter().map(desired_track).collect();
    tell_of_sets(&mut all, offers);
    let mut kept_at: HashMap<&str, usize> = HashMap::new();
    let older = giving_way.values().flatten().map(|(identity, _)| identity);
    for identity in kept.values().flat_map(|kept| &kept.identities).chain(older) {
        kept_at.entry(identity).or_insert_with(|| {
            all.push(kept_track(identity));
            all.len() - 1
        });
    }
    let entries_of = |id: &i64| -> Vec<usize> {
        let identities = kept.get(id).into_iter().flat_map(|kept| &kept.identities);
        let older = giving_way.get(id).into_iter().flatten().map(|(identity, _)| identity);
        let kept = identities.chain(older).filter_map(|identity| kept_at.get(identity.as_str())).copied();
        fills.get(id).cloned().unwrap_or_default().into_iter().chain(kept).collect()
    };
    let playlists = selection.lists.iter().map(|list| DesiredPlaylist {
        key: list.key.clone(),
        name: list.name.clone(),
        write_file: list.writes_playlist,
        entries: list.entries.iter().flat_map(entries_of).collect(),
    });
    let wanted = selection.wanted.iter().map(|wanted| (wanted.key.clone(), entries_of(&wanted.id)));
    let mut gives_way: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (id, old) in giving_way {
        for (identity, _) in old {
            let tracks = fills.get(id).into_iter().flatten();
            gives_way.entry(identity.clone()).or_default().extend(tracks);
        }
    }
    Desired {
        gives_way,
        retagged: BTreeMap::new(),
        companions: desired_companions(planned, &request.profile),
        playlists: playlists.collect(),
        by_list: names_lists(request),
        wanted: wanted.collect(),
        tracks: all,
        keep_other_playlists: !request.only_these,
        library: None,
        delete_for_good: request.no_trash,
    }
}

/// Whether the user named lists one by one, so that their order says which goes first. An input or the whole library is just
/// in the order that it has.
fn names_lists(request: &ConvertRequest) -> bool {
    let is_link = |what: &What| matches!(what, What::Link(..));
    let all_links = request.what.iter().all(is_link) && !request.what.is_empty();
    all_links || !request.rules.only_lists.is_empty()
}

/// An album with a second disc is a set, whether or not its tags say so: else the names of its first disc would tell of none,
/// and the second would play in the middle of it. One with a hundredth track has so many, or that would play before the 99th,
/// be it wanted by this run or only at hand: else each run of other lists would give its tracks other names.
fn tell_of_sets(all: &mut [DesiredTrack], offers: &[Offer]) {
    let album = |tags: &TagSet| {
        let artist = tags.album_artists.first().or(tags.artists.first());
        Some((tags.album.clone()?, artist.cloned()))
    };
    let mut last: HashMap<_, (u32, u32)> = HashMap::new();
    for tags in all.iter().map(|track| &track.tags) {
        if let Some(album) = album(tags) {
            let (disc, number) = last.entry(album).or_default();
            *disc = tags.disc_number.unwrap_or(0).max(*disc);
            *number = tags.track_number.unwrap_or(0).max(*number);
        }
    }
    let of_many = offers.iter().map(|offer| &offer.tags);
    for tags in of_many.filter(|tags| tags.track_number.is_some_and(|number| number > 99)) {
        if let (Some((_, number)), Some(last)) =
            (album(tags).and_then(|album| last.get_mut(&album)), tags.track_number)
        {
            *number = last.max(*number);
        }
    }
    for tags in all.iter_mut().map(|track| &mut track.tags) {
        let (disc, number) = album(tags).and_then(|album| last.get(&album).copied()).unwrap_or_default();
        if tags.disc_number.is_some() && disc > 1 {
            tags.disc_total = tags.disc_total.or(Some(disc));
        }
        if tags.track_number.is_some() && number > 99 {
            tags.track_total = tags.track_total.or(Some(number));
        }
    }
}

/// Of a part its share of the file, as far as its bit rate tells.
pub(super) fn size_of(offer: &Offer) -> u64 {
    let part = offer.part.and(offer.facts.duration).zip(offer.facts.bitrate_kbps);
    let share = part.map(|(duration, kbps)| duration.as_millis().saturating_mul(u128::from(kbps)) / 8);
    share.and_then(|share| u64::try_from(share).ok()).map_or(offer.size, |share| share.min(offer.size))
}

fn desired_track(track: &PlannedTrack) -> DesiredTrack {
    DesiredTrack {
        identity: track.identity.clone(),
        recipe: track.recipe.clone(),
        tags: track.tags.clone(),
        shelf: track.shelf.clone(),
        duration: track.duration,
        expected_bytes: track.expected_bytes,
        label: track.label.clone(),
        worth: 0,
        can_be_made: track.reachable,
    }
}

/// Room for a tag without its lyrics, and for a cover.
const TAG: u64 = 8_000;
const COVER: u64 = 60_000;

/// About how large the finished track will be: a little too large rather than too small.
pub(super) fn expected_size(
    offer: &Offer,
    (copy_mp3, has_cover): (bool, bool),
    tags: &TagSet,
    request: &ConvertRequest,
) -> u64 {
    let audio = match copy_mp3 {
        true => size_of(offer),
        false => {
            let kept = request.profile.audio.sample_rates.contains(&offer.facts.sample_rate);
            expected_bytes(request.preset_used(), &offer.facts, kept)
        }
    };
    audio + bytes_beside_sound(tags, has_cover)
}

/// About how many bytes of a finished track are no sound.
pub(super) fn bytes_beside_sound(tags: &TagSet, has_cover: bool) -> u64 {
    TAG + bytes_of_lyrics(tags) + if has_cover { COVER } else { 0 }
}

/// The usual tags have two bytes for each character.
fn bytes_of_lyrics(tags: &TagSet) -> u64 {
    tags.lyrics.as_ref().map_or(0, |lyrics| 2 * lyrics.len() as u64)
}

/// About how large the audio will be; `keeps_rate` where the player takes the source's sample rate. Variable bitrates
/// differ by music; these are what loud rock takes.
fn expected_bytes(preset: Preset, facts: &AudioFacts, keeps_rate: bool) -> u64 {
    let mono = facts.channels == 1;
    let (kbps, varies) = match preset {
        Preset::V0 => (if mono { 180 } else { 270 }, true),
        Preset::V2 => (if mono { 145 } else { 215 }, true),
        Preset::Cbr(kbps) => (u64::from(kbps), false),
    };
    // No frame of the lower sample rates holds more.
    let kbps = if keeps_rate && facts.sample_rate <= 24_000 { kbps.min(160) } else { kbps };
    // What packs well without loss needs no more with some; what was packed with loss before tells nothing.
    let packed = facts.bitrate_kbps.filter(|_| varies && facts.format.is_lossless()).map(u64::from);
    let kbps = packed.map_or(kbps, |packed| kbps.min(packed.max(64)));
    let milliseconds = u64::try_from(facts.duration.unwrap_or_default().as_millis()).unwrap_or(0);
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ferrotape_domain::{AudioFormat, ContentId};

    use super::*;

    #[test]
    fn an_album_that_does_not_say_how_much_it_is_has_as_much_as_its_last() {
        let track = |disc: Option<u32>, number: u32| {
            let tags = TagSet {
                album: Some("Tides".to_owned()),
                disc_number: disc,
                track_number: Some(number),
                ..TagSet::default()
            };
            DesiredTrack { tags, ..kept_track("one") }
        };
        let totals_with = |mut all: Vec<DesiredTrack>, at_hand: Vec<Offer>| {
            tell_of_sets(&mut all, &at_hand);
            all.into_iter().map(|track| (track.tags.disc_total, track.tags.track_total)).collect::<Vec<_>>()
        };
        let totals = |all: Vec<DesiredTrack>| totals_with(all, Vec::new());
        assert_eq!(totals(vec![track(None, 9), track(None, 101)]), [(None, Some(101)); 2]);
        assert_eq!(totals(vec![track(Some(1), 9), track(Some(10), 12)]), [(Some(10), None); 2]);
        assert_eq!(totals(vec![track(Some(1), 9), track(Some(1), 99)]), [(None, None); 2]);
        let at_hand = |number| Offer {
            file_id: 1,
            path: "101.flac".into(),
            part: None,
            size: 1,
            content: ContentId("101".to_owned()),
            facts: AudioFacts {
                format: AudioFormat::Flac,
                duration: None,
                sample_rate: 44_100,
                channels: 2,
                bits_per_sample: Some(16),
                bitrate_kbps: None,
            },
            tags: track(None, number).tags,
            cover: String::new(),
        };
        assert_eq!(totals_with(vec![track(None, 9)], vec![at_hand(101)]), [(None, Some(101))], "not wanted");
        assert_eq!(totals_with(vec![track(None, 9)], vec![at_hand(99)]), [(None, None)]);
    }

    #[test]
    fn what_is_quiet_mono_or_of_a_low_rate_is_not_expected_as_large_as_loud_rock() {
        let loud = AudioFacts {
            format: AudioFormat::Flac,
            duration: Some(Duration::from_secs(100)),
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: Some(16),
            bitrate_kbps: Some(900),
        };
        let bytes = |preset, facts: &AudioFacts| expected_bytes(preset, facts, true);
        assert_eq!(bytes(Preset::V0, &loud), 270 * 100_000 / 8);
        let quiet = AudioFacts { bitrate_kbps: Some(120), ..loud.clone() };
        assert_eq!(bytes(Preset::V0, &quiet), 120 * 100_000 / 8);
        assert_eq!(bytes(Preset::Cbr(320), &quiet), 320 * 100_000 / 8, "it does not vary");
        let lossy = AudioFacts { format: AudioFormat::Opus, bitrate_kbps: Some(64), ..loud.clone() };
        assert_eq!(bytes(Preset::V0, &lossy), bytes(Preset::V0, &loud), "its own rate tells nothing");
        assert!(bytes(Preset::V2, &AudioFacts { channels: 1, ..loud.clone() }) < bytes(Preset::V2, &loud));
        let speech = AudioFacts { sample_rate: 22_050, ..loud.clone() };
        assert_eq!(bytes(Preset::Cbr(320), &speech), 160 * 100_000 / 8);
        assert_eq!(expected_bytes(Preset::Cbr(320), &speech, false), 320 * 100_000 / 8);
    }
}
