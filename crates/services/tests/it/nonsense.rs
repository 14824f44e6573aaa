//! A service that answers nonsense with a good status, or with the page of somebody before it, has not said that it has none:
//! tried on everybody who is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ferrotape_domain::{
    Asked, Cancel, CoverArchive, Fact, Fault, Health, Heard, KeptAnswer, LyricsArchive, RecordingRegister,
    ServiceMemory, ShopAdvice, SoundRegister, SungTrack, Wanted,
};
use ferrotape_services::Secret;
use ferrotape_services::acoustid::AcoustId;
use ferrotape_services::cover_art_archive::CoverArtArchive;
use ferrotape_services::deezer::Deezer;
use ferrotape_services::itunes::ITunes;
use ferrotape_services::lrclib::LrcLib;
use ferrotape_services::musicbrainz::MusicBrainz;
use ferrotape_services::net::Net;
use ferrotape_testkit::fake_catalogues::FakeCatalogues;
use ferrotape_testkit::fake_registers::{ACOUSTID_KEY, FakeRegisters, FakeTable};
use ferrotape_testkit::{HttpAnswer, HttpServer, spotify_uri};

use crate::registers::{by_isrc, by_link, by_names, ebb, fakes, identify, mbid, net, net_later, one, wanted};
use crate::search_contract::{Fixture, tracks, wanted as wanted_of};

const EBB: &str = "0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
/// What none of them says that has looked: nothing, errors, things counted and not named, and pages.
const NONSENSE: [(u16, &str); 20] = [
    (200, "{}"),
    (200, "[]"),
    (200, "null"),
    (200, r#""none""#),
    (200, r#"{"error":"x"}"#),
    (200, r#"{"error":{"code":"internal_api_error_x","info":"x"}}"#),
    (200, r#"{"errors":[{"code":"readonly"}]}"#),
    (200, r#"{"error":"x","books":[],"results":[],"recordings":[],"batchcomplete":true}"#),
    (200, r#"{"responseHeader":{"status":5},"message":"timeout"}"#),
    (200, r#"{"responseHeader":{"status":5},"response":{"numFound":0,"docs":[]}}"#),
    (200, r#"{"response":{"numFound":5,"docs":[]}}"#),
    (200, r#"{"headers":{"status":"success","code":0}}"#),
    (200, r#"{"headers":{"status":"success","code":0,"results_count":2},"results":[]}"#),
    (200, r#"{"count":3,"recordings":[]}"#),
    (200, r#"{"resultCount":3,"results":[]}"#),
    (200, r#"{"status":"ok"}"#),
    (404, "<html>maintenance</html>"),
    (404, ""),
    (404, r#"{"error":"Unknown method"}"#),
    (410, "<html>gone</html>"),
];

/// A catalogue behind a server that talks nonsense as long as it is told to.
pub(crate) fn is_never_has_none(fixture: &Fixture) {
    for (status, body) in NONSENSE {
        let (lies, well) = (Arc::new(AtomicBool::new(true)), FakeCatalogues::answers(tracks(fixture)));
        let of_server = Arc::clone(&lies);
        let server = HttpServer::start(move |request| match of_server.load(Ordering::SeqCst) {
            true => HttpAnswer::says(status, body),
            false => well(request),
        })
        .unwrap();
        let catalogue = (fixture.make)(net(&server).0);
        let ask = || -> Result<usize, Fault> {
            let Asked::Search(searches) = catalogue.asked() else { panic!("it is not searched") };
            let found = searches.search(&wanted_of(fixture, "Ember Railway"), &Cancel::default());
            found.map(|offers| offers.len())
        };
        let fault = ask().unwrap_err();
        assert_eq!(fault.source, fixture.name, "{status} {body}: {fault}");
        // It was not kept for an answer either.
        lies.store(false, Ordering::SeqCst);
        assert!(ask().unwrap() > 0, "{}: {status} {body}", fixture.name);
    }
}

/// A register, and something that it knows.
type Known = (&'static str, fn(Net) -> Box<dyn RecordingRegister>, Wanted);

#[test]
fn a_register_that_answers_nonsense_has_not_said_that_it_knows_nothing() {
    let musicbrainz: fn(Net) -> Box<dyn RecordingRegister> = |net| Box::new(MusicBrainz::new(net));
    let deezer: fn(Net) -> Box<dyn RecordingRegister> = |net| Box::new(Deezer::new(net));
    let by_id = Wanted { recording_mbid: Some(mbid(EBB)), ..wanted("Ebb") };
    let all: [Known; 5] = [
        ("musicbrainz", musicbrainz, by_isrc("Ebb")),
        ("musicbrainz", musicbrainz, by_names("Ebb", 200_000)),
        ("musicbrainz", musicbrainz, by_link("Ebb", "Ebb")),
        ("musicbrainz", musicbrainz, by_id),
        ("deezer", deezer, by_isrc("Ebb")),
    ];
    let fakes = fakes(vec![ebb().link(&spotify_uri("track", "Ebb")).at_deezer(7)]);
    for nonsense in NONSENSE {
        for (name, make, thing) in &all {
            let (net, _) = net(fakes.server());
            fakes.talk_nonsense(Some(nonsense));
            let (told, end) = identify(&*make(net.clone()), std::slice::from_ref(thing));
            assert_eq!(told, [], "{name} {nonsense:?}");
            assert_eq!(end.unwrap_err().source, *name, "{nonsense:?}");
            fakes.talk_nonsense(None);
            let known = one(&*make(net), thing).unwrap_or_default();
            assert!(!known.is_empty(), "{name} {nonsense:?} {thing:?}");
        }
    }
}

/// Asks who knows a sound, a cover, words or a price; whether something was found.
type Asks = fn(&Net) -> Result<bool, Fault>;

fn sound(net: &Net) -> Result<bool, Fault> {
    let register = AcoustId::new(net.clone(), &Secret::new(ACOUSTID_KEY))?;
    let heard = Heard { fingerprint: vec![1, 2], duration: Duration::from_secs(200), health: Health::Sound };
    register.names_of(&heard, &Cancel::default()).map(|names| !names.is_empty())
}

fn cover(net: &Net) -> Result<bool, Fault> {
    let of = Fact::Release(mbid(EBB));
    CoverArtArchive::new(net.clone()).front_cover(&of, &Cancel::default()).map(|cover| cover.is_some())
}

fn group_cover(net: &Net) -> Result<bool, Fault> {
    let of = Fact::ReleaseGroup(mbid(EBB));
    CoverArtArchive::new(net.clone()).front_cover(&of, &Cancel::default()).map(|cover| cover.is_some())
}

fn words(net: &Net) -> Result<bool, Fault> {
    let (title, artist) = ("Ebb".to_owned(), "Mara Quill".to_owned());
    let track = SungTrack { title, artist, album: None, duration: Duration::from_secs(200) };
    LrcLib::new(net.clone()).lyrics(&track, &|_| true, &Cancel::default()).map(|words| words.is_some())
}

#[test]
fn who_knows_sounds_covers_and_words_has_not_said_none_by_nonsense() {
    let fakes = FakeRegisters::start(FakeTable::default()).unwrap();
    let all: [(&str, &str, Asks); 4] = [
        ("acoustid", "api.acoustid.org", sound),
        ("cover-art-archive", "coverartarchive.org", cover),
        ("cover-art-archive", "coverartarchive.org", group_cover),
        ("lrclib", "lrclib.net", words),
    ];
    for nonsense in NONSENSE {
        for (name, host, ask) in all {
            let (net, _) = net(fakes.server());
            let before = fakes.asked(host);
            fakes.talk_nonsense(Some(nonsense));
            assert_eq!(ask(&net).unwrap_err().source, name, "{nonsense:?}");
            if nonsense.0 != 200 {
                assert!(ask(&net).is_err(), "{name} {nonsense:?}");
                assert_eq!(fakes.asked(host), before + 2, "{name} {nonsense:?}: once each time");
            }
            fakes.talk_nonsense(None);
            let before = fakes.asked(host);
            assert_eq!(ask(&net), Ok(false), "{name} {nonsense:?}");
            assert!(fakes.asked(host) > before, "{name} {nonsense:?} was kept");
            let before = fakes.asked(host);
            assert_eq!((ask(&net), fakes.asked(host)), (Ok(false), before), "{name}: its own none is kept");
        }
    }
}

#[test]
fn shops_that_answer_nonsense_are_named() {
    for (status, body) in NONSENSE {
        let server = HttpServer::start(move |_| HttpAnswer::says(status, body)).unwrap();
        let (net, _) = net(&server);
        let shops: [Box<dyn ShopAdvice>; 2] =
            [Box::new(ITunes::new(net.clone(), "DE").unwrap()), Box::new(MusicBrainz::new(net))];
        for shop in shops {
            let end = shop.advise(&[&by_isrc("Ebb")], &Cancel::default(), &mut |advice| panic!("{advice:?}"));
            assert_eq!(end.unwrap_err().source, shop.name(), "{status} {body}");
        }
    }
}

/// What earlier versions kept, and what a service said before its host shows a page.
#[test]
fn what_was_kept_of_nonsense_is_asked_anew_and_a_page_takes_no_answer_away() {
    let fakes = fakes(vec![ebb().at_deezer(7)]);
    let (first, memory) = net(fakes.server());
    one(&Deezer::new(first.clone()), &by_isrc("Ebb")).unwrap();
    let everything = memory.everything();
    let address = everything.lines().find_map(|line| line.strip_prefix("deezer | ")).unwrap();
    let kept = || memory.answer(address).unwrap().map(|kept| (kept.status, kept.body));
    for (status, body) in [(200, "{}"), (404, "<html>")] {
        let at = first.now_ms();
        let (content_type, etag, last_modified) = (String::new(), "\"1\"".to_owned(), String::new());
        let lie = KeptAnswer { at, status, content_type, etag, last_modified, body: body.into() };
        memory.keep("deezer", address, &lie).unwrap();
        let known = one(&Deezer::new(first.clone()), &by_isrc("Ebb")).unwrap_or_default();
        assert!(!known.is_empty(), "{status} {body}");
    }
    let before = kept();
    assert!(before.as_ref().is_some_and(|(status, _)| *status == 200), "{before:?}");
    fakes.talk_nonsense(Some((404, "<html>maintenance</html>")));
    let later = net_later(fakes.server(), Arc::clone(&memory));
    assert!(identify(&Deezer::new(later), &[by_isrc("Ebb")]).1.is_err());
    assert_eq!(kept(), before, "it may stand in later");
}
