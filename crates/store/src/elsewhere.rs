//! Files that did not come with the user's own folders: where they came from, what places elsewhere list, and what those
//! said of a file where its own tags are silent.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::QueryResult;
use ferrotape_domain::{
    ContentId, Offer, Origins, Provenance, RemoteOffer, TagSet, are_other_artists, letters_of, says_no_album,
    says_no_artist, says_no_title,
};

use crate::Library;
use crate::library::Result;
use crate::model::ListedTracks;
use crate::sqlite::queries::elsewhere::Said;
use crate::sqlite::{Db, queries};

/// The mark of a listing that is to be asked for again because what came was not what it lists: no place gives such a one.
pub const DOUBTED: &str = "doubted";

/// Podcasts, each by a sum that stands for it, and their feeds.
type Feeds = BTreeSet<(String, String)>;

/// What is known now of the feeds of podcasts. Feeds are named as [`Provenance::feed`] does, or by their keys, however they
/// are spelt.
#[derive(Debug, Clone, Copy)]
pub struct FeedsNow<'a> {
    /// They were taken for it.
    pub taken: &'a Feeds,
    /// They were taken for it once, and are not any more unless they are among `taken`.
    pub forgotten: &'a Feeds,
    /// They are doubted, by their keys.
    pub doubted: &'a Feeds,
    /// They are doubted no more, by their keys.
    pub proven: &'a Feeds,
}

impl Library {
    /// Keeps where files came from. Equal bytes may have come as several things; of what came under the same name of the same
    /// place the first word stands.
    pub fn keep_provenance(&self, all: &[Provenance]) -> Result<()> {
        self.write("keep where files came from", |db| queries::elsewhere::keep(db, all))
    }

    /// Keeps what a place says now of what came from it before, where both have the same content and the same name there.
    pub fn keep_new_words(&self, one: &Provenance) -> Result<()> {
        self.write("keep what a place says", |db| queries::elsewhere::keep_new_words(db, one))
    }

    /// Where every file came from that did not come with the user's own folders, by content; of equal bytes what came first
    /// before the rest.
    pub fn provenance(&self) -> Result<Vec<Provenance>> {
        self.read("read where files came from", queries::elsewhere::all)
    }

    /// The contents of files that came from places for everybody, not from the user's own.
    pub fn contents_of_public_places(&self) -> Result<HashSet<ContentId>> {
        self.read("read where files came from", queries::elsewhere::contents_of_public_places)
    }

    /// The contents of all files of which it is known where they came from.
    pub fn contents_that_came(&self) -> Result<HashSet<ContentId>> {
        self.read("read where files came from", queries::elsewhere::contents_that_came)
    }

    /// The feeds that gave each file, by content: several may hold the same bytes. Named as by [`Provenance::feed`].
    pub fn feeds_of_files(&self) -> Result<HashMap<ContentId, Vec<String>>> {
        self.read("read which feeds gave files", queries::elsewhere::feeds_of_files)
    }

    /// Keeps what is known now of the feeds of podcasts, all of it or nothing.
    pub fn keep_feeds_of_shows(&self, now: &FeedsNow<'_>) -> Result<()> {
        self.write("keep which feeds podcasts have", |db| {
            // First: what is doubted may have been taken anew, by proof.
            queries::elsewhere::forget_feeds_of_shows(db, now.forgotten)?;
            queries::elsewhere::keep_doubted_feeds(db, now.doubted, now.proven)?;
            queries::elsewhere::keep_feeds_of_shows(db, now.taken)
        })
    }

    /// Which feeds were taken for podcasts.
    pub fn feeds_of_shows(&self) -> Result<BTreeSet<(String, String)>> {
        self.read("read which feeds podcasts have", queries::elsewhere::feeds_of_shows)
    }

    /// Which feeds are doubted for podcasts.
    pub fn doubted_feeds(&self) -> Result<BTreeSet<(String, String)>> {
        self.read("read which feeds are doubted", queries::elsewhere::doubted_feeds)
    }

    /// Keeps which tracks a place lists of a wanted thing, by the thing's key, in place of what was kept of it before.
    pub fn keep_listed_tracks(&self, wanted_key: &str, listed: &ListedTracks) -> Result<()> {
        self.write("keep what a place lists", |db| {
            queries::elsewhere::keep_listed_tracks(db, wanted_key, listed)
        })
    }

    /// Which tracks places list of wanted things, by the things' keys.
    pub fn listed_tracks(&self) -> Result<HashMap<String, ListedTracks>> {
        self.read("read what places list", queries::elsewhere::listed_tracks)
    }

    /// The mark of a place's listing, and when it was made (seconds since 1970 UTC).
    pub fn listing(&self, source: &str) -> Result<Option<(String, i64)>> {
        self.read("read a listing", |db| queries::elsewhere::listing(db, source))
    }

    /// Keeps a whole listing in place of the one before, and on which albums what came from there is now.
    pub fn keep_listing(&self, source: &str, mark: &str, at: i64, offers: &[RemoteOffer]) -> Result<()> {
        self.write("keep a listing", |db| {
            queries::album_ids::renew(db, source, offers)?;
            queries::elsewhere::keep_listing(db, source, (mark, at), offers)
        })
    }

    /// What a place listed when it was last asked.
    pub fn listed(&self, source: &str) -> Result<Vec<RemoteOffer>> {
        self.read("read a listing", |db| queries::elsewhere::listed(db, source))
    }

    /// Has a place's listing asked for again by the next run; until that comes it stands. Nothing happens where there is none.
    pub fn doubt_listing(&self, source: &str) -> Result<()> {
        self.write("doubt a listing", |db| queries::elsewhere::doubt_listing(db, source, DOUBTED))
    }

    /// Forgets a place's listing; files that came from it keep their provenance.
    pub fn forget_listing(&self, source: &str) -> Result<()> {
        self.write("forget a listing", |db| queries::elsewhere::forget_listing(db, source))
    }
}

/// The same offers, where the places they came from speak for tags that say nothing, and feeds for their episodes. Of equal
/// bytes that are several things by that, all but the first have an identity of their own.
pub(crate) fn with_said(db: &mut Db, mut offers: Vec<Offer>) -> QueryResult<Vec<Offer>> {
    if offers.is_empty() {
        return Ok(offers);
    }
    let known: Origins<Said> = queries::elsewhere::said(db)?;
    if known.is_empty() {
        return Ok(offers);
    }
    for offer in offers.iter_mut().filter(|offer| offer.part.is_none()) {
        let Some(said) = known.of(&offer.content, &offer.path) else { continue };
        let said = of_its_own_title(said, offer, &known);
        let first = known.all_of(&offer.content).next().filter(|first| !std::ptr::eq(*first, said));
        let first_title = first.map(|first| {
            let mut tags = offer.tags.clone();
            tell(&mut tags, first);
            tags.title
        });
        tell(&mut offer.tags, said);
        if let Some(first_title) = first_title {
            let own = letters(&offer.tags.title);
            if own != letters(&first_title) {
                offer.content = offer.content.as_another(&own);
            }
        }
    }
    Ok(offers)
}

fn letters(title: &Option<String>) -> String {
    letters_of(title.as_deref().unwrap_or_default())
}

/// What is said of a file. Where its own title tells that it is another thing of those that its bytes came as, what was said
/// of that one: a server that gives it as something else says nothing of it.
fn of_its_own_title<'s>(said: &'s Said, offer: &Offer, known: &'s Origins<Said>) -> &'s Said {
    let own = letters(&offer.tags.title);
    if said.is_of_feed || own.is_empty() || own == letters(&said.tags.title) {
        return said;
    }
    let is_its = |one: &&Said| !one.is_of_feed && letters(&one.tags.title) == own;
    known.all_of(&offer.content).find(is_its).unwrap_or(said)
}

/// Says in a file's tags what its place says of it.
fn tell(tags: &mut TagSet, Said { is_own, is_of_feed, tags: said }: &Said) {
    // Whoever uploaded a concert often tagged it with a date alone; the catalogue says that it is one.
    if !is_own && said.album.is_some() {
        tags.album.clone_from(&said.album);
    }
    if *is_of_feed {
        as_its_feed_says(tags, said);
    }
    // The file is somebody else's than its place lists: whose album that is and which recording, nobody said of this file.
    if !is_of_feed && are_other_artists(&tags.artists, &said.artists) {
        let (album_artists, isrc, recording_mbid, release_mbid) = (Vec::new(), None, None, None);
        let of_it = TagSet { album_artists, isrc, recording_mbid, release_mbid, ..said.clone() };
        fill(tags, &of_it);
    } else {
        fill(tags, said);
    }
}

/// An episode is what its feed calls it: many hosts put other words, or none, into the file.
fn as_its_feed_says(tags: &mut TagSet, said: &TagSet) {
    if said.title.is_some() {
        tags.title.clone_from(&said.title);
    }
    if said.date.is_some() {
        tags.date.clone_from(&said.date);
    }
    // How many there are goes with the file's own number.
    if said.track_number.is_some() && said.track_number != tags.track_number {
        (tags.track_number, tags.track_total) = (said.track_number, None);
    }
}

/// Only what is silent is filled, or says that nothing is known: a file's own word about itself stands.
fn fill(tags: &mut TagSet, said: &TagSet) {
    fn text(own: &mut Option<String>, said: &Option<String>) {
        if own.as_ref().is_none_or(|own| own.trim().is_empty()) {
            own.clone_from(said);
        }
    }
    fn texts(own: &mut Vec<String>, said: &[String]) {
        if own.iter().all(|own| own.trim().is_empty()) {
            *own = said.to_vec();
        }
    }
    if let (Some(own), Some(title)) = (&tags.title, &said.title)
        && says_no_title(own, title)
    {
        tags.title = None;
    }
    if tags.album.as_deref().is_some_and(says_no_album) && said.album.is_some() {
        tags.album = None;
    }
    for (own, said) in [(&mut tags.artists, &said.artists), (&mut tags.album_artists, &said.album_artists)] {
        if says_no_artist(own) && !said.is_empty() {
            own.clone_from(said);
        }
    }
    text(&mut tags.title, &said.title);
    text(&mut tags.album, &said.album);
    text(&mut tags.date, &said.date);
    texts(&mut tags.genres, &said.genres);
    texts(&mut tags.composers, &said.composers);
    text(&mut tags.publisher, &said.publisher);
    text(&mut tags.copyright, &said.copyright);
    text(&mut tags.comment, &said.comment);
    tags.track_number = tags.track_number.or(said.track_number);
    tags.track_total = tags.track_total.or(said.track_total);
    tags.disc_number = tags.disc_number.or(said.disc_number);
    tags.disc_total = tags.disc_total.or(said.disc_total);
    tags.isrc = tags.isrc.take().or_else(|| said.isrc.clone());
    tags.recording_mbid = tags.recording_mbid.take().or_else(|| said.recording_mbid.clone());
    tags.release_mbid = tags.release_mbid.take().or_else(|| said.release_mbid.clone());
    if tags.release_kinds.is_empty() {
        tags.release_kinds = said.release_kinds;
    }
    tags.advisory = tags.advisory.or(said.advisory);
    tags.album_id = tags.album_id.take().or_else(|| said.album_id.clone());
}
