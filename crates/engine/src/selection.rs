//! What the user named, turned into lists of wanted things: inputs are imported, links are looked up.
//!
//! A link is resolved against what was imported before, with no network. A data export does not carry the links of
//! its playlists, so a playlist's link is found only when an input carried it or the user gave it once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ferrotape_domain::{
    Cancel, Event, FileAccount, ImportProblem, LinkLookup, Phase, PlaylistKind, Progress, SpotifyKind,
    SpotifyUri, Wishlist,
};
use ferrotape_import::{Limits, Link, looks_like_link, parse_link, read_path, wanted_by_link};
use ferrotape_store::{ImportOptions, ImportReceipt, StoredPlaylist, StoredWanted};

use crate::{Context, EngineError, refresh};

/// One thing the user named on the command line.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A file or folder to import.
    Path(PathBuf),
    /// A link to something imported before, and the text as it was given.
    Link(Link, String),
}

impl What {
    /// Tells links from paths; an existing file always counts as a path.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        if !Path::new(text).exists() && looks_like_link(text) {
            return Ok(Self::Link(parse_link(text)?, text.to_owned()));
        }
        Ok(Self::Path(PathBuf::from(text)))
    }
}

/// The URI that a link's text names, if it names one thing.
pub fn spotify_uri(text: &str) -> Result<Option<SpotifyUri>, EngineError> {
    Ok(match parse_link(text)? {
        Link::Spotify(uri) => Some(uri),
        _ => None,
    })
}

/// How to import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportRules {
    /// Take over playlists that came back much shorter, too.
    pub accept_shrink: bool,
    /// The link of the one playlist that is selected.
    pub playlist_link: Option<SpotifyUri>,
    /// Only the lists of these names, in any spelling of upper and lower case, and in this order; all when empty.
    pub only_lists: Vec<String>,
}

/// What one input brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The file or folder.
    pub path: PathBuf,
    /// What changed in the library.
    pub receipt: ImportReceipt,
    /// Rows in and what became of them, per file.
    pub accounts: Vec<FileAccount>,
    /// What was not understood.
    pub problems: Vec<ImportProblem>,
}

/// Reads an input and records it in the library.
pub fn import(path: &Path, rules: &ImportRules, context: &Context) -> Result<Imported, EngineError> {
    context.started(Phase::Import, None);
    let mark = refresh::Mark::of(path);
    let wishlist = read_path(path, &Limits::default(), context.progress, context.cancel)?;
    let label =
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let options = ImportOptions {
        label,
        at: context.now,
        accept_shrink: rules.accept_shrink,
        content: mark.as_ref().map(|mark| mark.content.clone()).unwrap_or_default(),
        ..ImportOptions::default()
    };
    let receipt = context.library.record_import(&wishlist, &options, context.progress)?;
    refresh::watch_input(path, mark, receipt.import_id, context)?;
    context.finished(Phase::Import);
    Ok(Imported { path: path.to_owned(), receipt, accounts: wishlist.accounts, problems: wishlist.problems })
}

/// What an input holds, told without keeping any of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LookedInto {
    /// The file or folder.
    pub path: PathBuf,
    /// Its lists: kind, name and number of entries.
    pub lists: Vec<(PlaylistKind, String, usize)>,
    /// Rows in and what became of them, per file.
    pub accounts: Vec<FileAccount>,
    /// What was not understood.
    pub problems: Vec<ImportProblem>,
}

/// Reads an input and forgets it again; no library is needed.
pub fn look_into(path: &Path, progress: &dyn Progress, cancel: &Cancel) -> Result<LookedInto, EngineError> {
    progress.event(Event::Started { phase: Phase::Import, total: None });
    let wishlist = read_path(path, &Limits::default(), progress, cancel)?;
    progress.event(Event::Finished { phase: Phase::Import });
    let lists = wishlist.playlists.into_iter().map(|list| (list.kind, list.name, list.entries.len()));
    Ok(LookedInto {
        path: path.to_owned(),
        lists: lists.collect(),
        accounts: wishlist.accounts,
        problems: wishlist.problems,
    })
}

/// A list of wanted things to put on the player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectedList {
    /// Stable identity: the library's key of the playlist, or the link.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Whether a playlist file is written for it; albums and single links only need their files.
    pub writes_playlist: bool,
    /// The wanted things in order, duplicates kept.
    pub entries: Vec<i64>,
}

/// All that one run is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// The lists, in the order named; those of one input, or of the whole library, as the library has them.
    pub lists: Vec<SelectedList>,
    /// Every wanted thing of the lists once, in the order of first mention.
    pub wanted: Vec<StoredWanted>,
    /// What the inputs brought, one per path.
    pub imports: Vec<Imported>,
}

/// Imports what `what` names and selects it; the whole library when nothing is named.
pub fn select(what: &[What], rules: &ImportRules, context: &Context) -> Result<Selection, EngineError> {
    let mut selection = Selection::default();
    for one in what {
        match one {
            What::Path(path) => {
                let imported = import(path, rules, context)?;
                let ids: HashSet<i64> =
                    context.library.playlist_ids_of_import(imported.receipt.import_id)?.into_iter().collect();
                let playlists = context.library.playlists()?;
                let of_import = playlists.into_iter().filter(|playlist| ids.contains(&playlist.id));
                selection.lists.extend(of_import.map(selected));
                selection.imports.push(imported);
            }
            What::Link(link, text) => selection.lists.extend(resolve_or_ask(link, text, context)?),
        }
    }
    if what.is_empty() {
        selection.lists.extend(context.library.playlists()?.into_iter().map(selected));
    }
    let mut seen = HashSet::new();
    selection.lists.retain(|list| seen.insert(list.key.clone()));
    keep_only(&rules.only_lists, &mut selection.lists)?;
    if let Some(link) = &rules.playlist_link {
        give_link(link, &selection.lists, context)?;
    }
    let mut mentioned = HashSet::new();
    let ids: Vec<i64> = selection
        .lists
        .iter()
        .flat_map(|list| &list.entries)
        .copied()
        .filter(|id| mentioned.insert(*id))
        .collect();
    selection.wanted = context.library.wanted_by_ids(&ids)?;
    Ok(selection)
}

fn keep_only(names: &[String], lists: &mut Vec<SelectedList>) -> Result<(), EngineError> {
    if names.is_empty() {
        return Ok(());
    }
    let same =
        |list: &SelectedList, name: &str| list.name.trim().to_lowercase() == name.trim().to_lowercase();
    if let Some(unknown) = names.iter().find(|name| !lists.iter().any(|list| same(list, name))) {
        let known = lists.iter().map(|list| list.name.clone()).collect();
        return Err(EngineError::NoSuchList { name: unknown.clone(), known });
    }
    let place = |list: &SelectedList| names.iter().position(|name| same(list, name));
    lists.retain(|list| place(list).is_some());
    // As they were named: where room is short, the first goes before the others.
    lists.sort_by_key(place);
    Ok(())
}

/// Remembers the link of the one selected playlist.
fn give_link(link: &SpotifyUri, lists: &[SelectedList], context: &Context) -> Result<(), EngineError> {
    let playlists = context.library.playlists()?;
    let mut playlists =
        playlists.iter().filter(|playlist| lists.iter().any(|list| list.key == playlist.key)).peekable();
    match (playlists.next(), playlists.peek()) {
        (Some(one), None) => context.library.link_playlist(one.id, link)?,
        _ => return Err(EngineError::LinkOfSeveral { link: link.web_address(), lists: lists.len() }),
    };
    Ok(())
}

fn selected(playlist: StoredPlaylist) -> SelectedList {
    SelectedList {
        writes_playlist: matches!(playlist.kind, PlaylistKind::Playlist | PlaylistKind::LikedTracks),
        key: playlist.key,
        name: playlist.name,
        entries: playlist.entries.into_iter().map(|entry| entry.wanted_id).collect(),
    }
}

/// What the library knows of a link; where that is nothing and the user allows it, what the link itself can tell.
fn resolve_or_ask(link: &Link, text: &str, context: &Context) -> Result<Vec<SelectedList>, EngineError> {
    let Some(links) = context.links else { return resolve(link, text, context) };
    let followed = match link {
        Link::ShortLink(_) => parse_link(&links.follow(text).map_err(EngineError::Links)?)?,
        link => link.clone(),
    };
    match (resolve(&followed, text, context), &followed) {
        (Err(EngineError::UnknownLink { .. }), Link::Spotify(uri)) => {
            ask_for_title(uri, text, links, context)
        }
        (found, _) => found,
    }
}

/// Records what a link names by its title, which is all that can be asked for without an account.
fn ask_for_title(
    uri: &SpotifyUri,
    text: &str,
    links: &dyn LinkLookup,
    context: &Context,
) -> Result<Vec<SelectedList>, EngineError> {
    let title = links.title(&uri.web_address()).map_err(EngineError::Links)?;
    let is_playlist = uri.kind == SpotifyKind::Playlist;
    let title = title.ok_or_else(|| EngineError::UnknownLink { link: text.to_owned(), is_playlist })?;
    let Some(wanted) = wanted_by_link(uri, &title) else {
        return Err(EngineError::TitleOnly { link: text.to_owned(), title, what: uri.kind.as_str() });
    };
    let wishlist = Wishlist { wanted: vec![wanted], ..Wishlist::default() };
    let label = format!("the title behind {}", uri.web_address());
    let options = ImportOptions { label, at: context.now, ..ImportOptions::default() };
    context.library.record_import(&wishlist, &options, context.progress)?;
    context.warn(
        text,
        format!("only its title is known, “{title}”; a file is taken for it only when you say so"),
    );
    resolve_uri(uri, context)
}

fn resolve(link: &Link, text: &str, context: &Context) -> Result<Vec<SelectedList>, EngineError> {
    let found = match link {
        Link::Spotify(uri) => resolve_uri(uri, context)?,
        Link::LikedTracks => lists_of_kind(PlaylistKind::LikedTracks, context)?,
        Link::SavedAlbums => lists_of_kind(PlaylistKind::SavedAlbums, context)?,
        Link::SavedShows => lists_of_kind(PlaylistKind::SavedShows, context)?,
        Link::SavedEpisodes => lists_of_kind(PlaylistKind::SavedEpisodes, context)?,
        Link::SavedAudiobooks => lists_of_kind(PlaylistKind::SavedAudiobooks, context)?,
        other => {
            return Err(EngineError::LinkNotUsable { link: text.to_owned(), why: other.why_not_usable() });
        }
    };
    if found.is_empty() {
        let is_playlist = matches!(link, Link::Spotify(uri) if uri.kind == SpotifyKind::Playlist);
        return Err(EngineError::UnknownLink { link: text.to_owned(), is_playlist });
    }
    Ok(found)
}

fn lists_of_kind(kind: PlaylistKind, context: &Context) -> Result<Vec<SelectedList>, EngineError> {
    let playlists = context.library.playlists()?.into_iter();
    Ok(playlists.filter(|playlist| playlist.kind == kind).map(selected).collect())
}

fn resolve_uri(uri: &SpotifyUri, context: &Context) -> Result<Vec<SelectedList>, EngineError> {
    let library = context.library;
    let wanted = match uri.kind {
        SpotifyKind::Playlist => {
            let playlists = library.playlists()?.into_iter();
            return Ok(playlists.filter(|list| list.spotify.as_ref() == Some(uri)).map(selected).collect());
        }
        SpotifyKind::Album => library.wanted_of_release(uri)?,
        SpotifyKind::Artist => library.wanted_by_artist(uri)?,
        _ => library.wanted_by_spotify(uri)?.into_iter().collect(),
    };
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let name = match uri.kind {
        SpotifyKind::Album | SpotifyKind::Artist => uri.to_string(),
        _ => wanted[0].wanted.label(),
    };
    let entries = wanted.into_iter().map(|wanted| wanted.id).collect();
    Ok(vec![SelectedList { key: uri.to_string(), name, writes_playlist: false, entries }])
}
