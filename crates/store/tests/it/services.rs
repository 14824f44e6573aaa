//! What is remembered of services, in its file beside the library.

use ferrotape_domain::{KeptAnswer, ServiceMemory};
use ferrotape_store::ServiceFile;

use crate::safety::Child;

fn answer() -> KeptAnswer {
    let (content_type, etag, last_modified) = (String::new(), String::new(), String::new());
    KeptAnswer { at: 1, status: 200, content_type, etag, last_modified, body: b"names".to_vec() }
}

#[test]
fn who_still_asks_a_service_that_is_forgotten_brings_nothing_of_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let open = || ServiceFile::open(folder.path()).unwrap();
    let has = |key: &str| open().answer(key).unwrap().is_some();
    let (asking, removing) = (open(), open());
    let keep = |file: &ServiceFile, line: &str, key: &str| file.keep(line, key, &answer()).unwrap();
    keep(&asking, "musicbrainz", "before");
    keep(&asking, "musicbrainz/part", "before, of a part");
    assert!(has("before"));
    asking.went_well("musicbrainz/part", 1).unwrap();
    removing.forget("musicbrainz", 2, &[]).unwrap();
    keep(&asking, "musicbrainz", "meanwhile");
    keep(&asking, "musicbrainz/part", "meanwhile, of a part");
    keep(&asking, "musicbrainz-like", "of another");
    asking.keep_note("musicbrainz", "refuses", "it does not know you").unwrap();
    for gone in ["before", "before, of a part", "meanwhile", "meanwhile, of a part"] {
        assert!(!has(gone), "{gone}");
    }
    assert!(has("of another"));
    assert_eq!(open().note("musicbrainz", "refuses").unwrap(), None);

    // Who had it forgotten may ask it anew, and so may who begins after that; each time that it is forgotten.
    keep(&removing, "musicbrainz", "by who removed it");
    let added = open();
    keep(&added, "musicbrainz", "anew");
    assert!(has("by who removed it") && has("anew"));
    removing.forget("musicbrainz", 2, &[]).unwrap();
    keep(&added, "musicbrainz", "once more");
    assert!(!has("anew") && !has("once more"));
}

#[test]
fn that_parts_of_a_service_have_no_such_thing_can_be_forgotten_alone() {
    let file = ServiceFile::open_in_memory().unwrap();
    let keep = |line: &str, status: u16| {
        file.keep(line, &format!("{line} {status}"), &KeptAnswer { status, ..answer() }).unwrap();
    };
    let all = [
        ("podcasts/a", 404),
        ("podcasts/b", 410),
        ("podcasts/b", 200),
        ("podcasts", 404),
        ("podcasts-like/a", 404),
        ("musicbrainz", 404),
    ];
    all.into_iter().for_each(|(line, status)| keep(line, status));
    assert_eq!(file.drop_none("podcasts").unwrap(), 2);
    let left = all.map(|(line, status)| file.answer(&format!("{line} {status}")).unwrap().is_some());
    assert_eq!(left, [false, false, true, true, true, true]);
    assert_eq!(file.drop_none("podcasts").unwrap(), 0);
}

#[cfg(unix)]
#[test]
fn what_services_say_is_readable_by_its_user_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let file = ServiceFile::open(folder.path()).unwrap();
    file.keep("jamendo", "tracks", &answer()).unwrap();
    let made: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert!(!made.is_empty());
    for entry in made {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
}

#[test]
fn no_two_of_many_that_share_the_file_ask_at_one_time() {
    // Twenty in all: a turn further ahead is taken for that of a clock that was wrong.
    const EACH: usize = 5;
    const GAP: i64 = 1000;
    let folder = tempfile::tempdir().unwrap();
    let turns = || {
        let file = ServiceFile::open(folder.path()).unwrap();
        (0..EACH).map(|_| file.take_turn("musicbrainz", 5, GAP).unwrap()).collect::<Vec<_>>()
    };
    let mut taken: Vec<i64> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(turns)).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    taken.sort_unstable();
    let one_after_the_other: Vec<i64> = (0..20).map(|number| 5 + number * GAP).collect();
    assert_eq!(taken, one_after_the_other);
}

#[test]
fn what_one_learned_of_a_service_all_that_share_the_file_know() {
    let folder = tempfile::tempdir().unwrap();
    let open = || ServiceFile::open(folder.path()).unwrap();
    let (one, other) = (open(), open());
    one.went_wrong("jamendo", 100, 900, "it answered 503").unwrap();
    let known = other.standing("jamendo").unwrap().unwrap();
    assert_eq!((known.down_since, known.not_before, known.failures), (Some(100), 900, 1));
    other.went_well("jamendo", 1_000).unwrap();
    assert_eq!(one.standing("jamendo").unwrap().unwrap().down_since, None);
    other.keep("jamendo", "tracks", &answer()).unwrap();
    assert_eq!(one.answer("tracks").unwrap().map(|kept| kept.body), Some(answer().body));
}

#[test]
fn what_one_holds_no_other_does_in_whatever_process_until_that_is_gone() {
    const FEEDS: &str = "podcasts/feeds.example.org";
    let folder = tempfile::tempdir().unwrap();
    let open = || ServiceFile::open(folder.path()).unwrap();
    let (one, other) = (open(), open());
    let is_free = |file: &ServiceFile, line: &str, name: &str| file.hold(line, name).unwrap().is_some();
    let held = one.hold(FEEDS, "1").unwrap();
    assert!(held.is_some());
    for file in [&one, &other] {
        assert!(!is_free(file, FEEDS, "1"));
        assert!(is_free(file, FEEDS, "2") && is_free(file, "podcasts", "1"));
    }
    drop(held);
    assert!(is_free(&other, FEEDS, "1") && is_free(&one, FEEDS, "1"));

    let mut child = Child::start("hold a turn", folder.path());
    child.wait_until_ready();
    assert!(!is_free(&one, "musicbrainz", "1"));
    child.kill();
    assert!(is_free(&one, "musicbrainz", "1"), "who died holds nothing");
}

#[test]
fn where_nothing_can_be_held_that_is_said_and_not_that_another_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = ServiceFile::open(folder.path()).unwrap();
    std::fs::write(folder.path().join("turns"), "no folder").unwrap();
    assert!(file.hold("musicbrainz", "1").is_err());
    let alone = ServiceFile::open_in_memory().unwrap();
    assert!(alone.hold("musicbrainz", "1").unwrap().is_some());
}
