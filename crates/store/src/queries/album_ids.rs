//! On which of its albums a server has the files now that came from it before. Servers give their albums new ids when a library
//! is read anew or a tag is corrected; an id from before would tell files of one album apart.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use ferrotape_domain::{RemoteOffer, TagSet, letters_of};

use super::elsewhere::listed;
use super::{Db, no_nul};
use crate::json::{tags_from_text, tags_to_text};
use crate::schema::provenance;

/// Gives what came from a place the ids of the albums that it lists it on now, before that list takes the place of the one before.
/// What came without one stays so, and what is not listed any more keeps its own.
pub(crate) fn renew(db: &mut Db, source: &str, offers: &[RemoteOffer]) -> QueryResult<()> {
    let rows: Vec<(String, String, String)> = provenance::table
        .filter(provenance::source.eq(source))
        .select((provenance::content, provenance::remote_id, provenance::said))
        .load(db)?;
    let mut came = Vec::new();
    for (content, remote_id, said) in rows {
        let said = tags_from_text(&said)?;
        if said.album_id.is_some() {
            came.push((content, remote_id, said));
        }
    }
    if came.is_empty() {
        return Ok(());
    }
    let albums: HashSet<&str> = offers.iter().filter_map(|offer| offer.tags.album_id.as_deref()).collect();
    let is_gone = |said: &&TagSet| said.album_id.as_deref().is_some_and(|id| !albums.contains(id));
    let gone: HashSet<Words> = came.iter().map(|(_, _, said)| said).filter(is_gone).map(Words::of).collect();
    // Most lists keep their ids: then nothing of a whole server is taken apart.
    let by_words = match gone.is_empty() {
        true => HashMap::new(),
        false => by_words(offers, &gone, &listed(db, source)?),
    };
    let by_id = offers.iter().map(|offer| (offer.id.as_str(), offer)).collect();
    let listed = Listed { by_id, albums, by_words };
    for (content, remote_id, mut said) in came {
        let Some(album) = listed.album_now(&remote_id, &said) else { continue };
        said.album_id = Some(album.into());
        diesel::update(provenance::table.find((&*content, source, &*remote_id)))
            .set(provenance::said.eq(no_nul(&tags_to_text(&said)?)))
            .execute(db)?;
    }
    Ok(())
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

    /// Whether both are one song, wherever it stands now.
    fn are_of_one_song(&self, other: &Self) -> bool {
        self.title == other.title && self.artists == other.artists
    }
}

/// What a place lists now.
struct Listed<'a> {
    by_id: HashMap<&'a str, &'a RemoteOffer>,
    albums: HashSet<&'a str>,
    /// The new album of what is listed under these words; `None` where there are several, or it is no new one.
    by_words: HashMap<Words, Option<&'a str>>,
}

impl<'a> Listed<'a> {
    /// The album on which something is listed now that came before, where that is another than it was. A server that was built anew
    /// may give an id to another song.
    fn album_now(&self, remote_id: &str, said: &TagSet) -> Option<&'a str> {
        let before = said.album_id.as_deref()?;
        let words = Words::of(said);
        let by_id = self.by_id.get(remote_id).copied().map(|offer| &offer.tags);
        let by_id = by_id.filter(|tags| Words::of(tags).are_of_one_song(&words));
        let by_words = || {
            let found = self.by_words.get(&words).copied().flatten();
            found.filter(|_| !self.albums.contains(before))
        };
        let now = by_id.and_then(|tags| tags.album_id.as_deref()).or_else(by_words);
        now.filter(|now| *now != before)
    }
}

/// The albums of what is listed under the words of something whose album is gone. One that was listed `before` as well is another
/// album of that name, not the one that is gone under a new id.
fn by_words<'a>(
    offers: &'a [RemoteOffer],
    gone: &HashSet<Words>,
    before: &[RemoteOffer],
) -> HashMap<Words, Option<&'a str>> {
    let before: HashSet<&str> = before.iter().filter_map(|offer| offer.tags.album_id.as_deref()).collect();
    let mut by_words: HashMap<Words, Option<&str>> = HashMap::new();
    for offer in offers {
        let Some(album) = offer.tags.album_id.as_deref() else { continue };
        let words = Words::of(&offer.tags);
        if gone.contains(&words) {
            let new = Some(album).filter(|album| !before.contains(*album));
            let known = by_words.entry(words).or_insert(new);
            *known = known.filter(|known| Some(*known) == new);
        }
    }
    by_words
}
