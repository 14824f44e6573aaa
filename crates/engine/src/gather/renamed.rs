//! Episodes of feeds that give them no ids: theirs are sums of their addresses, and some hosts give each file another address
//! every day. One that has the title and the moment of what came is that very episode.

use std::collections::{BTreeSet, HashMap};

use ferrotape_domain::{Provenance, RemoteOffer, TagSet, letters_of};

use super::Elsewhere;
use super::asking::Heard;
use super::same_episode::tells_nothing;

/// What came before, by the place and its name for it.
pub(super) type CameBefore = HashMap<(String, String), Vec<Provenance>>;

/// Digits of a sum that stands in for an id.
const DIGITS: usize = 24;
const DAY_S: i64 = 24 * 3_600;

/// A feed, and what it says of an episode: its title and when it was published.
type Told = (String, String, i64);

/// Adds what came under another id to what came before, under the id that the same episode has now.
pub(super) fn add_renamed(came: &mut CameBefore, elsewhere: &Elsewhere, heard: &[Heard]) {
    for (place, heard) in elsewhere.catalogues.iter().zip(heard) {
        for (id, before) in renamed(came, place.name(), &heard.offers) {
            came.insert((place.name().to_owned(), id), vec![before]);
        }
    }
}

fn renamed(came: &CameBefore, place: &str, offers: &[RemoteOffer]) -> Vec<(String, Provenance)> {
    let mut now: HashMap<Told, BTreeSet<&str>> = HashMap::new();
    for offer in offers.iter().filter(|offer| is_a_sum(&offer.id)) {
        if let Some(told) = told(offer.feed(place), &offer.tags) {
            now.entry(told).or_default().insert(&offer.id);
        }
    }
    let is_new = |id: &str| !came.contains_key(&(place.to_owned(), id.to_owned()));
    // Two of one title and moment are two.
    now.retain(|_, ids| ids.len() == 1 && ids.iter().all(|id| is_new(id)));
    if now.is_empty() {
        return Vec::new();
    }
    let mut last: HashMap<Told, &Provenance> = HashMap::new();
    for then in came.values().flatten().filter(|then| then.source == place && is_a_sum(&then.remote_id)) {
        if let Some(told) = told(then.feed(), &then.said).filter(|told| now.contains_key(told)) {
            let known = last.entry(told).or_insert(then);
            if (then.at, &then.remote_id) > (known.at, &known.remote_id) {
                *known = then;
            }
        }
    }
    let id_now = |told: &Told| now.get(told)?.first().map(|id| (*id).to_owned());
    last.iter().filter_map(|(told, then)| Some((id_now(told)?, (*then).clone()))).collect()
}

/// Whether the episode's part of an id is a sum.
fn is_a_sum(id: &str) -> bool {
    let name = id.split_once(' ').map(|(_, name)| name).unwrap_or_default();
    name.len() == DIGITS && name.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// `None` where that tells no episode: of a day alone there may be two that are called `News`.
fn told(feed: Option<&str>, said: &TagSet) -> Option<Told> {
    let at = said.more.as_ref()?.published_at?;
    let title = letters_of(said.title.as_deref().unwrap_or_default());
    let is_told = !title.is_empty() && (at % DAY_S != 0 || !tells_nothing(said));
    is_told.then_some((feed?.to_owned(), title, at))
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{ContentId, MoreTags, PODCASTS, Rights};

    use super::*;

    const FEED: &str = "https://feeds.example/tide";
    const MORNING: i64 = 20_000 * DAY_S + 21_600;

    /// An episode under an id that begins so; a short one is the feed's own.
    fn offer(id: &str, title: &str, at: i64) -> RemoteOffer {
        let more = MoreTags { published_at: Some(at), ..MoreTags::default() };
        let tags = TagSet {
            title: Some(title.to_owned()),
            album: Some("Low Tide".to_owned()),
            more: Some(Box::new(more)),
            ..TagSet::default()
        };
        let bare = RemoteOffer::bare(&format!("{FEED} {id}"), "1.mp3", Rights::PublicFeed);
        RemoteOffer { tags, ..bare }
    }

    fn came(offer: RemoteOffer, at: i64) -> CameBefore {
        let origin = Provenance {
            content: ContentId("a".to_owned()),
            file_name: "1 [0011aabb].mp3".to_owned(),
            source: PODCASTS.to_owned(),
            remote_id: offer.id.clone(),
            url: None,
            page: None,
            rights: offer.rights,
            note: String::new(),
            at,
            sha256: String::new(),
            said: offer.tags,
        };
        HashMap::from([((PODCASTS.to_owned(), offer.id), vec![origin])])
    }

    const MONDAY: &str = "0123456789abcdef01234567";
    const TUESDAY: &str = "89abcdef0123456789abcdef";

    #[test]
    fn an_episode_under_another_sum_is_the_one_of_its_title_and_moment() {
        let before = came(offer(MONDAY, "Harbour", MORNING), 5);
        let of = |offers: &[RemoteOffer]| renamed(&before, PODCASTS, offers);
        let found = of(&[offer(TUESDAY, "Harbour!", MORNING)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, format!("{FEED} {TUESDAY}"));
        assert_eq!(found[0].1.remote_id, format!("{FEED} {MONDAY}"));
        assert!(of(&[offer(TUESDAY, "Harbour", MORNING + DAY_S)]).is_empty(), "another day");
        assert!(of(&[offer(TUESDAY, "Gulls", MORNING)]).is_empty(), "another title");
        assert!(of(&[offer("tide-2", "Harbour", MORNING)]).is_empty(), "the feed itself says another");
        let both = [offer(MONDAY, "Harbour", MORNING), offer(TUESDAY, "Harbour", MORNING)];
        assert!(of(&both).is_empty(), "there are two");
        assert!(renamed(&before, "program:shelf", &[offer(TUESDAY, "Harbour", MORNING)]).is_empty());
    }

    #[test]
    fn of_a_day_alone_a_title_must_say_something() {
        let midnight = 20_000 * DAY_S;
        for (title, at, is) in [("News", midnight, 0), ("News", MORNING, 1), ("Harbour", midnight, 1)] {
            let before = came(offer(MONDAY, title, at), 5);
            assert_eq!(renamed(&before, PODCASTS, &[offer(TUESDAY, title, at)]).len(), is, "{title} {at}");
        }
    }

    #[test]
    fn of_several_that_came_the_last_stands() {
        let mut before = came(offer(MONDAY, "Harbour", MORNING), 5);
        before.extend(came(offer(&MONDAY.replace('0', "1"), "Harbour", MORNING), 6));
        let found = renamed(&before, PODCASTS, &[offer(TUESDAY, "Harbour", MORNING)]);
        assert_eq!(found.iter().map(|(_, then)| then.at).collect::<Vec<i64>>(), [6]);
    }
}
