//! What is missing becomes a shopping list; services that know shops may be asked, and may be down.

use std::fs;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, MadeTrack, Track, make_music, spotify_uri};
use serde_json::{Value, json};

use crate::collection::{music, track, undertow};
use crate::home::{Home, list, outcome_of};

const MBID: &str = "0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const PRODUCT: &str = "92777657-504c-4acb-bd33-51a201bd57e1";
const FREE: &str = "45d0cbc5-d65b-4e77-bdfd-8a75207cb5c5";

fn missing(artist: &str, album: &str, title: &str) -> Track {
    Track { duration_ms: Some(200_000), ..Track::new(artist, album, title) }
}

/// One single, an album of two, and one that only an ISRC tells; with texts that mean harm.
fn wishes() -> Vec<Track> {
    vec![
        track("Ebb"),
        missing("Salt Choir", "Harbour", "Anchor"),
        missing("Old Tin", "<b>Kettle</b>", "=HYPERLINK(\"x\")"),
        missing("Old Tin", "<b>Kettle</b>", "<script>alert(1)</script>"),
        Track { isrc: Some("XXB012000007".to_owned()), ..missing("Wren", "Nest", "Feather") },
    ]
}

fn filled() -> Home {
    let home = Home::new();
    home.csv("a.csv", &wishes());
    let last = home.json("convert a.csv --from MUSIC --to ./player");
    assert_eq!(last["report"]["outcomes"]["not_in_sources"], 4, "{last:#}");
    home
}

/// MusicBrainz and the iTunes Store, as far as they are asked.
fn answers(request: &HttpRequest) -> HttpAnswer {
    let relation = |kind: &str, url: &str, ended: bool| json!({ "type-id": kind, "target-type": "url", "ended": ended, "url": { "resource": url } });
    let path = request.path().to_owned();
    match path.as_str() {
        "/musicbrainz.org/ws/2/url" => {
            let anchor = missing("Salt Choir", "Harbour", "Anchor").uri();
            let id = anchor.rsplit(':').next().unwrap();
            let link = format!("https://open.spotify.com/track/{id}");
            assert!(request.parameters("resource").contains(&link), "{request:?}");
            let recording = json!({ "id": MBID, "title": "Anchor" });
            HttpAnswer::json(&json!({ "url-count": 2, "urls": [7, { "resource": link, "relations": [
                { "type-id": "x", "target-type": "recording", "recording": recording }, { "odd": null } ] }] }))
        }
        path if path.ends_with(MBID) => {
            HttpAnswer::json(&json!({ "id": MBID, "title": "Anchor", "relations": [
            relation(PRODUCT, "https://salt.bandcamp.com/track/anchor", false),
            relation(PRODUCT, "https://gone.example/anchor", true),
            relation(PRODUCT, "javascript:alert(1)", false),
            relation(FREE, "https://free.example/anchor.flac", false),
            relation("92777657-0000-4000-8000-51a201bd57e1", "https://stream.example/", false) ] }))
        }
        path if path.ends_with("/isrc/XXB012000007") => HttpAnswer::json(&json!({ "recordings": [
            { "id": MBID, "title": "Something Else", "relations": [
                relation(PRODUCT, "https://wrong.example/", false)] }] })),
        "/itunes.apple.com/search" => {
            assert_eq!(request.parameter("country").as_deref(), Some("DE"));
            let on = |album: &str, artist: &str, title: &str, ms: u64, price: f64| {
                json!({ "trackName": title, "artistName": artist, "collectionName": album,
                    "trackTimeMillis": ms, "trackPrice": price, "currency": "EUR",
                    "trackViewUrl": "https://music.apple.com/de/album/x/1?i=2" })
            };
            let hit = |artist: &str, title: &str, ms: u64, price: f64| on("x", artist, title, ms, price);
            HttpAnswer::json(&json!({ "results": [
                on("Live in Oslo", "Salt Choir", "Anchor", 200_000, 0.49),
                on("Karaoke Hits", "Wren", "Feather", 200_000, 0.49),
                hit("Salt Choir", "Anchor", 201_000, 1.29), hit("Wren", "Feather", 250_000, 0.99),
                hit("Wren", "Feather", 200_000, -1.0)] }))
        }
        _ => HttpAnswer::status(404),
    }
}

fn purchase<'v>(shop: &'v Value, title: &str) -> &'v Value {
    list(shop, "/purchases").iter().find(|one| one["title"] == title).unwrap_or_else(|| panic!("{shop:#}"))
}

fn kinds(purchase: &Value) -> Vec<String> {
    let text =
        |link: &Value| format!("{} {}", link["what"].as_str().unwrap(), link["origin"].as_str().unwrap());
    list(purchase, "/links").iter().map(text).collect()
}

#[test]
fn shop_lists_every_missing_thing_once_and_asks_nobody() {
    let home = Home::new();
    home.well("scan MUSIC");
    let early = home.run("shop");
    assert!(early.code == 1 && early.err.contains("convert"), "{early:?}");
    let home = filled();
    let shop = home.json("shop --html list.html --csv list.csv --stand-in http://127.0.0.1:1");
    assert_eq!((&shop["missing"], list(&shop, "/purchases").len()), (&4.into(), 3), "{shop:#}");
    let album = purchase(&shop, "<b>Kettle</b>");
    assert_eq!((&album["kind"], list(album, "/fills").len()), (&"release".into(), 2));
    assert!(
        list(&shop, "/purchases").iter().all(|one| kinds(one).iter().all(|kind| kind == "search stores"))
    );
    let page = fs::read_to_string(home.path("list.html")).unwrap();
    assert!(
        !page.contains("<script>") && !page.contains("<b>Kettle") && page.contains("bandcamp.com/search")
    );
    let mut rows = csv::Reader::from_path(home.path("list.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@']))));
    let said = home.well("shop").out;
    assert!(said.contains("Salt Choir – Anchor") && said.contains("--online"), "{said}");
    assert_eq!(home.json("shop --all")["missing"], 4);
}

#[test]
fn shop_online_tells_free_from_bought_and_only_what_is_surely_it() {
    let home = filled();
    let server = HttpServer::start(answers).unwrap();
    let line = format!("shop --online --country de --stand-in {}", server.address());
    let shop = home.json(&line);
    assert_eq!(list(&shop, "/faults"), &[] as &[Value], "{shop:#}");
    let anchor = purchase(&shop, "Anchor");
    assert_eq!(anchor["mbid"], MBID);
    assert_eq!(
        kinds(anchor)[..4],
        ["free musicbrainz", "product musicbrainz", "product itunes", "search stores"]
    );
    let links = list(anchor, "/links");
    assert_eq!((&links[1]["shop"], &links[2]["price"]["minor"]), (&"Bandcamp".into(), &129.into()));
    assert!(!shop.to_string().contains("gone.example") && !shop.to_string().contains("javascript:"));
    let feather = purchase(&shop, "Feather");
    assert!(kinds(feather).iter().all(|kind| kind == "search stores"), "{feather:#}");
    assert!(feather["mbid"].is_null());
    let before = server.requests().len();
    let again = home.json(&line);
    assert_eq!((&again["purchases"], server.requests().len()), (&shop["purchases"], before), "it is kept");
    let said = home.well(&line).out;
    assert!(
        said.contains("iTunes Store (1.29 EUR)") && said.contains("(free): https://free.example"),
        "{said}"
    );
    assert!(home.run("shop --online --country Germany").code == 2);
}

#[test]
fn shop_is_made_also_when_services_are_down_and_names_them() {
    let home = filled();
    let down = Arc::new(AtomicBool::new(true));
    let is_down = Arc::clone(&down);
    let server = HttpServer::start(move |request| match request.path().starts_with("/itunes") {
        true => HttpAnswer::status(403),
        false if is_down.load(Ordering::SeqCst) => HttpAnswer::status(503),
        false if request.parameters("resource").len() > 50 => HttpAnswer::status(414),
        false => answers(request),
    });
    let line = format!("shop --online --stand-in {}", server.unwrap().address());
    let shop = home.json(&line);
    assert_eq!((&shop["~code"], &shop["missing"]), (&0.into(), &4.into()), "{shop:#}");
    let faults: Vec<&str> =
        list(&shop, "/faults").iter().map(|fault| fault["source"].as_str().unwrap()).collect();
    assert_eq!(faults, ["musicbrainz", "itunes"], "{shop:#}");
    let said = home.well(&line).out;
    assert!(said.contains("musicbrainz could not be asked") && said.contains("Anchor"), "{said}");
}

#[test]
fn shop_links_to_the_stores_of_the_user() {
    let home = filled();
    let edited = home.json("shop --edit-stores");
    assert_eq!(edited["is_new"], true);
    let path = edited["stores"].as_str().unwrap();
    fs::write(path, "[[store]]\nname = \"Mine\"\nurl = \"https://mine.example/{artist}?t={title}\"\n")
        .unwrap();
    assert_eq!(home.json("shop --edit-stores")["is_new"], false);
    let shop = home.json("shop");
    let link = &list(purchase(&shop, "Anchor"), "/links")[0];
    assert_eq!(link["url"], "https://mine.example/Salt%20Choir?t=Anchor");
    fs::write(path, "[[store]]\nname = \"Mine\"\nurl = \"javascript:{q}\"\n").unwrap();
    let said = home.run("shop");
    assert!(
        said.code == 1 && said.err.contains("stores.toml: line 1: store 1: Mine: the address"),
        "{said:?}"
    );
}

#[test]
fn shop_ticks_off_what_was_bought() {
    let home = Home::new();
    home.csv("a.csv", &[track("Ebb"), missing("Salt Choir", "Harbour", "Anchor")]);
    fs::create_dir(home.path("mine")).unwrap();
    fs::copy(music().join("Nordlys/Aurora/04 Polar Night.flac"), home.path("mine/x.flac")).unwrap();
    home.json("convert a.csv --from mine --to ./player");
    assert_eq!(home.json("shop")["missing"], 2);
    fs::create_dir_all(home.path("inbox/Low Water")).unwrap();
    fs::copy(music().join("Mara Quill/Low Water/01 Ebb.flac"), home.path("inbox/Low Water/01 Ebb.flac"))
        .unwrap();
    home.well("inbox inbox");
    let at_once = home.json("shop");
    assert_eq!(at_once["missing"], 1, "it is here, and nobody buys it again: {at_once:#}");
    assert_eq!(list(&at_once, "/purchases")[0]["title"], "Anchor");
    home.json("convert a.csv --to ./player");
    let shop = home.json("shop");
    assert_eq!((&shop["missing"], &list(&shop, "/purchases")[0]["title"]), (&1.into(), &"Anchor".into()));
}

#[test]
fn shop_buys_a_recording_of_several_albums_on_the_one_that_is_bought_anyway() {
    let home = Home::new();
    let anchor = |album: &str| Track {
        isrc: Some("XXB012000007".to_owned()),
        ..missing("Salt Choir", album, "Anchor")
    };
    let hits = [anchor("Best Of")];
    let album = [
        missing("Salt Choir", "Harbour", "Buoy"),
        missing("Salt Choir", "Harbour", "Chain"),
        anchor("Harbour"),
    ];
    home.csv("hits.csv", &hits);
    home.csv("album.csv", &album);
    home.json("convert hits.csv album.csv --from MUSIC --to ./player");
    for line in ["shop", "shop --all"] {
        let shop = home.json(line);
        let purchases = list(&shop, "/purchases");
        assert_eq!((purchases.len(), &shop["missing"]), (1, &3.into()), "{shop:#}");
        assert_eq!((&purchases[0]["title"], list(&purchases[0], "/fills").len()), (&"Harbour".into(), 3));
    }
    // The link that one description has is not taken for that of the album that another one names.
    let plain = Home::new();
    let row = "Track Name,Album Name,Artist Name(s),Track Duration (ms),ISRC\nAnchor,Best Of,Salt Choir,200000,XXB012000007\n";
    fs::write(plain.path("plain.csv"), row).unwrap();
    plain.csv("album.csv", &album);
    plain.json("convert plain.csv album.csv --from MUSIC --to ./player");
    let shop = plain.json("shop");
    assert_eq!((list(&shop, "/purchases").len(), &shop["purchases"][0]["title"]), (1, &"Harbour".into()));
    // With nothing else of it to buy, the album that was named first stays.
    let other = Home::new();
    other.csv("hits.csv", &hits);
    other.csv("album.csv", &[anchor("Harbour")]);
    other.json("convert hits.csv album.csv --from MUSIC --to ./player");
    let shop = other.json("shop");
    let purchases = list(&shop, "/purchases");
    assert_eq!((purchases.len(), &purchases[0]["kind"]), (1, &"recording".into()), "{shop:#}");
}

#[test]
fn shop_names_what_waits_for_whom_and_until_when_in_every_form() {
    let home = Home::new();
    let wanted = ["Ash", "=Birch", "<b>Cedar</b>"].map(|title| missing("The Trees", "Wood", title));
    home.csv("trees.csv", &wanted);
    home.well("source add internet-archive");
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    home.json(&format!("convert trees.csv --from MUSIC --to ./player --stand-in http://{address}"));

    let shop = home.json("shop --html list.html --csv list.csv");
    assert!(list(&shop, "/purchases").is_empty(), "{shop:#}");
    let waiting = list(&shop, "/waiting");
    assert_eq!(waiting.len(), 3, "{shop:#}");
    for track in &wanted {
        let label = format!("The Trees – {}", track.title);
        let one = waiting.iter().find(|one| one["wanted"] == label).unwrap();
        assert_eq!(one["services"], json!(["internet-archive"]), "{one}");
        assert!(
            one["until"].as_str().is_some_and(|until| !until.is_empty()) && one["number"].is_number(),
            "{one}"
        );
    }
    let page = fs::read_to_string(home.path("list.html")).unwrap();
    assert!(
        page.contains("Nothing to buy yet") && !page.contains("<b>Cedar") && !page.contains("<table>"),
        "{page}"
    );
    assert!(page.contains("<li>The Trees – Ash waits for internet-archive, until "), "{page}");
    let mut rows = csv::Reader::from_path(home.path("list.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(
        rows.iter().all(|row| row[0].is_empty() && &row[11] == "internet-archive" && !row[12].is_empty())
    );
    assert!(
        rows.iter().all(|row| row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@']))),
        "{rows:?}"
    );

    // Whoever does not want to wait sees them all, and what they wait for.
    let all = home.json("shop --all");
    assert!(list(&all, "/waiting").is_empty() && all["missing"] == 3, "{all:#}");
    let fills = list(&all, "/purchases/0/fills");
    assert!(fills.iter().all(|one| one["waits"]["services"] == json!(["internet-archive"])), "{all:#}");
    assert!(home.well("shop --all").out.contains("waits for internet-archive"));
}

#[test]
fn shop_all_lists_what_waits_while_something_comes_near() {
    let home = Home::new();
    home.csv("a.csv", &[undertow()]);
    home.csv("b.csv", &[track("Ebb")]);
    home.well("source add internet-archive");
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for list_of in ["a.csv", "b.csv"] {
        let line = format!("convert {list_of} --from MUSIC --to ./player --stand-in http://{address}");
        let last = home.json(&line);
        if list_of == "a.csv" {
            // The collection has it live.
            assert_eq!(outcome_of(&last["report"], "Undertow"), "waiting", "{last:#}");
            assert_eq!(list(&home.json("shop"), "/waiting").len(), 1);
        }
        // It waits as well where a run to the same player was about another list since.
        let all = home.json("shop --all");
        assert_eq!(all["missing"], 1, "{list_of}: {all:#}");
        let waits = &list(&all, "/purchases/0/fills")[0]["waits"];
        assert_eq!(waits["services"], json!(["internet-archive"]), "{list_of}: {all:#}");
    }
}

#[test]
fn shop_says_what_all_is() {
    let home = Home::new();
    home.csv("now.csv", &[track("Ebb")]);
    home.json("convert now.csv --from MUSIC --to ./player");
    assert!(home.well("shop").out.contains("--all looks at everything on your lists."));
    let said = home.well("shop --all --html list.html").out;
    assert!(said.contains("Nothing to buy: nothing is missing of what is on your lists."), "{said}");
    let page = fs::read_to_string(home.path("list.html")).unwrap();
    assert!(page.contains("Missing of what is on your lists"), "{page}");
}

#[test]
fn shop_lists_a_track_where_the_only_file_is_another_one_of_its_title() {
    let home = Home::new();
    make_music(&home.path("music"), &[MadeTrack::new("Mara Quill", "Low Water", 2, "Interlude")]).unwrap();
    let interlude = |isrc: &str| Track {
        uri: Some(spotify_uri("track", isrc)),
        isrc: Some(isrc.to_owned()),
        ..Track::new("Mara Quill", "Low Water", "Interlude")
    };
    home.csv("list.csv", &["XXB012000001", "XXB012000002"].map(interlude));
    let last = home.json("convert list.csv --from music --to ./player");
    assert_eq!(last["report"]["outcomes"]["not_in_sources"], 1, "{last:#}");
    for line in ["shop", "shop --all"] {
        let shop = home.json(line);
        assert_eq!((&shop["missing"], list(&shop, "/purchases").len()), (&1.into(), 1), "{line}: {shop:#}");
    }
}

#[test]
fn shop_all_lists_nothing_that_was_only_played_or_is_in_no_list_any_more() {
    let home = Home::new();
    home.csv("now.csv", &[missing("The Trees", "Wood", "Ash")]);
    home.csv("once.csv", &[missing("The Trees", "Bark", "Oak")]);
    let played = json!([{ "endTime": "2025-01-01 10:00", "artistName": "Wren", "trackName": "Feather",
        "msPlayed": 60_000 }]);
    fs::write(home.path("StreamingHistory_music_0.json"), played.to_string()).unwrap();
    home.well("import now.csv once.csv StreamingHistory_music_0.json");
    let titles = || -> Vec<String> {
        let shop = home.json("shop --all");
        let mut titles: Vec<String> =
            list(&shop, "/purchases").iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect();
        titles.sort();
        titles
    };
    assert_eq!(titles(), ["Ash", "Oak"]);
    let dropped = home.well("library drop once").out;
    assert!(dropped.contains("its 1 entry is out of the library"), "{dropped}");
    assert_eq!(titles(), ["Ash"]);
}

#[test]
fn shop_counts_what_waits_for_several_places_once() {
    let home = Home::new();
    home.csv("trees.csv", &[missing("The Trees", "Wood", "Ash"), missing("The Trees", "Bark", "Oak")]);
    home.well("source add internet-archive");
    home.well("source add wikimedia-commons");
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    home.json(&format!("convert trees.csv --from MUSIC --to ./player --stand-in http://{address}"));
    let waiting = home.json("shop");
    assert!(list(&waiting, "/waiting").iter().all(|one| list(one, "/services").len() == 2), "{waiting:#}");
    let said = home.well("shop").out;
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("Not in the list: ")).collect();
    assert!(lines.len() == 1 && lines[0].contains("2 things wait for "), "{said}");
}

#[test]
fn shop_says_which_lists_the_last_run_was_not_about() {
    let home = Home::new();
    home.csv("now.csv", &[missing("The Trees", "Wood", "Ash")]);
    home.csv("later.csv", &[missing("The Trees", "Bark", "Oak")]);
    home.well("import later.csv");
    home.json("convert now.csv --from MUSIC --to ./player");
    let shop = home.json("shop --html list.html");
    assert_eq!((&shop["missing"], &shop["other_lists"]), (&1.into(), &1.into()), "{shop:#}");
    let said = home.well("shop").out;
    assert!(
        said.contains("The last run was about 1 list (now); --all looks at 1 other list, too."),
        "{said}"
    );
    let page = fs::read_to_string(home.path("list.html")).unwrap();
    assert!(page.contains("The run was about now; another list was not looked at"), "{page}");
    let all = home.json("shop --all");
    assert_eq!((&all["missing"], &all["other_lists"]), (&2.into(), &0.into()), "{all:#}");
}

#[test]
fn shop_buys_no_live_album_in_place_of_the_studio_recording_though_one_code_names_both() {
    let home = Home::new();
    let anchor = |album: &str| Track {
        isrc: Some("XXB012000007".to_owned()),
        ..missing("Salt Choir", album, "Anchor")
    };
    home.csv("studio.csv", &[anchor("Harbour")]);
    let live = |title: &str| missing("Salt Choir", "Live in Oslo", title);
    home.csv("live.csv", &[live("Buoy"), live("Chain"), anchor("Live in Oslo")]);
    home.json("convert studio.csv live.csv --from MUSIC --to ./player");
    let shop = home.json("shop");
    assert_eq!((&shop["missing"], list(&shop, "/purchases").len()), (&3.into(), 2), "{shop:#}");
    assert_eq!(list(purchase(&shop, "Live in Oslo"), "/fills").len(), 2, "{shop:#}");
    assert_eq!(purchase(&shop, "Anchor")["kind"], "recording", "{shop:#}");
}
