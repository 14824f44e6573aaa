//! An episode of a feed as an offer.

use ferrotape_domain::{AudioFormat, Carried, Chapter, MoreTags, RemoteOffer, Rights, Sums, TagSet};

use super::addresses::{bare, may_hold_a_key, path};
use super::feed::{Enclosure, Feed, FeedEpisode};
use super::place::Place;

/// What players show below a title.
const LONGEST_COMMENT: usize = 500;
const LONGEST_NAME: usize = 120;

/// The offer of an episode; `name` is the podcast's where its feed has none.
pub(super) fn offer(
    (place, feed): (&Place, &Feed),
    episode: &FeedEpisode,
    chapters: Vec<Chapter>,
    name: &str,
) -> RemoteOffer {
    let page = episode.page.as_deref().and_then(|page| shown(place, page));
    RemoteOffer {
        id: place.offer_id(&episode.id),
        file_name: file_name(&episode.audio),
        tags: tags((place, feed), episode, chapters, name),
        duration: episode.duration,
        format: format(&episode.audio),
        bitrate_kbps: None,
        // What feeds say is often wrong, and advertisements change it.
        size: None,
        sums: Sums::default(),
        rights: Rights::PublicFeed,
        folder: String::new(),
        page,
    }
}

fn tags((place, feed): (&Place, &Feed), episode: &FeedEpisode, chapters: Vec<Chapter>, name: &str) -> TagSet {
    let show = if feed.title.is_empty() { name.to_owned() } else { feed.title.clone() };
    let author = feed.author.clone().unwrap_or_else(|| show.clone());
    let mut more = MoreTags {
        chapters,
        published_at: episode.published.as_ref().map(|published| published.at),
        told_ms: episode.duration.and_then(|told| u64::try_from(told.as_millis()).ok()),
        ..MoreTags::default()
    };
    let mut say = |field: Carried, value: Option<String>| {
        let value = value.filter(|value| !value.is_empty());
        more.texts.extend(value.map(|value| (field, vec![value])));
    };
    say(Carried::Podcast, Some("1".to_owned()));
    // Finished files go to others. What a private feed says of an episode is full of its keys.
    let description = episode.description.as_deref().filter(|_| !place.is_private());
    say(Carried::PodcastFeed, place.is_public().then(|| place.name()));
    say(Carried::PodcastId, Some(place.id_in_files(&episode.id)));
    say(Carried::PodcastDescription, description.map(str::to_owned));
    say(Carried::AudioPage, episode.page.as_deref().and_then(|page| shown(place, page)));
    let comment = description.map(shortened);
    TagSet {
        title: Some(episode.title.clone()).filter(|title| !title.is_empty()),
        artists: vec![episode.author.clone().unwrap_or_else(|| author.clone())],
        album: Some(show).filter(|show| !show.is_empty()),
        album_artists: vec![author],
        track_number: episode.number,
        date: episode.published.as_ref().map(|published| published.day.clone()),
        genres: vec!["Podcast".to_owned()],
        comment,
        more: Some(Box::new(more)),
        ..TagSet::default()
    }
}

/// The beginning, to the end of a word.
fn shortened(text: &str) -> String {
    if text.len() <= LONGEST_COMMENT {
        return text.to_owned();
    }
    let begin = text.get(..text.floor_char_boundary(LONGEST_COMMENT)).unwrap_or_default();
    let end = begin.rfind(char::is_whitespace).unwrap_or(begin.len());
    format!("{}…", begin.get(..end).unwrap_or_default().trim_end())
}

/// A page as it may be written down.
fn shown(place: &Place, page: &str) -> Option<String> {
    if place.is_public() {
        return Some(page.to_owned());
    }
    let page = bare(page);
    let is_told = !may_hold_a_key(&page) && page != bare(place.reveal());
    is_told.then_some(page)
}

fn ending(audio: &Enclosure) -> Option<String> {
    let (_, ending) = path(&audio.url).rsplit_once('/')?.1.rsplit_once('.')?;
    Some(ending.to_ascii_lowercase())
}

/// What the media type says, else the ending.
fn format(audio: &Enclosure) -> Option<AudioFormat> {
    let by_type = match audio.media_type.as_str() {
        "audio/mpeg" | "audio/mp3" | "audio/x-mp3" | "audio/mpeg3" | "audio/x-mpeg" => AudioFormat::Mp3,
        "audio/mp4" | "audio/x-m4a" | "audio/m4a" | "audio/aac" | "audio/aacp" | "audio/x-m4b" => {
            AudioFormat::Aac
        }
        "audio/opus" => AudioFormat::Opus,
        "audio/flac" | "audio/x-flac" => AudioFormat::Flac,
        "audio/wav" | "audio/x-wav" | "audio/wave" => AudioFormat::Wav,
        _ => match ending(audio)?.as_str() {
            "mp3" => AudioFormat::Mp3,
            "m4a" | "m4b" | "aac" => AudioFormat::Aac,
            "opus" => AudioFormat::Opus,
            "ogg" | "oga" => AudioFormat::Vorbis,
            "flac" => AudioFormat::Flac,
            "wav" => AudioFormat::Wav,
            _ => return None,
        },
    };
    Some(by_type)
}

/// The last step of its path, which for players that choose by name ends as its format does.
fn file_name(audio: &Enclosure) -> String {
    let last = path(&audio.url).rsplit('/').next().unwrap_or_default();
    let name = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    let plain =
        |letter: char| if letter.is_control() || "/\\:*?\"<>|".contains(letter) { '_' } else { letter };
    let name: String = name.chars().take(LONGEST_NAME).map(plain).collect();
    let usual = match format(audio) {
        Some(AudioFormat::Aac) => "m4a",
        Some(AudioFormat::Vorbis) => "ogg",
        Some(format) => format.as_str(),
        None => return name,
    };
    let stem = name.trim_matches(['.', ' ']);
    let stem = if stem.is_empty() { "episode" } else { stem };
    let has_ending =
        ending(audio).is_some_and(|ending| (3..=4).contains(&ending.len())) && stem.contains('.');
    if has_ending { stem.to_owned() } else { format!("{stem}.{usual}") }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::feed::Published;
    use super::*;

    fn episode(url: &str, media_type: &str) -> FeedEpisode {
        FeedEpisode {
            id: "https://h.example/?token=hunter2".to_owned(),
            title: "Harbour".to_owned(),
            page: Some("https://tide.example/harbour?token=hunter2".to_owned()),
            description: Some("words ".repeat(200)),
            number: Some(12),
            published: Some(Published { day: "2024-03-05".to_owned(), at: 0 }),
            duration: Some(Duration::from_secs(1_800)),
            audio: Enclosure { url: url.to_owned(), media_type: media_type.to_owned(), size: Some(5) },
            ..FeedEpisode::default()
        }
    }

    #[test]
    fn names_and_formats_of_files() {
        let table = [
            ("https://h.example/a%20b.mp3?x=1", "audio/mpeg", "a b.mp3", Some(AudioFormat::Mp3)),
            ("https://h.example/stream", "audio/x-m4a", "stream.m4a", Some(AudioFormat::Aac)),
            ("https://h.example/redirect.mp3/x/v1.2", "audio/mpeg", "v1.2.mp3", Some(AudioFormat::Mp3)),
            ("https://h.example/a.ogg", "", "a.ogg", Some(AudioFormat::Vorbis)),
            ("https://h.example/%2E%2E%2Fpasswd", "audio/mpeg", "_passwd.mp3", Some(AudioFormat::Mp3)),
            ("https://h.example", "audio/basic", "", None),
        ];
        for (url, media_type, name, kind) in table {
            let audio = Enclosure { url: url.to_owned(), media_type: media_type.to_owned(), size: None };
            assert_eq!((file_name(&audio).as_str(), format(&audio)), (name, kind), "{url}");
        }
    }

    #[test]
    fn offers_of_private_feeds_say_nothing_secret() {
        let Some(place) = Place::of_user("https://feeds.example/rss?auth=hunter2") else {
            panic!("it is one")
        };
        let feed = Feed { title: "Low Tide".to_owned(), ..Feed::default() };
        let episode = episode("https://cdn.example/harbour.mp3?auth=hunter2", "audio/mpeg");
        let offer = offer((&place, &feed), &episode, Vec::new(), "");
        let said = format!("{offer:?}");
        assert!(!said.contains("hunter2"), "{said}");
        assert!(said.contains("https://tide.example/harbour"));
        assert!(!said.contains("words"), "what it says of the episode may hold keys, too: {said}");
    }

    #[test]
    fn finished_files_do_not_say_which_feed_the_user_named() {
        // Nothing of it looks like a key.
        let address = "https://feeds.example/for-mara";
        let Some(place) = Place::of_user(address) else { panic!("it is one") };
        let feed = Feed { title: "Low Tide".to_owned(), ..Feed::default() };
        let episode = FeedEpisode {
            id: format!("{address}#12"),
            page: Some(address.to_owned()),
            ..episode("https://cdn.example/harbour.mp3", "audio/mpeg")
        };
        let offer = offer((&place, &feed), &episode, Vec::new(), "");
        let said = format!("{:?} {:?}", offer.tags, offer.page);
        assert!(!said.contains("for-mara"), "{said}");
        let texts = offer.tags.more.map(|more| more.texts).unwrap_or_default();
        assert!(!texts.contains_key(&Carried::PodcastFeed));
        assert!(texts.contains_key(&Carried::PodcastId) && texts.contains_key(&Carried::PodcastDescription));
    }

    #[test]
    fn tags_say_what_the_feed_says() {
        let Some(place) = Place::public("https://feeds.example/rss") else { panic!("it is one") };
        let feed = Feed { author: Some("Mara Quill".to_owned()), ..Feed::default() };
        let offer = offer((&place, &feed), &episode("https://h.example/a.mp3", ""), Vec::new(), "Low Tide");
        let tags = &offer.tags;
        assert_eq!((tags.title.as_deref(), tags.album.as_deref()), (Some("Harbour"), Some("Low Tide")));
        assert_eq!((&tags.artists, tags.track_number), (&vec!["Mara Quill".to_owned()], Some(12)));
        assert_eq!((tags.date.as_deref(), &tags.genres), (Some("2024-03-05"), &vec!["Podcast".to_owned()]));
        let comment = tags.comment.clone().unwrap_or_default();
        assert!(comment.len() <= LONGEST_COMMENT + 3 && comment.ends_with("words…"), "{comment}");
        let told = tags.more.as_ref().map(|more| (more.published_at, more.told_ms));
        assert_eq!(told, Some((Some(0), Some(1_800_000))));
        let texts = tags.more.as_ref().map(|more| &more.texts);
        let feed = texts.and_then(|texts| texts.get(&Carried::PodcastFeed));
        assert_eq!(feed, Some(&vec!["https://feeds.example/rss".to_owned()]));
        let id = texts.and_then(|texts| texts.get(&Carried::PodcastId));
        assert_eq!(id, Some(&vec!["https://h.example/?token=hunter2".to_owned()]));
        assert_eq!((offer.size, offer.rights), (None, Rights::PublicFeed));
    }
}
