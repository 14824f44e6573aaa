//! The openly licensed catalogues: the contract, and what is special about each.

use std::sync::Arc;

use ferrotape_domain::{
    ArtistCredit, Asked, AudioFormat, Cancel, Catalogue, Fault, FaultKind, RemoteOffer, Rights, Wanted,
    WantedKind,
};
use ferrotape_services::commons::Commons;
use ferrotape_services::internet_archive::InternetArchive;
use ferrotape_services::jamendo::Jamendo;
use ferrotape_services::librivox::LibriVox;
use ferrotape_services::net::{Net, Ways};
use ferrotape_services::openverse::Openverse;
use ferrotape_testkit::fake_catalogues::{FakeCatalogues, FakeTrack, JAMENDO_CLIENT_ID};
use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer, MemoryOnly};
use serde_json::{Value, json};

use crate::search_contract::{Fixture, keeps};

const ARCHIVE: Fixture = Fixture {
    name: "internet-archive",
    make: |net| Box::new(InternetArchive::new(net)),
    kind: WantedKind::Recording,
    search: "/archive.org/advancedsearch.php",
    file: "us.archive.org/0/items",
    may_lack_rights: true,
    has_sums: true,
    secret: None,
};

#[test]
fn the_internet_archive_keeps_the_search_contract() {
    keeps(&ARCHIVE);
}

#[test]
fn librivox_keeps_the_search_contract() {
    keeps(&Fixture {
        name: "librivox",
        make: |net| Box::new(LibriVox::new(net)),
        kind: WantedKind::Audiobook,
        search: "/librivox.org/",
        may_lack_rights: false,
        ..ARCHIVE
    });
}

#[test]
fn jamendo_keeps_the_search_contract() {
    keeps(&Fixture {
        name: "jamendo",
        make: |net| Box::new(Jamendo::new(net, JAMENDO_CLIENT_ID).unwrap()),
        search: "/api.jamendo.com/v3.0/tracks/?",
        file: "/prod-1.storage.jamendo.com/",
        has_sums: false,
        secret: Some(JAMENDO_CLIENT_ID),
        ..ARCHIVE
    });
}

#[test]
fn wikimedia_commons_keeps_the_search_contract() {
    keeps(&Fixture {
        name: "wikimedia-commons",
        make: |net| Box::new(Commons::new(net)),
        search: "/commons.wikimedia.org/w/api.php",
        file: "/upload.wikimedia.org/",
        ..ARCHIVE
    });
}

#[test]
fn openverse_keeps_the_search_contract() {
    keeps(&Fixture {
        name: "openverse",
        make: |net| Box::new(Openverse::new(net)),
        search: "/api.openverse.org/v1/audio/?",
        file: "/files.example.org/",
        has_sums: false,
        ..ARCHIVE
    });
}

fn net(server: &HttpServer) -> Net {
    let ways = Ways { stand_in: Some(server.address()), ..Ways::default() };
    Net::new(Arc::new(MemoryOnly::default()), &ways).unwrap()
}

fn wanted(kind: WantedKind, title: &str) -> Wanted {
    let mut wanted = Wanted::of_kind(kind);
    wanted.title = title.to_owned();
    wanted.artists = ArtistCredit::printed("Mara Quill");
    wanted
}

fn search(catalogue: &dyn Catalogue, wanted: &Wanted) -> Result<Vec<RemoteOffer>, Fault> {
    let Asked::Search(searches) = catalogue.asked() else { panic!("it is not searched") };
    searches.search(wanted, &Cancel::default())
}

fn recording() -> Wanted {
    wanted(WantedKind::Recording, "Ember Railway")
}

/// A server that answers everything like this.
fn always(answer: Value) -> HttpServer {
    HttpServer::start(move |_| HttpAnswer::json(&answer)).unwrap()
}

fn name(rights: &Rights) -> &str {
    rights.words()
}

#[test]
fn a_concert_is_live_by_its_tags_and_permitted_by_its_artist() {
    let track = FakeTrack::new("Mara Quill", "2003-05-08", 3, "Ember Railway").live();
    let fakes = FakeCatalogues::start(vec![track]).unwrap();
    let found = search(&InternetArchive::new(net(fakes.server())), &recording()).unwrap();
    let [offer] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(offer.tags.album.as_deref(), Some("Mara Quill Live at The Barn on 2003-05-08"));
    assert_eq!((offer.tags.title.as_deref(), offer.tags.track_number), (Some("Ember Railway"), Some(3)));
    assert_eq!(offer.tags.date.as_deref(), Some("2003-05-08"));
    assert!(matches!(offer.rights, Rights::Permission(_)));
}

#[test]
fn of_each_recording_the_best_form_is_offered() {
    let track = FakeTrack::new("Mara Quill", "The Salt Road", 1, "Ember Railway");
    let fakes = FakeCatalogues::start(vec![track]).unwrap();
    let found = search(&InternetArchive::new(net(fakes.server())), &recording()).unwrap();
    // Not the derived MP3s of VBR and 64 kbit/s, nor the private file.
    let [offer] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(offer.id, "maraquill-thesaltroad/maraquill_thesaltroad_01.flac");
    assert_eq!((offer.format, name(&offer.rights)), (Some(AudioFormat::Flac), "CC BY-SA 4.0"));
}

/// An Internet Archive with one item of which this is said.
fn archive_with(about: &Value, files: &Value) -> Vec<RemoteOffer> {
    let (about, files) = (about.clone(), files.clone());
    let answer = move |request: &HttpRequest| match request.path() {
        "/archive.org/advancedsearch.php" => HttpAnswer::json(&json!({"response": {"docs": [about]}})),
        _ => HttpAnswer::json(&json!({"metadata": about, "files": files})),
    };
    let server = HttpServer::start(answer).unwrap();
    search(&InternetArchive::new(net(&server)), &recording()).unwrap()
}

#[test]
fn what_may_only_be_heard_there_is_not_offered() {
    let by = "https://creativecommons.org/licenses/by/4.0/";
    let mark = "https://creativecommons.org/publicdomain/mark/1.0/";
    let files = json!([{"name": "a.flac", "source": "original", "format": "Flac", "title": "Ember Railway"}]);
    let table = [
        (json!({"collection": ["netlabels"], "licenseurl": by}), 1),
        (json!({"collection": "etree"}), 1),
        (json!({"collection": ["etree", "stream_only"]}), 0),
        (json!({"collection": ["netlabels"], "licenseurl": by, "access-restricted-item": "true"}), 0),
        (json!({"collection": ["netlabels"]}), 0),
        (json!({"collection": ["opensource_audio"], "licenseurl": by}), 1),
        (json!({"collection": ["opensource_audio"], "licenseurl": mark}), 0),
        (json!({"collection": ["netlabels"], "licenseurl": mark}), 1),
    ];
    for (mut about, expected) in table {
        about["identifier"] = json!("an-item");
        about["creator"] = json!("Mara Quill");
        assert_eq!(archive_with(&about, &files).len(), expected, "{about}");
    }
}

#[test]
fn forms_of_files_are_told_apart() {
    let about = json!({"identifier": "an-item", "collection": "etree", "title": "Mara Quill 2003-05-08"});
    let file = |name: &str, source: &str, format: &str, original: &str| json!({"name": name, "source": source, "format": format, "original": original, "size": "7"});
    let files = json!([
        file("d1/a.shn", "original", "Shorten", ""),
        file("d1/a.mp3", "derivative", "VBR MP3", "d1/a.shn"),
        file("d1/a_64kb.mp3", "derivative", "64Kbps MP3", "d1/a.shn"),
        file("b.flac", "original", "24bit Flac", ""),
        file("b.mp3", "derivative", "VBR MP3", "b.flac"),
        file("c_64kb.mp3", "original", "64Kbps MP3", ""),
        file("d.mp3", "original", "VBR MP3", ""),
        file("../e.mp3", "original", "VBR MP3", ""),
        file("/f.mp3", "original", "VBR MP3", ""),
        file("cover.jpg", "original", "JPEG", ""),
    ]);
    let found = archive_with(&about, &files);
    let ids: Vec<&str> = found.iter().map(|offer| offer.id.as_str()).collect();
    assert_eq!(ids, ["an-item/b.flac", "an-item/d.mp3", "an-item/d1/a.mp3"]);
    // A concert whose title does not say so is made to.
    assert_eq!(found[0].tags.album.as_deref(), Some("Mara Quill 2003-05-08 (Live)"));
}

#[test]
fn what_only_the_items_title_or_its_creator_says_of_the_version_is_told() {
    let by = "https://creativecommons.org/licenses/by/4.0/";
    let table = [
        ("Mara Quill - Low Water", "Mara Quill", "Low Water", Some("Low Water")),
        ("Mara Quill - Live at Oslo", "Mara Quill", "Oslo 2004", Some("Oslo 2004 (Live)")),
        ("Mara Quill Unplugged on Radio Fen", "Mara Quill", "Radio Fen", Some("Radio Fen (Live)")),
        ("Mara Quill demos 2001", "Mara Quill", "fen017", Some("fen017 (Demos)")),
        ("Low Water remixed", "Mara Quill", "fen018", Some("fen018 (Remixes)")),
        ("Tribute to Mara Quill", "Various Artists", "Fen Comp 3", Some("Fen Comp 3 (Cover Versions)")),
        ("Low Water", "The Mara Quill Karaoke Band", "Low Water", Some("Low Water (Karaoke)")),
        ("Low Water", "Fen Recordings", "Low Water", Some("Low Water")),
        ("Mara Quill 2004-05-08 Oslo", "Mara Quill", "Low Water", Some("Low Water (Live)")),
        ("Mara Quill 2004-05-08 Oslo", "Mara Quill", "Live in Oslo", Some("Live in Oslo")),
        ("Mara Quill @ Oslo", "Mara Quill", "Low Water", Some("Low Water (Live)")),
        ("Mara Quill gig in Oslo", "Mara Quill", "Low Water", Some("Low Water (Live)")),
        ("Low Water - reimagined by Bob", "Mara Quill", "Low Water", Some("Low Water (Reimagined)")),
        ("Live Wire Netlabel presents: Low Water", "Mara Quill", "Low Water", Some("Low Water")),
        ("Fen Comp: covers of Mara Quill songs", "Bob", "", None),
        ("Low Water", "Bob", "Low Water", None),
    ];
    for (title, creator, album, expected) in table {
        let about = json!({"identifier": "an-item", "title": title, "creator": creator,
            "collection": ["netlabels"], "licenseurl": by});
        let files = json!([{"name": "a.flac", "source": "original", "format": "Flac", "title": "Ember Railway",
            "artist": "Mara Quill", "album": album}]);
        let found = archive_with(&about, &files);
        let told = found.first().and_then(|offer| offer.tags.album.as_deref());
        assert_eq!(told, expected, "{title} by {creator}: {found:?}");
    }
}

#[test]
fn errors_inside_good_answers_are_faults_and_not_remembered() {
    let server = always(json!({"error": "the search timed out"}));
    let archive = InternetArchive::new(net(&server));
    for _ in 0..2 {
        let fault = search(&archive, &recording()).unwrap_err();
        assert_eq!(
            (fault.source.as_str(), fault.kind),
            ("internet-archive", FaultKind::Temporary { retry_after_seconds: None })
        );
    }
    assert!(server.asked().len() >= 4, "it is asked again");
}

#[test]
fn a_chapter_brings_its_book_and_half_a_book_is_none() {
    let section = |number, title| FakeTrack::new("Mara Quill", "The Salt Road", number, title).spoken();
    let fakes = FakeCatalogues::start(vec![section(1, "The Fog"), section(2, "The Harbour")]).unwrap();
    let mut chapter = wanted(WantedKind::Audiobook, "The Harbour");
    chapter.release = Some("The Salt Road (Unabridged)".to_owned());
    let found = search(&LibriVox::new(net(fakes.server())), &chapter).unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|offer| offer.id.ends_with("_128kb.mp3")), "{found:?}");
    assert_eq!(name(&found[0].rights), "public domain");
    let asked = fakes.server().asked();
    assert!(asked[0].contains("title=%5ESalt+Road") && asked[0].contains("author=Quill"), "{asked:?}");

    let answer = |request: &HttpRequest| match request.path() {
        "/archive.org/metadata/salt" => HttpAnswer::json(&json!({
            "metadata": {"identifier": "salt"},
            "files": [{"name": "salt_01_128kb.mp3", "source": "original", "format": "128Kbps MP3"}],
        })),
        _ => HttpAnswer::json(&json!({"books": [{
            "id": 7, "language": "English", "title": "Salt Road", "url_iarchive": "https://archive.org/details/salt",
            "authors": [{"first_name": "Mara", "last_name": "Quill"}],
            "sections": [{"section_number": 1, "file_name": "salt_01_64kb.mp3"}, {"section_number": 2}],
        }]})),
    };
    let server = HttpServer::start(answer).unwrap();
    let found =
        search(&LibriVox::new(net(&server)), &wanted(WantedKind::Audiobook, "The Salt Road")).unwrap();
    assert_eq!(found, []);
}

#[test]
fn a_book_of_which_the_catalogue_lists_not_all_sections_is_none_and_says_so() {
    let section = |at: u64| {
        json!({"section_number": at.to_string(), "title": format!("Chapter {at}"), "playtime": "60",
            "file_name": format!("salt_{at:02}_64kb.mp3")})
    };
    let with = |sections: Vec<Value>| {
        let answer = move |request: &HttpRequest| match request.path() {
            "/archive.org/metadata/salt" => {
                let file =
                    |at: u64| json!({"name": format!("salt_{at:02}_128kb.mp3"), "format": "128Kbps MP3"});
                let files: Vec<Value> = (1..=5).map(file).collect();
                HttpAnswer::json(&json!({"metadata": {"identifier": "salt"}, "files": files}))
            }
            _ => HttpAnswer::json(&json!({"books": [{
                "id": 7, "language": "English", "title": "Salt Road", "num_sections": "5",
                "url_iarchive": "https://archive.org/details/salt",
                "authors": [{"first_name": "Mara", "last_name": "Quill"}], "sections": sections,
            }]})),
        };
        let server = HttpServer::start(answer).unwrap();
        let librivox = LibriVox::new(net(&server));
        let book = wanted(WantedKind::Audiobook, "The Salt Road");
        (search(&librivox, &book).unwrap(), librivox.says_of(&book).unwrap_or_default())
    };
    let all = || (1..=5).map(section);
    for (sections, missing) in [
        (all().filter(|one| one["section_number"] != "3").collect(), "section 3 of 5 is"),
        (vec![section(1), section(2), Value::Null, section(4), section(5)], "section 3 of 5 is"),
        (all().take(3).collect(), "sections 4, 5 of 5 are"),
    ] {
        let (found, says) = with(sections);
        assert_eq!(found, []);
        assert!(says.starts_with("librivox has “Salt Road”, but not all of it:"), "{says}");
        assert!(says.contains(missing), "{says}");
    }
    // Whatever their order there, each has its own number.
    let (found, says) = with(all().rev().collect());
    let numbered: Vec<_> =
        found.iter().map(|offer| (offer.tags.track_number, offer.tags.title.as_deref())).collect();
    assert_eq!((numbered[2], numbered.len()), ((Some(3), Some("Chapter 3")), 5));
    assert_eq!(says, "");
}

#[test]
fn renamed_chapters_are_told_apart_by_number_and_length() {
    let book = |plays: fn(u64) -> u64| {
        let answer = move |request: &HttpRequest| match request.path() {
            "/archive.org/metadata/salt" => {
                let file = |at: u64| {
                    json!({"name": format!("tide_{at}_128kb.mp3"), "format": "128Kbps MP3",
                        "length": plays(at).to_string()})
                };
                let files: Vec<Value> = (1..=11).map(file).collect();
                HttpAnswer::json(&json!({"metadata": {"identifier": "salt"}, "files": files}))
            }
            _ => {
                let section = |at: u64| {
                    json!({"section_number": at.to_string(), "title": format!("Chapter {at}"),
                        "file_name": format!("salt_{at:02}_64kb.mp3"), "playtime": (at * 100).to_string()})
                };
                let sections: Vec<Value> = (1..=11).map(section).collect();
                HttpAnswer::json(&json!({"books": [{
                    "id": 7, "language": "English", "title": "Salt Road", "url_iarchive": "https://archive.org/details/salt",
                    "authors": [{"first_name": "Mara", "last_name": "Quill"}], "sections": sections,
                }]}))
            }
        };
        let server = HttpServer::start(answer).unwrap();
        search(&LibriVox::new(net(&server)), &wanted(WantedKind::Audiobook, "The Salt Road")).unwrap()
    };
    let found: Vec<String> = book(|at| at * 100 + 2).into_iter().map(|offer| offer.id).collect();
    let counted: Vec<String> = (1..=11).map(|at| format!("salt/tide_{at}_128kb.mp3")).collect();
    assert_eq!(found, counted);
    assert_eq!(book(|at| if at == 3 { 390 } else { at * 100 }), [], "the third is another chapter");
}

/// The album of what is offered for a wanted book by Mara Quill, where these are the readings.
fn reading_for(title: &str, readings: &[(&str, &str)]) -> Option<String> {
    let book = |(id, (title, language)): (usize, &(&str, &str))| {
        json!({
            "id": id.to_string(), "title": title, "language": language,
            "url_iarchive": format!("https://archive.org/details/bk{id}"),
            "authors": [{"first_name": "Mara", "last_name": "Quill"}],
            "sections": [{"section_number": "1", "title": "Chapter 1", "playtime": "6",
                "file_name": format!("bk{id}_01_64kb.mp3"), "readers": [{"display_name": "Bob (Reader)"}]}],
        })
    };
    let books: Vec<Value> = readings.iter().enumerate().map(book).collect();
    let answer = move |request: &HttpRequest| match request.path().strip_prefix("/archive.org/metadata/bk") {
        Some(id) => HttpAnswer::json(&json!({
            "metadata": {"identifier": format!("bk{id}")},
            "files": [{"name": format!("bk{id}_01_128kb.mp3"), "format": "128Kbps MP3", "length": "6"}],
        })),
        None => HttpAnswer::json(&json!({"books": books})),
    };
    let server = HttpServer::start(answer).unwrap();
    let found = search(&LibriVox::new(net(&server)), &wanted(WantedKind::Audiobook, title)).unwrap();
    found.first().and_then(|offer| offer.tags.album.clone())
}

#[test]
fn a_reading_that_may_not_be_meant_says_in_what_language_it_is_and_who_reads_it() {
    let by = "read by Bob Reader";
    type Row<'t> = (&'t str, &'t [(&'t str, &'t str)], Option<String>);
    let table: [Row<'_>; 17] = [
        ("The Salt Marsh", &[("Salt Marsh", "English")], Some("Salt Marsh".to_owned())),
        ("The Salt Marsh", &[("Salt Marsh", "German")], Some(format!("Salt Marsh (in German, {by})"))),
        (
            "The Salt Marsh",
            &[("Salt Marsh", "German"), ("Salt Marsh", "English")],
            Some("Salt Marsh".to_owned()),
        ),
        ("Emma", &[("Emma", "English")], Some("Emma".to_owned())),
        ("Emma", &[("Emma", "")], Some(format!("Emma (in a language that is not told, {by})"))),
        ("Emma", &[("Emma", "German")], Some(format!("Emma (in German, {by})"))),
        ("Emma", &[("Emma", "German"), ("Emma", "English")], Some(format!("Emma (in English, {by})"))),
        ("Die Salzmarsch", &[("Die Salzmarsch", "German")], Some("Die Salzmarsch".to_owned())),
        (
            "Les Marais",
            &[("Les Marais", "English"), ("Les Marais", "French")],
            Some(format!("Les Marais (in French, {by})")),
        ),
        (
            "Les Marais (French Edition)",
            &[("Les Marais", "English"), ("Les Marais", "French")],
            Some("Les Marais".to_owned()),
        ),
        ("Emma (German Edition)", &[("Emma", "English"), ("Emma", "German")], Some("Emma".to_owned())),
        ("Emma (German Edition)", &[("Emma", "English")], None),
        (
            "The Salt Marsh (Abridged)",
            &[("Salt Marsh", "English")],
            Some(format!("Salt Marsh (in English, {by})")),
        ),
        (
            "The Salt Marsh (Abridged)",
            &[("Salt Marsh", "English"), ("Salt Marsh (abridged)", "English")],
            Some("Salt Marsh (abridged)".to_owned()),
        ),
        ("Emma - Read by Ann Ebb", &[("Emma", "English")], Some(format!("Emma (in English, {by})"))),
        ("Emma (Narrated by Bob Reader)", &[("Emma", "English")], Some(format!("Emma ({by})"))),
        (
            "The Salt Marsh",
            &[("Salt Marsh (version 2)", "English")],
            Some("Salt Marsh (version 2)".to_owned()),
        ),
    ];
    for (title, readings, album) in table {
        assert_eq!(reading_for(title, readings), album, "{title} of {readings:?}");
    }
}

#[test]
fn an_unknown_client_id_is_the_users_matter() {
    let fakes =
        FakeCatalogues::start(vec![FakeTrack::new("Mara Quill", "Salt", 1, "Ember Railway")]).unwrap();
    let net = net(fakes.server());
    let strange = Jamendo::new(net.clone(), "0badc0de").unwrap();
    let fault = search(&strange, &recording()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("client id") && !format!("{fault:?} {strange:?}").contains("0badc0de"));
    // The answer was none, so the right id is asked with anew.
    let found = search(&Jamendo::new(net.clone(), JAMENDO_CLIENT_ID).unwrap(), &recording()).unwrap();
    assert_eq!(found[0].page.as_deref(), Some("https://www.jamendo.com/track/1000"));
    for bad in ["", "a b", "abc", "a&b=c"] {
        assert_eq!(Jamendo::new(net.clone(), bad).unwrap_err().kind, FaultKind::NeedsUser, "{bad}");
    }
}

#[test]
fn what_an_artist_does_not_let_go_stays_at_jamendo() {
    let track = |allowed: Value, download: &str| {
        json!({
            "id": "1", "name": "Ember Railway", "artist_name": "Mara Quill", "audiodownload": download,
            "audiodownload_allowed": allowed, "license_ccurl": "http://creativecommons.org/licenses/by/3.0/",
        })
    };
    let place = "https://prod-1.storage.jamendo.com/download/track/1/mp32/";
    let server = always(json!({"headers": {"status": "success", "code": 0}, "results": [
        track(json!(false), place), track(json!(true), ""), track(Value::Null, place), track(json!(true), place),
    ]}));
    let found = search(&Jamendo::new(net(&server), JAMENDO_CLIENT_ID).unwrap(), &recording()).unwrap();
    assert_eq!(found.iter().map(|offer| offer.id.as_str()).collect::<Vec<_>>(), ["1/mp32"]);
}

#[test]
fn commons_is_asked_again_when_its_servers_have_caught_up() {
    let track = FakeTrack::new("Mara Quill", "Salt", 1, "Ember Railway");
    let fakes = FakeCatalogues::start(vec![track]).unwrap();
    let behind = fakes.server().address();
    let lagged = std::sync::atomic::AtomicBool::new(false);
    let server = HttpServer::start(move |request| {
        if !lagged.swap(true, std::sync::atomic::Ordering::SeqCst) {
            let lag = json!({"error": {"code": "maxlag", "info": "Waiting for a server", "lag": 7.5}});
            return HttpAnswer::json(&lag).with("Retry-After", 1);
        }
        HttpAnswer::leads_to(307, &format!("{behind}{}", request.target))
    });
    let server = server.unwrap();
    let fault = search(&Commons::new(net(&server)), &recording()).unwrap_err();
    // It came back after the pause; where the stand-in leads then is refused, as it must be.
    assert!(fault.reason.contains("leads"), "{fault}");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn on_commons_the_licence_decides_and_notes_are_no_sound() {
    let page = |title: &str, mime: &str, said: Value| {
        json!({"title": format!("File:{title}"), "imageinfo": [{
            "mediatype": "AUDIO", "mime": mime, "size": 7, "extmetadata": said,
        }]})
    };
    let field = |value: &str| json!({"value": value});
    let free =
        json!({"Copyrighted": field("False"), "License": field("pd"), "Artist": field("<b>Mara</b> Quill")});
    let server = always(json!({"batchcomplete": true, "query": {"pages": [
        page("Free.ogg", "application/ogg", free.clone()),
        page("Notes.mid", "audio/midi", free.clone()),
        page("Film.webm", "video/webm", free.clone()),
        page("Pd by name.ogg", "audio/ogg", json!({"License": field("pd")})),
        page("Silent.ogg", "audio/ogg", json!({})),
        page("a/../b.ogg", "audio/ogg", free),
    ]}}));
    let found = search(&Commons::new(net(&server)), &recording()).unwrap();
    let [offer] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((offer.id.as_str(), name(&offer.rights)), ("Free.ogg", "public domain"));
    assert_eq!((offer.tags.artists.as_slice(), offer.format), (&["Mara Quill".to_owned()][..], None));
}

#[test]
fn on_commons_the_name_of_a_file_may_say_what_its_page_does_not() {
    let field = |value: &str| json!({"value": value});
    let page = |name: &str| {
        json!({"title": format!("File:{name}"), "imageinfo": [{
            "mediatype": "AUDIO", "mime": "audio/ogg", "size": 7, "extmetadata": {"Copyrighted": field("False"),
                "License": field("pd"), "Artist": field("Mara Quill"), "ObjectName": field("Ember Railway")},
        }]})
    };
    let names = ["Ember Railway.ogg", "Ember Railway live at Oslo.ogg", "Ember Railway played by Bob.ogg"];
    let pages: Vec<Value> = names.into_iter().map(page).collect();
    let server = always(json!({"batchcomplete": true, "query": {"pages": pages}}));
    let found = search(&Commons::new(net(&server)), &recording()).unwrap();
    let told: Vec<_> =
        found.iter().map(|offer| (offer.tags.title.as_deref(), offer.tags.album.as_deref())).collect();
    assert_eq!(
        told,
        [
            (Some("Ember Railway"), None),
            (Some("Ember Railway (live at Oslo)"), Some("Ember Railway live at Oslo (Live)")),
            (Some("Ember Railway played by Bob"), None),
        ]
    );
}

#[test]
fn openverse_passes_over_what_is_better_asked_itself_and_leads_nowhere_inside() {
    let audio = |at: u32, provider: &str, url: &str| {
        json!({
            "id": format!("0f0f0f0f-0000-4000-8000-{at:012}"), "title": "Ember Railway", "creator": "Mara Quill",
            "license_url": "https://creativecommons.org/licenses/by/4.0/", "provider": provider, "source": provider,
            "url": url,
        })
    };
    let inside = audio(3, "ccmixter", "http://192.168.1.1/a.mp3");
    let answer = move |request: &HttpRequest| match request.path() {
        "/api.openverse.org/v1/audio/" => HttpAnswer::json(&json!({"results": [
            audio(1, "jamendo", "https://example.org/a"),
            audio(2, "freesound", "https://example.org/a"),
            inside,
            audio(4, "ccmixter", "file:///etc/passwd"),
        ]})),
        _ => HttpAnswer::json(&inside),
    };
    let server = HttpServer::start(answer).unwrap();
    let openverse = Openverse::new(net(&server));
    let found = search(&openverse, &recording()).unwrap();
    let [offer] = found.as_slice() else { panic!("{found:?}") };
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a");
    let fault = openverse.fetch(offer, &to, &|_| {}, &Cancel::default()).unwrap_err();
    assert!(fault.source.starts_with("openverse/") && fault.reason.contains("leads"), "{fault}");
    assert!(!to.exists());
}
