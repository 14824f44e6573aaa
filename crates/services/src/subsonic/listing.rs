//! Everything that a server has: by an empty search, page by page; where that is not taken, album by album.
//!
//! A page that is short is no proof of the end, because servers cap pages; an empty one is. A page without anything new
//! means that the server does not turn pages, and then albums are asked for. Where the server counts more than it has given,
//! an empty page is asked for once more; what comes short all the same is kept, and listed again (`short`). Browsing by
//! folders was rejected: one request for each folder, and nothing that albums and the search do not have.

use std::collections::HashSet;

use ferrotape_domain::{Cancel, Fault, FaultKind, RemoteOffer};
use serde_json::Value;

use super::answers::NOT_FOUND;
use super::calls::Server;
use super::rows::{id_of, offer, with_words_of_its_album};
use super::short;
use crate::loose::many;

const PAGE: usize = 500;
/// More is nobody's.
const MOST_TRACKS: usize = 5_000_000;

type PageOf<'a> = &'a mut dyn FnMut(Vec<RemoteOffer>) -> Result<(), Fault>;

/// Lists all of it.
pub(super) fn list(server: &Server, cancel: &Cancel, page: PageOf) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    if !by_search(server, &mut seen, cancel, page)? {
        by_albums(server, &mut seen, cancel, page)?;
    }
    short::take_down(server, seen.len());
    Ok(())
}

/// Whether that was all.
fn by_search(
    server: &Server,
    seen: &mut HashSet<Box<str>>,
    cancel: &Cancel,
    page: PageOf,
) -> Result<bool, Fault> {
    let (mut offset, mut empty_at) = (0, 0);
    while offset < MOST_TRACKS {
        let (size, from) = (PAGE.to_string(), offset.to_string());
        let fields = [
            ("query", ""),
            ("songCount", size.as_str()),
            ("songOffset", from.as_str()),
            ("albumCount", "0"),
            ("artistCount", "0"),
        ];
        let answer = match server.call("search3", &fields, cancel)? {
            Ok(answer) => answer,
            Err(refusal) if offset == 0 && refusal.is_about_the_call() => return Ok(false),
            Err(refusal) => return Err(server.refused(&refusal)),
        };
        let found = match member(server, &answer, "search3", "searchResult3") {
            Ok(found) => found,
            // What albums have, they tell.
            Err(_) if offset == 0 => return Ok(false),
            Err(fault) => return Err(fault),
        };
        let rows = many(found.get("song"));
        if rows.is_empty() && empty_at < offset && short::is_short(server, seen.len()) {
            empty_at = offset;
            continue;
        }
        if rows.is_empty() {
            // Old servers find nothing when nothing is searched for.
            return Ok(offset > 0);
        }
        let (new, offers) = unseen(server, rows, seen);
        if new == 0 {
            return Ok(false);
        }
        page(offers)?;
        offset += rows.len();
    }
    Err(too_many(server))
}

fn by_albums(
    server: &Server,
    seen: &mut HashSet<Box<str>>,
    cancel: &Cancel,
    page: PageOf,
) -> Result<(), Fault> {
    let (mut albums, mut offset) = (HashSet::new(), 0);
    let mut offers = Vec::new();
    while offset < MOST_TRACKS {
        let (size, from) = (PAGE.to_string(), offset.to_string());
        let fields = [("type", "alphabeticalByName"), ("size", size.as_str()), ("offset", from.as_str())];
        let answer = server.call("getAlbumList2", &fields, cancel)?;
        let answer = answer.map_err(|refusal| server.refused(&refusal))?;
        let rows = many(member(server, &answer, "getAlbumList2", "albumList2")?.get("album"));
        let new: Vec<String> = rows.iter().filter_map(id_of).filter(|id| albums.insert(id.clone())).collect();
        match (rows.len(), new.len()) {
            (0, _) => break,
            // It does not turn pages; a short one may be all there is.
            (1..PAGE, 0) => break,
            (_, 0) => return Err(turns_no_pages(server)),
            _ => {}
        }
        for album in &new {
            let rows = album_rows(server, album, cancel)?;
            offers.extend(unseen(server, &rows, seen).1);
            if offers.len() >= PAGE {
                page(std::mem::take(&mut offers))?;
            }
        }
        offset += rows.len();
    }
    if offset >= MOST_TRACKS {
        return Err(too_many(server));
    }
    if offers.is_empty() { Ok(()) } else { page(offers) }
}

fn album_rows(server: &Server, album: &str, cancel: &Cancel) -> Result<Vec<Value>, Fault> {
    match server.call("getAlbum", &[("id", album)], cancel)? {
        Ok(answer) => {
            let album = member(server, &answer, "getAlbum", "album")?;
            let mut songs = many(album.get("song")).to_vec();
            songs.iter_mut().for_each(|song| with_words_of_its_album(song, album));
            Ok(songs)
        }
        // It was taken away since the albums were listed.
        Err(refusal) if refusal.code == NOT_FOUND => Ok(Vec::new()),
        Err(refusal) => Err(server.refused(&refusal)),
    }
}

/// What an answer has to say, also where that is nothing. Without it nothing was said, and a list that ended there would be
/// cut short.
fn member<'a>(server: &Server, answer: &'a Value, call: &str, name: &str) -> Result<&'a Value, Fault> {
    answer.get(name).ok_or_else(|| server.foreign(call))
}

/// How many rows were not seen before, and those of them that are music.
fn unseen(server: &Server, rows: &[Value], seen: &mut HashSet<Box<str>>) -> (usize, Vec<RemoteOffer>) {
    let rows = rows.iter().filter(|row| id_of(row).is_some_and(|id| seen.insert(id.into_boxed_str())));
    let rows: Vec<&Value> = rows.collect();
    let offers = rows.iter().filter_map(|row| offer(&server.line.name, row)).collect();
    (rows.len(), offers)
}

fn turns_no_pages(server: &Server) -> Fault {
    let reason = "it gives the same page again and again, so it cannot be listed whole – update the server";
    server.fault(FaultKind::Permanent, reason)
}

fn too_many(server: &Server) -> Fault {
    let reason = format!("it lists more than {MOST_TRACKS} tracks, the most that are read");
    server.fault(FaultKind::Permanent, reason)
}
