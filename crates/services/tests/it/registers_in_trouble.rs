//! Deezer as a register, and what all registers of recordings do in trouble.

use std::time::Duration;

use ferrotape_domain::{
    ArtistCredit, Cancel, Fact, FaultKind, Isrc, Known, KnownBy, RecordingRegister, Wanted, WantedKind,
};
use ferrotape_services::deezer::Deezer;
use ferrotape_services::musicbrainz::MusicBrainz;
use ferrotape_testkit::fake_registers::Mood;
use ferrotape_testkit::{HttpAnswer, HttpServer};
use serde_json::json;

use crate::registers::{by_isrc, by_link, by_names, ebb, fakes, identify, net, net_later, one, wanted};

const HOST: &str = "musicbrainz.org";

#[test]
fn what_was_answered_before_is_told_while_the_service_is_down() {
    for mood in [Mood::Down, Mood::OverQuota] {
        let fakes = fakes(vec![ebb().at_deezer(7)]);
        let (net, _) = net(fakes.server());
        let registers: [(&str, Box<dyn RecordingRegister>); 2] =
            [(HOST, Box::new(MusicBrainz::new(net.clone()))), ("api.deezer.com", Box::new(Deezer::new(net)))];
        for (host, register) in registers {
            let before = one(&*register, &by_isrc("Ebb")).unwrap();
            assert!(!before.is_empty(), "{host}");
            fakes.set_mood(host, Some(mood));
            let unknown = Wanted { isrc: Isrc::parse("XXB011900009").ok(), ..by_isrc("Ebb") };
            let things: Vec<Wanted> = (0..8).map(|_| unknown.clone()).chain([by_isrc("Ebb")]).collect();
            let (told, end) = identify(&*register, &things);
            assert!(matches!(end.unwrap_err().kind, FaultKind::Temporary { .. }), "{host}");
            assert_eq!(told, [Known { at: 8, facts: before }], "{host}");
            assert!(fakes.asked(host) < 20, "a line that is down is left alone: {}", fakes.asked(host));
        }
    }
}

#[test]
fn what_was_not_known_before_is_not_told_while_the_service_is_down() {
    let fakes = fakes(vec![ebb().at_deezer(7)]);
    let (first, memory) = net(fakes.server());
    let later = net_later(fakes.server(), memory);
    let no_such_code = Wanted { isrc: Isrc::parse("XXB011900009").ok(), ..by_isrc("Ebb") };
    type Make = fn(ferrotape_services::net::Net) -> Box<dyn RecordingRegister>;
    let musicbrainz: Make = |net| Box::new(MusicBrainz::new(net));
    let deezer: Make = |net| Box::new(Deezer::new(net));
    let others = [by_names("Nowhere", 100_000), by_link("Nowhere", "nowhere")];
    let asked_of = [
        (HOST, musicbrainz, no_such_code.clone()),
        ("api.deezer.com", deezer, no_such_code),
        (HOST, musicbrainz, others[0].clone()),
        (HOST, musicbrainz, others[1].clone()),
    ];
    for (host, make, thing) in asked_of {
        assert_eq!(one(&*make(first.clone()), &thing), Some(Vec::new()), "{host} {thing:?}");
        fakes.set_mood(host, Some(Mood::Down));
        let (told, end) = identify(&*make(later.clone()), std::slice::from_ref(&thing));
        assert!(matches!(end.unwrap_err().kind, FaultKind::Temporary { .. }), "{host} {thing:?}");
        assert_eq!(told, [], "could not ask is not: has none");
        fakes.set_mood(host, None);
    }
}

#[test]
fn who_is_stopped_tells_no_more() {
    let fakes = fakes(vec![ebb().at_deezer(7)]);
    let (net, _) = net(fakes.server());
    let registers: [Box<dyn RecordingRegister>; 2] =
        [Box::new(MusicBrainz::new(net.clone())), Box::new(Deezer::new(net))];
    for register in registers {
        let cancel = Cancel::default();
        let things = [by_isrc("Ebb"), Wanted { isrc: Isrc::parse("XXB011900009").ok(), ..by_isrc("Ebb") }];
        let mut told = Vec::new();
        let end = register.identify(&things.iter().collect::<Vec<_>>(), &cancel, &mut |known| {
            told.push(known.at);
            cancel.stop();
        });
        assert_eq!((end, told), (Ok(()), vec![0]));
    }
}

#[test]
fn odd_answers_do_no_harm() {
    let odd = [
        r#"{"recordings":[{"id":7,"title":["Ebb"],"length":"x","isrcs":{"a":1},"releases":"none"}]}"#,
        r#"{"recordings":[[],null,{"id":"not an id","title":"Ebb"}],"count":-1}"#,
        r#"{"recordings":{"a":1},"urls":7}"#,
        r#"[]"#,
        r#"{}"#,
    ];
    for body in odd {
        let server = HttpServer::start(move |_| HttpAnswer::text("application/json", body));
        let server = server.unwrap();
        for thing in [by_isrc("Ebb"), by_names("Ebb", 200_000), by_link("Ebb", "a")] {
            let (told, _) = identify(&MusicBrainz::new(net(&server).0), std::slice::from_ref(&thing));
            assert!(told.iter().all(|known| known.facts.is_empty()), "{body} {told:?}");
            let (told, _) = identify(&Deezer::new(net(&server).0), std::slice::from_ref(&thing));
            assert!(told.iter().all(|known| known.facts.is_empty()), "{body} {told:?}");
        }
    }
}

#[test]
fn deezer_tells_length_and_number_where_title_and_artist_agree() {
    let fakes = fakes(vec![ebb().at_deezer(2_947_000_001)]);
    let (net, memory) = net(fakes.server());
    let register = Deezer::new(net);
    let facts = [Fact::Length(Duration::from_secs(200)), Fact::DeezerTrack(2_947_000_001)]
        .map(|fact| (fact, KnownBy::Isrc));
    let by = |artist: &str, title: &str| Wanted { artists: ArtistCredit::printed(artist), ..by_isrc(title) };
    for (thing, counts) in [
        (by_isrc("Ebb"), true),
        (by_isrc("Ebb - 2011 Remaster"), true),
        (by("MARA QUILL", "ebb"), true),
        (by_isrc("Flood"), false),
        (by("Another Quill", "Ebb"), false),
    ] {
        let known = one(&register, &thing).unwrap();
        assert_eq!(known, if counts { facts.to_vec() } else { vec![] }, "{thing:?}");
    }
    let other = Wanted { isrc: Isrc::parse("XXB011900009").ok(), ..by_isrc("Ebb") };
    assert_eq!(one(&register, &other), Some(Vec::new()), "it has no such track");
    assert_eq!(one(&register, &other), Some(Vec::new()));
    for unasked in [wanted("Ebb"), by("", "Ebb"), by_isrc("?"), Wanted { kind: WantedKind::Release, ..other }]
    {
        assert_eq!(one(&register, &unasked), None, "{unasked:?}");
    }
    assert_eq!(fakes.asked("api.deezer.com"), 2, "answers are kept");
    let kept = memory.everything();
    assert!(kept.contains("\"Ebb\"") && !kept.contains("preview") && !kept.contains("hdnea"), "{kept}");
}

#[test]
fn deezers_errors_are_faults_by_their_code() {
    for (code, temporary) in [(4, true), (700, true), (600, false)] {
        let server = HttpServer::start(move |_| {
            let error = json!({ "error": { "type": "x", "message": "<b>secret words</b>", "code": code } });
            HttpAnswer::json(&error)
        });
        let server = server.unwrap();
        let (told, end) = identify(&Deezer::new(net(&server).0), &[by_isrc("Ebb")]);
        let fault = end.unwrap_err();
        assert_eq!(matches!(fault.kind, FaultKind::Temporary { .. }), temporary, "{fault:?}");
        assert!(told.is_empty() && !fault.reason.contains("words"), "{fault}");
    }
}
