//! What came as one thing and is another, or several: it is judged in the run that fetched it, and nothing else waits behind it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use ferrotape_testkit::fake_podcasts::{FakePodcasts, FakeShow};
use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, Track, mutagen_frames};
use serde_json::{Value, json};

use crate::collection::music;
use crate::elsewhere::{HELD, Held, Server, outcome, subsonic};
use crate::elsewhere_care::with_little;
use crate::home::{Home, files_below, list, text};
use crate::podcasts::{five_seconds, opml};

const EBB: &str = "Mara Quill/Low Water/01 Ebb.flac";
const OTHER: &str = "Nordlys/Aurora/04 Polar Night.flac";
const UNTAGGED: &str = "Nordlys/Aurora/03 - Ice Road.flac";

/// What a server lists: a title, the file of the collection that it gives as that, and how many seconds that lasts.
type Row = (&'static str, &'static str, u32);

/// The album that a title is of; with a guest it is of another.
fn album_of(title: &str) -> &'static str {
    if title.contains("feat.") { "Best Of" } else { "Low Water" }
}

fn serving(rows: &'static [Row]) -> Server {
    serving_as(rows, |_| 1)
}

/// The same, with the number on the album that it gives each row.
fn serving_as(rows: &'static [Row], number: fn(usize) -> usize) -> Server {
    let http = HttpServer::start(move |request| answered(request, rows, number));
    Server { http: http.unwrap(), down: Arc::default() }
}

/// One that names the artist of each album as well.
fn naming_album_artists(rows: &'static [Row]) -> Server {
    let http = HttpServer::start(move |request| {
        let mut answer = answered(request, rows, |_| 1);
        if request.path().contains("search3") {
            let said = String::from_utf8(answer.body).unwrap();
            answer.body = said.replace("\"albumArtist\"", "\"displayAlbumArtist\"").into_bytes();
        }
        answer
    });
    Server { http: http.unwrap(), down: Arc::default() }
}

fn answered(request: &HttpRequest, rows: &[Row], number: fn(usize) -> usize) -> HttpAnswer {
    let read = |file: &str| fs::read(music().join(file)).unwrap();
    let is = |call: &str| request.path().contains(call);
    if is("download") || is("stream") {
        let id = request.parameter("id").unwrap();
        let (_, file, _) = rows[id.parse::<usize>().unwrap()];
        return HttpAnswer::file("audio/flac", &format!("\"{id}\""), read(file));
    }
    if is("search3") && request.parameter("songOffset").is_none_or(|offset| offset == "0") {
        let song = |(at, (title, file, seconds)): (usize, &Row)| {
            json!({
                "id": at.to_string(), "title": title, "artist": "Mara Quill", "album": album_of(title),
                "albumArtist": "Mara Quill", "track": number(at), "discNumber": 1, "duration": seconds,
                "size": read(file).len(), "suffix": "flac", "contentType": "audio/flac", "isDir": false,
                "path": format!("Mara Quill/Low Water/{title}.flac"), "type": "music",
            })
        };
        let songs: Vec<Value> = rows.iter().enumerate().map(song).collect();
        let answer = json!({ "status": "ok", "version": "1.16.1", "type": "made-up", "openSubsonic": true,
            "searchResult3": { "song": songs } });
        return HttpAnswer::json(&json!({ "subsonic-response": answer }));
    }
    subsonic(request, &HELD)
}

fn fetched(server: &Server) -> usize {
    let of_a_file = |asked: &String| asked.contains("download") || asked.contains("stream");
    server.http.asked().iter().filter(|asked| of_a_file(asked)).count()
}

#[test]
fn one_servers_wrong_file_does_not_stand_before_the_others() {
    let (wrong, right) = (serving(&[("Ebb", OTHER, 2)]), serving(&[("Ebb", EBB, 2)]));
    let home = with_little(&["Ebb"]);
    wrong.add_as(&home, "first");
    right.add_as(&home, "second");
    for run in 1..=2 {
        let last = home.json("convert a.csv --from own --to ./player");
        assert_eq!(outcome(&last, "Ebb")["outcome"], "on_player", "{run}: {last:#}");
        assert_eq!((fetched(&wrong), fetched(&right)), (1, 1), "{run}: each once");
    }
}

#[test]
fn a_servers_own_other_offer_is_tried_as_well_and_nothing_twice() {
    let home = with_little(&["Ebb"]);
    let server = serving(&[("Ebb", OTHER, 2), ("Ebb", EBB, 2), ("Ebb", OTHER, 2)]);
    server.add(&home);
    let first = home.json("convert a.csv --from own --to ./player");
    assert_eq!(outcome(&first, "Ebb")["outcome"], "on_player", "{first:#}");
    let nobody = with_little(&["Ebb"]);
    let wrong = serving(&[("Ebb", OTHER, 2), ("Ebb", OTHER, 2)]);
    wrong.add(&nobody);
    for run in 1..=2 {
        let last = nobody.json("convert a.csv --from own --to ./player");
        let row = outcome(&last, "Ebb");
        let told = row["says"].as_str().unwrap().matches("is “Polar Night” by Nordlys").count();
        assert_eq!((row["outcome"].as_str(), told), (Some("not_in_sources"), 1), "{run}: {row}");
        assert_eq!(fetched(&wrong), 2, "{run}");
    }
}

#[test]
fn what_lasts_much_shorter_than_its_server_says_is_no_use() {
    let library = json!({ "shows": [], "episodes": [], "artists": [], "albums": [],
        "tracks": [{ "artist": "Mara Quill", "album": "Low Water", "track": "Ebb",
            "uri": "spotify:track:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    let home = with_little(&[]);
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    let cut = serving(&[("Ebb", EBB, 200)]);
    cut.add_as(&home, "first");
    for run in 1..=2 {
        let last = home.json("convert YourLibrary.json --from own --to ./player");
        let row = outcome(&last, "Ebb");
        let says = row["says"].as_str().unwrap();
        let is_told = says.contains("Ebb.flac came as 2 s where its place says 3:20 min")
            && says.contains("it is fetched again after 2");
        assert!(row["outcome"] == "waiting" && is_told, "{run}: {row}");
        assert_eq!((fetched(&cut), home.mp3s().len()), (1, 0), "{run}");
    }
    let whole = serving(&[("Ebb", EBB, 2)]);
    whole.add_as(&home, "second");
    let last = home.json("convert YourLibrary.json --from own --to ./player");
    assert_eq!(outcome(&last, "Ebb")["outcome"], "on_player", "{last:#}");
}

const FLOOD: [Held; 1] = [("s2", "Flood", "Mara Quill/Low Water/02 Flood.flac", "flac", 2)];

/// A server whose own file of “Flood” is only half of it, and as large as it says.
fn of_half_a_file() -> Server {
    let whole = fs::read(music().join(FLOOD[0].2)).unwrap();
    let half = whole[..whole.len() / 2].to_vec();
    let http = HttpServer::start(move |request| {
        if ["download", "stream"].iter().any(|call| request.path().contains(call)) {
            return HttpAnswer::file("audio/flac", "\"half\"", half.clone());
        }
        let mut answer = subsonic(request, &FLOOD);
        let said = String::from_utf8(answer.body).unwrap();
        let size = |bytes: &[u8]| format!("\"size\":{}", bytes.len());
        answer.body = said.replace(&size(&whole), &size(&half)).into_bytes();
        answer
    });
    Server { http: http.unwrap(), down: Arc::default() }
}

#[test]
fn a_file_that_is_cut_off_is_judged_in_the_run_that_fetched_it() {
    let (cut, whole) = (of_half_a_file(), Server::with(&FLOOD));
    let home = with_little(&["Flood"]);
    cut.add_as(&home, "first");
    whole.add_as(&home, "second");
    for run in 1..=2 {
        let last = home.json("convert a.csv --from own --to ./player");
        assert_eq!(outcome(&last, "Flood")["outcome"], "on_player", "{run}: {last:#}");
        assert_eq!((fetched(&cut), fetched(&whole)), (1, 1), "{run}: each once");
    }
    // Where nobody else has it, the same run says when it is asked for again.
    let alone = with_little(&["Flood"]);
    let cut = of_half_a_file();
    cut.add(&alone);
    for run in 1..=2 {
        let last = alone.json("convert a.csv --from own --to ./player");
        let row = outcome(&last, "Flood");
        let says = row["says"].as_str().unwrap();
        let is_told = says.contains("02 Flood.flac came broken: ") && says.contains("when it is asked again");
        assert!(row["outcome"] == "waiting" && is_told, "{run}: {row}");
        assert_eq!((fetched(&cut), alone.mp3s().len()), (1, 0), "{run}");
    }
}

#[test]
fn what_came_cut_off_is_not_taken_for_whole_where_a_run_was_killed_before_it_had_a_name() {
    let home = with_little(&["Flood"]);
    let cut = of_half_a_file();
    cut.add(&home);
    let waits = || {
        let last = home.json("convert a.csv --from own --to ./player");
        let row = outcome(&last, "Flood");
        let is_told = row["says"].as_str().unwrap().contains("02 Flood.flac came broken: ");
        assert!(row["outcome"] == "waiting" && is_told, "{row}");
        assert_eq!((fetched(&cut), home.mp3s().len()), (1, 0));
    };
    waits();
    // So it lies from the moment on in which the library knows where it is from.
    let collection = home.path(".local/share/ferrotape/collection");
    let named = files_below(&collection).into_iter().find(|path| path.ends_with(".flac")).unwrap();
    let named = collection.join(named);
    let aside = format!("{}.fetching", text(&named));
    fs::create_dir(&aside).unwrap();
    fs::rename(&named, Path::new(&aside).join(named.file_name().unwrap())).unwrap();
    waits();
    assert!(named.is_file());
}

#[test]
fn one_file_that_a_server_gives_as_two_recordings_is_asked_about() {
    let home = with_little(&["Ebb", "Flood"]);
    let server = serving(&[("Ebb", UNTAGGED, 2), ("Flood", UNTAGGED, 2)]);
    server.add(&home);
    for run in 1..=2 {
        let last = home.json("convert a.csv --from own --to ./player");
        for title in ["Ebb", "Flood"] {
            let row = outcome(&last, title);
            let is_told = row["says"].as_str().unwrap().contains("came as “Ebb” and as “Flood”");
            assert!(row["outcome"] == "needs_review" && is_told, "{run}: {row}");
        }
        assert_eq!(fetched(&server), 2, "{run}");
    }
    // What the user says holds, for each of them.
    for case in list(&home.json("review --list"), "/cases") {
        home.well(&format!("review --pick {}=1", case["number"]));
    }
    let last = home.json("convert a.csv --from own --to ./player");
    assert_eq!((&last["report"]["outcomes"]["on_player"], home.mp3s().len()), (&2.into(), 2), "{last:#}");
}

/// Rows of titles whose file is everywhere this sound with these words in it.
fn rows_of(home: &Home, titles: &[&'static str], words: &[&str]) -> &'static [Row] {
    let made = home.path("made.flac");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-i"]).arg(music().join(EBB));
    ffmpeg.args(["-map", "0:a", "-map_metadata", "-1", "-fflags", "+bitexact"]);
    for word in words {
        ffmpeg.args(["-metadata", word]);
    }
    assert!(ffmpeg.arg(&made).status().unwrap().success());
    let file: &'static str = Box::leak(text(&made).to_owned().into_boxed_str());
    let rows: Vec<Row> = titles.iter().map(|title| (*title, file, 2)).collect();
    Vec::leak(rows)
}

#[test]
fn somebody_elses_track_is_not_taken_because_its_server_names_an_album_artist() {
    let of_whom = |artist: &str| {
        let home = with_little(&["Ebb"]);
        let artist = format!("artist={artist}");
        let words = ["title=Ebb", artist.as_str(), "album=Low Water"];
        let server = naming_album_artists(rows_of(&home, &["Ebb"], &words));
        server.add(&home);
        let last = home.json("convert a.csv --from own --to ./player");
        (outcome(&last, "Ebb").clone(), home.mp3s().len())
    };
    let (row, written) = of_whom("The Alloys");
    let is_told = row["says"].as_str().unwrap().contains("is “Ebb” by The Alloys");
    assert!(row["outcome"] == "not_in_sources" && is_told && written == 0, "{row}");
    let (row, written) = of_whom("Mara Quill");
    assert!(row["outcome"] == "on_player" && written == 1, "{row}");
}

#[test]
fn a_right_track_stays_though_its_bytes_come_as_another_too() {
    let home = with_little(&["Ebb"]);
    // Its tags tell which it is, but no number.
    let words = ["title=Ebb", "artist=Mara Quill", "album=Low Water"];
    let server = serving_as(rows_of(&home, &["Ebb", "Amber"], &words), |at| 9 + at);
    server.add(&home);
    home.json("convert a.csv --from own --to ./player");
    let there = home.mp3s();
    assert_eq!(there.len(), 1);
    home.csv("b.csv", &[Track::new("Mara Quill", "Low Water", "Amber")]);
    for run in 1..=2 {
        let last = home.json("convert a.csv b.csv --from own --to ./player --yes");
        assert_eq!(outcome(&last, "Ebb")["outcome"], "on_player", "{run}: {last:#}");
        let amber = outcome(&last, "Amber");
        let is_told = amber["says"].as_str().unwrap().contains("is “Ebb” by Mara Quill");
        assert!(amber["outcome"] == "not_in_sources" && is_told, "{run}: {amber}");
        assert_eq!((home.mp3s(), fetched(&server)), (there.clone(), 2), "{run}");
    }
}

#[test]
fn one_file_under_two_titles_of_one_recording_is_no_question() {
    let home = with_little(&[]);
    let titles = ["Ebb", "Ebb (feat. Nordlys)"];
    home.csv("b.csv", &titles.map(|title| Track::new("Mara Quill", album_of(title), title)));
    let server = serving(rows_of(&home, &titles, &[]));
    server.add(&home);
    for run in 1..=2 {
        let last = home.json("convert b.csv --from own --to ./player");
        for title in titles {
            assert_eq!(outcome(&last, title)["outcome"], "on_player", "{run}: {last:#}");
        }
        assert_eq!(fetched(&server), 2, "{run}");
    }
}

/// A home with a podcast of such a feed on its list, and the line that fills the player from it.
pub(crate) fn following(show: FakeShow) -> (Home, FakePodcasts, String) {
    let home = Home::new();
    let feeds = FakePodcasts::start(vec![show]).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert shows.opml --from own --to ./player --stand-in {}", feeds.address());
    (home, feeds, line)
}

fn show(home: &Home, episodes: usize, seconds: u64) -> FakeShow {
    let sound = five_seconds(home, "Harbour");
    FakeShow::new("Low Tide", "feeds.example/low-tide", episodes).sounding(sound, seconds)
}

pub(crate) fn sounds_fetched(feeds: &FakePodcasts) -> usize {
    feeds.requests().iter().filter(|request| request.path().starts_with("/cdn.")).count()
}

#[test]
fn an_episode_that_is_sent_once_more_is_an_episode_of_its_own() {
    let (home, feeds, line) = following(show(&Home::new(), 2, 5));
    let uri = |letter: char| format!("spotify:episode:{}", letter.to_string().repeat(22));
    let library = json!({ "tracks": [], "shows": [], "albums": [], "artists": [], "episodes": [
        { "name": "Harbour", "show": "Low Tide", "uri": uri('a') },
        { "name": "Gulls & Men", "show": "Low Tide", "uri": uri('b') },
    ] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    let line = line.replace("convert ", "convert YourLibrary.json ");
    let mut before = Vec::new();
    for run in 1..=2 {
        let last = home.json(&line);
        assert_eq!(last["report"]["outcomes"]["on_player"], 3, "{run}: {:#}", last["report"]);
        let there = home.mp3s();
        assert!(there.len() == 2 && (run == 1 || there == before), "{run}: {there:?}");
        before = there;
        assert_eq!(sounds_fetched(&feeds), 2, "{run}");
    }
    let paths: Vec<_> = before.iter().map(|path| home.player().join(path)).collect();
    let frames = mutagen_frames(&paths).unwrap();
    let mut titles: Vec<String> = frames.iter().map(|frames| frames["TIT2"][0].clone()).collect();
    titles.sort();
    assert_eq!(titles, ["Gulls & Men", "Harbour"]);
}

#[test]
fn a_notice_that_comes_in_place_of_an_episode_is_no_episode() {
    let (home, feeds, line) = following(show(&Home::new(), 1, 1_800));
    for run in 1..=2 {
        let last = home.json(&line);
        let failed = list(&last, "/gathered/failed");
        let why = failed[0]["reason"].as_str().unwrap_or_default();
        assert!(why.contains("came as 5 s where its place says 30 min"), "{run}: {last:#}");
        assert_eq!((home.mp3s().len(), sounds_fetched(&feeds)), (0, 1), "{run}");
    }
}

#[test]
fn a_feed_that_gives_each_days_news_under_one_name_gives_them_all() {
    let (home, feeds, line) = following(show(&Home::new(), 1, 5));
    home.json(&line);
    assert_eq!(home.mp3s().len(), 1);
    let next = |title: &str, day: &str, sound: Option<Vec<u8>>| {
        {
            let mut shows = feeds.shows();
            let show = &mut shows[0];
            show.episodes[0].title = title.to_owned();
            show.episodes[0].day = day.to_owned();
            if sound.is_some() {
                show.audio = sound;
            }
        }
        // What is known of the feed is forgotten, so that it is asked again.
        for ending in ["", "-wal", "-shm"] {
            drop(fs::remove_file(home.path(&format!(".local/share/ferrotape/services.sqlite{ending}"))));
        }
        home.json(&line)
    };
    // The day's sound is not there yet: nothing is called what it is not.
    let early = next("News of Tuesday", "2024-01-02", None);
    let why = list(&early, "/gathered/failed")[0]["reason"].as_str().unwrap_or_default();
    assert!(why.contains("is still what came before as “Harbour”"), "{early:#}");
    assert_eq!(home.mp3s(), ["Podcasts/Low Tide/2024-01-01 - Harbour.mp3"]);
    let both =
        ["Podcasts/Low Tide/2024-01-01 - Harbour.mp3", "Podcasts/Low Tide/2024-01-02 - News of Tuesday.mp3"];
    for _ in 0..2 {
        let last = next("News of Tuesday", "2024-01-02", Some(five_seconds(&home, "Tuesday")));
        assert_eq!(home.mp3s(), both, "{last:#}");
    }
    let fetched = sounds_fetched(&feeds);
    next("The news of Tuesday", "2024-01-02", None);
    assert_eq!((home.mp3s().len(), sounds_fetched(&feeds)), (2, fetched), "its title was only corrected");
}

/// What a run says after a feed changed. What is known of it is forgotten, so that it is asked again.
pub(crate) fn after(
    (home, feeds, line): (&Home, &FakePodcasts, &str),
    change: impl FnOnce(&mut FakeShow),
) -> Value {
    change(&mut feeds.shows()[0]);
    for ending in ["", "-wal", "-shm"] {
        drop(fs::remove_file(home.path(&format!(".local/share/ferrotape/services.sqlite{ending}"))));
    }
    home.json(line)
}

#[test]
fn an_episode_that_is_dated_anew_is_there_already() {
    let (home, feeds, line) = following(show(&Home::new(), 1, 5));
    home.json(&line);
    let there = home.mp3s();
    assert_eq!(there.len(), 1);
    // With other advertisements, which make another file: the same moment in another zone, and a new day every day.
    let sound = five_seconds(&home, "Advertised");
    for (day, time) in
        [("2023-12-31", "23:00:00 -0700"), ("2024-02-01", "06:00:00 GMT"), ("2024-02-02", "06:00:00 GMT")]
    {
        let last = after((&home, &feeds, line.as_str()), |show| {
            show.episodes[0].day = day.to_owned();
            show.episodes[0].time = time.to_owned();
            show.audio = Some(sound.clone());
        });
        assert_eq!((home.mp3s(), sounds_fetched(&feeds)), (there.clone(), 1), "{day}: {last:#}");
    }
}

#[test]
fn each_hours_news_under_one_name_are_fetched() {
    let mut first = show(&Home::new(), 1, 5);
    first.episodes[0].title = "News at 8".to_owned();
    first.episodes[0].time = "08:00:00 GMT".to_owned();
    let (home, feeds, line) = following(first);
    home.json(&line);
    for (at, hour) in (9..=10).enumerate() {
        let sound = five_seconds(&home, &format!("At {hour}"));
        let next = |show: &mut FakeShow| {
            show.episodes[0].title = format!("News at {hour}");
            show.episodes[0].time = format!("{hour:02}:00:00 GMT");
            show.audio = Some(sound);
        };
        let last = after((&home, &feeds, line.as_str()), next);
        assert_eq!((home.mp3s().len(), sounds_fetched(&feeds)), (at + 2, at + 2), "{hour}: {last:#}");
    }
    home.json(&line);
    assert_eq!((home.mp3s().len(), sounds_fetched(&feeds)), (3, 3), "each once");
}
