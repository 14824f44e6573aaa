//! Podcasts and audiobooks on the player, judged by ffprobe, mutagen and mpg123.

use std::fs;
use std::path::Path;
use std::process::Command;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{
    Export, ExportPlaylist, MadeTrack, PlayedRow, Row, Sound, decoded_samples_ffmpeg, decoded_samples_mpg123,
    make_music, mp3val_clean, mutagen_tags,
};
use serde_json::{Value, json};

use crate::home::{Home, files_below, list, outcome_of, row_of, text};

const SHOW: &str = "Low Tide";

/// An episode of `Low Tide` in a folder of podcasts, a few seconds long.
fn episode(number: u32, day: &str, title: &str) -> MadeTrack {
    let track = MadeTrack::new("Harbour Radio", SHOW, number, title).format(AudioFormat::Mp3);
    MadeTrack { date: Some(day.to_owned()), genre: Some("Podcast".to_owned()), ..track }
        .seconds(3.0)
        .at(&format!("Talk/{number:02}.mp3"))
}

fn episodes(home: &Home) {
    let tracks = [
        episode(1, "2024-03-05", "#1 – Harbour"),
        episode(2, "2024-03-12", "#2 – Gulls"),
        episode(3, "2024-03-19", "#3 – Fog"),
        episode(4, "2024-03-26", "#4 – Salt"),
    ];
    make_music(&home.path("music"), &tracks).unwrap();
}

/// The bytes of the fourth of them with the same sound and names, and an empty ID3v1 tag.
fn tagged_anew(home: &Home) -> Vec<u8> {
    let mut bytes = fs::read(home.path("music/Talk/04.mp3")).unwrap();
    bytes.extend(b"TAG");
    bytes.extend([0; 124]);
    bytes.push(255);
    bytes
}

/// What the account's own lists say: podcasts, episodes, and audiobooks with their authors.
fn saved(home: &Home, shows: &[&str], episodes: &[&str], books: &[(&str, &str)]) {
    let shows: Vec<Value> =
        shows.iter().map(|name| json!({ "name": name, "publisher": "Harbour Radio" })).collect();
    let episodes: Vec<Value> = episodes.iter().map(|name| json!({ "name": name, "show": SHOW })).collect();
    let books: Vec<Value> =
        books.iter().map(|(name, author)| json!({ "name": name, "author": author })).collect();
    let library = json!({
        "tracks": [], "albums": [], "shows": shows, "episodes": episodes, "bannedTracks": [], "artists": [],
        "bannedArtists": [], "other": [], "audiobooks": books,
    });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
}

fn playlist(rows: Vec<Row>) -> Export {
    Export { playlists: vec![ExportPlaylist { name: "Walk".to_owned(), rows }], ..Export::default() }
}

fn talk(title: &str) -> Row {
    Row::Episode { show: SHOW.to_owned(), title: title.to_owned() }
}

/// A player whose own profile adds `more` to the generic one.
fn player_with(home: &Home, more: &str) {
    let folder = home.player().join(".ferrotape");
    fs::create_dir_all(&folder).unwrap();
    let profile = format!("name = \"mine\"\ntitle = \"Mine\"\n{more}");
    fs::write(folder.join("profile.toml"), profile).unwrap();
}

/// A book of 210 seconds in one file with three chapters, and the seconds at which they begin.
fn book(home: &Home) -> [u64; 3] {
    let starts = [0, 70, 135];
    let mut said =
        ";FFMETADATA1\ntitle=Salt\nalbum=Salt (Unabridged)\nartist=Mara Quill\ncomposer=Oda Brenn\ndate=2019\n".to_owned();
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).unwrap_or(&210);
        let title = ["The Fog", "The Boat", "The Shore"][at];
        said += &format!("[CHAPTER]\nTIMEBASE=1/1\nSTART={start}\nEND={end}\ntitle={title}\n");
    }
    fs::create_dir_all(home.path("music/Books")).unwrap();
    let (wav, words) = (home.path("book.wav"), home.path("book.txt"));
    Sound { channels: 1, sample_rate: 22_050, samples: 22_050 * 210, ..Sound::of_seconds(5, 1.0) }
        .write_wav(&wav)
        .unwrap();
    fs::write(&words, said).unwrap();
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i", text(&wav), "-i", text(&words), "-map", "0:a", "-map_metadata", "1"]);
    ffmpeg.args(["-map_chapters", "1", "-c:a", "aac", "-b:a", "48k"]).arg(home.path("music/Books/salt.m4b"));
    assert!(ffmpeg.status().unwrap().success());
    starts
}

/// Start, end (whole seconds, rounded) and title of the chapters, as ffprobe shows them.
fn chapters(path: &Path) -> Vec<(u64, u64, String)> {
    let shown =
        ["-v", "error", "-show_entries", "chapter=start_time,end_time:chapter_tags=title", "-of", "csv=p=0"];
    let output = Command::new("ffprobe").args(shown).arg(path).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let chapter = |line: &str| {
        let mut parts = line.splitn(3, ',');
        let mut second = || parts.next().unwrap().parse::<f64>().unwrap().round() as u64;
        let (start, end) = (second(), second());
        (start, end, parts.next().unwrap_or_default().to_owned())
    };
    lines.lines().filter(|line| !line.is_empty()).map(chapter).collect()
}

fn convert(home: &Home, more: &str) -> Value {
    let last = home.json(&format!("convert {more} --from music --to ./player"));
    assert_eq!(last["event"], "result", "{last:#}");
    last
}

fn written(last: &Value) -> u64 {
    last["performed"]["written"].as_u64().unwrap_or_else(|| panic!("nothing performed: {last:#}"))
}

#[test]
fn a_podcast_arrives_in_the_order_of_its_days_and_stays() {
    let home = Home::new();
    episodes(&home);
    saved(&home, &[SHOW], &["#2 – Gulls", "#9 – Ice"], &[]);
    let last = convert(&home, "YourLibrary.json");
    let show = row_of(&last["report"], SHOW);
    assert_eq!(
        (&show["outcome"], &show["says"]),
        (&"on_player".into(), &"Podcasts/Low Tide (4 tracks)".into()),
        "{show}"
    );
    assert_eq!(
        row_of(&last["report"], "#2 – Gulls")["says"],
        "Podcasts/Low Tide/2024-03-12 - #2 – Gulls.mp3"
    );
    let ice = row_of(&last["report"], "#9 – Ice");
    let why = "no file of it in your folders, which hold 4 files of this podcast";
    assert_eq!((&ice["outcome"], &ice["says"]), (&"not_in_sources".into(), &why.into()), "{ice}");
    let there: Vec<String> = home.mp3s();
    assert_eq!(there.first().unwrap(), "Podcasts/Low Tide/2024-03-05 - #1 – Harbour.mp3", "{there:?}");
    assert_eq!(there.len(), 4);
    let path = home.player().join(&there[0]);
    mp3val_clean(&path).unwrap();
    let tags = mutagen_tags(&path).unwrap();
    for (frame, value) in
        [("TCON", "Podcast"), ("TALB", SHOW), ("TIT2", "#1 – Harbour"), ("TPE1", "Harbour Radio")]
    {
        assert_eq!(tags[frame], [value], "{tags:?}");
    }
    assert!(tags.contains_key("PCST"), "{tags:?}");
    assert!(tags["TDRC"][0].starts_with("2024"), "{tags:?}");
    assert_eq!(written(&convert(&home, "YourLibrary.json")), 0, "nothing is new");
    let why = home.well("explain Gulls").out;
    assert!(why.contains("same title") && why.contains("same podcast, as its album says"), "{why}");
    let file = home.run_with("explain --file", &["music/Talk/02.mp3"]);
    assert!(file.out.contains("Gulls"), "{file:?}");
}

#[test]
fn what_is_unsure_is_asked_and_an_answer_holds() {
    let home = Home::new();
    let one = episode(1, "2024-03-05", "Harbour");
    let mut other = episode(2, "2024-03-05", "Harbour").seconds(9.0);
    other.track = 0;
    make_music(&home.path("music"), &[one, other]).unwrap();
    home.zip("walk.zip", &playlist(vec![talk("Harbour")]));
    let last = convert(&home, "walk.zip");
    let row = row_of(&last["report"], "Harbour");
    assert_eq!(row["outcome"], "needs_review", "{row}");
    assert_eq!(row["says"], "two different files have its title and its show");
    let number = row["number"].as_i64().unwrap();
    let asked = home.json("review --list");
    assert_eq!(list(&asked, "/cases/0/candidates").len(), 2, "{asked:#}");
    home.well(&format!("review --pick {number}=2"));
    let last = convert(&home, "walk.zip");
    assert_eq!(outcome_of(&last["report"], "Harbour"), "on_player", "{last:#}");
    let seconds = decoded_samples_ffmpeg(&home.player().join(&home.mp3s()[0])).unwrap() / 44_100;
    assert_eq!(seconds, 9, "the second candidate");
    home.well(&format!("review --none {number}"));
    convert(&home, "walk.zip");
    let seconds = decoded_samples_ffmpeg(&home.player().join(&home.mp3s()[0])).unwrap() / 44_100;
    assert_eq!(seconds, 3, "only one is left that fits");
    home.well(&format!("review --leave-out {number}"));
    let last = convert(&home, "walk.zip");
    assert_eq!(outcome_of(&last["report"], "Harbour"), "left_out", "{last:#}");
}

#[test]
fn a_book_in_one_file_keeps_its_chapters_or_is_cut_at_them() {
    let home = Home::new();
    let starts = book(&home);
    saved(&home, &[], &[], &[("Salt", "Mara Quill")]);
    let last = convert(&home, "YourLibrary.json");
    let row = row_of(&last["report"], "Salt");
    assert_eq!(row["says"], "Audiobooks/Mara Quill/Salt (Unabridged)/Salt.mp3", "{row}");
    let whole = home.player().join(row["says"].as_str().unwrap());
    let shown = chapters(&whole);
    let titles: Vec<&str> = shown.iter().map(|(_, _, title)| title.as_str()).collect();
    assert_eq!(titles, ["The Fog", "The Boat", "The Shore"]);
    assert_eq!(shown.iter().map(|(start, ..)| *start).collect::<Vec<_>>(), starts);
    let tags = mutagen_tags(&whole).unwrap();
    assert_eq!((&tags["TCON"][0][..], &tags["TCOM"][0][..]), ("Audiobook", "Oda Brenn"));
    let samples = decoded_samples_ffmpeg(&whole).unwrap();

    // The same player, from now on cut at chapters.
    player_with(&home, "[audiobooks]\nsplit = \"chapters\"\n");
    let last = convert(&home, "YourLibrary.json");
    let row = row_of(&last["report"], "Salt");
    assert_eq!(row["says"], "Audiobooks/Mara Quill/Salt (Unabridged) (3 tracks)", "{last:#}");
    let there = home.mp3s();
    let named = ["01 - The Fog", "02 - The Boat", "03 - The Shore"];
    let named = named.map(|name| format!("Audiobooks/Mara Quill/Salt (Unabridged)/{name}.mp3"));
    assert_eq!(there, named, "the whole is gone, the parts are there");
    let mut sum = 0;
    for (path, number) in there.iter().zip(1..) {
        let path = home.player().join(path);
        mp3val_clean(&path).unwrap();
        assert_eq!(chapters(&path), [], "one chapter needs no table");
        let own = decoded_samples_ffmpeg(&path).unwrap();
        assert_eq!(decoded_samples_mpg123(&path).unwrap(), own);
        sum += own;
        let tags = mutagen_tags(&path).unwrap();
        assert_eq!(tags["TRCK"], [number.to_string()]);
        assert_eq!((&tags["TALB"][0][..], &tags["TPE1"][0][..]), ("Salt (Unabridged)", "Mara Quill"));
    }
    assert_eq!(sum, samples, "together they are the whole, to the sample");
    assert_eq!(written(&convert(&home, "YourLibrary.json")), 0, "nothing is new");
    // Its disk is away: the parts stay.
    fs::rename(home.path("music"), home.path("away")).unwrap();
    fs::create_dir(home.path("music")).unwrap();
    home.run("convert YourLibrary.json --to ./player");
    assert_eq!(home.mp3s(), named);
}

#[test]
fn pieces_by_minutes_carry_the_chapters_that_lie_in_them() {
    let home = Home::new();
    book(&home);
    saved(&home, &[], &[], &[("Salt", "Mara Quill")]);
    player_with(&home, "[audiobooks]\nsplit = \"minutes\"\nsplit_minutes = 2\n");
    convert(&home, "YourLibrary.json");
    let there = home.mp3s();
    let folder = "Audiobooks/Mara Quill/Salt (Unabridged)";
    assert_eq!(there, [format!("{folder}/01 - The Fog.mp3"), format!("{folder}/02 - The Shore.mp3")]);
    let first = chapters(&home.player().join(&there[0]));
    assert_eq!(first, [(0, 70, "The Fog".to_owned()), (70, 135, "The Boat".to_owned())]);
    assert_eq!(written(&convert(&home, "YourLibrary.json")), 0, "nothing is new");
}

#[test]
fn a_long_mp3_episode_is_cut_between_frames_and_its_playlist_lists_the_parts() {
    let home = Home::new();
    let long = episode(1, "2024-03-05", "Harbour").seconds(200.0);
    make_music(&home.path("music"), &[long]).unwrap();
    home.zip("walk.zip", &playlist(vec![talk("Harbour")]));
    player_with(&home, "[podcasts]\nsplit = \"minutes\"\nsplit_minutes = 1\n");
    let last = convert(&home, "walk.zip");
    assert_eq!(outcome_of(&last["report"], "Harbour"), "on_player", "{last:#}");
    let there = home.mp3s();
    let folder = "Podcasts/Low Tide/2024-03-05 - Harbour";
    let named = ["01 - Harbour (1-3)", "02 - Harbour (2-3)", "03 - Harbour (3-3)"];
    assert_eq!(there, named.map(|name| format!("{folder}/{name}.mp3")));
    let parts: u64 =
        there.iter().map(|path| decoded_samples_ffmpeg(&home.player().join(path)).unwrap()).sum();
    assert_eq!(parts, decoded_samples_ffmpeg(&home.path("music/Talk/01.mp3")).unwrap());
    let lists: Vec<String> =
        files_below(&home.player()).into_iter().filter(|path| path.ends_with(".m3u8")).collect();
    let text = fs::read_to_string(home.player().join(&lists[0])).unwrap();
    let listed: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(listed, there.iter().map(|path| format!("../{path}")).collect::<Vec<_>>());
    assert_eq!(written(&convert(&home, "walk.zip")), 0, "nothing is new");
}

#[test]
fn a_book_as_a_folder_of_files_is_whole_or_asked_about() {
    let home = Home::new();
    let part = |disc: u32, number: u32, title: &str| {
        let track = MadeTrack::new("Mara Quill", "Ebb", number, title).format(AudioFormat::Mp3).seconds(2.0);
        MadeTrack { disc: Some(disc), ..track }.at(&format!("Audiobooks/Ebb/CD {disc}/{number}.mp3"))
    };
    let parts = [part(1, 1, "Dawn"), part(1, 2, "Noon"), part(2, 2, "Night")];
    make_music(&home.path("music"), &parts).unwrap();
    saved(&home, &[], &[], &[("Ebb", "Mara Quill")]);
    let last = convert(&home, "YourLibrary.json");
    let row = row_of(&last["report"], "Ebb");
    assert_eq!(
        (&row["outcome"], &row["says"]),
        (&"needs_review".into(), &"part 1 of 2 is missing".into()),
        "{row}"
    );
    make_music(&home.path("music"), &[part(2, 1, "Dusk")]).unwrap();
    let last = convert(&home, "YourLibrary.json");
    assert_eq!(row_of(&last["report"], "Ebb")["says"], "Audiobooks/Mara Quill/Ebb (4 tracks)", "{last:#}");
    let titles = ["01 - Dawn", "02 - Noon", "03 - Dusk", "04 - Night"];
    assert_eq!(home.mp3s(), titles.map(|title| format!("Audiobooks/Mara Quill/Ebb/{title}.mp3")));
    assert_eq!(written(&convert(&home, "YourLibrary.json")), 0, "nothing is new");
}

#[test]
fn a_book_is_not_its_first_disc_alone_wherever_the_discs_lie() {
    let home = Home::new();
    let part = |disc: u32, number: u32, title: &str| {
        let album = format!("Ebb (Disc {disc})");
        let track = MadeTrack::new("Mara Quill", &album, number, title).format(AudioFormat::Mp3);
        track.seconds(2.0).at(&format!("Audiobooks/part {disc}/{number}.mp3"))
    };
    make_music(&home.path("music"), &[part(1, 1, "Dawn"), part(1, 2, "Noon")]).unwrap();
    saved(&home, &[], &[], &[("Ebb", "Mara Quill")]);
    let row = row_of(&convert(&home, "YourLibrary.json")["report"], "Ebb").clone();
    let why = "all of it here is disc 1, and nothing says how many discs there are";
    assert_eq!((&row["outcome"], &row["says"]), (&"needs_review".into(), &why.into()), "{row}");
    make_music(&home.path("music"), &[part(2, 1, "Dusk"), part(2, 2, "Night")]).unwrap();
    let last = convert(&home, "YourLibrary.json");
    assert_eq!(outcome_of(&last["report"], "Ebb"), "on_player", "{last:#}");
    let titles: Vec<String> =
        home.mp3s().iter().map(|path| path.rsplit('/').next().unwrap().into()).collect();
    assert_eq!(titles, ["01 - Dawn.mp3", "02 - Noon.mp3", "03 - Dusk.mp3", "04 - Night.mp3"]);
}

#[test]
fn only_the_newest_unplayed_are_kept_but_what_is_on_a_playlist_is_meant() {
    let home = Home::new();
    episodes(&home);
    saved(&home, &[SHOW], &["#1 – Harbour", "#3 – Fog", "#4 – Salt"], &[]);
    home.well("import YourLibrary.json");
    let heard = |title: &str, played_ms| PlayedRow {
        row: talk(title),
        ended_at: "2025-01-01T10:00:00Z".to_owned(),
        played_ms,
    };
    // Of three seconds; the third was heard to the end, the fourth begun.
    let plays = vec![heard("#3 – Fog", 2_900), heard("#4 – Salt", 800)];
    home.zip("plays.zip", &Export { plays, ..playlist(vec![talk("#1 – Harbour")]) });
    home.well("import plays.zip");
    assert_eq!(written(&convert(&home, "")), 4, "everything, as long as nobody says otherwise");

    let plan = home.well("convert --newest 1 --from music --to ./player --dry-run --yes").out;
    assert!(plan.contains("2 episodes held back"), "{plan}");
    let last = convert(&home, "--newest 1");
    assert_eq!(last["plan"]["held_back"], 2);
    let report = &last["report"];
    assert_eq!(row_of(report, SHOW)["outcome"], "on_player", "{report:#}");
    let fog = row_of(report, "#3 – Fog");
    assert_eq!(fog["outcome"], "left_out", "{fog}");
    assert_eq!(fog["says"], "you have heard it, and only the newest unplayed episode of Low Tide is kept");
    assert_eq!(outcome_of(report, "#1 – Harbour"), "on_player", "it is on a playlist");
    let sum: u64 =
        report["outcomes"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(Some(sum), report["items"].as_u64());
    let there = home.mp3s();
    let named = ["2024-03-05 - #1 – Harbour", "2024-03-26 - #4 – Salt"];
    assert_eq!(there, named.map(|name| format!("Podcasts/Low Tide/{name}.mp3")));

    // Said of the list it holds without a word.
    assert_eq!(home.run_with("policy --newest 2", &["Walk"]).code, 1, "a playlist stays whole");
    assert_eq!(home.run_with("policy --newest 2", &["Saved Shows"]).code, 0);
    assert!(home.well("policy").out.contains("the newest 2 episodes"));
    let last = convert(&home, "");
    assert_eq!(
        written(&last),
        2,
        "the second, and the third for the saved episodes, which say nothing: {last:#}"
    );
}

#[test]
fn an_episode_whose_file_is_gone_is_one_of_the_newest_until_it_was_heard_or_is_gone_for_good() {
    let home = Home::new();
    episodes(&home);
    saved(&home, &[SHOW], &[], &[]);
    home.well("import YourLibrary.json");
    convert(&home, "--newest 2");
    let on_player = |named: &[&str]| -> Vec<String> {
        named.iter().map(|name| format!("Podcasts/Low Tide/2024-{name}.mp3")).collect()
    };
    assert_eq!(home.mp3s(), on_player(&["03-19 - #3 – Fog", "03-26 - #4 – Salt"]));
    let row = talk("#3 – Fog");
    let plays = vec![PlayedRow { row, ended_at: "2025-01-01T10:00:00Z".to_owned(), played_ms: 2_900 }];
    home.zip("plays.zip", &Export { plays, ..Export::default() });
    home.well("import plays.zip");
    fs::remove_file(home.path("music/Talk/03.mp3")).unwrap();
    fs::remove_file(home.path("music/Talk/04.mp3")).unwrap();

    let last = convert(&home, "--newest 1");
    assert_eq!(home.mp3s(), on_player(&["03-26 - #4 – Salt"]), "{last:#}");
    assert_eq!(outcome_of(&last["report"], SHOW), "on_player", "{last:#}");
    assert_eq!(last["plan"]["held_back"], 2, "the two at hand are older: {last:#}");

    home.run("doctor --gone music/Talk/04.mp3");
    let last = convert(&home, "--newest 1");
    assert_eq!(home.mp3s(), on_player(&["03-12 - #2 – Gulls"]), "{last:#}");
}

#[test]
fn what_was_not_heard_stays_where_all_others_were_although_the_user_said_which_files_they_are() {
    let home = Home::new();
    episodes(&home);
    saved(&home, &[SHOW], &[], &[]);
    home.well("import YourLibrary.json");
    let number = row_of(&convert(&home, "--newest 1")["report"], SHOW)["number"].as_i64().unwrap();
    home.well(&format!("review --file {number}=music/Talk/01.mp3"));
    let heard = |title: &str| PlayedRow {
        row: talk(title),
        ended_at: "2025-01-01T10:00:00Z".to_owned(),
        played_ms: 2_900,
    };
    let plays = ["#1 – Harbour", "#2 – Gulls", "#3 – Fog"].map(heard).to_vec();
    home.zip("plays.zip", &Export { plays, ..Export::default() });
    home.well("import plays.zip");
    fs::remove_file(home.path("music/Talk/04.mp3")).unwrap();
    let last = convert(&home, "--newest 1");
    assert_eq!(home.mp3s(), ["Podcasts/Low Tide/2024-03-26 - #4 – Salt.mp3"], "{last:#}");
    assert_eq!(outcome_of(&last["report"], SHOW), "on_player", "{last:#}");
    home.well(&format!("review --leave-out {number}"));
    let last = convert(&home, "--newest 1 --yes");
    assert!(home.mp3s().is_empty(), "{last:#}");
}

#[test]
fn what_a_playlist_names_is_not_counted_as_held_back_for_what_is_only_on_the_player() {
    let home = Home::new();
    episodes(&home);
    saved(&home, &[SHOW], &[], &[]);
    home.zip("walk.zip", &playlist(vec![talk("#3 – Fog")]));
    home.well("import YourLibrary.json");
    home.well("import walk.zip");
    convert(&home, "--newest 1");
    let there = home.mp3s();
    assert_eq!(there.len(), 2, "{there:?}");
    fs::remove_file(home.path("music/Talk/04.mp3")).unwrap();
    let last = convert(&home, "--newest 1");
    assert_eq!((home.mp3s(), &last["plan"]["held_back"]), (there, &json!(2)), "{last:#}");
}

#[test]
fn an_episode_that_is_tagged_anew_under_another_name_is_not_one_more_of_the_newest() {
    let home = Home::new();
    episodes(&home);
    saved(&home, &[SHOW], &[], &[]);
    home.well("import YourLibrary.json");
    convert(&home, "--newest 2");
    let there = home.mp3s();
    assert_eq!(there.len(), 2);
    fs::write(home.path("music/Talk/salt.mp3"), tagged_anew(&home)).unwrap();
    fs::remove_file(home.path("music/Talk/04.mp3")).unwrap();
    let last = convert(&home, "--newest 2");
    assert_eq!((home.mp3s(), list(&last, "/plan/removals").len()), (there, 0), "{last:#}");
}

#[test]
fn an_episode_that_was_heard_goes_also_where_it_was_tagged_anew() {
    let home = Home::new();
    episodes(&home);
    saved(&home, &[SHOW], &[], &[]);
    home.well("import YourLibrary.json");
    convert(&home, "--newest 2");
    let row = talk("#4 – Salt");
    let plays = vec![PlayedRow { row, ended_at: "2025-01-01T10:00:00Z".to_owned(), played_ms: 2_900 }];
    home.zip("plays.zip", &Export { plays, ..Export::default() });
    home.well("import plays.zip");
    fs::write(home.path("music/Talk/04.mp3"), tagged_anew(&home)).unwrap();
    let last = convert(&home, "--newest 2");
    let named = ["03-12 - #2 – Gulls", "03-19 - #3 – Fog"];
    assert_eq!(home.mp3s(), named.map(|name| format!("Podcasts/Low Tide/2024-{name}.mp3")), "{last:#}");
}

#[test]
fn of_episodes_of_one_title_that_are_only_on_the_player_none_goes_because_one_was_heard() {
    let home = Home::new();
    episodes(&home);
    let news = |day: u32| MadeTrack {
        date: Some(format!("2024-04-0{day}")),
        genre: Some("Podcast".to_owned()),
        ..MadeTrack::new("Harbour Radio", SHOW, 0, "News")
            .format(AudioFormat::Mp3)
            .seconds(2.0 + f64::from(day))
    };
    let news = [1, 2].map(|day| news(day).at(&format!("Talk/news {day}.mp3")));
    make_music(&home.path("music"), &news).unwrap();
    saved(&home, &[SHOW], &[], &[]);
    home.well("import YourLibrary.json");
    convert(&home, "--newest 6");
    let of_the_second = "Podcasts/Low Tide/2024-04-02 - News.mp3".to_owned();
    assert!(home.mp3s().contains(&of_the_second), "{:?}", home.mp3s());
    let row = talk("News");
    let plays = vec![PlayedRow { row, ended_at: "2025-01-01T10:00:00Z".to_owned(), played_ms: 4_000 }];
    home.zip("plays.zip", &Export { plays, ..Export::default() });
    home.well("import plays.zip");
    fs::remove_file(home.path("music/Talk/news 2.mp3")).unwrap();
    let last = convert(&home, "--newest 6");
    assert!(home.mp3s().contains(&of_the_second), "{last:#}");
}

#[test]
fn names_alone_and_the_flag_of_a_podcast_are_read() {
    let home = Home::new();
    let bare = MadeTrack { artist: String::new(), ..MadeTrack::new("", "", 0, "") };
    let bare = bare.format(AudioFormat::Mp3).seconds(2.0).at("Podcasts/Low_Tide/2024-03-05 - Harbour.mp3");
    make_music(&home.path("music"), &[bare]).unwrap();
    saved(&home, &[SHOW], &[], &[]);
    player_with(&home, "[podcasts]\ngenre = \"\"\n");
    convert(&home, "YourLibrary.json");
    assert_eq!(home.mp3s(), ["Podcasts/Low Tide/2024-03-05 - Harbour.mp3"]);
    let ours = home.player().join(&home.mp3s()[0]);
    let tags = mutagen_tags(&ours).unwrap();
    assert!(!tags.contains_key("TCON") && tags.contains_key("PCST"), "{tags:?}");
    assert_eq!((&tags["TIT2"][0][..], &tags["TALB"][0][..]), ("Harbour", SHOW));
    // Somewhere else its flag alone says what it is.
    fs::create_dir(home.path("loose")).unwrap();
    fs::copy(&ours, home.path("loose/a.mp3")).unwrap();
    let last = home.json("convert YourLibrary.json --from loose --to other");
    assert_eq!(
        row_of(&last["report"], SHOW)["says"],
        "Podcasts/Low Tide/2024-03-05 - Harbour.mp3",
        "{last:#}"
    );
}

#[test]
fn what_is_tagged_anew_where_it_lies_is_on_the_player_once() {
    let home = Home::new();
    episodes(&home);
    make_music(
        &home.path("music"),
        &[MadeTrack::new("Mara Quill", "Ebb", 1, "Dawn").format(AudioFormat::Mp3).at("Audiobooks/Ebb/1.mp3")],
    )
    .unwrap();
    saved(&home, &[SHOW], &[], &[("Ebb", "Mara Quill")]);
    convert(&home, "YourLibrary.json");
    assert_eq!(home.mp3s().len(), 5, "{:?}", home.mp3s());
    // The same sound under another title; and another episode in the place of one.
    let anew = MadeTrack { title: "#2 – The Gulls".to_owned(), ..episode(2, "2024-03-12", "#2 – Gulls") };
    make_music(&home.path("music"), &[anew, episode(3, "2024-04-02", "#5 – Ice").seconds(5.0)]).unwrap();
    let book =
        MadeTrack::new("Mara Quill", "Ebb", 1, "Dawn").format(AudioFormat::Mp3).at("Audiobooks/Ebb/1.mp3");
    make_music(&home.path("music"), &[MadeTrack { date: Some("2011".to_owned()), ..book }]).unwrap();
    let last = convert(&home, "YourLibrary.json");
    let titles = [
        "03-05 - #1 – Harbour",
        "03-12 - #2 – The Gulls",
        "03-19 - #3 – Fog",
        "03-26 - #4 – Salt",
        "04-02 - #5 – Ice",
    ];
    let mut there = vec!["Audiobooks/Mara Quill/Ebb/Dawn.mp3".to_owned()];
    there.extend(titles.map(|title| format!("Podcasts/Low Tide/2024-{title}.mp3")));
    assert_eq!(home.mp3s(), there, "what has no source now stays, what was tagged anew does not: {last:#}");
    assert_eq!(written(&convert(&home, "YourLibrary.json")), 0, "nothing is new");
}
