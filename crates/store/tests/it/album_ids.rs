//! On which albums of a server the files count that came from it, when it gives its albums new ids.

use std::path::PathBuf;
use std::time::Duration;

use ferrotape_domain::{AudioFacts, AudioFormat, ContentId, Provenance, RemoteOffer, Rights, TagSet};
use ferrotape_store::{Found, Library, ScannedFile};

/// A song: its id, title, number and album, and how many seconds it lasts; 0 where nobody knows.
type Row = (&'static str, &'static str, u32, &'static str, u64);

const EBB: Row = ("a1", "Ebb", 1, "al-1", 12);
const FLOOD: Row = ("a2", "Flood", 2, "al-1", 13);
const SLACK: Row = ("a4", "Slack", 4, "al-1", 15);
const OURS: [Row; 3] = [EBB, FLOOD, SLACK];

fn tags(&(_, title, number, album, _): &Row) -> TagSet {
    TagSet {
        title: Some(title.to_owned()),
        artists: vec!["Mara Quill".to_owned()],
        album: Some("Low Water".to_owned()),
        track_number: Some(number),
        album_id: Some(album.into()),
        ..TagSet::default()
    }
}

fn length(row: &Row) -> Option<Duration> {
    (row.4 > 0).then(|| Duration::from_secs(row.4))
}

fn file(row: &Row) -> ScannedFile {
    let facts = AudioFacts {
        format: AudioFormat::Flac,
        duration: length(row),
        sample_rate: 44_100,
        channels: 2,
        bits_per_sample: None,
        bitrate_kbps: None,
    };
    let (content, cover, parts) = (ContentId(row.0.to_owned()), String::new(), Vec::new());
    let found = Found::Audio { content, facts, tags: TagSet::default(), cover, parts, doubt: None };
    ScannedFile {
        path: PathBuf::from(format!("/c/{}.flac", row.0)),
        size: 1_000,
        modified_ns: 5,
        changed_ns: 0,
        whole: String::new(),
        sheets: 0,
        found,
    }
}

fn origin(row: &Row) -> Provenance {
    Provenance {
        content: ContentId(row.0.to_owned()),
        file_name: String::new(),
        source: "home".to_owned(),
        remote_id: row.0.to_owned(),
        url: None,
        page: None,
        rights: Rights::Own,
        note: String::new(),
        at: 5,
        sha256: String::new(),
        said: tags(row),
    }
}

fn offer(row: &Row) -> RemoteOffer {
    let bare = RemoteOffer::bare(row.0, "a.flac", Rights::Own);
    RemoteOffer { tags: tags(row), duration: length(row), ..bare }
}

/// The albums of what came, by its ids, after the server gave these lists one after the other.
fn after(came: &[Row], lists: &[&[Row]]) -> Vec<String> {
    let library = Library::open_in_memory().unwrap();
    library.record_scanned(&came.iter().map(file).collect::<Vec<_>>()).unwrap();
    library.keep_provenance(&came.iter().map(origin).collect::<Vec<_>>()).unwrap();
    for (mark, list) in lists.iter().enumerate() {
        let offers: Vec<RemoteOffer> = list.iter().map(offer).collect();
        library.keep_listing("home", &mark.to_string(), 1, &offers).unwrap();
    }
    let albums = library.provenance().unwrap().into_iter().filter_map(|origin| origin.said.album_id);
    albums.map(String::from).collect()
}

/// The same on another album.
fn on(album: &'static str, (id, title, number, _, seconds): Row) -> Row {
    (id, title, number, album, seconds)
}

/// The same of which nobody knows how long it lasts.
fn unknown((id, title, number, album, _): Row) -> Row {
    (id, title, number, album, 0)
}

#[test]
fn an_album_that_has_a_new_id_stays_whole() {
    let (new_ebb, new_flood) = (("n1", "Ebb", 1, "al-9", 12), ("n2", "Flood", 2, "al-9", 13));
    let new_slack = ("n4", "Slack", 4, "al-9", 15);
    for (first, last) in [(on("al-9", EBB), on("al-9", SLACK)), (new_ebb, new_slack)] {
        assert_eq!(after(&OURS, &[&OURS, &[first, new_flood]]), ["al-9"; 3], "one was taken off");
        let lists: [&[Row]; 3] = [&OURS, &[first], &[first, new_flood, last]];
        assert_eq!(after(&OURS, &lists), ["al-9"; 3], "the first list was not whole");
    }
    // While it was read anew the server had both.
    let lists: [&[Row]; 3] = [&OURS, &[FLOOD, SLACK, new_ebb], &[new_ebb, new_flood, new_slack]];
    assert_eq!(after(&OURS, &lists), ["al-9"; 3]);
    let unknown_length = OURS.map(unknown);
    assert_eq!(after(&unknown_length, &[&unknown_length, &[unknown(new_ebb)]]), ["al-9"; 3]);
    let split = [on("al-8", EBB), on("al-9", FLOOD)];
    assert_eq!(after(&OURS, &[&OURS, &split]), ["al-8", "al-9", "al-1"]);
}

#[test]
fn another_recording_is_not_the_album_that_is_gone() {
    let live = |id, title, number, seconds| -> Row { (id, title, number, "al-5", seconds) };
    // By chance one of them lasts as long.
    let with_new_ids = [live("z1", "Ebb", 1, 20), live("z2", "Flood", 2, 13), live("z4", "Slack", 4, 22)];
    let with_its_ids = [live("a1", "Ebb", 1, 20), live("a2", "Flood", 2, 13), live("a4", "Slack", 4, 22)];
    for list in [&with_new_ids, &with_its_ids, &[with_its_ids[0], with_new_ids[1], with_its_ids[2]]] {
        assert_eq!(after(&OURS, &[&OURS, list]), ["al-1"; 3], "{list:?}");
    }
    // A namesake that was there as well, and has one more now.
    let (ours, namesake) = (OURS.map(unknown), with_new_ids.map(unknown));
    let both = [&ours[..], &namesake[..1]].concat();
    assert_eq!(after(&ours, &[&both, &namesake]), ["al-1"; 3], "nothing tells that it is the same");
}

#[test]
fn two_albums_of_one_name_are_told_apart_by_how_long_their_songs_last() {
    let live = [("b1", "Ebb", 1, "al-2", 20), ("b2", "Flood", 2, "al-2", 21)];
    let came = [EBB, FLOOD, live[0], live[1]];
    let new = [
        ("x1", "Ebb", 1, "al-5", 20),
        ("x2", "Flood", 2, "al-5", 21),
        ("y1", "Ebb", 1, "al-6", 12),
        ("y2", "Flood", 2, "al-6", 13),
    ];
    assert_eq!(after(&came, &[&came, &new]), ["al-6", "al-6", "al-5", "al-5"]);
    assert_eq!(after(&came, &[&came, &new[..2]]), ["al-1", "al-1", "al-5", "al-5"]);
    let before = ["al-1", "al-1", "al-2", "al-2"];
    let came = came.map(unknown);
    for list in [&new.map(unknown)[..], &new.map(unknown)[..2]] {
        assert_eq!(after(&came, &[&came, list]), before, "nothing tells which is which");
    }
}

#[test]
fn a_song_whose_words_are_corrected_is_known_by_its_id_and_length() {
    let misspelt = ("a1", "Eb", 1, "al-1", 12);
    let corrected = on("al-9", EBB);
    assert_eq!(after(&[misspelt], &[&[misspelt], &[corrected]]), ["al-9"]);
    for another in [unknown(corrected), ("a1", "Ebb", 1, "al-9", 20), ("a1", "Neap", 6, "al-9", 12)] {
        assert_eq!(after(&[misspelt], &[&[misspelt], &[another]]), ["al-1"], "{another:?}");
    }
}
