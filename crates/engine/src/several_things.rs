//! Equal bytes that came as several things. A feed may list an episode twice, and both are it; but a server that gives one file
//! as two recordings has proved that its words say nothing of it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ferrotape_domain::{ContentId, Offer, Origins, Provenance, letters_of};
use ferrotape_matching::are_one_title;

/// So many names of one file are told, and so many characters of each.
const NAMED: usize = 3;
const LONGEST: usize = 100;

/// Where each file came from.
pub(crate) fn origins(came_from: &[Provenance]) -> Origins<&Provenance> {
    came_from.iter().map(|one| (one.content.clone(), one.file_name.clone(), one)).collect()
}

/// The feeds that gave a file: of bytes that came as several things those that gave them as this one. `feeds` are those of the
/// bytes.
pub(crate) fn feeds_of(
    offer: &Offer,
    origins: &Origins<&Provenance>,
    feeds: &HashMap<ContentId, Vec<String>>,
) -> Vec<String> {
    let bytes = ContentId(offer.content.bytes().to_owned());
    let all = feeds.get(&bytes).cloned().unwrap_or_default();
    let Some(own) = origins.of(&offer.content, &offer.path).filter(|_| !all.is_empty()) else { return all };
    let came_as: Vec<&Provenance> = origins.all_of(&offer.content).copied().collect();
    if !own.is_of_feed() {
        // Before each was kept, the first word was the only one.
        let has_own = came_as.iter().any(|one| one.is_of_feed());
        return if has_own { Vec::new() } else { all };
    }
    let title = title_of(own);
    let gave = |feed: &String, as_this: bool| {
        came_as.iter().any(|one| one.feed() == Some(feed.as_str()) && (title_of(one) == title) == as_this)
    };
    all.into_iter().filter(|feed| gave(feed, true) || !gave(feed, false)).collect()
}

fn title_of(origin: &Provenance) -> String {
    letters_of(origin.said.title.as_deref().unwrap_or_default())
}

/// Files of music whose bytes places gave as recordings of several names, with what is said of each. Nothing in the file tells
/// which it is, else all of them had its name.
pub(crate) fn of_several_names<'o>(music: impl Iterator<Item = &'o Offer> + Clone) -> HashMap<i64, Arc<str>> {
    let doubted: BTreeSet<&str> =
        music.clone().filter(|offer| offer.content.is_another()).map(|offer| offer.content.bytes()).collect();
    if doubted.is_empty() {
        return HashMap::new();
    }
    let mut by_bytes: HashMap<&str, Vec<&Offer>> = HashMap::new();
    for offer in music.filter(|offer| offer.part.is_none() && doubted.contains(offer.content.bytes())) {
        by_bytes.entry(offer.content.bytes()).or_default().push(offer);
    }
    let mut says = HashMap::new();
    for offers in by_bytes.into_values() {
        let names: BTreeSet<&str> = offers.iter().filter_map(|offer| offer.tags.title.as_deref()).collect();
        // A remaster's mark or a guest's name makes no other recording of it.
        let first = names.first().copied().unwrap_or_default();
        if names.iter().any(|other| !are_one_title(first, other)) {
            let said: Arc<str> = of_names(&names).into();
            says.extend(offers.iter().map(|offer| (offer.file_id, Arc::clone(&said))));
        }
    }
    says
}

/// What is said of one file of these names. A server may give one and the same file for all that it lists.
fn of_names(names: &BTreeSet<&str>) -> String {
    let short = |name: &&str| format!("“{}”", name.chars().take(LONGEST).collect::<String>());
    let told: Vec<String> = names.iter().take(NAMED).map(short).collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "one and the same file came as {}{more}, and nothing in it tells which it is",
        told.join(" and as ")
    )
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{PODCASTS, Rights, TagSet};

    use super::*;

    fn origin(feed: &str, title: &str, file_name: &str) -> Provenance {
        let (source, rights) = match feed {
            "" => ("jamendo", Rights::Permission("free".to_owned())),
            _ => (PODCASTS, Rights::PublicFeed),
        };
        Provenance {
            content: ContentId("a".to_owned()),
            file_name: file_name.to_owned(),
            source: source.to_owned(),
            remote_id: format!("{feed} {title}"),
            url: None,
            page: None,
            rights,
            note: String::new(),
            at: 5,
            sha256: String::new(),
            said: TagSet { title: Some(title.to_owned()), ..TagSet::default() },
        }
    }

    fn offer(id: i64, content: &ContentId, title: &str, name: &str) -> Offer {
        Offer {
            file_id: id,
            path: std::path::Path::new("/c").join(name),
            part: None,
            size: 1,
            content: content.clone(),
            facts: ferrotape_domain::AudioFacts {
                format: ferrotape_domain::AudioFormat::Mp3,
                duration: None,
                sample_rate: 44_100,
                channels: 2,
                bits_per_sample: None,
                bitrate_kbps: None,
            },
            tags: TagSet { title: Some(title.to_owned()), ..TagSet::default() },
            cover: String::new(),
        }
    }

    #[test]
    fn a_feed_gave_what_came_as_its_episode_and_nothing_else_of_the_same_bytes() {
        let came_from = [
            origin("", "Ebb", "ebb.mp3"),
            origin("https://low.example", "Harbour", "1.mp3"),
            origin("https://low.example", "Harbour (Rerun)", "2.mp3"),
            origin("private:00", "Harbour", "3.mp3"),
            origin("https://other.example", "Gulls", "4.mp3"),
        ];
        let origins = origins(&came_from);
        let bytes = ContentId("a".to_owned());
        let all = ["https://low.example", "https://old.example", "https://other.example", "private:00"];
        let feeds = HashMap::from([(bytes.clone(), all.map(str::to_owned).to_vec())]);
        let of = |name: &str| feeds_of(&offer(1, &bytes.as_another("x"), "", name), &origins, &feeds);
        assert_eq!(of("ebb.mp3"), [""; 0]);
        assert_eq!(of("1.mp3"), ["https://low.example", "https://old.example", "private:00"]);
        assert_eq!(of("2.mp3"), ["https://low.example", "https://old.example"]);
        assert_eq!(of("4.mp3"), ["https://old.example", "https://other.example"]);
    }

    #[test]
    fn what_came_as_two_recordings_is_neither_for_sure() {
        let (one, other) = (ContentId("a".to_owned()), ContentId("b".to_owned()));
        let again = one.as_another("flood");
        let all =
            [offer(1, &one, "Ebb", "1"), offer(2, &again, "Flood", "2"), offer(3, &other, "Slack", "3")];
        let says = of_several_names(all.iter());
        assert_eq!(says.len(), 2);
        assert_eq!(says[&1], says[&2]);
        assert!(says[&1].contains("“Ebb” and as “Flood”"), "{says:?}");
        assert!(of_several_names(all[1..].iter()).is_empty(), "only one of them is music");
        let again = one.as_another("ebb2011remaster");
        let all = [offer(1, &one, "Ebb", "1"), offer(2, &again, "02 Ebb - 2011 Remaster", "2")];
        assert!(of_several_names(all.iter()).is_empty(), "it is one recording");
    }

    #[test]
    fn of_many_names_of_one_file_only_a_few_are_told() {
        let one = ContentId("a".to_owned());
        let titles = ["Adder", "Bittern", "Curlew", "Dunlin", "Egret"];
        let each = |(at, title): (i64, &str)| offer(at, &one.as_another(title), title, title);
        let all: Vec<Offer> = (1..).zip(titles).map(each).collect();
        let says = of_several_names(all.iter());
        let told = "one and the same file came as “Adder” and as “Bittern” and as “Curlew” and 2 more, and nothing in it \
                    tells which it is";
        assert!(says.len() == 5 && says.values().all(|said| &**said == told), "{says:?}");
    }
}
