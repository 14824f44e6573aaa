//! Step 1: the plan. Which file becomes which finished track, with which tags and cover, and what that means for
//! the player: plain data, shown before anything is done. `--dry-run` is this plan.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_audio::LoudnessUse;
use ferrotape_device::{Desired, Shelf, SyncPlan, Target};
use ferrotape_domain::{Part, SyncedLyrics, TagSet, WantedKind};

use super::ConvertRequest;
use super::desired::desired;
use super::from_place::{FromPlace, FromPlaces};
use super::kept::{Kept, kept};
use super::known_sizes::KnownSizes;
use super::looked_up::LookedUpBefore;
use super::planned_tracks::Tracks;
use super::{giving_way, in_doubt, retagged};
use crate::matching::{Matched, Matching};
use crate::selection::Selection;
use crate::{Context, EngineError};

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
    /// The finished tracks, one per recording: what is wanted by itself before what only an album has.
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
    /// Things that get another file, with the identity of each old one and where it lies; these stay until all of the new is
    /// there.
    pub gives_way: BTreeMap<i64, Vec<(String, String)>>,
    /// Episodes at hand that stay off the player because only the newest unplayed are kept.
    pub held_back: usize,
    /// Whether an album counts as none for its size alone: once its files are there, and their sizes known, it may be whole.
    pub has_split_albums: bool,
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
        Self {
            tracks,
            albums,
            loudness,
            sync,
            fills,
            paths,
            kept,
            altered,
            in_doubt,
            gives_way,
            held_back,
            has_split_albums: false,
        }
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
    let mut kept = kept(matching, (target, &request.target_name()), &request.allow, context)?;
    // A thing that is wanted by itself says more of its file than its album does, whichever was named first.
    let is_album = |matched: &&Matched| matched.wanted.wanted.kind == WantedKind::Release;
    let (albums, others): (Vec<_>, Vec<_>) = matching.matched.iter().partition(is_album);
    for matched in others.into_iter().chain(albums) {
        tracks.add(matched, matching, kept.get(&matched.wanted.id));
    }
    let fill = (tracks.planned.as_slice(), &tracks.fills);
    let retagged = retagged::retagged(matching, target, fill);
    retagged::let_go(&mut kept, &retagged, matching, fill);
    let older = giving_way::giving_way(matching, target, fill, (&kept, &retagged), context.library)?;
    let mut desired = desired(request, (selection, &matching.offers), fill, (&kept, &older));
    desired.library = id_of_library(context);
    desired.retagged = retagged;
    for (id, heard) in context.library.listening()? {
        for at in tracks.fills.get(&id).into_iter().flatten() {
            if let Some(track) = desired.tracks.get_mut(*at) {
                track.worth = track.worth.saturating_add(heard.played_ms);
            }
        }
    }
    let staying = staying(request, selection, target)?;
    let sizes = KnownSizes::new(request, context);
    let planned = with_albums(&mut tracks, (&mut desired, sizes), (matching, target), &staying)?;
    let (albums, sync, has_split_albums) = planned;
    let paths = paths_on_player(&sync);
    let in_doubt = in_doubt::places(&kept, &paths);
    let gives_way = giving_way::there(older, &sync);
    let held_back = held_back(&kept, matching, &tracks.planned);
    let still_there = kept.into_iter().filter(|(_, kept)| {
        kept.settles && kept.identities.iter().any(|identity| paths.contains_key(identity))
    });
    let (altered, kept) = still_there
        .partition::<Vec<_>, _>(|(_, kept)| kept.identities.iter().any(|one| sync.altered.contains(one)));
    // What was tagged anew may get another place.
    let place_of = |kept: Kept| {
        let now = kept.identities.iter().find_map(|one| paths.get(one)).cloned();
        now.unwrap_or(kept.path)
    };
    let by_path = |all: Vec<(i64, Kept)>| all.into_iter().map(|(id, kept)| (id, place_of(kept))).collect();
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
        held_back: matching.held_back + held_back,
        has_split_albums,
    })
}

/// How many files at hand stay off the player, as newer episodes stay there. What is wanted by itself as well comes all the same.
fn held_back(kept: &BTreeMap<i64, Kept>, matching: &Matching, planned: &[PlannedTrack]) -> usize {
    let coming: HashSet<&Path> = planned.iter().map(|track| track.source.as_path()).collect();
    let files: BTreeSet<i64> = kept.values().flat_map(|kept| kept.held_back.iter().copied()).collect();
    let offers = files.into_iter().filter_map(|id| matching.offer(id));
    offers.filter(|offer| !coming.contains(offer.path.as_path())).count()
}

/// Without it, only the player knows less of whose its lists are.
fn id_of_library(context: &Context) -> Option<String> {
    context.library.id().unwrap_or_else(|error| {
        context.warn("the library", error.to_string());
        None
    })
}

/// The whole albums, what all that means for the player, and whether an album counts as none though all of it has room then. One of
/// which a track finds no room is none, or a run of one list would make anew what this run makes anew again.
fn with_albums(
    tracks: &mut Tracks<'_>,
    (desired, mut sizes): (&mut Desired, KnownSizes<'_>),
    (matching, target): (&Matching, &Target),
    staying: &HashSet<String>,
) -> Result<(Vec<PlannedAlbum>, SyncPlan, bool), EngineError> {
    let mut no_room: HashSet<usize> = HashSet::new();
    loop {
        let albums = tracks.join_albums(matching, (staying, &no_room));
        for (wanted, track) in desired.tracks.iter_mut().zip(&tracks.planned) {
            wanted.recipe.clone_from(&track.recipe);
        }
        let sync = target.plan(desired)?;
        if sizes.learn(&sync, &mut tracks.planned, desired) {
            continue;
        }
        let refused: HashSet<usize> = sync.does_not_fit.iter().map(|one| one.track).collect();
        if !albums.iter().flat_map(|album| &album.tracks).any(|track| refused.contains(track)) {
            let has_split_albums = no_room.iter().any(|track| !refused.contains(track));
            return Ok((albums, sync, has_split_albums));
        }
        // Each time there are more of them, so this ends; and sizes are learnt a few times only.
        no_room.extend(refused);
    }
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
    let older = sync.kept_older.iter().map(|file| (&file.identity, &file.path));
    let all = unchanged.chain(renamed).chain(written).chain(older);
    all.map(|(identity, path)| (identity.clone(), path.clone())).collect()
}
