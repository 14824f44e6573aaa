//! What was heard of files.

use std::collections::HashMap;
use std::time::Duration;

use ferrotape_domain::{ContentId, Decision, Health, Heard, Loudness, Verdict};
use ferrotape_store::Library;

fn content(name: &str) -> ContentId {
    ContentId(name.to_owned())
}

fn heard(seed: u32, health: Health) -> Heard {
    let fingerprint = (0..948).map(|at| seed.wrapping_mul(2_654_435_761).wrapping_add(at)).collect();
    Heard { fingerprint, duration: Duration::from_millis(183_250), health }
}

#[test]
fn what_was_heard_is_kept_by_content_until_listening_changes() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let batch: HashMap<ContentId, Heard> = [
        (content("a"), heard(1, Health::Sound)),
        (content("b"), heard(2, Health::CutShort)),
        (content("c"), Heard { fingerprint: Vec::new(), ..heard(3, Health::Silent) }),
    ]
    .into();
    library.record_heard(&batch, 1).unwrap();
    drop(library);

    let library = Library::open(folder.path()).unwrap();
    let asked = ["a", "b", "c", "d"].map(content);
    assert_eq!(library.heard(&asked, 1).unwrap(), batch);
    assert_eq!(library.heard(&asked, 2).unwrap(), HashMap::new(), "another way of listening");

    let again: HashMap<ContentId, Heard> = [(content("a"), heard(9, Health::Sound))].into();
    library.record_heard(&again, 2).unwrap();
    assert_eq!(library.heard(&asked, 2).unwrap(), again);
    assert_eq!(library.heard(&asked, 1).unwrap().len(), 2, "one row per content");
}

#[test]
fn a_decision_keeps_how_its_file_sounded_and_older_ones_have_nothing_to_keep() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let decision = |key: &str, verdict| Decision {
        wanted_key: key.to_owned(),
        label: "Magnetite – Twin".to_owned(),
        verdict,
        decided_at: 1,
    };
    let path = || "/m/a.flac".to_owned();
    let told = [
        decision(
            "one",
            Verdict::UseFile { content: content("c"), path: path(), heard: Some(heard(7, Health::Sound)) },
        ),
        decision("two", Verdict::UseFile { content: content("c"), path: path(), heard: None }),
        decision(
            "three",
            Verdict::NoneOfThese {
                refused: vec![content("c")],
                heard: vec![heard(7, Health::Sound), heard(8, Health::CutShort)],
            },
        ),
    ];
    for decision in &told {
        library.save_decision(decision).unwrap();
    }
    drop(library);
    assert_eq!(Library::open(folder.path()).unwrap().decisions().unwrap(), told);
}

#[test]
fn what_was_measured_is_kept_by_content_until_the_meter_changes() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let mut loud = Loudness { true_peak: 1.25, sample_peak: 0.99, ..Loudness::default() };
    (0..900).for_each(|at| loud.momentary.add(-30.0 + f64::from(at) / 50.0));
    let measured = [(content("a"), loud.clone()), (content("b"), Loudness::default())];
    library.record_loudness(&measured, 1).unwrap();
    drop(library);

    let library = Library::open(folder.path()).unwrap();
    let asked = ["a", "b", "c"].map(content);
    assert_eq!(library.loudness(&asked, 1).unwrap(), measured.into());
    assert_eq!(library.loudness(&asked, 2).unwrap(), HashMap::new(), "another meter");
    library.record_loudness(&[(content("b"), loud)], 2).unwrap();
    assert_eq!(library.loudness(&asked, 1).unwrap().len(), 1, "one row per content");
}
