//! The library over time: every state of a list can be seen and brought back.

use ferrotape_domain::{Isrc, Silent, Wanted, WantedKind, Wishlist};
use ferrotape_store::{ImportOptions, ImportReceipt, Library, ListDiff, RemovalCause};

use crate::wishlists::{linked, list, numbered, titles, wishlist};

fn import_at(library: &Library, wishlist: &Wishlist, at: i64) -> ImportReceipt {
    let options = ImportOptions { label: format!("import of {at}"), at, ..ImportOptions::default() };
    library.record_import(wishlist, &options, &Silent).unwrap()
}

/// A list of the numbered recordings.
fn of(numbers: &[u32]) -> Wishlist {
    let wanted = numbers.iter().map(|n| linked(*n, "The Rusty Reels", &format!("Track {n}"), "Oxide"));
    wishlist(wanted.collect(), vec![list("Road", &(0..numbers.len()).collect::<Vec<_>>())])
}

fn numbers(library: &Library) -> Vec<u32> {
    let lists = titles(library);
    lists[0].1.iter().map(|title| title.trim_start_matches("Track ").parse().unwrap()).collect()
}

fn titles_of(library: &Library, version: i64) -> Vec<String> {
    let entries = library.entries_of_version(version).unwrap();
    let title = |id: i64| library.wanted_by_ids(&[id]).unwrap().remove(0).wanted.title;
    entries.into_iter().map(|entry| title(entry.wanted_id)).collect()
}

#[test]
fn every_state_is_kept_however_many_there_are() {
    let library = Library::open_in_memory().unwrap();
    let mut state: Vec<u32> = (0..40).collect();
    let mut states = vec![state.clone()];
    import_at(&library, &of(&state), 0);
    // Adding at both ends, in the middle, removing, swapping: a hundred small edits.
    for step in 1..100_u32 {
        match step % 5 {
            0 => state.insert(0, 1_000 + step),
            1 => state.push(1_000 + step),
            2 => state.insert(state.len() / 2, state[3]),
            3 => _ = state.remove((step as usize * 7) % state.len()),
            _ => state.swap(1, 2),
        }
        states.push(state.clone());
        let receipt = import_at(&library, &of(&state), i64::from(step));
        assert!(import_at(&library, &of(&state), i64::from(step)).unchanged, "{receipt:?}");
    }
    let playlist = library.playlists().unwrap()[0].id;
    let versions = library.versions_of_list(playlist).unwrap();
    let kept: Vec<Vec<String>> =
        versions.iter().map(|version| titles_of(&library, version.version_id)).collect();
    let expected: Vec<Vec<String>> =
        states.iter().map(|state| state.iter().map(|n| format!("Track {n}")).collect()).collect();
    let mut distinct = expected.clone();
    distinct.dedup();
    assert_eq!(kept, distinct);
    let snapshots = library.snapshots().unwrap();
    assert_eq!(snapshots.len(), 199, "imports that change nothing are in the log, too");
    assert_eq!(snapshots.iter().filter(|one| !one.changes.is_empty()).count(), distinct.len());
    assert_eq!(library.check(), Vec::<String>::new());
}

#[test]
fn small_edits_of_a_long_list_take_little_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut state: Vec<u32> = (0..5_000).collect();
    import_at(&Library::open(folder.path()).unwrap(), &of(&state), 0);
    // Closed, all of it is in the file itself.
    let size = || std::fs::metadata(folder.path().join("library.sqlite")).unwrap().len();
    let before = size();
    let library = Library::open(folder.path()).unwrap();
    for step in 1..=30 {
        state.insert(0, 10_000 + step);
        import_at(&library, &of(&state), i64::from(step));
    }
    drop(library);
    let grown = size().saturating_sub(before);
    assert!(grown < before / 2, "thirty additions to {before} bytes took {grown}");
}

#[test]
fn what_left_is_told_with_its_cause() {
    let library = Library::open_in_memory().unwrap();
    let with = |number: u32, title: &str, isrc: &str| Wanted {
        isrc: Isrc::parse(isrc).ok(),
        ..linked(number, "Magnetite", title, "Poles")
    };
    let before = vec![
        with(1, "Stays", ""),
        with(2, "Loses its name", ""),
        with(3, "Moves to another link", "GBAAA2100003"),
        with(4, "Is taken out", ""),
        with(5, "Stays, too", ""),
    ];
    import_at(&library, &wishlist(before.clone(), vec![list("Road", &[0, 1, 2, 3, 4])]), 1);
    let relinked =
        Wanted { title: "Moves to another link - 2011 Remaster".to_owned(), ..with(9, "", "GBAAA2100003") };
    let after =
        vec![before[0].clone(), Wanted::of_kind(WantedKind::Unavailable), relinked, before[4].clone()];
    let receipt = import_at(&library, &wishlist(after, vec![list("Road", &[0, 1, 2, 3])]), 2);
    assert_eq!((receipt.playlists[0].added, receipt.playlists[0].removed), (2, 3));

    let playlist = library.playlists().unwrap()[0].id;
    let version = library.versions_of_list(playlist).unwrap().pop().unwrap();
    let removals = library.removals_of_version(version.version_id).unwrap();
    let name = |id: i64| library.wanted_by_ids(&[id]).unwrap().remove(0).wanted.title;
    let causes: Vec<(String, &str)> =
        removals.iter().map(|gone| (name(gone.wanted_id), gone.cause.as_str())).collect();
    let expected = [
        ("Loses its name", "unnamed"),
        ("Moves to another link", "relinked"),
        ("Is taken out", "not_in_source"),
    ];
    assert_eq!(causes, expected.map(|(name, cause)| (name.to_owned(), cause)));
    let to = removals.iter().find_map(|gone| match gone.cause {
        RemovalCause::Relinked { to } => Some(name(to)),
        _ => None,
    });
    assert_eq!(to.as_deref(), Some("Moves to another link - 2011 Remaster"));
}

#[test]
fn a_restored_list_stays_restored_and_follows_its_source() {
    let library = Library::open_in_memory().unwrap();
    let first = import_at(&library, &of(&[1, 2, 3, 4]), 1);
    import_at(&library, &of(&[1, 3]), 2);
    let playlist = first.playlists[0].playlist_id;
    let old = library.list_at(playlist, first.import_id).unwrap().unwrap();
    let change = library.restore_list(playlist, old.version_id, "restored", 3).unwrap().unwrap();
    assert_eq!((change.entries, change.added, change.removed), (4, 2, 0));
    assert_eq!(numbers(&library), [1, 2, 3, 4]);

    let again = import_at(&library, &of(&[1, 3]), 4);
    assert!(again.unchanged, "what the source said before does not undo what the user restored");
    assert_eq!(numbers(&library), [1, 2, 3, 4]);

    import_at(&library, &of(&[1, 7, 3]), 5);
    assert_eq!(numbers(&library), [1, 7, 2, 3, 4], "what comes new comes behind what it came behind");
    import_at(&library, &of(&[7, 3]), 6);
    assert_eq!(numbers(&library), [7, 2, 3, 4], "what the source takes out now leaves");
    assert!(import_at(&library, &of(&[7, 3]), 7).unchanged);

    let versions = library.versions_of_list(playlist).unwrap();
    let at_two = versions[1].version_id;
    library.restore_list(playlist, at_two, "restored", 8).unwrap().unwrap();
    assert_eq!(numbers(&library), [1, 3], "restoring can be undone by restoring");
    assert_eq!(library.restore_list(playlist, 999, "no such", 9).unwrap(), None);
    assert_eq!(library.check(), Vec::<String>::new());
}

#[test]
fn two_states_can_be_compared() {
    let library = Library::open_in_memory().unwrap();
    let first = import_at(&library, &of(&[1, 2, 3, 2]), 1);
    let second = import_at(&library, &of(&[3, 2, 4]), 2);
    let playlist = first.playlists[0].playlist_id;
    let version = |import: i64| library.list_at(playlist, import).unwrap().map(|state| state.version_id);
    let diff = library.compare_versions(version(first.import_id), version(second.import_id)).unwrap();
    let names = |ids: Vec<i64>| -> Vec<String> {
        let title = |id: i64| library.wanted_by_ids(&[id]).unwrap().remove(0).wanted.title;
        ids.into_iter().map(title).collect()
    };
    assert_eq!(names(diff.added.iter().map(|entry| entry.wanted_id).collect()), ["Track 4"]);
    assert_eq!(names(diff.removed.iter().map(|gone| gone.wanted_id).collect()), ["Track 1", "Track 2"]);
    assert!(diff.reordered);
    assert_eq!(
        library.compare_versions(version(second.import_id), version(second.import_id)).unwrap(),
        ListDiff::default()
    );
    assert_eq!(library.list_at(playlist, first.import_id - 1).unwrap(), None);
}

#[test]
fn the_shrink_guard_changes_no_history() {
    let library = Library::open_in_memory().unwrap();
    import_at(&library, &numbered("Long", 0, 12), 1);
    import_at(&library, &numbered("Long", 0, 3), 2);
    let playlist = library.playlists().unwrap()[0].id;
    assert_eq!(library.versions_of_list(playlist).unwrap().len(), 1);
}
