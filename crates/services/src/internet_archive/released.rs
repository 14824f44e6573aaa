//! Whether a day in an item's title or identifier is that of its release. Net labels write it there, as those do who record
//! concerts; so it only counts as such where nothing else can be meant.

use ferrotape_domain::Wanted;

use super::concerts::tells_of_a_concert;
use super::creators::without_label;
use super::wire::About;
use crate::answers::{date, folded_words, versions_beyond};

/// The collection that those of all net labels are in.
const LABELS: &str = "netlabels";
/// What collections and kinds of concerts are called.
const CONCERTS: [&str; 4] = ["etree", "gratefuldead", "livemusicarchive", "audience_recordings"];
/// Words of a title that are neither artist nor album, and no place where anybody played.
const BESIDE: [&str; 9] = ["ep", "lp", "single", "album", "release", "released", "by", "netlabel", "records"];

/// The day an item of a net label was released on, where its title says nothing but that, who it is by and what it is called;
/// `None` where a day may be a concert's. Without a playing time nothing would tell the two apart later on.
pub(super) fn day_of_release(
    about: &About,
    of_file: Option<&str>,
    artists: &[String],
    wanted: &Wanted,
) -> Option<String> {
    let day = about.date.first().and_then(date).filter(|day| day.len() == "2004-05-08".len())?;
    let title = without_day(without_label(about.title.first()?), &day);
    let album = without_day(of_file.or(wanted.release.as_deref())?, &day);
    let is_release = wanted.duration.is_some()
        && about.collection.has(LABELS)
        && !is_of_a_concert(about)
        && names_only(&title, &album, artists, about);
    is_release.then_some(day)
}

/// Whether what is said of the item beside its title tells of a concert.
fn is_of_a_concert(about: &About) -> bool {
    let places = [&about.venue, &about.coverage];
    let subject_tells =
        |subject: &str| tells_of_a_concert(subject, []) || versions_beyond([subject], []).contains(&"Live");
    places.iter().any(|place| place.first().is_some())
        || CONCERTS.iter().any(|name| about.collection.has(name) || about.mediatype.has(name))
        || about.subject.iter().any(subject_tells)
}

/// Whether a title has the album's whole name, and no word beyond it but those of the artist, the label and its number. An
/// album that is called as its artist leaves nothing to tell it from an evening.
fn names_only(title: &str, album: &str, artists: &[String], about: &About) -> bool {
    let (said, album) = (folded_words(title), folded_words(album));
    let by: Vec<String> =
        artists.iter().map(String::as_str).chain(about.creator.iter()).flat_map(folded_words).collect();
    let label: Vec<String> = about.collection.iter().flat_map(folded_words).collect();
    let numbers: Vec<String> = about.identifier.iter().flat_map(folded_words).collect();
    let is_number = |word: &String| word.contains(|letter: char| letter.is_ascii_digit());
    let is_known = |word: &String| {
        album.contains(word)
            || by.contains(word)
            || label.contains(word)
            || BESIDE.contains(&word.as_str())
            || is_number(word) && numbers.contains(word)
    };
    album.iter().any(|word| !by.contains(word))
        && album.iter().all(|word| said.contains(word))
        && said.iter().all(is_known)
}

/// A text without this day, `YYYY-MM-DD`, however it is written in numbers.
pub(super) fn without_day(text: &str, day: &str) -> String {
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return text.to_owned() };
    let mut left = text.to_owned();
    for sign in ["-", ".", "_", "/"] {
        for order in [[year, month, day], [day, month, year], [month, day, year]] {
            left = left.replace(&order.map(|part| *part).join(sign), "");
        }
    }
    if left == text {
        return left;
    }
    for empty in ["()", "[]", "( )", "[ ]"] {
        left = left.replace(empty, "");
    }
    left.trim_matches([' ', '-', '–', '_', ',', ':']).to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ferrotape_domain::WantedKind;

    use super::*;
    use crate::answers::Texts;

    const DAY: &str = "2004-05-08";

    fn item(title: &str) -> About {
        About {
            identifier: Texts::one("fen012"),
            title: Texts::one(title),
            creator: Texts::one("Mara Quill"),
            collection: Texts::one("netlabels"),
            date: Texts::one("2004-05-08T00:00:00Z"),
            ..About::default()
        }
    }

    fn wish() -> Wanted {
        Wanted {
            release: Some("Low Water".to_owned()),
            duration: Some(Duration::from_secs(200)),
            ..Wanted::of_kind(WantedKind::Recording)
        }
    }

    fn is_release(about: &About, of_file: Option<&str>, wanted: &Wanted) -> bool {
        day_of_release(about, of_file, &["Mara Quill".to_owned()], wanted).is_some()
    }

    #[test]
    fn a_net_labels_day_beside_its_artist_and_album_is_that_of_the_release() {
        for title in [
            "Low Water 2004-05-08",
            "Mara Quill - Low Water [2004.05.08]",
            "[fen012] Mara Quill - Low Water EP (08.05.2004)",
            "Fen Netlabel presents: Low Water 2004_05_08",
            "Low Water",
        ] {
            for of_file in [Some("Low Water"), Some("Low Water 2004-05-08"), None] {
                assert!(is_release(&item(title), of_file, &wish()), "{title}, {of_file:?}");
            }
        }
        for title in [
            "Mara Quill 2004-05-08",
            "Mara Quill 2004-05-08 Oslo",
            "Mara Quill - Low Water, Oslo 2004-05-08",
            "Mara Quill - Low Water Tour 2004-05-08",
            "Low 2004-05-08",
        ] {
            assert!(!is_release(&item(title), Some("Low Water"), &wish()), "{title}");
        }
        let own_name = Wanted { release: Some("Mara Quill".to_owned()), ..wish() };
        assert!(!is_release(&item("Mara Quill 2004-05-08"), None, &own_name));
    }

    #[test]
    fn what_else_is_said_of_a_concert_counts() {
        let sound = || item("Low Water 2004-05-08");
        let one = Texts::one;
        for about in [
            About { collection: one("opensource_audio"), ..sound() },
            About { mediatype: one("etree"), ..sound() },
            About { venue: one("The Barn"), ..sound() },
            About { coverage: one("Oslo"), ..sound() },
            About { subject: one("Live concert"), ..sound() },
            About { date: one("2004"), ..sound() },
            About { date: Texts::default(), ..sound() },
        ] {
            assert!(!is_release(&about, Some("Low Water"), &wish()), "{about:?}");
        }
        assert!(!is_release(&sound(), Some("Low Water"), &Wanted { duration: None, ..wish() }));
        assert!(is_release(&About { subject: one("ambient"), ..sound() }, Some("Low Water"), &wish()));
        // Another day than that of the release stays in the title, and tells of a concert.
        let other = About { date: one("2005-01-02"), ..sound() };
        assert!(!is_release(&other, Some("Low Water"), &wish()));
    }

    #[test]
    fn a_day_is_taken_out_of_a_text_with_its_brackets() {
        for text in ["Low Water 2004-05-08", "Low Water [08.05.2004]", "Low Water (05/08/2004)"] {
            assert_eq!(without_day(text, DAY), "Low Water", "{text}");
        }
        for text in ["Low Water 2004", "Low Water 2004-05-09", " Low Water -"] {
            assert_eq!(without_day(text, DAY), text);
        }
    }
}
