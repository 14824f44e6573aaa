//! Missing things become the fewest purchases: an album where it fills two of them or more, else each thing alone.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use ferrotape_device::clash_key;
use ferrotape_domain::{ArtistCredit, Mbid, SpotifyUri, Wanted, WantedKind};

use super::{Missing, Purchase, fewest, is_of_other_versions};

/// What the same recording may differ by from list to list.
const AS_LONG: Duration = Duration::from_secs(2);

/// An album that things are on, or a book that they are of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Whole {
    is_book: bool,
    artist: String,
    title: String,
}

/// Things by what they are bought as, in the order in which they are mentioned.
#[derive(Default)]
pub(super) struct Groups {
    /// The album or book of each group; none where a thing stands alone.
    pub(super) wholes: Vec<Option<Whole>>,
    pub(super) things: Vec<Vec<Missing>>,
    places: HashMap<Whole, usize>,
    by_link: HashMap<SpotifyUri, Whole>,
    /// By title and release.
    by_release: HashMap<(String, Mbid), Whole>,
}

impl Groups {
    fn of(missing: Vec<Missing>) -> Self {
        let mut groups = Self::default();
        for thing in missing {
            let whole = groups.whole_of(&thing.wanted);
            let whole = whole.map(|whole| groups.of_releases(whole, &thing.releases));
            let place = groups.place_of(whole);
            if let Some(group) = groups.things.get_mut(place) {
                group.push(thing);
            }
        }
        groups
    }

    /// The album or book that a thing is of. One album may have several spellings; its link has one.
    pub(super) fn whole_of(&mut self, wanted: &Wanted) -> Option<Whole> {
        let whole = whole_of(wanted)?;
        Some(match link_of_whole(wanted) {
            Some(link) => self.by_link.entry(link.clone()).or_insert(whole).clone(),
            None => whole,
        })
    }

    /// Tracks of one album's name that are known to be on one release are of one album, whoever plays them: a compilation.
    fn of_releases(&mut self, whole: Whole, releases: &[Mbid]) -> Whole {
        let title = whole.title.clone();
        let known = releases.iter().find_map(|id| self.by_release.get(&(title.clone(), id.clone())));
        let whole = known.cloned().unwrap_or(whole);
        for id in releases {
            self.by_release.entry((title.clone(), id.clone())).or_insert_with(|| whole.clone());
        }
        whole
    }

    /// The group of an album, a new one where there is none.
    pub(super) fn place_of(&mut self, whole: Option<Whole>) -> usize {
        if let Some(place) = whole.as_ref().and_then(|whole| self.known_place(whole)) {
            return place;
        }
        let place = self.things.len();
        if let Some(whole) = &whole {
            self.places.insert(whole.clone(), place);
        }
        self.wholes.push(whole);
        self.things.push(Vec::new());
        place
    }

    pub(super) fn known_place(&self, whole: &Whole) -> Option<usize> {
        self.places.get(whole).copied()
    }

    /// How many things a group has.
    pub(super) fn size(&self, place: usize) -> usize {
        self.things.get(place).map_or(0, Vec::len)
    }

    /// Whether a group is bought as an album, as it is now.
    pub(super) fn is_album(&self, place: usize) -> bool {
        let is_release = |thing: &Missing| thing.wanted.kind == WantedKind::Release;
        self.size(place) > 1 || self.things.get(place).is_some_and(|group| group.iter().any(is_release))
    }

    /// Whether a group is one track, which is bought alone as it is now.
    pub(super) fn is_lone(&self, place: usize) -> bool {
        let group = self.things.get(place).map(Vec::as_slice).unwrap_or_default();
        matches!(group, [thing] if thing.wanted.kind == WantedKind::Recording)
    }
}

/// Every thing ends in exactly one purchase.
pub(super) fn purchases(missing: Vec<Missing>) -> Vec<Purchase> {
    let mut groups = Groups::of(missing);
    fewest::buy_together(&mut groups);
    let all = groups.wholes.into_iter().zip(groups.things);
    let all = all.filter_map(|(whole, group)| purchase(whole.as_ref(), group));
    let mut purchases = without_needless_singles(all.collect());
    purchases.sort_by_cached_key(|one| {
        (Reverse(one.played_ms()), Reverse(one.plays()), fold(&one.artist), fold(&one.title))
    });
    purchases
}

/// A track that is missed as a single and as one of an album that is bought anyway comes with the album.
fn without_needless_singles(purchases: Vec<Purchase>) -> Vec<Purchase> {
    let is_lone = |one: &Purchase| one.kind == WantedKind::Recording && one.fills.len() == 1;
    let (lone, mut kept): (Vec<Purchase>, Vec<Purchase>) = purchases.into_iter().partition(is_lone);
    let mut albums: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (at, album) in kept.iter().enumerate().filter(|(_, album)| album.kind == WantedKind::Release) {
        for track in album.fills.iter().filter(|fill| fill.wanted.kind == WantedKind::Recording) {
            albums.entry(words_of(&track.wanted)).or_default().push(at);
        }
    }
    for single in lone {
        let holds_it = |album: &Purchase| {
            let same = |track| single.fills.iter().all(|fill| are_one(&fill.wanted, track));
            album.fills.iter().any(|fill| same(&fill.wanted))
        };
        let words =
            single.fills.first().map(|fill| words_of(&fill.wanted)).filter(|words| !words.1.is_empty());
        let of_its_words = words.and_then(|words| albums.get(&words)).into_iter().flatten();
        let album = of_its_words.copied().find(|at| kept.get(*at).is_some_and(holds_it));
        match album.and_then(|at| kept.get_mut(at)) {
            Some(album) => album.fills.extend(single.fills),
            None => kept.push(single),
        }
    }
    kept
}

/// Title and main artist.
fn words_of(wanted: &Wanted) -> (String, String) {
    (fold(&wanted.title), fold(main_artist(wanted.artists.first().unwrap_or_default())))
}

/// Whether a single is the same recording as a track of an album, as far as lists tell: the song on a live album is another.
fn are_one(single: &Wanted, track: &Wanted) -> bool {
    let lengths = single.duration.zip(track.duration);
    let as_long = lengths.is_none_or(|(single, track)| single.abs_diff(track) <= AS_LONG);
    let same_code = single.isrc.as_ref().zip(track.isrc.as_ref()).is_none_or(|(one, other)| one == other);
    let is_another = is_of_other_versions(track.release.as_deref().unwrap_or_default(), single);
    let both_tracks = single.kind == WantedKind::Recording && track.kind == WantedKind::Recording;
    both_tracks && as_long && same_code && !is_another && words_of(single) == words_of(track)
}

fn purchase(whole: Option<&Whole>, fills: Vec<Missing>) -> Option<Purchase> {
    let first = &fills.first()?.wanted;
    let release = fills.iter().find(|thing| thing.wanted.kind == WantedKind::Release);
    let is_book = whole.is_some_and(|whole| whole.is_book);
    // A chapter is not sold alone, a track is.
    let is_album = whole.is_some() && !is_book && (fills.len() > 1 || release.is_some());
    let (kind, title, artist) = match release {
        Some(release) => {
            (WantedKind::Release, release.wanted.title.clone(), release.wanted.artists.to_string())
        }
        None if is_album => {
            (WantedKind::Release, first.release.clone().unwrap_or_default(), artist_of_all(&fills))
        }
        None if is_book => {
            let title = first.release.clone().unwrap_or_else(|| first.title.clone());
            (WantedKind::Audiobook, title, first.artists.to_string())
        }
        None => {
            let title = if first.title.is_empty() { first.label() } else { first.title.clone() };
            (first.kind, title, first.artists.to_string())
        }
    };
    Some(Purchase { kind, artist, title, fills, mbid: None, links: Vec::new() })
}

/// The album's artists; where nobody tells, those that all its things have in common.
fn artist_of_all(fills: &[Missing]) -> String {
    if let Some(known) = fills.iter().find(|thing| !thing.wanted.release_artists.is_empty()) {
        return known.wanted.release_artists.to_string();
    }
    let first = |thing: &Missing| main_artist(thing.wanted.artists.first().unwrap_or_default()).to_owned();
    let of_first = fills.first().map(first).unwrap_or_default();
    let all_same = fills.iter().all(|thing| fold(&first(thing)) == fold(&of_first));
    if all_same { of_first } else { "Various Artists".to_owned() }
}

fn whole_of(wanted: &Wanted) -> Option<Whole> {
    let artists = if wanted.release_artists.is_empty() { &wanted.artists } else { &wanted.release_artists };
    let title = match wanted.kind {
        WantedKind::Recording => wanted.release.as_deref(),
        WantedKind::Release => Some(wanted.title.as_str()),
        WantedKind::Audiobook => Some(wanted.release.as_deref().unwrap_or(&wanted.title)),
        _ => None,
    };
    let title = fold(title.unwrap_or_default());
    let artist = fold(main_artist(artists.first().unwrap_or_default()));
    let is_book = wanted.kind == WantedKind::Audiobook;
    // Two works of one title by nobody known are not the same.
    let named = !title.is_empty() && (!artist.is_empty() || link_of_whole(wanted).is_some());
    named.then_some(Whole { is_book, artist, title })
}

pub(super) fn link_of_whole(wanted: &Wanted) -> Option<&SpotifyUri> {
    match wanted.kind {
        WantedKind::Release => wanted.spotify.as_ref(),
        _ => wanted.spotify_release.as_ref(),
    }
}

/// The thing that a service is asked for.
pub(super) fn as_wanted(purchase: &Purchase) -> Option<Wanted> {
    let first = &purchase.fills.first()?.wanted;
    if purchase.kind != WantedKind::Release || first.kind == WantedKind::Release {
        return Some(first.clone());
    }
    if let Some(release) = purchase.fills.iter().find(|thing| thing.wanted.kind == WantedKind::Release) {
        return Some(release.wanted.clone());
    }
    let mut album = Wanted::of_kind(WantedKind::Release);
    album.title = purchase.title.clone();
    album.artists = ArtistCredit::printed(&purchase.artist);
    album.released = purchase.fills.iter().find_map(|thing| thing.wanted.released.clone());
    album.spotify = purchase.fills.iter().find_map(|thing| thing.wanted.spotify_release.clone());
    Some(album)
}

/// Whose album it is, of a credit that lists export as one text: `Band feat. Guest`, `Band, Guest`, `Band;Guest`.
pub(super) fn main_artist(printed: &str) -> &str {
    const GUESTS: [&str; 10] =
        [" feat. ", " feat ", " ft. ", " ft ", " featuring ", " (feat", " [feat", " (ft", " [ft", ";"];
    // As long as the text, so places in one are places in the other.
    let lower = printed.to_ascii_lowercase();
    let guests = GUESTS.iter().filter_map(|mark| lower.find(mark));
    // `Earth, Wind & Fire` and `Tyler, The Creator` are one artist each.
    let comma = lower.find(", ").filter(|at| {
        let rest = lower.get(at + 2..).unwrap_or_default();
        !rest.starts_with("the ") && !rest.contains('&') && !rest.contains(" and ")
    });
    let end = guests.chain(comma).min().unwrap_or(printed.len());
    let main = printed.get(..end).unwrap_or(printed).trim();
    if main.is_empty() { printed } else { main }
}

/// Equal where two texts are the same but for spaces, capitals, and how accents are put together.
pub(super) fn fold(text: &str) -> String {
    clash_key(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferrotape_store::Listening;

    fn thing(id: i64, kind: WantedKind, artist: &str, album: &str, title: &str, played_ms: u64) -> Missing {
        let mut wanted = Wanted::of_kind(kind);
        wanted.title = title.to_owned();
        wanted.artists = ArtistCredit::printed(artist);
        wanted.release = Some(album.to_owned()).filter(|album| !album.is_empty());
        Missing {
            id,
            wanted,
            listening: Listening { played_ms, ..Listening::default() },
            on_player: Vec::new(),
            waits: None,
            on_other_albums: Vec::new(),
            releases: Vec::new(),
        }
    }

    fn shape(purchases: &[Purchase]) -> Vec<(&'static str, String, Vec<i64>)> {
        let ids = |one: &Purchase| one.fills.iter().map(|thing| thing.id).collect();
        purchases.iter().map(|one| (one.kind.as_str(), one.label(), ids(one))).collect()
    }

    #[test]
    fn shop_groups_into_the_fewest_purchases_and_loses_nothing() {
        use WantedKind::{Audiobook, Recording, Release};
        let things = vec![
            thing(1, Recording, "Mara Quill", "Low Water", "Ebb", 10),
            thing(2, Recording, "Nordlys", "Aurora", "Cold Sky", 500),
            thing(3, Recording, "mara  quill", "LOW WATER", "Flood", 20),
            thing(4, Recording, "Nobody", "", "Loose", 0),
            thing(5, Recording, "Nobody", "", "Loose End", 0),
            thing(6, Audiobook, "A. Writer", "A Book", "Chapter 1", 0),
            thing(7, Audiobook, "A. Writer", "A Book", "Chapter 2", 0),
            thing(8, Release, "Tin Parade", "", "Brass", 0),
            thing(9, Recording, "Tin Parade", "Brass", "March Home", 5),
            thing(10, Recording, "", "Brass", "Nameless", 0),
        ];
        let count = things.len();
        let purchases = purchases(things);
        let expected = [
            ("recording", "Nordlys – Cold Sky", vec![2]),
            ("release", "Mara Quill – Low Water", vec![1, 3]),
            ("release", "Tin Parade – Brass", vec![8, 9]),
            ("recording", "Nameless", vec![10]),
            ("audiobook", "A. Writer – A Book", vec![6, 7]),
            ("recording", "Nobody – Loose", vec![4]),
            ("recording", "Nobody – Loose End", vec![5]),
        ];
        let expected = expected.map(|(kind, label, ids)| (kind, label.to_owned(), ids));
        assert_eq!(shape(&purchases), expected);
        assert_eq!(purchases.iter().map(|one| one.fills.len()).sum::<usize>(), count);
    }

    #[test]
    fn shop_has_no_single_bought_that_comes_with_an_album() {
        use WantedKind::Recording;
        let mut things = vec![
            thing(1, Recording, "Mara Quill", "Hit", "Hit", 0),
            thing(2, Recording, "Mara Quill", "Low Water", "Hit", 0),
            thing(3, Recording, "Mara Quill", "Low Water", "Ebb", 0),
            thing(4, Recording, "Nordlys", "Hit", "Hit", 0),
            thing(5, Recording, "Mara Quill", "Ebb (Long)", "Ebb", 0),
        ];
        let seconds = [(2, 200), (3, 180), (5, 400)];
        for (id, seconds) in seconds {
            things[id - 1].wanted.duration = Some(Duration::from_secs(seconds));
        }
        let shapes: Vec<(String, Vec<i64>)> =
            shape(&purchases(things)).into_iter().map(|(_, label, ids)| (label, ids)).collect();
        let expected = [
            ("Mara Quill – Ebb", vec![5]),
            ("Mara Quill – Low Water", vec![2, 3, 1]),
            ("Nordlys – Hit", vec![4]),
        ];
        assert_eq!(shapes, expected.map(|(label, ids)| (label.to_owned(), ids)));
    }

    #[test]
    fn a_song_does_not_come_with_an_album_of_other_versions() {
        use WantedKind::Recording;
        let bought = |album: &str| -> Vec<Vec<i64>> {
            let things = vec![
                thing(1, Recording, "Mara Quill", album, "Ebb", 0),
                thing(2, Recording, "Mara Quill", album, "Flood", 0),
                thing(3, Recording, "Mara Quill", "Low Water", "Ebb", 0),
            ];
            shape(&purchases(things)).into_iter().map(|(_, _, ids)| ids).collect()
        };
        assert_eq!(bought("Harbour Songs"), [vec![1, 2, 3]]);
        for album in ["Live in Oslo", "Low Water Remixed", "Karaoke Hits"] {
            assert_eq!(bought(album).len(), 2, "{album}");
        }
    }

    #[test]
    fn shop_takes_one_album_as_one_however_its_artist_is_written() {
        use WantedKind::Recording;
        let things = vec![
            thing(1, Recording, "Mara Quill feat. Ole", "Low Water", "Ebb", 0),
            thing(2, Recording, "Mara Quill, Ole", "Low Water", "Flood", 0),
            thing(3, Recording, "MARA QUILL;Nordlys", "low water", "Neap", 0),
            thing(4, Recording, "Bj\u{f6}rk", "Deb\u{fc}t", "One", 0),
            thing(5, Recording, "Bjo\u{308}rk", "Debu\u{308}t", "Two", 0),
            thing(6, Recording, "Earth", "Best Of", "Slow", 0),
            thing(7, Recording, "Earth, Wind & Fire", "Best Of", "Quick", 0),
        ];
        let shapes: Vec<(String, Vec<i64>)> =
            shape(&purchases(things)).into_iter().map(|(_, label, ids)| (label, ids)).collect();
        let expected = [
            ("Björk – Debüt", vec![4, 5]),
            ("Earth – Slow", vec![6]),
            ("Earth, Wind & Fire – Quick", vec![7]),
            ("Mara Quill – Low Water", vec![1, 2, 3]),
        ];
        assert_eq!(shapes, expected.map(|(label, ids)| (label.to_owned(), ids)));
    }

    #[test]
    fn an_artist_is_told_from_guests() {
        for (printed, main) in [
            ("Band (FEAT. X)", "Band"),
            ("Tyler, The Creator", "Tyler, The Creator"),
            ("Peter, Paul and Mary", "Peter, Paul and Mary"),
            ("Étoile ft. Été", "Étoile"),
            ("Little Feat", "Little Feat"),
            (" feat. X", " feat. X"),
            (";", ";"),
            ("", ""),
        ] {
            assert_eq!(main_artist(printed), main, "{printed}");
        }
    }

    #[test]
    fn shop_knows_a_compilation_by_its_link() {
        let uri = SpotifyUri::parse("spotify:album:4aawyAB9vmqN3uQ7FjRGTy").unwrap();
        let mut things = vec![
            thing(1, WantedKind::Recording, "Mara Quill", "Harbour Songs", "Ebb", 0),
            thing(2, WantedKind::Recording, "Nordlys", "Harbour Songs", "Cold Sky", 0),
        ];
        for thing in &mut things {
            thing.wanted.spotify_release = Some(uri.clone());
        }
        let purchases = purchases(things);
        assert_eq!(
            shape(&purchases),
            [("release", "Various Artists – Harbour Songs".to_owned(), vec![1, 2])]
        );
        let asked = as_wanted(&purchases[0]).unwrap();
        assert_eq!((asked.kind, asked.spotify), (WantedKind::Release, Some(uri)));
    }

    #[test]
    fn shop_knows_a_compilation_by_its_release_and_not_by_a_name_that_many_albums_have() {
        let release = Mbid::parse("0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b").unwrap();
        let on = |id: i64, artist: &str, album: &str, is_known: bool| {
            let mut thing = thing(id, WantedKind::Recording, artist, album, &format!("Song {id}"), 0);
            thing.releases = [release.clone()].into_iter().filter(|_| is_known).collect();
            thing
        };
        let purchases = purchases(vec![
            on(1, "Mara Quill", "Harbour Songs", true),
            on(2, "Nordlys", "harbour songs", true),
            on(3, "Tin Parade", "Harbour Songs", false),
            on(4, "Wren", "Greatest Hits", true),
        ]);
        let expected = [
            ("recording", "Tin Parade – Song 3", vec![3]),
            ("release", "Various Artists – Harbour Songs", vec![1, 2]),
            ("recording", "Wren – Song 4", vec![4]),
        ];
        assert_eq!(shape(&purchases), expected.map(|(kind, label, ids)| (kind, label.to_owned(), ids)));
    }
}
