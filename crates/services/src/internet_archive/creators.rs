//! Who put an item together: its artist, a label, or somebody else who plays what is the artist's.

use ferrotape_domain::Wanted;

use super::wire::About;
use crate::answers::{folded, folded_words};

/// Creators that are nobody, folded.
const NOBODY: [&str; 8] =
    ["various", "variousartists", "va", "diverse", "verschiedene", "unknown", "unknownartist", "anonymous"];
/// Words that labels are called by, folded.
const LABELS: [&str; 14] = [
    "records",
    "recordings",
    "record",
    "recording",
    "netlabel",
    "netlabels",
    "label",
    "labels",
    "music",
    "productions",
    "releases",
    "collective",
    "tapes",
    "discos",
];
/// Shorter names stand in others by chance.
const SHORTEST: usize = 3;

/// Whether an item is by somebody else than the artist whom its file names, and than those who are wanted: of a classical work
/// one may be the composer, the other who plays.
pub(super) fn is_by_another(about: &About, artist: &str, wanted: &Wanted) -> bool {
    let mut creators = about.creator.iter().peekable();
    creators.peek().is_some()
        && !creators.any(|creator| {
            names_the_same(creator, artist)
                || wanted.artists.names().any(|name| names_the_same(creator, name))
                || NOBODY.contains(&folded(creator).as_str())
                || is_label(about, creator)
        })
}

/// Whether one name has all words of the other: `Mara Quill`, `Quill, Mara`, `Mara Quill & Oda Brenn`.
fn names_the_same(one: &str, other: &str) -> bool {
    let (ours, theirs) = (folded_words(one), folded_words(other));
    let all_in = |few: &[String], many: &[String]| few.iter().all(|word| many.contains(word));
    folded(one) == folded(other) || all_in(&ours, &theirs) || all_in(&theirs, &ours)
}

/// A label is called so, or has a collection of its name.
fn is_label(about: &About, creator: &str) -> bool {
    let name = folded(creator);
    let has_collection = || about.collection.iter().any(|collection| folded(collection).contains(&name));
    folded_words(creator).iter().any(|word| LABELS.contains(&word.as_str()))
        || (name.chars().count() >= SHORTEST && has_collection())
}

/// A title without the label that presents it: `Live Wire Netlabel presents: Low Water`.
pub(super) fn without_label(title: &str) -> &str {
    let mut parts = [" presents", " Presents", " PRESENTS"].iter().filter_map(|verb| title.split_once(verb));
    let is_called_so = |name: &str| folded_words(name).iter().any(|word| LABELS.contains(&word.as_str()));
    match parts.next() {
        Some((name, rest)) if is_called_so(name) => rest,
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{ArtistCredit, WantedKind};

    use super::*;
    use crate::answers::Texts;

    #[test]
    fn labels_and_nobody_are_no_other_artists() {
        let about = |creator: &str, collection: &str| About {
            creator: if creator.is_empty() { Texts::default() } else { Texts::one(creator) },
            collection: Texts::one(collection),
            ..About::default()
        };
        let wanted =
            Wanted { artists: ArtistCredit::printed("Mara Quill"), ..Wanted::of_kind(WantedKind::Recording) };
        for (creator, collection) in [
            ("Mara Quill", "netlabels"),
            ("Quill, Mara", "netlabels"),
            ("Mára Quill & Oda Brenn", "netlabels"),
            ("Various Artists", "netlabels"),
            ("Fen Recordings", "netlabels"),
            ("Monofen", "monofen-netlabel"),
            ("", "netlabels"),
        ] {
            assert!(!is_by_another(&about(creator, collection), "Mara Quill", &wanted), "{creator}");
        }
        let satie =
            Wanted { artists: ArtistCredit::of_names(&["Erik Satie", "Klara Kormendi"]), ..wanted.clone() };
        assert!(!is_by_another(&about("Erik Satie", "netlabels"), "Klara Kormendi", &satie));
        for creator in ["Bob", "Oda Brenn"] {
            assert!(is_by_another(&about(creator, "netlabels"), "Mara Quill", &wanted), "{creator}");
        }
    }
}
