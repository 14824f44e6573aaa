//! Decisions and the last runs.

use ferrotape_domain::{ContentId, Decision, Outcome, Verdict};
use ferrotape_store::{Library, SavedList, SavedRun};

fn decision(key: &str, verdict: Verdict, decided_at: i64) -> Decision {
    Decision { wanted_key: key.to_owned(), label: "Magnetite – Twin".to_owned(), verdict, decided_at }
}

#[test]
fn the_newest_decision_per_key_is_in_force_and_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let use_file =
        Verdict::UseFile { content: ContentId("c".to_owned()), path: "/m/a.flac".to_owned(), heard: None };
    let refused = vec![ContentId("c".to_owned()), ContentId("d".to_owned())];
    let refuse = Verdict::NoneOfThese { refused, heard: Vec::new() };
    library.save_decision(&decision("one", refuse, 1)).unwrap();
    library.save_decision(&decision("two", use_file.clone(), 2)).unwrap();
    library.save_decision(&decision("one", use_file.clone(), 3)).unwrap();
    drop(library);

    let library = Library::open(folder.path()).unwrap();
    let in_force = [decision("two", use_file.clone(), 2), decision("one", use_file, 3)];
    assert_eq!(library.decisions().unwrap(), in_force);
    assert_eq!(library.counts().unwrap().decisions, 2);
    assert!(library.remove_decision("one").unwrap());
    assert!(!library.remove_decision("one").unwrap(), "there is none any more");
    assert_eq!(library.decisions().unwrap(), in_force[..1]);
}

#[test]
fn the_last_run_of_each_target_comes_back_whole() {
    let library = Library::open_in_memory().unwrap();
    let text = || "because \u{1f3b5} \"so\"".to_owned();
    let run = |target: &str, at: i64, rows: Vec<(i64, Outcome)>| SavedRun {
        target: target.to_owned(),
        at,
        rows,
        lists: vec![SavedList { key: "k".to_owned(), name: text(), entries: vec![4, 2, 4] }],
    };
    let every_outcome = vec![
        (1, Outcome::OnPlayer { path: "A/B.mp3".to_owned() }),
        (2, Outcome::NeedsReview(text())),
        (3, Outcome::NotInSources(text())),
        (4, Outcome::Waiting { reason: text(), until: "tomorrow".to_owned() }),
        (5, Outcome::Failed(text())),
        (6, Outcome::NotYet(text())),
    ];
    let full = run("player", 10, every_outcome);
    assert_eq!(library.last_run(None).unwrap(), None);
    library.save_run(&run("player", 5, vec![])).unwrap();
    library.save_run(&run("folder", 10, vec![])).unwrap();
    library.save_run(&full).unwrap();
    assert_eq!(library.last_run(Some("player")).unwrap(), Some(full.clone()));
    assert_eq!(library.last_run(None).unwrap(), Some(full), "of one second, the one saved last");
    assert_eq!(library.last_run(Some("folder")).unwrap().unwrap().at, 10);
    assert_eq!(library.last_run(Some("nowhere")).unwrap(), None);
}
