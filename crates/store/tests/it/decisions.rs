//! Decisions and the last runs.

use ferrotape_domain::{ContentId, Decision, Outcome, Verdict};
use ferrotape_store::{Library, SavedList, SavedRun, SavedWait};

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
    assert!(library.take_back_decision("one", 4).unwrap());
    let refused = library.decisions().unwrap().into_iter().find(|one| one.wanted_key == "one").unwrap();
    assert!(matches!(refused.verdict, Verdict::NoneOfThese { .. }), "what was said before holds again");
    assert!(library.take_back_decision("one", 4).unwrap());
    assert!(!library.take_back_decision("one", 4).unwrap(), "there is none any more");
    assert_eq!(library.decisions().unwrap(), in_force[..1]);
    assert_eq!(library.decision_record().unwrap().len(), 5, "three words and two that took one back");
}

fn use_file(content: &str) -> Verdict {
    Verdict::UseFile { content: ContentId(content.to_owned()), path: format!("/m/{content}"), heard: None }
}

fn refuse(contents: &[&str]) -> Verdict {
    let refused = contents.iter().map(|content| ContentId((*content).to_owned())).collect();
    Verdict::NoneOfThese { refused, heard: Vec::new() }
}

#[test]
fn what_was_said_in_one_go_is_taken_back_in_one_go_and_then_what_came_before() {
    let library = Library::open_in_memory().unwrap();
    let one = [decision("a", refuse(&["x"]), 10)];
    let album = [decision("a", use_file("1"), 10), decision("b", use_file("2"), 10)];
    library.save_decisions(&one).unwrap();
    library.save_decisions(&album).unwrap();
    let keys = |taken: Vec<Decision>| taken.into_iter().map(|one| one.wanted_key).collect::<Vec<_>>();
    assert_eq!(keys(library.take_back_last(10).unwrap()), ["a", "b"]);
    assert_eq!(library.decisions().unwrap(), one);
    assert_eq!(keys(library.take_back_last(10).unwrap()), ["a"]);
    assert!(library.take_back_last(10).unwrap().is_empty());
    library.save_decision(&decision("b", Verdict::LeaveOut, 10)).unwrap();
    assert_eq!(library.decisions().unwrap()[0].verdict, Verdict::LeaveOut);
}

#[test]
fn a_refusal_adds_to_the_one_before_it() {
    let library = Library::open_in_memory().unwrap();
    library.save_decision(&decision("a", refuse(&["x"]), 1)).unwrap();
    library.save_decision(&decision("a", refuse(&["y", "x"]), 2)).unwrap();
    assert_eq!(library.decisions().unwrap(), [decision("a", refuse(&["x", "y"]), 2)]);
    assert_eq!(library.counts().unwrap().decisions, 1);
    library.take_back_decision("a", 3).unwrap();
    assert_eq!(library.decisions().unwrap(), [decision("a", refuse(&["x"]), 1)]);
}

/// What three people on three machines said of the same things, words taken back and two of one second included.
fn three_records() -> [Vec<ferrotape_store::Said>; 3] {
    let record = |steps: &dyn Fn(&Library)| {
        let library = Library::open_in_memory().unwrap();
        steps(&library);
        library.decision_record().unwrap()
    };
    let first = record(&|library| {
        library.save_decision(&decision("a", use_file("1"), 10)).unwrap();
        library.take_back_decision("a", 20).unwrap();
        library.save_decision(&decision("b", refuse(&["x"]), 10)).unwrap();
        library.save_decision(&decision("c", use_file("3"), 30)).unwrap();
    });
    let second = record(&|library| {
        library.save_decision(&decision("a", refuse(&["y"]), 15)).unwrap();
        library.save_decision(&decision("b", refuse(&["y"]), 20)).unwrap();
        library.save_decision(&decision("c", use_file("4"), 30)).unwrap();
    });
    let third = record(&|library| {
        library.save_decision(&decision("b", Verdict::LeaveOut, 15)).unwrap();
        library.take_back_decision("b", 16).unwrap();
        library.save_decision(&decision("c", Verdict::LeaveOut, 5)).unwrap();
    });
    [first, second, third]
}

#[test]
fn records_say_the_same_in_whatever_order_they_are_put_together() {
    let records = three_records();
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let together = orders.map(|order| {
        let library = Library::open_in_memory().unwrap();
        for at in order {
            library.merge_decisions(&records[at]).unwrap();
        }
        assert_eq!(library.merge_decisions(&records[0]).unwrap(), 0, "the same again is nothing new");
        (library.decisions().unwrap(), library.decision_record().unwrap())
    });
    for other in &together[1..] {
        assert_eq!(other.0.len(), together[0].0.len());
        for one in &together[0].0 {
            assert!(other.0.contains(one), "{one:?} is missing in {:?}", other.0);
        }
        assert_eq!(other.1, together[0].1);
    }
    let of = |key: &str| together[0].0.iter().find(|one| one.wanted_key == key).unwrap().verdict.clone();
    assert_eq!(of("a"), refuse(&["y"]), "the other word of that time was taken back");
    assert_eq!(of("b"), refuse(&["x", "y"]));
    assert_eq!(of("c"), use_file("4"), "of two in one second always the same");
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
        waits: vec![SavedWait {
            id: 1,
            since: 3,
            at: 9,
            reason: text(),
            until: String::new(),
            on: vec!["podcasts".to_owned()],
        }],
    };
    let every_outcome = vec![
        (1, Outcome::OnPlayer { path: "A/B.mp3".to_owned(), substitute: None }),
        (7, Outcome::OnPlayer { path: "A/C.mp3".to_owned(), substitute: Some(text()) }),
        (8, Outcome::LeftOut(text())),
        (2, Outcome::NeedsReview(text())),
        (3, Outcome::NotInSources(text())),
        (4, Outcome::Waiting { reason: text(), until: "tomorrow".to_owned(), on: vec![text(), text()] }),
        (9, Outcome::Waiting { reason: text(), until: String::new(), on: Vec::new() }),
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
