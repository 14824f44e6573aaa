//! MusicBrainz as a register: what agrees, what does not, and what becomes of trouble.

use std::sync::Arc;
use std::time::Duration;

use ferrotape_domain::{
    ArtistCredit, Cancel, Fact, Fault, FaultKind, Isrc, Known, KnownBy, Mbid, RecordingRegister, SpotifyUri,
    Wanted, WantedKind,
};
use ferrotape_services::musicbrainz::MusicBrainz;
use ferrotape_services::net::{Net, Ways};
use ferrotape_testkit::fake_registers::{FakeRecording, FakeRegisters, FakeRelease, FakeTable};
use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble, MemoryOnly, spotify_uri};
use serde_json::json;

const EBB: &str = "0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const OTHER: &str = "1f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const LOW_WATER: &str = "2f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const EDITION: &str = "3f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const GROUP: &str = "4f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b";
const ISRC: &str = "XXB011900001";
const HOST: &str = "musicbrainz.org";

pub(crate) fn net(server: &HttpServer) -> (Net, Arc<MemoryOnly>) {
    let memory = Arc::new(MemoryOnly::default());
    let ways = Ways { stand_in: Some(server.address()), ..Ways::default() };
    (Net::new(memory.clone(), &ways).unwrap(), memory)
}

/// Another client that remembers the same, and takes nothing of it for fresh: as if it were long ago.
pub(crate) fn net_later(server: &HttpServer, memory: Arc<MemoryOnly>) -> Net {
    let ways = Ways { stand_in: Some(server.address()), anew: true, ..Ways::default() };
    Net::new(memory, &ways).unwrap()
}

pub(crate) fn mbid(text: &str) -> Mbid {
    Mbid::parse(text).unwrap()
}

pub(crate) fn wanted(title: &str) -> Wanted {
    let mut wanted = Wanted::of_kind(WantedKind::Recording);
    wanted.title = title.to_owned();
    wanted.artists = ArtistCredit::printed("Mara Quill");
    wanted
}

pub(crate) fn by_isrc(title: &str) -> Wanted {
    Wanted { isrc: Isrc::parse(ISRC).ok(), ..wanted(title) }
}

pub(crate) fn by_names(title: &str, ms: u64) -> Wanted {
    Wanted { duration: Some(Duration::from_millis(ms)), ..wanted(title) }
}

pub(crate) fn by_link(title: &str, name: &str) -> Wanted {
    Wanted { spotify: Some(uri("track", name)), ..wanted(title) }
}

fn uri(kind: &str, name: &str) -> SpotifyUri {
    SpotifyUri::parse(&spotify_uri(kind, name)).unwrap()
}

pub(crate) fn ebb() -> FakeRecording {
    FakeRecording::new(EBB, "Mara Quill", "Ebb", 200_000).isrc(ISRC)
}

pub(crate) fn fakes(recordings: Vec<FakeRecording>) -> FakeRegisters {
    FakeRegisters::start(FakeTable { recordings, ..FakeTable::default() }).unwrap()
}

pub(crate) type Told = (Vec<Known>, Result<(), Fault>);

pub(crate) fn identify(register: &dyn RecordingRegister, wanted: &[Wanted]) -> Told {
    let all: Vec<&Wanted> = wanted.iter().collect();
    let mut told = Vec::new();
    let end = register.identify(&all, &Cancel::default(), &mut |known| told.push(known));
    (told, end)
}

/// What one thing is told to be; `None` where it is not told of.
pub(crate) fn one(register: &dyn RecordingRegister, wanted: &Wanted) -> Option<Vec<(Fact, KnownBy)>> {
    let (mut told, end) = identify(register, std::slice::from_ref(wanted));
    assert_eq!(end, Ok(()));
    assert!(told.len() <= 1, "{told:?}");
    told.pop().map(|known| known.facts)
}

fn musicbrainz(fakes: &FakeRegisters) -> MusicBrainz {
    MusicBrainz::new(net(fakes.server()).0)
}

fn recording(id: &str, by: KnownBy) -> (Fact, KnownBy) {
    (Fact::Recording(mbid(id)), by)
}

#[test]
fn a_link_tells_the_recording_and_its_entry_the_rest() {
    let track = spotify_uri("track", "Ebb");
    let album = FakeRelease::new(LOW_WATER, "Low Water", GROUP);
    let fakes = fakes(vec![ebb().link(&track).on(album)]);
    let register = musicbrainz(&fakes);
    let thing = Wanted { release: Some("Low water".to_owned()), ..by_link("Ebb", "Ebb") };
    let known = one(&register, &thing).unwrap();
    let facts = [
        Fact::Recording(mbid(EBB)),
        Fact::Isrc(Isrc::parse(ISRC).unwrap()),
        Fact::Length(Duration::from_secs(200)),
        Fact::Release(mbid(LOW_WATER)),
        Fact::ReleaseGroup(mbid(GROUP)),
    ];
    assert_eq!(known, facts.map(|fact| (fact, KnownBy::Link)));
    assert_eq!(fakes.asked(HOST), 2);
    // Where nothing is missing its entry is not asked for.
    let whole = Wanted {
        isrc: Isrc::parse(ISRC).ok(),
        duration: Some(Duration::from_secs(200)),
        release: None,
        ..thing
    };
    assert_eq!(one(&register, &whole).unwrap(), [recording(EBB, KnownBy::Link)]);
    assert_eq!(fakes.asked(HOST), 2, "the link was asked before");
    let named = Wanted { recording_mbid: Some(mbid(EBB)), spotify: None, ..whole };
    assert_eq!(one(&register, &named), None, "there was nothing to ask");
}

#[test]
fn a_link_of_the_album_tells_the_release() {
    let album = FakeRelease::new(LOW_WATER, "Low Water", GROUP).link(&spotify_uri("album", "Low Water"));
    let fakes = fakes(vec![ebb().on(album).on(FakeRelease::new(EDITION, "Low Water", OTHER))]);
    let register = musicbrainz(&fakes);
    let mut track = Wanted {
        release: Some("Low Water".to_owned()),
        spotify_release: Some(uri("album", "Low Water")),
        ..by_names("Ebb", 200_000)
    };
    let known = one(&register, &track).unwrap();
    assert!(known.contains(&recording(EBB, KnownBy::Names)), "{known:?}");
    assert!(known.contains(&(Fact::Release(mbid(LOW_WATER)), KnownBy::Link)), "{known:?}");
    assert!(known.contains(&(Fact::ReleaseGroup(mbid(GROUP)), KnownBy::Link)), "{known:?}");
    // Also where nobody knows the recording.
    track.title = "Flood".to_owned();
    assert_eq!(one(&register, &track).unwrap(), [(Fact::Release(mbid(LOW_WATER)), KnownBy::Link)]);

    let mut whole = Wanted::of_kind(WantedKind::Release);
    whole.title = "Low Water".to_owned();
    assert_eq!(one(&register, &whole), None, "it has no link");
    whole.spotify = Some(uri("album", "Low Water"));
    assert_eq!(one(&register, &whole).unwrap(), [(Fact::Release(mbid(LOW_WATER)), KnownBy::Link)]);
    whole.spotify = Some(uri("album", "Another"));
    assert_eq!(one(&register, &whole), Some(Vec::new()), "it was asked, and knows nothing");
}

#[test]
fn of_several_editions_only_the_group_is_told() {
    let on = |id: &str, title: &str, group: &str| FakeRelease::new(id, title, group);
    let thing = Wanted { release: Some("Low Water".to_owned()), ..by_isrc("Ebb") };
    let release = |fact: &(Fact, KnownBy)| matches!(fact.0, Fact::Release(_) | Fact::ReleaseGroup(_));
    let table: [(Vec<FakeRelease>, Vec<Fact>); 4] = [
        (
            vec![on(LOW_WATER, "LOW WATER!", GROUP), on(EDITION, "Best Of", OTHER)],
            vec![Fact::Release(mbid(LOW_WATER))],
        ),
        (
            vec![on(LOW_WATER, "Low Water", GROUP), on(EDITION, "Low Water", GROUP)],
            vec![Fact::ReleaseGroup(mbid(GROUP))],
        ),
        (vec![on(LOW_WATER, "Low Water", GROUP), on(EDITION, "Low Water", OTHER)], vec![]),
        (vec![on(LOW_WATER, "Low Water (Live)", GROUP)], vec![]),
    ];
    for (releases, expected) in table {
        let fakes = fakes(vec![FakeRecording { releases, ..ebb() }]);
        let known = one(&musicbrainz(&fakes), &thing).unwrap();
        assert!(known.contains(&recording(EBB, KnownBy::Isrc)), "{known:?}");
        let told: Vec<Fact> = known.into_iter().filter(release).map(|(fact, _)| fact).collect();
        assert_eq!(told, expected);
    }
}

#[test]
fn an_isrc_counts_only_with_the_title_and_for_one_recording() {
    let film = FakeRecording {
        is_video: true,
        ..FakeRecording::new(OTHER, "Mara Quill", "Ebb", 200_000).isrc(ISRC)
    };
    let double = FakeRecording::new(OTHER, "Mara Quill", "Ebb (Live)", 240_000).isrc(ISRC);
    let other = FakeRecording::new(OTHER, "Mara Quill", "Flood", 240_000).isrc(ISRC);
    for (recordings, title, counts) in [
        (vec![ebb()], "Ebb", true),
        (vec![ebb()], "Ebb - Remastered 2011", true),
        (vec![ebb()], "Flood", false),
        (vec![ebb()], "Ebb Tide", false),
        (vec![ebb(), film], "Ebb", true),
        (vec![ebb(), double], "Ebb", false),
        (vec![ebb(), other], "Ebb", true),
        (vec![], "Ebb", false),
    ] {
        let fakes = fakes(recordings);
        let known = one(&musicbrainz(&fakes), &by_isrc(title)).unwrap();
        assert_eq!(known.first() == Some(&recording(EBB, KnownBy::Isrc)), counts, "{title} {known:?}");
        assert!(counts || known.is_empty(), "{known:?}");
    }
    let fakes = fakes(vec![ebb()]);
    assert_eq!(one(&musicbrainz(&fakes), &by_isrc("")), None, "nothing could agree, so it is not asked");
    assert_eq!(fakes.asked(HOST), 0);
}

#[test]
fn names_count_only_where_one_recording_alone_has_them() {
    let of = |id: &str, artist: &str, title: &str, ms| FakeRecording::new(id, artist, title, ms);
    let film = FakeRecording { is_video: true, ..of(OTHER, "Mara Quill", "Ebb", 200_000) };
    for (recordings, counts) in [
        (vec![ebb()], true),
        (vec![of(EBB, "Mara Quill", "EBB!", 201_900)], true),
        (vec![of(EBB, "Mara Quill", "Ebb (feat. Ole Nordlys)", 198_100)], true),
        (vec![of(EBB, "Mara Quill", "Ebb", 202_100)], false),
        (vec![of(EBB, "Mara Quill", "Ebb", 0)], false),
        (vec![of(EBB, "Mara Quill", "Ebb (Live)", 200_000)], false),
        (vec![of(EBB, "Mara Quill Tribute", "Ebb", 200_000)], false),
        (vec![ebb(), of(OTHER, "Mara Quill", "Ebb", 199_000)], false),
        (vec![ebb(), film], true),
        (vec![ebb(), of(OTHER, "Mara Quill", "Ebb (Live)", 199_000)], true),
        (vec![ebb(), ebb()], true),
        (vec![], false),
    ] {
        let shown = format!("{recordings:?}");
        let fakes = fakes(recordings);
        let known = one(&musicbrainz(&fakes), &by_names("Ebb", 200_000)).unwrap();
        assert_eq!(known.first() == Some(&recording(EBB, KnownBy::Names)), counts, "{shown} {known:?}");
        assert!(counts || known.is_empty(), "{known:?}");
    }
}

#[test]
fn where_more_is_found_than_is_shown_nobody_knows_whether_one_is_alone() {
    for (count, expected) in [(1, 1), (2, 0)] {
        let server = HttpServer::start(move |_| {
            HttpAnswer::json(
                &json!({ "count": count, "recordings": [{ "id": EBB, "title": "Ebb", "length": 200_000,
                "artist-credit": [{ "name": "M. Quill", "artist": { "name": "Mara Quill" } }] }] }),
            )
        });
        let server = server.unwrap();
        let known = one(&MusicBrainz::new(net(&server).0), &by_names("Ebb", 200_000)).unwrap();
        assert_eq!(known.iter().filter(|known| **known == recording(EBB, KnownBy::Names)).count(), expected);
    }
}

#[test]
fn of_a_list_of_releases_that_may_go_on_none_is_the_only_one() {
    for (others, told) in [(23, true), (24, false)] {
        let id = |at: i32| format!("5f3b8a2c-4d5e-4f60-8a7b-{at:012}");
        let other = |at| FakeRelease::new(&id(at), "Best Of", OTHER);
        let mut releases: Vec<FakeRelease> = (0..others).map(other).collect();
        releases.push(FakeRelease::new(LOW_WATER, "Low Water", GROUP));
        let fakes = fakes(vec![FakeRecording { releases, ..ebb() }]);
        let thing = Wanted {
            release: Some("Low Water".to_owned()),
            recording_mbid: Some(mbid(EBB)),
            ..wanted("Ebb")
        };
        let known = one(&musicbrainz(&fakes), &thing).unwrap();
        assert_eq!(known.contains(&(Fact::Release(mbid(LOW_WATER)), KnownBy::Link)), told, "{known:?}");
        assert!(known.contains(&(Fact::ReleaseGroup(mbid(GROUP)), KnownBy::Link)), "{known:?}");
    }
}

#[test]
fn an_isrc_is_told_only_where_there_is_one() {
    let length = (Fact::Length(Duration::from_secs(200)), KnownBy::Names);
    let isrc = (Fact::Isrc(Isrc::parse(ISRC).unwrap()), KnownBy::Names);
    let known = one(&musicbrainz(&fakes(vec![ebb()])), &by_names("Ebb", 200_500)).unwrap();
    assert_eq!(known, [recording(EBB, KnownBy::Names), isrc, length.clone()]);
    let two = fakes(vec![ebb().isrc("XXB011900002")]);
    let known = one(&musicbrainz(&two), &by_names("Ebb", 200_500)).unwrap();
    assert_eq!(known, [recording(EBB, KnownBy::Names), length]);
}

#[test]
fn what_has_no_length_or_name_is_not_searched() {
    let fakes = fakes(vec![ebb()]);
    let mut nameless = by_names("Ebb", 200_000);
    nameless.artists = ArtistCredit::default();
    let episode = Wanted { kind: WantedKind::Episode, ..by_names("Ebb", 200_000) };
    for thing in [wanted("Ebb"), by_names("?!", 200_000), nameless, episode] {
        assert_eq!(one(&musicbrainz(&fakes), &thing), None, "{thing:?}");
    }
    assert_eq!(fakes.asked(HOST), 0);
}

#[test]
fn texts_mean_nothing_to_the_search() {
    let title = "Ebb\" OR artist:\"x\" \\ (a+b) [c TO d] {e} ^~*?:/ && || !\u{0}\n";
    let fakes = fakes(vec![ebb()]);
    assert_eq!(one(&musicbrainz(&fakes), &by_names(title, 200_000)), Some(Vec::new()));
    let asked = fakes.server().requests();
    let query = asked.first().unwrap().parameter("query").unwrap();
    let inside = query.strip_prefix("recording:\"").unwrap();
    let end = inside.find("\" AND artist:\"Mara Quill\" AND dur:[198000 TO 202000]").unwrap();
    let (mut letters, mut plain) = (inside[..end].chars(), String::new());
    while let Some(letter) = letters.next() {
        assert!(!"+-&|!(){}[]^\"~*?:/".contains(letter), "{query}");
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    assert_eq!(plain, title.replace(char::is_control, " "), "{query}");
    let long = by_names(&"long ".repeat(50_000), 200_000);
    assert_eq!(one(&musicbrainz(&fakes), &long), Some(Vec::new()));
    assert!(fakes.server().requests().iter().all(|request| request.target.len() < 2_000));
}

#[test]
fn a_hundred_links_go_into_one_question_and_fifty_where_that_is_too_long() {
    let things: Vec<Wanted> = (0..230).map(|at| by_link("Ebb", &format!("track {at}"))).collect();
    let last = FakeRecording::new(EBB, "Mara Quill", "Ebb", 0).link(&spotify_uri("track", "track 229"));
    for (most, sizes) in [(100, vec![100, 100, 30]), (60, vec![100, 50, 50, 50, 50, 30])] {
        let fakes = fakes(vec![last.clone()]);
        fakes.take_links(most);
        let (told, end) = identify(&musicbrainz(&fakes), &things);
        assert_eq!(end, Ok(()));
        assert_eq!(told.len(), things.len(), "all are told of, also those that are not there");
        let known: Vec<&Known> = told.iter().filter(|known| !known.facts.is_empty()).collect();
        assert!(matches!(known.as_slice(), [Known { at: 229, .. }]), "{known:?}");
        let requests = fakes.server().requests();
        let asked = requests.iter().filter(|request| request.path().ends_with("/url"));
        assert_eq!(asked.map(|request| request.parameters("resource").len()).collect::<Vec<_>>(), sizes);
    }
}

#[test]
fn links_that_are_refused_leave_the_rest() {
    let fakes = fakes(vec![ebb()]);
    fakes.take_links(0);
    let known_otherwise = Wanted { spotify: Some(uri("track", "a")), ..by_isrc("Ebb") };
    let things = [by_link("Ebb", "b"), known_otherwise, by_isrc("Ebb")];
    let (told, end) = identify(&musicbrainz(&fakes), &things);
    assert_eq!(end.unwrap_err().kind, FaultKind::Permanent);
    assert_eq!(told.iter().map(|known| known.at).collect::<Vec<_>>(), [1, 2]);
    assert!(told.iter().all(|known| known.facts.contains(&recording(EBB, KnownBy::Isrc))), "{told:?}");
}

#[test]
fn a_fault_stops_only_what_it_hits() {
    let fakes = fakes(vec![ebb()]);
    fakes.server().spoil("/isrc/", HttpTrouble::Status(403));
    let (told, end) = identify(&musicbrainz(&fakes), &[by_isrc("Ebb"), by_names("Ebb", 200_000)]);
    let fault = end.unwrap_err();
    assert_eq!((fault.source.as_str(), fault.kind), (HOST.trim_end_matches(".org"), FaultKind::NeedsUser));
    assert_eq!(told.iter().map(|known| known.at).collect::<Vec<_>>(), [1]);
}
