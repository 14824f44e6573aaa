//! Every folder in `tests/cases` with `input/` and the summary that is expected of it. After a wanted change, run
//! once with `UPDATE_CASES=1` and read the difference.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ferrotape_domain::{Cancel, Silent, Wanted, Wishlist};
use ferrotape_import::{Limits, read_path};

#[test]
fn every_case_gives_what_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in folders(&root).iter().flat_map(|format| folders(format)) {
        count += 1;
        let wishlist = read_path(&case.join("input"), &Limits::default(), &Silent, &Cancel::default())
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(wishlist.accounts.iter().all(|account| account.adds_up()), "{}", case.display());
        let all = format!("{wishlist:?}");
        assert!(!all.contains("secret-name") && !all.contains("203.0.113"), "personal columns are not kept");
        let found = summary(&wishlist);
        let expected = case.join("expected.txt");
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(&expected, &found).unwrap();
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        if wanted != found {
            wrong.push(format!("{}\n--- expected\n{wanted}\n--- found\n{found}", case.display()));
        }
    }
    assert!(count >= 10, "only {count} cases were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

/// Everything a wishlist says, as lines a person can check.
fn summary(wishlist: &Wishlist) -> String {
    let mut text = String::new();
    for a in &wishlist.accounts {
        let sum = format!(
            "{} = {} entries + {} plays + {} noted + {} problems",
            a.rows, a.entries, a.plays, a.noted, a.problems
        );
        writeln!(text, "file {} [{}]: {sum}", a.file, a.format).unwrap();
    }
    for list in &wishlist.playlists {
        writeln!(text, "list {} “{}”", list.kind.as_str(), list.name).unwrap();
        for entry in &list.entries {
            let added = entry.added.as_deref().map(|added| format!(" added {added}")).unwrap_or_default();
            writeln!(text, "  #{} {}{added}", entry.wanted, thing(&wishlist.wanted[entry.wanted])).unwrap();
        }
    }
    for play in &wishlist.plays {
        let wanted = &wishlist.wanted[play.wanted];
        writeln!(
            text,
            "play #{} {} at {} for {} ms",
            play.wanted,
            thing(wanted),
            play.ended_at,
            play.played_ms
        )
        .unwrap();
    }
    for noted in &wishlist.noted {
        writeln!(text, "noted {} {}", noted.kind, noted.name).unwrap();
    }
    for problem in &wishlist.problems {
        let row = problem.row.map(|row| format!(" row {row}")).unwrap_or_default();
        writeln!(text, "problem {}{row}: {}", problem.file, problem.reason).unwrap();
    }
    text
}

fn thing(wanted: &Wanted) -> String {
    let names: Vec<&str> = wanted.artists.names().collect();
    let mut text = format!("{} {} | {}", wanted.kind.as_str(), names.join(" + "), wanted.title);
    let place = |number: Option<u32>| number.map(|number| number.to_string());
    let fields = [
        ("on", wanted.release.clone()),
        ("by", Some(wanted.release_artists.to_string()).filter(|by| !by.is_empty())),
        ("disc", place(wanted.disc_number)),
        ("track", place(wanted.track_number)),
        ("released", wanted.released.clone()),
        ("ms", wanted.duration.map(|length| length.as_millis().to_string())),
        ("isrc", wanted.isrc.as_ref().map(ToString::to_string)),
        ("mbid", wanted.recording_mbid.as_ref().map(ToString::to_string)),
        ("explicit", wanted.explicit.map(|explicit| explicit.to_string())),
        ("link", wanted.spotify.as_ref().map(ToString::to_string)),
        ("feed", wanted.feed.clone()),
        ("album", wanted.spotify_release.as_ref().map(ToString::to_string)),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            write!(text, " | {name} {value}").unwrap();
        }
    }
    text
}
