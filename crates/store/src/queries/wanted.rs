//! Wanted things: their rows, and the ways to find them.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use diesel::prelude::*;
use ferrotape_domain::{Isrc, Mbid, SpotifyUri, Wanted, WantedKind};

use super::{CHUNK, Db, registers, same, wanted_merge};
use crate::json;
use crate::model::{Origin, StoredWanted};
use crate::schema::{noted, wanted, wanted_aliases};

/// Aliases of this form only keep plays together; they are no keys that a decision could stand under.
pub(super) const PLAYED: &str = "played\u{1e}";

/// What the account says is kept in rows of its own, under keys of this form.
const ACCOUNT: &str = "account\u{1e}";

pub(super) fn account_key(key: &str) -> String {
    format!("{ACCOUNT}{key}")
}

/// The key of a row that was emptied.
const FORGOTTEN: &str = "forgotten\u{1e}";

pub(super) fn forgotten_key(id: i64) -> String {
    format!("{FORGOTTEN}{id}")
}

/// Keys that a decision could stand under, without the mark of the row's origin.
fn public_key(key: &str) -> Option<&str> {
    let key = key.strip_prefix(ACCOUNT).unwrap_or(key);
    (!key.starts_with(PLAYED) && !key.starts_with(FORGOTTEN)).then_some(key)
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = wanted, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct WantedColumns {
    pub(super) key: String,
    name_key: String,
    artist_key: String,
    kind: String,
    title: String,
    artists: String,
    release: Option<String>,
    release_artists: String,
    track_number: Option<i64>,
    disc_number: Option<i64>,
    released: Option<String>,
    duration_ms: Option<i64>,
    isrc: Option<String>,
    recording_mbid: Option<String>,
    explicit: Option<i64>,
    spotify: Option<String>,
    spotify_release: Option<String>,
    feed: Option<String>,
}

impl WantedColumns {
    pub(super) fn of(key: String, wanted: &Wanted) -> QueryResult<Self> {
        Ok(Self {
            key,
            name_key: wanted.name_key(),
            artist_key: artist_key(wanted.artists.first().unwrap_or_default()),
            kind: wanted.kind.as_str().to_owned(),
            title: wanted.title.clone(),
            artists: json::credit_to_text(&wanted.artists)?,
            release: wanted.release.clone(),
            release_artists: json::credit_to_text(&wanted.release_artists)?,
            track_number: wanted.track_number.map(i64::from),
            disc_number: wanted.disc_number.map(i64::from),
            released: wanted.released.clone(),
            duration_ms: wanted.duration.map(|time| i64::try_from(time.as_millis()).unwrap_or(i64::MAX)),
            isrc: wanted.isrc.as_ref().map(|isrc| isrc.as_str().to_owned()),
            recording_mbid: wanted.recording_mbid.as_ref().map(|mbid| mbid.as_str().to_owned()),
            explicit: wanted.explicit.map(i64::from),
            spotify: wanted.spotify.as_ref().map(SpotifyUri::to_string),
            spotify_release: wanted.spotify_release.as_ref().map(SpotifyUri::to_string),
            feed: wanted.feed.clone(),
        })
    }

    pub(super) fn wanted(self) -> QueryResult<(String, Wanted)> {
        let uri = |text: Option<String>| text.and_then(|text| SpotifyUri::parse(&text).ok());
        let number = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
        let wanted = Wanted {
            kind: WantedKind::from_word(&self.kind)
                .ok_or_else(|| json::unknown("kind of thing", &self.kind))?,
            title: self.title,
            artists: json::credit_from_text(&self.artists)?,
            release: self.release,
            release_artists: json::credit_from_text(&self.release_artists)?,
            track_number: number(self.track_number),
            disc_number: number(self.disc_number),
            released: self.released,
            duration: self.duration_ms.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis),
            isrc: self.isrc.and_then(|isrc| Isrc::parse(&isrc).ok()),
            recording_mbid: self.recording_mbid.and_then(|mbid| Mbid::parse(&mbid).ok()),
            explicit: self.explicit.map(|flag| flag != 0),
            spotify: uri(self.spotify),
            spotify_release: uri(self.spotify_release),
            feed: self.feed,
        };
        Ok((self.key, wanted))
    }
}

/// An artist's name as it is compared: lower case, single spaces.
fn artist_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A row, and the first row of its thing where that is another.
type Row = (i64, Option<i64>, WantedColumns);

/// Rows as the things that they describe, in the order of the rows; each thing's rows must all be there.
fn stored(db: &mut Db, rows: Vec<Row>) -> QueryResult<Vec<StoredWanted>> {
    let mut stored: Vec<StoredWanted> = Vec::with_capacity(rows.len());
    let mut place_of: HashMap<i64, usize> = HashMap::new();
    for chunk in chunks(rows) {
        let ids: Vec<i64> = chunk.iter().map(|(id, ..)| *id).collect();
        let mut aliases = aliases_of(db, &ids)?;
        for (id, root, columns) in chunk {
            let (key, wanted) = columns.wanted()?;
            let mut one = StoredWanted { id, key, aliases: aliases.remove(&id).unwrap_or_default(), wanted };
            match root.and_then(|root| place_of.get(&root)).and_then(|at| stored.get_mut(*at)) {
                Some(first) => join(first, one),
                None => {
                    one.key = one.key.strip_prefix(ACCOUNT).unwrap_or(&one.key).to_owned();
                    place_of.insert(id, stored.len());
                    stored.push(one);
                }
            }
        }
    }
    Ok(stored)
}

/// The same, with what services know of them in their gaps.
fn with_facts(db: &mut Db, rows: Vec<Row>, from: registers::From<'_>) -> QueryResult<Vec<StoredWanted>> {
    let things: HashMap<i64, i64> = rows.iter().map(|(id, root, _)| (*id, root.unwrap_or(*id))).collect();
    let mut stored = stored(db, rows)?;
    registers::fill(db, &mut stored, &things, from)?;
    Ok(stored)
}

/// Adds a further description of a thing: its gaps are filled, and all keys lead to it.
fn join(first: &mut StoredWanted, mut more: StoredWanted) {
    let had_link = first.wanted.spotify.is_some();
    wanted_merge::fill(&mut first.wanted, &more.wanted);
    let key = public_key(&more.key).map(str::to_owned);
    if let Some(key) = key.filter(|key| *key != first.key) {
        if !had_link && first.wanted.spotify.as_ref().is_some_and(|link| link.to_string() == key) {
            let words = std::mem::replace(&mut first.key, key);
            first.aliases.extend(public_key(&words).map(str::to_owned));
        } else {
            first.aliases.push(key);
        }
    }
    first.aliases.append(&mut more.aliases);
    first.aliases.sort();
    first.aliases.dedup();
}

fn chunks(rows: Vec<Row>) -> impl Iterator<Item = Vec<Row>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<Row> = rows.by_ref().take(CHUNK).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn aliases_of(db: &mut Db, ids: &[i64]) -> QueryResult<HashMap<i64, Vec<String>>> {
    let rows: Vec<(i64, String)> = wanted_aliases::table
        .filter(wanted_aliases::wanted_id.eq_any(ids))
        .order(wanted_aliases::alias)
        .select((wanted_aliases::wanted_id, wanted_aliases::alias))
        .load(db)?;
    let mut aliases: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, alias) in rows.into_iter().filter(|(_, alias)| !alias.starts_with(PLAYED)) {
        aliases.entry(id).or_default().push(alias);
    }
    Ok(aliases)
}

/// In the order asked, each once; ids that are not there are left out.
pub(crate) fn by_ids(db: &mut Db, ids: &[i64]) -> QueryResult<Vec<StoredWanted>> {
    by_ids_from(db, ids, registers::From { all: false, but: None })
}

/// The same, as they are without what one service knows of them.
pub(crate) fn by_ids_without(db: &mut Db, ids: &[i64], service: &str) -> QueryResult<Vec<StoredWanted>> {
    by_ids_from(db, ids, registers::From { all: false, but: Some(service) })
}

fn by_ids_from(db: &mut Db, ids: &[i64], from: registers::From<'_>) -> QueryResult<Vec<StoredWanted>> {
    let roots = same::roots(db)?;
    let mut seen = HashSet::with_capacity(ids.len());
    let asked: Vec<i64> =
        ids.iter().map(|id| same::root_of(&roots, *id)).filter(|id| seen.insert(*id)).collect();
    let mut by_id = HashMap::with_capacity(asked.len());
    for chunk in asked.chunks(CHUNK) {
        let rows: Vec<Row> = wanted::table
            .filter(wanted::id.eq_any(chunk).or(wanted::same_as.eq_any(chunk)))
            .order(wanted::id)
            .select((wanted::id, wanted::same_as, WantedColumns::as_select()))
            .load(db)?;
        by_id.extend(with_facts(db, rows, from)?.into_iter().map(|wanted| (wanted.id, wanted)));
    }
    Ok(asked.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// The descriptions of these rows, each with its own words first and its gaps filled from the others of its thing.
pub(crate) fn as_described(db: &mut Db, ids: &[i64]) -> QueryResult<Vec<StoredWanted>> {
    let all = same::roots(db)?;
    let mut roots: Vec<i64> = ids.iter().map(|id| same::root_of(&all, *id)).collect();
    roots.sort_unstable();
    roots.dedup();
    let mut rows: HashMap<i64, Vec<StoredWanted>> = HashMap::new();
    for chunk in roots.chunks(CHUNK) {
        let found: Vec<Row> = wanted::table
            .filter(wanted::id.eq_any(chunk).or(wanted::same_as.eq_any(chunk)))
            .order(wanted::id)
            .select((wanted::id, wanted::same_as, WantedColumns::as_select()))
            .load(db)?;
        let things: Vec<i64> = found.iter().map(|(id, root, _)| root.unwrap_or(*id)).collect();
        // Without their roots the rows stay apart, in their order.
        let apart = found.into_iter().map(|(id, _, columns)| (id, None, columns)).collect();
        for (thing, row) in things.into_iter().zip(stored(db, apart)?) {
            rows.entry(thing).or_default().push(row);
        }
    }
    let described = ids.iter().filter_map(|id| {
        let thing = rows.get(&same::root_of(&all, *id))?;
        let mut own = thing.iter().find(|row| row.id == *id)?.clone();
        thing.iter().filter(|row| row.id != *id).for_each(|other| join(&mut own, other.clone()));
        Some(own)
    });
    Ok(described.collect())
}

/// All of them, in the order of their rows.
pub(crate) fn all(db: &mut Db) -> QueryResult<Vec<StoredWanted>> {
    let rows: Vec<Row> = wanted::table
        .filter(wanted::origin.ne(Origin::FORGOTTEN))
        .order(wanted::id)
        .select((wanted::id, wanted::same_as, WantedColumns::as_select()))
        .load(db)?;
    with_facts(db, rows, registers::From { all: true, but: None })
}

/// The podcasts and episodes among them.
pub(crate) fn podcasts(db: &mut Db) -> QueryResult<Vec<StoredWanted>> {
    let of_podcasts =
        wanted::kind.eq(WantedKind::Show.as_str()).or(wanted::kind.eq(WantedKind::Episode.as_str()));
    let ids: Vec<i64> = wanted::table
        .filter(wanted::origin.ne(Origin::FORGOTTEN))
        .filter(of_podcasts)
        .order(wanted::id)
        .select(wanted::id)
        .load(db)?;
    by_ids(db, &ids)
}

pub(crate) fn by_spotify(db: &mut Db, uri: &SpotifyUri) -> QueryResult<Option<StoredWanted>> {
    let ids: Vec<i64> = wanted::table
        .filter(wanted::spotify.eq(uri.to_string()))
        .order(wanted::id)
        .limit(1)
        .select(wanted::id)
        .load(db)?;
    Ok(by_ids(db, &ids)?.into_iter().next())
}

/// The recordings known to be on an album, in its order; when none is known, the saved album itself.
pub(crate) fn of_release(db: &mut Db, album: &SpotifyUri) -> QueryResult<Vec<StoredWanted>> {
    let mut rows: Vec<(i64, Option<i64>, Option<i64>)> = wanted::table
        .filter(wanted::spotify_release.eq(album.to_string()))
        .filter(wanted::kind.ne(WantedKind::Release.as_str()))
        .select((wanted::id, wanted::disc_number, wanted::track_number))
        .load(db)?;
    if rows.is_empty() {
        return Ok(by_spotify(db, album)?.into_iter().collect());
    }
    // Sorted here: the databases disagree on where an unknown number stands.
    rows.sort_by_key(|(id, disc, track)| (*disc, *track, *id));
    let ids: Vec<i64> = rows.into_iter().map(|(id, ..)| id).collect();
    by_ids(db, &ids)
}

/// The recordings whose first artist bears the name that a followed artist's link was given with.
pub(crate) fn by_artist(db: &mut Db, artist: &SpotifyUri) -> QueryResult<Vec<StoredWanted>> {
    let names: Vec<String> =
        noted::table.filter(noted::spotify.eq(artist.to_string())).select(noted::name).load(db)?;
    let keys: Vec<String> = names.iter().map(|name| artist_key(name)).filter(|key| !key.is_empty()).collect();
    let ids: Vec<i64> = wanted::table
        .filter(wanted::artist_key.eq_any(keys))
        .filter(wanted::kind.eq(WantedKind::Recording.as_str()))
        .order(wanted::id)
        .select(wanted::id)
        .load(db)?;
    by_ids(db, &ids)
}
