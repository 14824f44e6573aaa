//! The library out, and in again.

use std::fs;

use ferrotape_testkit::{Album, Export, ExportPlaylist, PlayedRow, Row, Track};
use serde_json::Value;

use crate::collection::{track, wishes};
use crate::home::{Home, files_below, list, text};

/// What the account does not tell, by hand: names that break quoting, credits taken apart, feeds, ids.
const MORE: &str = r#"{"format":"ferrotape-library","version":1,"lists":[
{"kind":"playlist","name":"Twice","link":"spotify:playlist:1aBcDeFgHiJkLmNoPqRsTu","entries":[
{"kind":"recording","title":"She said, \"no\"\nand left","artists":[{"name":"Earth, Sky","join":" feat. "},{"name":"Øyvind"}],"release":"=1+1","release_artists":[{"name":"Earth, Sky"}],"track_number":3,"disc_number":2,"released":"2019-03","duration_ms":198093,"isrc":"XXA011900009","recording_mbid":"f4a31f0a-51dd-4fa7-986d-3095c40c5ed9","explicit":true,"link":"spotify:track:6rqhFgbbKwnb9MLmUQDhG6","added":"2020-07-19T09:24:39Z"},
{"kind":"recording","title":"夜 - 2011 Remaster","artists":[{"name":"A","join":", "},{"name":"B & C"}],"added":"2021-01-01"},
{"kind":"recording","title":"夜 - 2011 Remaster","artists":[{"name":"A","join":", "},{"name":"B & C"}]},
{"kind":"recording","title":"Only words","recording_mbid":"f4a31f0a-51dd-4fa7-986d-3095c40c5ed0"},
{"kind":"unavailable"},
{"kind":"episode","title":"No link","release":"Tide Talk"}]},
{"kind":"playlist","name":"Twice","entries":[{"kind":"recording","title":"Another","artists":[{"name":"A"}]}]},
{"kind":"playlist","name":"Nothing yet","entries":[]},
{"kind":"saved_shows","name":"Saved Shows","entries":[{"kind":"show","title":"Fed <Show>","feed":"https://example.org/feed?a=1&b=2","link":"spotify:show:6rqhFgbbKwnb9MLmUQDhG6"},{"kind":"show","title":"Tide Talk","artists":[{"name":"Harbour Radio"}]}]}],
"noted":[{"kind":"followed_artist","name":"Mara Quill"},{"kind":"banned_track","name":"Noise"}],
"plays":[{"kind":"recording","title":"Only played","artists":[{"name":"A"}],"played":[{"ended_at":1600000000,"played_ms":0,"source":"scrobbles"}]}]}"#;

/// A home with a library of everything.
fn rich() -> Home {
    let home = Home::new();
    let listed = |name: &str, rows| ExportPlaylist { name: name.to_owned(), rows };
    let local =
        Row::Local { artist: "Me".into(), album: "a:b+c %".into(), title: "Démo/1".into(), seconds: 61 };
    let mut export = wishes();
    export.playlists.push(listed("Twice: \"a/b\"", vec![Row::Track(track("Ebb")), local, Row::Empty]));
    export.albums.push(Album::new("Øyvind Bråten", "Fjell"));
    export.liked.push(Track::new("Nordlys", "Aurora", "Wind, \"und\" Meer"));
    home.zip("rich.zip", &export);
    fs::write(home.path("more.json"), MORE).unwrap();
    home.well("import rich.zip");
    home.well("import more.json");
    home
}

/// Imports `what` of one home into a library of its own.
fn anew(home: &Home, what: &str, library: &str) -> Value {
    let imported = home.json(&format!("import {what} --library {library}"));
    assert_eq!(imported["event"], "result", "{imported}");
    for account in list(&imported, "/accounts") {
        let of = |field: &str| account[field].as_u64().unwrap();
        assert_eq!(of("rows"), of("entries") + of("plays") + of("noted") + of("problems"), "{account}");
        assert_eq!(of("problems"), 0, "{imported:#}");
    }
    imported
}

#[test]
fn the_whole_library_comes_back_byte_for_byte() {
    let home = rich();
    let exported = home.json("export --with-plays --to out/library.json");
    assert_eq!(exported["~code"], 0, "{exported}");
    assert_eq!(exported["remarks"], serde_json::json!([]));
    assert_eq!((&exported["plays_left"], &exported["noted_left"]), (&0.into(), &0.into()));
    assert!(
        exported["plays"].as_u64().unwrap() >= 3 && exported["noted"].as_u64().unwrap() >= 2,
        "{exported}"
    );
    let again = home.json("import out/library.json");
    assert_eq!(again["imports"][0]["unchanged"], true, "{again:#}");

    let imported = anew(&home, "out/library.json", "second");
    let rows =
        |of: &str| list(&imported, "/accounts").iter().map(|one| one[of].as_u64().unwrap()).sum::<u64>();
    let written: u64 = list(&exported, "/lists").iter().map(|one| one["written"].as_u64().unwrap()).sum();
    assert_eq!(rows("entries"), written);
    assert_eq!(
        (rows("plays"), rows("noted")),
        (exported["plays"].as_u64().unwrap(), exported["noted"].as_u64().unwrap())
    );
    home.well("export --with-plays --to second.json --library second");
    let (first, second) = (read(&home, "out/library.json"), read(&home, "second.json"));
    assert!(first == second, "{first}\n\n{second}");
    assert!(
        first.contains("and left") && first.contains("Démo/1") && first.contains("\"local_file\""),
        "{first}"
    );
}

fn read(home: &Home, name: &str) -> String {
    fs::read_to_string(home.path(name)).unwrap()
}

#[test]
fn every_other_format_gives_back_what_it_carries() {
    let home = rich();
    for format in ["m3u8", "xspf", "jspf", "exportify", "tunemymusic"] {
        let exported = home.json(&format!("export --as {format} --to {format}/"));
        assert_eq!(exported["~code"], 0, "{exported}");
        for one in list(&exported, "/lists") {
            let of = |field: &str| one[field].as_u64().unwrap();
            assert_eq!(of("entries"), of("written") + of("left_out"), "{one}");
        }
        let named = list(&exported, "/remarks").iter().filter(|one| one["cost"] == "left_out");
        let named: usize = named.map(|one| list(one, "/rows").len()).sum();
        let count = |field: &str| {
            list(&exported, "/lists").iter().map(|one| one[field].as_u64().unwrap()).sum::<u64>()
        };
        assert_eq!(count("left_out"), named as u64, "{exported:#}");

        let library = format!("of-{format}");
        let imported = anew(&home, &format!("{format}/"), &library);
        let rows: u64 = list(&imported, "/accounts").iter().map(|one| one["entries"].as_u64().unwrap()).sum();
        assert_eq!(rows, count("written"), "{format}: {imported:#}");
        // Exported once more, from a library that knows nothing but these files, they are the same files.
        home.well(&format!("export --as {format} --to again/{format}/ --library {library}"));
        // But for a table whose name had to differ from its list's, which the first export told.
        let files = |folder: &str| {
            let mut files = files_below(&home.path(folder));
            files.retain(|file| format != "exportify" || !file.starts_with("Twice") || file == "Twice.csv");
            files
        };
        let (again, files) = (files(&format!("again/{format}")), files(format));
        assert_eq!(again, files, "{format}");
        for file in files {
            let (first, second) =
                (read(&home, &format!("{format}/{file}")), read(&home, &format!("again/{format}/{file}")));
            assert!(first == second, "{format}, {file}\n{first}\n\n{second}");
        }
    }
}

#[test]
fn what_says_all_of_a_list_changes_nothing_when_it_comes_back() {
    let home = rich();
    home.well("export --with-plays --to before.json");
    for format in ["json", "xspf", "jspf"] {
        home.well(&format!("export --as {format} --to {format}/"));
        let again = home.json(&format!("import {format}/"));
        assert_eq!(again["imports"][0]["unchanged"], true, "{format}: {again:#}");
    }
    home.well("export --with-plays --to before.json");
}

#[test]
fn what_is_left_out_is_named() {
    let home = rich();
    let said = home.run("export --as m3u8 --to lists");
    assert_eq!(said.code, 0, "{said:?}");
    let expected = "1 entry of “Twice” is left out: Spotify no longer says what it was, and the format has no empty \
        entries (row 5 (an entry without name or link))";
    assert!(said.out.contains(expected), "{}", said.out);
    assert!(
        said.out
            .contains("1 entry of “Twice” is left out: the format tells what something is by its link alone")
    );
    assert!(said.out.contains("its ISRC (1 entry)"), "{}", said.out);
    assert!(said.out.contains("plays; only --as json has a place for them"), "{}", said.out);

    let said = home.well("export --as opml --to podcasts.opml");
    assert!(said.out.contains("its feed is not known"), "{}", said.out);
    let others = "entries of 7 lists are left out: OPML holds podcasts alone (--json names them)";
    assert!(said.out.contains(others), "{}", said.out);
    let opml = read(&home, "podcasts.opml");
    let fed = "<outline type=\"rss\" text=\"Fed &lt;Show&gt;\" title=\"Fed &lt;Show&gt;\" \
        xmlUrl=\"https://example.org/feed?a=1&amp;b=2\"";
    assert!(opml.contains(fed) && opml.contains("Tide Talk"), "{opml}");
    let shows = anew(&home, "podcasts.opml", "podcasts");
    assert_eq!(shows["imports"][0]["playlists"][0]["kind"], "saved_shows", "{shows:#}");
    home.well("export --as opml --to again.opml --library podcasts");
    assert_eq!(read(&home, "again.opml"), opml, "podcasts come back as they were");
    let plain = home.well("export --to library.json");
    assert!(plain.out.contains("--with-plays adds them"), "{}", plain.out);
}

#[test]
fn one_list_goes_to_one_file_and_several_to_a_folder() {
    let home = rich();
    let said = home.run_with("export --as xspf --to", &["road trip.xspf", "road trip"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(read(&home, "road trip.xspf").contains("<title>Road Trip</title>"));
    let said = home.run("export --as xspf --to all.xspf");
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("name a folder with --to"), "{said:?}");
    let said = home.well("export --as jspf --to - https://open.spotify.com/playlist/1aBcDeFgHiJkLmNoPqRsTu");
    let jspf: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(list(&jspf, "/playlist/track").len(), 6);
    assert!(said.err.contains("Exported 1 list as jspf"), "{said:?}");
    // Two lists of one name are two files.
    let exported = home.json("export --list Twice --as m3u8 --to two");
    assert_eq!(files_below(&home.path("two")), ["Twice.m3u8", "Twice_2.m3u8"], "{exported}");
    assert_eq!(home.run("export Nowhere --to x.json").code, 1);
    assert_eq!(home.run("--json export --to -").code, 2);
    assert_eq!(home.run("export --as csv --to x").code, 2);
    assert_eq!(home.run("export --as xspf --with-plays --to x").code, 2);
    assert_eq!(home.run("export").code, 2);
}

#[test]
fn nothing_of_yours_is_overwritten_unasked() {
    let home = rich();
    home.well("export --as m3u8 --to lists");
    let same = home.json("export --as m3u8 --to lists");
    assert!(list(&same, "/files").iter().all(|file| file["unchanged"] == true), "{same:#}");
    let yours = home.path("lists/Twice.m3u8");
    fs::write(&yours, "mine").unwrap();
    fs::remove_file(home.path("lists/Road Trip.m3u8")).unwrap();
    let said = home.run("export --as m3u8 --to lists");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("Twice.m3u8 is there and differs; nothing was written"), "{said:?}");
    assert_eq!(fs::read_to_string(&yours).unwrap(), "mine");
    assert!(!home.path("lists/Road Trip.m3u8").exists(), "all of an export goes out, or nothing");
    home.well("export --as m3u8 --to lists --force");
    assert!(fs::read_to_string(&yours).unwrap().starts_with("#EXTM3U"));
    assert!(files_below(&home.path("lists")).iter().all(|file| file.ends_with(".m3u8")), "no leftovers");
}

#[test]
fn the_schema_is_printed() {
    let schema: Value = serde_json::from_str(&Home::new().well("export --schema").out).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["properties"]["format"]["const"], "ferrotape-library");
}

#[test]
fn files_stand_for_what_was_found() {
    let home = Home::new();
    let found = Row::Track(track("Ebb"));
    let missing = Row::Track(Track::new("Nobody Known", "Nowhere", "Missing"));
    let play = PlayedRow { row: found.clone(), ended_at: "2024-11-03T10:00:00Z".into(), played_ms: 1000 };
    let playlists = vec![ExportPlaylist { name: "Road".into(), rows: vec![found, missing] }];
    home.zip("one.zip", &Export { playlists, plays: vec![play], ..Export::default() });
    home.well("import one.zip");
    home.well("scan MUSIC");
    let exported = home.json("export Road --as m3u8 --files --to road.m3u8");
    assert_eq!(exported["without_file"], 1, "{exported:#}");
    let m3u8 = read(&home, "road.m3u8");
    let places: Vec<&str> = m3u8.lines().filter(|line| !line.starts_with('#')).collect();
    let file = crate::collection::music().join("Mara Quill/Low Water/01 Ebb.flac");
    assert_eq!(places[0], text(&file.canonicalize().unwrap()));
    assert!(places[1].starts_with("spotify:track:"), "{m3u8}");
    let said = home.well("export Road --as m3u8 --files --to again.m3u8").out;
    assert!(said.contains("no file is surely it") && said.contains("row 2 Nobody Known – Missing"), "{said}");
}

#[test]
fn the_files_of_a_saved_album_stand_for_it_and_albums_without_any_are_named() {
    let home = Home::new();
    let albums = vec![Album::new("Tin Parade", "Brass"), Album::new("Nobody Known", "Nothing")];
    home.zip("one.zip", &Export { albums, ..Export::default() });
    home.well("import one.zip");
    crate::collection::copy_of_music(&home.path("music"));
    home.well("scan music");
    let exported = home.json("export --as m3u8 --files --to lists");
    assert_eq!(exported["without_file"], 1, "{exported:#}");
    let saved = list(&exported, "/lists").iter().find(|list| list["kind"] == "saved_albums").unwrap();
    let m3u8 = read(&home, saved["path"].as_str().unwrap());
    let places: Vec<&str> = m3u8.lines().filter(|line| !line.starts_with('#')).collect();
    let ends = ["01 March Home.ogg", "02 Drum Shed.opus", "03 Last Post.wav"];
    assert!(places.len() == 4 && ends.iter().zip(&places).all(|(end, place)| place.ends_with(end)), "{m3u8}");
    assert!(places[3].starts_with("spotify:album:") && m3u8.contains(",Tin Parade - Drum Shed\n"), "{m3u8}");
    let told = list(&exported, "/remarks").to_vec();
    assert!(told.iter().any(|one| one["rows"].to_string().contains("Nobody Known – Nothing")), "{told:#?}");
    // Of an album that is only partly there now the rest is named.
    fs::remove_file(home.path("music/Tin Parade/Brass/02 Drum Shed.opus")).unwrap();
    let partly = home.json("export --as m3u8 --files --to again");
    let told = list(&partly, "/remarks").iter().find(|one| one["rows"].to_string().contains("Drum Shed"));
    let told = told.unwrap_or_else(|| panic!("no remark: {partly:#}"));
    assert!(told["reason"].as_str().unwrap().starts_with("some of its files are not there now"), "{told:#}");
}

#[test]
fn files_that_are_not_there_now_do_not_stand_for_anything() {
    let home = Home::new();
    crate::collection::copy_of_music(&home.path("music"));
    let rows = ["Ebb", "Green Light"].map(|title| Row::Track(track(title))).to_vec();
    let playlists = vec![ExportPlaylist { name: "Road".into(), rows }];
    home.zip("one.zip", &Export { playlists, ..Export::default() });
    home.well("import one.zip");
    home.well("scan music");
    let gone = home.path("music/Mara Quill/Low Water/01 Ebb.flac").canonicalize().unwrap();
    fs::remove_file(&gone).unwrap();
    let exported = home.json("export Road --as m3u8 --files --to road.m3u8");
    assert_eq!(exported["without_file"], 0, "one is known, and not there: {exported:#}");
    let m3u8 = read(&home, "road.m3u8");
    let places: Vec<&str> = m3u8.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(places[0].starts_with("spotify:track:") && places[1].ends_with("01 Green Light.m4a"), "{m3u8}");
    let told = list(&exported, "/remarks").iter().find(|one| one["cost"] == "altered");
    let told = told.unwrap_or_else(|| panic!("no remark: {exported:#}"));
    assert!(told["entries"] == 1 && told["reason"].as_str().unwrap().contains("the file is not there now"));
    assert!(told["rows"].to_string().contains(text(&gone)), "{told:#}");
    let said = home.well("export Road --as m3u8 --files --to again.m3u8").out;
    assert!(said.contains("1 entry of “Road” is not quite the same: the file is not there now"), "{said}");
}

#[test]
fn a_recording_with_two_links_keeps_both() {
    let home = Home::new();
    let header = "Track URI,Track Name,Artist Name(s),Album Name,ISRC,Track Duration (ms)\n";
    for (name, number, album) in [("One.csv", 1, "Poles"), ("Two.csv", 2, "Best of Magnetite")] {
        let row = format!("spotify:track:{number:022},Twin,Magnetite,{album},GBAAA2100001,200000\n");
        fs::write(home.path(name), format!("{header}{row}")).unwrap();
        home.well(&format!("import {name}"));
    }
    home.well("export --to library.json");
    let text = read(&home, "library.json");
    for part in ["0000000000000000000001", "0000000000000000000002", "Poles", "Best of Magnetite"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    anew(&home, "library.json", "second");
    home.well("export --to second.json --library second");
    assert_eq!(read(&home, "second.json"), text);
    let explained = home.json("explain Twin --library second");
    assert_eq!(list(&explained, "/explained/descriptions").len(), 2, "and is one thing again: {explained:#}");
}

const KEY: &str = "s3cretk3y";

/// A library with a feed for everybody and two for paying listeners.
fn with_private_feeds() -> Home {
    let home = Home::new();
    let shows = format!(
        r#"{{"format":"ferrotape-library","version":1,"lists":[{{"kind":"saved_shows","name":"Saved Shows","entries":[
{{"kind":"show","title":"Open","feed":"https://feeds.example.org/open/rss"}},
{{"kind":"show","title":"Paid","feed":"https://feeds.example.org/rss?auth={KEY}"}},
{{"kind":"show","title":"Paid, too","feed":"https://me:{KEY}@feeds.example.org/rss"}}]}}],"noted":[],"plays":[]}}"#
    );
    fs::write(home.path("shows.json"), shows).unwrap();
    home.well("import shows.json");
    home
}

#[cfg(unix)]
#[test]
fn a_file_with_the_address_of_a_private_feed_is_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = with_private_feeds();
    let mode = |name: &str| fs::metadata(home.path(name)).unwrap().permissions().mode() & 0o777;
    for (format, name) in [("json", "x.json"), ("opml", "x.opml"), ("xspf", "x.xspf"), ("jspf", "x.jspf")] {
        let said = home.well(&format!("export --as {format} --to {name}")).out;
        assert!(read(&home, name).contains(KEY), "it can be had elsewhere");
        assert_eq!(mode(name), 0o600, "{format}");
        let told = format!("{name} holds the addresses of 2 private feeds");
        assert!(said.contains(&told) && said.contains("only you can read it"), "{format}: {said}");
        assert!(!said.contains(KEY), "{said}");
    }
    // One that lies open from before is shut.
    fs::set_permissions(home.path("x.opml"), fs::Permissions::from_mode(0o644)).unwrap();
    let again = home.json("export --as opml --to x.opml");
    assert_eq!(
        (&again["files"][0]["unchanged"], &again["files"][0]["private_feeds"]),
        (&true.into(), &2.into())
    );
    assert_eq!(mode("x.opml"), 0o600);
    // What has no such address in it is a file like any other.
    assert_eq!(home.json("export --as exportify --to x.csv")["files"][0]["private_feeds"], 0);
}

#[test]
fn an_export_to_show_around_has_no_address_that_may_be_a_key() {
    let home = with_private_feeds();
    for (format, name) in [("json", "x.json"), ("opml", "x.opml"), ("xspf", "x.xspf"), ("jspf", "x.jspf")] {
        let exported = home.json(&format!("export --as {format} --to {name} --without-private-feeds"));
        assert_eq!(exported["private_feeds_left"], 2, "{format}: {exported:#}");
        assert_eq!(exported["files"][0]["private_feeds"], 0, "{format}");
        let written = read(&home, name);
        assert!(
            !written.contains(KEY) && written.contains("open/rss") && written.contains("Paid, too"),
            "{written}"
        );
        let altered: Vec<&Value> =
            list(&exported, "/remarks").iter().filter(|remark| remark["cost"] == "altered").collect();
        assert!(altered.len() == 1 && altered[0]["entries"] == 2, "{format}: {exported:#}");
        assert!(altered[0]["reason"].as_str().unwrap().contains("left out, as you said"), "{exported:#}");
    }
    let said = home.well("export --as opml --to y.opml --without-private-feeds").out;
    assert!(said.contains("the addresses of 2 private feeds"), "{said}");
}
