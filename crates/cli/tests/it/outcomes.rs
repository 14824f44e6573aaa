//! Every wanted thing ends in exactly one outcome, never the wrong recording, and the totals add up.

use std::fs;
use std::sync::Arc;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{Album, Export, HttpAnswer, HttpServer, MadeTrack, Track, make_music};
use serde_json::{Value, json};

use crate::collection::{held, polar_night_live, track, undertow};
use crate::elsewhere::{Server, nothing, subsonic};
use crate::home::{Home, list, outcome_of, row_of, text};
use crate::podcasts::five_seconds;
use crate::whole_albums::ALBUM;

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))
}

#[test]
fn another_version_is_never_passed_off_as_the_wanted_one() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    for wanted in [undertow(), polar_night_live()] {
        let outcome = outcome_of(&last["report"], &wanted.title);
        assert!(["needs_review", "not_in_sources"].contains(&outcome), "{}: {outcome}", wanted.title);
    }
    let files = home.mp3s();
    assert!(!files.iter().any(|p| p.contains("Undertow") || p.contains("Polar")), "{files:?}");
}

#[test]
fn what_is_no_music_keeps_its_row_and_says_so() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    let report = &last["report"];
    let kinds = [
        ("episode", "not_in_sources"),
        ("show", "not_in_sources"),
        ("audiobook", "not_in_sources"),
        ("local_file", "not_in_sources"),
        ("unavailable", "not_yet"),
    ];
    for (kind, outcome) in kinds {
        let rows: Vec<&Value> = list(report, "/rows").iter().filter(|row| row["kind"] == kind).collect();
        assert_eq!(rows.len(), 1, "{kind}: {rows:?}");
        assert_eq!(rows[0]["outcome"], outcome, "{kind}: {rows:?}");
        assert_ne!(rows[0]["says"], "", "{kind}");
    }
    assert_eq!(outcome_of(report, "Missing"), "not_in_sources");
    let album = row_of(report, "Brass");
    assert_eq!((&album["kind"], &album["outcome"]), (&"release".into(), &"on_player".into()), "{album}");
}

#[test]
fn counts_add_up_and_every_row_of_the_input_is_there() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    let report = &last["report"];
    let outcomes = report["outcomes"].as_object().unwrap();
    let sum: u64 = outcomes.values().map(number).sum();
    assert_eq!(outcomes.len(), 7);
    assert_eq!((sum, list(report, "/rows").len() as u64), (number(&report["items"]), sum));
    // 6 + 9 rows of playlists, 4 liked tracks, 1 album, 1 show.
    let entries: u64 = list(report, "/lists").iter().map(|list| number(&list["entries"])).sum();
    assert_eq!((entries, number(&report["entries"])), (21, 21));
    let road = list(report, "/lists").iter().find(|list| list["name"] == "Road Trip").unwrap();
    assert_eq!((number(&road["entries"]), number(&road["on_player"])), (6, 6));
    for account in list(&last, "/imports/0/accounts") {
        let parts = ["entries", "plays", "noted", "problems"].map(|part| number(&account[part]));
        assert_eq!(number(&account["rows"]), parts.iter().sum::<u64>(), "{account}");
    }
    assert_eq!(number(&row_of(report, "Ebb")["played_ms"]), 7_200_000, "history counted once");
}

#[test]
fn the_report_is_kept_and_comes_as_text_json_page_and_csv() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    assert_eq!(home.json("report")["outcomes"], last["report"]["outcomes"]);
    let said = home.well("report --html page.html --csv missing.csv");
    assert!(said.out.contains("on the player") && said.out.contains("Missing"), "{said:?}");
    assert!(said.out.contains("2.0 h") || said.out.contains("3.0 h"), "hours listened: {said:?}");

    let page = fs::read_to_string(home.path("page.html")).unwrap();
    for outside in ["<script", "src=", "@import", "<link", "url("] {
        assert!(!page.contains(outside), "the page asks for something outside: {outside}");
    }
    assert!(page.contains("<svg") || page.contains("class=\"bar"), "no chart");
    for title in ["Missing", "Undertow", "Ice Road", "Hours listened"] {
        assert!(page.contains(title), "{title} is not on the page");
    }

    let mut table = csv::Reader::from_path(home.path("missing.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let missing = number(&last["report"]["items"]) - number(&last["report"]["outcomes"]["on_player"]);
    assert_eq!(rows.len() as u64, missing);
    assert!(rows.iter().any(|row| &row[3] == "Missing" && &row[0] == "not_in_sources"));
}

#[test]
fn convert_writes_its_reports_where_asked() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb"), undertow()]);
    let (page, table) = (home.path("my page.html"), home.path("my missing.csv"));
    let more = ["--report-html", text(&page), "--report-csv", text(&table)];
    assert_eq!(home.run_with("convert one.csv --from MUSIC --to ./player", &more).code, 0);
    assert!(fs::read_to_string(page).unwrap().contains("Undertow"));
    assert!(fs::read_to_string(table).unwrap().contains("Undertow"));
}

#[test]
fn a_tracks_row_names_the_lists_that_ask_for_it() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    assert_eq!(row_of(&last["report"], "Ebb")["lists"], serde_json::json!(["Road Trip"]));
    let all = home.well("report --all");
    for (track, _) in held() {
        assert!(all.out.contains(&track.title), "{} is not in the whole report", track.title);
    }
}

#[test]
fn a_file_found_broken_while_converting_is_named_once_with_its_reason() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let scan = home.json("scan MUSIC");
    let broken =
        list(&scan, "/unreadable").iter().find(|file| file["path"].as_str().unwrap().contains("Neap"));
    let broken = broken.unwrap_or_else(|| panic!("Neap is cut off: {scan}"));
    let reason = broken["reason"].as_str().unwrap();
    assert!(reason.starts_with("broken") && !reason.contains("Neap"), "{broken}");

    let explained = home.json("explain Neap")["explained"].clone();
    let why = explained["broken"].as_str().unwrap_or_else(|| panic!("{explained:#}"));
    assert!(
        why.contains("Neap") && why.contains(reason.trim_start_matches("broken: ")),
        "{why}, not {reason}"
    );
    assert!(home.well("explain Neap").out.contains("get another copy"));
}

#[test]
fn an_album_of_which_a_part_fits_says_so_and_explain_does_too() {
    let home = Home::new();
    home.zip("a.zip", &Export { albums: vec![Album::new("Tin Parade", "Brass")], ..Export::default() });
    fs::write(home.path("small.toml"), "name = \"small\"\ntitle = \"Small\"\n[folders]\nmax_tracks = 2\n")
        .unwrap();
    let last = home.json("convert a.zip --from MUSIC --to ./player --profile ./small.toml");
    assert_eq!(home.mp3s().len(), 2, "{last:#}");
    let row = row_of(&last["report"], "Brass");
    assert_eq!(row["outcome"], "waiting", "{row}");
    let came = "only 2 of its 3 files are on the player – it does not fit";
    assert!(row["says"].as_str().unwrap().starts_with(came), "{row}");
    let said = home.well("explain Brass").out;
    assert!(said.contains("last run ") && said.contains(came), "{said}");
    let explained = home.json("explain Brass");
    assert_eq!(explained["explained"]["not_come"][0]["outcome"], "waiting", "{explained:#}");
    // What came says nothing of the kind.
    home.json("convert a.zip --from MUSIC --to ./other");
    home.json("convert a.zip --from MUSIC --to ./player --profile generic");
    assert!(list(&home.json("explain Brass"), "/explained/not_come").is_empty());
}

#[test]
fn no_cell_of_what_is_missing_is_a_formula() {
    let home = Home::new();
    let title = "=HYPERLINK(\"http://x\")";
    home.csv("a.csv", &[Track::new("@home", "-1", title)]);
    home.json("convert a.csv --from MUSIC --to ./player --report-csv of-run.csv");
    home.well("report --csv missing.csv");
    for name in ["of-run.csv", "missing.csv"] {
        let mut table = csv::Reader::from_path(home.path(name)).unwrap();
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!([&rows[0][2], &rows[0][3], &rows[0][4]], ["'@home", &format!("'{title}"), "'-1"]);
        assert!(rows[0].iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{rows:?}");
    }
}

/// A server that has an album and a book, and does not give the last file of either.
fn of_parts(home: &Home) -> Server {
    let sounds = ["One", "Two", "Three"].map(|title| five_seconds(home, title));
    let sizes = sounds.each_ref().map(Vec::len);
    let chapter = move |number: usize| {
        json!({ "id": format!("b{number}"), "title": format!("Chapter {number}"), "artist": "Mara Quill",
            "album": "The Salt Marsh", "track": number, "duration": 5, "size": sizes[number - 1], "suffix": "mp3",
            "path": format!("books/salt_0{number}.mp3"), "isDir": false, "type": "audiobook" })
    };
    let http = HttpServer::start(move |request| {
        let is_of_a_file = ["download", "stream"].iter().any(|call| request.path().contains(call));
        let id = request.parameter("id").unwrap_or_default();
        let of_book = id.strip_prefix('b').and_then(|number| number.parse::<usize>().ok());
        match of_book.filter(|_| is_of_a_file) {
            Some(3) => return HttpAnswer::status(404),
            Some(number) => return HttpAnswer::file("audio/mpeg", "", sounds[number - 1].clone()),
            None if is_of_a_file && id == "s3" => return HttpAnswer::status(404),
            None => {}
        }
        let mut answer = subsonic(request, &ALBUM);
        if request.path().contains("search3") {
            let mut said: Value = serde_json::from_slice(&answer.body).unwrap();
            let songs =
                said.pointer_mut("/subsonic-response/searchResult3/song").and_then(Value::as_array_mut);
            songs.into_iter().for_each(|songs| songs.extend((1..=3).map(chapter)));
            answer.body = said.to_string().into_bytes();
        }
        answer
    });
    Server { http: http.unwrap(), down: Arc::default() }
}

/// Three episodes, of which the last is cut off.
fn cut_podcast(home: &Home) {
    let episode = |number: u32, title: &str| {
        let track = MadeTrack::new("Harbour Radio", "Low Tide", number, title).format(AudioFormat::Mp3);
        let date = Some(format!("2024-03-{number:02}"));
        let track = MadeTrack { date, genre: Some("Podcast".to_owned()), ..track };
        track.seconds(3.0).at(&format!("Talk/{number:02}.mp3"))
    };
    make_music(&home.path("own"), &[episode(1, "Harbour"), episode(2, "Gulls"), episode(3, "Fog")]).unwrap();
    let last = home.path("own/Talk/03.mp3");
    let whole = fs::read(&last).unwrap();
    fs::write(last, &whole[..whole.len() / 2]).unwrap();
}

#[test]
fn counts_add_up_where_a_part_of_everything_fails() {
    let home = Home::new();
    let server = of_parts(&home);
    server.add(&home);
    cut_podcast(&home);
    home.csv("a.csv", &[track("Ebb"), nothing()]);
    let library = json!({ "tracks": [], "episodes": [], "artists": [],
        "shows": [{ "name": "Low Tide", "publisher": "Harbour Radio" }],
        "audiobooks": [{ "name": "The Salt Marsh", "author": "Mara Quill" }],
        "albums": [{ "artist": "Mara Quill", "album": "Low Water", "uri": "spotify:album:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    let last = home.json("convert YourLibrary.json a.csv --from own --to ./player");
    let report = &last["report"];
    let ends = [
        ("Low Tide", "failed"),
        ("The Salt Marsh", "on_player"),
        ("Low Water", "on_player"),
        ("Ebb", "on_player"),
        ("Nobody Has This", "not_in_sources"),
    ];
    for (title, outcome) in ends {
        assert_eq!(outcome_of(report, title), outcome, "{title}: {report:#}");
    }
    for (title, part) in
        [("The Salt Marsh", "2 of at least 3 parts"), ("Low Water", "2 of at least 3 tracks")]
    {
        let says = row_of(report, title)["substitute"].as_str().unwrap_or_default().to_owned();
        assert!(says.starts_with(&format!("a part of it, {part} as ")), "{title}: {says}");
    }
    let outcomes = &report["outcomes"];
    let sum: u64 = outcomes.as_object().unwrap().values().map(number).sum();
    assert_eq!((sum, list(report, "/rows").len(), number(&report["items"])), (5, 5, 5), "{report:#}");
    let counts = ["on_player", "failed", "not_in_sources"].map(|word| number(&outcomes[word]));
    assert_eq!((counts, &report["substitutes"]), ([3, 1, 1], &0.into()), "{report:#}");
    assert_eq!(home.json("report")["outcomes"], *outcomes);
    let said = home.well("report --csv missing.csv").out;
    assert!(said.contains("of these 2 are not whole") && !said.contains("in for what you wanted"), "{said}");
    // What is not there, and what is there in part.
    let rows = csv::Reader::from_path(home.path("missing.csv")).unwrap().into_records().count();
    assert_eq!(rows, 4);
}
