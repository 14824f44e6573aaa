//! Files that came from a place as one thing and say themselves that they are another: told by name, since "asked, has
//! none" would leave nobody a clue.

use std::collections::HashSet;

use ferrotape_domain::{RemoteOffer, TagSet, are_other_artists, letters_of, says_no_artist, says_no_title};

use super::asking::Heard;
use super::choosing::Pick;
use super::{Elsewhere, Gathered};

/// So many files of an album are named.
const NAMED: usize = 3;
/// Characters of a name that are shown.
const LONGEST: usize = 100;

/// What a file calls itself, where that is something else than its place calls it. Feeds name episodes as they like, and
/// are believed: of a file that `is_of_feed` there is nothing to tell.
pub(super) fn called(is_of_feed: bool, offer: &RemoteOffer, tags: &TagSet) -> Option<String> {
    let (own, said) = (tags.title.as_deref()?, offer.tags.title.as_deref()?);
    let has_its_title = letters_of(own) == letters_of(said) || says_no_title(own, said);
    let is_it = has_its_title && !is_of_others(&tags.artists, &offer.tags.artists);
    if is_of_feed || letters_of(own).is_empty() || is_it {
        return None;
    }
    let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
    Some(match tags.artists.join(", ") {
        by if by.is_empty() => format!("“{}”", short(own)),
        by => format!("“{}” by {}", short(own), short(&by)),
    })
}

/// Whether a file that calls itself something else is another thing than its place lists.
pub(super) fn is_another(offer: &RemoteOffer, tags: &TagSet) -> bool {
    let titles = tags.title.as_deref().zip(offer.tags.title.as_deref());
    let has_its_title =
        titles.is_none_or(|(own, said)| letters_of(own) == letters_of(said) || says_no_title(own, said));
    !has_its_title || are_other_artists(&tags.artists, &offer.tags.artists)
}

/// Whether these artists are others than those, as far as both are named.
fn is_of_others(own: &[String], said: &[String]) -> bool {
    let named = |artists: &[String]| letters_of(&artists.concat());
    !says_no_artist(own) && !says_no_artist(said) && named(own) != named(said)
}

/// What came of these picks and is something else, for a person; empty where nothing is.
pub(super) fn told(gathered: &Gathered, elsewhere: &Elsewhere, heard: &[Heard], picks: &[Pick]) -> String {
    let sure = picks.iter().filter(|pick| pick.sure);
    let files = sure.flat_map(|pick| pick.offers.iter().map(move |at| (pick.place, *at)));
    let one = |key: (usize, usize)| {
        let called = gathered.something_else.get(&key)?;
        let place = elsewhere.catalogues.get(key.0)?.name();
        let file = &heard.get(key.0)?.offers.get(key.1)?.file_name;
        Some(format!("what came from {place} as {file} is {called}"))
    };
    let mut said = HashSet::new();
    let each_once = files.filter_map(one).filter(|one| said.insert(one.clone()));
    each_once.take(NAMED).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::Rights;

    use super::*;

    #[test]
    fn a_file_of_another_name_is_told_by_that_name() {
        let tags = |title: &str, by: &[&str]| TagSet {
            title: Some(title.to_owned()),
            artists: by.iter().map(|name| (*name).to_owned()).collect(),
            ..TagSet::default()
        };
        // A program may say so of what is no episode.
        let offer = RemoteOffer {
            tags: tags("Ebb", &["Mara Quill"]),
            ..RemoteOffer::bare("s1", "Ebb.flac", Rights::PublicFeed)
        };
        let own = |title: &str, by: &[&str]| called(false, &offer, &tags(title, by));
        assert_eq!(own("Gull", &["Mara Quill"]).as_deref(), Some("“Gull” by Mara Quill"));
        assert_eq!(own("Gull", &[]).as_deref(), Some("“Gull”"));
        assert_eq!((own("EBB!", &["MARA QUILL"]), own("", &[]), own("…", &[])), (None, None, None));
        assert_eq!(own("Ebb", &["Bob Fen"]).as_deref(), Some("“Ebb” by Bob Fen"), "somebody else's");
        assert_eq!((own("Ebb", &["Unknown Artist"]), own("Track 14", &[])), (None, None));
        assert_eq!(own("Track 14", &["Bob Fen"]).as_deref(), Some("“Track 14” by Bob Fen"));
        assert_eq!(called(false, &offer, &TagSet::default()), None, "it says nothing");
        assert_eq!(called(true, &offer, &tags("Gull", &[])), None, "its feed is believed");
    }

    #[test]
    fn who_is_named_otherwise_is_no_other_thing() {
        let tags = |title: &str, by: &[&str]| TagSet {
            title: Some(title.to_owned()),
            artists: by.iter().map(|name| (*name).to_owned()).collect(),
            ..TagSet::default()
        };
        let listed = |by: &[&str]| RemoteOffer {
            tags: tags("Ebb", by),
            ..RemoteOffer::bare("s1", "Ebb.flac", Rights::Own)
        };
        let of_both = ["Mara Quill", "Bo Fen"];
        for own in ["Mara Quill feat. Bo Fen", "Bo Fen & Mara Quill", "Mara Quill", "The Mara Quill", ""] {
            assert!(!is_another(&listed(&of_both), &tags("Ebb", &[own])), "{own}");
        }
        assert!(!is_another(&listed(&["Mara Quill"]), &tags("Track 14", &of_both)));
        assert!(is_another(&listed(&of_both), &tags("Ebb", &["Oda Brenn"])), "somebody else's");
        assert!(is_another(&listed(&of_both), &tags("Gull", &["Mara Quill"])));
    }
}
