//! What every place promises that lists all it has: tried on each of them by the same tests.
//!
//! A place brings a [`Fixture`]; [`keeps_the_contract`] makes the tests of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ferrotape_domain::{Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, ListsAll, RemoteOffer, Rights};
use ferrotape_services::net::{Net, Ways};
use ferrotape_testkit::{HttpServer, HttpTrouble, MemoryOnly};
use sha2::{Digest, Sha256};

/// So often one request is sent before it is given up.
const TRIES: usize = 4;

/// A made-up server and the ways to it.
pub(crate) trait Fixture {
    /// The place, with what it takes to be let in.
    fn catalogue(&self, net: Net) -> Box<dyn Catalogue>;

    /// The place, with a wrong secret.
    fn stranger(&self, net: Net) -> Box<dyn Catalogue>;

    /// How both of them show themselves to a developer.
    fn shown(&self, net: Net) -> String;

    /// The server: it has more than two pages.
    fn server(&self) -> &HttpServer;

    /// The ids of all that it has.
    fn ids(&self) -> BTreeSet<String>;

    /// The bytes of a file.
    fn bytes(&self, id: &str) -> Vec<u8>;

    /// One track more.
    fn grow(&self);

    /// What is in the path of each request for a page of the listing.
    fn of_page(&self) -> &'static str;

    /// What is in the path of each request for a file.
    fn of_file(&self) -> &'static str;

    /// What must be seen nowhere.
    fn secrets(&self) -> Vec<String>;
}

/// A client that does not wait long, and what it remembers.
pub(crate) fn net() -> (Net, Arc<MemoryOnly>) {
    let memory = Arc::new(MemoryOnly::default());
    (net_of(&memory), memory)
}

pub(crate) fn net_of(memory: &Arc<MemoryOnly>) -> Net {
    // Servers of the user's are asked where they are; a stand-in only makes pauses short.
    let stand_in = Some("http://127.0.0.1:9".to_owned());
    let ways = Ways { stand_in, patience: Duration::from_secs(5), ..Ways::default() };
    Net::new(Arc::clone(memory) as _, &ways).unwrap()
}

pub(crate) fn whole(catalogue: &dyn Catalogue) -> &dyn ListsAll {
    match catalogue.asked() {
        Asked::Whole(lists) => lists,
        Asked::Search(_) => panic!("{} lists nothing", catalogue.name()),
    }
}

pub(crate) fn list(catalogue: &dyn Catalogue) -> Result<Vec<RemoteOffer>, Fault> {
    let mut all = Vec::new();
    whole(catalogue).list(&Cancel::default(), &mut |page| {
        all.extend(page);
        Ok(())
    })?;
    Ok(all)
}

pub(crate) fn mark(catalogue: &dyn Catalogue) -> Result<Option<String>, Fault> {
    whole(catalogue).mark(&Cancel::default())
}

pub(crate) fn fetch(catalogue: &dyn Catalogue, offer: &RemoteOffer, to: &Path) -> Result<Fetched, Fault> {
    catalogue.fetch(offer, to, &|_| {}, &Cancel::default())
}

fn ids(offers: &[RemoteOffer]) -> BTreeSet<String> {
    offers.iter().map(|offer| offer.id.clone()).collect()
}

pub(crate) fn lists_everything_once(fixture: &dyn Fixture) {
    let catalogue = fixture.catalogue(net().0);
    let offers = list(&*catalogue).unwrap();
    assert_eq!(ids(&offers), fixture.ids());
    assert_eq!(offers.len(), fixture.ids().len(), "some are listed twice");
    let again = fixture.catalogue(net().0);
    assert_eq!(list(&*again).unwrap(), offers, "another run lists something else");
    assert!(catalogue.is_own());
    for offer in &offers {
        assert!(offer.tags.title.is_some() && !offer.tags.artists.is_empty() && offer.duration.is_some());
        assert_eq!(offer.rights, Rights::Own);
        assert!(!offer.file_name.contains(['/', '\\']), "{}", offer.file_name);
    }
}

pub(crate) fn the_mark_changes_with_the_library(fixture: &dyn Fixture) {
    let (net, memory) = net();
    let before = mark(&*fixture.catalogue(net)).unwrap();
    assert!(before.is_some());
    let asked = fixture.server().requests().len();
    assert_eq!(mark(&*fixture.catalogue(net_of(&memory))).unwrap(), before, "nothing has changed");
    assert_eq!(fixture.server().requests().len(), asked + 1, "a mark costs one request");
    fixture.grow();
    let after = mark(&*fixture.catalogue(net_of(&memory))).unwrap();
    assert_ne!(after, before, "it has one more");
    assert_eq!(mark(&*fixture.catalogue(net_of(&memory))).unwrap(), after);
}

pub(crate) fn a_list_that_breaks_off_is_a_fault(fixture: impl Fn() -> Box<dyn Fixture>) {
    for trouble in [
        HttpTrouble::Status(500),
        HttpTrouble::Status(403),
        HttpTrouble::HungUp,
        HttpTrouble::CutAfter(2000),
        HttpTrouble::ShortBody,
        HttpTrouble::Page,
        HttpTrouble::Rubbish,
    ] {
        let fixture = fixture();
        let catalogue = fixture.catalogue(net().0);
        let mut pages = 0;
        let listed = whole(&*catalogue).list(&Cancel::default(), &mut |_| {
            if pages == 0 {
                (0..TRIES).for_each(|_| fixture.server().spoil(fixture.of_page(), trouble.clone()));
            }
            pages += 1;
            Ok(())
        });
        assert!(listed.is_err(), "{trouble:?} made a short list");
        assert_eq!(pages, 1, "{trouble:?}");
    }
    // What passes by is nobody's concern.
    let fixture = fixture();
    for trouble in [HttpTrouble::Status(502), HttpTrouble::CutAfter(2000), HttpTrouble::Page] {
        fixture.server().spoil(fixture.of_page(), trouble);
    }
    assert_eq!(ids(&list(&*fixture.catalogue(net().0)).unwrap()), fixture.ids());
}

/// Answers that say nothing: a list of all that there is must not end with one, nor begin.
const NOTHING_SAID: [(u16, &str); 11] = [
    (200, "{}"),
    (200, "[]"),
    (200, "null"),
    (200, r#"{"error":"x"}"#),
    (200, r#"{"subsonic-response":{}}"#),
    (200, r#"{"subsonic-response":{"version":"1.16.1","searchResult3":{}}}"#),
    (200, r#"{"subsonic-response":{"status":"ok","version":"1.16.1"}}"#),
    (200, r#"{"Items":[]}"#),
    (200, r#"{"TotalRecordCount":0}"#),
    (404, "<html>maintenance</html>"),
    (404, "{}"),
];

pub(crate) fn what_says_nothing_is_no_page(fixture: &dyn Fixture) {
    for (status, body) in NOTHING_SAID {
        let nonsense = || HttpTrouble::Says(status, body);
        let catalogue = fixture.catalogue(net().0);
        let mut pages = 0;
        let listed = whole(&*catalogue).list(&Cancel::default(), &mut |_| {
            if pages == 0 {
                fixture.server().spoil(fixture.of_page(), nonsense());
            }
            pages += 1;
            Ok(())
        });
        assert!(listed.is_err() && pages == 1, "{status} {body} made a short list");
        // Whoever can be asked in another way may still have it all.
        fixture.server().spoil(fixture.of_page(), nonsense());
        if let Ok(all) = list(&*fixture.catalogue(net().0)) {
            assert_eq!(ids(&all), fixture.ids(), "{status} {body}");
        }
    }
}

pub(crate) fn a_caller_that_has_enough_ends_the_list(fixture: &dyn Fixture) {
    let catalogue = fixture.catalogue(net().0);
    let cancel = Cancel::default();
    let mut pages = 0;
    let listed = whole(&*catalogue).list(&cancel, &mut |_| {
        pages += 1;
        cancel.stop();
        Ok(())
    });
    assert!(listed.is_err() && pages == 1, "stopped, and yet {pages} pages");
    let fault = Fault { source: "disk".into(), kind: FaultKind::NeedsUser, reason: "full".into() };
    let listed = whole(&*catalogue).list(&Cancel::default(), &mut |_| Err(fault.clone()));
    assert_eq!(listed, Err(fault), "the caller's own fault comes back");
    let to = tempfile::tempdir().unwrap();
    let offer = &list(&*catalogue).unwrap()[0];
    assert!(catalogue.fetch(offer, &to.path().join("a.mp3"), &|_| {}, &cancel).is_err());
}

pub(crate) fn files_come_as_they_are(fixture: &dyn Fixture) {
    let catalogue = fixture.catalogue(net().0);
    let offers = list(&*catalogue).unwrap();
    let to = tempfile::tempdir().unwrap();
    for offer in [&offers[0], &offers[offers.len() / 2], &offers[offers.len() - 1]] {
        let (path, came) = (to.path().join(&offer.file_name), AtomicU64::new(0));
        let add = |bytes| {
            came.fetch_add(bytes, Ordering::Relaxed);
        };
        let fetched = catalogue.fetch(offer, &path, &add, &Cancel::default()).unwrap();
        let original = fixture.bytes(&offer.id);
        assert_eq!(fs::read(&path).unwrap(), original);
        let sha256: String = Sha256::digest(&original).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((fetched.bytes, fetched.sha256), (original.len() as u64, sha256));
        assert_eq!(came.into_inner(), original.len() as u64);
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(fs::read_dir(to.path()).unwrap().count(), 0, "something lies beside the files");
    let gone = RemoteOffer { id: "never-was".to_owned(), ..offers[0].clone() };
    let fault = fetch(&*catalogue, &gone, &to.path().join("gone.mp3")).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Permanent, "{fault}");
}

pub(crate) fn a_file_that_breaks_off_is_gone_on_with(fixture: &dyn Fixture) {
    let (net, memory) = net();
    let catalogue = fixture.catalogue(net);
    let offer = &list(&*catalogue).unwrap()[1];
    let to = tempfile::tempdir().unwrap();
    let path = to.path().join("a.mp3");
    fixture.server().spoil(fixture.of_file(), HttpTrouble::CutAfter(7000));
    fetch(&*catalogue, offer, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), fixture.bytes(&offer.id));
    let ranges = || -> Vec<String> {
        let requests = fixture.server().requests();
        requests.iter().filter_map(|request| request.header("range").map(str::to_owned)).collect()
    };
    assert_eq!(ranges(), ["bytes=7000-"]);
    // Another run goes on where this one was ended.
    fs::remove_file(&path).unwrap();
    let cancel = Cancel::default();
    fixture.server().spoil(fixture.of_file(), HttpTrouble::Drops(4000, Duration::from_millis(20)));
    let came = AtomicU64::new(0);
    let stop = |bytes| {
        if came.fetch_add(bytes, Ordering::Relaxed) + bytes > 8000 {
            cancel.stop();
        }
    };
    assert!(catalogue.fetch(offer, &path, &stop, &cancel).is_err());
    assert!(!path.exists());
    fetch(&*fixture.catalogue(net_of(&memory)), offer, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), fixture.bytes(&offer.id));
    assert_eq!(ranges().len(), 2, "it began anew");
}

pub(crate) fn a_page_is_no_file(fixture: &dyn Fixture) {
    let catalogue = fixture.catalogue(net().0);
    let offer = &list(&*catalogue).unwrap()[0];
    let to = tempfile::tempdir().unwrap();
    let path = to.path().join("a.mp3");
    fixture.server().spoil(fixture.of_file(), HttpTrouble::Page);
    assert!(fetch(&*catalogue, offer, &path).is_err());
    assert!(!path.exists());
    // A byte too few or another file is none either.
    let other = RemoteOffer { size: Some(1234), ..offer.clone() };
    assert!(fetch(&*catalogue, &other, &path).is_err());
    assert!(!path.exists());
    fetch(&*catalogue, offer, &path).unwrap();
}

pub(crate) fn who_is_not_let_in_is_told_what_to_do(fixture: &dyn Fixture) {
    let known = fixture.catalogue(net().0);
    let offer = &list(&*known).unwrap()[0];
    let stranger = fixture.stranger(net().0);
    let to = tempfile::tempdir().unwrap();
    let faults = [
        mark(&*stranger).map(drop).unwrap_err(),
        list(&*stranger).map(drop).unwrap_err(),
        fetch(&*stranger, offer, &to.path().join("a.mp3")).map(drop).unwrap_err(),
    ];
    for fault in faults {
        assert_eq!(fault.kind, FaultKind::NeedsUser, "{fault}");
        assert_eq!(fault.source, stranger.name());
        assert!(fault.reason.contains(&fixture.server().address()), "which server? {fault}");
        let says_what_to_do =
            ["correct", "enter", "make a new one"].iter().any(|word| fault.reason.contains(word));
        assert!(says_what_to_do, "{fault}");
    }
}

pub(crate) fn secrets_are_seen_nowhere(fixture: &dyn Fixture) {
    let (net, memory) = net();
    let to = tempfile::tempdir().unwrap();
    let path = to.path().join("a.mp3");
    let mut seen = vec![fixture.shown(net.clone())];
    let (known, stranger) = (fixture.catalogue(net.clone()), fixture.stranger(net));
    let offers = list(&*known).unwrap();
    seen.push(format!("{:?} {:?}", &offers[..3], mark(&*known)));
    seen.push(format!("{:?}", fetch(&*known, &offers[0], &path)));
    for trouble in
        [HttpTrouble::Page, HttpTrouble::Status(404), HttpTrouble::Status(403), HttpTrouble::Rubbish]
    {
        fixture.server().spoil(fixture.of_page(), trouble.clone());
        fixture.server().spoil(fixture.of_file(), trouble);
        seen.push(format!("{:?}", list(&*known).map(|all| all.len())));
        seen.push(format!("{:?}", fetch(&*known, &offers[1], &path)));
    }
    fixture.server().spoil(fixture.of_file(), HttpTrouble::Drops(2000, Duration::from_millis(50)));
    let cancel = Cancel::default();
    drop(known.fetch(&offers[2], &path, &|_| cancel.stop(), &cancel));
    for entry in fs::read_dir(to.path()).unwrap() {
        seen.push(String::from_utf8_lossy(&fs::read(entry.unwrap().path()).unwrap()).into_owned());
    }
    assert!(to.path().join("a.mp3.partial.json").exists(), "nothing was left half done to look at");
    seen.push(format!("{:?} {:?}", mark(&*stranger), list(&*stranger).map(|all| all.len())));
    seen.push(format!("{memory:?}"));
    for secret in fixture.secrets() {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        for text in &seen {
            assert!(!text.contains(&secret) && !text.contains(&hex), "a secret is seen: {text}");
        }
    }
}

/// The tests of one place; the fixture is made anew for each.
macro_rules! keeps_the_contract {
    ($name:ident, $fixture:expr) => {
        mod $name {
            use super::*;
            use crate::catalogue_contract as contract;

            #[test]
            fn lists_everything_once() {
                contract::lists_everything_once(&$fixture);
            }

            #[test]
            fn the_mark_changes_with_the_library() {
                contract::the_mark_changes_with_the_library(&$fixture);
            }

            #[test]
            fn a_list_that_breaks_off_is_a_fault() {
                contract::a_list_that_breaks_off_is_a_fault(|| Box::new($fixture));
            }

            #[test]
            fn what_says_nothing_is_no_page() {
                contract::what_says_nothing_is_no_page(&$fixture);
            }

            #[test]
            fn a_caller_that_has_enough_ends_the_list() {
                contract::a_caller_that_has_enough_ends_the_list(&$fixture);
            }

            #[test]
            fn files_come_as_they_are() {
                contract::files_come_as_they_are(&$fixture);
            }

            #[test]
            fn a_file_that_breaks_off_is_gone_on_with() {
                contract::a_file_that_breaks_off_is_gone_on_with(&$fixture);
            }

            #[test]
            fn a_page_is_no_file() {
                contract::a_page_is_no_file(&$fixture);
            }

            #[test]
            fn who_is_not_let_in_is_told_what_to_do() {
                contract::who_is_not_let_in_is_told_what_to_do(&$fixture);
            }

            #[test]
            fn secrets_are_seen_nowhere() {
                contract::secrets_are_seen_nowhere(&$fixture);
            }
        }
    };
}
pub(crate) use keeps_the_contract;
