//! Whole packages: zip and folder, every generation, the same result whatever the order of the files.

use std::io::Write;
use std::path::Path;

use ferrotape_domain::{Cancel, Event, PlaySource, PlaylistKind, Progress, Silent, WantedKind, Wishlist};
use ferrotape_import::{ImportError, Limits, read_path};
use ferrotape_testkit::{
    Album, CsvDialect, Export, ExportPlaylist, Generation, PlayedRow, Row, Track, exportify_csv,
};

pub(crate) fn read(path: &Path) -> Wishlist {
    let wishlist = read_path(path, &Limits::default(), &Silent, &Cancel::default()).unwrap();
    assert!(wishlist.accounts.iter().all(|account| account.adds_up()));
    let points = wishlist.playlists.iter().flat_map(|list| &list.entries).map(|entry| entry.wanted);
    let points = points.chain(wishlist.plays.iter().map(|play| play.wanted));
    assert!(points.max().is_none_or(|greatest| greatest < wishlist.wanted.len()));
    wishlist
}

fn export() -> Export {
    let lantern = Track::new("Mira Dune", "Low Tide", "Lantern");
    let plays = [
        (Row::Track(lantern.clone()), "2024-01-01T10:00:00Z"),
        (Row::Episode { show: "Pod of Gulls".into(), title: "Pilot".into() }, "2024-05-01T10:00:00Z"),
        (Row::Track(lantern.clone()), "2024-05-02T10:00:30Z"),
    ];
    Export {
        liked: vec![lantern.clone(), Track::new("Tin Roof", "Demos", "Rain")],
        albums: vec![Album::new("Mira Dune", "Low Tide")],
        shows: vec![("Pod of Gulls".into(), "Gull FM".into())],
        episodes: vec![("Pod of Gulls".into(), "Pilot".into())],
        artists: vec!["Mira Dune".into()],
        banned_tracks: vec![Track::new("Tin Roof", "Demos", "Hail")],
        local_files: vec![Row::Local {
            artist: "Me".into(),
            album: String::new(),
            title: "Tape, 1".into(),
            seconds: 61,
        }],
        playlists: vec![ExportPlaylist {
            name: "Road".into(),
            rows: vec![Row::Track(lantern.clone()), Row::Empty, Row::Track(lantern)],
        }],
        plays: plays
            .into_iter()
            .map(|(row, at)| PlayedRow { row, ended_at: at.into(), played_ms: 1000 })
            .collect(),
    }
}

#[test]
fn every_generation_reads_the_same_as_zip_and_as_folder() {
    for generation in [Generation::Y2021, Generation::Y2022, Generation::Y2025] {
        let dir = tempfile::tempdir().unwrap();
        let (zip, folder) = (dir.path().join("my_spotify_data.zip"), dir.path().join("folder"));
        export().write_zip(&zip, generation).unwrap();
        export().write_folder(&folder, generation).unwrap();
        let (of_zip, of_folder) = (read(&zip), read(&folder));
        assert_eq!(of_zip.wanted, of_folder.wanted);
        assert_eq!(of_zip.playlists, of_folder.playlists);
        assert_eq!(of_zip.plays, of_folder.plays);
        assert!(of_zip.problems.is_empty(), "{:?}", of_zip.problems);
        assert!(
            of_zip.accounts.iter().any(|a| a.file.starts_with("my_spotify_data.zip/")),
            "{:?}",
            of_zip.accounts
        );
        let kinds: Vec<_> = of_zip.playlists.iter().map(|list| (list.kind, list.entries.len())).collect();
        let expected = [
            (PlaylistKind::LikedTracks, 2),
            (PlaylistKind::SavedAlbums, 1),
            (PlaylistKind::SavedShows, 1),
            (PlaylistKind::SavedEpisodes, 1),
            (PlaylistKind::LocalFiles, 1),
            (PlaylistKind::Playlist, 3),
        ];
        assert_eq!(kinds, expected, "{generation:?}");
        let road = &of_zip.playlists[5];
        assert_eq!(road.entries[0].wanted, of_zip.playlists[0].entries[0].wanted, "one recording, one place");
        assert_eq!(road.entries[0].wanted, road.entries[2].wanted, "duplicates are kept");
        assert_eq!(of_zip.wanted[road.entries[1].wanted].kind, WantedKind::Unavailable);
    }
}

#[test]
fn plays_find_the_thing_they_are_plays_of() {
    let dir = tempfile::tempdir().unwrap();
    export().write_folder(dir.path(), Generation::Y2025).unwrap();
    let wishlist = read(dir.path());
    let liked = wishlist.playlists[0].entries[0].wanted;
    let of =
        |source| wishlist.plays.iter().filter(|play| play.source == source && play.wanted == liked).count();
    assert_eq!((of(PlaySource::AccountHistory), of(PlaySource::ExtendedHistory)), (2, 2));
    let last = wishlist.plays.last().unwrap();
    assert_eq!(last.ended_at, 1_714_644_030);
    let podcasts: Vec<_> = wishlist.plays.iter().map(|play| &wishlist.wanted[play.wanted]).collect();
    assert!(podcasts.iter().any(|wanted| wanted.kind == WantedKind::Episode && wanted.title == "Pilot"));
}

#[test]
fn a_play_that_could_be_of_two_recordings_is_given_to_neither() {
    let dir = tempfile::tempdir().unwrap();
    let mut export = export();
    export.liked.push(Track::new("Mira Dune", "Single", "Lantern"));
    export.write_folder(dir.path(), Generation::Y2022).unwrap();
    let wishlist = read(dir.path());
    let liked: Vec<usize> = wishlist.playlists[0].entries.iter().map(|entry| entry.wanted).collect();
    let lanterns = wishlist.plays.iter().filter(|play| wishlist.wanted[play.wanted].title == "Lantern");
    assert!(lanterns.clone().count() > 0 && lanterns.clone().all(|play| !liked.contains(&play.wanted)));
}

#[test]
fn the_order_inside_a_zip_does_not_matter() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = export().files(Generation::Y2025).unwrap();
    let mut results = Vec::new();
    for turn in 0..2 {
        let path = dir.path().join(format!("{turn}.zip"));
        let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
        for (name, bytes) in &files {
            zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        let mut wishlist = read(&path);
        wishlist
            .accounts
            .iter_mut()
            .for_each(|account| account.file = account.file.split_once('/').unwrap().1.into());
        results.push(wishlist);
        files.reverse();
    }
    assert_eq!(results[0], results[1]);
}

#[test]
fn every_dialect_of_exportify_tells_the_same_tracks() {
    let mut track = Track::new("Paper, Kites", "Low Tide", "Lantern");
    track.isrc = Some("GBLV62122216".into());
    let dir = tempfile::tempdir().unwrap();
    for dialect in [
        CsvDialect::Watsonbox2026,
        CsvDialect::Watsonbox2026German,
        CsvDialect::Watsonbox2015,
        CsvDialect::Pavelkomarov2026,
    ] {
        let path = dir.path().join(format!("{dialect:?}.csv"));
        std::fs::write(&path, exportify_csv(&[track.clone(), track.clone()], dialect)).unwrap();
        let wishlist = read(&path);
        assert!(wishlist.problems.is_empty(), "{dialect:?} {:?}", wishlist.problems);
        assert_eq!((wishlist.wanted.len(), wishlist.playlists[0].entries.len()), (1, 2), "{dialect:?}");
        let wanted = &wishlist.wanted[0];
        assert_eq!(wanted.title, "Lantern");
        assert_eq!(wanted.artists.to_string(), "Paper, Kites");
        assert_eq!(wanted.artists.names().count(), 1, "{dialect:?}: a comma in a name joins nothing");
        assert_eq!(wanted.spotify.as_ref().unwrap().to_string(), track.uri());
        assert_eq!(wanted.release.as_deref(), Some("Low Tide"));
    }
}

#[test]
fn a_table_fills_what_the_library_left_open() {
    let mut track = Track::new("Mira Dune", "Low Tide", "Lantern");
    track.isrc = Some("GBLV62122216".into());
    let dir = tempfile::tempdir().unwrap();
    export().write_folder(dir.path(), Generation::Y2025).unwrap();
    std::fs::write(dir.path().join("liked.csv"), exportify_csv(&[track], CsvDialect::Watsonbox2026)).unwrap();
    let wishlist = read(dir.path());
    let liked: Vec<_> =
        wishlist.playlists.iter().filter(|list| list.kind == PlaylistKind::LikedTracks).collect();
    assert_eq!(
        (liked.len(), liked[0].entries.len()),
        (1, 2),
        "the liked tracks are one list without doubles"
    );
    assert_eq!(wishlist.wanted[liked[0].entries[0].wanted].isrc.as_ref().unwrap().as_str(), "GBLV62122216");
}

#[test]
fn utf_16_and_byte_order_marks_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let text = r#"{"playlists":[{"name":"Ünder","items":[null]}]}"#;
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    std::fs::write(dir.path().join("wide"), wide).unwrap();
    std::fs::write(dir.path().join("marked"), format!("\u{feff}{text}")).unwrap();
    for name in ["wide", "marked"] {
        let wishlist = read(&dir.path().join(name));
        assert_eq!(
            (wishlist.playlists[0].name.as_str(), wishlist.playlists[0].entries.len()),
            ("Ünder", 1),
            "{name}"
        );
    }
}

#[test]
fn nothing_recognised_says_what_was_seen_and_what_is_accepted() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("Userdata.json"), "{\"playlists\":[]}").unwrap();
    std::fs::write(dir.path().join("cover.jpg"), b"\xff\xd8\xff\xe0").unwrap();
    std::fs::write(dir.path().join("notes.txt"), "buy bread").unwrap();
    let error = read_path(dir.path(), &Limits::default(), &Silent, &Cancel::default()).unwrap_err();
    assert!(matches!(error, ImportError::NothingRecognised { .. }));
    let says = error.to_string();
    for part in ["Userdata.json", "cover.jpg", "notes.txt", "Exportify", "M3U"] {
        assert!(says.contains(part), "{part} is missing in: {says}");
    }
    let missing =
        read_path(&dir.path().join("no"), &Limits::default(), &Silent, &Cancel::default()).unwrap_err();
    assert!(missing.to_string().contains("cannot be read"), "{missing}");
}

#[test]
fn personal_files_are_not_opened() {
    let dir = tempfile::tempdir().unwrap();
    export().write_folder(dir.path(), Generation::Y2022).unwrap();
    // Were it opened, it would be recognised, and its playlist taken.
    std::fs::write(dir.path().join("Payments.json"), r#"{"playlists":[{"name":"x","items":[null]}]}"#)
        .unwrap();
    let wishlist = read(dir.path());
    let account = wishlist.accounts.iter().find(|account| account.file == "Payments.json").unwrap();
    assert_eq!((account.rows, account.format.as_str()), (0, "not needed, not opened"));
    assert_eq!(wishlist.playlists.len(), 6);
}

#[test]
fn a_cancelled_import_stops_and_progress_is_told() {
    struct Counts(std::sync::atomic::AtomicU64);
    impl Progress for Counts {
        fn event(&self, event: Event) {
            if let Event::Advanced { by, .. } = event {
                self.0.fetch_add(by, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    export().write_folder(dir.path(), Generation::Y2025).unwrap();
    let (counts, cancel) = (Counts(0.into()), Cancel::default());
    let wishlist = read_path(dir.path(), &Limits::default(), &counts, &cancel).unwrap();
    let read = wishlist.accounts.iter().filter(|account| account.rows > 0).count() as u64;
    assert_eq!(counts.0.into_inner(), read);
    cancel.stop();
    let error = read_path(dir.path(), &Limits::default(), &Silent, &cancel).unwrap_err();
    assert!(error.is_cancelled());
}
