//! Scanned files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_domain::{
    Advisory, AudioFacts, AudioFormat, ContentId, Isrc, Mbid, Offer, Players, ReleaseKinds, ReplayGain,
    SpotifyKind, TagSet,
};
use ferrotape_store::{FileStamp, Found, Library, ScannedFile, SheetDoubt};

use crate::wishlists::uri;

fn facts() -> AudioFacts {
    AudioFacts {
        format: AudioFormat::Flac,
        duration: Some(Duration::new(201, 333_333_333)),
        sample_rate: 44_100,
        channels: 2,
        bits_per_sample: Some(16),
        bitrate_kbps: None,
    }
}

fn audio(path: &str, content: &str) -> ScannedFile {
    let tags = TagSet { title: Some(format!("Title of {path}")), ..TagSet::default() };
    let found = Found::Audio {
        content: ContentId(content.to_owned()),
        facts: facts(),
        tags,
        cover: String::new(),
        parts: Vec::new(),
        doubt: None,
    };
    ScannedFile {
        path: PathBuf::from(path),
        size: 1_000,
        modified_ns: 5,
        changed_ns: 6,
        whole: String::new(),
        sheets: 0,
        found,
    }
}

fn stamp(modified_ns: i64) -> FileStamp {
    FileStamp { size: 1_000, modified_ns, changed_ns: 7 }
}

fn broken(path: &str) -> ScannedFile {
    let found = Found::Unreadable { kind: "broken".to_owned(), reason: "cut short".to_owned() };
    ScannedFile { found, ..audio(path, "") }
}

fn paths(offers: &[Offer]) -> Vec<&str> {
    offers.iter().map(|offer| offer.path.to_str().unwrap()).collect()
}

fn all_tags() -> TagSet {
    let text = |text: &str| Some(text.to_owned());
    let mbid = |last: u32| Mbid::parse(&format!("f4a31f0a-51dd-4fa7-986d-{last:012}")).unwrap();
    TagSet {
        title: text("Title\0\u{1f3b5}"),
        artists: vec!["A".to_owned(), "B".to_owned()],
        album: text("Album"),
        album_artists: vec!["C".to_owned()],
        track_number: Some(1),
        track_total: Some(2),
        disc_number: Some(3),
        disc_total: Some(4),
        date: text("2020-02-30"),
        genres: vec!["Hum".to_owned()],
        composers: vec!["D".to_owned()],
        publisher: text("E"),
        copyright: text("F"),
        comment: text("G"),
        lyrics: text("H\nI"),
        bpm: Some(120),
        compilation: true,
        isrc: Isrc::parse("GBAAA2100001").ok(),
        recording_mbid: Some(mbid(1)),
        release_mbid: Some(mbid(2)),
        release_group_mbid: Some(mbid(3)),
        track_mbid: Some(mbid(4)),
        artist_mbids: vec![mbid(5), mbid(6)],
        album_artist_mbids: vec![mbid(7)],
        title_sort: text("J"),
        artist_sort: text("K"),
        album_sort: text("L"),
        album_artist_sort: text("M"),
        spotify: Some(uri(SpotifyKind::Track, 1)),
        track_gain: Some(ReplayGain { gain_db: -7.123_456_789_012_345, peak: 0.999_999_9 }),
        album_gain: Some(ReplayGain { gain_db: 0.1, peak: 1.1 }),
        release_kinds: ReleaseKinds::of_words(["live", "dj-mix"]),
        players: Some(Box::new(Players { conductors: vec!["N".to_owned()], others: vec!["O".to_owned()] })),
        advisory: Some(Advisory::Clean),
        album_id: Some("subsonic:home al-1".into()),
        // Not kept: conversion reads it from the file.
        more: None,
    }
}

#[test]
fn everything_that_was_scanned_comes_back() {
    let library = Library::open_in_memory().unwrap();
    let found = Found::Audio {
        content: ContentId("c1".to_owned()),
        facts: facts(),
        tags: all_tags(),
        cover: "cover".to_owned(),
        parts: Vec::new(),
        doubt: None,
    };
    library.record_scanned(&[ScannedFile { found, ..audio("/m/a.flac", "") }]).unwrap();
    let offer = library.offers(&[]).unwrap().remove(0);
    assert_eq!(offer.tags, all_tags());
    assert_eq!((&offer.facts, offer.size, offer.cover.as_str()), (&facts(), 1_000, "cover"));
    assert_eq!(library.offer_by_id(offer.file_id).unwrap().as_ref(), Some(&offer));
    assert_eq!(library.files_at(Path::new("/m/a.flac")).unwrap(), std::slice::from_ref(&offer));
    assert_eq!(library.files_by_content(&ContentId("c1".to_owned())).unwrap(), [offer]);
    let known = library.known_files().unwrap().remove(0);
    assert_eq!((known.size, known.modified_ns, known.missing, known.readable), (1_000, 5, false, true));
}

#[test]
fn offers_are_readable_present_and_below_the_roots() {
    let library = Library::open_in_memory().unwrap();
    let batch =
        [audio("/m/b.flac", "b"), audio("/m/a.flac", "a"), audio("/music/c.flac", "c"), broken("/m/x.mp3")];
    library.record_scanned(&batch).unwrap();
    assert_eq!(paths(&library.offers(&[]).unwrap()), ["/m/a.flac", "/m/b.flac", "/music/c.flac"]);
    let roots = [PathBuf::from("/m")];
    assert_eq!(paths(&library.offers(&roots).unwrap()), ["/m/a.flac", "/m/b.flac"], "/music is not below /m");
    assert_eq!(library.count_offers(&roots).unwrap(), 2);
    let unreadable = library.unreadable_files(&roots).unwrap();
    assert_eq!(unreadable, [(PathBuf::from("/m/x.mp3"), "broken".to_owned(), "cut short".to_owned())]);
    assert!(library.unreadable_files(&[PathBuf::from("/music")]).unwrap().is_empty());
    let counts = library.counts().unwrap();
    assert_eq!((counts.files, counts.missing, counts.unreadable), (4, 0, 1));
}

#[test]
fn a_file_scanned_again_keeps_its_id_also_when_it_broke_or_was_gone() {
    let library = Library::open_in_memory().unwrap();
    library.record_scanned(&[audio("/m/a.flac", "a")]).unwrap();
    let id = library.known_files().unwrap()[0].file_id;
    library.mark_missing(&[id]).unwrap();
    assert!(library.offers(&[]).unwrap().is_empty());
    assert!(library.offer_by_id(id).unwrap().is_some(), "still known by its id");
    library.record_scanned(&[broken("/m/a.flac"), audio("/m/a.flac", "a2")]).unwrap();
    let offers = library.offers(&[]).unwrap();
    assert_eq!((offers[0].file_id, offers[0].content.0.as_str()), (id, "a2"), "the last of a batch counts");
    library.record_scanned(&[broken("/m/a.flac")]).unwrap();
    let known = library.known_files().unwrap().remove(0);
    assert_eq!((known.file_id, known.readable, known.content), (id, false, None));
}

#[test]
fn a_moved_file_keeps_its_id_and_displaces_without_loss() {
    let library = Library::open_in_memory().unwrap();
    library.record_scanned(&[audio("/m/a.flac", "a"), audio("/m/b.flac", "b")]).unwrap();
    let ids: Vec<i64> = library.known_files().unwrap().iter().map(|file| file.file_id).collect();
    library.mark_missing(&ids).unwrap();
    library.record_moved(ids[0], Path::new("/m/sub/a.flac"), &stamp(9)).unwrap();
    assert_eq!(paths(&library.offers(&[]).unwrap()), ["/m/sub/a.flac"]);

    library.record_moved(ids[0], Path::new("/m/b.flac"), &stamp(10)).unwrap();
    let known = library.known_files().unwrap();
    let of = |id: i64| known.iter().find(|file| file.file_id == id).unwrap();
    assert_eq!((of(ids[0]).path.to_str(), of(ids[0]).missing), (Some("/m/b.flac"), false));
    assert_eq!((of(ids[1]).path.to_str(), of(ids[1]).missing), (Some("/m/sub/a.flac"), true));
    assert_eq!(of(ids[1]).content, Some(ContentId("b".to_owned())), "can still be found again");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_survive() {
    use std::os::unix::ffi::OsStringExt;
    let path = PathBuf::from(std::ffi::OsString::from_vec(b"/m/caf\xe9 \xff\xfe.mp3".to_vec()));
    let library = Library::open_in_memory().unwrap();
    library.record_scanned(&[ScannedFile { path: path.clone(), ..audio("", "a") }]).unwrap();
    assert_eq!(library.offers(&[PathBuf::from("/m")]).unwrap()[0].path, path);
    assert_eq!(library.known_files().unwrap()[0].path, path);
    assert_eq!(library.files_at(&path).unwrap().len(), 1);
}

#[test]
fn a_hundred_thousand_files_are_taken_and_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    for part in 0..100 {
        let batch: Vec<ScannedFile> = (0..1_000)
            .map(|n| audio(&format!("/music/artist {part:03}/{n:04}.flac"), &format!("{part}-{n}")))
            .collect();
        library.record_scanned(&batch).unwrap();
    }
    let offers = library.offers(&[]).unwrap();
    assert_eq!(offers.len(), 100_000);
    assert!(offers.is_sorted_by(|a, b| a.path < b.path));
    assert_eq!(library.known_files().unwrap().len(), 100_000);
    let ids: Vec<i64> = offers.iter().map(|offer| offer.file_id).collect();
    library.mark_missing(&ids).unwrap();
    assert_eq!(library.counts().unwrap().missing, 100_000);
}

#[test]
fn what_lay_at_a_path_before_is_remembered() {
    let library = Library::open_in_memory().unwrap();
    let former = |content: &str| library.former_contents(&[ContentId(content.to_owned())]).unwrap();
    library.record_scanned(&[audio("/m/a", "one"), audio("/m/b", "two")]).unwrap();
    library.record_scanned(&[audio("/m/a", "one"), audio("/m/b", "two")]).unwrap();
    assert_eq!(former("one"), [], "the same bytes again");
    library.record_scanned(&[audio("/m/a", "three"), broken("/m/b")]).unwrap();
    library.record_scanned(&[audio("/m/a", "four"), audio("/m/b", "five")]).unwrap();
    for (content, path) in [("one", "/m/a"), ("two", "/m/b"), ("three", "/m/a")] {
        let found = former(content);
        assert_eq!(found.len(), 1, "{content}");
        assert_eq!((found[0].path.as_path(), &found[0].facts), (Path::new(path), &facts()));
    }
    assert_eq!(former("four"), []);
}

#[test]
fn what_is_kept_of_a_file_as_a_whole_stays_until_the_file_is_another() {
    let library = Library::open_in_memory().unwrap();
    library.record_scanned(&[audio("/m/a.flac", "a")]).unwrap();
    let path = Path::new("/m/a.flac");
    let kept = || library.stamp(path).unwrap().unwrap();
    assert_eq!(kept(), (FileStamp { changed_ns: 6, ..stamp(5) }, String::new()));
    library.record_whole(path, "w").unwrap();
    library.record_whole(path, "of later bytes").unwrap();
    let id = library.known_files().unwrap()[0].file_id;
    library.record_changed(&[(id, 9)]).unwrap();
    assert_eq!(kept(), (FileStamp { changed_ns: 9, ..stamp(5) }, "w".to_owned()));
    library.record_moved(id, Path::new("/m/b.flac"), &stamp(5)).unwrap();
    assert_eq!(library.known_files().unwrap()[0].whole, "w", "it only moved");
    library.record_scanned(&[audio("/m/b.flac", "b")]).unwrap();
    assert_eq!(library.known_files().unwrap()[0].whole, "");
}

#[test]
fn a_time_that_is_not_known_tells_nothing() {
    let (then, now) = (stamp(5), FileStamp { changed_ns: 8, ..stamp(5) });
    assert!(then.agrees_with(&then) && !now.agrees_with(&then));
    assert!(now.agrees_with(&FileStamp { changed_ns: 0, ..then }));
    assert!(!stamp(4).agrees_with(&stamp(5)));
}

#[test]
fn what_cue_sheets_contradict_each_other_about_is_kept_until_they_do_not() {
    let library = Library::open_in_memory().unwrap();
    let with = |doubt: Option<SheetDoubt>| {
        let file = audio("/m/a.flac", "c1");
        let Found::Audio { content, facts, tags, cover, parts, .. } = file.found else { panic!("no audio") };
        ScannedFile {
            found: Found::Audio { content, facts, tags, cover, parts, doubt },
            ..audio("/m/a.flac", "")
        }
    };
    let names = [("Ebb", "Mara Quill"), ("Gull", "")].map(|(name, by)| (name.to_owned(), by.to_owned()));
    let doubt = SheetDoubt { why: "they differ".to_owned(), names: names.to_vec() };
    library.record_scanned(&[with(Some(doubt.clone())), audio("/m/b.flac", "c2")]).unwrap();
    let path = PathBuf::from("/m/a.flac");
    assert_eq!(library.doubted_sheets(&[]).unwrap(), [(path.clone(), doubt)]);
    assert!(library.doubted_sheets(&[PathBuf::from("/n")]).unwrap().is_empty());
    assert_eq!(library.offers(&[]).unwrap().len(), 2, "it is a file like any other");
    library.record_broken(&path, "it ends early").unwrap();
    assert!(library.doubted_sheets(&[]).unwrap().is_empty());
    library.record_scanned(&[with(None)]).unwrap();
    assert!(library.doubted_sheets(&[]).unwrap().is_empty());
}

#[test]
fn what_is_gone_for_good_stays_so_until_it_comes_back() {
    let library = Library::open_in_memory().unwrap();
    library
        .record_scanned(&[audio("/m/a.flac", "a"), audio("/m/b.flac", "b"), audio("/m/c.flac", "c")])
        .unwrap();
    let ids: Vec<i64> = library.known_files().unwrap().iter().map(|file| file.file_id).collect();
    library.mark_missing(&ids[..2]).unwrap();
    library.mark_gone_for_good(&ids[..1]).unwrap();
    assert_eq!(library.gone_for_good().unwrap().into_iter().collect::<Vec<i64>>(), ids[..1]);
    assert_eq!(paths(&library.offers(&[]).unwrap()), ["/m/c.flac"]);
    assert_eq!(paths(&library.gone_offers().unwrap()), ["/m/a.flac", "/m/b.flac"]);
    assert!(library.known_files().unwrap()[0].missing && library.counts().unwrap().missing == 2);
    library.record_scanned(&[audio("/m/a.flac", "a")]).unwrap();
    assert!(library.gone_for_good().unwrap().is_empty());
    // Gone once more, nobody has said anything of it.
    library.mark_missing(&ids[..1]).unwrap();
    assert!(library.gone_for_good().unwrap().is_empty() && library.counts().unwrap().missing == 2);
}
