//! A real FAT32 image as judge: everything we name can be copied onto it and comes back under the same name.

use std::path::Path;
use std::process::Command;

use ferrotape_device::Desired;
use ferrotape_domain::TagSet;

use crate::support::{of_tags, playlist, sync, visible};

fn run(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).env("LC_ALL", "C.UTF-8").output().ok()?;
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn library() -> Desired {
    let titles = [
        "AC/DC: \"x\" <*?|>",
        "Ét",
        "ét",
        "E\u{301}t",
        "А",
        "а",
        "Straße",
        "STRASSE",
        "Ünï",
        "曲名",
        "trail. .",
        ".hidden",
        "con",
        "Aux.live",
        "PROGRA~1",
        "a\\b",
        "tab\there",
        "שלום",
        "%41 #1; [x] = +, '",
    ];
    let long = ["é".repeat(400), "y".repeat(10_000)];
    let titles: Vec<&str> = titles.into_iter().chain(long.iter().map(String::as_str)).collect();
    let mut tracks = Vec::new();
    for (n, title) in titles.iter().enumerate() {
        for (m, album) in ["", "con", "Album.", "album", title].iter().enumerate() {
            let tags = TagSet {
                title: Some((*title).to_owned()),
                artists: vec![if m % 2 == 0 { "Ada Fjell".to_owned() } else { (*title).to_owned() }],
                album: Some((*album).to_owned()),
                ..TagSet::default()
            };
            tracks.push(of_tags(&format!("id-{n:02}-{m}"), tags));
        }
    }
    let playlists =
        titles.iter().enumerate().map(|(n, title)| playlist(&format!("k{n}"), title, &[n])).collect();
    Desired { tracks, playlists, ..Desired::default() }
}

#[test]
fn every_name_survives_the_way_onto_fat32_and_back() {
    if Command::new("mcopy").arg("--version").output().is_err() {
        eprintln!("mtools is not installed: not judged");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("player");
    sync(&root, &library());
    let image = folder.path().join("fat.img");
    std::fs::File::create(&image).unwrap().set_len(64 * 1024 * 1024).unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let image = text(&image);
    let made = ["mkfs.vfat", "/sbin/mkfs.vfat", "/usr/sbin/mkfs.vfat"].iter().find(|program| {
        Command::new(program).args(["-F", "32", &image]).output().is_ok_and(|o| o.status.success())
    });
    if made.is_none() {
        eprintln!("mkfs.vfat is not installed: not judged");
        return;
    }
    for top in ["Music", "Playlists"] {
        run("mcopy", &["-i", &image, "-s", "-D", "s", &text(&root.join(top)), "::/"]);
    }
    let back = folder.path().join("back");
    std::fs::create_dir(&back).unwrap();
    run("mcopy", &["-i", &image, "-s", "::/Music", "::/Playlists", &text(&back)]);
    assert_eq!(visible(&back), visible(&root));
    assert!(visible(&root).len() > 100);
}
