//! Albums whose server gives them other ids, and such as only look like the one that is here: what has its names and numbers and
//! another playing time is another recording.

use std::fs;
use std::sync::{Arc, Mutex};

use ferrotape_testkit::{HttpAnswer, HttpServer};
use serde_json::{Value, json};

use crate::albums_of_servers::{Song, asked, found, is_first_page, is_of_a_file, serving_as, song};
use crate::elsewhere::{Server, outcome, subsonic};
use crate::home::Home;
use crate::whole_albums::home;

const CONVERT: &str = "convert YourLibrary.json --from own --to ./player --yes";

/// What is listed, and how often that was another.
type Listed = Arc<Mutex<(Vec<(Song, Vec<u8>)>, usize)>>;

/// A server that lists other songs when it is told so.
struct Changing {
    server: Server,
    listed: Listed,
}

impl Changing {
    fn new(home: &Home) -> Self {
        let listed = Listed::default();
        let now = Arc::clone(&listed);
        let http = HttpServer::start(move |request| {
            let listed = now.lock().unwrap();
            let (songs, changes) = &*listed;
            if is_of_a_file(request) {
                let id = request.parameter("id").unwrap();
                let (_, bytes) = songs.iter().find(|(song, _)| song.id == id).unwrap();
                return HttpAnswer::file("audio/flac", &format!("\"{id}\""), bytes.clone());
            }
            if request.path().contains("getScanStatus") {
                let last = format!("2026-01-{changes:02}T00:00:00Z");
                let scan = json!({ "scanning": false, "count": songs.len(), "lastScan": last });
                let answer = json!({ "status": "ok", "version": "1.16.1", "type": "made-up",
                    "openSubsonic": true, "scanStatus": scan });
                return HttpAnswer::json(&json!({ "subsonic-response": answer }));
            }
            if is_first_page(request) {
                return found(&songs.iter().map(|(song, bytes)| song.row(bytes)).collect::<Vec<_>>());
            }
            subsonic(request, &[])
        });
        let server = Server { http: http.unwrap(), down: Arc::default() };
        server.add(home);
        Self { server, listed }
    }

    /// What a run ends with where these are listed.
    fn run(&self, home: &Home, songs: &[Song]) -> Value {
        let songs = songs.iter().map(|song| (*song, song.bytes(home))).collect();
        {
            let mut listed = self.listed.lock().unwrap();
            *listed = (songs, listed.1 + 1);
        }
        home.json(CONVERT)
    }
}

/// Songs of an album of which two tracks are nowhere.
fn studio() -> [Song; 4] {
    let of = |id, number, title, seconds| song(id, "al-1", number, title, seconds);
    [of("a1", 1, "Ebb", 4), of("a2", 2, "Flood", 5), of("a4", 4, "Slack", 6), of("a6", 6, "Neap", 7)]
}

/// Another recording of it, with one track more. One of its songs lasts nearly as long.
fn live() -> [Song; 5] {
    let of = |id, number, title, seconds| song(id, "al-5", number, title, seconds);
    [
        of("z1", 1, "Ebb", 9),
        of("z2", 2, "Flood", 10),
        of("z4", 4, "Slack", 11),
        of("z5", 5, "Gull", 12),
        of("z6", 6, "Neap", 8),
    ]
}

/// That four tracks of the album are on the player, and nothing of this place was taken though it has more.
fn is_told_of(home: &Home, last: &Value, place: &str) {
    let row = outcome(last, "Low Water");
    let says = row["substitute"].as_str().unwrap_or_default();
    let told = format!(
        "a part of it, 4 of at least 6 tracks as their tags count them; {place} has files of this name that were not \
         taken: “Ebb” lasts 5 s longer there than here, so it may be another recording"
    );
    assert_eq!(
        (&row["outcome"], says, home.mp3s().len()),
        (&"on_player".into(), told.as_str(), 4),
        "{last:#}"
    );
}

#[test]
fn an_album_is_not_filled_up_with_another_recording_of_that_name() {
    for is_in_own_folder in [true, false] {
        let home = home();
        let _first = if is_in_own_folder {
            for song in studio() {
                fs::write(home.path(&format!("own/{}.flac", song.id)), song.bytes(&home)).unwrap();
            }
            None
        } else {
            let first = serving_as(&home, "first", &studio());
            home.json(CONVERT);
            Some(first)
        };
        let second = serving_as(&home, "second", &live());
        for _ in 0..2 {
            is_told_of(&home, &home.json(CONVERT), "subsonic:second");
            assert_eq!(asked(&second), [""; 0]);
        }
    }
}

#[test]
fn another_recording_in_the_place_of_the_one_that_came_is_not_put_to_it() {
    let home = home();
    let server = Changing::new(&home);
    assert_eq!(outcome(&server.run(&home, &studio()), "Low Water")["outcome"], "on_player");
    for _ in 0..2 {
        is_told_of(&home, &server.run(&home, &live()), "subsonic:home");
        assert_eq!(asked(&server.server), ["a1", "a2", "a4", "a6"]);
    }
}

#[test]
fn an_album_that_has_a_new_id_is_one_whatever_of_it_is_listed() {
    for has_new_songs in [false, true] {
        let [ebb, flood, slack, neap] = studio();
        let all = match has_new_songs {
            true => [("n1", ebb), ("n2", flood), ("n4", slack), ("n6", neap)],
            false => [ebb, flood, slack, neap].map(|song| (song.id, song)),
        };
        let new = all.map(|(id, song)| Song { id, album: "al-9", ..song });
        let [ebb, flood, _, neap] = new;
        let one_is_taken_off = [vec![ebb, flood, neap], vec![ebb, flood, neap]];
        let it_is_read_anew = [vec![ebb, flood], new.to_vec()];
        for lists in [one_is_taken_off, it_is_read_anew] {
            let home = home();
            let server = Changing::new(&home);
            server.run(&home, &studio());
            for list in lists {
                let last = server.run(&home, &list);
                assert_eq!(outcome(&last, "Low Water")["outcome"], "on_player", "{last:#}");
                assert_eq!((asked(&server.server).len(), home.mp3s().len()), (4, 4), "{last:#}");
            }
        }
    }
}
