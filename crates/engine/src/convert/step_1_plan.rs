//! Step 1: the plan. Which file becomes which finished track, with which tags and cover, and what that means for
//! the player: plain data, shown before anything is done. `--dry-run` is this plan.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use ferrotape_audio::{CoverRules, LoudnessUse, Preset, TagStyle, folder_picture};
use ferrotape_device::{Profile, Shelf, SyncPlan, Target};
use ferrotape_domain::{AudioFacts, AudioFormat, Offer, Part, SyncedLyrics, TagSet, Wanted};
use ferrotape_store::StoredWanted;

use super::ConvertRequest;
use super::albums::{AfterRun, whole_albums};
use super::desired::{desired, expected_size, size_of};
use super::final_tags::{final_tags, of_another_recording};
use super::from_place::{FromPlace, FromPlaces};
use super::kept::{Kept, kept};
use super::looked_up::LookedUpBefore;
use super::spoken::{ByFile, is_spoken, rules_of, spoken_tracks};
use super::style::{cover_rules, tag_style, tags_for};
use super::{giving_way, in_doubt};
use crate::gather::own_picture;
use crate::lookup::picture_of;
use crate::matching::{Answer, Matched, Matching};
use crate::selection::Selection;
use crate::{Context, EngineError};

/// Part of every recipe. Raise it when the same inputs would give other bytes (encoder, tags, cover rules), so that
/// files made by an older ferrotape are made anew. Where it is the frames that change, `audio::SOUND_VERSION` as well.
const PIPELINE: &str = "ferrotape-3";

/// Where the cover of a finished track comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CoverSource {
    /// The picture inside the audio file, by its content.
    Embedded(String),
    /// A picture in the file's folder: where, and its size and time of change.
    Folder(PathBuf, u64, u128),
    /// None.
    None,
}

/// One finished track to be.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedTrack {
    /// The audio file.
    pub source: PathBuf,
    /// Which part of it; the whole when `None`.
    pub part: Option<Part>,
    /// Whether the audio file is there now. If not, what an earlier run made of it stays as it is.
    pub reachable: bool,
    /// Its size in bytes.
    pub source_size: u64,
    /// About how large the finished track will be, in bytes.
    pub expected_bytes: u64,
    /// Its playing time, when known.
    pub duration: Option<Duration>,
    /// The tags to write.
    pub tags: TagSet,
    /// What the place it came from says of it.
    pub from_place: FromPlace,
    /// Timed lyrics that were looked up for it.
    pub timed_lyrics: Option<SyncedLyrics>,
    /// The cover to embed.
    pub cover: CoverSource,
    /// Its picture, whether it is embedded or not.
    pub picture: CoverSource,
    /// Whether its MP3 frames are copied as they are.
    pub copy_mp3: bool,
    /// Identity of the recording on the player: the source's content.
    pub identity: String,
    /// Everything that decides the output's bytes, hashed.
    pub recipe: String,
    /// The same without what its album adds.
    pub own_recipe: String,
    /// Where on the player it goes.
    pub shelf: Shelf,
    /// Whether it is a piece that was cut from its file for the player.
    pub is_piece: bool,
    /// Whether tables of chapters are written.
    pub keeps_chapters: bool,
    /// The whole album it belongs to, if any: an index into [`ConversionPlan::albums`].
    pub album: Option<usize>,
    /// How messages name it.
    pub label: String,
}

/// An album that is on the player as a whole after the run, and has a loudness of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedAlbum {
    /// Indices of its planned tracks.
    pub tracks: Vec<usize>,
    /// Those that this run does not name, and that stay on the player as they are for other lists.
    pub staying: Vec<PlannedTrack>,
}

impl PlannedAlbum {
    /// All its tracks; `planned` are the plan's.
    pub(super) fn all<'p>(&'p self, planned: &'p [PlannedTrack]) -> impl Iterator<Item = &'p PlannedTrack> {
        self.tracks.iter().filter_map(move |track| planned.get(*track)).chain(&self.staying)
    }
}

/// What a run will do.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversionPlan {
    /// The finished tracks, one per recording, in the order of the lists.
    pub tracks: Vec<PlannedTrack>,
    /// The whole albums of which something is planned.
    pub albums: Vec<PlannedAlbum>,
    /// What is done with loudness.
    pub loudness: LoudnessUse,
    /// What changes on the player.
    pub sync: SyncPlan,
    /// Which tracks fill which wanted thing.
    pub fills: HashMap<i64, Vec<usize>>,
    /// Where each track is or will be on the player, by its identity.
    pub paths: HashMap<String, String>,
    /// Things that stay on the player although their source file is not there now, with their path.
    pub kept: HashMap<i64, String>,
    /// Those of which the file on the player was changed or cut off.
    pub altered: HashMap<i64, String>,
    /// Things that are not surely answered any more, with where the files lie that stay on the player for them, in words.
    pub in_doubt: BTreeMap<i64, String>,
    /// Things that get another file, with where the old ones lie, in words; these stay until all of the new is there.
    pub gives_way: BTreeMap<i64, String>,
    /// Episodes at hand that stay off the player because only the newest unplayed are kept.
    pub held_back: usize,
}

impl ConversionPlan {
    /// The plan of a run that has nothing to do on the player.
    pub(super) fn nothing_to_do(
        sync: SyncPlan,
        loudness: LoudnessUse,
        (in_doubt, held_back): (BTreeMap<i64, String>, usize),
    ) -> Self {
        let (tracks, albums) = (Vec::new(), Vec::new());
        let (fills, paths) = (HashMap::new(), HashMap::new());
        let (kept, altered) = (HashMap::new(), HashMap::new());
        let gives_way = BTreeMap::new();
        Self { tracks, albums, loudness, sync, fills, paths, kept, altered, in_doubt, gives_way, held_back }
    }
}

/// Plans the tracks and asks the player's side what they mean for it.
pub(super) fn plan(
    request: &ConvertRequest,
    selection: &Selection,
    matching: &Matching,
    target: &Target,
    context: &Context,
) -> Result<ConversionPlan, EngineError> {
    let places = FromPlaces::load(context)?;
    let known = LookedUpBefore::load(context)?;
    let mut tracks = Tracks::new(request, (&places, &known), context);
    let kept = kept(matching, (target, &request.target_name()), context.library)?;
    for matched in &matching.matched {
        tracks.add(matched, matching, kept.get(&matched.wanted.id));
    }
    let albums = tracks.join_albums(matching, &staying(request, selection, target)?);
    let fill = (tracks.planned.as_slice(), &tracks.fills);
    let older = giving_way::giving_way(matching, target, fill, &kept, context.library)?;
    let mut desired = desired(request, selection, fill, (&kept, &older));
    for (id, heard) in context.library.listening()? {
        for at in tracks.fills.get(&id).into_iter().flatten() {
            if let Some(track) = desired.tracks.get_mut(*at) {
                track.worth = track.worth.saturating_add(heard.played_ms);
            }
        }
    }
    let sync = target.plan(&desired)?;
    let paths = paths_on_player(&sync);
    let in_doubt = in_doubt::places(&kept, &paths);
    let gives_way = giving_way::places(&older, &sync);
    let still_there = kept.into_iter().filter(|(_, kept)| {
        kept.settles && kept.identities.iter().any(|identity| paths.contains_key(identity))
    });
    let (altered, kept) = still_there
        .partition::<Vec<_>, _>(|(_, kept)| kept.identities.iter().any(|one| sync.altered.contains(one)));
    let by_path = |all: Vec<(i64, Kept)>| all.into_iter().map(|(id, kept)| (id, kept.path)).collect();
    let (altered, kept) = (by_path(altered), by_path(kept));
    Ok(ConversionPlan {
        tracks: tracks.planned,
        albums,
        loudness: request.loudness,
        paths,
        sync,
        fills: tracks.fills,
        kept,
        altered,
        in_doubt,
        gives_way,
        held_back: matching.held_back,
    })
}

/// Contents of what stays on the player for lists that this run does not name, as far as albums ask for it.
fn staying(
    request: &ConvertRequest,
    selection: &Selection,
    target: &Target,
) -> Result<HashSet<String>, EngineError> {
    if request.only_these || !request.loudness.wants_albums() {
        return Ok(HashSet::new());
    }
    let named = selection.lists.iter().map(|list| list.key.clone()).collect();
    Ok(target.held_by_others(named)?)
}

fn paths_on_player(sync: &SyncPlan) -> HashMap<String, String> {
    let unchanged = sync.unchanged.iter().map(|file| (&file.identity, &file.path));
    let renamed = sync.renames.iter().map(|rename| (&rename.identity, &rename.to));
    let written = sync.writes.iter().map(|write| (&write.identity, &write.path));
    unchanged.chain(renamed).chain(written).map(|(identity, path)| (identity.clone(), path.clone())).collect()
}

/// Collects one planned track per recording, however many wanted things name it.
struct Tracks<'a> {
    request: &'a ConvertRequest<'a>,
    places: &'a FromPlaces,
    known: &'a LookedUpBefore,
    context: &'a Context<'a>,
    planned: Vec<PlannedTrack>,
    at_identity: HashMap<String, usize>,
    /// Spoken word by the whole file.
    by_file: ByFile,
    fills: HashMap<i64, Vec<usize>>,
    pictures: HashMap<PathBuf, CoverSource>,
}

impl<'a> Tracks<'a> {
    fn new(
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

    fn add(&mut self, matched: &Matched, matching: &Matching, kept: Option<&Kept>) {
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
        // What was cut from a file that is away cannot be cut again; the pieces stay.
        offers.retain(|offer| !kept.is_some_and(|kept| kept.holds_pieces_of(&offer.content)));
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
        let may_encode = !copy_mp3 || !profile.audio.vbr;
        let preset = may_encode.then_some(self.request.preset_used());
        recipe(offer, tags, cover, &rules, (preset, rates_left_out(profile), self.request.loudness))
    }

    /// Finds the whole albums. What their tracks' tags and levels are depends on all of them.
    fn join_albums(&mut self, matching: &Matching, staying: &HashSet<String>) -> Vec<PlannedAlbum> {
        if !self.request.loudness.wants_albums() {
            return Vec::new();
        }
        let (planned, at_identity) = (self.planned.as_slice(), &self.at_identity);
        let after = AfterRun { planned, at_identity, staying, profile: &self.request.profile };
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
    facts.sample_rate != 0
        && profile.audio.sample_rates.contains(&facts.sample_rate)
        && facts.bitrate_kbps.is_none_or(|kbps| kbps <= u32::from(profile.audio.max_kbps))
}

/// The usual rates that a player does not take; nothing for nearly all.
pub(super) fn rates_left_out(profile: &Profile) -> String {
    let taken = &profile.audio.sample_rates;
    let left_out = [32_000, 44_100, 48_000].into_iter().filter(|rate| !taken.contains(rate));
    left_out.map(|rate| format!(" not {rate}")).collect()
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

/// Everything that decides the bytes of the finished track; no preset when its frames are copied. Equal recipes make
/// equal files.
fn recipe(
    offer: &Offer,
    tags: &TagSet,
    cover: &CoverSource,
    rules: &(TagStyle, CoverRules),
    (preset, rates, loudness): (Option<Preset>, String, LoudnessUse),
) -> String {
    let cover = match cover {
        CoverSource::Embedded(content) => content.clone(),
        CoverSource::Folder(path, size, time) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            format!("{name} {size} {time}")
        }
        CoverSource::None => String::new(),
    };
    // What was made of these before may lack, without a word, what is damaged in the file: it is made anew once.
    let holes = match offer.facts.format {
        AudioFormat::OggFlac | AudioFormat::Vorbis | AudioFormat::Opus => "\nwith its holes",
        _ => "",
    };
    let text = format!(
        "{PIPELINE}\n{}\n{tags:?}\n{cover}\n{rules:?}\n{preset:?}{rates}\n{loudness}{holes}",
        offer.content.0
    );
    hashed(&text)
}

/// The recipe of a track as part of the album that has these contents; of one that stands alone its own.
pub(super) fn recipe_in_album(track: &PlannedTrack, mut contents: Vec<String>) -> String {
    contents.sort_unstable();
    if contents.len() < 2 {
        return track.own_recipe.clone();
    }
    hashed(&format!("{}\n{}", track.own_recipe, contents.join(" ")))
}

pub(super) fn hashed(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}
