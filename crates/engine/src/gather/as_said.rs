//! Whether what came is what its place says: as long as it says, and still what it said when that came before.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_audio::listen;
use ferrotape_domain::{Provenance, RemoteOffer, Rights, letters_of};

use super::place::beside;
use super::same_episode::{Which, is_that_one, which};

/// What feeds and servers say of a length is not always meant: no single file lasts longer.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);
/// So much shorter than it is listed music may be: servers round, and read headers otherwise.
const MUSIC_APART: Duration = Duration::from_secs(10);
/// So much may be missing of spoken word whose copies have other advertisements.
const LITTLE: Duration = Duration::from_secs(60);
const MUCH: Duration = Duration::from_secs(600);
/// What lasts as long as is wanted is right, whatever its place says.
const AS_WANTED: Duration = Duration::from_secs(5);

/// Why what came is not what its place offers, where it lasts much shorter than the place itself says: a notice or the
/// beginning of a thing in its place. What its header says may be an estimate, so it is listened to before it is let go.
pub(super) fn too_short(
    offer: &RemoteOffer,
    (at, came): (&Path, Option<Duration>),
    wanted: Option<Duration>,
) -> Option<String> {
    let (told, came) = (offer.duration?, came?);
    let as_wanted = |came: Duration| wanted.is_some_and(|wanted| wanted.abs_diff(came) <= AS_WANTED);
    let is_short = |came: Duration| is_much_shorter(offer, told, came) && !as_wanted(came);
    if !is_short(came) {
        return None;
    }
    let heard = listen(at).map_or(came, |heard| heard.duration.max(came));
    is_short(heard).then(|| {
        format!("{} came as {} where its place says {}", offer.file_name, in_words(heard), in_words(told))
    })
}

fn is_much_shorter(offer: &RemoteOffer, told: Duration, came: Duration) -> bool {
    if told > LONGEST {
        return false;
    }
    let missing = told.saturating_sub(came);
    let is = |genre: &str| offer.tags.genres.iter().any(|known| known.eq_ignore_ascii_case(genre));
    if offer.rights == Rights::PublicFeed || is("podcast") || is("audiobook") {
        return (missing > LITTLE && came < told / 2) || (missing > MUCH && missing > told / 5);
    }
    missing > MUSIC_APART && missing > told / 20
}

pub(super) fn in_words(length: Duration) -> String {
    match length.as_secs() {
        seconds if seconds < 120 => format!("{seconds} s"),
        seconds if seconds < 600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}

/// Whether a place says of a file what it said of the one that came under this name of its before. A feed of news may give
/// each day's under one name; servers of the user's are built anew, and count from the beginning.
pub(super) fn is_as_it_was(offer: &RemoteOffer, then: &Provenance) -> bool {
    if then.is_of_feed() {
        return which(offer, then) == Which::Same;
    }
    let artists = |names: &[String]| letters_of(&names.concat());
    has_its_title(offer, then) && artists(&offer.tags.artists) == artists(&then.said.artists)
}

/// Those of what came under its name before that are what the place offers now. Of a feed that gives each day's news under
/// one name it is what came last that may have been dated anew; an older one is it under its own title and day only.
pub(super) fn as_they_were<'p>(offer: &RemoteOffer, came: &'p [Provenance]) -> Vec<&'p Provenance> {
    let last = came.iter().map(|then| then.at).max();
    let is_it = |then: &&'p Provenance| {
        let is_old = then.is_of_feed() && Some(then.at) != last;
        if is_old { is_that_one(offer, then) } else { is_as_it_was(offer, then) }
    };
    came.iter().filter(is_it).collect()
}

/// What came under its name last, where nothing but another day tells what is offered from it: the newest is kept.
pub(super) fn may_replace<'p>(offer: &RemoteOffer, came: &'p [Provenance]) -> Option<&'p Provenance> {
    let moment = |then: &Provenance| then.said.more.as_ref().and_then(|more| more.published_at);
    let last = came.iter().max_by_key(|then| (then.at, moment(then))).filter(|then| then.is_of_feed())?;
    let is_new = as_they_were(offer, came).is_empty() && which(offer, last) == Which::Unsaid;
    is_new.then_some(last)
}

/// Whether it has the title of what came before.
pub(super) fn has_its_title(offer: &RemoteOffer, then: &Provenance) -> bool {
    let letters = |title: &Option<String>| letters_of(title.as_deref().unwrap_or_default());
    letters(&offer.tags.title) == letters(&then.said.title)
}

/// Where a file lies or is to lie that is another than the one that came under its name before and lies at the usual place.
pub(super) fn place_of_another(usual: &Path, offer: &RemoteOffer) -> PathBuf {
    let tags = &offer.tags;
    let told = match (&tags.date, &offer.rights) {
        (Some(day), Rights::PublicFeed) => {
            format!("{day}\n{}", letters_of(tags.title.as_deref().unwrap_or_default()))
        }
        _ => format!("{:?}\n{:?}", tags.title, tags.artists),
    };
    beside(usual, &told)
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{ContentId, PODCASTS, TagSet};

    use super::*;

    fn offer(rights: Rights, title: &str, day: Option<&str>) -> RemoteOffer {
        let tags = TagSet {
            title: Some(title.to_owned()),
            artists: vec!["Mara Quill".to_owned()],
            date: day.map(str::to_owned),
            ..TagSet::default()
        };
        RemoteOffer { tags, ..RemoteOffer::bare("https://feeds.example/news latest", "latest.mp3", rights) }
    }

    #[test]
    fn advertisements_make_episodes_shorter_and_notices_much_shorter() {
        // Length that is told and length that came in seconds, and whether that is much shorter: of an episode, of music.
        let table = [
            (1_800, 5, true, true),
            (1_800, 1_500, false, true),
            (1_800, 1_790, false, false),
            (200, 8, true, true),
            (45, 5, false, true),
            (4_000, 3_000, true, true),
            (9_000, 8_000, false, true),
            (180, 171, false, false),
            (180, 169, false, true),
            (600, 575, false, false),
            (60, 90, false, false),
            (1_800_000, 1_800, false, false),
        ];
        for (told, came, of_episode, of_music) in table {
            let is = |rights| {
                let (told, came) = (Duration::from_secs(told), Duration::from_secs(came));
                is_much_shorter(&offer(rights, "Harbour", None), told, came)
            };
            assert_eq!((is(Rights::PublicFeed), is(Rights::Own)), (of_episode, of_music), "{told} {came}");
        }
        let words = [5, 200, 1_800].map(|seconds| in_words(Duration::from_secs(seconds)));
        assert_eq!(words, ["5 s", "3:20 min", "30 min"]);
    }

    #[test]
    fn a_name_that_is_used_again_is_told_by_day_or_title() {
        let then = |source: &str, rights: Rights, title: &str, day: Option<&str>| {
            let offer = offer(rights, title, day);
            Provenance {
                content: ContentId("a".to_owned()),
                file_name: String::new(),
                source: source.to_owned(),
                remote_id: offer.id,
                url: None,
                page: None,
                rights: offer.rights,
                note: String::new(),
                at: 5,
                sha256: String::new(),
                said: offer.tags,
            }
        };
        let monday = then(PODCASTS, Rights::PublicFeed, "News of Monday", Some("2026-11-23"));
        let is =
            |title: &str, day: Option<&str>| is_as_it_was(&offer(Rights::PublicFeed, title, day), &monday);
        assert!(is("News of Monday", Some("2026-11-23")));
        assert!(is("The news of Monday, mended", Some("2026-11-23")), "a title is corrected");
        assert!(!is("News of Tuesday", Some("2026-11-24")));
        assert!(is("News of Monday", Some("2026-11-24")), "feeds date anew what they have");
        assert!(is("News of Monday!", None) && !is("News of Tuesday", None));
        let ebb = then("subsonic:home", Rights::Own, "Ebb", Some("2020"));
        let is = |title: &str| is_as_it_was(&offer(Rights::Own, title, Some("2020")), &ebb);
        assert!(is("Ebb") && !is("Flood"));
    }
}
