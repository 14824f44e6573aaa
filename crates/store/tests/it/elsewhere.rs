//! Where files came from.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use ferrotape_domain::{AudioFacts, AudioFormat, ContentId, Provenance, RemoteOffer, Rights, TagSet};
use ferrotape_store::{FeedsNow, Found, Library, ListedTracks, ScannedFile};

fn came_from(feed: &str) -> Provenance {
    Provenance {
        content: ContentId("a".to_owned()),
        file_name: String::new(),
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
    let later = Provenance { at: 9, ..public.clone() };
    library.keep_provenance(&[paid.clone(), later, shop.clone(), program.clone()]).unwrap();
    let kept = library.provenance().unwrap();
    assert_eq!(kept, [public.clone(), paid, shop, program], "each once, by the first word of its place");
    let feeds = library.feeds_of_files().unwrap();
    assert_eq!(feeds.len(), 1);
    assert_eq!(feeds[&public.content], ["https://feeds.example/tide", "private:0011"]);
}

#[test]
fn contents_of_public_places_are_told_from_the_users_own() {
    let library = Library::open_in_memory().unwrap();
    let of = |content: &str, rights: Rights| Provenance {
        content: ContentId(content.to_owned()),
        source: "somewhere".to_owned(),
        rights,
        ..came_from("somewhere")
    };
    let licence = Rights::Licence { name: "CC BY 4.0".to_owned(), url: None };
    library.keep_provenance(&[of("own", Rights::Own), of("free", licence)]).unwrap();
    library.keep_provenance(&[of("taped", Rights::Permission("etree".to_owned()))]).unwrap();
    let public = library.contents_of_public_places().unwrap();
    assert_eq!(public, HashSet::from(["free", "taped"].map(|content| ContentId(content.to_owned()))));
}

#[test]
fn the_feeds_that_were_taken_for_podcasts_are_kept_each_once() {
    let library = Library::open_in_memory().unwrap();
    let pair = |show: &str, feed: &str| (show.to_owned(), feed.to_owned());
    let first = BTreeSet::from([pair("0a", "https://feeds.example/tide")]);
    let more = BTreeSet::from([pair("0a", "https://feeds.example/tide"), pair("0a", "private:0011")]);
    for (kept, expected) in [(&first, &first), (&more, &more), (&first, &more)] {
        library.keep_feeds_of_shows(&FeedsNow { taken: kept, ..nothing() }).unwrap();
        assert_eq!(library.feeds_of_shows().unwrap(), *expected);
    }
    let left = BTreeSet::from([pair("0a", "private:0011"), pair("0b", "https://feeds.example/tide")]);
    library.keep_feeds_of_shows(&FeedsNow { taken: &left, ..nothing() }).unwrap();
    library.keep_feeds_of_shows(&FeedsNow { forgotten: &first, ..nothing() }).unwrap();
    assert_eq!(library.feeds_of_shows().unwrap(), left, "only that one of that podcast goes");
    let again = FeedsNow { taken: &first, forgotten: &first, ..nothing() };
    library.keep_feeds_of_shows(&again).unwrap();
    assert!(library.feeds_of_shows().unwrap().is_superset(&first), "it was taken anew by proof");
}

/// Nothing new of any feed.
fn nothing() -> FeedsNow<'static> {
    static NONE: BTreeSet<(String, String)> = BTreeSet::new();
    FeedsNow { taken: &NONE, forgotten: &NONE, doubted: &NONE, proven: &NONE }
}

#[test]
fn the_list_of_an_album_is_kept_in_place_of_the_one_before() {
    let library = Library::open_in_memory().unwrap();
    let list = |source: &str, tracks: &[(u32, u32)]| ListedTracks {
        source: source.to_owned(),
        tracks: tracks.iter().copied().collect(),
    };
    let other = list("jamendo", &[(1, 1)]);
    library.keep_listed_tracks("b", &other).unwrap();
    for one in [list("subsonic:home", &[(1, 1), (1, 2), (2, 1)]), list("jamendo", &[(1, 1), (1, 2)])] {
        library.keep_listed_tracks("a", &one).unwrap();
        let all = library.listed_tracks().unwrap();
        assert_eq!((all.len(), all.get("a"), all.get("b")), (2, Some(&one), Some(&other)));
    }
}

#[test]
fn a_feed_is_doubted_for_a_podcast_until_it_is_taken_again() {
    let library = Library::open_in_memory().unwrap();
    let pair = |show: &str| (show.to_owned(), "feeds.example/tide".to_owned());
    let both = BTreeSet::from([pair("0a"), pair("0b")]);
    for _ in 0..2 {
        library.keep_feeds_of_shows(&FeedsNow { doubted: &both, ..nothing() }).unwrap();
        assert_eq!(library.doubted_feeds().unwrap(), both);
    }
    let proven = BTreeSet::from([pair("0a")]);
    library.keep_feeds_of_shows(&FeedsNow { proven: &proven, ..nothing() }).unwrap();
    assert_eq!(library.doubted_feeds().unwrap(), BTreeSet::from([pair("0b")]));
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
    let found = Found::Audio { content, facts, tags, cover: String::new(), parts: Vec::new(), doubt: None };
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

#[test]
fn equal_bytes_are_each_of_the_things_that_they_came_as() {
    let library = Library::open_in_memory().unwrap();
    let file =
        |name: &str| ScannedFile { path: PathBuf::from("/c").join(name), ..episode(TagSet::default()) };
    library.record_scanned(&[file("1.mp3"), file("2.mp3"), file("mine.mp3")]).unwrap();
    let came_as = |name: &str, title: &str, day: &str| Provenance {
        file_name: name.to_owned(),
        remote_id: format!("https://feeds.example/tide {name}"),
        said: tags(title, "Harbour Radio", day, 1),
        ..came_from("")
    };
    let (first, again) =
        (came_as("1.mp3", "Harbour", "2024-03-05"), came_as("2.mp3", "Harbour (Rerun)", "2024-03-12"));
    // As it was kept when there was one word for equal bytes, and no name.
    library.keep_provenance(&[Provenance { file_name: String::new(), ..first.clone() }]).unwrap();
    library.keep_provenance(&[first.clone(), Provenance { at: 9, ..again }]).unwrap();
    let offers = library.offers(&[]).unwrap();
    let titles: Vec<&str> = offers.iter().filter_map(|offer| offer.tags.title.as_deref()).collect();
    assert_eq!(titles, ["Harbour", "Harbour (Rerun)", "Harbour"]);
    let [one, other, mine] = offers.as_slice() else { panic!("{offers:?}") };
    assert!(one.content == first.content && mine.content == first.content, "{offers:?}");
    assert!(other.content != one.content && other.content.bytes() == "a", "{offers:?}");
    assert_eq!(library.files_by_content(&other.content).unwrap(), std::slice::from_ref(other));
    assert_eq!(library.files_by_content(&one.content).unwrap().len(), 3);
    assert_eq!(library.offer_by_id(other.file_id).unwrap().as_ref(), Some(other));

    let renamed = Provenance { said: tags("Harbour, whole", "Harbour Radio", "2024-03-05", 1), ..first };
    library.keep_new_words(&renamed).unwrap();
    let title = library.offers(&[]).unwrap().remove(0).tags.title;
    assert_eq!(title.as_deref(), Some("Harbour, whole"));
}

#[test]
fn what_a_file_calls_itself_tells_which_of_the_words_about_its_bytes_are_its() {
    let library = Library::open_in_memory().unwrap();
    let own = || TagSet { title: Some("Ebb".to_owned()), ..TagSet::default() };
    let file = |name: &str| ScannedFile { path: PathBuf::from("/c").join(name), ..episode(own()) };
    library.record_scanned(&[file("1.mp3"), file("2.mp3")]).unwrap();
    for (name, title, number) in [("1.mp3", "Flood", 10), ("2.mp3", "Ebb", 9)] {
        let said = tags(title, "Mara Quill", "2020", number);
        let (file_name, remote_id) = (name.to_owned(), name.to_owned());
        let (source, rights) = ("subsonic:home".to_owned(), Rights::Own);
        let origin = Provenance { file_name, remote_id, source, rights, said, ..came_from("") };
        library.keep_provenance(&[origin]).unwrap();
    }
    for offer in library.offers(&[]).unwrap() {
        assert_eq!((offer.tags.track_number, offer.content.is_another()), (Some(9), false), "{offer:?}");
    }
}

#[test]
fn what_came_from_a_server_is_on_the_album_that_it_lists_it_on_now() {
    let song = |title: &str, album_id: &str| TagSet {
        title: Some(title.to_owned()),
        artists: vec!["Mara Quill".to_owned()],
        album: Some("Low Water".to_owned()),
        album_id: (!album_id.is_empty()).then(|| album_id.into()),
        ..TagSet::default()
    };
    let lists = |id: &str, title: &str, album_id: &str| RemoteOffer {
        tags: song(title, album_id),
        ..RemoteOffer::bare(id, "a.flac", Rights::Own)
    };
    let listed = [
        lists("1", "Ebb", "home b-1"),
        lists("2", "Polar Night", "home b-2"),
        lists("30", "Slack", "home b-1"),
        lists("40", "Neap", "home b-1"),
        lists("41", "Neap", "home b-2"),
        lists("5", "Wren", "home b-1"),
        lists("60", "Owl", "home b-2"),
        lists("80", "Sleet", "home b-0"),
    ];
    let namesake = [lists("80", "Sleet", "home b-0")];
    // Its id before, what came, the album that it was on, and the one that it is on now.
    for (id, title, before, now) in [
        ("1", "Ebb", "home a-1", "home b-1"),
        ("2", "Flood", "home a-1", "home a-1"), // its id is another song's now
        ("3", "Slack", "home a-1", "home b-1"), // it has another id now
        ("4", "Neap", "home a-1", "home a-1"),  // it may be either of two
        ("5", "Wren", "", ""),                  // it came without
        ("6", "Owl", "home b-1", "home b-1"),   // that album is there
        ("7", "Gone", "home a-1", "home a-1"),
        ("8", "Sleet", "home a-1", "home a-1"), // its namesake was there before
    ] {
        let library = Library::open_in_memory().unwrap();
        let came = |source: &str| Provenance {
            source: source.to_owned(),
            remote_id: id.to_owned(),
            rights: Rights::Own,
            said: song(title, before),
            ..came_from("")
        };
        library.keep_listing("home", "1", 1, &namesake).unwrap();
        library.keep_provenance(&[came("home"), came("other")]).unwrap();
        library.keep_listing("home", "2", 2, &listed).unwrap();
        for origin in library.provenance().unwrap() {
            let album = if origin.source == "home" { now } else { before };
            assert_eq!(origin.said, song(title, album), "{title} at {}", origin.source);
        }
    }
}
