//! Ten thousand hostile tag sets.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path};

use ferrotape_device::{Desired, SyncPlan, clash_key};
use ferrotape_domain::TagSet;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::support::{of_tags, open, perform, sync};

const NASTY: [&str; 34] = [
    "",
    " ",
    ".",
    "..",
    "../../etc/passwd",
    "/",
    "\\",
    "C:\\x",
    "CON",
    "con.mp3",
    "Aux",
    "NUL",
    "LPT1",
    "com¹",
    "Ét",
    "ét",
    "E\u{301}t",
    "e\u{301}t",
    "А",
    "а",
    "Straße",
    "STRASSE",
    "🎵",
    "👨‍👩‍👧",
    "\u{202e}3pm.exe",
    "שלום",
    "a\0b",
    "trail. . .",
    " lead",
    ".hidden",
    "PROGRA~1",
    "AC/DC: \"x\" <*?|>",
    "\u{fffe}\u{f022}",
    "\u{335}\u{336}",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(NASTY.as_slice()).prop_map(str::to_owned),
        2 => (prop::sample::select(NASTY.as_slice()), prop::sample::select(NASTY.as_slice()))
            .prop_map(|(a, b)| format!("{a}{b}")),
        2 => any::<String>(),
        2 => "[a-bA-B .]{0,3}",
        1 => ("[a-zé曲🎵\u{301}. ]", 200usize..10_000).prop_map(|(piece, times)| piece.repeat(times)),
    ]
}

fn tags() -> impl Strategy<Value = TagSet> {
    let artists = || prop::collection::vec(text(), 0..3);
    let numbers = (prop::option::of(any::<u32>()), prop::option::of(0u32..4), prop::option::of(0u32..4));
    (prop::option::of(text()), artists(), prop::option::of(text()), artists(), numbers, any::<bool>())
        .prop_map(
            |(title, artists, album, album_artists, (track_number, disc_number, disc_total), compilation)| {
                TagSet {
                    title,
                    artists,
                    album,
                    album_artists,
                    track_number,
                    disc_number,
                    disc_total,
                    compilation,
                    ..TagSet::default()
                }
            },
        )
}

fn hostile(count: usize) -> Desired {
    let config = Config { rng_seed: RngSeed::Fixed(2026), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let tracks =
        (0..count).map(|n| of_tags(&format!("id-{n:05}"), tags().new_tree(&mut runner).unwrap().current()));
    Desired { tracks: tracks.collect(), ..Desired::default() }
}

/// What FAT32, exFAT and Windows ask of one name, written down apart from the code that makes names.
fn assert_legal(path: &str) {
    assert!(path.encode_utf16().count() <= 240, "{path}");
    assert!(Path::new(path).components().all(|part| matches!(part, Component::Normal(_))), "{path}");
    for name in path.split('/') {
        assert!(!name.is_empty() && name.len() <= 255, "{path}");
        assert!(!name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']), "{path:?}");
        let short = name.split('~').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        assert!(!short, "another file's short name: {path:?}");
        assert!(!name.contains(['"', '*', ':', '<', '>', '?', '|', '\\']), "{path:?}");
        assert!(!name.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{path:?}");
        let device = name.split('.').next().unwrap().trim_end().to_uppercase();
        let port = device.len() > 3 && (device.starts_with("COM") || device.starts_with("LPT"));
        let port = port && device.chars().count() == 4 && device.ends_with(|c: char| c.is_numeric());
        assert!(!port && !["CON", "PRN", "AUX", "NUL"].contains(&device.as_str()), "{path:?}");
        use unicode_normalization::{IsNormalized, UnicodeNormalization};
        assert!(
            unicode_normalization::is_nfc_quick(name.chars()) == IsNormalized::Yes
                || name.nfc().eq(name.chars()),
            "{path:?}"
        );
    }
}

/// How FAT and exFAT compare: character by character, each as its one capital. Written down apart from the key that
/// names are made by.
fn fat_key(path: &str) -> String {
    let capital = |c: char| {
        let mut upper = c.to_uppercase();
        if upper.len() == 1 { upper.next().unwrap_or(c) } else { c }
    };
    path.chars().map(capital).collect()
}

fn assert_sound(plan: &SyncPlan) -> BTreeMap<String, String> {
    let (mut files, mut on_fat) = (HashSet::new(), HashSet::new());
    let mut folders = BTreeMap::new();
    for write in &plan.writes {
        assert_legal(&write.path);
        assert!(write.path.starts_with("Music/") && write.path.ends_with(".mp3"), "{}", write.path);
        assert!(files.insert(clash_key(&write.path)), "two files on {}", write.path);
        assert!(on_fat.insert(fat_key(&write.path)), "two files on {} of FAT", write.path);
        for (at, _) in write.path.match_indices('/') {
            let spelling = folders.entry(clash_key(&write.path[..at])).or_insert(&write.path[..at]);
            assert_eq!(*spelling, &write.path[..at], "one folder, two spellings");
        }
    }
    assert!(folders.keys().all(|folder| !files.contains(folder)), "a file and a folder on one name");
    plan.writes.iter().map(|write| (write.identity.clone(), write.path.clone())).collect()
}

#[test]
fn ten_thousand_hostile_tag_sets_get_legal_unique_names_whatever_their_order() {
    let root = tempfile::tempdir().unwrap();
    let mut library = hostile(10_000);
    let target = open(root.path());
    let plan = target.plan(&library).unwrap();
    assert_eq!(plan.writes.len(), 10_000);
    let names = assert_sound(&plan);
    library.tracks.reverse();
    assert_eq!(assert_sound(&target.plan(&library).unwrap()), names);
}

#[test]
fn names_stay_when_others_come_and_go() {
    let root = tempfile::tempdir().unwrap();
    let library = hostile(600);
    let odd = |n: &usize| n % 2 == 1;
    let part = |keep: &dyn Fn(&usize) -> bool| Desired {
        tracks: library.tracks.iter().enumerate().filter(|(n, _)| keep(n)).map(|(_, t)| t.clone()).collect(),
        ..Desired::default()
    };
    let first = assert_sound(&sync(root.path(), &part(&odd)).0);
    let (second, _) = sync(root.path(), &library);
    assert_eq!((second.unchanged.len(), second.writes.len(), second.renames.len()), (300, 300, 0));
    assert!(second.unchanged.iter().all(|file| first.get(&file.identity) == Some(&file.path)));
    let target = open(root.path());
    assert!(target.plan(&library).unwrap().is_empty());
    let fewer = target.plan(&part(&odd)).unwrap();
    assert_eq!((fewer.removals.len(), fewer.renames.len(), fewer.writes.len()), (300, 0, 0));
    perform(&target, &fewer);
    assert!(target.plan(&part(&odd)).unwrap().is_empty());
}

#[test]
fn a_thousand_equal_names_are_numbered_by_identity() {
    let root = tempfile::tempdir().unwrap();
    let tracks = (0..1_000).map(|n| of_tags(&format!("id-{n:04}"), TagSet::default())).collect();
    let library = Desired { tracks, ..Desired::default() };
    let names = assert_sound(&open(root.path()).plan(&library).unwrap());
    assert_eq!(names["id-0000"], "Music/Unknown Artist/Untitled.mp3");
    assert_eq!(names["id-0999"], "Music/Unknown Artist/Untitled (1000).mp3");
}
