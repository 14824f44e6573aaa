//! On which albums a thing is: one recording may stand in lists on several, and is one thing all the same.

use std::collections::HashMap;

use ferrotape_domain::{ArtistCredit, Fact, KnownBy, Mbid, Wanted};
use ferrotape_store::StoredWanted;

use super::grouping::{fold, link_of_whole, main_artist};
use crate::{Context, EngineError};

/// What the library says of albums.
pub(super) struct Albums {
    /// All that was said of things that several descriptions are of.
    described: HashMap<i64, Vec<Wanted>>,
    /// The releases that MusicBrainz knows the others on.
    releases: HashMap<i64, Vec<Mbid>>,
}

impl Albums {
    pub(super) fn load(things: &[StoredWanted], context: &Context) -> Result<Self, EngineError> {
        let ids: Vec<i64> = things.iter().map(|one| one.id).collect();
        let described = context.library.descriptions_of_several(&ids)?;
        let mut releases: HashMap<i64, Vec<Mbid>> = HashMap::new();
        for known in context.library.facts()? {
            // Of several albums nothing tells which one was asked about; and names tell no more than the list does.
            if described.contains_key(&known.wanted_id) || known.known_by == KnownBy::Names {
                continue;
            }
            if let Fact::Release(mbid) | Fact::ReleaseGroup(mbid) = known.fact {
                releases.entry(known.wanted_id).or_default().push(mbid);
            }
        }
        Ok(Self { described, releases })
    }

    /// The releases of the album that a thing is wanted on.
    pub(super) fn releases(&mut self, id: i64) -> Vec<Mbid> {
        self.releases.remove(&id).unwrap_or_default()
    }

    /// A thing as it is wanted on the album that was named first, and as it was described on others: what one description
    /// lacks was filled from the rest, which may be of another album.
    pub(super) fn apart(&mut self, stored: &StoredWanted) -> (Wanted, Vec<Wanted>) {
        let mut all = self.described.remove(&stored.id).unwrap_or_default();
        all.retain(|one| one.kind == stored.wanted.kind && one.release.is_some());
        let Some(first) = all.first().cloned() else { return (stored.wanted.clone(), Vec::new()) };
        let title_of = |one: &Wanted| fold(one.release.as_deref().unwrap_or_default());
        let (same, others): (Vec<Wanted>, Vec<Wanted>) =
            all.into_iter().partition(|one| title_of(one) == title_of(&first));
        let mut own = first;
        for more in same {
            if own.release_artists.is_empty() {
                own.release_artists = more.release_artists;
            }
            own.spotify_release = own.spotify_release.or(more.spotify_release);
            own.released = own.released.or(more.released);
            own.disc_number = own.disc_number.or(more.disc_number);
            own.track_number = own.track_number.or(more.track_number);
        }
        (of_album(stored.wanted.clone(), &own), others)
    }
}

/// The same, on the album that a description of it names.
pub(super) fn on_album(wanted: Wanted, described: &Wanted) -> Wanted {
    let mut on_it = of_album(wanted, described);
    // Whose album it is must be told by what names it: the list's own artist may be a guest there.
    if on_it.release_artists.is_empty() && link_of_whole(described).is_none() {
        let artist = described.artists.first().map(main_artist).filter(|artist| !artist.is_empty());
        on_it.release_artists = artist.map(ArtistCredit::printed).unwrap_or_default();
    }
    on_it
}

fn of_album(mut wanted: Wanted, described: &Wanted) -> Wanted {
    wanted.release.clone_from(&described.release);
    wanted.release_artists.clone_from(&described.release_artists);
    wanted.spotify_release.clone_from(&described.spotify_release);
    wanted.released.clone_from(&described.released);
    wanted.disc_number = described.disc_number;
    wanted.track_number = described.track_number;
    wanted
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{SpotifyUri, WantedKind};

    use super::*;

    fn on(album: &str, link: Option<&str>) -> Wanted {
        let mut wanted = Wanted::of_kind(WantedKind::Recording);
        wanted.title = "Anchor".to_owned();
        wanted.artists = ArtistCredit::printed("Salt Choir");
        wanted.release = Some(album.to_owned());
        wanted.spotify_release = link.map(|link| SpotifyUri::parse(link).unwrap());
        wanted
    }

    #[test]
    fn the_link_of_one_album_is_not_taken_for_that_of_another() {
        const LINK: &str = "spotify:album:4aawyAB9vmqN3uQ7FjRGTy";
        let (plain, linked) = (on("Best Of", None), on("Harbour", Some(LINK)));
        // As the library puts them together: the gaps of the first are filled from the second.
        let stored = |first: &Wanted| {
            let wanted = Wanted { spotify_release: linked.spotify_release.clone(), ..first.clone() };
            StoredWanted { id: 1, key: "key".to_owned(), aliases: Vec::new(), wanted }
        };
        let apart = |described: &[&Wanted]| {
            let described = described.iter().map(|one| (*one).clone()).collect();
            let described = HashMap::from([(1, described)]);
            Albums { described, releases: HashMap::new() }
        };
        let (own, others) = apart(&[&plain, &linked]).apart(&stored(&plain));
        assert_eq!((own, others), (plain.clone(), vec![linked.clone()]));
        // Of one album each tells what the other lacks.
        let spelt = on("HARBOUR", None);
        let (own, others) = apart(&[&spelt, &linked]).apart(&stored(&spelt));
        assert_eq!(
            (own.release.as_deref(), own.spotify_release, others),
            (Some("HARBOUR"), linked.spotify_release.clone(), Vec::new())
        );
        let (own, others) = apart(&[]).apart(&stored(&plain));
        assert_eq!(
            (own, others),
            (stored(&plain).wanted, Vec::new()),
            "what only one description is of stays"
        );
    }
}
