//! Saved albums of which there is more than their files and the places tell (`partly.rs`): the library wants another track of
//! them, which no file is; or one file is all that is here, and nothing counts the tracks.

use std::collections::{BTreeSet, HashMap};

use ferrotape_domain::{ArtistCredit, TagSet, Wanted, WantedKind, letters_of};

use crate::listed::place;
use crate::matching::{Answer, Matched, Matching};

/// What is told of the saved albums that files answer and of which the library wants another track, by their numbers.
pub(crate) fn wanted_too(matching: &Matching) -> HashMap<i64, String> {
    let mut missing: HashMap<String, Vec<&Wanted>> = HashMap::new();
    for one in matching.matched.iter().filter(|one| matches!(one.answer, Answer::None(_))) {
        let track = &one.wanted.wanted;
        if !track.title.is_empty() {
            missing.entry(album_of(track)).or_default().push(track);
        }
    }
    let told = |album: &Matched| {
        let tracks = missing.get(&letters_of(&album.wanted.wanted.title))?;
        let files = files_of(album, matching)?;
        let is_more = |track: &&Wanted| is_on(track, &album.wanted.wanted) && !are_it(&files, track);
        let more: BTreeSet<&str> =
            tracks.iter().copied().filter(is_more).map(|track| track.title.as_str()).collect();
        Some((album.wanted.id, says(&more)?))
    };
    matching.matched.iter().filter_map(told).collect()
}

fn says(more: &BTreeSet<&str>) -> Option<String> {
    let first = more.first()?;
    Some(match more.len() - 1 {
        0 => format!("a part of it: “{first}” is wanted of this album, too, and no file is it"),
        others => format!(
            "a part of it: “{first}” and {others} more are wanted of this album, too, and no file is one of them"
        ),
    })
}

/// Whether a wanted recording is said to be on this saved album.
pub(crate) fn is_on(track: &Wanted, album: &Wanted) -> bool {
    fn artists(wanted: &Wanted) -> &ArtistCredit {
        if wanted.release_artists.is_empty() { &wanted.artists } else { &wanted.release_artists }
    }
    let name = album_of(track);
    let is_named_so = !name.is_empty() && name == letters_of(&album.title);
    let theirs: Vec<String> = artists(album).names().map(letters_of).collect();
    track.kind == WantedKind::Recording
        && is_named_so
        && artists(track).names().any(|name| theirs.contains(&letters_of(name)))
}

/// The letters of the album that a recording is wanted of.
fn album_of(track: &Wanted) -> String {
    letters_of(track.release.as_deref().unwrap_or_default())
}

/// Whether one of an album's files stands at the track's place or has its title: then it is there, whatever speaks against it.
fn are_it(files: &[&TagSet], track: &Wanted) -> bool {
    let at = track.track_number.map(|number| (track.disc_number.unwrap_or(1), number));
    let title = letters_of(&track.title);
    files.iter().any(|tags| {
        let is_there = at.is_some() && place(tags) == at;
        is_there || letters_of(tags.title.as_deref().unwrap_or_default()) == title
    })
}

/// The tags of the files that answer a saved album, where the user did not choose them.
fn files_of<'m>(album: &Matched, matching: &'m Matching) -> Option<Vec<&'m TagSet>> {
    let Answer::Files(files, _) = &album.answer else { return None };
    let is_found = album.wanted.wanted.kind == WantedKind::Release && !album.decided;
    is_found.then(|| files.iter().filter_map(|id| Some(&matching.offer(*id)?.tags)).collect())
}

/// What is told of a saved album that one file answers, where nothing tells how many tracks it has.
pub(crate) fn only_one(album: &Matched, matching: &Matching) -> Option<&'static str> {
    let files = files_of(album, matching).filter(|_| matching.list_of(album.wanted.id).is_none())?;
    only_one_of(&album.wanted.wanted, &files)
}

/// The same, of these files. A single is called so, or as its song; and a file that counts the tracks tells it.
pub(crate) fn only_one_of(album: &Wanted, files: &[&TagSet]) -> Option<&'static str> {
    const SAYS: &str = "1 file; how many tracks it has is not known";
    let [only] = files else { return None };
    let (title, name) = (letters_of(only.title.as_deref().unwrap_or_default()), letters_of(&album.title));
    let mut words = album.title.split(|c: char| !c.is_alphanumeric());
    let is_single = title.starts_with(&name)
        || name.starts_with(&title)
        || words.any(|word| word.eq_ignore_ascii_case("single") || word.eq_ignore_ascii_case("ep"));
    let is_first = only.track_number == Some(1) && only.disc_number.unwrap_or(1) == 1;
    let is_counted = only.track_total.is_some() || only.disc_total.is_some_and(|discs| discs > 1);
    (album.kind == WantedKind::Release && is_first && !is_counted && !is_single).then_some(SAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: WantedKind, title: &str, release: Option<&str>) -> Wanted {
        Wanted {
            title: title.to_owned(),
            artists: ArtistCredit::of_names(&["Mara Quill"]),
            release: release.map(str::to_owned),
            ..Wanted::of_kind(kind)
        }
    }

    fn file(number: u32, title: &str) -> TagSet {
        TagSet { track_number: Some(number), title: Some(title.to_owned()), ..TagSet::default() }
    }

    #[test]
    fn a_track_is_on_the_album_of_its_name_and_artist() {
        let album = named(WantedKind::Release, "Low Water", None);
        let on = |release: &str| named(WantedKind::Recording, "Ebb", Some(release));
        assert!(is_on(&on("low water!"), &album));
        assert!(!is_on(&on("Low Water (Live)"), &album) && !is_on(&on(""), &album));
        let others = Wanted { artists: ArtistCredit::of_names(&["Oda Brenn"]), ..on("Low Water") };
        assert!(!is_on(&others, &album));
        let filed = Wanted { release_artists: ArtistCredit::of_names(&["Mara Quill"]), ..others };
        assert!(is_on(&filed, &album), "the album's artist counts");
    }

    #[test]
    fn what_stands_at_its_place_or_has_its_title_is_there() {
        let (first, second) = (file(1, "Ebb"), file(2, "Flood"));
        let files = [&first, &second];
        let track = |title: &str, number: Option<u32>| Wanted {
            track_number: number,
            ..named(WantedKind::Recording, title, Some("Low Water"))
        };
        assert!(are_it(&files, &track("The Flood", Some(2))) && are_it(&files, &track("flood", None)));
        assert!(!are_it(&files, &track("Slack", Some(3))) && !are_it(&files, &track("Slack", None)));
    }

    #[test]
    fn one_first_track_that_nobody_counts_may_be_a_part() {
        let album = named(WantedKind::Release, "Low Water", None);
        let tells = |album: &Wanted, file: &TagSet| only_one_of(album, &[file]).is_some();
        assert!(tells(&album, &file(1, "Ebb")));
        for tags in [
            TagSet { track_total: Some(1), ..file(1, "Ebb") },
            TagSet { disc_total: Some(2), ..file(1, "Ebb") },
            TagSet { track_number: None, ..file(1, "Ebb") },
            file(2, "Ebb"),
            file(1, "Low Water"),
            file(1, "Low Water (Radio Edit)"),
        ] {
            assert!(!tells(&album, &tags), "{tags:?}");
        }
        for name in ["Ebb", "Low Water EP", "Low Water - Single"] {
            assert!(!tells(&named(WantedKind::Release, name, None), &file(1, "Ebb")), "{name}");
        }
        assert_eq!(only_one_of(&album, &[&file(1, "Ebb"), &file(2, "Flood")]), None);
    }
}
