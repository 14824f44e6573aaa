//! On which of its albums a server has the files now that came from it before. Servers give their albums new ids when a library
//! is read anew or a tag is corrected; an id from before would tell files of one album apart.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use diesel::prelude::*;
use ferrotape_domain::{RemoteOffer, TagSet, last_as_long, letters_of};

use super::elsewhere::listed;
use super::files::AUDIO;
use super::{CHUNK, Db, no_nul};
use crate::json::{facts_from_text, tags_from_text, tags_to_text};
use crate::schema::{files, provenance};

/// Gives what came from a place the ids of the albums that it lists it on now, before that list takes the place of the one before.
/// What came without one stays so. Where all that is listed of an album that is gone is on one other, so is what came of it and is
/// not listed any more.
pub(crate) fn renew(db: &mut Db, source: &str, offers: &[RemoteOffer]) -> QueryResult<()> {
    let now = Now::of(offers);
    let came = what_may_have_moved(db, source, &now)?;
    let is_any_gone = came.iter().any(|one| now.is_gone(one.album()));
    let before = if is_any_gone { listed(db, source)? } else { Vec::new() };
    let moves = Moves { under: under(&came, &now, offers, &before), now };
    for (one, album) in moves.of_all(&came) {
        let said = TagSet { album_id: Some(album.into()), ..one.said.clone() };
        diesel::update(provenance::table.find((&*one.content, source, &*one.remote_id)))
            .set(provenance::said.eq(no_nul(&tags_to_text(&said)?)))
            .execute(db)?;
    }
    Ok(())
}

/// A file that came from a place.
struct Came {
    content: String,
    remote_id: String,
    /// What the place said of it, with the album that it was on.
    said: TagSet,
    words: Words,
    /// The playing time of the file itself.
    length: Option<Duration>,
}

impl Came {
    fn album(&self) -> &str {
        self.said.album_id.as_deref().unwrap_or_default()
    }

    fn lasts_as_long_as(&self, offer: &RemoteOffer) -> Option<bool> {
        last_as_long(self.length, offer.duration)
    }

    /// Whether it is what is listed under its id now: a server that was built anew may give that to another song, and one that is
    /// read anew keeps it for another recording at the same path. One of its title, its artists and its place may be corrected.
    fn is_still(&self, offer: &RemoteOffer) -> bool {
        let now = Words::of(&offer.tags);
        let (title, artists) = (now.title == self.words.title, now.artists == self.words.artists);
        let place = now.place() == self.words.place();
        match self.lasts_as_long_as(offer) {
            Some(true) => [title, artists, place].into_iter().filter(|is_same| *is_same).count() > 1,
            Some(false) => false,
            None => title && artists,
        }
    }
}

/// What came from this place with the id of an album, and is not listed on that any more.
fn what_may_have_moved(db: &mut Db, source: &str, now: &Now<'_>) -> QueryResult<Vec<Came>> {
    let rows: Vec<(String, String, String)> = provenance::table
        .filter(provenance::source.eq(source))
        .select((provenance::content, provenance::remote_id, provenance::said))
        .load(db)?;
    let mut came = Vec::new();
    for (content, remote_id, said) in rows {
        let said = tags_from_text(&said)?;
        let Some(album) = said.album_id.as_deref() else { continue };
        let is_elsewhere = || now.album_of(&remote_id).is_some_and(|now| now != album);
        if now.is_gone(album) || is_elsewhere() {
            let words = Words::of(&said);
            came.push(Came { content, remote_id, said, words, length: None });
        }
    }
    let contents: Vec<&str> = came.iter().map(|one| one.content.as_str()).collect();
    let lengths = lengths(db, &contents)?;
    for one in &mut came {
        one.length = lengths.get(&one.content).copied();
    }
    Ok(came)
}

/// The playing times of files, by content.
fn lengths(db: &mut Db, contents: &[&str]) -> QueryResult<HashMap<String, Duration>> {
    let mut lengths = HashMap::new();
    for chunk in contents.chunks(CHUNK) {
        let rows: Vec<(Option<String>, String)> = files::table
            .filter(files::content.eq_any(chunk.iter().copied()))
            .filter(files::state.eq(AUDIO))
            .select((files::content, files::facts))
            .load(db)?;
        for (content, facts) in rows {
            if let (Some(content), Some(length)) = (content, facts_from_text(&facts)?.duration) {
                lengths.insert(content, length);
            }
        }
    }
    Ok(lengths)
}

/// All by which a song is known again that has another id now.
#[derive(PartialEq, Eq, Hash)]
struct Words {
    title: String,
    artists: String,
    album: String,
    disc: u32,
    track: Option<u32>,
}

impl Words {
    fn of(tags: &TagSet) -> Self {
        let letters = |text: &Option<String>| letters_of(text.as_deref().unwrap_or_default());
        Self {
            title: letters(&tags.title),
            artists: letters_of(&tags.artists.concat()),
            album: letters(&tags.album),
            disc: tags.disc_number.unwrap_or(1),
            track: tags.track_number,
        }
    }

    fn place(&self) -> (&str, u32, Option<u32>) {
        (&self.album, self.disc, self.track)
    }
}

/// What a place lists now.
struct Now<'a> {
    by_id: HashMap<&'a str, &'a RemoteOffer>,
    albums: HashSet<&'a str>,
}

impl<'a> Now<'a> {
    fn of(offers: &'a [RemoteOffer]) -> Self {
        Self {
            by_id: offers.iter().map(|offer| (offer.id.as_str(), offer)).collect(),
            albums: offers.iter().filter_map(|offer| offer.tags.album_id.as_deref()).collect(),
        }
    }

    fn is_gone(&self, album: &str) -> bool {
        !self.albums.contains(album)
    }

    /// The album of what is listed under this id, whatever that is.
    fn album_of(&self, remote_id: &str) -> Option<&'a str> {
        self.by_id.get(remote_id)?.tags.album_id.as_deref()
    }
}

/// What has the same words.
#[derive(Default)]
struct Under<'a> {
    /// What came, of albums that are gone.
    came: Vec<&'a Came>,
    /// What is listed now.
    now: Vec<&'a RemoteOffer>,
    /// On which albums something was listed before.
    before: HashSet<&'a str>,
}

/// By the words of all that came of albums that are gone.
fn under<'a>(
    came: &'a [Came],
    now: &Now<'_>,
    offers: &'a [RemoteOffer],
    before: &'a [RemoteOffer],
) -> HashMap<&'a Words, Under<'a>> {
    let mut all: HashMap<&Words, Under<'a>> = HashMap::new();
    for one in came.iter().filter(|one| now.is_gone(one.album())) {
        all.entry(&one.words).or_default().came.push(one);
    }
    // Most lists keep their ids: then nothing of a whole server is taken apart.
    if all.is_empty() {
        return all;
    }
    for offer in offers {
        if let Some(under) = all.get_mut(&Words::of(&offer.tags)) {
            under.now.push(offer);
        }
    }
    for offer in before {
        if let Some(under) = all.get_mut(&Words::of(&offer.tags)) {
            under.before.extend(offer.tags.album_id.as_deref());
        }
    }
    all
}

/// Where what came is now.
struct Moves<'a> {
    now: Now<'a>,
    under: HashMap<&'a Words, Under<'a>>,
}

impl<'a> Moves<'a> {
    /// What is on another album than it was, and on which.
    fn of_all(&self, came: &'a [Came]) -> Vec<(&'a Came, &'a str)> {
        let mut moves = Vec::new();
        let mut gone: HashMap<&str, Vec<&'a Came>> = HashMap::new();
        for one in came {
            match self.now.is_gone(one.album()) {
                true => gone.entry(one.album()).or_default().push(one),
                false => moves.extend(self.by_id(one).map(|album| (one, album))),
            }
        }
        moves.extend(gone.values().flat_map(|songs| self.of_gone(songs)));
        moves
    }

    /// Of what came of one album that is gone. A song of it that is not listed any more stays with the others: by itself it would
    /// seem to be of another album of the name. Nothing of it is on an album that has another recording of one of its songs.
    fn of_gone(&self, songs: &[&'a Came]) -> Vec<(&'a Came, &'a str)> {
        let found = songs.iter().map(|one| self.by_id(one).or_else(|| self.by_words(one)));
        let found: Vec<Option<&'a str>> = found.collect();
        let albums: BTreeSet<&'a str> = found.iter().copied().flatten().collect();
        let the_only = albums.first().copied().filter(|_| albums.len() == 1);
        let may_be_it = |album: &&str| songs.iter().all(|one| !self.has_another(album, one));
        let are_it: BTreeSet<&str> = albums.iter().copied().filter(may_be_it).collect();
        let songs = songs.iter().copied().zip(found);
        let moves = songs.filter_map(|(one, found)| Some((one, found.or(the_only)?)));
        moves.filter(|(_, album)| are_it.contains(album)).collect()
    }

    /// By the song's own id, where that is still its.
    fn by_id(&self, one: &Came) -> Option<&'a str> {
        let offer = self.now.by_id.get(one.remote_id.as_str()).filter(|offer| one.is_still(offer))?;
        offer.tags.album_id.as_deref().filter(|album| *album != one.album())
    }

    /// By the song's words and playing time, where no other song that came may have these. An album on which they were listed
    /// before is another one of that name, not the one that is gone under a new id.
    fn by_words(&self, one: &Came) -> Option<&'a str> {
        let under = self.under.get(&one.words)?;
        let is_rival = |other: &&Came| {
            other.album() != one.album() && last_as_long(one.length, other.length) != Some(false)
        };
        if under.came.iter().any(is_rival) {
            return None;
        }
        let found = under.now.iter().filter(|offer| one.lasts_as_long_as(offer) != Some(false));
        let mut albums = found.filter_map(|offer| offer.tags.album_id.as_deref());
        let first = albums.next().filter(|album| !under.before.contains(album))?;
        albums.all(|album| album == first).then_some(first)
    }

    /// Whether what this album lists under the words of a song is another one: it lasts longer or shorter, or nothing tells how
    /// long it lasts, and it stood there before.
    fn has_another(&self, album: &str, one: &Came) -> bool {
        let Some(under) = self.under.get(&one.words) else { return false };
        let on_it = under.now.iter().filter(|offer| offer.tags.album_id.as_deref() == Some(album));
        let told: Vec<Option<bool>> = on_it.map(|offer| one.lasts_as_long_as(offer)).collect();
        let is_told = |told_is: bool| told.contains(&Some(told_is));
        !is_told(true) && (is_told(false) || (!told.is_empty() && under.before.contains(album)))
    }
}
