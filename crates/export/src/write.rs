//! One export: which entries may enter, which file each list goes to, and the account of all of it.

use std::collections::HashMap;
use std::io;

use ferrotape_domain::{PlaylistKind, Wanted, WantedPlaylist, Wishlist};

use crate::account::{Cost, Export, ExportFile, ListAccount, Teller};
use crate::field::Field;
use crate::list::{Entry, List, StandIn};
use crate::names::{Names, read_back};
use crate::private_feeds::{PrivateFeeds, count_private_feeds};
use crate::{Format, csv_exportify, csv_tunemymusic, json, jspf, m3u8, opml, xspf};

/// Bytes of names that every reader takes; theirs end lines and texts at 64 KiB.
const LONGEST_NAMES: usize = 60_000;
/// Lines in one cell of a table, beyond which a reader takes its quote for one that was never closed.
const MOST_LINES: usize = 40;

const NO_FILE: &str = "no file is surely it and nothing else, so the link stands there instead";

/// What the user asked for beyond the format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether the files below stand for entries of an M3U8 instead of their links, and it is told which have none.
    pub with_files: bool,
    /// The files of each thing, by index into [`Wishlist::wanted`].
    pub files: HashMap<usize, Vec<StandIn>>,
    /// Files that would stand there as well and are not there now, in the same way; that is told.
    pub gone: HashMap<usize, Vec<String>>,
    /// Whether addresses of feeds that may be keys are left out, and that is told.
    pub without_private_feeds: bool,
}

/// Writes `library` in a format. Things that no list holds are not written; noted rows and plays only to JSON.
///
/// `Err` only tells of a defect in a writer: nothing leaves the memory here.
pub fn export(library: &Wishlist, format: Format, options: &Options) -> io::Result<Export> {
    let private = PrivateFeeds::of(library, options.without_private_feeds);
    let library = private.left_out_of.as_ref().unwrap_or(library);
    let mut teller = Teller::default();
    let mut lists = Vec::with_capacity(library.playlists.len());
    let mut accounts = Vec::with_capacity(library.playlists.len());
    for (at, playlist) in library.playlists.iter().enumerate() {
        let list = admitted((library, &private), (at, playlist), format, options, &mut teller);
        let (entries, written) = (playlist.entries.len() as u64, list.entries.len() as u64);
        accounts.push(ListAccount {
            kind: playlist.kind,
            name: playlist.name.clone(),
            file: None,
            entries,
            written,
            left_out: entries - written,
        });
        lists.push(list);
    }
    let files = if format.has_file_per_list() {
        file_per_list(&lists, format, &mut accounts, &mut teller)?
    } else {
        one_file(library, &lists, format, &mut accounts, &mut teller)?
    };
    let names: Vec<String> = accounts.iter().map(|account| account.name.clone()).collect();
    let (noted, plays) =
        if format == Format::Json { (library.noted.len(), library.plays.len()) } else { (0, 0) };
    Ok(Export {
        files,
        lists: accounts,
        remarks: teller.finish(&names),
        noted: noted as u64,
        plays: plays as u64,
        private_feeds_left: private.count_left(format),
    })
}

/// The list without the entries that the format refuses, which are told.
fn admitted<'l>(
    (library, private): (&'l Wishlist, &PrivateFeeds),
    (at, playlist): (usize, &'l WantedPlaylist),
    format: Format,
    options: &'l Options,
    teller: &mut Teller,
) -> List<'l> {
    let (name, link) = (playlist.name.as_str(), playlist.spotify.as_ref());
    let mut list = List { at, kind: playlist.kind, name, link, entries: Vec::new() };
    for (row, entry) in (1..).zip(&playlist.entries) {
        let wanted_at = entry.wanted;
        let Some(wanted) = library.wanted.get(wanted_at) else { continue };
        let files =
            options.files.get(&wanted_at).map(Vec::as_slice).filter(|files| files.iter().all(StandIn::fits));
        let (added, files) = (entry.added.as_deref(), files.unwrap_or_default());
        let entry = Entry { row, wanted, added, files, without_feed: private.is_left_out(wanted_at) };
        match format.refuses(playlist.kind, wanted).or_else(|| too_long(format, wanted)) {
            Some(reason) => teller.entry(&list, &entry, Cost::LeftOut, reason),
            None => {
                match options.gone.get(&wanted_at) {
                    _ if format != Format::M3u8 || !options.with_files => {}
                    Some(gone) => teller.gone(&list, &entry, gone),
                    None if files.is_empty() => teller.entry(&list, &entry, Cost::Altered, NO_FILE),
                    None => {}
                }
                if entry.without_feed && Field::Feed.is_carried(format, &entry) {
                    let reason = "the address of its private feed is left out, as you said";
                    teller.entry(&list, &entry, Cost::Altered, reason);
                }
                teller.fields(format, &list, &entry);
                list.entries.push(entry);
            }
        }
    }
    list
}

fn too_long(format: Format, wanted: &Wanted) -> Option<&'static str> {
    let credits = [&wanted.artists, &wanted.release_artists];
    let release = wanted.release.as_deref().unwrap_or_default();
    let texts =
        [wanted.title.as_str(), release].into_iter().chain(credits.iter().flat_map(|one| one.names()));
    let (mut bytes, mut lines) = (0, 0);
    for text in texts {
        bytes += text.len();
        lines += text.matches('\n').count();
    }
    let is_table = format.ending() == "csv";
    if format != Format::Json && format != Format::Jspf && bytes > LONGEST_NAMES {
        Some("its names are longer than readers of the format take")
    } else {
        (is_table && lines >= MOST_LINES)
            .then_some("its names have more lines than readers of the format take")
    }
}

fn one_file(
    library: &Wishlist,
    lists: &[List<'_>],
    format: Format,
    accounts: &mut [ListAccount],
    teller: &mut Teller,
) -> io::Result<Vec<ExportFile>> {
    let (name, bytes) = match format {
        Format::TuneMyMusic => ("ferrotape-tunemymusic", csv_tunemymusic::write(lists, teller)?),
        Format::Opml => ("ferrotape-podcasts", opml::write(lists, teller)?),
        _ => ("ferrotape-library", json::write(library, lists)?),
    };
    // A list of nothing is a list in our own format alone.
    let holds = |account: &ListAccount| format == Format::Json || account.written > 0;
    accounts.iter_mut().filter(|account| holds(account)).for_each(|account| account.file = Some(0));
    let listed = lists.iter().flat_map(|list| &list.entries).map(|entry| entry.wanted);
    let is_record = format == Format::Json;
    let played =
        library.plays.iter().filter(|_| is_record).filter_map(|play| library.wanted.get(play.wanted));
    let private_feeds = count_private_feeds(format, listed.chain(played));
    Ok(vec![ExportFile { name: format!("{name}.{}", format.ending()), bytes, private_feeds }])
}

fn file_per_list(
    lists: &[List<'_>],
    format: Format,
    accounts: &mut [ListAccount],
    teller: &mut Teller,
) -> io::Result<Vec<ExportFile>> {
    let stems = stems(lists);
    let mut files = Vec::with_capacity(lists.len());
    for ((list, account), stem) in lists.iter().zip(accounts).zip(stems) {
        if format.is_named_by_file() && read_back(&stem) != list.name {
            teller.list(list, Cost::Altered, format!("only the file's name tells it, which is “{stem}”"));
        }
        if !format.says_kind_of_list() {
            tell_kind_of_list(list, teller);
            if list.link.is_some() {
                teller.list(list, Cost::NotCarried, "the list's link");
            }
        }
        let bytes = match format {
            Format::M3u8 => m3u8::write(list, teller),
            Format::Xspf => xspf::write(list, teller)?,
            Format::Jspf => jspf::write(list)?,
            _ => csv_exportify::write(list, teller)?,
        };
        account.file = Some(files.len());
        let private_feeds = count_private_feeds(format, list.entries.iter().map(|entry| entry.wanted));
        files.push(ExportFile { name: format!("{stem}.{}", format.ending()), bytes, private_feeds });
    }
    Ok(files)
}

/// The library's own lists first, so that no playlist takes the name by which one of them is known.
fn stems(lists: &[List<'_>]) -> Vec<String> {
    let mut names = Names::default();
    let mut order: Vec<&List<'_>> = lists.iter().collect();
    order.sort_by_key(|list| list.kind == PlaylistKind::Playlist);
    let mut named: Vec<(usize, String)> =
        order.iter().map(|list| (list.at, names.name(list.kind, list.name))).collect();
    named.sort_unstable();
    named.into_iter().map(|(_, stem)| stem).collect()
}

pub(crate) fn tell_kind_of_list(list: &List<'_>, teller: &mut Teller) {
    if !matches!(list.kind, PlaylistKind::Playlist | PlaylistKind::LikedTracks) {
        teller.list(
            list,
            Cost::NotCarried,
            "that the list is one of your library's own; readers take it for a playlist",
        );
    }
}
