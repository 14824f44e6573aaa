//! Player profiles through the program: named, remembered, of the user's own, refused.

use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

use ferrotape_testkit::{changes, mutagen_tags, tree_snapshot};

use crate::collection::track;
use crate::convert::playlist_titles;
use crate::home::{Home, list};

#[test]
fn profiles_are_listed_shown_and_begun() {
    let home = Home::new();
    let all = home.json("player list");
    let names: Vec<&str> = list(&all, "/profiles").iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.len() >= 16 && names.contains(&"rockbox") && names[0] == "generic", "{names:?}");
    assert!(home.well("player list").out.contains("Rockbox"));
    let shown = home.well("player show sony-walkman").out;
    assert!(shown.contains("[playlists]") && shown.contains("Sony NW-A306"), "{shown}");
    assert_eq!(home.run("player show nobody").code, 1);

    home.well("player new my-radio --like car");
    assert_eq!(home.run("player new my-radio").code, 2, "it is there already");
    assert_eq!(home.run("player new ../evil").code, 2);
    let all = home.json("player list");
    let mine = list(&all, "/profiles").iter().find(|one| one["name"] == "my-radio").unwrap();
    assert_eq!(mine["extends"], "car");
    let shown = home.well("player show my-radio").out;
    assert!(shown.contains("large ones take minutes"), "what the car's profile advises holds: {shown}");
    // A file that cannot be used is named, and costs nothing else.
    let folder = all["folder"].as_str().unwrap().to_owned();
    fs::write(format!("{folder}/bad.toml"), "name = \"bad\"\ntitle = \"Bad\"\n[audio]\nmax_kbps = 9\n")
        .unwrap();
    let said = home.well("player list");
    assert!(said.err.contains("bad.toml") && said.err.contains("max_kbps"), "{said:?}");
    let said = home.run("convert --to ./player --profile bad");
    assert!(said.code != 0 && said.err.contains("max_kbps"), "{said:?}");
    for (wrong, says) in [
        ("[audio]\nmax_kbps = \"128k\"", "audio.max_kbps: "),
        ("[folders]\nmusic = \"Musik: neu\"", "folders.music: a folder cannot be called “Musik: neu”"),
    ] {
        fs::write(format!("{folder}/bad.toml"), format!("name = \"bad\"\ntitle = \"Bad\"\n{wrong}\n"))
            .unwrap();
        let said = home.run("convert --to ./player --profile bad");
        assert!(said.code != 0 && said.err.contains("bad.toml") && said.err.contains(says), "{said:?}");
    }
    // A generic of the user's own is for what is not recognised, and for what says that it extends it.
    fs::write(format!("{folder}/generic.toml"), "name = \"generic\"\n[cover]\nmax_side = 120\n").unwrap();
    for (name, side) in [("car", "500"), ("my-radio", "500"), ("generic", "120")] {
        let shown = home.run(&format!("player show {name}")).out;
        assert!(shown.contains(&format!("max_side = {side}\n")), "{name}: {shown}");
    }
}

#[test]
fn a_player_is_filled_by_its_profile_and_the_same_way_the_next_time() {
    let home = Home::with_wishes();
    let first = home.fill("wishes.zip --profile car");
    assert_eq!(first["plan"]["loudness"], "apply:-18");
    let lists: Vec<_> = fs::read_dir(home.player().join("Playlists")).unwrap().collect();
    assert!(!lists.is_empty());
    for playlist in lists {
        let path = playlist.unwrap().path();
        assert_eq!(path.extension().unwrap(), "m3u");
        let text = fs::read_to_string(&path).unwrap();
        // The mark tells readers of `.m3u` which letters follow.
        let text = text.trim_start_matches('\u{feff}');
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let file = path.parent().unwrap().join(line.replace('\\', "/"));
            assert!(line.starts_with("..\\Music\\") && file.is_file(), "{line}");
        }
    }
    // One level of folders, and nothing written the second time although nobody names the profile.
    assert!(home.mp3s().iter().all(|path| path.matches('/').count() == 2), "{:?}", home.mp3s());
    let again = home.fill("wishes.zip");
    assert_eq!((again["performed"]["written"].as_u64(), list(&again, "/plan/writes").len()), (Some(0), 0));
    let said = home.run("convert --to ./player --dry-run");
    assert!(said.out.contains("profile car, as before"), "{}", said.out);
}

#[test]
fn a_refused_plan_leaves_the_player_as_it_was_filled_before() {
    let home = Home::new();
    home.csv("two.csv", &[track("Ebb"), track("Slack")]);
    home.well("convert two.csv --from MUSIC --to ./player");
    home.csv("two.csv", &[track("Ebb")]);
    let before = tree_snapshot(&home.player()).unwrap();
    let said = home.run("convert two.csv --from MUSIC --to ./player --profile car");
    assert_eq!(said.code, 4, "a car's stick has no trash, and nobody can be asked: {said:?}");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
    let said = home.well("convert two.csv --from MUSIC --to ./player --dry-run");
    assert!(!said.out.contains("profile car") && said.out.contains("to the player's trash"), "{said:?}");
    // What is agreed to holds for the next run.
    home.well("convert two.csv --from MUSIC --to ./player --profile car --yes");
    let said = home.well("convert two.csv --from MUSIC --to ./player --dry-run");
    assert!(said.out.contains("profile car, as before"), "{said:?}");
}

#[test]
fn another_order_in_the_profile_is_made_on_a_player_that_is_filled() {
    let home = Home::with_wishes();
    let profile = |more: &str| {
        fs::create_dir_all(home.path("player/.ferrotape")).unwrap();
        let text = format!("name = \"mine\"\ntitle = \"Mine\"\nextends = \"generic\"\n{more}");
        fs::write(home.path("player/.ferrotape/profile.toml"), text).unwrap();
    };
    profile("");
    let line = "convert wishes.zip --from MUSIC --to ./player";
    home.run(line);
    let first = fs::File::options().write(true).open(home.player().join(&home.mp3s()[0])).unwrap();
    first.set_modified(SystemTime::now() + Duration::from_secs(86_400)).unwrap();
    drop(first);
    profile("[copy]\norder = \"modified\"\n");
    let planned = home.run(&format!("{line} --dry-run")).out;
    assert!(planned.contains("they will be put in order"), "{planned}");
    let done = home.run(line).out;
    assert!(done.contains("now in the order") && !done.contains("othing to change"), "{done}");
    let time = |path: &String| home.player().join(path).metadata().unwrap().modified().unwrap();
    assert!(home.mp3s().iter().map(time).is_sorted());
    let again = home.run(line).out;
    assert!(again.contains("Nothing to change"), "{again}");
}

#[test]
fn what_a_profile_says_of_sound_and_tags_is_so() {
    let home = Home::with_wishes();
    let profile = "name = \"odd\"\ntitle = \"Odd\"\n[audio]\nsample_rates = [48000]\nvbr = false\nmax_kbps = 192\n\
                   [tags]\nversion = \"2.4\"\ntext = \"utf8\"\nid3v1 = true\n[cover]\nembed = false\n\
                   [names]\ncharacters = \"ascii\"\n";
    fs::write(home.path("odd.toml"), profile).unwrap();
    home.fill("wishes.zip --profile ./odd.toml");
    assert!(!home.mp3s().is_empty());
    for path in home.mp3s() {
        assert!(path.is_ascii(), "{path}");
        let file = home.player().join(&path);
        let probe = Command::new("ffprobe")
            .args(["-v", "error", "-show_entries", "stream=sample_rate,codec_type", "-of", "csv=p=0"])
            .arg(&file)
            .output()
            .unwrap();
        let probe = String::from_utf8(probe.stdout).unwrap();
        assert_eq!(
            probe.trim().trim_end_matches(','),
            "audio,48000",
            "{path}: no other rate, and no picture"
        );
        let bytes = fs::read(&file).unwrap();
        assert_eq!(&bytes[..4], b"ID3\x04");
        assert_eq!(&bytes[bytes.len() - 128..][..3], b"TAG");
        let frames = Command::new("mpg123").args(["-v", "-t"]).arg(&file).output().unwrap();
        let told = String::from_utf8_lossy(&frames.stderr).into_owned();
        assert!(told.to_lowercase().contains("cbr192"), "{path}: {told}");
        assert!(!mutagen_tags(&file).unwrap().is_empty());
    }
}

#[test]
fn a_player_that_would_play_nothing_is_not_filled() {
    let home = Home::with_wishes();
    fs::create_dir_all(home.player().join("iPod_Control/iTunes")).unwrap();
    let said = home.run("convert wishes.zip --from MUSIC --to ./player");
    assert!(said.code != 0 && said.err.contains("database"), "{said:?}");
    assert!(!home.player().join(".ferrotape").exists());
    fs::create_dir_all(home.player().join(".rockbox")).unwrap();
    fs::write(home.player().join(".rockbox/rockbox-info.txt"), "Target: ipodvideo\n").unwrap();
    let said = home.run("convert wishes.zip --from MUSIC --to ./player");
    assert!(said.out.contains("profile rockbox"), "{}", said.out);
}

#[test]
fn of_lists_that_are_named_the_first_has_a_file() {
    let home = Home::new();
    home.csv("a.csv", &[track("Ebb")]);
    home.csv("b.csv", &[track("Flood")]);
    let profile = "name = \"one\"\ntitle = \"One\"\n[playlists]\nmax_playlists = 1\n";
    fs::write(home.path("one.toml"), profile).unwrap();
    home.well("import a.csv b.csv");
    for (lists, left_out) in [("--list a --list b", "b"), ("--list b --list a", "a")] {
        let line = format!("convert {lists} --from MUSIC --to ./player --profile ./one.toml --dry-run");
        let planned = home.json(&line);
        let names = list(&planned, "/plan/playlists_left_out");
        assert!(names.len() == 1 && names[0] == left_out, "{planned:#}");
    }
}

#[test]
fn lists_that_are_named_go_first_on_a_player_that_is_full_already() {
    let home = Home::new();
    home.csv("big.csv", &[track("Ebb"), track("Flood"), track("Slack")]);
    home.csv("gym.csv", &[track("Drum Shed"), track("March Home")]);
    home.well("import big.csv gym.csv");
    let few = |most: u32| {
        let profile = format!("name = \"few\"\ntitle = \"Few\"\n[folders]\nmax_tracks = {most}\n");
        fs::write(home.path("few.toml"), profile).unwrap();
    };
    few(3);
    home.well("convert --list big --from MUSIC --to ./player --profile ./few.toml");
    let line = "convert --list gym --list big --from MUSIC --to ./player --profile ./few.toml";
    let said = home.well(&format!("{line} --dry-run")).out;
    assert!(said.contains("`--delete` makes room for 2 files"), "{said}");
    assert!(said.contains("2 that would go for it:"), "{said}");
    assert_eq!(
        home.run(&format!("{line} --delete")).code,
        4,
        "music of yours is deleted only after your word"
    );
    home.well(&format!("{line} --delete --yes"));
    assert_eq!(playlist_titles(&home, "gym"), ["Drum Shed", "March Home"]);
    assert_eq!((playlist_titles(&home, "big"), home.mp3s().len()), (vec!["Ebb".to_owned()], 3));
    // A player that shows less than lies on it.
    few(2);
    let said = home.well(line).out;
    assert!(said.contains("This player shows at most 2 tracks; 1 more lies on it"), "{said}");
    assert!(said.contains("Ebb.mp3") && home.mp3s().len() == 3, "{said}");
}

#[test]
fn rockbox_says_on_which_model_it_runs() {
    for (target, profile, entries) in
        [("sansae200", "rockbox-small", 2000), ("sansaclipplus", "rockbox", 10_000)]
    {
        let home = Home::with_wishes();
        fs::create_dir_all(home.player().join(".rockbox")).unwrap();
        let info = format!("Target: {target}\nMemory: 32\n");
        fs::write(home.player().join(".rockbox/rockbox-info.txt"), info).unwrap();
        let said = home.run("convert wishes.zip --from MUSIC --to ./player");
        assert!(said.out.contains(&format!("(profile {profile},")), "{}", said.out);
        let shown = home.well(&format!("player show {profile}")).out;
        assert!(shown.contains(&format!("max_entries = {entries}")), "{shown}");
    }
}

#[test]
fn a_profile_begun_under_a_built_in_name_is_the_one_that_is_used() {
    let home = Home::with_wishes();
    let folder = home.json("player list")["folder"].as_str().unwrap().to_owned();
    for name in ["sony-walkman", "generic"] {
        home.well(&format!("player new {name} --like {name}"));
        let file = format!("{folder}/{name}.toml");
        let text = fs::read_to_string(&file).unwrap();
        let own = text
            .lines()
            .map(|line| if line.starts_with("# music =") { "music = \"Mine\"" } else { line })
            .collect::<Vec<_>>();
        fs::write(&file, own.join("\n")).unwrap();
    }
    assert!(list(&home.json("player list"), "/broken").is_empty());
    home.fill("wishes.zip --profile sony-walkman");
    assert!(home.mp3s().iter().any(|path| path.starts_with("Mine/")), "{:?}", home.mp3s());
    assert!(home.well("player show generic").out.contains("music = \"Mine\""));
    // The built-in one that it begins with extends the built-in one of its name, not itself.
    home.well("player new rockbox --like rockbox-small");
    assert!(home.well("player show rockbox").out.contains("name = \"rockbox\""));
}

#[test]
fn the_built_in_profile_does_not_stand_in_for_the_users_file_of_its_name() {
    let home = Home::with_wishes();
    let folder = home.json("player list")["folder"].as_str().unwrap().to_owned();
    home.fill("wishes.zip --profile sony-walkman");
    fs::create_dir_all(&folder).unwrap();
    let text = "name = \"sony-walkman\"\nextends = \"sony-walkman\"\n[cover]\nmax_side = 5\n";
    fs::write(format!("{folder}/mine.toml"), text).unwrap();
    for run in
        ["convert --to ./player --profile sony-walkman", "convert --to ./player", "player show sony-walkman"]
    {
        let said = home.run(run);
        assert!(
            said.code != 0 && said.err.contains("mine.toml") && said.err.contains("max_side"),
            "{run}: {said:?}"
        );
    }
    let said = home.run("convert --to ./player --dry-run --profile rockbox");
    assert!(said.out.contains("(profile rockbox, as you said)"), "{said:?}");
}

#[test]
fn a_players_own_profile_that_cannot_be_read_is_never_passed_over() {
    let home = Home::with_wishes();
    let own = home.player().join(".ferrotape/profile.toml");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    let utf16: Vec<u8> = "\u{feff}name = \"mine\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, word) in [
        (&b"name = \"mine\"\ntitle = \"M\xfcnchner Radio\"\nextends = \"car\"\n"[..], "it is not UTF-8"),
        (&utf16[..], "it is not UTF-8"),
        (&[b'#'; 100_000][..], "it has 100000 bytes"),
    ] {
        fs::write(&own, bytes).unwrap();
        let refused = home.run("convert wishes.zip --from MUSIC --to ./player --dry-run");
        assert!(refused.code == 1 && refused.err.contains(word), "{refused:?}");
        assert!(refused.err.contains(".ferrotape/profile.toml cannot be used"), "{refused:?}");
    }
    fs::write(&own, "\u{feff}name = \"mine\"\ntitle = \"Münchner Radio\"\nextends = \"car\"\n").unwrap();
    let said = home.run("convert wishes.zip --from MUSIC --to ./player --dry-run");
    assert!(said.out.contains("profile mine, which lies on the player"), "{said:?}");
}
