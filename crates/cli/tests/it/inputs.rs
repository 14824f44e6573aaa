//! Every format that is read, imported by the real program: twice, since the second time must change nothing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::home::{Home, list, text};

/// The inputs of the import's case folders, with a name for messages.
fn cases() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../import/tests/cases");
    let folders = |path: &Path| -> Vec<PathBuf> {
        let found = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        let mut found: Vec<PathBuf> = found.filter(|path| path.is_dir()).collect();
        found.sort();
        found
    };
    let cases = folders(&root).into_iter().flat_map(|format| folders(&format));
    let name = |case: &Path| case.strip_prefix(&root).unwrap().display().to_string();
    let cases: Vec<_> = cases.map(|case| (name(&case), case.join("input"))).collect();
    assert!(cases.len() >= 30, "only {} cases were found", cases.len());
    cases
}

#[test]
fn the_same_input_again_is_nothing_new() {
    for (name, input) in cases() {
        let home = Home::new();
        for unchanged in [false, true] {
            let last = home.run_with("--json import", &[text(&input)]).last_object();
            assert_eq!(last["~code"], 0, "{name}: {last}");
            let imports = list(&last, "/imports");
            assert_eq!(imports[0]["plays_new"] == 0, unchanged || !has_plays(&imports[0]), "{name}: {last}");
            assert!(imports[0]["wanted_new"] == 0 || !unchanged, "{name}: {last}");
            assert_eq!(
                imports[0]["unchanged"] == true,
                unchanged || holds_nothing(&imports[0]),
                "{name}: {last}"
            );
        }
    }
}

fn has_plays(import: &serde_json::Value) -> bool {
    list(import, "/accounts").iter().any(|account| account["plays"] != 0)
}

/// Files may hold nothing but what is no wish.
fn holds_nothing(import: &serde_json::Value) -> bool {
    let counts = ["entries", "plays", "noted"];
    list(import, "/accounts").iter().all(|account| counts.iter().all(|count| account[count] == 0))
        && list(import, "/playlists").is_empty()
}

#[test]
fn explain_tells_what_import_does() {
    let home = Home::new();
    for (name, input) in cases() {
        let told = home.run_with("--json import --explain", &[text(&input)]).last_object();
        let done = home.run_with("--json import", &[text(&input)]).last_object();
        assert_eq!(told["inputs"][0]["accounts"], done["imports"][0]["accounts"], "{name}");
        assert_eq!(told["inputs"][0]["problems"], done["imports"][0]["problems"], "{name}");
    }
}
