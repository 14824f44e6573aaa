//! One thing from many inputs: what is put together, why, and how it is taken apart.

use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Decision, Isrc, Mbid, Silent, SpotifyKind, Verdict, Wanted, WantedKind, Wishlist};
use ferrotape_store::{ImportOptions, ImportReceipt, Library, MergeReason, Origin};

use crate::wishlists::{import, linked, list, recording, titles, uri, wishlist};

fn one(wanted: Wanted, name: &str) -> Wishlist {
    wishlist(vec![wanted], vec![list(name, &[0])])
}

fn pull(library: &Library, wishlist: &Wishlist) -> ImportReceipt {
    let options = ImportOptions {
        origin: Origin::Account,
        label: "account".to_owned(),
        at: 5,
        ..ImportOptions::default()
    };
    library.record_import(wishlist, &options, &Silent).unwrap()
}

fn with_isrc(number: u32, album: &str, seconds: u64) -> Wanted {
    Wanted {
        isrc: Isrc::parse("GBAAA2100001").ok(),
        duration: (seconds > 0).then(|| Duration::from_secs(seconds)),
        ..linked(number, "Magnetite", "Twin", album)
    }
}

fn things(library: &Library) -> u64 {
    library.counts().unwrap().wanted
}

#[test]
fn one_recording_on_two_releases_is_one_thing_with_both_places() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &one(with_isrc(1, "Poles", 200), "A"));
    let receipt = import(&library, &one(with_isrc(2, "Best of Magnetite", 201), "B"));
    assert_eq!((receipt.wanted_new, receipt.wanted_known), (0, 1));
    let lists = library.playlists().unwrap();
    assert_eq!(lists[0].entries[0].wanted_id, lists[1].entries[0].wanted_id);
    let said = library.descriptions(lists[0].entries[0].wanted_id).unwrap();
    let albums: Vec<_> = said.iter().map(|one| (one.wanted.release.clone().unwrap(), one.reason)).collect();
    assert_eq!(
        albums,
        [("Poles".to_owned(), None), ("Best of Magnetite".to_owned(), Some(MergeReason::SameIsrc))]
    );
    for number in [1, 2] {
        let found = library.wanted_by_spotify(&uri(SpotifyKind::Track, number)).unwrap().unwrap();
        assert_eq!(found.id, lists[0].entries[0].wanted_id);
    }
    let known = library.wanted_by_ids(&[said[1].id]).unwrap().remove(0);
    assert_eq!(known.id, said[0].id, "a number that was told before still leads there");
    assert_eq!(known.aliases, [uri(SpotifyKind::Track, 2).to_string()]);
    assert!(import(&library, &one(with_isrc(2, "Best of Magnetite", 201), "B")).unchanged);
}

#[test]
fn different_recordings_are_never_put_together() {
    let library = Library::open_in_memory().unwrap();
    let other = |change: &dyn Fn(&mut Wanted)| {
        let mut wanted = with_isrc(2, "Best of Magnetite", 200);
        change(&mut wanted);
        wanted
    };
    let changes: [&dyn Fn(&mut Wanted); 4] = [
        &|wanted| wanted.title = "Twin (Live)".to_owned(),
        &|wanted| wanted.duration = Some(Duration::from_secs(260)),
        &|wanted| wanted.isrc = Isrc::parse("GBAAA2100002").ok(),
        &|wanted| wanted.kind = WantedKind::Episode,
    ];
    import(&library, &one(with_isrc(1, "Poles", 200), "A"));
    for (number, change) in (10..).zip(changes) {
        let mut wanted = other(change);
        wanted.spotify = Some(uri(SpotifyKind::Track, number));
        assert_eq!(import(&library, &one(wanted, "B")).wanted_new, 1);
    }
    assert_eq!(things(&library), 5);
}

#[test]
fn an_id_learnt_later_puts_together_what_was_two_things() {
    let library = Library::open_in_memory().unwrap();
    let mbid = Mbid::parse("1e7c1e0e-0b1c-4f5e-9a70-7d7f0a5b2c11").ok();
    let plain = |number| linked(number, "Magnetite", "Twin", if number == 1 { "Poles" } else { "Capstan" });
    let both = |mbid: &Option<Mbid>| {
        let of = |number| Wanted { recording_mbid: mbid.clone(), ..plain(number) };
        wishlist(vec![of(1), of(2)], vec![list("A", &[0, 1])])
    };
    import(&library, &both(&None));
    assert_eq!(things(&library), 2);
    let receipt = import(&library, &both(&mbid));
    assert!(!receipt.unchanged);
    assert_eq!(things(&library), 1);
    assert_eq!(library.playlists().unwrap()[0].entries.len(), 2, "its two places on the list stay");
    assert!(import(&library, &both(&mbid)).unchanged);
}

#[test]
fn what_the_user_takes_apart_stays_apart() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &one(with_isrc(1, "Poles", 200), "A"));
    import(&library, &one(with_isrc(2, "Capstan", 200), "B"));
    import(&library, &one(with_isrc(3, "Bobbin", 200), "C"));
    let id = library.playlists().unwrap()[0].entries[0].wanted_id;
    let said = library.descriptions(id).unwrap();
    assert_eq!((said.len(), things(&library)), (3, 1));

    assert!(library.split(said[1].id, 9).unwrap());
    assert_eq!(things(&library), 2);
    let lists = library.playlists().unwrap();
    assert_eq!(lists[0].entries[0].wanted_id, lists[2].entries[0].wanted_id);
    assert_eq!(lists[1].entries[0].wanted_id, said[1].id);
    for (number, album, name) in [(1, "Poles", "A"), (2, "Capstan", "B"), (3, "Bobbin", "C")] {
        assert!(import(&library, &one(with_isrc(number, album, 200), name)).unchanged);
    }
    assert_eq!(things(&library), 2);
    assert!(!library.split(said[1].id, 10).unwrap(), "it is a thing of its own already");

    assert!(library.split(id, 11).unwrap(), "the first description can be taken out as well");
    assert_eq!(things(&library), 3);
    assert!(!library.split(12_345, 12).unwrap());
}

#[test]
fn words_put_together_with_a_link_can_be_taken_apart() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &one(linked(1, "Magnetite", "Twin", "Poles"), "A"));
    import(&library, &one(recording("magnetite", "twin", "POLES"), "B"));
    let id = library.playlists().unwrap()[0].entries[0].wanted_id;
    let said = library.descriptions(id).unwrap();
    assert_eq!(said[1].reason, Some(MergeReason::SameWords));
    library.split(said[1].id, 9).unwrap();
    assert_eq!(titles(&library)[1].1, ["twin"]);
    assert!(import(&library, &one(recording("magnetite", "twin", "POLES"), "B")).unchanged);
}

#[test]
fn a_decision_follows_what_is_put_together() {
    let library = Library::open_in_memory().unwrap();
    import(&library, &one(with_isrc(1, "Poles", 200), "A"));
    import(&library, &one(linked(2, "Magnetite", "Twin", "Capstan"), "B"));
    let key = uri(SpotifyKind::Track, 2).to_string();
    let decision = Decision {
        wanted_key: key.clone(),
        label: "Twin".to_owned(),
        verdict: Verdict::LeaveOut,
        decided_at: 3,
    };
    library.save_decision(&decision).unwrap();
    import(&library, &one(with_isrc(2, "Capstan", 200), "B"));
    let id = library.playlists().unwrap()[1].entries[0].wanted_id;
    let known = library.wanted_by_ids(&[id]).unwrap().remove(0);
    assert!(known.aliases.contains(&key), "{known:?}");
}

#[test]
fn what_only_the_account_said_is_forgotten_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let file = wishlist(
        vec![linked(1, "Magnetite", "Twin", "Poles"), linked(2, "Magnetite", "First Light", "Poles")],
        vec![list("Road", &[0, 1])],
    );
    import(&library, &file);
    let before = library.playlists().unwrap();

    let secret = |number, title: &str| linked(number, "Only The Account", title, "Hidden");
    let mut pulled = wishlist(
        vec![with_isrc(1, "Poles", 200), secret(7, "Secret Seven"), secret(8, "Secret Eight")],
        vec![list("Road", &[0, 1]), list("Account Only List", &[2])],
    );
    pulled.playlists[0].spotify = Some(uri(SpotifyKind::Playlist, 70));
    pulled.playlists[1].spotify = Some(uri(SpotifyKind::Playlist, 71));
    let receipt = pull(&library, &pulled);
    assert_eq!((receipt.wanted_new, receipt.wanted_known), (2, 1));
    assert!(pull(&library, &pulled).unchanged);
    library.keep_account_answer("me/tracks", 5, b"Secret Answer").unwrap();
    let twin = library.wanted_by_spotify(&uri(SpotifyKind::Track, 1)).unwrap().unwrap();
    assert!(twin.wanted.isrc.is_some(), "what the account adds is seen while it is connected");
    assert_eq!(library.playlists().unwrap().len(), 2);

    let forgotten = library.forget_account().unwrap();
    assert_eq!((forgotten.wanted, forgotten.lists), (2, 1));
    assert_eq!(library.playlists().unwrap(), before);
    let twin = library.wanted_by_spotify(&uri(SpotifyKind::Track, 1)).unwrap().unwrap();
    assert_eq!(twin.wanted.isrc, None, "only the account had told it");
    assert_eq!(library.wanted_by_spotify(&uri(SpotifyKind::Track, 7)).unwrap(), None);
    assert_eq!(library.check(), Vec::<String>::new());
    assert!(import(&library, &file).unchanged);
    drop(library);
    assert_eq!(
        left_of(folder.path(), &["Secret", "Only The Account", "Account Only List", "GBAAA2100001"]),
        0
    );
}

/// How many of these words the bytes of the library's files hold.
fn left_of(folder: &Path, words: &[&str]) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let all: Vec<u8> = files.flat_map(|file| std::fs::read(file).unwrap()).collect();
    let is_there = |word: &&&str| all.windows(word.len()).any(|window| window == word.as_bytes());
    words.iter().filter(is_there).count()
}

/// So many things of a name that no other pull has.
fn many(name: &str, count: u32) -> Wishlist {
    let of = |n: u32| linked(n, &format!("{name} artist"), &format!("{name} {n}"), &format!("{name} album"));
    wishlist((0..count).map(of).collect(), vec![list(name, &(0..count as usize).collect::<Vec<_>>())])
}

#[test]
fn neither_the_file_nor_its_log_holds_what_several_pulls_said_in_several_runs() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Library::open(folder.path()).unwrap();
    import(&open(), &many("File", 300));
    // Each a run of its own: what the first freed is not known to the last as its own.
    for (at, name) in [(1, "Alder"), (2, "Birch"), (3, "Cedar")] {
        let library = open();
        pull(&library, &many(name, 150 * at));
        for page in 0..at * 20 {
            let body = format!("{name} answer ").repeat(300 / at as usize);
            library.keep_account_answer(&format!("page {page}"), i64::from(at), body.as_bytes()).unwrap();
        }
    }
    let words = ["Alder", "Birch", "Cedar"];
    assert_eq!(left_of(folder.path(), &words), 3, "the test looks for true words");
    let library = open();
    library.purge_account_answers(i64::MAX).unwrap();
    library.leave_no_trace().unwrap();
    assert_eq!(
        left_of(folder.path(), &["Alder answer", "Birch answer", "Cedar answer"]),
        0,
        "while it is open"
    );
    library.forget_account().unwrap();
    assert_eq!(left_of(folder.path(), &words), 0, "while it is open");
    assert_eq!(library.check(), Vec::<String>::new());
    drop(library);
    assert_eq!(left_of(folder.path(), &words), 0);
    assert_eq!(titles(&open())[0].1.len(), 300);
}

#[test]
fn a_file_that_confirms_the_account_keeps_what_it_said() {
    let library = Library::open_in_memory().unwrap();
    pull(&library, &one(linked(1, "Magnetite", "Twin", "Poles"), "Road"));
    let number = library.playlists().unwrap()[0].entries[0].wanted_id;
    import(&library, &one(linked(1, "Magnetite", "Twin", "Poles"), "Road"));
    assert_eq!(things(&library), 1);
    library.forget_account().unwrap();
    assert_eq!(titles(&library), [("Road".to_owned(), vec!["Twin".to_owned()])]);
    assert_eq!(
        library.wanted_by_ids(&[number]).unwrap()[0].wanted.title,
        "Twin",
        "old numbers still lead there"
    );
    assert_eq!((things(&library), library.every_wanted().unwrap().len()), (1, 1));
}

#[test]
fn a_restored_list_outlives_the_account_that_went_on_beside_it() {
    let library = Library::open_in_memory().unwrap();
    let of = |numbers: &[u32]| {
        let wanted = numbers.iter().map(|n| linked(*n, "Magnetite", &format!("Part {n}"), "Poles")).collect();
        wishlist(wanted, vec![list("Road", &(0..numbers.len()).collect::<Vec<_>>())])
    };
    let first = import(&library, &of(&[1, 2, 3]));
    import(&library, &of(&[1, 3]));
    let playlist = first.playlists[0].playlist_id;
    let version = library.list_at(playlist, first.import_id).unwrap().unwrap().version_id;
    library.restore_list(playlist, version, "restored", 7).unwrap().unwrap();
    // The account says what the file said, in another order: the list stays, its source is another.
    pull(&library, &of(&[3, 1]));
    pull(&library, &of(&[3, 1, 9]));
    library.forget_account().unwrap();
    assert_eq!(library.check(), Vec::<String>::new());
    assert_eq!(
        titles(&library),
        [("Road".to_owned(), ["Part 1", "Part 2", "Part 3"].map(str::to_owned).to_vec())]
    );
    assert!(import(&library, &of(&[1, 3])).unchanged, "the file still does not undo what the user restored");
}

#[test]
fn the_same_words_with_two_ids_of_any_kind_are_two_things() {
    let library = Library::open_in_memory().unwrap();
    let mbid = |last: char| Mbid::parse(&format!("1e7c1e0e-0b1c-4f5e-9a70-7d7f0a5b2c1{last}")).ok();
    let recorded = |last| Wanted { recording_mbid: mbid(last), ..recording("Magnetite", "Twin", "Poles") };
    let show = |feed: &str| Wanted {
        title: "Tide Talk".to_owned(),
        feed: Some(feed.to_owned()),
        ..Wanted::of_kind(WantedKind::Show)
    };
    let both = wishlist(
        vec![recorded('1'), recorded('2'), show("https://a.example/feed"), show("https://b.example/feed")],
        vec![list("A", &[0, 1, 2, 3])],
    );
    import(&library, &both);
    assert_eq!(things(&library), 4);
    assert!(import(&library, &both).unchanged);
    // The same feed in other letters, under another name, is the same podcast.
    let renamed = Wanted { title: "Tide Talk Weekly".to_owned(), ..show("http://A.example/feed/") };
    assert_eq!(import(&library, &one(renamed, "B")).wanted_new, 0);
    assert_eq!(things(&library), 4);
}
