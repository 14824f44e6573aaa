//! Where files came from.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ferrotape_domain::{AudioFacts, AudioFormat, ContentId, Provenance, Rights, TagSet};
use ferrotape_store::{Found, Library, ScannedFile};

fn came_from(feed: &str) -> Provenance {
    Provenance {
        content: ContentId("a".to_owned()),
        source: "podcasts".to_owned(),
        remote_id: format!("{feed} tide 1"),
        url: None,
        page: None,
        rights: Rights::PublicFeed,
        note: String::new(),
        at: 5,
        sha256: String::new(),
        said: TagSet::default(),
    }
}

#[test]
fn every_feed_that_gave_a_file_is_kept() {
    let library = Library::open_in_memory().unwrap();
    let (public, paid) = (came_from("https://feeds.example/tide"), came_from("private:0011"));
    let shop = Provenance { rights: Rights::Own, ..came_from("shop.zip") };
    // Of feeds nobody is believed but the place that reads them.
    let program = Provenance { source: "program:shelf".to_owned(), ..came_from("https://other.example/rss") };
    library.keep_provenance(std::slice::from_ref(&public)).unwrap();
    library.keep_provenance(&[paid, public.clone(), shop, program]).unwrap();
    assert_eq!(library.provenance().unwrap(), std::slice::from_ref(&public), "the first word stands");
    let feeds = library.feeds_of_files().unwrap();
    assert_eq!(feeds.len(), 1);
    assert_eq!(feeds[&public.content], ["https://feeds.example/tide", "private:0011"]);
}

#[test]
fn the_feeds_that_were_taken_for_podcasts_are_kept_each_once() {
    let library = Library::open_in_memory().unwrap();
    let pair = |show: &str, feed: &str| (show.to_owned(), feed.to_owned());
    let first = BTreeSet::from([pair("0a", "https://feeds.example/tide")]);
    let more = BTreeSet::from([pair("0a", "https://feeds.example/tide"), pair("0a", "private:0011")]);
    for (kept, expected) in [(&first, &first), (&more, &more), (&first, &more)] {
        library.keep_feeds_of_shows(kept).unwrap();
        assert_eq!(library.feeds_of_shows().unwrap(), *expected);
    }
    let left = BTreeSet::from([pair("0a", "private:0011"), pair("0b", "https://feeds.example/tide")]);
    library.keep_feeds_of_shows(&left).unwrap();
    library.forget_feeds_of_shows(&first).unwrap();
    assert_eq!(library.feeds_of_shows().unwrap(), left, "only that one of that podcast goes");
}

fn tags(title: &str, artist: &str, date: &str, number: u32) -> TagSet {
    TagSet {
        title: Some(title.to_owned()),
        artists: vec![artist.to_owned()],
        date: Some(date.to_owned()),
        track_number: Some(number),
        ..TagSet::default()
    }
}

fn episode(tags: TagSet) -> ScannedFile {
    let facts = AudioFacts {
        format: AudioFormat::Mp3,
        duration: None,
        sample_rate: 44_100,
        channels: 2,
        bits_per_sample: None,
        bitrate_kbps: None,
    };
    let content = ContentId("a".to_owned());
    let found = Found::Audio { content, facts, tags, cover: String::new(), parts: Vec::new() };
    ScannedFile {
        path: PathBuf::from("/c/1.mp3"),
        size: 1_000,
        modified_ns: 5,
        changed_ns: 0,
        whole: String::new(),
        sheets: 0,
        found,
    }
}

#[test]
fn an_episode_is_what_its_feed_calls_it_and_other_files_keep_their_words() {
    for (source, rights, title, date, number) in [
        ("podcasts", Rights::PublicFeed, "Harbour", "2024-03-05", (Some(12), None)),
        ("podcasts", Rights::Own, "ep1", "2019", (Some(1), Some(9))),
        ("program:shelf", Rights::PublicFeed, "ep1", "2019", (Some(1), Some(9))),
    ] {
        let library = Library::open_in_memory().unwrap();
        let own = TagSet { track_total: Some(9), ..tags("ep1", "Mara Quill", "2019", 1) };
        library.record_scanned(&[episode(own)]).unwrap();
        let said = tags("Harbour", "Harbour Radio", "2024-03-05", 12);
        let source = source.to_owned();
        let origin = Provenance { source, rights, said, ..came_from("https://feeds.example/tide") };
        library.keep_provenance(&[origin]).unwrap();
        let now = library.offers(&[]).unwrap().remove(0).tags;
        assert_eq!((now.title.as_deref(), now.date.as_deref()), (Some(title), Some(date)));
        assert_eq!((now.track_number, now.track_total), number);
        assert_eq!(now.artists, ["Mara Quill"]);
    }
}
