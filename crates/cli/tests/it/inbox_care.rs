//! What the inbox takes care of: nothing broken is filed, nothing is filed under a stranger's name, the sums add up.

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{Band, MadeTrack, Track, make_music, tree_snapshot};

use crate::collection::copy_of_music;
use crate::home::{files_below, list};
use crate::inbox::{bought, ebb, file, home, put, slack, sound, zip};

/// The beginning of a file, as a download that broke off leaves it.
fn cut(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() * 3 / 5].to_vec()
}

#[test]
fn what_is_cut_off_is_not_filed_and_stays_where_it_was() {
    let home = home();
    let inbox = home.path("library/inbox");
    put(&inbox.join("Low Water/01 Ebb.flac"), &cut(&ebb()));
    put(&inbox.join("Low Water/02 Flood.flac"), &sound("Mara Quill/Low Water/02 Flood.flac"));
    put(&inbox.join("Low Water/03 Slack.mp3"), &cut(&slack()));
    let members = [
        ("01 Green Light.m4a", sound("Nordlys/Aurora/01 Green Light.m4a")),
        ("04 Polar Night.flac", cut(&sound("Nordlys/Aurora/04 Polar Night.flac"))),
    ];
    zip(&inbox.join("Nordlys - Aurora.zip"), &members);
    let last = home.json("--library library inbox --move");
    assert_eq!((&last["~code"], &last["filed"]), (&3.into(), &2.into()), "{last:#}");
    for name in ["01 Ebb.flac", "03 Slack.mp3", "04 Polar Night.flac"] {
        let one = file(&last, name);
        assert!(
            one["news"] == "broken" && one["reason"].as_str().unwrap().contains("get it again"),
            "{one:#}"
        );
    }
    let ticked = list(&last, "/ticked_off");
    assert!(ticked.len() == 1 && ticked[0]["wanted"] == "Nordlys – Green Light", "{last:#}");
    let kept = ["Low Water/01 Ebb.flac", "Low Water/03 Slack.mp3", "Nordlys - Aurora.zip"];
    assert_eq!(files_below(&inbox), kept);
    let filed = ["bought/Mara Quill/Low Water/02 Flood.flac", "bought/Nordlys/Aurora/01 Green Light.m4a"];
    assert_eq!(bought(&home), filed);
    let told = home.run("--library library inbox --move");
    assert!(told.code == 3 && told.out.contains("01 Ebb.flac: not taken: it is cut off"), "{told:?}");
    // Once it is whole, it comes.
    put(&inbox.join("Low Water/01 Ebb.flac"), &ebb());
    let last = home.json("--library library inbox --move");
    assert_eq!((&last["filed"], list(&last, "/ticked_off").len()), (&1.into(), 1), "{last:#}");
}

/// What its reader leaves out of an Ogg file without a word is missed all the same.
#[test]
fn an_ogg_with_a_hole_in_its_middle_is_not_filed() {
    let home = home();
    let inbox = home.path("library/inbox");
    for (name, format) in [("Ebb.ogg", AudioFormat::Vorbis), ("Slack.opus", AudioFormat::Opus)] {
        let title = name.split('.').next().unwrap();
        let made = MadeTrack::new("Mara Quill", "Low Water", 1, title).seconds(12.0).format(format);
        make_music(&home.path("holes"), &[made.at(name)]).unwrap();
        let mut bytes = std::fs::read(home.path("holes").join(name)).unwrap();
        let (from, to) = (bytes.len() * 2 / 5, bytes.len() * 7 / 10);
        bytes[from..to].fill(0);
        put(&inbox.join(name), &bytes);
    }
    let last = home.json("--library library inbox");
    for name in ["Ebb.ogg", "Slack.opus"] {
        let one = file(&last, name);
        assert!(one["news"] == "broken", "{one:#}");
        assert!(one["reason"].as_str().unwrap().contains("1 damaged stretch"), "{one:#}");
    }
    assert!(bought(&home).is_empty(), "{last:#}");
}

#[test]
fn a_loose_file_without_tags_is_not_filed_under_its_neighbours_album() {
    let home = home();
    let inbox = home.path("library/inbox");
    put(&inbox.join("Slack.mp3"), &slack());
    put(&inbox.join("03 - Ice Road.flac"), &sound("Nordlys/Aurora/03 - Ice Road.flac"));
    let last = home.json("--library library inbox");
    let filed =
        ["bought/Mara Quill/Low Water/Slack.mp3", "bought/Unknown Artist/Unknown Album/03 - Ice Road.flac"];
    assert_eq!(bought(&home), filed, "{last:#}");
}

#[test]
fn what_was_asked_for_and_is_here_already_is_not_called_unasked() {
    let home = home();
    home.run("--library library scan MUSIC");
    // The same recording, not as good, and one that nobody wants.
    let poorer = MadeTrack::new("Mara Quill", "Low Water", 1, "Ebb").seconds(2.5).format(AudioFormat::Mp3);
    make_music(&home.path("poorer"), &[poorer.at("Ebb.mp3")]).unwrap();
    let inbox = home.path("library/inbox");
    put(&inbox.join("Ebb.mp3"), &std::fs::read(home.path("poorer/Ebb.mp3")).unwrap());
    put(&inbox.join("cut.zip"), b"PK\x03\x04 and then the line went dead");
    Band::playing(8, 5.0).write_wav(&home.path("hum.wav")).unwrap();
    put(&inbox.join("Hum.wav"), &std::fs::read(home.path("hum.wav")).unwrap());
    let told = home.run("--library library inbox");
    assert!(told.out.contains("Ebb.mp3: you have it already: Mara Quill – Ebb"), "{told:?}");
    assert!(told.out.contains("Hum.wav: nobody asked for it"), "{told:?}");
    assert!(told.out.contains("2 files filed, 1 not taken."), "{told:?}");
}

#[test]
fn a_music_folder_is_no_inbox() {
    let home = home();
    copy_of_music(&home.path("music"));
    home.well("--library library scan music");
    for folder in ["music", "music/Nordlys"] {
        let said = home.run(&format!("--library library inbox {folder}"));
        assert!(
            said.code == 1 && said.err.contains("/music is a music folder of yours"),
            "{folder}: {said:?}"
        );
    }
    // Nor is it part of one.
    put(&home.path("Hum.wav"), &sound("Tin Parade/Brass/03 Last Post.wav"));
    let last = home.json("--library library inbox .");
    assert!(
        list(&last, "/drops").iter().all(|drop| !drop["path"].as_str().unwrap().contains("/music")),
        "{last:#}"
    );
    assert!(!bought(&home).iter().any(|name| name.contains("Nordlys")), "{:?}", bought(&home));
}

#[test]
#[cfg(unix)]
fn a_music_folder_is_known_by_each_of_its_spellings() {
    let home = home();
    copy_of_music(&home.path("music"));
    home.well("--library library scan music");
    std::fs::rename(home.path("music"), home.path("Sounds")).unwrap();
    std::os::unix::fs::symlink("Sounds", home.path("music")).unwrap();
    let said = home.run("--library library inbox Sounds/Nordlys");
    assert!(said.code == 1 && said.err.contains("/music is a music folder of yours"), "{said:?}");
    put(&home.path("Hum.wav"), &sound("Tin Parade/Brass/03 Last Post.wav"));
    let last = home.json("--library library inbox .");
    let drops: Vec<&str> = list(&last, "/drops").iter().filter_map(|drop| drop["path"].as_str()).collect();
    assert!(!drops.iter().any(|path| path.contains("/Sounds")), "{last:#}");
}

#[test]
fn a_player_that_we_filled_is_no_inbox() {
    let home = home();
    let player = home.path("drops/player");
    std::fs::create_dir_all(&player).unwrap();
    home.json("--library library convert road.csv --from MUSIC --to ./drops/player");
    assert!(files_below(&player).iter().any(|path| path.starts_with("Music/")), "{:?}", files_below(&player));
    let before = tree_snapshot(&player).unwrap();
    for folder in ["drops/player", "drops/player/Music"] {
        let said = home.run(&format!("--library library inbox --move {folder}"));
        assert!(said.code == 1 && said.err.contains("/player is a player that ferrotape filled"), "{said:?}");
    }
    // Nor is it part of one.
    put(&home.path("drops/Rip/02 Flood.flac"), &sound("Mara Quill/Low Water/02 Flood.flac"));
    let last = home.json("--library library inbox --move drops");
    assert!(!home.path("drops/Rip").exists(), "{last:#}");
    assert!(tree_snapshot(&player).unwrap() == before, "{last:#}");
    // Nor is one that was an inbox before.
    let rip = home.path("drops/later");
    std::fs::create_dir_all(&rip).unwrap();
    home.json("--library library inbox drops/later");
    home.json("--library library convert road.csv --from MUSIC --to ./drops/later");
    let before = tree_snapshot(&rip).unwrap();
    let told = home.run("--library library inbox --move");
    assert!(told.err.contains("is a player that ferrotape filled by now"), "{told:?}");
    assert!(tree_snapshot(&rip).unwrap() == before, "{told:?}");
}

/// exFAT's check deletes a list whose entry a power cut tore.
#[test]
fn a_player_whose_first_filling_was_cut_short_is_no_inbox_whatever_the_cut_left() {
    let home = home();
    let player = home.path("drops/player");
    std::fs::create_dir_all(&player).unwrap();
    home.json("--library library convert road.csv --from MUSIC --to ./drops/player");
    let ours = player.join(".ferrotape");
    std::fs::remove_file(ours.join("manifest.json")).unwrap();
    std::fs::remove_dir(ours.join("staging")).unwrap();
    for (left, is_folder) in [("journal.copy", false), ("staging", true)] {
        let left = ours.join(left);
        match is_folder {
            true => std::fs::create_dir(&left).unwrap(),
            false => std::fs::write(&left, "").unwrap(),
        }
        let before = tree_snapshot(&player).unwrap();
        home.json("--library library inbox --move drops");
        assert!(tree_snapshot(&player).unwrap() == before, "{}: the player was emptied", left.display());
        match is_folder {
            true => std::fs::remove_dir(&left).unwrap(),
            false => std::fs::remove_file(&left).unwrap(),
        }
    }
    // Where nothing was agreed to, nothing was put.
    std::fs::create_dir(home.path("downloads")).unwrap();
    put(&home.path("downloads/Rip/02 Flood.flac"), &sound("Mara Quill/Low Water/02 Flood.flac"));
    std::fs::create_dir(home.path("downloads/.ferrotape")).unwrap();
    std::fs::write(home.path("downloads/.ferrotape/lock"), "").unwrap();
    let last = home.json("--library library inbox downloads");
    assert_eq!(list(&last, "/drops").len(), 1, "{last:#}");
}

#[test]
fn a_loose_file_without_tags_is_filed_by_its_name_and_is_no_surer_for_it() {
    let home = home();
    let inbox = home.path("library/inbox");
    put(&inbox.join("01 - The Tides - Ice Road.flac"), &sound("Nordlys/Aurora/03 - Ice Road.flac"));
    home.csv("tides.csv", &[Track::new("The Tides", "Ashore", "Ice Road")]);
    home.well("--library library import tides.csv");
    let last = home.json("--library library inbox");
    assert_eq!(bought(&home), ["bought/The Tides/Unknown Album/01 - The Tides - Ice Road.flac"], "{last:#}");
    let near = home.json("--library library explain the tides ice road")["explained"]["near"][0].clone();
    let points: Vec<&str> = list(&near, "/evidence").iter().filter_map(|one| one["says"].as_str()).collect();
    assert!(points.contains(&"read from the file name"), "{near:#}");
    assert!(!points.iter().any(|says| says.contains("album")), "the folder tells no album: {near:#}");
}

#[test]
fn what_went_and_what_stays_of_a_mixed_inbox_is_told() {
    let home = home();
    let inbox = home.path("library/inbox");
    zip(&inbox.join("Nordlys - Aurora.zip"), &[("01.m4a", sound("Nordlys/Aurora/01 Green Light.m4a"))]);
    put(&inbox.join("Ebb.flac"), &ebb());
    put(&inbox.join("Ebb.lrc"), b"[00:01.00]Out it goes\n");
    put(&inbox.join("Lost.cue"), b"FILE \"Lost.wav\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n");
    put(&inbox.join("bill.pdf"), b"%PDF");
    put(&inbox.join("Rip/Slack.mp3"), &slack());
    put(&inbox.join("Rip/how.doc"), b"by hand");
    let said = home.well("--library library inbox --move").out;
    for line in [
        "  Ebb.flac (moved): answers",
        "  1 picture or text filed with it, moved: Ebb.lrc\n",
        "  Lost.cue: stays; it belongs to no music",
        "Nordlys - Aurora.zip (moved)",
        "  Slack.mp3 (moved): answers",
        "  how.doc: stays",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains("bill.pdf"), "what lies loose may be anything: {said}");
    assert_eq!(files_below(&inbox), ["Lost.cue", "Rip/how.doc", "bill.pdf"]);
}

#[test]
fn the_folder_that_a_zip_lay_in_goes_with_it() {
    let home = home();
    let inbox = home.path("library/inbox");
    zip(&inbox.join("Shop/May/a.zip"), &[("01.m4a", sound("Nordlys/Aurora/01 Green Light.m4a"))]);
    std::fs::create_dir_all(inbox.join("Other")).unwrap();
    let last = home.json("--library library inbox --move");
    assert_eq!(list(&last, "/drops")[0]["moved"], true, "{last:#}");
    assert!(inbox.join("Other").is_dir() && !inbox.join("Shop").exists(), "what it did not lie in stays");
}

#[test]
fn a_folder_that_stays_is_not_called_moved() {
    let home = home();
    let inbox = home.path("library/inbox");
    put(&inbox.join("Rip/Ebb.flac"), &ebb());
    put(&inbox.join("Rip/.DS_Store"), b"x");
    put(&inbox.join("Gone/CD 1/Slack.mp3"), &slack());
    let said = home.well("--library library inbox --move").out;
    assert!(said.contains("inbox/Gone (moved)\n"), "{said}");
    assert!(said.contains("inbox/Rip\n  Ebb.flac (moved)"), "{said}");
    assert!(said.contains("  its folder stays: .DS_Store is in it\n"), "{said}");
    assert!(inbox.join("Rip").is_dir() && !inbox.join("Gone").exists() && inbox.is_dir());
}

#[test]
fn a_folder_that_was_empty_before_stays() {
    let home = home();
    let rip = home.path("library/inbox/Rip");
    put(&rip.join("CD 1/Ebb.flac"), &ebb());
    // One is a part of something else, and at the other a disk may be mounted.
    let empty = [".git/refs/tags", "disk"].map(|folder| rip.join(folder));
    empty.iter().for_each(|folder| std::fs::create_dir_all(folder).unwrap());
    let said = home.well("--library library inbox --move").out;
    assert!(said.contains("  its folder stays: .git, disk are in it\n"), "{said}");
    assert!(empty.iter().all(|folder| folder.is_dir()) && !rip.join("CD 1").exists(), "{said}");
}

/// The names of what stays of the only drop.
fn stays(last: &serde_json::Value) -> Vec<String> {
    let stays = list(last, "/drops/0/stays").iter();
    stays.map(|path| path.as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
}

#[test]
fn a_zip_stays_as_long_as_a_paper_of_it_was_not_filed() {
    let home = home();
    let mixed = home.path("library/inbox/Two Albums.zip");
    let members = [
        ("01 Ebb.flac", ebb()),
        ("01 Green Light.m4a", sound("Nordlys/Aurora/01 Green Light.m4a")),
        ("booklet.pdf", b"%PDF-1.4".to_vec()),
    ];
    zip(&mixed, &members);
    // The second time all its music is had already.
    for filed in [2, 0] {
        let last = home.json("--library library inbox --move");
        assert_eq!(last["filed"], filed, "{last:#}");
        assert_eq!(stays(&last), ["booklet.pdf"], "{last:#}");
        assert!(mixed.exists(), "{last:#}");
    }
    let told = home.run("--library library inbox --move").out;
    assert!(told.contains("  booklet.pdf: stays; it belongs to no music"), "{told}");
    assert!(told.contains("1 of its files were not filed"), "{told}");
}

#[test]
fn a_zip_that_holds_more_than_its_archive_stays() {
    let home = home();
    let [one, two] = ["one.zip", "two.zip"].map(|name| home.path(name));
    zip(&one, &[("01 Ebb.flac", ebb())]);
    // What is no member begins the archive, and is no stray.
    zip(
        &two,
        &[("__MACOSX/x", b"x".to_vec()), ("01 Green Light.m4a", sound("Nordlys/Aurora/01 Green Light.m4a"))],
    );
    let [one, two] = [one, two].map(|path| std::fs::read(path).unwrap());
    let inbox = home.path("library/inbox");
    for (bytes, stray) in [
        ([&one[..], &two[..]].concat(), one.len()),
        ([&two[..], &[7; 500][..]].concat(), 500),
        ([&b"PK\x03\x04"[..], &two[..]].concat(), 4),
    ] {
        put(&inbox.join("album.zip"), &bytes);
        let last = home.json("--library library inbox --move");
        let why = last["drops"][0]["trouble"].as_str().unwrap_or_default();
        assert!(why.contains(&format!("it holds {stray} bytes that are no part")), "{stray}: {last:#}");
        assert!(std::fs::read(inbox.join("album.zip")).unwrap() == bytes, "{stray}: {last:#}");
    }
    // A comment is part of the archive.
    let mut commented = two.clone();
    let at = commented.len() - 2;
    commented[at..].copy_from_slice(&[5, 0]);
    commented.extend(b"hello");
    for whole in [two, commented] {
        put(&inbox.join("album.zip"), &whole);
        let last = home.json("--library library inbox --move");
        assert!(!inbox.join("album.zip").exists(), "{last:#}");
    }
}

#[test]
fn scans_beside_the_discs_of_an_album_go_along() {
    let home = home();
    let album = home.path("library/inbox/Low Water.zip");
    let mut members = vec![
        ("CD1/01 Ebb.flac", ebb()),
        ("CD2/03 Slack.mp3", slack()),
        ("Scans/booklet.pdf", b"%PDF-1.4".to_vec()),
    ];
    // The second time all of it is had already, the booklet as well.
    for filed in [2, 0] {
        zip(&album, &members);
        let last = home.json("--library library inbox --move");
        assert_eq!(last["filed"], filed, "{last:#}");
        let booklet = "bought/Mara Quill/Low Water/CD1/booklet.pdf".to_owned();
        assert!(bought(&home).contains(&booklet), "{last:#}");
        assert!(!album.exists(), "{last:#}");
    }
    members.push(("Scans/back.jpg", sound("Tin Parade/Brass/cover.jpg")));
    zip(&album, &members);
    let last = home.json("--library library inbox --move");
    assert!(album.exists(), "{last:#}");
    assert_eq!(stays(&last), ["back.jpg"], "{last:#}");
}

#[test]
fn what_was_filed_before_is_moved_with_its_booklet() {
    let home = home();
    let rip = home.path("library/inbox/Rip");
    put(&rip.join("01 Ebb.flac"), &ebb());
    put(&rip.join("booklet.pdf"), b"%PDF-1.4");
    home.json("--library library inbox");
    put(&rip.join("later.pdf"), b"%PDF-1.4 later");
    let last = home.json("--library library inbox --move");
    assert_eq!((&last["filed"], stays(&last)), (&0.into(), vec!["later.pdf".to_owned()]), "{last:#}");
    assert_eq!(files_below(&rip), ["later.pdf"], "{last:#}");
}

#[test]
fn what_only_lies_beside_an_album_stays() {
    let home = home();
    let inbox = home.path("library/inbox");
    put(&inbox.join("Mine/Low Water/01 Ebb.flac"), &ebb());
    let private = [
        "Mine/Articles/paper.pdf",
        "Mine/Backup/passwords.txt",
        "Mine/CD 2020 backups/keys.txt",
        "Mine/Cover letter.pdf",
        "Mine/Letters/tax.pdf",
        "Mine/Low Water/Mara Quill contract.pdf",
        "Mine/Low Water/Thesis/one.pdf",
        "Mine/Low Water/cv.pdf",
        "Mine/Low Water/notes.txt",
        "Mine/Low Water/passwords.txt",
        "Mine/Low Water/photo.jpg",
        "Mine/Low Water/wallpaper.png",
        "Mine/backup-codes.txt",
        "Mine/logins.txt",
        "Mine/passport.pdf",
    ];
    private.iter().for_each(|path| put(&inbox.join(path), path.as_bytes()));
    put(&inbox.join("Mine/Artwork/front.pdf"), b"%PDF-1.4 front");
    let called_so = ["Low Water.jpg", "Mara Quill - Low Water.png", "cover.jpg", "rip.log", "words.lrc"];
    let called_so = called_so.map(|name| format!("Mine/Low Water/{name}"));
    called_so.iter().for_each(|path| put(&inbox.join(path), path.as_bytes()));
    let last = home.json("--library library inbox --move");
    assert_eq!(last["filed"], 1, "{last:#}");
    assert_eq!(stays(&last).len(), private.len(), "{last:#}");
    assert!(private.iter().all(|path| inbox.join(path).exists()), "{last:#}");
    assert!(!inbox.join("Mine/Artwork/front.pdf").exists(), "{last:#}");
    assert!(!called_so.iter().any(|path| inbox.join(path).exists()), "{last:#}");
    let pdfs: Vec<String> = bought(&home).into_iter().filter(|path| path.ends_with(".pdf")).collect();
    assert!(matches!(pdfs.as_slice(), [only] if only.ends_with("front.pdf")), "{pdfs:?}");
}

#[test]
fn what_lies_with_a_whole_album_goes_along() {
    let home = home();
    let rip = home.path("library/inbox/Rip");
    put(&rip.join("01 Ebb.flac"), &ebb());
    put(&rip.join("02 Flood.flac"), &sound("Mara Quill/Low Water/02 Flood.flac"));
    put(&rip.join("03 Slack.mp3"), &slack());
    put(&rip.join("essay.pdf"), b"%PDF-1.4");
    let last = home.json("--library library inbox --move");
    assert!(bought(&home).contains(&"bought/Mara Quill/Low Water/essay.pdf".to_owned()), "{last:#}");
    assert!(!rip.exists(), "{last:#}");
}

#[test]
fn what_lies_with_other_music_goes_with_no_other_album() {
    let home = home();
    let inbox = home.path("library/inbox");
    let cover = sound("Tin Parade/Brass/cover.jpg");
    put(&inbox.join("Box/Front/01 Ebb.flac"), &ebb());
    put(&inbox.join("Box/Front/cover.jpg"), &cover);
    home.json("--library library inbox");
    // By hand all is looked at again; a refresh looks only at what is new.
    put(&inbox.join("Box/Aurora/01 Green Light.m4a"), &sound("Nordlys/Aurora/01 Green Light.m4a"));
    put(&inbox.join("Box/Front/scan.jpg"), b"of the first album");
    put(&inbox.join("Box/cover.jpg"), b"of the box");
    for command in ["refresh", "inbox", "inbox --move"] {
        home.run(&format!("--library library {command}"));
        let pictures: Vec<String> = bought(&home).into_iter().filter(|path| path.ends_with(".jpg")).collect();
        assert_eq!(pictures, ["bought/Mara Quill/Low Water/cover.jpg"], "{command}");
    }
    // What was filed with the first album before may go, the rest stays.
    assert_eq!(files_below(&inbox), ["Box/Front/scan.jpg", "Box/cover.jpg"]);
}

#[test]
fn a_paper_above_the_discs_of_two_albums_is_of_neither() {
    let home = home();
    let inbox = home.path("library/inbox");
    put(&inbox.join("Rips/CD1/01 Ebb.flac"), &ebb());
    put(&inbox.join("Rips/CD2/01 Green Light.m4a"), &sound("Nordlys/Aurora/01 Green Light.m4a"));
    put(&inbox.join("Rips/cover.pdf"), b"%PDF-1.4");
    let last = home.json("--library library inbox --move");
    assert_eq!((&last["filed"], stays(&last)), (&2.into(), vec!["cover.pdf".to_owned()]), "{last:#}");
    assert_eq!(files_below(&inbox), ["Rips/cover.pdf"], "{last:#}");
}

#[test]
fn an_inbox_in_an_inbox_is_looked_into_once_and_stays() {
    let home = home();
    let (outer, inner) = (home.path("drops"), home.path("drops/Rip/more"));
    put(&inner.join("Slack.mp3"), &slack());
    put(&outer.join("Rip/01 Ebb.flac"), &ebb());
    home.json("--library library inbox drops/Rip/more");
    let last = home.json("--library library inbox --move drops");
    assert_eq!(last["filed"], 1, "{last:#}");
    assert_eq!(list(&last, "/drops").len(), 2, "{last:#}");
    assert!(files_below(&outer).is_empty() && inner.is_dir(), "{last:#}");
    home.well("--library library inbox");
}

#[test]
#[cfg(target_os = "linux")]
fn files_whose_names_look_alike_are_two() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let home = home();
    let rip = home.path("library/inbox/Rip");
    let [whole, broken] =
        [&b"Caf\xe8.mp3"[..], &b"Caf\xe9.mp3"[..]].map(|name| rip.join(OsStr::from_bytes(name)));
    put(&whole, &slack());
    put(&broken, &cut(&slack()));
    let last = home.json("--library library inbox --move");
    assert_eq!(last["filed"], 1, "{last:#}");
    assert!(!whole.exists() && broken.exists(), "what was not filed stays: {last:#}");
}

#[test]
fn files_that_only_their_names_tell_of_are_filed_under_their_artist() {
    let home = home();
    let inbox = home.path("library/inbox");
    let music = home.path("music");
    let bare = |title: &str| MadeTrack { artist: String::new(), ..MadeTrack::new("", "", 0, title) };
    let named = [("Zed – Rice.flac", "a"), ("zed_-_corn.flac", "b")];
    for (name, sound) in named {
        let mut track = bare("").at(name).seconds(if sound == "a" { 2.0 } else { 3.0 });
        track.title = String::new();
        make_music(&music, &[track]).unwrap();
        put(&inbox.join(name), &std::fs::read(music.join(name)).unwrap());
    }
    put(&inbox.join("Corn/Zed – Rye.flac"), &{
        make_music(&music, &[bare("").at("rye.flac").seconds(4.0)]).unwrap();
        std::fs::read(music.join("rye.flac")).unwrap()
    });
    home.json("--library library inbox");
    let filed = bought(&home);
    let mut artists: Vec<&str> = filed.iter().filter_map(|path| path.split('/').nth(1)).collect();
    assert_eq!(artists.len(), 3, "{filed:?}");
    artists.dedup_by_key(|artist| artist.to_lowercase());
    assert!(matches!(artists.as_slice(), [only] if only.eq_ignore_ascii_case("zed")), "{filed:?}");
}
