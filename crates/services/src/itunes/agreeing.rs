//! Which hit is surely the wanted thing.

use ferrotape_domain::Wanted;

use super::OtherVersions;
use super::wire::Hit;
use crate::answers::{folded, without_guests};

/// Lengths that differ by less are of the same recording, if all else agrees.
const NEAR_MS: u128 = 3000;

/// The hit that is the wanted recording: of several the one on its album, then one that is sold alone. A concert may have the
/// length of the studio, so none on an album of other versions.
pub(super) fn track<'h>(
    hits: &'h [Hit],
    wanted: &Wanted,
    is_of_other_versions: OtherVersions,
) -> Option<&'h Hit> {
    let title = without_guests(&wanted.title);
    let agrees = |hit: &&Hit| {
        let same = hit.track_name.first().is_some_and(|own| same(&without_guests(own), &title));
        let surely = match (hit.length(), wanted.duration) {
            (Some(own), Some(length)) => own.as_millis().abs_diff(length.as_millis()) <= NEAR_MS,
            (_, Some(_)) => false,
            (_, None) => on_album(hit, wanted),
        };
        let is_other = hit.collection_name.first().is_some_and(|album| is_of_other_versions(album, wanted));
        same && surely && !is_other && by_artist(hit, wanted)
    };
    let rank = |hit: &&Hit| (!on_album(hit, wanted), hit.price(&hit.track_price).is_none());
    hits.iter().filter(agrees).min_by_key(rank)
}

/// The only album that is the wanted one; of several those of its year.
pub(super) fn album<'h>(hits: &'h [Hit], wanted: &Wanted) -> Option<&'h Hit> {
    let is_it = |hit: &&Hit| {
        by_artist(hit, wanted) && hit.collection_name.first().is_some_and(|own| same(own, &wanted.title))
    };
    let mut all: Vec<&Hit> = hits.iter().filter(is_it).collect();
    all.sort_by_key(|hit| hit.collection_id.first().unwrap_or_default().to_owned());
    all.dedup_by_key(|hit| hit.collection_id.first().unwrap_or_default().to_owned());
    if let (2.., Some(year)) = (all.len(), wanted.released.as_deref().and_then(|date| date.get(..4))) {
        all.retain(|hit| hit.release_date.first().and_then(|date| date.get(..4)) == Some(year));
    }
    all.pop().filter(|_| all.is_empty())
}

fn on_album(hit: &Hit, wanted: &Wanted) -> bool {
    let album = wanted.release.as_deref().unwrap_or_default();
    hit.collection_name.first().is_some_and(|own| same(own, album))
}

fn by_artist(hit: &Hit, wanted: &Wanted) -> bool {
    let Some(own) = hit.artist_name.first() else { return false };
    let first = wanted.artists.first().unwrap_or_default();
    same(own, first) || same(own, &wanted.artists.to_string())
}

/// Folded texts without a letter are the same as nothing.
fn same(one: &str, other: &str) -> bool {
    let folded_one = folded(one);
    !folded_one.is_empty() && folded_one == folded(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferrotape_domain::{ArtistCredit, WantedKind};
    use serde_json::json;
    use std::time::Duration;

    fn wanted(kind: WantedKind, seconds: Option<u64>) -> Wanted {
        let mut wanted = Wanted::of_kind(kind);
        wanted.title = "Ebb".to_owned();
        wanted.artists = ArtistCredit::of_names(&["Mara Quill", "Nordlys"]);
        wanted.release = Some("Low Water".to_owned());
        wanted.released = Some("2019-03-01".to_owned());
        wanted.duration = seconds.map(Duration::from_secs);
        wanted
    }

    fn hit(title: &str, artist: &str, album: &str, ms: i64) -> Hit {
        let hit = json!({ "trackName": title, "artistName": artist, "collectionName": album, "collectionId": 7,
            "trackTimeMillis": ms, "trackPrice": 1.29, "currency": "EUR", "releaseDate": "2019-03-01T07:00:00Z" });
        serde_json::from_value(hit).unwrap()
    }

    fn live(album: &str, _: &Wanted) -> bool {
        album.starts_with("Live")
    }

    #[test]
    fn only_the_same_title_artist_and_length_count() {
        let known = wanted(WantedKind::Recording, Some(200));
        for (found, counts) in [
            (hit("EBB", "Mara Quill & Nordlys", "Other", 202_900), true),
            (hit("Ebb (feat. Ole)", "Mara Quill", "Other", 197_500), true),
            (hit("Ebb", "Mara Quill", "Low Water", 203_100), false),
            (hit("Ebb (Live)", "Mara Quill", "Low Water", 200_000), false),
            (hit("Ebb", "Mara Quill Tribute", "Low Water", 200_000), false),
            (hit("Ebb", "Mara Quill", "Low Water", 0), false),
            (hit("Ebb", "Mara Quill", "Live in Oslo", 200_000), false),
        ] {
            assert_eq!(track(std::slice::from_ref(&found), &known, live).is_some(), counts, "{found:?}");
        }
        let unknown = wanted(WantedKind::Recording, None);
        assert!(track(&[hit("Ebb", "Mara Quill", "Low Water", 1)], &unknown, live).is_some());
        let both =
            [hit("Ebb", "Mara Quill", "Live in Oslo", 200_000), hit("Ebb", "Mara Quill", "Best Of", 202_000)];
        let found = track(&both, &known, live).and_then(|hit| hit.collection_name.first());
        assert_eq!(found, Some("Best Of"));
        assert!(track(&[hit("Ebb", "Mara Quill", "Best Of", 1)], &unknown, live).is_none());
    }

    #[test]
    fn two_albums_of_one_name_are_told_apart_by_their_year_or_not_at_all() {
        let of = |id: u64, date: &str| {
            let hit = json!({ "artistName": "Mara Quill", "collectionName": "Ebb", "collectionId": id,
                "releaseDate": date });
            serde_json::from_value::<Hit>(hit).unwrap()
        };
        let known = wanted(WantedKind::Release, None);
        let hits = [of(1, "2001"), of(2, "2019-03-01"), of(2, "2019-03-01")];
        assert_eq!(album(&hits, &known).unwrap().collection_id.first(), Some("2"));
        assert!(album(&[of(1, "2001"), of(2, "2002")], &known).is_none());
        assert!(album(&[of(1, "2001")], &known).is_some());
        assert!(album(&[of(1, "2019"), of(2, "2019")], &known).is_none());
    }
}
