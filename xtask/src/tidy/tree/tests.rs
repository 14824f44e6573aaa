//! Each rule finds what it is for and lets the rest be.

use super::*;

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.into() }
}

fn found(files: &[SourceFile]) -> Vec<(&'static str, String)> {
    let mut files: Vec<SourceFile> =
        files.iter().map(|f| SourceFile { path: f.path.clone(), text: f.text.clone() }).collect();
    files.push(file("changes/first.md", "The first release."));
    check(&files).into_iter().map(|finding| (finding.rule, finding.place)).collect()
}

#[test]
fn long_files_are_noted_first_and_refused_later() {
    let lines = |count: usize| "x\n".repeat(count);
    let files = [file("a.rs", &lines(400)), file("b.rs", &lines(401)), file("c.rs", &lines(601))];
    assert_eq!(found(&files), [("length", "c.rs".into())]);
    assert_eq!(long_files(&files).len(), 1);
    assert!(long_files(&files)[0].starts_with("b.rs has 401 lines"));
}

#[test]
fn leftovers_are_found_by_line_and_only_as_words() {
    let [machine, home, reminder, repair, undone] = leftover_words().map(|(word, _)| word);
    let text =
        format!("fine\nlet p = \"{machine}x\";\n// {reminder}: later\n{undone})\n# {repair}\ncd {home}x\n");
    let places: Vec<String> = found(&[file("src/x.rs", &text)]).into_iter().map(|(_, place)| place).collect();
    assert_eq!(places, ["src/x.rs:2", "src/x.rs:3", "src/x.rs:4", "src/x.rs:5", "src/x.rs:6"]);
    let harmless = format!("src/art{}y\nme{reminder}s\nhttps://example.org{machine}1\n", &machine[1..]);
    assert_eq!(found(&[file("src/x.rs", &harmless), file("Cargo.lock", &text)]), []);
}

#[test]
fn a_test_file_that_no_mod_names_is_found() {
    let main = file("crates/x/tests/it/main.rs", "//! Tests.\n\nmod one;\nmod deep;\n");
    let deep = file("crates/x/tests/it/deep/mod.rs", "mod inner;");
    let files = [
        main,
        file("crates/x/tests/it/one.rs", ""),
        deep,
        file("crates/x/tests/it/deep/inner.rs", ""),
        file("crates/x/tests/it/two.rs", ""),
        file("crates/y/tests/it/one.rs", ""),
    ];
    assert_eq!(
        found(&files),
        [
            ("forgotten test", "crates/x/tests/it/two.rs".into()),
            ("forgotten test", "crates/y/tests/it/one.rs".into()),
        ]
    );
}

#[test]
fn every_decision_is_linked() {
    let files = [
        file("docs/decisions/README.md", "- [One](0001-one.md)"),
        file("docs/decisions/0001-one.md", ""),
        file("docs/decisions/0002-two.md", ""),
    ];
    assert_eq!(found(&files), [("decision", "docs/decisions/0002-two.md".into())]);
}

#[test]
fn a_change_note_must_be_there_and_say_something() {
    let rules = |files: &[SourceFile]| check(files).into_iter().map(|f| f.place).collect::<Vec<_>>();
    assert_eq!(rules(&[file("changes/README.md", "How to")]), ["changes/"]);
    assert_eq!(rules(&[file("changes/a.md", " \n")]), ["changes/a.md"]);
}
