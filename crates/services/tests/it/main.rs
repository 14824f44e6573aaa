//! What every audio source promises, tried on the local folder, and the tests of each service.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod account;
mod account_bench;
mod account_resumed;
mod catalogue_contract;
mod jellyfin;
mod net;
mod net_downloads;
mod net_turns;
mod nginx;
mod nonsense;
mod open_catalogues;
mod podcast_feeds;
mod podcast_moves;
mod podcasts;
mod podcasts_named;
mod program;
mod register_lookups;
mod registers;
mod registers_in_trouble;
mod search_contract;
mod subsonic;
mod supysonic;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use ferrotape_domain::{AudioSource, Cancel, FaultKind, Listing};
use ferrotape_services::local_folder::LocalFolder;

fn list(root: &Path) -> (BTreeSet<String>, Vec<String>) {
    let files = Mutex::new(BTreeSet::new());
    let unreadable = Mutex::new(Vec::new());
    let source = LocalFolder::new(root.to_owned());
    let found = |listing: Listing| match listing {
        Listing::Beside(file) => assert!(file.path.ends_with("cover.jpg"), "{}", file.path.display()),
        Listing::File(file) => {
            let relative = file.path.strip_prefix(root).unwrap().display().to_string();
            assert!(files.lock().unwrap().insert(relative), "listed twice: {}", file.path.display());
        }
        Listing::Unreadable(place) => unreadable.lock().unwrap().push(place.reason),
    };
    source.list(&Cancel::default(), &found).unwrap();
    (files.into_inner().unwrap(), unreadable.into_inner().unwrap())
}

#[test]
fn lists_what_may_be_audio_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for name in
        ["a.flac", "Album/b.mp3", "Album/cover.jpg", "Album/._b.mp3", "Album/no extension", "@eaDir/t.mp3"]
    {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"x").unwrap();
    }
    let (files, unreadable) = list(folder.path());
    assert_eq!(files.into_iter().collect::<Vec<_>>(), ["Album/b.mp3", "Album/no extension", "a.flac"]);
    assert!(unreadable.is_empty());
}

#[test]
fn a_player_that_we_filled_is_no_source_unless_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let begun = ["begun/Music/a.mp3", "begun/.ferrotape/journal"];
    let torn = ["torn/Music/a.mp3", "torn/.ferrotape/journal.copy"];
    let lost = ["lost/Music/a.mp3", "lost/.ferrotape/staging/000000.tmp"];
    let filled = ["a.mp3", "player/Music/a.mp3", "player/.ferrotape/manifest.json"];
    for name in filled.into_iter().chain(begun).chain(torn).chain(lost) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"x").unwrap();
    }
    assert_eq!(list(folder.path()).0.into_iter().collect::<Vec<_>>(), ["a.mp3"]);
    assert_eq!(list(&folder.path().join("player")).0.into_iter().collect::<Vec<_>>(), ["Music/a.mp3"]);
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_ends_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::write(folder.path().join("deep/a.mp3"), b"x").unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("deep/up")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("dangling.mp3")).unwrap();
    let (files, unreadable) = list(folder.path());
    assert_eq!(files.into_iter().collect::<Vec<_>>(), ["deep/a.mp3"]);
    assert!(unreadable.iter().any(|reason| reason.contains("leads back to")), "{unreadable:?}");
}

#[test]
fn a_folder_that_is_not_there_is_a_fault_not_an_empty_list() {
    let folder = tempfile::tempdir().unwrap();
    let source = LocalFolder::new(folder.path().join("unplugged"));
    let fault = source.list(&Cancel::default(), &|_| panic!("nothing to list")).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("cannot be read"), "{fault}");
}

#[test]
fn a_cancelled_listing_stops() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.mp3"), b"x").unwrap();
    let cancel = Cancel::default();
    cancel.stop();
    LocalFolder::new(folder.path().to_owned()).list(&cancel, &|_| panic!("stopped already")).unwrap();
}
