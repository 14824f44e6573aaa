//! One planned track per recording, however many wanted things name it: its tags, its cover, its recipe, and whether its frames
//! are copied.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use ferrotape_audio::folder_picture;
use ferrotape_device::{Profile, Shelf};
use ferrotape_domain::{AudioFacts, AudioFormat, Offer, TagSet, Wanted};
use ferrotape_store::StoredWanted;

use super::ConvertRequest;
use super::albums::{AfterRun, whole_albums};
use super::desired::{expected_size, size_of};
use super::final_tags::{final_tags, of_another_recording};
use super::from_place::{FromPlace, FromPlaces};
use super::kept::Kept;
use super::looked_up::LookedUpBefore;
use super::recipes::{hashed, rates_left_out, recipe, recipe_in_album};
use super::spoken::{ByFile, is_spoken, rules_of, spoken_tracks};
use super::step_1_plan::{CoverSource, PlannedAlbum, PlannedTrack};
use super::style::{cover_rules, tag_style, tags_for, wants_constant_rate};
use crate::Context;
use crate::gather::own_picture;
use crate::lookup::picture_of;
use crate::matching::{Answer, Matched, Matching};

/// Collects one planned track per recording, however many wanted things name it.
pub(super) struct Tracks<'a> {
    request: &'a ConvertRequest<'a>,
    places: &'a FromPlaces,
    known: &'a LookedUpBefore,
    context: &'a Context<'a>,
    pub(super) planned: Vec<PlannedTrack>,
    at_identity: HashMap<String, usize>,
    /// Spoken word by the whole file.
    by_file: ByFile,
    /// Which of these fill which wanted thing.
    pub(super) fills: HashMap<i64, Vec<usize>>,
    pictures: HashMap<PathBuf, CoverSource>,
}

impl<'a> Tracks<'a> {
    pub(super) fn new(
        request: &'a ConvertRequest<'a>,
        (places, known): (&'a FromPlaces, &'a LookedUpBefore),
        context: &'a Context<'a>,
    ) -> Self {
        Self {
            request,
            places,
            known,
            context,
            planned: Vec::new(),
            at_identity: HashMap::new(),
            by_file: HashMap::new(),
            fills: HashMap::new(),
            pictures: HashMap::new(),
        }
    }

    pub(super) fn add(&mut self, matched: &Matched, matching: &Matching, kept: Option<&Kept>) {
        if is_spoken(matched.wanted.wanted.kind) {
            return self.add_spoken(matched, matching, kept);
        }
        let nothing_more = Wanted::of_kind(matched.wanted.wanted.kind);
        let stood_in_for;
        let (files, wanted): (&[i64], &Wanted) = match &matched.answer {
            Answer::File(found) if found.substitute.is_some() => {
                stood_in_for = of_another_recording(&matched.wanted.wanted);
                (std::slice::from_ref(&found.file_id), &stood_in_for)
            }
            Answer::File(found) => (std::slice::from_ref(&found.file_id), &matched.wanted.wanted),
            // An album's title is not its tracks' title.
            Answer::Files(files, _) => (files, &nothing_more),
            _ => return,
        };
        for offer in files.iter().filter_map(|id| matching.offer(*id)) {
            let track = self.track(offer, wanted, &matched.wanted);
            self.fills.entry(matched.wanted.id).or_default().push(track);
        }
    }

    fn add_spoken(&mut self, matched: &Matched, matching: &Matching, kept: Option<&Kept>) {
        let files = match &matched.answer {
            Answer::File(found) => std::slice::from_ref(&found.file_id),
            Answer::Files(files, _) => files,
            _ => return,
        };
        let mut offers: Vec<&Offer> = files.iter().filter_map(|id| matching.offer(*id)).collect();
        // What was cut from a file that is away cannot be cut again; the pieces stay. Newer episodes may stay as well.
        let stays_instead = |offer: &Offer, kept: &Kept| {
            kept.holds_pieces_of(&offer.content) || kept.held_back.contains(&offer.file_id)
        };
        offers.retain(|offer| !kept.is_some_and(|kept| stays_instead(offer, kept)));
        let cut = spoken_tracks(matched, &offers, (&self.request.profile, self.places));
        for (offer, pieces) in offers.iter().zip(cut) {
            let known = self.by_file.get(&offer.content.0).cloned();
            let own = || {
                pieces
                    .into_iter()
                    .map(|one| self.planned_track(&one.offer, one.tags, (one.shelf, one.is_piece), None))
            };
            let tracks = known.unwrap_or_else(|| own().collect());
            self.by_file.insert(offer.content.0.clone(), tracks.clone());
            self.fills.entry(matched.wanted.id).or_default().extend(tracks);
        }
    }

    /// `named` is what the user wants; `wanted` what of it may fill the tags.
    fn track(&mut self, offer: &Offer, wanted: &Wanted, named: &StoredWanted) -> usize {
        let tags = final_tags(offer, wanted);
        self.planned_track(offer, tags, (Shelf::Music, false), Some(named))
    }

    fn planned_track(
        &mut self,
        offer: &Offer,
        tags: TagSet,
        place: (Shelf, bool),
        named: Option<&StoredWanted>,
    ) -> usize {
        if let Some(known) = self.at_identity.get(&offer.content.0) {
            return *known;
        }
        let track = self.track_of(offer, tags, place, named);
        self.planned.push(track);
        let at = self.planned.len() - 1;
        self.at_identity.insert(offer.content.0.clone(), at);
        at
    }

    fn track_of(
        &mut self,
        offer: &Offer,
        mut tags: TagSet,
        (shelf, is_piece): (Shelf, bool),
        named: Option<&StoredWanted>,
    ) -> PlannedTrack {
        let timed_lyrics = named.and_then(|named| self.known.add_lyrics(&mut tags, offer, named));
        let tags = tags_for(&self.request.profile, tags);
        let keeps_chapters = rules_of(&shelf, &self.request.profile).is_none_or(|rules| rules.chapters);
        let from_place = self.places.of(offer);
        let picture = self.picture(offer, (named, &from_place));
        let cover = if self.request.profile.cover.embed { picture.clone() } else { CoverSource::None };
        let copy_mp3 = copies_mp3(&self.request.profile, &offer.facts);
        let mut recipe = self.recipe(offer, (&tags, &cover), copy_mp3);
        if shelf != Shelf::Music {
            recipe = hashed(&format!("{recipe}\n{shelf:?} {keeps_chapters}"));
        }
        if let Some(mark) = from_place.mark() {
            recipe = hashed(&format!("{recipe}\n{mark}"));
        }
        if let Some(lyrics) = &timed_lyrics {
            recipe = hashed(&format!("{recipe}\n{lyrics:?}"));
        }
        let artist = tags.artists.join(", ");
        let title = tags.title.clone().unwrap_or_default();
        PlannedTrack {
            source: offer.path.clone(),
            part: offer.part,
            reachable: offer.path.exists(),
            source_size: size_of(offer),
            expected_bytes: expected_size(offer, (copy_mp3, cover != CoverSource::None), &tags, self.request),
            duration: offer.facts.duration,
            label: if artist.is_empty() { title } else { format!("{artist} – {title}") },
            tags,
            from_place,
            timed_lyrics,
            cover,
            picture,
            copy_mp3,
            identity: offer.content.0.clone(),
            own_recipe: recipe.clone(),
            recipe,
            shelf,
            is_piece,
            keeps_chapters,
            album: None,
        }
    }

    fn recipe(&self, offer: &Offer, (tags, cover): (&TagSet, &CoverSource), copy_mp3: bool) -> String {
        let profile = &self.request.profile;
        let rules = (tag_style(profile), cover_rules(profile));
        // An MP3 may turn out to be of a kind that must be encoded again.
        let may_encode = !copy_mp3 || wants_constant_rate(&profile.audio);
        let preset = may_encode.then_some(self.request.preset_used());
        recipe(offer, tags, cover, &rules, (preset, rates_left_out(profile), self.request.loudness))
    }

    /// Finds the whole albums. What their tracks' tags and levels are depends on all of them. May be asked again, when it is known
    /// what finds no room.
    pub(super) fn join_albums(
        &mut self,
        matching: &Matching,
        (staying, no_room): (&HashSet<String>, &HashSet<usize>),
    ) -> Vec<PlannedAlbum> {
        for track in self.planned.iter_mut().filter(|track| track.album.is_some()) {
            track.album = None;
            track.recipe.clone_from(&track.own_recipe);
        }
        if !self.request.loudness.wants_albums() {
            return Vec::new();
        }
        let (planned, at_identity) = (self.planned.as_slice(), &self.at_identity);
        let profile = &self.request.profile;
        let after = AfterRun { planned, at_identity, staying, no_room, profile };
        let whole = whole_albums(&after, &matching.offers, self.request.loudness);
        let mut albums = Vec::new();
        for (at, whole) in whole.into_iter().enumerate() {
            let beside =
                |offer: &Offer| self.track_of(offer, offer.tags.clone(), (Shelf::Music, false), None);
            let staying = whole.staying.into_iter().map(beside).collect();
            let album = PlannedAlbum { tracks: whole.tracks, staying };
            let contents = album.all(&self.planned).map(|track| track.identity.clone());
            let contents: Vec<String> = contents.collect();
            for track in &album.tracks {
                if let Some(track) = self.planned.get_mut(*track) {
                    track.album = Some(at);
                    track.recipe = recipe_in_album(track, contents.clone());
                }
            }
            albums.push(album);
        }
        albums
    }

    /// The embedded picture wins over the folder's: it was put there for this recording, as was that of an episode's feed. One
    /// that was looked up comes last.
    fn picture(
        &mut self,
        offer: &Offer,
        (named, from_place): (Option<&StoredWanted>, &FromPlace),
    ) -> CoverSource {
        let rules = &self.request.profile.cover;
        if !rules.embed && rules.file.is_empty() {
            return CoverSource::None;
        }
        if !offer.cover.is_empty() {
            return CoverSource::Embedded(offer.cover.clone());
        }
        if from_place.is_of_feed() {
            let own = stamped_picture(own_picture(&offer.path));
            if own != CoverSource::None {
                return own;
            }
        }
        let Some(folder) = offer.path.parent() else { return CoverSource::None };
        let beside = self.pictures.entry(folder.to_owned()).or_insert_with(|| picture_in(folder)).clone();
        match named {
            Some(named) if beside == CoverSource::None => {
                picture_of(&self.known.releases.of(offer, named.id, &named.wanted), self.context)
            }
            _ => beside,
        }
    }
}

/// Whether its frames are copied: it is an MP3 that the player takes.
pub(super) fn copies_mp3(profile: &Profile, facts: &AudioFacts) -> bool {
    facts.format == AudioFormat::Mp3 && takes_mp3(profile, facts)
}

/// Whether the player plays this MP3 as it is.
fn takes_mp3(profile: &Profile, facts: &AudioFacts) -> bool {
    let rules = &profile.audio;
    let (least, most) = (u32::from(rules.min_kbps), u32::from(rules.max_kbps));
    // A mean counts the header frame as well, which is much of a short file; which rate the frames are of is seen when they are
    // copied. None is of more than 320.
    let may_be = |kbps: u32| kbps + least / 8 >= least && (most >= 320 || kbps <= most + most / 8);
    facts.sample_rate != 0
        && rules.sample_rates.contains(&facts.sample_rate)
        && facts.bitrate_kbps.is_none_or(may_be)
}

pub(super) fn picture_in(folder: &Path) -> CoverSource {
    folder_picture(folder).map_or(CoverSource::None, stamped_picture)
}

/// A picture that lies at `path`, with what tells when it changed.
pub(crate) fn stamped_picture(path: PathBuf) -> CoverSource {
    let Ok(metadata) = path.metadata() else { return CoverSource::None };
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    CoverSource::Folder(path, metadata.len(), modified.unwrap_or_default().as_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_of_a_rate_that_the_player_takes_is_looked_at() {
        let facts = |kbps| AudioFacts {
            format: AudioFormat::Mp3,
            duration: None,
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: None,
            bitrate_kbps: Some(kbps),
        };
        let mut profile = Profile::generic();
        assert!(copies_mp3(&profile, &facts(323)), "a short one of 320 with its header frame");
        profile.audio.max_kbps = 128;
        assert!(copies_mp3(&profile, &facts(131)) && !copies_mp3(&profile, &facts(160)));
        profile.audio.min_kbps = 48;
        assert!(copies_mp3(&profile, &facts(47)) && !copies_mp3(&profile, &facts(40)));
    }
}
