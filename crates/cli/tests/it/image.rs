//! The image of a CD, looked into by the program that made it and by the folder it was made of.

use std::fs;
use std::process::Command;

use ferrotape_testkit::Track;

use crate::collection::track;
use crate::home::{Home, files_below};

#[test]
fn a_filled_folder_becomes_an_image_without_what_is_ours_alone() {
    let home = Home::new();
    home.csv("list.csv", &[track("Ebb"), track("Flood"), Track::new("Nobody", "Nothing", "Not There")]);
    let early = home.run("image ./cd disc.iso");
    assert!(early.code != 0 && early.err.contains("mp3-cd"), "{early:?}");
    home.well("convert list.csv --from MUSIC --to ./cd --profile mp3-cd");
    let said = home.well("image ./cd disc.iso --label Road");
    assert!(said.out.contains("it fits a CD") && said.err.is_empty(), "{said:?}");

    let unpacked = home.path("unpacked");
    fs::create_dir(&unpacked).unwrap();
    let ran = Command::new("xorriso")
        .args(["-osirrox", "on", "-indev"])
        .arg(home.path("disc.iso"))
        .args(["-extract", "/"])
        .arg(&unpacked)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success() && told.contains("ROAD"), "{told}");
    let ours = files_below(&home.path("cd")).into_iter().filter(|path| !path.starts_with(".ferrotape/"));
    let ours: Vec<String> = ours.collect();
    assert_eq!(files_below(&unpacked), ours);
    assert!(ours.len() == 3 && ours.iter().any(|path| path.ends_with(".m3u")), "{ours:?}");
    for path in &ours {
        assert_eq!(
            fs::read(unpacked.join(path)).unwrap(),
            fs::read(home.path("cd").join(path)).unwrap(),
            "{path}"
        );
    }
    // Nothing is lying about, and nothing is written over.
    let left: Vec<_> =
        files_below(&home.path(".")).into_iter().filter(|path| path.starts_with("disc.iso")).collect();
    assert_eq!(left, ["disc.iso"]);
    let again = home.run("image ./cd disc.iso");
    assert!(again.code != 0 && again.err.contains("there already"), "{again:?}");
    let inside = home.run("image ./cd ./cd/disc.iso");
    assert!(inside.code != 0 && inside.err.contains("outside"), "{inside:?}");
    // Also what kept its size.
    let first = home.path("cd").join(&ours[0]);
    let bytes = fs::read(&first).unwrap();
    fs::write(&first, bytes.iter().map(|byte| byte ^ 1).collect::<Vec<_>>()).unwrap();
    let other = home.run("image ./cd other.iso");
    assert!(other.code != 0 && other.err.contains("other bytes"), "{other:?}");
    fs::remove_file(&first).unwrap();
    let changed = home.run("image ./cd other.iso");
    assert!(changed.code != 0 && changed.err.contains("not as it was filled"), "{changed:?}");
}

#[test]
fn a_disc_takes_no_more_than_it_holds() {
    let home = Home::with_wishes();
    let small =
        "name = \"tiny-disc\"\ntitle = \"A tiny disc\"\nextends = \"mp3-cd\"\n[copy]\nmax_bytes = 150000\n";
    fs::write(home.path("tiny-disc.toml"), small).unwrap();
    let last = home.json("convert wishes.zip --from MUSIC --to ./cd --profile ./tiny-disc.toml --yes");
    assert!(last["plan"]["does_not_fit"].as_u64().unwrap() > 0, "{last:#}");
    assert!(last["report"]["outcomes"]["waiting"].as_u64().unwrap() > 0, "{last:#}");
    let bytes: u64 = home_bytes(&home);
    assert!(bytes > 0 && bytes <= 150_000, "{bytes}");
    let again = home.json("convert wishes.zip --from MUSIC --to ./cd --profile ./tiny-disc.toml --yes");
    assert_eq!(again["performed"]["written"], 0, "{again:#}");
}

fn home_bytes(home: &Home) -> u64 {
    let files = files_below(&home.path("cd")).into_iter().filter(|path| !path.starts_with(".ferrotape/"));
    files.map(|path| fs::metadata(home.path("cd").join(path)).unwrap().len()).sum()
}

#[test]
fn a_folder_for_other_players_is_told_of_the_profile_for_discs() {
    let home = Home::new();
    home.csv("list.csv", &[track("Ebb")]);
    home.well("convert list.csv --from MUSIC --to ./folder");
    let said = home.well("image ./folder disc.iso");
    assert!(said.err.contains("profile generic") && said.err.contains("--profile mp3-cd"), "{said:?}");
}
