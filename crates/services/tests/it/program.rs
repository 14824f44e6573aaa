//! A program as a source: the example, and programs that behave badly.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ferrotape_domain::{
    ArtistCredit, Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, RemoteOffer, Rights, Sums, Wanted,
    WantedKind,
};
use ferrotape_services::program::{Limits, Program};
use ferrotape_testkit::fake_catalogues::sha256;

fn wanted(title: &str) -> Wanted {
    let mut wanted = Wanted::of_kind(WantedKind::Recording);
    wanted.title = title.to_owned();
    wanted.artists = ArtistCredit::printed("Mara Quill");
    wanted
}

fn search(program: &Program, title: &str) -> Result<Vec<RemoteOffer>, Fault> {
    let Asked::Search(searches) = program.asked() else { panic!("it is not searched") };
    searches.search(&wanted(title), &Cancel::default())
}

fn fetch(program: &Program, offer: &RemoteOffer, to: &Path) -> Result<Fetched, Fault> {
    program.fetch(offer, to, &|_| {}, &Cancel::default())
}

/// A program of these lines of shell; the question is in `$question`, where the file is to be in `$to`.
fn shell(folder: &Path, lines: &str) -> Program {
    shell_with(folder, lines, &[])
}

fn shell_with(folder: &Path, lines: &str, arguments: &[&str]) -> Program {
    let path = folder.join("program.sh");
    let to = r#"to=$(printf %s "$question" | sed -n 's/.*"to":"\([^"]*\)".*/\1/p')"#;
    fs::write(&path, format!("#!/bin/sh\nread -r question\n{to}\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let soon = Duration::from_secs(2);
    let limits = Limits { search: soon, silence: soon, fetch: soon, max_bytes: 1 << 20 };
    Program::new("test", path, arguments).unwrap().with_limits(limits)
}

fn offer(id: &str) -> RemoteOffer {
    RemoteOffer::bare(id, "a.mp3", Rights::Own)
}

#[test]
fn the_example_offers_and_fetches_the_files_of_a_folder() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sources/program-example/folder.py");
    let folder = tempfile::tempdir().unwrap();
    let music = folder.path().join("music");
    fs::create_dir_all(music.join("deep")).unwrap();
    fs::write(music.join("deep/Mara Quill - Ember Railway.mp3"), b"ID3 not really").unwrap();
    fs::write(music.join("Mara Quill - Harbour.mp3"), b"ID3 other").unwrap();
    let path = example.canonicalize().unwrap();
    let program = Program::new("shelf", path, vec![music.display().to_string()]).unwrap();
    assert_eq!((program.name(), program.is_own()), ("program:shelf", false));
    let found = search(&program, "Ember Railway").unwrap();
    let [offer] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((offer.id.as_str(), &offer.rights), ("deep/Mara Quill - Ember Railway.mp3", &Rights::Own));
    assert_eq!((offer.size, offer.tags.artists.as_slice()), (Some(14), &["Mara Quill".to_owned()][..]));
    let to = folder.path().join("collection/a.mp3");
    let fetched = fetch(&program, offer, &to).unwrap();
    assert_eq!(fs::read(&to).unwrap(), b"ID3 not really");
    assert_eq!((fetched.bytes, fetched.sha256), (14, sha256(b"ID3 not really")));
    assert_eq!(fs::read_dir(to.parent().unwrap()).unwrap().count(), 1, "nothing stays beside it");
    assert_eq!(search(&program, "Nowhere").unwrap(), []);
    fs::remove_file(music.join(&offer.id)).unwrap();
    let fault = fetch(&program, offer, &folder.path().join("b.mp3")).unwrap_err();
    assert_eq!(fault.to_string(), "program:shelf: it says: the file is not there any more");
}

#[test]
fn it_knows_what_is_wanted_and_nothing_of_us() {
    let folder = tempfile::tempdir().unwrap();
    let seen = folder.path().join("seen");
    let lines = format!("{{ echo \"$question\"; env; pwd; }} > {}; echo '{{\"done\":true}}'", seen.display());
    search(&shell(folder.path(), &lines), "Ember \"Railway\"").unwrap();
    let seen = fs::read_to_string(seen).unwrap();
    assert!(
        seen.starts_with(
            r#"{"ferrotape":1,"do":"search","wanted":{"kind":"recording","title":"Ember \"Railway\"""#
        ),
        "{seen}"
    );
    assert!(!seen.contains("HOME=") && !seen.contains("CARGO"), "{seen}");
}

#[test]
fn offers_say_why_there_may_be_a_copy_or_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        r#"{"offer":{"id":"1","rights":"own"}}"#,
        r#"{"offer":{"id":"2"}}"#,
        r#"{"offer":{"id":"3","rights":"whatever"}}"#,
        r#"{"offer":{"id":"4","rights":{"licence":"CC BY 4.0","url":"https://example.org/by"}}}"#,
        r#"{"offer":{"id":"5","rights":{"licence":""}}}"#,
        r#"{"offer":{"id":"6","rights":{"permission":"the band mailed me"},"file_name":"../../x.mp3"}}"#,
        r#"{"offer":{"id":"","rights":"own"}}"#,
        r#"{"offer":{"id":7,"rights":"own"}}"#,
        r#"{"offer":{"id":"8","rights":"public_feed","title":["a"],"track_number":"x","page":"javascript:1"}}"#,
        r#"{"progress":1}"#,
        r#"{"done":true}"#,
    ];
    let script: Vec<String> = lines.iter().map(|line| format!("echo '{line}'")).collect();
    let found = search(&shell(folder.path(), &script.join("\n")), "x").unwrap();
    let ids: Vec<(&str, &str)> =
        found.iter().map(|offer| (offer.id.as_str(), offer.rights.words())).collect();
    let expected =
        [("1", "your own"), ("4", "CC BY 4.0"), ("6", "the band mailed me"), ("8", "public podcast feed")];
    assert_eq!(ids, expected);
    assert_eq!((found[2].file_name.as_str(), found[3].page.as_ref()), ("x.mp3", None));
    let unknown = RemoteOffer { rights: Rights::Unknown, ..offer("1") };
    assert!(fetch(&shell(folder.path(), "touch \"$to\""), &unknown, &folder.path().join("a")).is_err());
}

#[test]
fn rights_that_nobody_knows_or_that_are_all_reserved_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let offer = |id: usize, rights: &str| format!(r#"echo '{{"offer":{{"id":"{id}","rights":{rights}}}}}'"#);
    let none = [
        r#"{"licence":"Unknown"}"#,
        r#"{"licence":"none"}"#,
        r#"{"licence":"N/A"}"#,
        r#"{"licence":"(unknown)"}"#,
        r#"{"licence":"-"}"#,
        r#"{"licence":"All Rights Reserved.","url":"https://x.example/"}"#,
        r#"{"licence":"© 2024 Mara Quill"}"#,
        r#"{"licence":"Copyright 2024 Free Spirit Records"}"#,
        r#"{"licence":"PROPRIETARY"}"#,
        r#"{"licence":"unknown","permission":"the band mailed me"}"#,
        r#"{"permission":" "}"#,
        r#"{"permission":"unknown"}"#,
    ];
    let some = [
        r#"{"licence":"Copyrighted free use"}"#,
        r#"{"licence":"No Known Copyright"}"#,
        r#"{"permission":"the copyright holder mailed me"}"#,
    ];
    let mut lines: Vec<String> =
        none.iter().chain(&some).enumerate().map(|(at, one)| offer(at, one)).collect();
    lines.push(r#"echo '{"done":true}'"#.to_owned());
    let found = search(&shell(folder.path(), &lines.join("\n")), "x").unwrap();
    let words: Vec<&str> = found.iter().map(|offer| offer.rights.words()).collect();
    assert_eq!(words, ["Copyrighted free use", "No Known Copyright", "the copyright holder mailed me"]);
}

#[test]
fn programs_that_behave_badly_are_faults_that_say_so() {
    let table = [
        ("exit 3", "ended without being done (exit status: 3)"),
        ("echo oh no 1>&2; exit 1", "its last words: oh no"),
        ("echo hello", "none of the protocol's"),
        ("echo '{\"what\":1}'", "none of the protocol's"),
        ("echo '[1]'", "none of the protocol's"),
        ("echo '{\"error\":\"closed on Sundays\"}'", "it says: closed on Sundays"),
        ("head -c 200000 /dev/zero | tr '\\0' 'a'; sleep 9", "more than any program"),
        ("yes '{\"progress\":1}'", "more than any program"),
        ("yes '{\"offer\":{\"id\":\"1\",\"rights\":\"own\"}}' | head -n 9000", "more than 500 offers"),
        ("sleep 60", "did not answer within 2 s"),
        ("sleep 60 & sleep 60", "did not answer within 2 s"),
        ("exec >&-; sleep 60", "fell silent without being done"),
    ];
    for (lines, expected) in table {
        let folder = tempfile::tempdir().unwrap();
        let began = Instant::now();
        let program = shell(folder.path(), lines);
        // What is not about its patience must not depend on how busy this computer is.
        let minute = Duration::from_secs(60);
        let limits = Limits { search: minute, silence: minute, fetch: minute, max_bytes: 1 << 20 };
        let hurried = expected.contains("within 2 s");
        let program = if hurried { program } else { program.with_limits(limits) };
        let fault = search(&program, "x").unwrap_err();
        assert!(fault.reason.contains(expected), "{lines}: {fault}");
        assert_eq!(fault.source, "program:test");
        assert!(began.elapsed() < Duration::from_secs(20), "{lines}");
    }
}

#[test]
fn it_is_ended_with_its_helpers_and_at_once_when_we_stop() {
    let folder = tempfile::tempdir().unwrap();
    let alive = folder.path().join("alive");
    let lines = format!("(while :; do date +%N > {}; sleep 0.05; done) & sleep 60", alive.display());
    let cancel = Cancel::default();
    let program = shell(folder.path(), &lines);
    let Asked::Search(searches) = program.asked() else { panic!("it is not searched") };
    let stopper = cancel.clone();
    let stopping = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        stopper.stop();
    });
    let began = Instant::now();
    assert_eq!(searches.search(&wanted("x"), &cancel).unwrap_err().reason, "stopped");
    assert!(began.elapsed() < Duration::from_millis(1900));
    stopping.join().unwrap();
    let read = || fs::read_to_string(&alive).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let last = read();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(read(), last, "its helper went on");
}

#[test]
fn what_it_leaves_must_be_a_file_of_its_own() {
    let done = "echo '{\"done\":true}'";
    let secret = tempfile::NamedTempFile::new().unwrap();
    fs::write(secret.path(), b"secret").unwrap();
    let link = format!("ln -s {} \"$to\"", secret.path().display());
    let table = [
        ("true", "not where it should be"),
        (link.as_str(), "link"),
        ("mkdir \"$to\"", "link or a folder"),
        ("echo x > \"$to.x\"; ln \"$to.x\" \"$to\"", "link"),
        ("mkfifo \"$to\"", "something else"),
        (": > \"$to\"", "empty"),
        ("echo '<html>' > \"$to\"", "web page"),
        ("head -c 3000000 /dev/zero > \"$to\"", "are taken"),
        ("echo '{\"offer\":{\"id\":\"1\"}}'", "makes offers"),
        ("echo x > \"$to\"; echo '{\"error\":\"no\"}'", "it says: no"),
    ];
    for (lines, expected) in table {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("music/a.mp3");
        let program = shell(folder.path(), &format!("{lines}\nsleep 0.3\n{done}"));
        let fault = fetch(&program, &offer("1"), &to).unwrap_err();
        assert!(
            fault.reason.contains(expected) || fault.reason.contains("has more than"),
            "{lines}: {fault}"
        );
        assert_eq!(fs::read_dir(to.parent().unwrap()).unwrap().count(), 0, "{lines}");
    }
    assert_eq!(fs::read(secret.path()).unwrap(), b"secret");
}

#[test]
fn sizes_and_sums_that_were_said_must_be_had() {
    let folder = tempfile::tempdir().unwrap();
    let program = shell(folder.path(), "printf abc > \"$to\"; echo '{\"done\":true}'");
    let to = folder.path().join("a.mp3");
    let sums = |sha256: &str| Sums { sha256: Some(sha256.to_owned()), ..Sums::default() };
    let wrong = RemoteOffer { sums: sums(&"0".repeat(64)), ..offer("1") };
    assert!(fetch(&program, &wrong, &to).unwrap_err().reason.contains("SHA-256"));
    let wrong = RemoteOffer { size: Some(4), ..offer("1") };
    assert!(fetch(&program, &wrong, &to).unwrap_err().reason.contains("3 bytes where 4"));
    assert!(!to.exists());
    let right = RemoteOffer { sums: sums(&sha256(b"abc")), size: Some(3), ..offer("1") };
    assert_eq!(fetch(&program, &right, &to).unwrap().bytes, 3);
}

#[test]
fn arguments_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "echo \"cannot sign in with $1 and $2\" 1>&2; exit 1";
    let program = shell_with(folder.path(), lines, &["--token=geheim123", "swordfish"]);
    let fault = search(&program, "x").unwrap_err();
    assert!(fault.reason.ends_with("cannot sign in with --token=… and …"), "{fault}");
    assert!(!format!("{program:?}").contains("geheim"));
}

#[test]
fn what_cannot_be_started_needs_the_user() {
    let missing = Program::new("test", PathBuf::from("/nowhere/at/all"), Vec::new()).unwrap();
    let fault = search(&missing, "x").unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("/nowhere/at/all cannot be started"), "{fault}");
    assert!(Program::new("test", PathBuf::from("sh"), Vec::new()).is_err());
    for name in ["", "a b", "a/b", "a:b"] {
        assert!(Program::new(name, PathBuf::from("/bin/sh"), Vec::new()).is_err(), "{name}");
    }
}
