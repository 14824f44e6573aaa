//! One recording that lists name on several albums is bought on the one that fills more. A thing is only taken from the album
//! that was named first where that spares a purchase, and it is never taken apart from what it would be bought with anyway.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use ferrotape_domain::{Wanted, WantedKind};

use super::albums::on_album;
use super::grouping::{Groups, Whole};
use super::{Missing, is_of_other_versions};

/// Other albums that things are on, by the things' numbers, and which of their descriptions says so.
type Others = HashMap<i64, Vec<(Whole, usize)>>;

pub(super) fn buy_together(groups: &mut Groups) {
    let others = others(groups);
    if others.is_empty() {
        return;
    }
    join_albums(groups, &others);
    gather_lone(groups, &others);
    join_albums(groups, &others);
}

fn others(groups: &mut Groups) -> Others {
    let is_several =
        |thing: &&Missing| thing.wanted.kind == WantedKind::Recording && !thing.on_other_albums.is_empty();
    let several = groups.things.iter().flatten().filter(is_several);
    let described: Vec<(i64, Vec<(usize, Wanted)>)> =
        several.map(|thing| (thing.id, of_its_version(thing))).collect();
    let mut others = Others::new();
    for (id, described) in described {
        let albums = described.iter();
        let albums = albums.filter_map(|(at, said)| Some((groups.whole_of(said)?, *at))).collect();
        others.insert(id, albums);
    }
    others
}

/// What describes a thing on other albums, and its place among all that does; none that are of other versions, as a live album
/// is. Whatever a code says, what comes with such an album would not be taken for the thing, and be asked about.
fn of_its_version(thing: &Missing) -> Vec<(usize, Wanted)> {
    let is_another =
        |said: &Wanted| is_of_other_versions(said.release.as_deref().unwrap_or_default(), &thing.wanted);
    let described = thing.on_other_albums.iter().enumerate().filter(|(_, said)| !is_another(said));
    described.map(|(at, said)| (at, said.clone())).collect()
}

/// Has no group bought of which each thing comes with an album that is bought anyway; the smallest first.
fn join_albums(groups: &mut Groups, others: &Others) {
    let mut order: Vec<usize> = (0..groups.things.len()).collect();
    order.sort_by_key(|place| groups.size(*place));
    for from in order {
        let Some(moves) = moves(groups, from, others) else { continue };
        let things = groups.things.get_mut(from).map(std::mem::take).unwrap_or_default();
        for (thing, (to, said)) in things.into_iter().zip(moves) {
            put(groups, to, thing, Some(said));
        }
    }
}

/// Where each thing of a group goes, and which description of it says so; `None` where not all of them can go.
fn moves(groups: &Groups, from: usize, others: &Others) -> Option<Vec<(usize, usize)>> {
    let group = groups.things.get(from).filter(|group| !group.is_empty())?;
    let goes = |thing: &Missing| {
        let albums = others.get(&thing.id)?.iter();
        let albums = albums.filter_map(|(whole, said)| Some((groups.known_place(whole)?, *said)));
        let bought = albums.filter(|(place, _)| *place != from && groups.is_album(*place));
        bought.max_by_key(|(place, said)| (groups.size(*place), Reverse(*place), Reverse(*said)))
    };
    group.iter().map(goes).collect()
}

/// An album on which things are that would each be bought alone.
struct Shared {
    whole: Whole,
    /// The group of each, and which description of it names the album; none where that is the first.
    things: Vec<(usize, Option<usize>)>,
}

impl Shared {
    /// How many of those that are left it fills, how many of them name it first, and the earlier of two.
    fn rank(&self, at: usize, left: &HashSet<usize>) -> (usize, usize, Reverse<usize>) {
        let of_left = || self.things.iter().filter(move |(place, _)| left.contains(place));
        let own = of_left().filter(|(_, said)| said.is_none()).count();
        (of_left().count(), own, Reverse(at))
    }
}

/// Has an album bought where two things or more are on it that would each be bought alone; what fills most first.
fn gather_lone(groups: &mut Groups, others: &Others) {
    let mut left: HashSet<usize> = (0..groups.things.len()).filter(|place| groups.is_lone(*place)).collect();
    let shared = shared(groups, &left, others);
    let mut ranks: BinaryHeap<_> =
        shared.iter().enumerate().map(|(at, album)| album.rank(at, &left)).collect();
    while let Some(rank) = ranks.pop() {
        let (_, _, Reverse(at)) = rank;
        let Some(album) = shared.get(at) else { continue };
        let now = album.rank(at, &left);
        if now.0 < 2 {
            continue;
        }
        // Others took some of it since.
        if now != rank {
            ranks.push(now);
            continue;
        }
        let to = groups.place_of(Some(album.whole.clone()));
        for (from, said) in &album.things {
            if left.remove(from)
                && *from != to
                && let Some(thing) = groups.things.get_mut(*from).and_then(Vec::pop)
            {
                put(groups, to, thing, *said);
            }
        }
    }
}

/// The albums of these groups of one thing each, in the order in which they are named.
fn shared(groups: &Groups, lone: &HashSet<usize>, others: &Others) -> Vec<Shared> {
    let mut all: Vec<Shared> = Vec::new();
    let mut known: HashMap<Whole, usize> = HashMap::new();
    for (place, things) in groups.things.iter().enumerate().filter(|(place, _)| lone.contains(place)) {
        let own = groups.wholes.get(place).into_iter().flatten().map(|whole| (whole, None));
        let more = things.iter().filter_map(|thing| others.get(&thing.id)).flatten();
        for (whole, said) in own.chain(more.map(|(whole, said)| (whole, Some(*said)))) {
            let at = *known.entry(whole.clone()).or_insert(all.len());
            if at == all.len() {
                all.push(Shared { whole: whole.clone(), things: Vec::new() });
            }
            let Some(album) = all.get_mut(at) else { continue };
            // Two of its descriptions may name one album.
            if album.things.last().is_none_or(|(last, _)| *last != place) {
                album.things.push((place, said));
            }
        }
    }
    all
}

fn put(groups: &mut Groups, to: usize, mut thing: Missing, said: Option<usize>) {
    if let Some(described) = said.and_then(|said| thing.on_other_albums.get(said)) {
        thing.wanted = on_album(thing.wanted, described);
    }
    if let Some(group) = groups.things.get_mut(to) {
        group.push(thing);
    }
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::ArtistCredit;
    use ferrotape_store::Listening;

    use super::super::grouping::purchases;
    use super::*;

    fn wanted(album: &str, title: &str) -> Wanted {
        let mut wanted = Wanted::of_kind(WantedKind::Recording);
        wanted.title = title.to_owned();
        wanted.artists = ArtistCredit::printed("Mara Quill");
        wanted.release = Some(album.to_owned());
        wanted
    }

    /// A thing by its number, on the album that is named first and on others.
    fn thing(id: i64, albums: &[&str]) -> Missing {
        let mut described = albums.iter().map(|album| wanted(album, &format!("Song {id}")));
        Missing {
            id,
            wanted: described.next().unwrap(),
            listening: Listening::default(),
            on_player: Vec::new(),
            waits: None,
            on_other_albums: described.collect(),
            releases: Vec::new(),
        }
    }

    /// What is bought, by name, and the numbers that it fills.
    fn bought(things: Vec<Missing>) -> Vec<(String, Vec<i64>)> {
        let purchases = purchases(things).into_iter();
        purchases.map(|one| (one.title, one.fills.iter().map(|fill| fill.id).collect())).collect()
    }

    fn expected(all: &[(&str, &[i64])]) -> Vec<(String, Vec<i64>)> {
        all.iter().map(|(title, ids)| ((*title).to_owned(), ids.to_vec())).collect()
    }

    #[test]
    fn what_comes_with_an_album_that_is_bought_anyway_is_not_bought_alone() {
        let things =
            vec![thing(1, &["Hits", "Low Water"]), thing(2, &["Low Water"]), thing(3, &["Low Water"])];
        assert_eq!(bought(things), expected(&[("Low Water", &[2, 3, 1])]));
        // An album of which all comes with another one.
        let two = [thing(1, &["Hits", "Low Water"]), thing(4, &["Hits", "Low Water"])];
        let things = [two.as_slice(), &[thing(2, &["Low Water"]), thing(3, &["Low Water"])]].concat();
        assert_eq!(bought(things), expected(&[("Low Water", &[2, 3, 1, 4])]));
        // Of which not all does.
        let things =
            [two.as_slice(), &[thing(2, &["Low Water"]), thing(3, &["Low Water"]), thing(5, &["Hits"])]];
        assert_eq!(bought(things.concat()), expected(&[("Hits", &[1, 4, 5]), ("Low Water", &[2, 3])]));
    }

    #[test]
    fn what_would_be_bought_alone_is_bought_on_the_album_that_fills_most() {
        let things = vec![
            thing(1, &["Ebb (Single)", "Low Water", "Hits"]),
            thing(2, &["Flood (Single)", "Hits"]),
            thing(3, &["Neap (Single)", "Hits", "Low Water"]),
            thing(4, &["Alone"]),
        ];
        assert_eq!(bought(things), expected(&[("Hits", &[1, 2, 3]), ("Song 4", &[4])]));
        // Two fill one each, whatever is chosen: the album that was named first stays.
        let things = vec![thing(1, &["Low Water", "Hits"]), thing(2, &["Flood"])];
        assert_eq!(bought(things), expected(&[("Song 1", &[1]), ("Song 2", &[2])]));
        let things =
            vec![thing(1, &["Low Water", "Hits"]), thing(2, &["Flood", "Hits"]), thing(3, &["Hits"])];
        assert_eq!(bought(things), expected(&[("Hits", &[3, 1, 2])]));
    }

    #[test]
    fn a_saved_album_is_bought_whatever_else_has_its_songs() {
        let mut album = thing(9, &[""]);
        album.wanted.kind = WantedKind::Release;
        album.wanted.title = "Hits".to_owned();
        let things = vec![
            album,
            thing(1, &["Hits", "Low Water"]),
            thing(2, &["Low Water"]),
            thing(3, &["Low Water"]),
            thing(4, &["Flood (Single)", "Hits"]),
        ];
        assert_eq!(bought(things), expected(&[("Hits", &[9, 1, 4]), ("Low Water", &[2, 3])]));
    }

    #[test]
    fn an_album_of_other_versions_is_not_bought_in_place_of_the_one_that_is_wanted() {
        let live = "Live in Oslo";
        let things = vec![thing(1, &["Low Water", live]), thing(2, &[live]), thing(3, &[live])];
        assert_eq!(bought(things), expected(&[(live, &[2, 3]), ("Song 1", &[1])]));
        let things = vec![thing(1, &[live, "Low Water"]), thing(2, &["Low Water"]), thing(3, &["Low Water"])];
        assert_eq!(bought(things), expected(&[("Low Water", &[2, 3]), ("Song 1", &[1])]));
        let things = vec![thing(1, &["Low Water", live]), thing(2, &["Ebb", live])];
        assert_eq!(bought(things), expected(&[("Song 1", &[1]), ("Song 2", &[2])]));
    }

    #[test]
    fn the_album_is_named_and_asked_for_as_what_tells_of_it_does() {
        let mut one = thing(1, &["Ebb (Single)", "Harbour Songs"]);
        let mut two = thing(2, &["Flood (Single)", "Harbour Songs"]);
        two.wanted.artists = ArtistCredit::printed("Bob");
        two.on_other_albums[0].artists = ArtistCredit::printed("Mara Quill feat. Bob");
        one.wanted.released = Some("2001".to_owned());
        let purchases = purchases(vec![one, two]);
        assert_eq!(purchases.len(), 1);
        assert_eq!(purchases[0].label(), "Mara Quill – Harbour Songs");
        assert!(purchases[0].fills.iter().all(|fill| fill.wanted.released.is_none()), "that is the single's");
    }
}
