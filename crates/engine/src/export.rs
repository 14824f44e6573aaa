//! The library out: what the lists of the library hold, gathered as an import would give it, and written in a format.
//!
//! Nothing is asked of anyone and nothing changes. What the library knows and an export does not hold is told: the
//! format's own gaps by `export`, plays and policies here.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use ferrotape_domain::{Offer, Play, PlaylistEntry, PlaylistKind, WantedPlaylist, Wishlist};
pub use ferrotape_export::{Cost, Export, ExportFile, Format, ListAccount, Remark, SCHEMA};
use ferrotape_export::{Options, StandIn, export as write};
use ferrotape_store::{StoredPlaylist, StoredWanted};

use crate::matching::{Answer, Matched, Matching, match_wanted};
use crate::policies::RunPolicy;
use crate::selection::{ImportRules, SelectedList, What, select};
use crate::{Context, EngineError};

/// What to export, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportRequest {
    /// Links to lists, albums and the like that the library knows.
    pub links: Vec<What>,
    /// Names of lists; the whole library when neither links nor names are given.
    pub names: Vec<String>,
    /// The format.
    pub format: Format,
    /// Whether the listening history goes along.
    pub with_plays: bool,
    /// Whether the files that were found stand for the entries, where the format has a place for them.
    pub with_files: bool,
    /// Whether addresses of podcasts' feeds that may be keys are left out.
    pub without_private_feeds: bool,
}

/// An export and what stays behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The files, still in memory.
    pub export: Export,
    /// Plays that the library has and the export has not.
    pub plays_left: u64,
    /// Followed artists and the like that the library has and the export has not.
    pub noted_left: u64,
    /// Lists with a policy of their own, which no export holds.
    pub policies_left: u64,
    /// Entries for which a file was to stand and none is sure.
    pub without_file: u64,
}

/// Writes what is asked for into memory.
pub fn export(request: &ExportRequest, context: &Context) -> Result<Exported, EngineError> {
    let whole = request.links.is_empty() && request.names.is_empty();
    let known = context.library.playlists()?;
    let policies_left = known.iter().filter(|list| list.allows.is_some()).count() as u64;
    let chosen = chosen(request, context)?;
    let gathered = gather(&chosen, known, whole, request, context)?;
    let files = if request.with_files { files(&gathered, context)? } else { Options::default() };
    let options = Options { without_private_feeds: request.without_private_feeds, ..files };
    let entries = gathered.wishlist.playlists.iter().flat_map(|list| &list.entries);
    let has_file = |wanted: usize| options.files.contains_key(&wanted) || options.gone.contains_key(&wanted);
    let without_file = entries.filter(|entry| !has_file(entry.wanted)).count() as u64;
    let export = write(&gathered.wishlist, request.format, &options).map_err(EngineError::Export)?;
    let counts = context.library.counts()?;
    Ok(Exported {
        plays_left: counts.plays.saturating_sub(export.plays),
        noted_left: counts.noted.saturating_sub(export.noted),
        policies_left,
        without_file: if request.with_files { without_file } else { 0 },
        export,
    })
}

/// The lists that are named, each once, in the order named; links first.
fn chosen(request: &ExportRequest, context: &Context) -> Result<Vec<SelectedList>, EngineError> {
    let mut lists = Vec::new();
    if !request.links.is_empty() {
        lists.extend(select(&request.links, &ImportRules::default(), context)?.lists);
    }
    if !request.names.is_empty() || request.links.is_empty() {
        let rules = ImportRules { only_lists: request.names.clone(), ..ImportRules::default() };
        lists.extend(select(&[], &rules, context)?.lists);
    }
    let mut seen = HashSet::new();
    lists.retain(|list| seen.insert(list.key.clone()));
    Ok(lists)
}

/// A part of the library in the form in which an import gives it.
struct Gathered {
    wishlist: Wishlist,
    /// The library's own things, in the order of [`Wishlist::wanted`].
    stored: Vec<StoredWanted>,
}

fn gather(
    chosen: &[SelectedList],
    known: Vec<StoredPlaylist>,
    whole: bool,
    request: &ExportRequest,
    context: &Context,
) -> Result<Gathered, EngineError> {
    let library = context.library;
    let has_record = request.format == Format::Json;
    let things: HashSet<i64> = chosen.iter().flat_map(|list| &list.entries).copied().collect();
    // Each list tells what it names as its own source described it: two links of one recording stay two links.
    let mut described = library.descriptions_on_lists()?;
    let mut by_key: HashMap<String, StoredPlaylist> =
        known.into_iter().map(|list| (list.key.clone(), list)).collect();
    for list in by_key.values_mut() {
        for (entry, id) in list.entries.iter_mut().zip(described.remove(&list.id).unwrap_or_default()) {
            entry.wanted_id = id;
        }
    }
    let ids_of = |list: &SelectedList| -> Vec<i64> {
        let known =
            by_key.get(&list.key).map(|list| list.entries.iter().map(|entry| entry.wanted_id).collect());
        known.unwrap_or_else(|| list.entries.clone())
    };
    let listed: HashSet<i64> = chosen.iter().flat_map(ids_of).collect();
    let mut plays = if has_record && request.with_plays { library.plays()? } else { Vec::new() };
    plays.retain(|play| whole || things.contains(&play.wanted_id));
    let mut ids: Vec<i64> = listed.into_iter().chain(plays.iter().map(|play| play.wanted_id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let stored = library.as_described(&ids)?;
    let place: HashMap<i64, usize> = stored.iter().map(|wanted| wanted.id).zip(0..).collect();
    let wishlist = Wishlist {
        wanted: stored.iter().map(|stored| stored.wanted.clone()).collect(),
        playlists: chosen.iter().map(|list| playlist(list, by_key.remove(&list.key), &place)).collect(),
        plays: plays
            .into_iter()
            .filter_map(|play| {
                let wanted = *place.get(&play.wanted_id)?;
                let (ended_at, played_ms, source) = (play.ended_at, play.played_ms, play.source);
                Some(Play { wanted, ended_at, played_ms, source })
            })
            .collect(),
        noted: if has_record && whole { library.noted()? } else { Vec::new() },
        ..Wishlist::default()
    };
    Ok(Gathered { wishlist, stored })
}

/// A list of the library, or what a link to an album or the like makes a list of.
fn playlist(
    chosen: &SelectedList,
    known: Option<StoredPlaylist>,
    place: &HashMap<i64, usize>,
) -> WantedPlaylist {
    let entry = |id: i64, added: Option<String>| Some(PlaylistEntry { wanted: *place.get(&id)?, added });
    match known {
        Some(list) => WantedPlaylist {
            kind: list.kind,
            name: list.name,
            spotify: list.spotify,
            incomplete: false,
            entries: list.entries.into_iter().filter_map(|one| entry(one.wanted_id, one.added)).collect(),
        },
        None => WantedPlaylist {
            kind: PlaylistKind::Playlist,
            name: chosen.name.clone(),
            spotify: None,
            incomplete: false,
            entries: chosen.entries.iter().filter_map(|id| entry(*id, None)).collect(),
        },
    }
}

/// The file that each thing is, where matching is sure and the file is that recording alone; of an album, a
/// podcast or a book all files that are here.
fn files(gathered: &Gathered, context: &Context) -> Result<Options, EngineError> {
    let context = &Context { listen: false, ..*context };
    let matching = match_wanted(gathered.stored.clone(), &[], &RunPolicy::default(), context)?;
    let place: HashMap<i64, usize> = gathered.stored.iter().map(|wanted| wanted.id).zip(0..).collect();
    let mut options = Options { with_files: true, ..Options::default() };
    for matched in &matching.matched {
        let Some(at) = place.get(&matched.wanted.id).copied() else { continue };
        for file in stand_ins(matched, &matching) {
            // What lay there at the last scan may be gone, or on a disk that is not plugged in.
            match Path::new(&file.path).is_file() {
                true => options.files.entry(at).or_default().push(file),
                false => options.gone.entry(at).or_default().push(file.path),
            }
        }
    }
    Ok(options)
}

fn stand_ins(matched: &Matched, matching: &Matching) -> Vec<StandIn> {
    let whole = |id: &i64| matching.offer(*id).filter(|offer| offer.part.is_none());
    let path = |offer: &Offer| offer.path.to_str().map(str::to_owned);
    match &matched.answer {
        Answer::File(found) => {
            let only = whole(&found.file_id).and_then(path);
            only.map(|path| StandIn { path, part: None }).into_iter().collect()
        }
        Answer::Files(ids, _) => {
            let stem =
                |offer: &Offer| offer.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let title = |offer: &Offer| offer.tags.title.clone().unwrap_or_else(|| stem(offer));
            let part = |offer: &Offer| Some((title(offer), offer.facts.duration));
            let files = ids.iter().filter_map(whole);
            files.filter_map(|offer| Some(StandIn { path: path(offer)?, part: part(offer) })).collect()
        }
        _ => Vec::new(),
    }
}
