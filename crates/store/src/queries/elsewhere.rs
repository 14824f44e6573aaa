//! Where files came from, and what places elsewhere list.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use ferrotape_domain::{ContentId, Origins, PODCASTS, Provenance, RemoteOffer, Rights, TagSet};

use super::{CHUNK, Db, no_nul};
use crate::json::{tags_from_text, tags_to_text};
use crate::json_elsewhere::{remote_from_text, remote_to_text, rights_columns, rights_of_columns};
use crate::model::ListedTracks;
use crate::schema::{
    doubted_feeds, feeds_of_files, feeds_of_shows, listed_tracks, listings, provenance, remote_offers,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = provenance)]
struct Row {
    content: String,
    source: String,
    remote_id: String,
    file_name: String,
    url: Option<String>,
    page: Option<String>,
    rights: String,
    licence: String,
    licence_url: Option<String>,
    note: String,
    at: i64,
    sha256: String,
    said: String,
}

impl Row {
    fn provenance(self) -> QueryResult<Provenance> {
        Ok(Provenance {
            content: ContentId(self.content),
            source: self.source,
            remote_id: self.remote_id,
            file_name: self.file_name,
            url: self.url,
            page: self.page,
            rights: rights_of_columns(&self.rights, self.licence, self.licence_url),
            note: self.note,
            at: self.at,
            sha256: self.sha256,
            said: tags_from_text(&self.said)?,
        })
    }
}

/// Keeps where files came from; of what came under the same name of the same place with the same content the first word
/// stands.
pub(crate) fn keep(db: &mut Db, all: &[Provenance]) -> QueryResult<()> {
    for one in all {
        let (rights, licence, licence_url) = rights_columns(&one.rights);
        diesel::insert_into(provenance::table)
            .values((
                provenance::content.eq(&one.content.0),
                provenance::source.eq(&one.source),
                provenance::remote_id.eq(no_nul(&one.remote_id)),
                provenance::file_name.eq(no_nul(&one.file_name)),
                provenance::url.eq(one.url.as_deref().map(no_nul)),
                provenance::page.eq(one.page.as_deref().map(no_nul)),
                provenance::rights.eq(rights),
                provenance::licence.eq(no_nul(licence)),
                provenance::licence_url.eq(licence_url.map(no_nul)),
                provenance::note.eq(no_nul(&one.note)),
                provenance::at.eq(one.at),
                provenance::sha256.eq(&one.sha256),
                provenance::said.eq(no_nul(&tags_to_text(&one.said)?)),
            ))
            .on_conflict((provenance::content, provenance::source, provenance::remote_id))
            .do_nothing()
            .execute(db)?;
        if !one.file_name.is_empty() {
            // What came before names were kept is told apart from now on.
            let remote_id = no_nul(&one.remote_id);
            let row = provenance::table.find((&*one.content.0, &*one.source, &*remote_id));
            diesel::update(row.filter(provenance::file_name.eq("")))
                .set(provenance::file_name.eq(no_nul(&one.file_name)))
                .execute(db)?;
        }
        if let Some(feed) = one.feed() {
            keep_feed(db, &one.content, feed)?;
        }
    }
    Ok(())
}

/// Keeps what a place says now of what came from it before.
pub(crate) fn keep_new_words(db: &mut Db, one: &Provenance) -> QueryResult<()> {
    let remote_id = no_nul(&one.remote_id);
    let row = provenance::table.find((&*one.content.0, &*one.source, &*remote_id));
    diesel::update(row)
        .set((
            provenance::page.eq(one.page.as_deref().map(no_nul)),
            provenance::said.eq(no_nul(&tags_to_text(&one.said)?)),
        ))
        .execute(db)
        .map(drop)
}

fn keep_feed(db: &mut Db, content: &ContentId, feed: &str) -> QueryResult<()> {
    diesel::insert_into(feeds_of_files::table)
        .values((feeds_of_files::content.eq(&content.0), feeds_of_files::feed.eq(no_nul(feed))))
        .on_conflict((feeds_of_files::content, feeds_of_files::feed))
        .do_nothing()
        .execute(db)
        .map(drop)
}

/// The feeds that gave each file, by content.
pub(crate) fn feeds_of_files(db: &mut Db) -> QueryResult<HashMap<ContentId, Vec<String>>> {
    let rows: Vec<(String, String)> = feeds_of_files::table
        .order((feeds_of_files::content, feeds_of_files::feed))
        .select((feeds_of_files::content, feeds_of_files::feed))
        .load(db)?;
    let mut feeds: HashMap<ContentId, Vec<String>> = HashMap::new();
    for (content, feed) in rows {
        feeds.entry(ContentId(content)).or_default().push(feed);
    }
    Ok(feeds)
}

/// Keeps which feeds were taken for podcasts.
pub(crate) fn keep_feeds_of_shows(db: &mut Db, all: &BTreeSet<(String, String)>) -> QueryResult<()> {
    for (show, feed) in all {
        diesel::insert_into(feeds_of_shows::table)
            .values((feeds_of_shows::show.eq(show), feeds_of_shows::feed.eq(no_nul(feed))))
            .on_conflict((feeds_of_shows::show, feeds_of_shows::feed))
            .do_nothing()
            .execute(db)?;
    }
    Ok(())
}

/// Forgets that these feeds were taken for these podcasts.
pub(crate) fn forget_feeds_of_shows(db: &mut Db, all: &BTreeSet<(String, String)>) -> QueryResult<()> {
    for (show, feed) in all {
        diesel::delete(feeds_of_shows::table.find((show, feed))).execute(db)?;
    }
    Ok(())
}

/// Keeps which feeds are doubted for podcasts, and forgets it of those that were taken.
pub(crate) fn keep_doubted_feeds(
    db: &mut Db,
    doubted: &BTreeSet<(String, String)>,
    taken: &BTreeSet<(String, String)>,
) -> QueryResult<()> {
    for (show, feed) in doubted {
        diesel::insert_into(doubted_feeds::table)
            .values((doubted_feeds::show.eq(show), doubted_feeds::feed.eq(no_nul(feed))))
            .on_conflict((doubted_feeds::show, doubted_feeds::feed))
            .do_nothing()
            .execute(db)?;
    }
    for (show, feed) in taken {
        diesel::delete(doubted_feeds::table.find((show, feed))).execute(db)?;
    }
    Ok(())
}

/// Which feeds are doubted for podcasts.
pub(crate) fn doubted_feeds(db: &mut Db) -> QueryResult<BTreeSet<(String, String)>> {
    let rows: Vec<(String, String)> =
        doubted_feeds::table.select((doubted_feeds::show, doubted_feeds::feed)).load(db)?;
    Ok(rows.into_iter().collect())
}

/// Which feeds were taken for podcasts.
pub(crate) fn feeds_of_shows(db: &mut Db) -> QueryResult<BTreeSet<(String, String)>> {
    let rows: Vec<(String, String)> =
        feeds_of_shows::table.select((feeds_of_shows::show, feeds_of_shows::feed)).load(db)?;
    Ok(rows.into_iter().collect())
}

/// Keeps which tracks a place lists of a thing, in place of what was kept of it before.
pub(crate) fn keep_listed_tracks(db: &mut Db, key: &str, listed: &ListedTracks) -> QueryResult<()> {
    diesel::delete(listed_tracks::table.filter(listed_tracks::wanted_key.eq(key))).execute(db)?;
    let tracks: Vec<(u32, u32)> = listed.tracks.iter().copied().collect();
    for chunk in tracks.chunks(CHUNK) {
        let rows = chunk.iter().map(|(disc, track)| {
            (
                listed_tracks::wanted_key.eq(key),
                listed_tracks::source.eq(&*listed.source),
                listed_tracks::disc.eq(i64::from(*disc)),
                listed_tracks::track.eq(i64::from(*track)),
            )
        });
        let rows: Vec<_> = rows.collect();
        diesel::insert_into(listed_tracks::table)
            .values(rows)
            .on_conflict((listed_tracks::wanted_key, listed_tracks::disc, listed_tracks::track))
            .do_nothing()
            .execute(db)?;
    }
    Ok(())
}

/// Which tracks places list of things, by the things' keys.
pub(crate) fn listed_tracks(db: &mut Db) -> QueryResult<HashMap<String, ListedTracks>> {
    type Row = (String, String, i64, i64);
    let rows: Vec<Row> = listed_tracks::table
        .select((listed_tracks::wanted_key, listed_tracks::source, listed_tracks::disc, listed_tracks::track))
        .load(db)?;
    let mut all: HashMap<String, ListedTracks> = HashMap::new();
    for (key, source, disc, track) in rows {
        let (Ok(disc), Ok(track)) = (u32::try_from(disc), u32::try_from(track)) else { continue };
        let listed = all.entry(key).or_default();
        listed.source = source;
        listed.tracks.insert((disc, track));
    }
    Ok(all)
}

/// Where every file came from that did not come with the user's own folders.
pub(crate) fn all(db: &mut Db) -> QueryResult<Vec<Provenance>> {
    let in_order = (provenance::content, provenance::at, provenance::source, provenance::remote_id);
    let rows: Vec<Row> = provenance::table.order(in_order).select(Row::as_select()).load(db)?;
    rows.into_iter().map(Row::provenance).collect()
}

/// The contents of files that are not the user's own by their place's word.
pub(crate) fn contents_of_public_places(db: &mut Db) -> QueryResult<HashSet<ContentId>> {
    let own = rights_columns(&Rights::Own).0;
    let rows: Vec<String> =
        provenance::table.filter(provenance::rights.ne(own)).select(provenance::content).load(db)?;
    Ok(rows.into_iter().map(ContentId).collect())
}

/// The contents of all files of which it is known where they came from.
pub(crate) fn contents_that_came(db: &mut Db) -> QueryResult<HashSet<ContentId>> {
    let rows: Vec<String> = provenance::table.select(provenance::content).distinct().load(db)?;
    Ok(rows.into_iter().map(ContentId).collect())
}

/// What a place said of a file.
pub(crate) struct Said {
    /// The place is the user's own.
    pub(crate) is_own: bool,
    /// The place is the feed that the file is an episode of.
    pub(crate) is_of_feed: bool,
    pub(crate) tags: TagSet,
}

/// What places said of their files, what came first before the rest.
pub(crate) fn said(db: &mut Db) -> QueryResult<Origins<Said>> {
    type Row = (String, String, String, String, String);
    let rows: Vec<Row> = provenance::table
        .order((provenance::content, provenance::at, provenance::source, provenance::remote_id))
        .select((
            provenance::content,
            provenance::file_name,
            provenance::source,
            provenance::rights,
            provenance::said,
        ))
        .load(db)?;
    let read = |(content, name, source, rights, said): Row| {
        let mut tags = tags_from_text(&said)?;
        // Chapters and the like fill no tag by which anything is decided.
        tags.more = None;
        let is = |of: &Rights| rights == rights_columns(of).0;
        // As [`Provenance::is_of_feed`]: a program may call a file a public feed's, too, and is not believed.
        let is_of_feed = source == PODCASTS && is(&Rights::PublicFeed);
        Ok((ContentId(content), name, Said { is_own: is(&Rights::Own), is_of_feed, tags }))
    };
    rows.into_iter().map(read).collect()
}

/// The mark and time of a place's listing.
pub(crate) fn listing(db: &mut Db, source: &str) -> QueryResult<Option<(String, i64)>> {
    listings::table.find(source).select((listings::mark, listings::at)).first(db).optional()
}

/// Keeps a whole listing in place of the one before.
pub(crate) fn keep_listing(
    db: &mut Db,
    source: &str,
    (mark, at): (&str, i64),
    offers: &[RemoteOffer],
) -> QueryResult<()> {
    diesel::delete(remote_offers::table.filter(remote_offers::source.eq(source))).execute(db)?;
    for chunk in offers.chunks(CHUNK) {
        let rows = chunk.iter().map(|offer| {
            let text = remote_to_text(offer)?.replace("\\u0000", "");
            Ok((
                remote_offers::source.eq(source),
                remote_offers::remote_id.eq(no_nul(&offer.id)),
                remote_offers::offer.eq(text),
            ))
        });
        let rows: Vec<_> = rows.collect::<QueryResult<_>>()?;
        diesel::insert_into(remote_offers::table)
            .values(rows)
            .on_conflict((remote_offers::source, remote_offers::remote_id))
            .do_nothing()
            .execute(db)?;
    }
    diesel::insert_into(listings::table)
        .values((listings::source.eq(source), listings::mark.eq(mark), listings::at.eq(at)))
        .on_conflict(listings::source)
        .do_update()
        .set((listings::mark.eq(mark), listings::at.eq(at)))
        .execute(db)
        .map(drop)
}

/// Gives a place's listing this mark, and no time at which it was known to be right.
pub(crate) fn doubt_listing(db: &mut Db, source: &str, mark: &str) -> QueryResult<()> {
    diesel::update(listings::table.find(source))
        .set((listings::mark.eq(mark), listings::at.eq(0_i64)))
        .execute(db)
        .map(drop)
}

/// What a place listed when it was last asked, by its names for it.
pub(crate) fn listed(db: &mut Db, source: &str) -> QueryResult<Vec<RemoteOffer>> {
    let rows = remote_offers::table
        .filter(remote_offers::source.eq(source))
        .order(remote_offers::remote_id)
        .select((remote_offers::remote_id, remote_offers::offer))
        .load_iter::<(String, String), DefaultLoadingMode>(db)?;
    // One by one: the texts of a whole server are as large as what is read from them.
    let mut offers = Vec::new();
    for row in rows {
        let (id, text) = row?;
        offers.push(remote_from_text(id, &text)?);
    }
    Ok(offers)
}

/// Forgets a place's listing; files that came from it keep their provenance.
pub(crate) fn forget_listing(db: &mut Db, source: &str) -> QueryResult<()> {
    diesel::delete(remote_offers::table.filter(remote_offers::source.eq(source))).execute(db)?;
    diesel::delete(listings::table.find(source)).execute(db).map(drop)
}
