//! What every catalogue that is searched promises, tried on all of them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrotape_domain::{
    ArtistCredit, Asked, Cancel, Catalogue, Fault, FaultKind, Hold, Incident, KeptAnswer, RemoteOffer,
    Rights, ServiceMemory, Standing, TagSet, Wanted, WantedKind,
};
use ferrotape_services::net::{Net, Ways};
use ferrotape_testkit::fake_catalogues::{FakeCatalogues, FakeTrack, HOSTILE_PARTS, sha256};
use ferrotape_testkit::{HttpTrouble, MemoryOnly};

use crate::nonsense;

/// A catalogue, and what is special about it.
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) make: fn(Net) -> Box<dyn Catalogue>,
    /// Of what it is asked for.
    pub(crate) kind: WantedKind,
    /// What the address of a search holds.
    pub(crate) search: &'static str,
    /// What the address of a file holds.
    pub(crate) file: &'static str,
    /// Where it may have things without rights.
    pub(crate) may_lack_rights: bool,
    /// Whether it gives sums of files.
    pub(crate) has_sums: bool,
    /// What must not be shown.
    pub(crate) secret: Option<&'static str>,
}

/// Tries all of it.
pub(crate) fn keeps(fixture: &Fixture) {
    finds_what_is_there(fixture);
    none_is_no_fault_and_is_remembered(fixture);
    nonsense::is_never_has_none(fixture);
    what_it_cannot_hold_is_not_asked(fixture);
    unknown_rights_are_never_offered(fixture);
    ids_are_stable_and_safe(fixture);
    down_is_a_fault_and_never_none(fixture);
    kept_answers_stand_in(fixture);
    an_old_none_is_no_answer_while_it_is_down(fixture);
    files_come_whole(fixture);
    what_is_no_file_is_refused(fixture);
    nothing_leads_inside(fixture);
    hostile_answers_do_no_harm(fixture);
    secrets_are_not_shown(fixture);
}

/// The fake catalogues, asked through a memory of their own.
struct Scene {
    fakes: FakeCatalogues,
    memory: Arc<Aging>,
    catalogue: Box<dyn Catalogue>,
}

pub(crate) fn tracks(fixture: &Fixture) -> Vec<FakeTrack> {
    let track = |number, title| FakeTrack::new("Mara Quill", "The Salt Road", number, title);
    let all = [track(1, "Ember Railway"), track(2, "Harbour Light")];
    if fixture.kind == WantedKind::Audiobook { all.map(FakeTrack::spoken).to_vec() } else { all.to_vec() }
}

fn scene_with(fixture: &Fixture, tracks: Vec<FakeTrack>) -> Scene {
    let fakes = FakeCatalogues::start(tracks).unwrap();
    let memory = Arc::new(Aging::default());
    let net = net(&fakes, &memory, &[]);
    Scene { catalogue: (fixture.make)(net), fakes, memory }
}

fn scene(fixture: &Fixture) -> Scene {
    scene_with(fixture, tracks(fixture))
}

fn net(fakes: &FakeCatalogues, memory: &Arc<Aging>, down: &[&str]) -> Net {
    let ways = Ways {
        stand_in: Some(fakes.server().address()),
        down: down.iter().map(|name| (*name).to_owned()).collect(),
        ..Ways::default()
    };
    Net::new(Arc::clone(memory) as Arc<dyn ServiceMemory>, &ways).unwrap()
}

pub(crate) fn wanted(fixture: &Fixture, title: &str) -> Wanted {
    let mut wanted = Wanted::of_kind(fixture.kind);
    wanted.title = if fixture.kind == WantedKind::Audiobook { "The Salt Road" } else { title }.to_owned();
    if title == NOTHING {
        wanted.title = title.to_owned();
    }
    wanted.artists = ArtistCredit::printed("Mara Quill");
    wanted
}

const NOTHING: &str = "Nowhere To Be Had";

impl Scene {
    fn search(&self, wanted: &Wanted) -> Result<Vec<RemoteOffer>, Fault> {
        let Asked::Search(searches) = self.catalogue.asked() else { panic!("it is not searched") };
        searches.search(wanted, &Cancel::default())
    }

    fn found(&self, fixture: &Fixture) -> RemoteOffer {
        let found = self.search(&wanted(fixture, "Ember Railway")).unwrap();
        let is_it = |offer: &&RemoteOffer| offer.tags.title.as_deref() == Some("Ember Railway");
        let name = fixture.name;
        found.iter().find(is_it).unwrap_or_else(|| panic!("{name} has not found it: {found:?}")).clone()
    }

    fn fetch(&self, offer: &RemoteOffer, to: &Path) -> Result<ferrotape_domain::Fetched, Fault> {
        self.catalogue.fetch(offer, to, &|_| {}, &Cancel::default())
    }

    fn count(&self, part: &str) -> usize {
        self.fakes.server().asked().iter().filter(|asked| asked.contains(part)).count()
    }

    fn spoil(&self, part: &str, times: usize, trouble: &HttpTrouble) {
        for _ in 0..times {
            self.fakes.server().spoil(part, trouble.clone());
        }
    }
}

fn finds_what_is_there(fixture: &Fixture) {
    let scene = scene(fixture);
    assert_eq!(scene.catalogue.name(), fixture.name);
    assert!(!scene.catalogue.is_own());
    let found = scene.search(&wanted(fixture, "Ember Railway")).unwrap();
    let offer = scene.found(fixture);
    assert_eq!(offer.tags.artists, ["Mara Quill"], "{}", fixture.name);
    assert!(offer.rights.allow_a_copy());
    assert_eq!(offer.duration.map(|length| length.as_secs()), Some(213), "{}", fixture.name);
    assert!(offer.page.is_some_and(|page| page.starts_with("https://")));
    if fixture.kind == WantedKind::Audiobook {
        let numbers: Vec<_> = found.iter().map(|offer| offer.tags.track_number).collect();
        assert_eq!(numbers, [Some(1), Some(2)]);
        assert_eq!(offer.tags.album.as_deref(), Some("The Salt Road"));
        assert_eq!(offer.tags.genres, ["Audiobook"]);
    }
}

fn none_is_no_fault_and_is_remembered(fixture: &Fixture) {
    let scene = scene(fixture);
    for _ in 0..3 {
        assert_eq!(scene.search(&wanted(fixture, NOTHING)).unwrap(), [], "{}", fixture.name);
    }
    assert_eq!(scene.count(fixture.search), 1, "{}: {:?}", fixture.name, scene.fakes.server().asked());
}

fn what_it_cannot_hold_is_not_asked(fixture: &Fixture) {
    let scene = scene(fixture);
    let other = WantedKind::ALL.into_iter().filter(|kind| !scene.catalogue.may_hold(*kind));
    for kind in other {
        let wanted = Wanted { kind, ..wanted(fixture, "Ember Railway") };
        assert_eq!(scene.search(&wanted).unwrap(), []);
    }
    // Neither is a name that is none, nor nothing at all.
    for title in ["", "???", "\u{0}"] {
        let wanted = Wanted { title: title.to_owned(), ..wanted(fixture, NOTHING) };
        assert_eq!(scene.search(&wanted).unwrap(), []);
    }
    assert_eq!(scene.fakes.server().asked(), [""; 0], "{}", fixture.name);
}

fn unknown_rights_are_never_offered(fixture: &Fixture) {
    if !fixture.may_lack_rights {
        return;
    }
    for licence in [None, Some(""), Some("https://example.org/all-rights-reserved"), Some("CC BY 4.0")] {
        let tracks = tracks(fixture).into_iter().map(|track| track.licensed(licence)).collect();
        let scene = scene_with(fixture, tracks);
        let found = scene.search(&wanted(fixture, "Ember Railway")).unwrap();
        assert_eq!(found, [], "{}: {licence:?}", fixture.name);
    }
    // One that comes from elsewhere all the same is not fetched.
    let scene = scene(fixture);
    let offer = RemoteOffer { rights: Rights::Unknown, ..scene.found(fixture) };
    let folder = tempfile::tempdir().unwrap();
    let fault = scene.fetch(&offer, &folder.path().join("a")).unwrap_err();
    assert!(fault.reason.contains("may be copied"), "{fault}");
    assert_eq!(scene.count(fixture.file), 0);
}

fn ids_are_stable_and_safe(fixture: &Fixture) {
    let ids = |scene: &Scene| {
        let found = scene.search(&wanted(fixture, "Ember Railway")).unwrap();
        found.into_iter().map(|offer| offer.id).collect::<Vec<_>>()
    };
    let (one, other) = (scene(fixture), scene(fixture));
    assert_eq!(ids(&one), ids(&other), "{}", fixture.name);
    let offer = one.found(fixture);
    assert_is_harmless(&offer);
    // Ids that it never gave are refused, and nobody is asked.
    let folder = tempfile::tempdir().unwrap();
    for id in ["", "../../etc/passwd", "/", "https://example.org/a.flac", "a\nb", "..", "a/../b"] {
        let before = one.fakes.server().asked().len();
        let strange = RemoteOffer { id: id.to_owned(), ..offer.clone() };
        assert!(one.fetch(&strange, &folder.path().join("a")).is_err(), "{}: {id}", fixture.name);
        assert_eq!(one.fakes.server().asked().len(), before, "{}: {id}", fixture.name);
    }
}

fn down_is_a_fault_and_never_none(fixture: &Fixture) {
    let troubles = [
        HttpTrouble::Status(500),
        HttpTrouble::HungUp,
        HttpTrouble::Page,
        HttpTrouble::Rubbish,
        HttpTrouble::CutAfter(10),
    ];
    for trouble in troubles {
        let scene = scene(fixture);
        scene.spoil(fixture.search, 4, &trouble);
        let fault = scene.search(&wanted(fixture, "Ember Railway")).unwrap_err();
        assert_eq!(fault.source, fixture.name, "{trouble:?}");
        // And nothing of it is remembered as an answer.
        scene.found(fixture);
    }
    let scene = scene(fixture);
    let shut = (fixture.make)(net(&scene.fakes, &scene.memory, &[fixture.name]));
    let shut = Scene { catalogue: shut, ..scene };
    assert_eq!(shut.search(&wanted(fixture, "Ember Railway")).unwrap_err().source, fixture.name);
}

fn kept_answers_stand_in(fixture: &Fixture) {
    let scene = scene(fixture);
    let before = scene.search(&wanted(fixture, "Ember Railway")).unwrap();
    scene.memory.age();
    let net = net(&scene.fakes, &scene.memory, &["all"]);
    let scene = Scene { catalogue: (fixture.make)(net.clone()), ..scene };
    assert_eq!(scene.search(&wanted(fixture, "Ember Railway")).unwrap(), before, "{}", fixture.name);
    assert!(net.stale_used().iter().any(|stale| stale.line == fixture.name), "{}", fixture.name);
}

fn an_old_none_is_no_answer_while_it_is_down(fixture: &Fixture) {
    let scene = scene(fixture);
    assert_eq!(scene.search(&wanted(fixture, NOTHING)).unwrap(), [], "{}", fixture.name);
    scene.memory.age();
    let net = net(&scene.fakes, &scene.memory, &["all"]);
    let scene = Scene { catalogue: (fixture.make)(net), ..scene };
    let fault = scene.search(&wanted(fixture, NOTHING)).unwrap_err();
    let temporary = FaultKind::Temporary { retry_after_seconds: None };
    assert_eq!((fault.source.as_str(), fault.kind), (fixture.name, temporary), "{}", fault.reason);
}

fn files_come_whole(fixture: &Fixture) {
    let scene = scene(fixture);
    let offer = scene.found(fixture);
    let expected = tracks(fixture)[0].bytes();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("below/a.flac");
    // It breaks off on the way, and goes on.
    scene.spoil(fixture.file, 1, &HttpTrouble::CutAfter(10_000));
    let fetched = scene.fetch(&offer, &to).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), expected, "{}", fixture.name);
    assert_eq!((fetched.bytes, fetched.sha256), (expected.len() as u64, sha256(&expected)));
    assert_eq!(std::fs::read_dir(to.parent().unwrap()).unwrap().count(), 1);
    let has_sums = offer.sums.md5.is_some() || offer.sums.sha1.is_some();
    assert_eq!(has_sums, fixture.has_sums);
}

fn what_is_no_file_is_refused(fixture: &Fixture) {
    let mut troubles = vec![HttpTrouble::Page, HttpTrouble::Status(404), HttpTrouble::Status(403)];
    if fixture.has_sums {
        troubles.push(HttpTrouble::Corrupt(20_000));
    }
    for trouble in troubles {
        let scene = scene(fixture);
        let offer = scene.found(fixture);
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a.flac");
        scene.spoil(fixture.file, 8, &trouble);
        let fault = scene.fetch(&offer, &to).unwrap_err();
        assert!(!to.exists(), "{}: {trouble:?} {fault}", fixture.name);
    }
}

fn nothing_leads_inside(fixture: &Fixture) {
    for place in [
        "http://127.0.0.1:9/a.flac",
        "http://169.254.169.254/x",
        "https://[::1]/a",
        "http://nas.local/a",
        "file:///etc/passwd",
    ] {
        let scene = scene(fixture);
        let offer = scene.found(fixture);
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a.flac");
        scene.spoil(fixture.file, 4, &HttpTrouble::LeadsTo(place.to_owned()));
        let fault = scene.fetch(&offer, &to).unwrap_err();
        assert!(fault.reason.contains("leads"), "{}: {place}: {fault}", fixture.name);
        assert!(!to.exists());
    }
}

fn hostile_answers_do_no_harm(fixture: &Fixture) {
    for part in 0..HOSTILE_PARTS {
        let scene = scene(fixture);
        scene.fakes.be_hostile(part);
        let found = scene.search(&wanted(fixture, "Ember Railway")).unwrap();
        found.iter().for_each(assert_is_harmless);
        assert!(!found.is_empty(), "{}: part {part} hides what is good", fixture.name);
        scene.found(fixture);
    }
}

/// Whatever was answered, this is what others may be given.
fn assert_is_harmless(offer: &RemoteOffer) {
    let TagSet { title, artists, album, album_artists, genres, .. } = &offer.tags;
    let texts = title.iter().chain(artists).chain(album).chain(album_artists).chain(genres);
    for text in texts.chain([&offer.id, &offer.file_name]) {
        assert!(text.chars().count() <= 1000, "{} letters", text.chars().count());
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
    let steps = || offer.id.split(['/', '\\']);
    assert!(
        !offer.id.is_empty() && !offer.id.starts_with('/') && !steps().any(|step| step == ".."),
        "{}",
        offer.id
    );
    assert!(!offer.file_name.contains(['/', '\\']) && offer.file_name != "..", "{}", offer.file_name);
    assert!(artists.len() <= 16 && offer.rights.allow_a_copy());
    assert!(offer.page.iter().all(|page| page.starts_with("http")));
}

fn secrets_are_not_shown(fixture: &Fixture) {
    let Some(secret) = fixture.secret else { return };
    let scene = scene(fixture);
    let folder = tempfile::tempdir().unwrap();
    let offer = scene.found(fixture);
    let mut shown =
        vec![format!("{offer:?}"), format!("{:?}", scene.fetch(&offer, &folder.path().join("a")))];
    for trouble in
        [HttpTrouble::Status(500), HttpTrouble::Page, HttpTrouble::LeadsTo("http://127.0.0.1/".to_owned())]
    {
        let scene = self::scene(fixture);
        let tries = if matches!(trouble, HttpTrouble::LeadsTo(_)) { 1 } else { 4 };
        scene.spoil(fixture.search, tries, &trouble);
        shown.push(format!("{:?}", scene.search(&wanted(fixture, "Ember Railway"))));
        scene.found(fixture);
        scene.spoil(fixture.file, 8, &trouble);
        shown.push(format!("{:?}", scene.fetch(&offer, &folder.path().join("b"))));
        shown.extend(scene.memory.names());
        shown.push(scene.memory.within.everything());
        for left in std::fs::read_dir(folder.path()).unwrap() {
            shown.push(String::from_utf8_lossy(&std::fs::read(left.unwrap().path()).unwrap()).into_owned());
        }
    }
    assert!(scene.fakes.server().asked().iter().any(|asked| asked.contains(secret)), "it is used");
    for text in shown {
        assert!(!text.contains(secret), "{}: {}", fixture.name, text.chars().take(400).collect::<String>());
    }
}

/// A memory in which time can pass, and that knows under which names it was used.
#[derive(Default)]
struct Aging {
    within: MemoryOnly,
    is_old: AtomicBool,
    names: std::sync::Mutex<Vec<String>>,
}

impl Aging {
    /// Everything that is kept is two months old from now on.
    fn age(&self) {
        self.is_old.store(true, Ordering::SeqCst);
    }

    fn names(&self) -> Vec<String> {
        self.names.lock().unwrap().clone()
    }
}

impl ServiceMemory for Aging {
    fn take_turn(&self, line: &str, now_ms: i64, gap_ms: i64) -> Result<i64, Fault> {
        self.within.take_turn(line, now_ms, gap_ms)
    }

    fn hold(&self, line: &str, name: &str) -> Result<Option<Hold>, Fault> {
        self.within.hold(line, name)
    }

    fn standing(&self, line: &str) -> Result<Option<Standing>, Fault> {
        self.within.standing(line)
    }

    fn standings(&self) -> Result<Vec<Standing>, Fault> {
        self.within.standings()
    }

    fn went_well(&self, line: &str, now_ms: i64) -> Result<(), Fault> {
        self.within.went_well(line, now_ms)
    }

    /// Failures are not counted, so that each test begins with a good name.
    fn went_wrong(&self, line: &str, _now_ms: i64, _not_before: i64, reason: &str) -> Result<(), Fault> {
        self.names.lock().unwrap().push(format!("{line} {reason}"));
        Ok(())
    }

    fn incidents(&self, most: usize) -> Result<Vec<Incident>, Fault> {
        self.within.incidents(most)
    }

    fn answer(&self, key: &str) -> Result<Option<KeptAnswer>, Fault> {
        self.names.lock().unwrap().push(key.to_owned());
        let months = if self.is_old.load(Ordering::SeqCst) { 2 } else { 0 };
        let answer = self.within.answer(key)?;
        Ok(answer
            .map(|answer| KeptAnswer { at: answer.at - months * 30 * 24 * 3_600_000 - months, ..answer }))
    }

    fn keep(&self, line: &str, key: &str, answer: &KeptAnswer) -> Result<(), Fault> {
        self.within.keep(line, key, answer)
    }

    fn note(&self, line: &str, name: &str) -> Result<Option<String>, Fault> {
        self.within.note(line, name)
    }

    fn keep_note(&self, line: &str, name: &str, value: &str) -> Result<(), Fault> {
        self.within.keep_note(line, name, value)
    }
}
